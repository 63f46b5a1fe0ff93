"""What the marks of a control chart mean."""

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.ui import theme as look
from studio.ui.theme import Theme

_GLYPH = 16
_GAP = 5
_APART = 18
_ENTRIES: Final = (
    ("point", "an episode", "In the order in which they were checked; a click shows the episode"),
    ("baseline", "learned from", "The episodes that say what is usual; this stays as it is"),
    ("limits", "limits", "Three standard deviations from what is usual: wider for a short episode"),
    ("average", "moving average", "What the last episodes come to, the newest counting most (weight 0.2)"),
    ("drift", "drift", "The moving average has left its own limits (2.86 standard deviations): a change that stays"),
    ("well", "for the better", "A drift to where quality is better"),
    ("alone", "stands out", "A single episode beyond the limits"),
    ("hint", "hint", "A rule of Western Electric: worth a look, but chance does this once in 90 episodes"),
)


class Legend(QWidget):
    """What a chart shows, in one line; what there is no room for stands in the tool tip all the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: tuple[tuple[str, str, str], ...] = ()
        self._draws: dict[str, Callable[[QPainter, QRectF], None]] = {
            "point": self._point,
            "baseline": self._baseline,
            "limits": self._limits,
            "average": self._average,
            "drift": self._drift,
            "well": self._well,
            "alone": self._alone,
            "hint": self._hint,
        }
        self.setFont(look.font(look.SMALL))
        self.setFixedHeight(20)
        theme.changed.connect(self.update)

    def show_kinds(self, kinds: Collection[str]) -> None:
        """Explain these, and nothing that the chart does not show."""
        self._entries = tuple(entry for entry in _ENTRIES if entry[0] in kinds)
        self.setToolTip("\n".join(f"{word}: {meaning}" for _, word, meaning in self._entries))
        self.setAccessibleName(". ".join(f"{word}: {meaning}" for _, word, meaning in self._entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: all of it."""
        return QSize(sum(self._width(word) for _, word, _ in self._entries), 20)

    def minimumSizeHint(self) -> QSize:
        """Qt: as much as there is room for."""
        return QSize(80, 20)

    def _width(self, word: str) -> int:
        return _GLYPH + _GAP + self.fontMetrics().horizontalAdvance(word) + _APART

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: a glyph and a word each."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        for kind, word, _ in self._entries:
            if left + self._width(word) - _APART > self.width():
                break
            self._draws[kind](painter, QRectF(left, 2, _GLYPH, self.height() - 4))
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(
                QRectF(left + _GLYPH + _GAP, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, word
            )
            left += self._width(word)

    def _point(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("wave"))
        painter.drawEllipse(room.center(), 3, 3)

    def _baseline(self, painter: QPainter, room: QRectF) -> None:
        painter.fillRect(room.adjusted(1, 2, -1, -2), self._theme.colour("accent", 60))

    def _limits(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(QPen(self._theme.colour("look"), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y()))

    def _average(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(QPen(self._theme.colour("accent"), 1.8))
        painter.drawLine(QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y()))

    def _drift(self, painter: QPainter, room: QRectF) -> None:
        self._shape(painter, room, "bad", ((-5, -4), (5, -4), (0, 5)))

    def _well(self, painter: QPainter, room: QRectF) -> None:
        self._shape(painter, room, "good", ((-5, 4), (5, 4), (0, -5)))

    def _alone(self, painter: QPainter, room: QRectF) -> None:
        self._shape(painter, room, "look", ((0, -6), (6, 0), (0, 6), (-6, 0)))

    def _hint(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(QPen(self._theme.colour("info"), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(room.center(), 4.5, 4.5)

    def _shape(self, painter: QPainter, room: QRectF, tone: str, corners: tuple[tuple[int, int], ...]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(tone))
        painter.drawPolygon(QPolygonF([room.center() + QPointF(*corner) for corner in corners]))
