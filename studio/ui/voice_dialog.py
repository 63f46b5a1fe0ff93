"""Choosing a voice: who provides it, which one, its model, and how it is to speak."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.domain.errors import BatchcastError
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings, Value
from studio.domain.voice import BUILTIN, ELEVENLABS, ModelCard, VoiceCard, VoiceRef, provider_name
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.key_row import KeyRow
from studio.ui.money_words import model_terms
from studio.ui.option_fields import Field, WheelGuard
from studio.ui.parts import Chooser, button, fit, label, reach_last
from studio.ui.setting_groups import manner_names
from studio.ui.theme import Theme
from studio.ui.voice_shelf import VoiceShelf

PROVIDERS = (BUILTIN, ELEVENLABS)
AUTOMATIC = "Batchcast picks it, so that most episodes are one request."
LONGEST = "Automatic: the one for long texts"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the voice is chosen for. `back` is called by “Use the project's voice”, which is left out without it."""

    title: str
    about: str
    accept: str
    take: Callable[[Mapping[str, Value]], None]
    back: Callable[[], None] | None = None


class VoiceDialog(QDialog):
    """Opens at once; what a provider has to say arrives later, or why it does not."""

    def __init__(self, parent: QWidget, theme: Theme, desk: Desk, settings: Settings, purpose: Purpose) -> None:
        super().__init__(parent)
        self.setWindowTitle(purpose.title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 860, 640)
        self._desk = desk
        self._settings = settings
        self._purpose = purpose
        self._asked = 0  # answers to earlier questions are passed over
        self._guard = WheelGuard(self)
        self._fields: dict[str, Field] = {}
        self._models: dict[str, ModelCard] = {}
        self._samples: dict[str, Path] = {}  # by the voice's address
        self._provider = Chooser()
        self._key = KeyRow(desk)
        self._other_key = button("API key…", "quiet")
        self._shelf = VoiceShelf(theme)
        self._model_box = QWidget()
        self._model = Chooser()
        self._terms = label("", "muted", wrap=True)
        self._form = QScrollArea()
        self._cancel, self._accept = button("Cancel"), button(purpose.accept, "primary")
        self._ways: list[QWidget] = []  # what ends it
        self._build()
        self._connect()
        self._provider.setCurrentIndex(max(0, self._provider.findData(VoiceRef.parse(settings.voice).provider)))
        self._show_provider()

    @property
    def provider(self) -> str:
        """Whose voices are shown."""
        provider: str = self._provider.currentData()
        return provider

    def accept(self) -> None:
        """Qt: hand over which voice, and everything that is decided together with it."""
        card = self._shelf.card
        if card is None:
            return
        values = {name: field.read() for name, field in self._fields.items()}
        values["voice"] = card.ref
        values["model"] = self._model.currentData() or "" if self.provider != BUILTIN else ""
        self._purpose.take(values)
        super().accept()

    def done(self, result: int) -> None:
        """Qt: whichever way it closes, nothing that arrives later is shown."""
        self._asked += 1
        self._shelf.shut()
        self._key.shut()
        super().done(result)

    def _show_provider(self) -> None:
        self._fields = {name: Field(name, getattr(self._settings, name)) for name in manner_names(self.provider)}
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, look.S, 0)
        grid.setHorizontalSpacing(look.M)
        grid.setVerticalSpacing(look.M)
        grid.setColumnStretch(0, 1)
        for row, field in enumerate(self._fields.values()):
            self._guard.guard(field)
            field.place(grid, row, 150)
        grid.setRowStretch(len(self._fields), 1)
        self._form.setWidget(body)
        reach_last(self, *self._ways)
        self._model_box.setVisible(self.provider != BUILTIN)
        self._ask()

    def _ask(self) -> None:
        self._asked += 1
        self._key.hide()
        self._other_key.hide()
        self._shelf.show_words(f"Asking {provider_name(self.provider)}…")
        self._desk.spawn(self._load(self.provider, self._asked))

    async def _load(self, provider: str, asked: int) -> None:
        market = self._desk.door().market
        try:
            if provider != BUILTIN and not await market.keys.has(provider):
                if asked == self._asked:
                    self._shelf.show_words(f"The voices of {provider_name(provider)} appear here once there is a key.")
                    self._key.ask_for(provider, there_is_one=False)
                return
            cards, models = await market.voices(provider), await market.models(provider)
        except BatchcastError as error:
            if asked == self._asked:
                self._show_failure(provider, error)
            return
        self._desk.learn_voices(cards)
        if asked == self._asked:
            self._other_key.setVisible(provider != BUILTIN)
            self._show_models(models)
            self._show_cards(provider, cards)

    def _show_failure(self, provider: str, error: BatchcastError) -> None:
        self._shelf.show_words(f"{error.message}\n\n{error.remedy}", retry=True)
        if isinstance(error, CallError) and error.trouble is Trouble.KEY:
            self._key.ask_for(provider, there_is_one=True)
        else:
            self._other_key.setVisible(provider != BUILTIN)

    def _show_cards(self, provider: str, cards: Sequence[VoiceCard]) -> None:
        ref = self._settings.voice
        current = VoiceRef.parse(ref)
        if current.provider == provider and all(card.ref != ref for card in cards):
            # A voice that was typed in by its id need not be among the account's own.
            cards = [VoiceCard(ref, current.name, "The one that is set now; not among your account's voices"), *cards]
        self._shelf.show_cards(cards, ref)

    def _show_models(self, models: Sequence[ModelCard]) -> None:
        self._models = {model.id: model for model in models}
        set_now = self._settings.model
        self._model.clear()
        self._model.addItem(LONGEST, "")
        for model in models:
            self._model.addItem(model.name, model.id)
        if set_now and set_now not in self._models:
            self._model.addItem(f"{set_now} (not in your account's list)", set_now)
        self._model.setCurrentIndex(max(0, self._model.findData(set_now)))

    def _show_terms(self) -> None:
        model = self._models.get(self._model.currentData())
        self._terms.setText(model_terms(model) if model else AUTOMATIC)

    async def _fetch_sample(self, card: VoiceCard, asked: int) -> None:
        try:
            sample = self._samples.get(card.ref) or await self._desk.door().market.sample(card)
        except BatchcastError as error:
            if asked == self._asked and card == self._shelf.card:
                self._shelf.say(str(error))
            return
        self._samples[card.ref] = sample
        if asked == self._asked:
            self._shelf.play(card, sample)

    def _use_the_projects(self) -> None:
        if self._purpose.back is not None:
            self._purpose.back()
        self.reject()

    def _connect(self) -> None:
        self._provider.currentIndexChanged.connect(self._show_provider)
        self._key.changed.connect(self._ask)
        self._other_key.clicked.connect(lambda: self._key.ask_for(self.provider, there_is_one=True))
        self._shelf.retry_asked.connect(self._ask)
        self._shelf.chosen.connect(lambda card: self._accept.setEnabled(card is not None))
        self._shelf.sample_asked.connect(lambda card: self._desk.spawn(self._fetch_sample(card, self._asked)))
        self._model.currentIndexChanged.connect(self._show_terms)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(label(self._purpose.title, "heading", wrap=True))
        head.addWidget(label(self._purpose.about, "muted", wrap=True))
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addLayout(self._left(), 1)
        middle.addLayout(self._right(), 1)
        column.addLayout(middle, 1)
        row = QHBoxLayout()
        if self._purpose.back is not None:
            back = button("Use the project's voice")
            back.clicked.connect(self._use_the_projects)
            row.addWidget(back)
            self._ways.append(back)
        row.addStretch(1)
        self._ways += [self._cancel, self._accept]
        self._cancel.clicked.connect(self.reject)
        self._accept.clicked.connect(self.accept)
        self._accept.setEnabled(False)
        self._accept.setDefault(True)
        row.addWidget(self._cancel)
        row.addWidget(self._accept)
        column.addLayout(row)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(look.S)
        for provider in PROVIDERS:
            self._provider.addItem(provider_name(provider), provider)
        self._provider.setAccessibleName("Provider")
        row = QHBoxLayout()
        row.addWidget(self._provider, 1)
        row.addWidget(self._other_key)
        column.addLayout(row)
        self._key.hide()
        column.addWidget(self._key)
        column.addWidget(self._shelf, 1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(look.M)
        lines = QVBoxLayout(self._model_box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(look.XS)
        self._model.setAccessibleName("Model")
        self._model.addItem(LONGEST, "")
        self._show_terms()
        lines.addWidget(label("Model"))
        lines.addWidget(self._model)
        lines.addWidget(self._terms)
        column.addWidget(self._model_box)
        self._form.setWidgetResizable(True)
        self._form.setFrameShape(QFrame.Shape.NoFrame)
        self._form.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._form, 1)
        return column
