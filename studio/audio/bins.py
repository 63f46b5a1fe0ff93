"""Cuts a stream of samples into bins of 10 ms, at any sample rate."""

import numpy as np
import numpy.typing as npt

from studio.audio.samples import Samples

BINS_PER_S = 100
BIN_S = 1 / BINS_PER_S


class Bins:
    """Feed blocks of any length; get back whole bins, as samples and the index at which each bin starts.

    Bin i begins at sample i * rate // 100, so that the bins keep time at rates such as 22,050 and 11,025 Hz, where
    they differ by one sample. Reduce them with `ufunc.reduceat(samples, starts, axis=1)`.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._rest: Samples = np.zeros((channels, 0), np.float32)
        self._count = 0  # bins given out so far

    def feed(self, block: Samples) -> tuple[Samples, npt.NDArray[np.int64]]:
        """Add a block, shape (channels, n). Returns samples (channels, m) and starts (k,); k may be 0."""
        samples = np.concatenate((self._rest, block), axis=1) if self._rest.size else block
        origin = self._edge(self._count)
        end = ((origin + samples.shape[1]) * BINS_PER_S + BINS_PER_S - 1) // self._rate_hz + 1
        edges = np.arange(self._count, end + 1, dtype=np.int64) * self._rate_hz // BINS_PER_S - origin
        edges = edges[edges <= samples.shape[1]]
        self._count += len(edges) - 1
        self._rest = samples[:, edges[-1] :].copy()
        return samples[:, : edges[-1]], edges[:-1]

    def finish(self) -> Samples:
        """What is left, shape (channels, n), less than one bin."""
        return self._rest

    def _edge(self, index: int) -> int:
        return index * self._rate_hz // BINS_PER_S
