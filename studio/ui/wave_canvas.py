"""The picture of a wave: what is in view of a take, the playhead and the marked stretch over it."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.ui import theme as look
from studio.ui import wording
from studio.ui.glide import Glide
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_paint import WaveContent, paint_wave, wave_area

ZOOM_STEP = 1.6


class WaveCanvas(QWidget):
    """Draws from the pyramid in memory. The still picture is kept as a pixmap; what moves is drawn over it."""

    scale_changed = Signal(object)  # TimeScale, as it is drawn
    selected = Signal(object)  # Selection | None, while it is being made

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: WaveContent | None = None
        self._message = ""
        self._scale = self._shown = TimeScale.whole(1.0, 1)  # where it is going, and where it is on the way
        self._glide = Glide(self)
        self._glide.moved.connect(self._show)
        self._playhead = 0.0
        self._selection: Selection | None = None
        self._picture = QPixmap()
        self._stale = True
        self.setMinimumHeight(120)
        self.setAccessibleName("Waveform")
        theme.changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        """Qt: the height that it likes."""
        return QSize(600, 168)

    @property
    def scale(self) -> TimeScale:
        """What is in view, or will be in a moment."""
        return self._scale

    @property
    def selection(self) -> Selection | None:
        """The marked stretch."""
        return self._selection

    def show_content(self, content: WaveContent | None, message: str = "", *, same: bool = False) -> None:
        """Draw another take, all of it in view, or the `same` one, with the view and what is marked as they are.

        Without content, `message` says why there is nothing.
        """
        self._content, self._message = content, message
        if not same:
            self._playhead = 0.0
            self.select(None)
            self.show_scale(TimeScale.whole(content.peaks.duration_s if content else 1.0, self.width()))
        self._describe()
        self._make_stale()

    def set_playhead(self, second: float, *, follow: bool) -> None:
        """Move the playhead; `follow` turns the page where it runs out of view."""
        for at in (self._playhead, second):
            self.update(QRect(int(self._shown.x(at)) - 7, 0, 15, self.height()))
        self._playhead = second
        if follow:
            self.show_scale(self._scale.following(second))

    def select(self, selection: Selection | None) -> None:
        """Mark a stretch, or none."""
        if selection != self._selection:
            self._selection = selection
            self._describe()
            self.selected.emit(selection)
            self.update()

    def show_span(self, start: float, end: float) -> None:
        """Bring a stretch into view, close enough to read it."""
        self.show_scale(self._scale.showing(start, end))

    def hold_span(self, start: float, end: float) -> None:
        """Have a stretch in view without changing the zoom."""
        self.show_scale(self._scale.holding(start, end))

    def show_all(self) -> None:
        """All of the episode."""
        self._go(TimeScale.whole(self._scale.duration, self.width()))

    def show_selection(self) -> None:
        """The marked stretch, from edge to edge."""
        if self._selection is not None:
            margin = 0.04 * self._selection.length_s
            start, end = self._selection.start_s - margin, self._selection.end_s + margin
            self._go(TimeScale.spanning(self._scale.duration, self.width(), start, end))

    def go_to(self, start: float) -> None:
        """Show what begins at `start` without changing the zoom."""
        self.show_scale(self._scale.moved(start - self._scale.start))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Closer by `factor` at pixel `x`; at the playhead, or the middle, where no pixel is given."""
        if x is None:
            x = self._scale.x(self._playhead)
            x = x if 0 <= x <= self.width() else self.width() / 2
        self._go(self._scale.zoomed(x, factor))

    def zoom_in(self) -> None:
        """A step closer."""
        self.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.zoom(1 / ZOOM_STEP)

    def show_scale(self, scale: TimeScale) -> None:
        """Show exactly this, at once."""
        self._glide.stop()
        self._scale = scale
        self._show(scale)

    def redraw(self) -> None:
        """Make the picture anew, now."""
        self._make_stale()
        self.repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw what is asked for."""
        painter = QPainter(self)
        if self._content is None:
            self._paint_message(painter)
            return
        if self._stale:
            self._draw(self._content)
        ratio = self._picture.devicePixelRatio()
        rect = event.rect()
        source = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        painter.drawPixmap(QRectF(rect), self._picture, source)
        self._paint_selection(painter)
        self._paint_playhead(painter)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Qt: another size."""
        self.show_scale(self._scale.resized(self.width()))
        self._make_stale()

    def _go(self, scale: TimeScale) -> None:
        self._scale = scale
        self._glide.go(self._shown, scale)

    def _show(self, scale: TimeScale) -> None:
        if scale != self._shown:
            self._shown = scale
            self.scale_changed.emit(scale)
            self._make_stale()

    def _make_stale(self) -> None:
        self._stale = True
        self.update()

    def _describe(self) -> None:
        if self._content is None:
            self.setAccessibleDescription(self._message)
        else:
            marked = f"; marked: {self._selection.said(self._content.words)}" if self._selection else ""
            self.setAccessibleDescription(f"{_described(self._content)}{marked}")

    def _draw(self, content: WaveContent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture.size() != self.size() * ratio or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
        painter = QPainter(self._picture)
        area = wave_area(self.width(), self.height())
        panel = self._theme.colour("panel")
        painter.fillRect(QRectF(0, 0, self.width(), area.top()), panel)
        painter.fillRect(QRectF(0, area.bottom(), self.width(), self.height() - area.bottom()), panel)
        paint_wave(painter, self._theme, content, self._shown, area)
        painter.end()
        self._stale = False

    def _paint_selection(self, painter: QPainter) -> None:
        area = wave_area(self.width(), self.height())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), look.RADIUS, look.RADIUS)
        if self._selection is None:
            return
        left, right = self._shown.x(self._selection.start_s), self._shown.x(self._selection.end_s)
        box = QRectF(left, area.top(), right - left, area.height()).intersected(area)
        painter.fillRect(box, self._theme.colour("accent", 56))
        for edge in (left, right):
            if 0 <= edge <= self.width():
                painter.fillRect(QRectF(round(edge) - 1, 4, 2, area.bottom() - 4), self._theme.colour("accent"))

    def _paint_playhead(self, painter: QPainter) -> None:
        x = round(self._shown.x(self._playhead))
        area = wave_area(self.width(), self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("text"), 2))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("text"))
        painter.drawPolygon([QPointF(x - 5, area.top()), QPointF(x + 5, area.top()), QPointF(x, area.top() + 6)])

    def _paint_message(self, painter: QPainter) -> None:
        area = wave_area(self.width(), self.height()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(self._theme.colour("background"))
        painter.drawRoundedRect(area, look.RADIUS, look.RADIUS)
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(look.font(look.SECONDARY))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)


def _described(content: WaveContent) -> str:
    found, chapters = len(content.places), len(content.chapters)
    marked = f"{wording.count_of(found, 'suspect place')}, {wording.count_of(chapters, 'chapter')}"
    return f"{wording.length(content.peaks.duration_s)} long; {marked}; the list of marks names them"
