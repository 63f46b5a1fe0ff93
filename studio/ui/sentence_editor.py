"""A small editor in the panel: the sentence of a place, or how a word is spoken, and what speaking it costs."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import label
from studio.ui.wording import count_of

ASK_MS = 250  # after the last key, until the price is asked for
_LINES = 6


class SentenceEditor(QFrame):
    """Return sends the text; Shift+Return is a new line; whoever opened it closes it."""

    typed = Signal(str)  # some moments after the last key
    sent = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title = label("", "strong", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * _LINES + look.L)
        self._text.installEventFilter(self)
        self._count = label("", "muted")
        self._price = label("", "muted")
        self._hint = label("", "small", wrap=True)
        self._soon = QTimer(self, singleShot=True, interval=ASK_MS)
        self._soon.timeout.connect(lambda: self.typed.emit(self.text))
        self._text.textChanged.connect(self._take_change)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M - 2, look.S, look.M - 2, look.S)
        column.setSpacing(look.XS + 2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._price)
        column.addLayout(row)
        column.addWidget(self._hint)
        self.hide()

    @property
    def text(self) -> str:
        """What stands in it."""
        return self._text.toPlainText()

    def open_with(self, title: str, text: str, *, chosen: bool = False) -> None:
        """Show `text` to be edited; `chosen` has it replaced by what is typed."""
        self._title.setText(title)
        self._text.setAccessibleName(title)
        self._text.setPlainText(text)
        if chosen:
            self._text.selectAll()
        else:
            self._text.moveCursor(QTextCursor.MoveOperation.End)
        self.show()
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_it(self) -> bool:
        """Give it up; False where it was not open."""
        was_open = not self.isHidden()
        self._soon.stop()
        self.hide()
        return was_open

    def show_escape(self, key: str) -> None:
        """The key that gives it up."""
        self._hint.setText(f"Return speaks it anew{f', {key} leaves it as it is' if key else ''}")

    def show_price(self, words: str) -> None:
        """What speaking it costs, or why it cannot be spoken."""
        self._price.setText(words)
        self._price.setToolTip(words)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: Return sends, Escape is for the window."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
                self.sent.emit(self.text)
                return True
        return False

    def _take_change(self) -> None:
        self._count.setText(count_of(len(self.text.strip()), "character"))
        self._soon.start()
