"""A line of a few numbers, small enough for a row or a card."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.theme import Theme

MOST = 200  # points; more cannot be seen


def draw_sparkline(
    painter: QPainter,
    room: QRectF,
    values: Sequence[float],
    colour: QColor,
    ends: tuple[float, float] | None = None,
    *,
    filled: bool = False,
) -> None:
    """Draw `values` from left to right; `ends` are what the bottom and the top stand for, else their own extremes.

    Where the bottom stands for nothing, the area under the line is `filled`.
    """
    if len(values) < 2:
        return
    step = max(1, len(values) // MOST)
    shown = list(values[::-step])[::-1]  # the newest is always among them
    low, high = ends or (min(shown), max(shown))
    span = high - low

    def y(value: float) -> float:
        share = (value - low) / span if span else 0.5
        return room.bottom() - room.height() * min(1.0, max(0.0, share))

    across = room.width() / (len(shown) - 1)
    line = [QPointF(room.left() + place * across, y(value)) for place, value in enumerate(shown)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if filled:
        under = QColor(colour)
        under.setAlpha(38)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(under)
        painter.drawPolygon(QPolygonF([room.bottomLeft(), *line, room.bottomRight()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.4))
    painter.drawPolyline(QPolygonF(line))
    painter.restore()


class Sparkline(QWidget):
    """The last minutes of something; `ends` are what its bottom and top stand for."""

    def __init__(self, theme: Theme, ends: tuple[float, float] | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._ends = ends
        self._values: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_values(self, values: Sequence[float], ends: tuple[float, float] | None = None) -> None:
        """The oldest first."""
        self._values = values
        self._ends = ends or self._ends
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: a strip."""
        return QSize(120, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: the ground, then the line."""
        painter = QPainter(self)
        room = QRectF(self.rect()).adjusted(1, 2, -1, -1)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        draw_sparkline(painter, room, self._values, self._theme.colour("wave"), self._ends, filled=True)
