"""The panel at the right: what needs the user next, the measured values, the findings, the legal acts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio.domain.findings import QaReport, Severity
from studio.domain.settings import Settings
from studio.engine.ports import Details
from studio.ui import guidance, record
from studio.ui import theme as look
from studio.ui.finding_card import FindingCard
from studio.ui.folded import Folded
from studio.ui.guidance import Guidance, Tally
from studio.ui.live import Live
from studio.ui.metrics import metrics
from studio.ui.parts import KeyButton, Tile, clear_layout, label
from studio.ui.permitted import Act, permitted
from studio.ui.places import places
from studio.ui.theme import Theme
from studio.ui.wording import count_of

TILES = ("Words", "Loudness on MP3", "True peak", "Length", "Voice", "Brand")
MOST_CARDS = 60  # more findings than that are one fault, and are said to be


class QaPanel(QFrame):
    """Shows one episode, or the batch while none is chosen. Decides nothing: it says what was asked for."""

    place_pressed = Signal(int)  # index of a finding
    play_asked = Signal()
    next_place_asked = Signal()
    acted = Signal(object)  # Act, other than REJECT
    rejected = Signal(str)  # the reason
    next_episode_asked = Signal()
    unclear_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._details: Details | None = None
        self._shown_take: tuple[int, int, object] | None = None
        self._cards: list[FindingCard] = []
        self._heading = label("", "heading", wrap=True)
        self._text = label("", "muted", wrap=True)
        self._tiles = {name: Tile(theme, name) for name in TILES}
        self._tile_box = QWidget()
        self._line_means = label("", "small", wrap=True)
        self._done = label("", "muted", wrap=True)
        self._taken_off, self._let_go = Folded(theme), Folded(theme)
        self._list = QVBoxLayout()
        self._reason = QLineEdit()
        self._play = KeyButton("Play place", "Space")
        self._next_place = KeyButton("Next place", "N")
        self._buttons = {
            Act.RETAKE: KeyButton("Retake", "S"),
            Act.REJECT: KeyButton("Reject", "R"),
            Act.APPROVE: KeyButton("Accept episode", "A", primary=True),
            Act.RETRY: KeyButton("Retry", "T", primary=True),
            Act.CANCEL: KeyButton("Cancel", "Del"),
            Act.EXPORT: KeyButton("Export again", "Ctrl+E"),
        }
        self._unclear = KeyButton("Look at the unclear call", "U", primary=True)
        self._next_episode = KeyButton("Next that needs you", "G")
        self._footer = QFrame()
        self._build()
        self._connect()

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
            self._close_reason()
            self._show_report(details, settings)
        self._say(guidance.of_episode(details, live, position, startable=startable))
        self._show_buttons()

    def show_batch(self, tally: Tally) -> None:
        """Show how the batch stands."""
        self._details, self._shown_take = None, None
        self._close_reason()
        self._clear_cards()
        self._hide_numbers()
        self._say(guidance.of_batch(tally))
        self._show_buttons()

    def show_others(self, count: int) -> None:
        """How many other episodes need the user."""
        self._next_episode.setVisible(count > 0)
        self._next_episode.set_words(f"{count} other{'' if count == 1 else 's'} need{'s' if count == 1 else ''} you")
        self._show_footer()

    def show_unclear(self, unclear: bool) -> None:
        """Whether a call for the shown episode waits for a decision."""
        self._unclear.setVisible(unclear)
        self._show_footer()

    def choose_place(self, index: int) -> None:
        """Mark the card of a finding, and bring it into view."""
        for card in self._cards:
            card.choose(card.index == index)
            if card.index == index:
                self._scroll.ensureWidgetVisible(card, 0, look.S)

    def ask_reason(self) -> None:
        """Open the field for the reason of a rejection."""
        if self._buttons[Act.REJECT].isVisibleTo(self):
            self._reason.show()
            self._reason.setFocus()

    def focus_first(self) -> None:
        """Bring the keyboard here."""
        target = next((card for card in self._cards if card.focusPolicy() is not Qt.FocusPolicy.NoFocus), None)
        fallback = next((key for key in self._keys() if key.isVisibleTo(self)), None)
        widget = target or fallback
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _keys(self) -> list[KeyButton]:
        return [self._play, self._next_place, *self._buttons.values(), self._unclear, self._next_episode]

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
        for index in (*order, *rest)[:MOST_CARDS]:
            card = FindingCard(self._theme, index, details.report.findings[index], details.words)
            card.pressed.connect(self.place_pressed)
            self._cards.append(card)
            self._list.addWidget(card)
        left = len(details.report.findings) - MOST_CARDS
        if left > 0:
            self._list.addWidget(label(f"and {left} more; a retake is the likely cure", "muted", wrap=True))
        if not details.report.findings:
            self._list.addWidget(label("The checks found nothing.", "muted"))
        elif all(finding.severity is Severity.NOTE for finding in details.report.findings):
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

    def _show_buttons(self) -> None:
        details = self._details
        legal = permitted(details.episode) if details else frozenset()
        for act, key in self._buttons.items():
            key.setVisible(act in legal)
        audible = details is not None and details.audio is not None and details.peaks is not None
        placed = audible and details is not None and bool(places(details.report))
        self._play.setVisible(audible)
        self._play.set_words("Play place" if placed else "Play")
        self._next_place.setVisible(placed)
        self._show_footer()

    def _show_footer(self) -> None:
        self._footer.setVisible(any(key.isVisibleTo(self._footer) for key in self._keys()))

    def _clear_cards(self) -> None:
        self._cards.clear()
        clear_layout(self._list)

    def _close_reason(self) -> None:
        self._reason.clear()
        self._reason.hide()

    def _send_reason(self) -> None:
        reason = self._reason.text().strip()
        self._close_reason()
        self.rejected.emit(reason)

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
        column.addWidget(self._line_means)
        column.addWidget(self._done)
        self._list.setSpacing(look.S)
        column.addLayout(self._list)
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
        outer.addWidget(self._footer)
        self._build_footer()
        self._hide_numbers()

    def _build_footer(self) -> None:
        self._footer.setObjectName("panelFooter")
        column = QVBoxLayout(self._footer)
        column.setContentsMargins(look.M, look.M, look.M, look.M)
        column.setSpacing(look.S)
        self._reason.setPlaceholderText("Why? Return rejects, Esc keeps it")
        self._reason.setAccessibleName("Reason for the rejection")
        column.addWidget(self._reason)
        pairs = (
            (self._play, self._next_place),
            (self._buttons[Act.RETAKE], self._buttons[Act.REJECT]),
            (self._buttons[Act.EXPORT], self._buttons[Act.CANCEL]),
        )
        for pair in pairs:
            row = QHBoxLayout()
            row.setSpacing(look.S)
            for key in pair:
                row.addWidget(key, 1)
            column.addLayout(row)
        for key in (self._buttons[Act.RETRY], self._buttons[Act.APPROVE], self._unclear, self._next_episode):
            column.addWidget(key)
        self._unclear.hide()
        self._next_episode.hide()
        self._close_reason()

    def _connect(self) -> None:
        self._play.clicked.connect(self.play_asked)
        self._next_place.clicked.connect(self.next_place_asked)
        self._unclear.clicked.connect(self.unclear_asked)
        self._next_episode.clicked.connect(self.next_episode_asked)
        for act, key in self._buttons.items():
            if act is Act.REJECT:
                key.clicked.connect(self.ask_reason)
            else:
                key.clicked.connect(lambda _checked=False, act=act: self.acted.emit(act))
        self._reason.returnPressed.connect(self._send_reason)

    def close_reason(self) -> bool:
        """Give up a rejection that was begun; False where none was."""
        open_ = self._reason.isVisibleTo(self)
        self._close_reason()
        return open_
