"""Bars on axes, drawn by pyqtgraph, which is loaded when the first plot is shown: it takes longer than the window."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import label
from studio.ui.slices import FRAME_S
from studio.ui.theme import Theme

LABEL = 76  # room for one label under an axis
NAMES = 168  # room for names beside it
BAR = 0.72  # of the room that each has
HIGH = 230
_BESIDE, _UNDER = 10, 8  # pixels between an axis and its labels, and around them
FEWEST = 5  # bars across that there is room for at least, so that one alone is no wall


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of bars: a token of the theme, how solid it is (0 to 255), and a value for each place."""

    name: str
    colour: str
    values: tuple[float, ...]
    alpha: int = 255


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars stacked at each place, upwards, or to the right where they are `across`.

    `tips` says in words what stands at each place, `scale` what a value is called, `step` the units that steps are
    taken in (1,000,000 for dollars), `about` what the whole shows.
    """

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    tips: tuple[str, ...]
    scale: Callable[[float], str]
    step: float
    about: str
    across: bool = False

    @property
    def top(self) -> float:
        """The longest stack."""
        return max((sum(values) for values in zip(*(each.values for each in self.series), strict=True)), default=0.0)


async def loaded() -> Any:
    """pyqtgraph, loaded on another thread, so that the window goes on."""
    return await asyncio.to_thread(_load)


def _load() -> Any:
    import pyqtgraph

    pyqtgraph.setConfigOptions(exitCleanup=False)  # Qt's objects are ours to free
    return pyqtgraph


def steps(top: float, unit: float, most: int) -> list[float]:
    """Round values from 0 to beyond `top`, no more than `most` of them above 0."""
    if top <= 0:
        return [0.0, unit]
    rough = top / most
    power = unit * 10 ** math.floor(math.log10(rough / unit))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    return [place * step for place in range(math.ceil(top / step - 1e-9) + 1)]


class BarPlot(QWidget):
    """A plot in the theme's colours. The mouse passes through it: it scrolls the page, and asks for tool tips.

    It takes another size a frame after everything else, once. Qt paints a window at once when a scene in it changes:
    with a scene in every pass of the layout, that would be whole windows.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._theme = theme
        self._pg: Any = None
        self._plot: Any = None
        self._bars: Bars | None = None
        self._lines: list[Any] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._waits = label("Drawing…", "muted")
        self._waits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self._waits)
        self._fitted = QTimer(self, singleShot=True, interval=round(1000 * FRAME_S))
        self._fitted.timeout.connect(self._fit)
        theme.changed.connect(self._draw)

    def sizeHint(self) -> QSize:
        """Qt: wide and low."""
        return QSize(480, HIGH)

    def minimumSizeHint(self) -> QSize:
        """Qt: enough for the axes."""
        return QSize(320, HIGH)

    def begin(self, pg: Any) -> None:
        """Draw from now on: the library is there."""
        self._pg = pg
        self._plot = plot = pg.PlotWidget(self, enableMenu=False)
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for part in (plot, plot.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.getPlotItem().layout.setContentsMargins(0, look.S, look.L * 2, 0)  # for labels at the ends
        self._waits.hide()
        plot.setGeometry(self.rect())
        plot.show()
        self._draw()

    def show_bars(self, bars: Bars) -> None:
        """Draw these; nothing is drawn anew where they are there already."""
        self.setAccessibleDescription(bars.about)
        before, self._bars = self._bars, bars
        drawn = before is not None and (before.labels, before.series) == (bars.labels, bars.series)
        if not drawn:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: as many labels as there is room for."""
        super().resizeEvent(event)
        if not self._fitted.isActive():
            self._fitted.start()

    def event(self, event: QEvent) -> bool:
        """Qt: the words of the place under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._plot is not None:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """The words of the place at a point of this widget; empty beside the bars."""
        bars = self._bars
        if bars is None or self._plot is None:
            return ""
        inner = self._plot.mapFrom(self, at.toPoint())
        view = self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(inner))
        place = round(view.y() if bars.across else view.x())
        return bars.tips[place] if 0 <= place < len(bars.tips) else ""

    def _draw(self) -> None:
        plot, bars = self._plot, self._bars
        if plot is None:
            return
        colour = self._theme.colour
        plot.setBackground(colour("raised"))
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(QPen(colour("line")))
            axis.setTextPen(QPen(colour("muted")))
            axis.setStyle(tickLength=0, tickFont=look.font(look.SMALL), hideOverlappingLabels=False)
        plot.clear()
        self._lines = []
        if bars is None:
            return
        bases = [0.0] * len(bars.labels)
        places = list(range(len(bars.labels)))
        for each in bars.series:
            pen = QPen(Qt.PenStyle.NoPen)
            brush = colour(each.colour, each.alpha)
            if bars.across:
                made = {"x0": list(bases), "width": each.values, "y": places, "height": BAR}
            else:
                made = {"x": places, "width": BAR, "y0": list(bases), "height": each.values}
            plot.addItem(self._pg.BarGraphItem(**made, pen=pen, brush=brush))
            bases = [base + value for base, value in zip(bases, each.values, strict=True)]
        self._label_axes()

    def _fit(self) -> None:
        if self._plot is not None:
            self._plot.setGeometry(self.rect())
            self._label_axes()

    def _label_axes(self) -> None:
        plot, bars = self._plot, self._bars
        if plot is None or bars is None:
            return
        values, names = plot.getAxis("left"), plot.getAxis("bottom")
        if bars.across:
            values, names = names, values
        room = self.width() - NAMES if bars.across else self.height()
        marks = steps(bars.top, bars.step, max(2, int(room / (LABEL * 1.3 if bars.across else 44))))
        values.setTicks([[(mark, bars.scale(mark)) for mark in marks]])
        self._rule(marks[1:], across=bars.across)
        count = max(FEWEST, len(bars.labels)) if bars.across else len(bars.labels)
        view = plot.getViewBox()
        view.invertY(bars.across)
        named = range(len(bars.labels)) if bars.across else self._spaced(count)
        names.setTicks([[(place, self._elided(bars.labels[place])) for place in named]])
        # An axis would measure its labels while it paints; then everything is laid out and painted once more.
        metrics = QFontMetrics(look.font(look.SMALL))
        widest = max(metrics.horizontalAdvance(bars.scale(mark)) for mark in marks)
        plot.getAxis("left").setWidth(NAMES if bars.across else widest + _BESIDE)
        plot.getAxis("bottom").setHeight(metrics.height() + _UNDER)
        along, up = (-0.6, count - 0.4), (0.0, marks[-1] * 1.02)
        if bars.across:
            view.setRange(xRange=up, yRange=along, padding=0)
        else:
            view.setRange(xRange=along, yRange=up, padding=0)

    def _rule(self, marks: list[float], *, across: bool) -> None:
        """Lines behind the bars, where the axis has its marks."""
        for line in self._lines:
            self._plot.removeItem(line)
        pen = QPen(self._theme.colour("line"))
        pen.setCosmetic(True)
        self._lines = [self._pg.InfiniteLine(mark, angle=90 if across else 0, pen=pen) for mark in marks]
        for line in self._lines:
            line.setZValue(-10)
            self._plot.addItem(line, ignoreBounds=True)

    def _spaced(self, count: int) -> range:
        """The places whose labels fit side by side; the last one is always among them."""
        stride = max(1, math.ceil(count / max(1, (self.width() - LABEL) // LABEL)))
        return range((count - 1) % stride, count, stride)

    def _elided(self, name: str) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAMES - look.L)
