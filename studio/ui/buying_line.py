"""The line in the status strip that says how buying goes; pressed, it shows the whole."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.engine.events import PurchasesChanged
from studio.ui import theme as look
from studio.ui.money_words import buying_line
from studio.ui.theme import Theme, Tone

ICON = 12
GAP = 6


class BuyingLine(QAbstractButton):
    """An icon and one line, cut off with an ellipsis where there is no room. Hidden until something was bought."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone, self._icon = Tone.NEUTRAL, "audio-lines"
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(look.font(look.SMALL))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)
        self.hide()

    def show_purchases(self, now: PurchasesChanged) -> None:
        """Say how it goes."""
        words, self._tone, self._icon = buying_line(now)
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.setToolTip(words)
            self.updateGeometry()
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: the whole line."""
        return QSize(ICON + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 2, 22)

    def minimumSizeHint(self) -> QSize:
        """Qt: a few words; the rest is in the tool tip and behind the press."""
        return QSize(80, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: icon and words; underlined while it has the mouse or the keyboard."""
        painter = QPainter(self)
        tone = Tone.NEUTRAL if self._icon == "audio-lines" else self._tone
        pixmap = self._theme.pixmap(
            self._icon, Tone.GOOD if tone is Tone.NEUTRAL else tone, ICON, self.devicePixelRatioF()
        )
        painter.drawPixmap(0, (self.height() - ICON) // 2, pixmap)
        room = QRect(ICON + GAP, 0, self.width() - ICON - GAP, self.height())
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(self.font())
        painter.setPen(self._theme.colour(self._tone))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            width = self.fontMetrics().horizontalAdvance(shown)
            painter.drawLine(room.left(), self.height() - 4, room.left() + width, self.height() - 4)
