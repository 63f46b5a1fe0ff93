"""The sound of an episode in one table row, its suspect places in colour."""

from collections import OrderedDict
from itertools import pairwise

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from studio.domain.episode import StripFault
from studio.ui.theme import SEVERITY_TONES, Theme

BAR, GAP = 1.5, 1.0
KEPT = 300  # pixmaps; some ten screens of rows
LEAST_FAULT = 3.0  # pixels, so that a short fault in a long episode is seen


class StripPainter(QObject):
    """Draws strips and keeps the last ones as pixmaps, so that scrolling only copies them."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kept: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        theme.changed.connect(self.forget)

    def forget(self) -> None:
        """The colours are others now."""
        self._kept.clear()

    def pixmap(self, strip: bytes, faults: tuple[StripFault, ...], size: QSize, scale: float, *, dim: bool) -> QPixmap:
        """`strip` (alternating low and high extremes, signed bytes) drawn at `size` logical pixels."""
        key = (strip, faults, size.width(), size.height(), scale, dim)
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = self._draw(strip, faults, size, scale, dim=dim)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return made

    def _draw(self, strip: bytes, faults: tuple[StripFault, ...], size: QSize, scale: float, *, dim: bool) -> QPixmap:
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width, height = size.width(), size.height()
        middle, reach = height / 2, height / 2 - 1
        painter.setBrush(self._theme.colour("dim_wave" if dim else "wave"))
        bars = bar_extremes(strip, int(width / (BAR + GAP)))
        # A strip of quiet speech is raised to fill its row: it shows the shape, the dock shows the level.
        loudest = max((max(high, -low) for low, high in bars), default=0) or 1
        spans = [(_fault_pixels(fault, width), SEVERITY_TONES[fault.severity]) for fault in faults]
        for place, (low, high) in enumerate(bars):
            at = place * (BAR + GAP)
            inside = [tone for (start, end), tone in spans if start <= at + BAR and at <= end]
            painter.setBrush(self._theme.colour(inside[-1] if inside else "dim_wave" if dim else "wave"))
            up, down = max(0.6, high / loudest * reach), max(0.6, -low / loudest * reach)
            painter.drawRoundedRect(QRectF(at, middle - up, BAR, up + down), BAR / 2, BAR / 2)
        for (start, end), tone in spans:
            painter.setBrush(self._theme.colour(tone, 70))
            painter.drawRoundedRect(QRectF(start, 0, end - start, height), 1.5, 1.5)
        painter.end()
        return pixmap


def bar_extremes(strip: bytes, count: int) -> list[tuple[int, int]]:
    """`count` pairs of low and high over `strip`; fewer where it holds fewer."""
    samples = memoryview(strip).cast("b")
    pairs = len(samples) // 2
    count = min(count, pairs)
    lows, highs = samples[0 : pairs * 2 : 2].tolist(), samples[1 : pairs * 2 : 2].tolist()
    bounds = [place * pairs // count for place in range(count + 1)] if count else []
    return [(min(lows[a:b]), max(highs[a:b])) for a, b in pairwise(bounds)]


def _fault_pixels(fault: StripFault, width: float) -> tuple[float, float]:
    start, end = fault.start * width, fault.end * width
    short = max(0.0, LEAST_FAULT - (end - start)) / 2
    return max(0.0, start - short), min(width, end + short)
