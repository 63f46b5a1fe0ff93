"""A waveform to draw: a pyramid of extremes, and the strip that stands in a table row."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from studio.audio.bins import BIN_S, Bins
from studio.audio.channels import Each
from studio.audio.gathered import Gathered
from studio.audio.samples import Samples
from studio.domain.sound import PeakLevel

_FACTOR = 4  # bins of one level that make one of the next
_COARSEST = 256  # bins at most in the last level
STRIP_COLUMNS = 96

_Bytes = npt.NDArray[np.int8]


class Waveform:
    """Feed blocks, then `finish`, then take `levels` and `strip`. Keeps two bytes for 10 ms: 7.2 MB for 10 hours."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._each = Each(Bins(rate_hz, 1), channels)
        self._low = Gathered()
        self._high = Gathered()
        self._finest = PeakLevel(BIN_S, b"", b"")

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n). The extremes are those over all channels."""
        low: list[Samples] = []
        high: list[Samples] = []
        for bins, row in self._each.apart(block):
            samples, starts = bins.feed(row)
            if len(starts):
                low.append(np.minimum.reduceat(samples[0], starts))
                high.append(np.maximum.reduceat(samples[0], starts))
        if low:
            self._keep(np.minimum.reduce(low), np.maximum.reduce(high))

    def finish(self) -> None:
        """Keep the last, shorter bin, and everything in one piece."""
        rest = np.concatenate([bins.finish() for bins in self._each.detectors])
        if rest.size:
            self._keep(rest.min(keepdims=True)[0], rest.max(keepdims=True)[0])
        low, self._low = self._low.all(), Gathered()
        high, self._high = self._high.all(), Gathered()
        self._finest = PeakLevel(BIN_S, low, high)

    def levels(self) -> tuple[PeakLevel, ...]:
        """The pyramid, finest level first, down to at most 256 bins."""
        low, high = _numbers(self._finest.low), _numbers(self._finest.high)
        bin_s = BIN_S
        levels = [self._finest]
        while len(low) > _COARSEST:
            starts = np.arange(0, len(low), _FACTOR)
            low, high = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
            bin_s *= _FACTOR
            levels.append(PeakLevel(bin_s, low.tobytes(), high.tobytes()))
        return tuple(levels)

    def strip(self) -> bytes:
        """96 pairs of low and high, as signed bytes (full scale is 127).

        Means over the 10 ms extremes: the extremes of seconds of mastered speech are full scale everywhere.
        """
        bins = len(self._finest.low)
        starts = [column * bins // STRIP_COLUMNS for column in range(STRIP_COLUMNS + 1)]
        low, high = (
            np.rint([_numbers(values)[start : max(end, start + 1)].mean() for start, end in pairwise(starts)])
            for values in (self._finest.low, self._finest.high)
        )
        return np.stack((low, high), axis=1).astype(np.int8).tobytes()

    def _keep(self, low: npt.NDArray[np.float32], high: npt.NDArray[np.float32]) -> None:
        # Rounded outwards: what is drawn is never lower than what sounds.
        self._low.add(np.clip(np.floor(low * 127), -127, 127).astype(np.int8).tobytes())
        self._high.add(np.clip(np.ceil(high * 127), -127, 127).astype(np.int8).tobytes())


def _numbers(values: bytes) -> _Bytes:
    return np.frombuffer(values, np.int8)
