"""The bars of a wave: extremes and means out of the pyramid, for any stretch at any zoom."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio.domain.sound import PeakLevel, Peaks
from studio.ui.time_scale import TimeScale

STEP = 3.0  # pixels from bar to bar
FINER = 4  # bins a bar, where there are that many: their extremes and their mean are both drawn


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar at pixel `x`, second `at`: its extremes, and their mean over the bins within it (full scale is 127)."""

    x: float
    at: float
    low: int
    high: int
    mean_low: float
    mean_high: float


def level_for(peaks: Peaks, wanted: float) -> PeakLevel:
    """The coarsest level whose bins last no longer than `wanted` seconds; the finest where all do."""
    fitting = [level for level in peaks.levels if level.bin_s <= wanted]
    return fitting[-1] if fitting else peaks.levels[0]


def bars(peaks: Peaks, scale: TimeScale, step: float = STEP) -> Iterator[Bar]:
    """Every bar in view, one each `step` pixels. They keep their seconds when the view moves, so nothing shimmers."""
    if not peaks.levels:
        return
    seconds = step * scale.per_pixel
    level = level_for(peaks, seconds / FINER)
    low, high, bin_s = memoryview(level.low).cast("b"), memoryview(level.high).cast("b"), level.bin_s
    first, last = int(scale.start / seconds), int(min(scale.end, peaks.duration_s) / seconds) + 1
    for number in range(first, last + 1):
        at = number * seconds
        a = int(at / bin_s)
        b = max(a + 1, int((at + seconds) / bin_s))
        lows, highs = low[a:b].tolist(), high[a:b].tolist()
        if not lows:
            return
        count = len(lows)
        yield Bar(scale.x(at), at, min(lows), max(highs), sum(lows) / count, sum(highs) / count)
