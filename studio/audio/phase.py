"""Turns and spreads the phase of a voice, where that lowers its peaks.

Each closing of the glottis gives a pulse in which all harmonics peak together, and to one side. A phase that differs
from one harmonic to the next takes that apart and leaves the spectrum, and what is heard, as it was. Broadcasters have
always put such a "phase rotator" before their limiters (four all-pass filters at 200 Hz, in R. Orban's Optimod; 6 ms of
group delay at the bottom). This one delays 100 Hz and below by 6 ms, falling evenly with the octaves to none from 2 kHz
on: 2.8 ms at 500 Hz and 1.4 ms at 1 kHz, under the 3.2, 2 and 1 ms at 500 Hz, 1 and 2 kHz from which on the ear begins
to tell (J. Blauert and P. Laws, JASA 63, 1978). Or the other way round; and then by an angle that is the same for all
frequencies. Consonants, by which a take is cut, stay where they are to the sample.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.audio.convolve import Kernel
from studio.audio.samples import Samples

SPREADS_S: Final = (0.006, -0.006)
_LOW_HZ, _HIGH_HZ = 100.0, 2000.0  # the delay falls from all to none between them
_FLAT_S, _HALF_S = 0.010, 0.030  # of the kernel, to either side: left whole, and faded out at. Flat above 60 Hz
_STEP = 15  # degrees from one angle that is tried to the next; between them lie 0.1 dB
_ANGLES = np.arange(0, 180, _STEP)  # half a turn more is the same wave upside down
_CHUNK = 512  # samples whose peak is counted once
_NEAR_TOP = 0.5  # of the highest peak so far: what is lower hardly needs a limiter
_LOWEST_DB, _STEPS_PER_DB, _HIGHEST_DB = -80, 10, 40
_WORTH = 0.8  # of what the limiter would have to do; less of a gain is none


@dataclass(frozen=True, slots=True)
class Turn:
    """The delay of the lowest frequencies behind the highest, in seconds, and an angle. Both zero change nothing."""

    spread_s: float = 0.0
    degrees: int = 0

    @property
    def none(self) -> bool:
        """Whether it leaves everything as it is."""
        return self == Turn()


def pair(rate_hz: int, spread_s: float) -> tuple[npt.NDArray[np.float64], int]:
    """Two kernels with that spread, 90 degrees apart, shape (2, taps), and the tap that is their centre."""
    half = round(_HALF_S * rate_hz)
    size = 1 << int(np.ceil(np.log2(8 * half)))
    frequency = np.fft.rfftfreq(size, 1 / rate_hz)
    octaves = np.log(_HIGH_HZ / np.clip(frequency, _LOW_HZ, _HIGH_HZ)) / math.log(_HIGH_HZ / _LOW_HZ)
    phase = -2 * np.pi * spread_s * np.cumsum(octaves) * frequency[1]
    phase -= phase[-1]
    responses = np.exp(1j * np.stack((phase, phase - np.pi / 2)))
    kernels = np.roll(np.fft.irfft(responses, size), half, axis=1)[:, : 2 * half + 1]
    away = np.clip((np.abs(np.arange(-half, half + 1)) / rate_hz - _FLAT_S) / (_HALF_S - _FLAT_S), 0.0, 1.0)
    return kernels * (0.5 + 0.5 * np.cos(np.pi * away)), half


def kernel(rate_hz: int, turn: Turn) -> tuple[Kernel, int]:
    """The kernel that does `turn`, and its centre."""
    kernels, centre = pair(rate_hz, turn.spread_s)
    angle = math.radians(turn.degrees)
    return np.asarray(np.array([math.cos(angle), math.sin(angle)]) @ kernels), centre


class Crests:
    """Counts the peaks that a wave would have at every turn that can be chosen. Takes 240 kB, whatever the length."""

    def __init__(self) -> None:
        angles = np.radians(_ANGLES)
        self._angles = np.stack((np.cos(angles), np.sin(angles))).astype(np.float32)
        self._turns = [Turn(), *(Turn(spread_s, int(degrees)) for spread_s in SPREADS_S for degrees in _ANGLES)]
        self._counts = np.zeros((len(self._turns), (_HIGHEST_DB - _LOWEST_DB) * _STEPS_PER_DB), np.int64)
        self._top = 0.0

    def feed(self, waves: Samples) -> None:
        """Count the peaks of a block, shape (1 + 2 for each spread, channels, n): as it is, then the pairs."""
        whole = waves.shape[2] - waves.shape[2] % _CHUNK
        for first, last in ((0, whole), (whole, waves.shape[2])):
            if first < last:
                self._count(waves[:, :, first:last].reshape(len(waves), -1, min(_CHUNK, last - first)))

    def highest_db(self, turn: Turn) -> float:
        """The highest peak at that turn, in dBFS, or the least that is counted."""
        counts = self._counts[self._turns.index(turn)]
        return _LOWEST_DB + (int(np.flatnonzero(counts)[-1]) + 1 if counts.any() else 0) / _STEPS_PER_DB

    def best(self, limit_db: float) -> Turn:
        """The turn at which a limiter would have least to do above `limit_db` dBFS; none unless that is worth it."""
        over: npt.NDArray[np.float64] = np.arange(self._counts.shape[1]) / _STEPS_PER_DB + _LOWEST_DB - limit_db
        work = self._counts @ np.square(np.maximum(over, 0.0))  # the deeper, the worse
        return self._turns[int(work.argmin())] if work.min() < _WORTH * work[0] else Turn()

    def _count(self, waves: Samples) -> None:
        highest = np.abs(waves[0]).max(axis=1)
        self._top = max(self._top, float(highest.max()))
        near = max(_NEAR_TOP * self._top, 1e-9)
        self._enter(0, highest[highest > near, None])
        for number in range(len(SPREADS_S)):
            real, imaginary = waves[1 + 2 * number], waves[2 + 2 * number]
            chosen = (np.square(real) + np.square(imaginary)).max(axis=1) > near**2
            turned = np.stack((real[chosen], imaginary[chosen]), axis=-1) @ self._angles
            self._enter(1 + number * len(_ANGLES), np.abs(turned).max(axis=1))

    def _enter(self, first: int, peaks: Samples) -> None:
        """Count peaks, shape (chunks, turns), for the turns from number `first` on."""
        places = np.floor((20 * np.log10(np.maximum(peaks, 1e-9)) - _LOWEST_DB) * _STEPS_PER_DB).astype(np.int64)
        np.clip(places, 0, self._counts.shape[1] - 1, out=places)
        for number, place in enumerate(places.T, first):
            self._counts[number] += np.bincount(place, minlength=self._counts.shape[1])
