"""Evens out the level of speech as a hand on a fader would: gently, over seconds, and never for a pause."""

import math
from array import array
from typing import Self

import numpy as np
import numpy.typing as npt

from studio.audio.bins import BINS_PER_S
from studio.audio.meter import lufs, power_of
from studio.audio.samples import Powers, Samples

_STEPS_PER_S = 10
_BINS = BINS_PER_S // _STEPS_PER_S
_WINDOW_S = 9.0  # of speech that is looked at around each moment
_SMOOTH_S = 2.0
_MOST_DB = 6.0
_SHARE = 0.8  # of a deviation is taken away: some of it is the speaker's intent
_BELOW = 25.0  # LU under the loudness of the whole: softer than that is no speech
_ABOVE_NOISE = 8.0  # LU over the quietest tenth, where there is noise in the pauses
_LEAST_BELOW = 12.0  # LU: but this much below the whole is speech, however noisy the room
_NEAR = 0.1  # of the mean power around it: the relative gate of BS.1770, seen locally
_ENOUGH_S = 0.5  # of speech in the window to go by


class Leveller:
    """Fed with the K-weighted 10 ms mean squares of a meter; keeps one number for each 100 ms (2.9 MB for 10 hours)."""

    def __init__(self) -> None:
        self._rest: Powers = np.zeros(0)
        self._steps = array("d")

    def feed(self, powers: Powers) -> None:
        """Add bins."""
        bins = np.concatenate((self._rest, powers))
        whole = len(bins) - len(bins) % _BINS
        self._steps.frombytes(bins[:whole].reshape(-1, _BINS).mean(axis=1).tobytes())
        self._rest = bins[whole:]

    def fader(self, loudness: float, rate_hz: int) -> "Fader":
        """The gain that brings the speech closer to its own `loudness` (LUFS, of the whole), at most 6 dB up or down.

        At each moment the level of the speech is that of the 9 s around it, without what is no speech. Where there is
        none, as in a long pause, the gain goes on its way from what was before to what comes.
        """
        powers = np.array(self._steps, np.float64)
        wanted = np.zeros(0)
        if len(powers):
            quietest = lufs(float(np.quantile(powers, 0.1)))
            gate = power_of(max(loudness - _BELOW, min(quietest + _ABOVE_NOISE, loudness - _LEAST_BELOW)))
            window = np.hanning(round(_WINDOW_S * _STEPS_PER_S) + 2)[1:-1]
            speech = (powers > gate).astype(np.float64)
            level, _ = _mean(powers, speech, window)
            level, amount = _mean(powers, speech * (powers > _NEAR * level), window)
            known = np.flatnonzero(amount >= _ENOUGH_S * _STEPS_PER_S)
            if len(known):
                off = loudness + 0.691 - 10 * np.log10(level[known])
                gains = np.interp(np.arange(len(powers)), known, np.clip(_SHARE * off, -_MOST_DB, _MOST_DB))
                smooth = np.hanning(round(_SMOOTH_S * _STEPS_PER_S) + 2)[1:-1]
                half = len(smooth) // 2
                padded = np.pad(gains, (half, len(smooth) - 1 - half), mode="edge")
                wanted = np.convolve(padded, smooth / smooth.sum(), "valid")
        return Fader(wanted, rate_hz)


class Fader:
    """A gain that moves. `gains_db` holds one value for the middle of each 100 ms; empty leaves the sound alone."""

    def __init__(self, gains_db: npt.NDArray[np.float64], rate_hz: int) -> None:
        self.gains_db = gains_db
        self._gains = 10 ** (gains_db / 20)
        self._step = rate_hz / _STEPS_PER_S

    @classmethod
    def none(cls) -> Self:
        """Nobody's hand on it."""
        return cls(np.zeros(0), 1)

    def applied(self, block: Samples, start: int) -> Samples:
        """A block, shape (channels, n), whose first sample is number `start` of the sound."""
        if not len(self._gains):
            return block
        place = (np.arange(start, start + block.shape[1]) + 0.5) / self._step - 0.5
        return block * np.interp(place, np.arange(len(self._gains)), self._gains).astype(np.float32)


def _mean(powers: Powers, counted: Powers, window: Powers) -> tuple[Powers, Powers]:
    """The mean power around each step of those that are counted, and how many they are, both weighted by the window."""
    pad = len(window) // 2
    amount = np.convolve(counted, window)[pad : pad + len(powers)]
    total = np.convolve(powers * counted, window)[pad : pad + len(powers)]
    least = math.ulp(1.0)
    return total / np.maximum(amount, least) + least, amount
