"""The peaks between the samples (ITU-R BS.1770-4, annex 2): four times oversampled, without computing most of them."""

import numpy as np
import numpy.typing as npt

from studio.audio.channels import Each
from studio.audio.product import product
from studio.audio.samples import Samples

_CHUNK = 32  # samples looked at together
_STRETCH = 16  # chunks that are passed over together where they are soft
_TAPS = 24  # samples that one interpolated value is made of; fewer than a chunk
_BATCH = 16  # chunks interpolated first, to raise the maximum that spares us the others


def oversampling(rate_hz: int) -> int:
    """How many times: 4 below 96 kHz, 2 below 192 kHz, 1 from there on, as the standard asks."""
    return 4 if rate_hz < 96_000 else 2 if rate_hz < 192_000 else 1


class Interpolator:
    """Gives the highest magnitude in each chunk of 32 samples, between the samples too, where it may matter.

    Sinc interpolation with a Kaiser window over 24 samples: at 44.1 kHz flat within 0.05 dB up to 19 kHz. `gain` bounds
    it: no interpolated value exceeds the highest sample around it times `gain`. A chunk whose samples are so low that
    it cannot matter is therefore never interpolated, and the result is exact all the same.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        factor = oversampling(rate_hz)
        self.chunk = _CHUNK
        half = _TAPS // 2
        window = np.kaiser(_TAPS * factor + 1, 6.0)
        kernels = np.zeros((factor - 1, _TAPS))
        for phase in range(1, factor):
            offset = np.arange(_TAPS) - (half - 1) - phase / factor  # of each tap from the wanted point, in samples
            kernels[phase - 1] = np.sinc(offset) * window[np.rint(offset * factor).astype(int) + half * factor]
            kernels[phase - 1] /= kernels[phase - 1].sum()
        self.gain = float(max(np.abs(kernels).sum(axis=1), default=1.0))
        matrix = np.zeros((_CHUNK + _TAPS - 1, factor - 1, _CHUNK), np.float32)
        for place in range(_CHUNK):
            matrix[place : place + _TAPS, :, place] = kernels.T
        self._matrix = matrix.reshape(_CHUNK + _TAPS - 1, (factor - 1) * _CHUNK)
        # Sample i of the stream stands at index i + half - 1 of what is kept, so that its window is complete.
        self._kept: Samples = np.zeros((channels, half - 1), np.float32)

    def feed(self, block: Samples, loud: float = 0.0) -> tuple[Samples, Samples]:
        """Add a block. Returns the windows that became complete and the highest sample in each.

        Shapes (channels, chunks, 55) and (channels, chunks). Chunk k covers the next 32 samples of the stream and the
        gaps after each of them. Stretches without a sample above `loud` are not looked at: their chunks are said to be
        silent.
        """
        samples = np.concatenate((self._kept, block), axis=1)
        chunks = max(0, samples.shape[1] - _TAPS + 1) // _CHUNK
        self._kept = samples[:, chunks * _CHUNK :].copy()
        if not chunks:
            return np.zeros((len(samples), 0, _CHUNK + _TAPS - 1), np.float32), samples[:, :0]
        windows = np.lib.stride_tricks.sliding_window_view(samples, _CHUNK + _TAPS - 1, axis=1)
        windows = windows[:, : chunks * _CHUNK : _CHUNK]
        return windows, np.stack([_highest(row, chunks, loud) for row in samples])

    def finish(self) -> tuple[Samples, Samples]:
        """The same for what was held back, followed by silence."""
        return self.feed(np.zeros((len(self._kept), _CHUNK + _TAPS), np.float32))

    def between(self, windows: Samples) -> Samples:
        """The interpolated magnitudes of windows (n, 55): shape (n, points between two samples, 32)."""
        values: Samples = np.abs(product(np.ascontiguousarray(windows), self._matrix))
        return values.reshape(len(windows), values.shape[1] // _CHUNK, _CHUNK)

    @staticmethod
    def samples(windows: Samples) -> Samples:
        """The magnitudes of the samples themselves in windows (n, 55): shape (n, 32)."""
        first = _TAPS // 2 - 1
        return np.asarray(np.abs(windows[:, first : first + _CHUNK]))


def _highest(samples: npt.NDArray[np.float32], chunks: int, loud: float) -> npt.NDArray[np.float32]:
    """The highest magnitude of each chunk and the next one, shape (chunks,); 0 for stretches no higher than `loud`."""
    whole = -(-(chunks + 1) // _STRETCH)
    padded = np.zeros(whole * _STRETCH * _CHUNK, np.float32)
    used = samples[: (chunks + 1) * _CHUNK]
    np.abs(used, out=padded[: len(used)])
    stretches = padded.reshape(whole, _STRETCH * _CHUNK)
    highest = np.zeros((whole, _STRETCH), np.float32)
    near = np.flatnonzero(stretches.max(axis=1) > loud)
    # Along the longer axis: the maxima of short rows, one row at a time, would take twice as long.
    across = np.ascontiguousarray(stretches[near].reshape(-1, _CHUNK).T)
    highest[near] = across.max(axis=0).reshape(-1, _STRETCH)
    flat = highest.reshape(-1)
    return np.asarray(np.maximum(flat[:chunks], flat[1 : chunks + 1]))


class TruePeak:
    """The true peak of a stream. Feed blocks, then `finish`, then read `highest` (linear; 1.0 is full scale)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._each = Each(Interpolator(rate_hz, 1), channels)
        self.highest = 0.0

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n)."""
        for interpolator, row in self._each.apart(block):
            self.highest = max(self.highest, float(row.max(initial=0.0)), -float(row.min(initial=0.0)))
            self._look(interpolator, *interpolator.feed(row, self.highest / interpolator.gain))

    def finish(self) -> None:
        """The last samples, too, have something after them: silence."""
        for interpolator in self._each.detectors:
            self._look(interpolator, *interpolator.finish())

    def _look(self, interpolator: Interpolator, windows: Samples, highest: Samples) -> None:
        windows, highest = windows.reshape(-1, windows.shape[-1]), highest.reshape(-1)
        order: npt.NDArray[np.intp] = np.flatnonzero(highest * interpolator.gain > self.highest)
        order = order[np.argsort(-highest[order], kind="stable")]
        first, size = 0, _BATCH
        while first < len(order) and highest[order[first]] * interpolator.gain > self.highest:
            batch = windows[order[first : first + size]]
            self.highest = max(self.highest, float(interpolator.between(batch).max(initial=0.0)))
            first, size = first + size, 2 * size
