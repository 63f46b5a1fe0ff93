"""The large wave of the chosen episode: zoom at the pointer, drag, click to go there, double-click to hear a place."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.ui import theme as look
from studio.ui import wording
from studio.ui.places import Place
from studio.ui.theme import Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_paint import WaveContent, paint_wave, wave_area

ZOOM_STEP = 1.6
DRAG_FROM = 4  # pixels


class WaveView(QWidget):
    """Draws from the pyramid in memory. The still picture is kept as a pixmap; the playhead is drawn over it."""

    sought = Signal(float)  # seconds
    place_chosen = Signal(int)  # index of a finding
    scale_changed = Signal(object)  # TimeScale

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: WaveContent | None = None
        self._message = ""
        self._scale = TimeScale.whole(1.0, 1)
        self._playhead = 0.0
        self._picture: QPixmap | None = None
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self.setAccessibleName("Waveform")
        self.setToolTip("Scroll to zoom, drag to move, click to go there, double-click a marked place to hear it")
        theme.changed.connect(self._redraw)

    def sizeHint(self) -> QSize:
        """Qt: the height that it likes."""
        return QSize(600, 168)

    @property
    def scale(self) -> TimeScale:
        """What is in view."""
        return self._scale

    def show_content(self, content: WaveContent | None, message: str = "") -> None:
        """Draw another episode, all of it in view; without content, `message` says why there is nothing."""
        fresh = content is None or self._content is None or content.peaks is not self._content.peaks
        self._content, self._message = content, message
        if fresh:
            self._playhead = 0.0
            self._set_scale(TimeScale.whole(content.peaks.duration_s if content else 1.0, self.width()))
        self.setAccessibleDescription(_described(content) if content else message)
        self._redraw()

    def set_playhead(self, second: float, *, follow: bool) -> None:
        """Move the playhead; `follow` turns the page where it runs out of view."""
        for at in (self._playhead, second):
            self.update(QRect(int(self._scale.x(at)) - 6, 0, 13, self.height()))
        self._playhead = second
        if follow:
            self._set_scale(self._scale.following(second))

    def show_span(self, start: float, end: float) -> None:
        """Bring a stretch into view, close enough to read it."""
        self._set_scale(self._scale.showing(start, end))

    def show_all(self) -> None:
        """All of the episode."""
        self._set_scale(TimeScale.whole(self._scale.duration, self.width()))

    def go_to(self, start: float) -> None:
        """Show what begins at `start` without changing the zoom."""
        self._set_scale(self._scale.moved(start - self._scale.start))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Closer by `factor` at pixel `x`; at the playhead, or the middle, where no pixel is given."""
        if x is None:
            x = self._scale.x(self._playhead)
            x = x if 0 <= x <= self.width() else self.width() / 2
        self._set_scale(self._scale.zoomed(x, factor))

    def zoom_in(self) -> None:
        """A step closer."""
        self.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self.zoom(1 / ZOOM_STEP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw what is asked for."""
        painter = QPainter(self)
        if self._content is None:
            self._paint_message(painter)
            return
        if self._picture is None:
            self._picture = self._draw(self._content)
        ratio = self._picture.devicePixelRatio()
        rect = event.rect()
        source = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        painter.drawPixmap(QRectF(rect), self._picture, source)
        self._paint_playhead(painter)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Qt: another size."""
        self._set_scale(self._scale.resized(self.width()))
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: zoom at the pointer, or move with Shift or a sideways wheel."""
        if self._content is None:
            return
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(turn.x()) > abs(turn.y()):
            pixels = -(turn.x() or turn.y()) / 120 * 90
            self._set_scale(self._scale.moved(pixels * self._scale.per_pixel))
        else:
            self.zoom(1.0018 ** turn.y(), event.position().x())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: the beginning of a click or a drag."""
        if event.button() is Qt.MouseButton.LeftButton and self._content is not None:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag the view."""
        if self._pressed is None:
            return
        moved = event.position().x() - self._pressed.x()
        if self._dragging or abs(moved) > DRAG_FROM:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._set_scale(self._scale.moved(-moved * self._scale.per_pixel))
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click goes there."""
        if self._pressed is not None and not self._dragging:
            self.sought.emit(self._scale.second(event.position().x()))
        self._pressed, self._dragging = None, False
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: hear the place under the pointer."""
        place = self._place_at(event.position().x())
        if place is not None:
            self.place_chosen.emit(place.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: arrows go through the time, plus and minus zoom, Home and End go to the ends."""
        step = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 5.0
        match event.key():
            case Qt.Key.Key_Left:
                self.sought.emit(max(0.0, self._playhead - step))
            case Qt.Key.Key_Right:
                self.sought.emit(min(self._scale.duration, self._playhead + step))
            case Qt.Key.Key_Home:
                self.sought.emit(0.0)
            case Qt.Key.Key_End:
                self.sought.emit(self._scale.duration)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case _:
                super().keyPressEvent(event)

    def _place_at(self, x: float) -> Place | None:
        if self._content is None:
            return None
        slack = 3 * self._scale.per_pixel
        second = self._scale.start + x * self._scale.per_pixel
        hit = [place for place in self._content.places if place.start_s - slack <= second <= place.end_s + slack]
        return hit[0] if hit else None

    def _set_scale(self, scale: TimeScale) -> None:
        if scale != self._scale:
            self._scale = scale
            self.scale_changed.emit(scale)
            self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _draw(self, content: WaveContent) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.colour("panel"))
        painter = QPainter(picture)
        paint_wave(painter, self._theme, content, self._scale, wave_area(self.width(), self.height()))
        painter.end()
        return picture

    def _paint_playhead(self, painter: QPainter) -> None:
        x = round(self._scale.x(self._playhead))
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
    marks = [
        f"{wording.FINDING_NAMES[place.finding.kind]} at {wording.moment(place.start_s)}" for place in content.places
    ]
    marked = "; ".join(marks) or "no suspect places"
    return f"{wording.length(content.peaks.duration_s)} long; {marked}"
