"""16 kHz mono, as ears and models hear it, from blocks of any rate and any channels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from studio.audio.channels import mixed
from studio.audio.decode import Resampler
from studio.audio.samples import Samples, mixdown

if TYPE_CHECKING:
    from studio.audio.analysis import Listener

Mono: TypeAlias = npt.NDArray[np.float32]
"""Samples of one channel, shape (n,)."""

RATE_HZ = 16_000


class Ears:
    """A detector that hands what it is fed to `listeners`."""

    def __init__(self, rate_hz: int, channel_names: Sequence[str], listeners: Sequence["Listener"]) -> None:
        self._matrix = mixdown(channel_names, 1)
        self._resampler = None if rate_hz == RATE_HZ else Resampler(rate_hz, RATE_HZ, 1)
        self._listeners = listeners

    def feed(self, block: Samples) -> None:
        """Mix, resample, pass on."""
        mono = mixed(block, self._matrix)
        self._pass_on(mono if self._resampler is None else self._resampler.feed(mono))

    def finish(self) -> None:
        """Pass on the rest."""
        if self._resampler is not None:
            self._pass_on(self._resampler.finish())
        for listener in self._listeners:
            listener.finish()

    def _pass_on(self, mono: Samples) -> None:
        if mono.shape[1]:
            for listener in self._listeners:
                listener.feed(mono[0])
