"""A stretch of one channel with its surroundings, for detectors that compare a moment with what is around it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.audio.samples import Samples

BINS_PER_S: Final = 1000
MARGIN: Final = 34  # bins on either side that are surroundings only
_AT_ONCE_S: Final = 0.25
_FINEST_HZ: Final = 48_000  # differences are taken over no less than a sample at this rate

_BESIDE, _STRETCH, _STRETCHES = 6, 9, 3  # bins, bins, on either side; together within the margin

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class View:
    """`samples` (n,) begin at sample number `start` of the stream and hold `len(peak)` bins of `bin` samples.

    For each bin: the highest magnitude, the highest first difference and the highest second difference, taken over
    `lag` samples. The first and last `MARGIN` bins are surroundings: they were or will be looked at in another view.
    """

    samples: Values
    start: int
    rate_hz: int
    bin: int
    lag: int
    peak: Values
    slope: Values
    bend: Values


class Views:
    """Feed one channel in blocks of shape (1, n); get views that overlap by twice the margin, and miss nothing.

    Before the beginning and after the end the first and the last sample go on: an edge is nobody's jump.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._bin = max(4, round(rate_hz / BINS_PER_S))
        self._lag = max(1, round(rate_hz / _FINEST_HZ))
        self._kept: Values | None = None
        self._start = -MARGIN * self._bin
        self._pieces: list[Values] = []
        self._waiting = 0

    def feed(self, block: Samples) -> View | None:
        """Add a block; a view once there is enough to look at."""
        if not block.shape[1]:
            return None
        if self._kept is None:
            self._kept = np.full(MARGIN * self._bin, block[0, 0], np.float32)
        self._pieces.append(block[0].copy())
        self._waiting += block.shape[1]
        return self._view() if self._waiting >= _AT_ONCE_S * self._rate_hz else None

    def finish(self) -> View | None:
        """The rest."""
        if self._kept is None:
            return None
        last = (self._pieces[-1] if self._pieces else self._kept)[-1]
        self._pieces.append(np.full((MARGIN + 2) * self._bin, last, np.float32))
        return self._view()

    def _view(self) -> View | None:
        assert self._kept is not None  # noqa: S101  (both callers have seen to it)
        samples = np.concatenate((self._kept, *self._pieces))
        self._pieces, self._waiting = [], 0
        bins = (len(samples) - 2 * self._lag) // self._bin
        if bins <= 2 * MARGIN:
            self._kept = samples
            return None
        end = bins * self._bin
        starts = np.arange(0, end, self._bin)
        slope = samples[self._lag :] - samples[: -self._lag]
        bend = slope[self._lag :] - slope[: -self._lag]
        view = View(
            samples,
            self._start,
            self._rate_hz,
            self._bin,
            self._lag,
            *(_highest(values[:end], starts) for values in (samples, slope, bend)),
        )
        looked_at = (bins - 2 * MARGIN) * self._bin
        self._kept = samples[looked_at:]
        self._start += looked_at
        return view


def around(values: Values, gap: int, reach: int) -> Values:
    """For each bin the highest of those from `gap` to `reach` bins away on either side, 0 beyond the ends."""
    before = np.zeros(len(values), np.float32)
    after = np.zeros(len(values), np.float32)
    run, width = values, 1
    # Running maximum over `reach - gap` bins by doubling.
    span = reach - gap
    while width * 2 <= span:
        run = np.maximum(run[:-width], run[width:])
        width *= 2
    run = np.maximum(run[: len(run) - (span - width)], run[span - width :])
    before[reach:] = run[: len(values) - reach]
    after[: len(values) - reach] = run[gap + 1 :][: len(values) - reach]
    return np.maximum(before, after)


def neighbours(values: Values) -> Values:
    """For each bin the highest in three stretches before it and three after it, of 9 bins each: shape (6, bins).

    The nearest 6 bins on either side belong to none of them. Beyond the ends there is nothing.
    """
    pairs = np.maximum(values[:-1], values[1:])
    fours = np.maximum(pairs[:-2], pairs[2:])
    eights = np.maximum(fours[:-4], fours[4:])
    nines = np.maximum(eights[:-1], eights[1:])
    found = np.zeros((2 * _STRETCHES, len(values)), np.float32)
    for number in range(_STRETCHES):
        before = _BESIDE + (number + 1) * _STRETCH
        after = _BESIDE + 1 + number * _STRETCH
        found[number, before:] = nines[: len(values) - before]
        found[_STRETCHES + number, : max(0, len(nines) - after)] = nines[after:]
    return found


def _highest(values: Values, starts: npt.NDArray[np.intp]) -> Values:
    return np.asarray(np.maximum.reduceat(np.abs(values), starts))
