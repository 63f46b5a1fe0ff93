"""What a control chart says in words: each signal with what to do, and the way to the episode."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, clear_layout, label
from studio.ui.slices import Slices
from studio.ui.theme import Theme, Tone
from studio.ui.wording import LEFT_TO_RIGHT, count_of

MOST = 20  # that a list is made of at most


@dataclass(frozen=True, slots=True)
class SignalWords:
    """A sentence, what to do, and the episode that the button shows; `place` is that of the point in the series."""

    sentence: str
    cure: str
    way: str
    place: int
    icon: str
    tone: Tone


class SignalList(QScrollArea):
    """Newest first."""

    asked = Signal(int)  # the place of a point

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icons: list[tuple[QLabel, SignalWords]] = []
        self._shown: tuple[Sequence[SignalWords], str, int] | None = None
        self._making = Slices(self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(look.S)
        body = QWidget()
        body.setLayout(self._column)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Signals")
        self.setWidget(body)
        theme.changed.connect(self._draw)

    def show_signals(self, signals: Sequence[SignalWords], otherwise: str, more: int = 0) -> None:
        """These, and how many earlier ones there are; or what is said where there are none."""
        if (signals, otherwise, more) == self._shown:
            return  # a card with the keyboard keeps it
        self._shown = (signals, otherwise, more)
        clear_layout(self._column)
        self._icons = []
        self._column.addStretch(1)
        self._making.begin(self._parts(signals, otherwise, more))

    def _parts(self, signals: Sequence[SignalWords], otherwise: str, more: int) -> Iterator[None]:
        """A card after the other: many in one turn would hold the window up."""
        if not signals:
            self._add(label(otherwise, "muted", wrap=True))
        for each in signals:
            self._add(self._card(each))
            yield
        if more:
            self._add(label(f"and {count_of(more, 'earlier one')}", "muted"))

    def _add(self, part: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, part)  # above what keeps them together

    def _card(self, signal: SignalWords) -> QWidget:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(look.M, 10, look.M, 10)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(look.S)
        icon = QLabel()
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._icons.append((icon, signal))
        self._draw_icon(icon, signal)
        row.addWidget(icon)
        row.addWidget(label(LEFT_TO_RIGHT + signal.sentence, wrap=True), 1)
        column.addLayout(row)
        column.addWidget(label(signal.cure, "muted", wrap=True))
        way = button(signal.way)
        way.setAccessibleName(f"{signal.way}: {signal.sentence}")
        way.clicked.connect(lambda: self.asked.emit(signal.place))
        column.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _draw(self) -> None:
        for icon, signal in self._icons:
            self._draw_icon(icon, signal)

    def _draw_icon(self, icon: QLabel, signal: SignalWords) -> None:
        icon.setPixmap(self._theme.pixmap(signal.icon, signal.tone, 16, self.devicePixelRatioF()))
