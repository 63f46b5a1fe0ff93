"""The sound of an episode in one table row, its suspect places in colour."""

from collections import defaultdict
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from studio.domain.episode import StripFault
from studio.ui.theme import SEVERITY_TONES, Theme

BAR, GAP = 1.5, 1.0
COMMON = 0.8
LEAST_FAULT = 3.0  # pixels, so that a short fault in a long episode is seen


def draw_strip(
    painter: QPainter, theme: Theme, strip: bytes, faults: tuple[StripFault, ...], size: QSize, *, dim: bool
) -> None:
    """`strip` (alternating low and high extremes, signed bytes) over `size` logical pixels."""
    width, height = size.width(), size.height()
    middle, reach = height / 2, height / 2 - 1
    bars = bar_extremes(strip, int(width / (BAR + GAP)))
    pitch = width / max(1, len(bars))  # in a wide column there are more places than bars
    wide = pitch * BAR / (BAR + GAP)
    # The strip shows the shape, the dock shows the level: ten seconds of mastered speech are nearly as loud as the next
    # ten, so most of what all bars have in common is taken off, and the rest fills the row.
    heights = [high - low for low, high in bars]
    common = COMMON * min(heights, default=0)
    scale = reach / ((max(heights, default=0) - common) or 1)
    spans = [(_fault_pixels(fault, width), SEVERITY_TONES[fault.severity]) for fault in faults]
    plain = "dim_wave" if dim else "wave"
    bars_of: defaultdict[str, list[QRectF]] = defaultdict(list)
    for place, (low, high) in enumerate(bars):
        at = place * pitch
        tone = plain
        for (start, end), fault_tone in spans:
            if start <= at + wide and at <= end:
                tone = fault_tone
        half = max(0.6, (high - low - common) * scale)
        bars_of[tone].append(QRectF(at, middle - half, wide, 2 * half))
    painter.setPen(Qt.PenStyle.NoPen)
    for tone, drawn in bars_of.items():
        painter.setBrush(theme.colour(tone))
        painter.drawRects(drawn)
    for (start, end), tone in spans:
        painter.setBrush(theme.colour(tone, 70))
        painter.drawRoundedRect(QRectF(start, 0, end - start, height), 1.5, 1.5)


def bar_extremes(strip: bytes, count: int) -> list[tuple[int, int]]:
    """`count` pairs of low and high over `strip`; fewer where it holds fewer."""
    samples = memoryview(strip).cast("b")
    pairs = len(samples) // 2
    count = min(count, pairs)
    lows, highs = samples[0 : pairs * 2 : 2].tolist(), samples[1 : pairs * 2 : 2].tolist()
    if count == pairs:
        return list(zip(lows, highs, strict=True))
    bounds = [place * pairs // count for place in range(count + 1)] if count else []
    return [(min(lows[a:b]), max(highs[a:b])) for a, b in pairwise(bounds)]


def _fault_pixels(fault: StripFault, width: float) -> tuple[float, float]:
    start, end = fault.start * width, fault.end * width
    short = max(0.0, LEAST_FAULT - (end - start)) / 2
    return max(0.0, start - short), min(width, end + short)
