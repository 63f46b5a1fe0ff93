"""What went wrong, as one list that stops nothing: every refused file with its sentence and its cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.commands import Do
from studio.ui.parts import button, clear_layout, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import LEFT_TO_RIGHT, count_of

MOST = 100
_WAYS = {Do.UNCLEAR: "Look at them…", Do.VOICE: "Voice and key…"}
HEIGHT = 168


@dataclass(frozen=True, slots=True)
class Said:
    """One line: a sentence, its cure, what it is about (may be empty), and the command that leads on."""

    message: str
    remedy: str = ""
    source: str = ""
    known: bool = False  # it is there already, which is no fault
    do: Do | None = None


class NoticeList(QFrame):
    """Stands above the table while it holds anything; newest first."""

    closed = Signal()
    asked = Signal(object)  # Do: the button of a message was pressed

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName("Messages")
        self._theme = theme
        self._said: list[Said] = []
        self._standing: dict[str, Said] = {}
        self._icons: list[tuple[QLabel, bool]] = []
        self._texts: list[tuple[QLabel, Said]] = []
        self._heading = label("", "strong")
        self._head = QWidget()
        self._head_row, self._beside = QHBoxLayout(self._head), QHBoxLayout()
        self._close = button("", "square")
        self._close.setAccessibleName("Close the messages")
        self._list = QVBoxLayout()
        self._scroll = QScrollArea()
        self._body = QWidget()
        self._build()
        self.show_key("")
        self._close.clicked.connect(self.clear)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.hide()

    def __len__(self) -> int:
        return len(self._said)

    def tell(self, said: Sequence[Said]) -> None:
        """Add messages; one that is there already is not said twice."""
        fresh = [item for item in dict.fromkeys(said) if item not in self._said]
        if fresh:
            self._said = [*fresh, *self._said]
            self._fill()
            self.show()

    def stand(self, key: str, said: Said | None) -> None:
        """Keep `said` in place of what stood under `key`, for as long as it is so; None when it is over.

        What the user has closed comes back only when it says something else.
        """
        before = self._standing.pop(key, None)
        if said is not None:
            self._standing[key] = said
        if said == before:
            return
        if before in self._said:
            self._said.remove(before)
            if not self._said and said is None:
                self.clear()
                return
            self._fill()
        if said is not None:
            self.tell([said])

    def clear(self) -> None:
        """Forget all of them."""
        self._said.clear()
        self.hide()
        self.closed.emit()

    def show_key(self, key: str) -> None:
        """The key that closes them."""
        self._close.setToolTip(f"Close ({key})" if key else "Close")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: at another width the messages are of another height."""
        if event.type() is QEvent.Type.Resize:
            self._fit()
        return False

    def _fill(self) -> None:
        clear_layout(self._list)
        self._icons.clear()
        self._texts.clear()
        self._head.setVisible(len(self._said) > 1)
        refused = sum(bool(item.source) for item in self._said)
        if refused == len(self._said):
            known = sum(item.known for item in self._said)
            there = f", {known:,} of them there already" if known else ""
            self._heading.setText(f"{count_of(refused, 'script was', 'scripts were')} not taken{there}")
        else:
            self._heading.setText(count_of(len(self._said), "message"))
        for item in self._said[:MOST]:
            self._list.addWidget(self._line(item))
        if len(self._said) > MOST:
            self._list.addWidget(label(f"and {len(self._said) - MOST} more", "muted"))
        self._place_close()
        self._draw_icons()
        self._fit()

    def _line(self, item: Said) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(look.S)
        icon = QLabel()
        self._icons.append((icon, item.known))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter if item.do else Qt.AlignmentFlag.AlignTop)
        text = label(wrap=True)
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setToolTip(item.source)
        text.setAccessibleName(f"{item.message} {item.remedy}".rstrip())
        if item.do is None:
            text.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside its icon, however many lines it takes
        self._texts.append((text, item))
        row.addWidget(text, 1)
        if item.do is not None:
            way = button(_WAYS[item.do])
            way.clicked.connect(lambda _checked=False, do=item.do: self.asked.emit(do))
            row.addWidget(way, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _place_close(self) -> None:
        """At the right of the heading, or of the only message."""
        home = self._head_row if len(self._said) > 1 else self._beside
        if home.indexOf(self._close) < 0:
            (self._beside if home is self._head_row else self._head_row).removeWidget(self._close)
            home.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)

    def _fit(self) -> None:
        """As high as the messages are at this width, up to a limit."""
        high = self._list.heightForWidth(self._scroll.viewport().width())
        self._scroll.setFixedHeight(min(HEIGHT, high if high > 0 else self._list.sizeHint().height()))

    def _draw_icons(self) -> None:
        self._close.setIcon(self._theme.icon("x"))
        for icon, known in self._icons:
            name, tone = ("info", Tone.NEUTRAL) if known else ("triangle-alert", Tone.LOOK)
            icon.setPixmap(self._theme.pixmap(name, tone, 16, self.devicePixelRatioF()))
        muted = self._theme.colour("muted").name()
        for text, item in self._texts:
            text.setText(
                f'{LEFT_TO_RIGHT}{escape(item.message)} <span style="color:{muted}">{escape(item.remedy)}</span>'
            )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.S, look.S)
        column.setSpacing(2)
        self._head_row.setContentsMargins(0, 0, 0, 0)
        self._head_row.addWidget(self._heading)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self._close)
        column.addWidget(self._head)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._body.setLayout(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        self._scroll.viewport().installEventFilter(self)
        self._beside.setSpacing(look.S)
        self._beside.addWidget(self._scroll, 1)
        column.addLayout(self._beside)
