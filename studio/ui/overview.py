"""The whole episode at a glance, with a lens over what the large wave shows."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.domain.findings import Severity
from studio.ui import theme as look
from studio.ui.places import lightest_first
from studio.ui.slices import FRAME_S
from studio.ui.theme import SEVERITY_TONES, Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_bars import STEP, bars
from studio.ui.wave_paint import BAR, WaveContent, tones

LEAST_LENS = 6.0
_GROUND_ALPHA = 60  # of 255: the wave under a place is to be seen
_SHORT = 4.0  # pixels: a place that is shorter is a line


class Overview(QWidget):
    """Dim wave, marks in colour, and the lens; press or drag to move the lens.

    Drawn a frame after the large wave, which is what a person looks at, and not in one turn of the loop with it.
    """

    moved = Signal(float)  # the second that the view should start with

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: WaveContent | None = None
        self._scale = TimeScale.whole(1.0, 1)
        self._picture: QPixmap | None = None
        self._grip = 0.0
        self._soon = QTimer(self, singleShot=True, interval=round(1000 * FRAME_S))
        self._soon.timeout.connect(self._redraw)
        self.setFixedHeight(30)
        self.setAccessibleName("Overview of the episode")
        theme.changed.connect(self._redraw_soon)

    def sizeHint(self) -> QSize:
        """Qt: as wide as there is room."""
        return QSize(600, 30)

    def show_content(self, content: WaveContent | None) -> None:
        """Draw another episode."""
        self._content = content
        self._redraw_soon()

    def show_scale(self, scale: TimeScale) -> None:
        """Put the lens over what is in view."""
        self._scale = scale
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: wave, marks, lens."""
        painter = QPainter(self)
        if self._picture is None:
            self._picture = self._draw(None)
        painter.drawPixmap(0, 0, self._picture)
        if self._content is None or self._scale.all_in_view:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), 1))
        painter.setBrush(self._theme.colour("accent", 48))
        painter.drawRoundedRect(self._lens().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Qt: another size."""
        self._redraw_soon()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: take the lens, or bring it here."""
        if self._content is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        lens = self._lens()
        inside = lens.left() <= event.position().x() <= lens.right()
        self._grip = event.position().x() - lens.left() if inside else lens.width() / 2
        self._move_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: drag the lens."""
        if self._content is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(event.position().x())

    def _move_to(self, x: float) -> None:
        self.moved.emit((x - self._grip) * self._scale.duration / max(1, self.width()))

    def _lens(self) -> QRectF:
        whole = self._scale.duration or 1.0
        left, right = self._scale.start / whole * self.width(), self._scale.end / whole * self.width()
        short = max(0.0, LEAST_LENS - (right - left)) / 2
        return QRectF(left - short, 0, right - left + 2 * short, self.height())

    def _redraw_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _redraw(self) -> None:
        self._picture = self._draw(self._content)
        self.update()

    def _draw(self, content: WaveContent | None) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.colour("panel"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(self._theme.colour("background"))
        painter.drawRoundedRect(area, look.RADIUS, look.RADIUS)
        if content is not None:
            self._draw_wave(painter, content)
        painter.end()
        return picture

    def _draw_wave(self, painter: QPainter, content: WaveContent) -> None:
        ratio = self.devicePixelRatioF()
        step, wide = max(2, round(STEP * ratio)), max(1, round(BAR * ratio))
        scale = TimeScale.whole(content.peaks.duration_s, self.width())
        middle, reach = round(self.height() / 2 * ratio), (self.height() / 2 - 4) * ratio
        shapes = list(bars(content.peaks, scale, step / ratio))
        # The shape, not the level: that is what the large wave is for.
        loudest = max((max(bar.mean_high, -bar.mean_low) for bar in shapes), default=0) or 1
        boxes: dict[str, list[QRect]] = {}
        for bar, tone in zip(shapes, tones(content.places, scale, shapes, "dim_wave"), strict=True):
            up, down = (max(1, round(mean / loudest * reach)) for mean in (bar.mean_high, -bar.mean_low))
            boxes.setdefault(tone, []).append(QRect(round(bar.x * ratio), middle - up, wide, up + down))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        for tone, rects in boxes.items():
            painter.setBrush(self._theme.colour(tone))
            painter.drawRects(rects)
        painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        for at, _title in content.chapters:
            painter.fillRect(QRectF(scale.x(at), 1, 1, self.height() - 2), self._theme.colour("info"))
        for place in lightest_first(content.places):
            left, right = scale.x(place.start_s), scale.x(place.end_s)
            short = right - left < _SHORT and place.finding.severity is not Severity.NOTE
            alpha = 255 if short else _GROUND_ALPHA
            painter.setBrush(self._theme.colour(SEVERITY_TONES[place.finding.severity], alpha))
            painter.drawRoundedRect(QRectF(left, 2, max(3.0, right - left), self.height() - 4), 1.5, 1.5)
