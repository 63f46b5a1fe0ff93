"""The panel at the right: what needs the user next, the measured values, the findings, the legal acts."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from studio.domain.findings import QaReport, Severity
from studio.domain.settings import Settings
from studio.engine.ports import Details
from studio.ui import guidance, record
from studio.ui import theme as look
from studio.ui.acts import Acts
from studio.ui.finding_card import FindingCard
from studio.ui.folded import Folded
from studio.ui.guidance import Guidance, Tally
from studio.ui.live import Live
from studio.ui.metrics import metrics
from studio.ui.parts import Tile, clear_layout, label
from studio.ui.places import places
from studio.ui.slices import Slices
from studio.ui.theme import Theme
from studio.ui.wording import count_of

TILES = ("Words", "Loudness on MP3", "True peak", "Length", "Voice", "Brand")
MOST_CARDS = 60  # more findings than that are one fault, and are said to be


class QaPanel(QFrame):
    """Shows one episode, or the batch while none is chosen. Decides nothing: it says what was asked for."""

    place_pressed = Signal(int)  # index of a finding

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._details: Details | None = None
        self._shown_take: tuple[int, int, object] | None = None
        self._cards: list[FindingCard] = []
        self._at = -1  # the finding that the keys are about
        self._heading = label("", "heading", wrap=True)
        self._text = label("", "muted", wrap=True)
        self._tiles = {name: Tile(theme, name) for name in TILES}
        self._tile_box = QWidget()
        self._line_means = label("", "small", wrap=True)
        self._done = label("", "muted", wrap=True)
        self._taken_off, self._let_go = Folded(theme), Folded(theme)
        self._list = QVBoxLayout()
        self._making = Slices(self)
        self._soon = QTimer(self, singleShot=True, interval=0)  # once there is room
        self._soon.timeout.connect(self._bring_into_view)
        self.acts = Acts()
        self._build()

    def show_details(
        self,
        details: Details,
        settings: Settings,
        live: Live,
        position: tuple[int, int],
        *,
        startable: bool,
    ) -> None:
        """Show an episode; the cards stay while its report is the same."""
        self._details = details
        take = (details.episode.id, details.episode.take, details.report)
        if take != self._shown_take:
            self._shown_take = take
            self.acts.close_fields()
            self._show_report(details, settings)
        self._say(guidance.of_episode(details, live, position, startable=startable))
        self.acts.show_details(details)

    def show_batch(self, tally: Tally) -> None:
        """Show how the batch stands."""
        self._details, self._shown_take = None, None
        self.acts.close_fields()
        self._clear_cards()
        self._hide_numbers()
        self._say(guidance.of_batch(tally))
        self.acts.show_details(None)

    def choose_place(self, index: int) -> None:
        """Mark the card of a finding, and bring it into view."""
        self._at = index
        for card in self._cards:
            card.choose(card.index == index)
        self._bring_into_view()

    def focus_first(self) -> None:
        """Bring the keyboard here."""
        target = next((card for card in self._cards if card.focusPolicy() is not Qt.FocusPolicy.NoFocus), None)
        widget = target or self.acts.first_key()
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _say(self, said: Guidance) -> None:
        self._heading.setText(said.heading)
        self._text.setText(said.text)

    def _show_report(self, details: Details, settings: Settings) -> None:
        self._clear_cards()
        self._hide_numbers()
        if details.report is None:
            return
        self._show_numbers(details, details.report, settings)
        order = [place.index for place in places(details.report)]
        rest = [index for index in range(len(details.report.findings)) if index not in order]
        self._making.begin(self._make_cards(details, details.report, (*order, *rest)[:MOST_CARDS]))

    def _make_cards(self, details: Details, report: QaReport, shown: Sequence[int]) -> Iterator[None]:
        """One after the other: sixty of them take a fifth of a second."""
        for index in shown:
            card = FindingCard(self._theme, index, report.findings[index], details.words)
            card.pressed.connect(self.place_pressed)
            self._cards.append(card)
            self._list.addWidget(card)
            if index == self._at:
                card.choose(True)
                self._soon.start()
            yield
        left = len(report.findings) - MOST_CARDS
        if left > 0:
            self._list.addWidget(label(f"and {left} more; a retake is the likely cure", "muted", wrap=True))
        if not report.findings:
            self._list.addWidget(label("The checks found nothing.", "muted"))
        elif all(finding.severity is Severity.NOTE for finding in report.findings):
            self._list.addWidget(label("Notes only: nothing here stops the episode.", "muted", wrap=True))

    def _show_numbers(self, details: Details, report: QaReport, settings: Settings) -> None:
        self._tile_box.show()
        for metric in metrics(details.episode, report, settings):
            tile = self._tiles[metric.name]
            tile.show_value(metric.value, metric.line, metric.tone, metric.tip)
            tile.show()
        for line, words in (
            (self._line_means, record.line_means(report.voice)),
            (self._done, "\n".join(record.done(details.take, details.master, settings))),
        ):
            line.setText(words)
            line.setVisible(bool(words))
        taken_off = record.deductions(report.brand)
        self._taken_off.show_lines(f"{count_of(len(taken_off), 'deduction')} by the brand file", taken_off)
        let_go = record.let_go(report.alignment.forgiven)
        self._let_go.show_lines(f"{count_of(len(let_go), 'difference')} let go", let_go)

    def _hide_numbers(self) -> None:
        for part in (
            self._tile_box,
            self._line_means,
            self._done,
            self._taken_off,
            self._let_go,
            *self._tiles.values(),
        ):
            part.hide()

    def _bring_into_view(self) -> None:
        for card in self._cards:
            if card.index == self._at:
                self._scroll.ensureWidgetVisible(card, 0, look.S)

    def _clear_cards(self) -> None:
        self._at = -1
        self._making.begin(())
        self._cards.clear()
        clear_layout(self._list)

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("panelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(look.M, look.M + 2, look.M, look.M)
        column.setSpacing(look.S)
        column.addWidget(self._heading)
        column.addWidget(self._text)
        grid = QGridLayout(self._tile_box)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setSpacing(look.S)
        for number, tile in enumerate(self._tiles.values()):
            grid.addWidget(tile, number // 2, number % 2)
        column.addWidget(self._tile_box)
        self._list.setSpacing(look.S)
        column.addLayout(self._list)
        column.addWidget(self._done)
        column.addWidget(self._line_means)
        column.addWidget(self._taken_off)
        column.addWidget(self._let_go)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("panelScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self.acts)
        self.acts.opened.connect(self._soon.start)
        self._hide_numbers()
