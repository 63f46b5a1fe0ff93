"""The choosers of a drop: voice, model, brand file and budget, as they will hold for what is added."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Settings, Value, option
from studio.domain.voice import BUILTIN, ModelCard, VoiceRef
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.money_words import model_terms
from studio.ui.parts import Chooser, button, label
from studio.ui.theme import Theme
from studio.ui.wording import isolated, voice_name

AUTOMATIC: Final = "Automatic: the one for long texts"
NO_BRAND: Final = "None"
_CHOOSE: Final = "Choose a file…"
_OPENS_DIALOG: Final = "\0"  # no path


class DropTerms(QWidget):
    """Begins with the project's own. What is changed holds for the drop alone; the budget is the project's."""

    changed = Signal()

    def __init__(self, theme: Theme, desk: Desk, project: Project) -> None:
        super().__init__()
        self._theme = theme
        self._desk = desk
        self._project = project
        self._values: dict[str, Value] = {}
        self._asked = 0
        self._voice = button("")
        self._model = Chooser()
        self._brand = Chooser()
        self._budget = QDoubleSpinBox()
        self._model_box = _under("Model", self._model)
        self._build()
        self._show_voice()
        self._fill_brands(project.settings.brand)
        self._voice.clicked.connect(self._choose_voice)
        self._model.activated.connect(self._take_model)
        self._brand.activated.connect(self._take_brand)
        self._budget.valueChanged.connect(lambda _value: self.changed.emit())
        desk.voices_learned.connect(self._show_voice)

    @property
    def values(self) -> Mapping[str, Value]:
        """What differs from the project's settings."""
        return {name: value for name, value in self._values.items() if value != asdict(self._project.settings)[name]}

    @property
    def shared(self) -> str:
        """The same as an episode keeps it: JSON, or empty."""
        return json.dumps(self.values, sort_keys=True) if self.values else ""

    @property
    def settings(self) -> Settings:
        """What the drop is spoken with, where a row has nothing of its own."""
        return self._project.settings.with_values(self._values)

    @property
    def budget_usd(self) -> float:
        """The project's budget as it will be."""
        return round(self._budget.value(), 2)

    @property
    def untouched(self) -> bool:
        """Whether everything is the project's."""
        return not self.values and self.budget_usd == self._project.settings.budget_usd

    def shut(self) -> None:
        """What arrives later is for nobody."""
        self._asked += 1

    def _choose_voice(self) -> None:
        from studio.ui.voice_dialog import Purpose, VoiceDialog

        def take(values: Mapping[str, Value]) -> None:
            self._values.update(values)
            self._show_voice()
            self.changed.emit()

        about = "It holds for what is added here; the project keeps its own."
        purpose = Purpose("Voice of these episodes", about, "Use this voice", take)
        VoiceDialog(self.window(), self._theme, self._desk, self.settings, purpose).open()

    def _show_voice(self) -> None:
        words = voice_name(self.settings.voice, self._desk.voice_names)
        self._voice.setText(f"{words}…")
        self._voice.setAccessibleName(f"Voice: {words}")
        provider = VoiceRef.parse(self.settings.voice).provider
        self._model_box.setVisible(provider != BUILTIN)
        if provider != BUILTIN:
            self._asked += 1
            self._fill_models(())
            self._desk.spawn(self._load_models(provider, self._asked))

    async def _load_models(self, provider: str, asked: int) -> None:
        try:
            models = await self._desk.door().market.models(provider)
        except BatchcastError:
            return  # the estimate says why; the model that is set stays
        if asked == self._asked:
            self._fill_models(models)

    def _fill_models(self, models: Sequence[ModelCard]) -> None:
        current = self.settings.model
        self._model.clear()
        self._model.addItem(AUTOMATIC, "")
        for card in models:
            self._model.addItem(card.name, card.id)
            self._model.setItemData(self._model.count() - 1, model_terms(card), Qt.ItemDataRole.ToolTipRole)
        if current and self._model.findData(current) < 0:
            self._model.addItem(current, current)
        self._model.setCurrentIndex(self._model.findData(current))

    def _take_model(self) -> None:
        self._values["model"] = self._model.currentData()
        self.changed.emit()

    def _fill_brands(self, chosen: str) -> None:
        self._brand.clear()
        self._brand.addItem(NO_BRAND, "")
        for path in dict.fromkeys(path for path in (self._project.settings.brand, chosen) if path):
            self._brand.addItem(isolated(Path(path).name), path)
            self._brand.setItemData(self._brand.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self._brand.addItem(_CHOOSE, _OPENS_DIALOG)
        self._brand.setCurrentIndex(self._brand.findData(chosen))

    def _take_brand(self) -> None:
        if self._brand.currentData() != _OPENS_DIALOG:
            self._values["brand"] = self._brand.currentData()
            self.changed.emit()
            return
        self._fill_brands(self.settings.brand)
        dialog = QFileDialog(self.window(), "Brand file", "", "Brand files (*.toml)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_brand_file)
        dialog.open()

    def _take_brand_file(self, path: str) -> None:
        self._values["brand"] = path
        self._fill_brands(path)
        self.changed.emit()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.M)
        budget = self._budget
        budget.setRange(0, option("budget_usd").high or 0)
        budget.setSingleStep(5)
        budget.setGroupSeparatorShown(True)
        budget.setPrefix("$ ")
        budget.setSpecialValueText("No limit")
        budget.setValue(self._project.settings.budget_usd)
        budget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        budget.lineEdit().setTextMargins(10, 0, 10, 0)
        self._voice.setToolTip("Who speaks what is added here; a row of a table may name its own")
        self._voice.setStyleSheet("text-align: left; min-height: 28px;")
        self._model.setAccessibleName("Model")
        self._model.setToolTip("The vendor's model, with its price and the longest text that it takes in one request")
        self._brand.setAccessibleName("Brand file")
        self._brand.setToolTip("What the show's scripts must, should and must not say")
        budget.setToolTip("Highest spend of the whole project; it is kept in the project's settings")
        budget.setAccessibleName("Budget of the project")
        row.addWidget(_under("Voice", self._voice), 3)
        row.addWidget(self._model_box, 3)
        row.addWidget(_under("Brand file", self._brand), 2)
        row.addWidget(_under("Budget of the project", budget), 2)
        for widget in (self._voice, self._model, self._brand, budget):
            widget.setFixedHeight(30)
        for widget in (self._model, self._brand):
            widget.setMinimumWidth(90)
            widget.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)


def _under(words: str, widget: QWidget) -> QWidget:
    """A widget with its name above."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    column.addWidget(label(words, "muted"))
    column.addWidget(widget)
    return box
