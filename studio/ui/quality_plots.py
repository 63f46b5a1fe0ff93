"""The plots of the Quality page. Loads pyqtgraph, so it is loaded itself when that page is first shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from studio.domain.control import LEARNED
from studio.domain.histogram import Histogram
from studio.domain.measures import Line, Measure
from studio.engine.drift import Course
from studio.ui import quality_words as words
from studio.ui import theme as look
from studio.ui.quality_drawing import (
    ALONE,
    FELL,
    FELL_WELL,
    HINTED,
    ORDINARY,
    ROSE,
    ROSE_WELL,
    Drawing,
    after_baseline,
)
from studio.ui.theme import Theme

IN_VIEW: Final = 240  # points that are shown at first; the rest is to the left
NEAR: Final = 14  # pixels
MOST_SAID: Final = 20  # points that are farther out and carry their value


@dataclass(frozen=True, slots=True)
class Mark:
    """How a point looks, so that it can be told without its colour: pyqtgraph's shape, pixels, and a tone."""

    shape: str
    size: int
    tone: str
    hollow: bool = False


MARKS: Final = {
    ORDINARY: Mark("o", 6, "wave"),
    HINTED: Mark("o", 11, "info", hollow=True),
    FELL: Mark("t", 11, "bad"),
    ROSE: Mark("t1", 11, "bad"),
    FELL_WELL: Mark("t", 11, "good"),
    ROSE_WELL: Mark("t1", 11, "good"),
    ALONE: Mark("d", 13, "look"),
}


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot in the theme's colours: no menu, no buttons, no frame."""

    def __init__(self, theme: Theme, measure: Measure) -> None:
        super().__init__(axisItems={side: _Axis(side) for side in ("left", "bottom")})
        self._theme = theme
        self.measure = measure
        self.setMenuEnabled(False)
        self.hideButtons()
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the plot itself takes it, or nothing does
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.getPlotItem().getViewBox().setMouseEnabled(x=False, y=False)
        self.getPlotItem().setContentsMargins(0, 4, 8, 0)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setStyle(tickFont=look.font(look.SMALL), tickLength=0, tickTextOffset=6)

    def paint_theme(self) -> None:
        """Take the colours in force."""
        self.setBackground(self._theme.colour("raised"))
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(pg.mkPen(self._theme.colour("line")))
            self.getAxis(side).setTextPen(pg.mkPen(self._theme.colour("muted")))

    def pen(self, name: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Any:
        """A line in a colour of the theme."""
        # pyqtgraph's pens are as wide as that in pixels of the screen, however fine those are.
        return pg.mkPen(self._theme.colour(name), width=width * self.devicePixelRatioF(), style=style)

    def write(self, text: str, tone: str, place: QPointF, anchor: tuple[float, float]) -> None:
        """Words within the plot."""
        # On the ground of its tile: a bar may stand behind it.
        item = pg.TextItem(text, color=self._theme.colour(tone), anchor=anchor, fill=self._theme.colour("raised"))
        item.setFont(look.font(look.SMALL, QFont.Weight.Medium))
        item.setPos(place)
        self.addItem(item, ignoreBounds=True)


class _Axis(pg.AxisItem):  # type: ignore[misc]  # as above
    """Numbers as the rest of the window says them."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.said: Any = None  # tells (value, step) in words; None leaves the axis without any
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: N802  (its name)
        """pyqtgraph: the words at the ticks."""
        texts = [self.said(value, spacing) if self.said else "" for value in values]
        # Ticks closer than the words can tell apart would say the same thing twice.
        return [text if text not in texts[:place] else "" for place, text in enumerate(texts)]


class ControlPlot(Plot):
    """A control chart. Left and Right move the mark from point to point, Return or a click opens the episode."""

    chosen = Signal(int)  # the place of a point in the series
    marked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Measure.WORDS)
        self.setParent(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._course: Course | None = None
        self._mark: int | None = None
        self._ring = pg.ScatterPlotItem()
        self._drawing: Drawing | None = None
        theme.changed.connect(self._draw)

    def show_course(self, course: Course, drawing: Drawing) -> None:
        """Draw a series, whose shapes are given; the mark stays where it was in the same one.

        Nothing is drawn anew where everything is as it was: to draw takes a frame, and the page reads whenever it is
        shown.
        """
        if course == self._course:
            return
        same = self._course is not None and (self._course.series, self._course.measure) == (
            course.series,
            course.measure,
        )
        self._course, self._drawing, self.measure = course, drawing, course.measure
        self._mark = self._mark if same else None
        self._draw()
        count = len(course.values)
        if not same:
            self._look_at(max(0, count - IN_VIEW), count)

    def _look_at(self, first: int, last: int) -> None:
        room = 0.5 + 0.01 * (last - first)  # for half of a mark at either end
        self.setXRange(first - room, max(last, LEARNED) - 1 + room, padding=0)

    def _draw(self) -> None:
        self.clear()
        self.paint_theme()
        course, drawing = self._course, self._drawing
        if course is None or drawing is None:
            return
        self.getAxis("left").said = lambda value, step: words.tick(self.measure, value, step)
        self.getAxis("bottom").said = lambda value, _step: self._number(value)
        box = self.getPlotItem().getViewBox()
        many = len(course.values) > IN_VIEW
        box.setMouseEnabled(x=many, y=False)
        end = max(len(course.values), LEARNED)
        box.setLimits(xMin=-0.5 - 0.02 * end, xMax=end + 0.02 * end, minXRange=12)
        room = (drawing.high - drawing.low or abs(drawing.high) * 0.01 or 1.0) * 0.08
        self.setYRange(drawing.low - room, drawing.high + room, padding=0)
        self._draw_baseline()
        if course.chart.baseline is not None:
            self._draw_limits(course, drawing)
        self._draw_points(drawing)
        self._say_far(course, drawing)

    def _number(self, value: float) -> str:
        place = round(value)
        there = self._course is not None and 0 <= place < len(self._course.checks) and abs(value - place) < 1e-6
        return f"{self._course.checks[place].number:03d}" if there and self._course else ""

    def _draw_baseline(self) -> None:
        shade = pg.LinearRegionItem(
            (-0.5, LEARNED - 0.5), movable=False, brush=self._theme.colour("accent", 26), pen=pg.mkPen(None)
        )
        shade.setZValue(-20)
        self.addItem(shade, ignoreBounds=True)

    def _draw_limits(self, course: Course, drawing: Drawing) -> None:
        self.addItem(pg.InfiniteLine(words.centre(course), angle=0, pen=self.pen("muted")), ignoreBounds=True)
        edge = self.pen("look", 1.2, Qt.PenStyle.DashLine)
        for limit in drawing.limits:
            self.addItem(pg.PlotCurveItem(drawing.edges, limit, pen=edge, stepMode="center"), ignoreBounds=True)
        if len(drawing.average):
            places, line = after_baseline(drawing), self.pen("accent", 1.6)
            self.addItem(pg.PlotCurveItem(places, drawing.average, pen=line, antialias=True), ignoreBounds=True)

    def _draw_points(self, drawing: Drawing) -> None:
        line = self.pen("dim_wave", 1.0)
        self.addItem(pg.PlotCurveItem(drawing.heights, pen=line, antialias=True), ignoreBounds=True)
        for kind, at in drawing.marks.items():
            mark = MARKS[kind]
            colour = self._theme.colour(mark.tone)
            edge = pg.mkPen(colour, width=1.6) if mark.hollow else pg.mkPen(self._theme.colour("raised"), width=1)
            brush = pg.mkBrush(None if mark.hollow else colour)
            item = pg.ScatterPlotItem(
                at, drawing.heights[at], symbol=mark.shape, size=mark.size, pen=edge, brush=brush, antialias=True
            )
            item.setZValue(5)
            self.addItem(item, ignoreBounds=True)
        self._ring = pg.ScatterPlotItem(symbol="o", size=18, brush=None, pen=self.pen("text", 1.6))
        self._ring.setZValue(10)
        self.addItem(self._ring, ignoreBounds=True)
        if self._mark is not None and self._mark < len(drawing.heights):
            self._put_mark(self._mark)

    def _say_far(self, course: Course, drawing: Drawing) -> None:
        for place in drawing.far[-MOST_SAID:]:
            self.write(
                words.reading(course.measure, course.values[place]),
                "muted",
                QPointF(place, drawing.heights[place]),
                (-0.12, 0.5) if place < len(course.values) * 0.9 else (1.12, 0.5),
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: from point to point."""
        course = self._course
        if course is None or not course.values:
            super().keyPressEvent(event)
            return
        last = len(course.values) - 1
        here = last if self._mark is None else self._mark
        steps = {Qt.Key.Key_Left: here - (self._mark is not None), Qt.Key.Key_Right: here + 1, Qt.Key.Key_Home: 0}
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._mark is not None:
            self.chosen.emit(self._mark)
        elif key in steps or key is Qt.Key.Key_End:
            self._go(max(0, min(last, steps.get(key, last))))
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        self._put_mark(place)
        (low, high), _ = self.getPlotItem().getViewBox().viewRange()
        if not low <= place <= high:
            middle = (high - low) / 2
            self.setXRange(place - middle, place + middle, padding=0)
        self.marked.emit(place)

    def _put_mark(self, place: int) -> None:
        self._mark = place
        if self._drawing is not None:
            self._ring.setData([place], [self._drawing.heights[place]])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click on a point opens it."""
        super().mouseReleaseEvent(event)
        place = self.point_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and place is not None:
            self._go(place)
            self.chosen.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt: what a point under the pointer is."""
        if event.type() is QEvent.Type.ToolTip and self._course is not None:
            place = self.point_at(QPointF(event.pos()))  # type: ignore[attr-defined]  # a QHelpEvent
            if place is not None:
                QToolTip.showText(event.globalPos(), words.point_words(self._course, place), self)  # type: ignore[attr-defined]
                return True
        return bool(super().viewportEvent(event))

    def point_at(self, at: QPointF) -> int | None:
        """The point within reach of a place in the widget."""
        if self._course is None or not self._course.values:
            return None
        box = self.getPlotItem().getViewBox()
        x = box.mapSceneToView(self.mapToScene(at.toPoint())).x()
        around = {max(0, min(len(self._course.values) - 1, round(x) + step)) for step in (-1, 0, 1)}

        def distance(place: int) -> float:
            there = self.position_of(place)
            return float((there - at).manhattanLength())

        nearest = min(around, key=distance)
        return nearest if distance(nearest) <= NEAR else None

    def _height(self, place: int) -> float:
        return float(self._drawing.heights[place]) if self._drawing is not None else 0.0

    def position_of(self, place: int) -> QPointF:
        """Where a point is drawn, in the widget."""
        scene = self.getPlotItem().getViewBox().mapViewToScene(QPointF(place, self._height(place)))
        return QPointF(self.mapFromScene(scene))


class ScoreBars(Plot):
    """How many episodes lie where, and the line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Measure.WORDS)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown: tuple[Histogram, Line] | None = None
        theme.changed.connect(self._draw)

    def show_bars(self, measure: Measure, bars: Histogram, line: Line) -> None:
        """Draw bars; those on the wrong side of the line are hatched and red."""
        if (measure, bars, line) != (self.measure, *(self._shown or (None, None))):
            self.measure = measure
            self._shown = (bars, line)
            self._draw()

    def _draw(self) -> None:
        self.clear()
        self.paint_theme()
        if self._shown is None:
            return
        bars, line = self._shown
        self.getAxis("bottom").said = lambda value, step: words.tick(self.measure, value, step)
        self.getAxis("left").said = lambda value, _step: f"{value:,.0f}" if value == round(value) else ""
        for number, count in enumerate(bars.counts):
            self._bar(bars, line, number, count)
        low, high = bars.start, bars.start + bars.width * len(bars.counts)
        tallest = max(bars.counts, default=1)
        edges = [edge for edge in (line.least, line.most) if edge is not None]
        self.setXRange(min([low, *edges]), max([high, *edges]), padding=0.06)
        self.setYRange(0, tallest * 1.22, padding=0)
        for edge in edges:
            self.addItem(pg.InfiniteLine(edge, pen=self.pen("look", 1.6, Qt.PenStyle.DashLine)), ignoreBounds=True)
            left = edge > (low + high) / 2
            anchor = (1.0, 0.0) if left else (0.0, 0.0)
            self.write(f"line {words.tick(self.measure, edge, 0.01)}", "look", QPointF(edge, tallest * 1.22), anchor)

    def _bar(self, bars: Histogram, line: Line, number: int, count: int) -> None:
        if not count:
            return
        left = bars.start + number * bars.width
        kept = line.kept(left + bars.width / 2)
        colour = self._theme.colour("wave" if kept else "bad")
        brush = pg.mkBrush(colour) if kept else pg.QtGui.QBrush(colour, Qt.BrushStyle.BDiagPattern)
        shape = pg.QtWidgets.QGraphicsRectItem(QRectF(left + bars.width * 0.04, 0, bars.width * 0.92, count))
        shape.setPen(pg.mkPen(colour))
        shape.setBrush(brush)
        self.addItem(shape)
