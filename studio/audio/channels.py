"""Channels that are all the same are looked at once: dual mono costs what mono costs."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Generic, TypeVar

import numpy as np

from studio.audio.samples import Powers, Samples

_D = TypeVar("_D")


def folded(block: Samples) -> Samples:
    """The same block; where all channels hold the same samples, there is only one of them in memory, seen repeatedly.

    Not to be written to. `Each` need not compare such channels, and they take up a part of the processor's cache.
    """
    return np.broadcast_to(block[:1], block.shape) if _same(block) else block


def mixed(block: Samples, matrix: Samples) -> Samples:
    """`matrix`, shape (m, channels), times a block that may be `folded`, which is multiplied as the one row it is."""
    return matrix @ block if block.strides[0] else matrix.sum(axis=1, keepdims=True) * block[:1]


class Each(Generic[_D]):
    """One detector for every channel, and a single one for all of them as long as they hold the same samples.

    Exact: the single one stands for all until the first block that differs, and is copied then.
    """

    def __init__(self, detector: _D, channels: int) -> None:
        self._channels = channels
        self.detectors = [detector]

    def apart(self, block: Samples) -> Iterator[tuple[_D, Samples]]:
        """Each detector with what it has to look at of a block (channels, n): its channel, shape (1, n)."""
        if len(self.detectors) < self._channels and not _same(block):
            self.detectors += [deepcopy(self.detectors[0]) for _ in range(self._channels - 1)]
        for index, detector in enumerate(self.detectors):
            yield detector, block[index : index + 1]

    def shares(self, weights: Powers) -> Powers:
        """How much each detector counts for, where channel i counts for `weights[i]`: shape (detectors,)."""
        return weights if len(self.detectors) == self._channels else np.asarray(weights.sum(keepdims=True))


def _same(block: Samples) -> bool:
    return not block.strides[0] or all(np.array_equal(block[0], row) for row in block[1:])
