"""Says, over the whole window, what dropping will do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.ui import theme as look
from studio.ui.theme import Theme, Tone


class DropOverlay(QWidget):
    """Shown while something is held over the window; lets every event through to it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self._offer = ""
        self._note = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def offer(self, sentence: str, note: str) -> None:
        """Cover the window and say `sentence`, and what it costs below."""
        self._offer, self._note = sentence, note
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: a veil, a dashed frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("background", 225))
        frame = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        pen = QPen(self._theme.colour("accent"), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(self._theme.colour("accent", 16))
        painter.drawRoundedRect(frame, 14, 14)
        middle = frame.center()
        icon = self._theme.pixmap("file-plus", Tone.ACCENT, 48, self.devicePixelRatioF())
        painter.drawPixmap(int(middle.x()) - 24, int(middle.y()) - 76, icon)
        painter.setPen(self._theme.colour("text"))
        painter.setFont(look.font(20, look.SEMIBOLD))
        line = QRectF(frame.left(), middle.y() - 12, frame.width(), 30)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._offer)
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(look.font(look.TEXT))
        painter.drawText(line.translated(0, 32), Qt.AlignmentFlag.AlignCenter, self._note)
