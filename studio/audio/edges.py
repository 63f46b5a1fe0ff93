"""How a sound begins and ends, how loud it is as plain RMS, and whether it rests at zero."""

import math
from typing import Final

import numpy as np

from studio.audio.channels import Each
from studio.audio.samples import Powers, Samples
from studio.domain.sound import Spot, SpotKind

_WINDOWS_PER_S: Final = 20
_STEPS_PER_DB: Final = 4  # of the histogram of their levels
_LOWEST_DB: Final = -120
_QUIETEST: Final = 0.05  # part of the windows that tells the noise floor
_EDGE_S: Final = 0.01
_FULL_DB: Final = -12.0  # to the RMS of the whole: a level that speech has in the middle of a vowel only
_FAINTEST_DB: Final = -50.0
_SHORTEST_S: Final = 1.0  # shorter sounds have no usual level to begin or end at
_MOST_OFFSET: Final = 0.01  # of full scale


class _Channel:
    """The energies of windows of 50 ms of one channel, what is left for the next one, and the sum of its samples."""

    def __init__(self, window: int) -> None:
        self._window = window
        self.rest: Samples = np.zeros((1, 0), np.float32)
        self.sum = 0.0

    def feed(self, row: Samples) -> Powers:
        self.sum += float(row.sum())
        samples = np.concatenate((self.rest, row), axis=1)
        windows = samples.shape[1] // self._window
        whole = windows * self._window
        self.rest = samples[:, whole:].copy()
        rows = samples[0, :whole].reshape(windows, self._window)
        return np.asarray(np.einsum("wn,wn->w", rows, rows), np.float64)


class Edges:
    """Feed blocks, then read. Only the edges are kept, and a histogram of the levels of windows of 50 ms."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._edge = max(8, round(_EDGE_S * rate_hz))
        self._window = max(1, rate_hz // _WINDOWS_PER_S)
        self._each = Each(_Channel(self._window), channels)
        self._parts = np.full(channels, 1 / channels)
        self._first: Samples = np.zeros((channels, 0), np.float32)
        self._last: Samples = np.zeros((channels, 0), np.float32)
        self._samples = 0
        self._energy = 0.0
        size = -_LOWEST_DB * _STEPS_PER_DB + 80
        self._counts = np.zeros(size, np.int64)
        self._powers: Powers = np.zeros(size)

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n)."""
        if self._first.shape[1] < self._edge:
            self._first = np.concatenate((self._first, block[:, : self._edge]), axis=1)[:, : self._edge]
        self._last = np.concatenate((self._last, block[:, -self._edge :]), axis=1)[:, -self._edge :]
        self._samples += block.shape[1]
        energies = np.stack([channel.feed(row) for channel, row in self._each.apart(block)])
        powers = self._each.shares(self._parts) @ energies / self._window
        self._energy += float(powers.sum()) * self._window
        level = np.clip(10 * np.log10(np.maximum(powers, 1e-13)), _LOWEST_DB, 19)
        steps = ((level - _LOWEST_DB) * _STEPS_PER_DB).astype(np.int64)
        self._counts += np.bincount(steps, minlength=len(self._counts))
        self._powers += np.bincount(steps, powers, minlength=len(self._powers))

    @property
    def rms_db(self) -> float | None:
        """RMS of the whole in dBFS, over all channels; None for digital silence."""
        rests = [float(np.square(channel.rest, dtype=np.float64).sum()) for channel in self._each.detectors]
        energy = self._energy + float(self._each.shares(self._parts) @ np.array(rests))
        return 10 * math.log10(energy / self._samples) if energy > 0 else None

    @property
    def noise_floor_db(self) -> float | None:
        """RMS of the quietest twentieth of the sound, in dBFS; None where that is digital silence."""
        counts = np.cumsum(self._counts)
        if not counts[-1]:
            return self.rms_db
        end = int(np.searchsorted(counts, max(1.0, _QUIETEST * counts[-1]))) + 1
        power = float(self._powers[:end].sum()) / int(counts[end - 1])
        return 10 * math.log10(power) if power > 10 ** (_LOWEST_DB / 10) else None

    def spots(self) -> list[Spot]:
        """Edges at full level, and an offset."""
        whole = self.rms_db
        duration_s = self._samples / self._rate_hz
        if whole is None or duration_s < _SHORTEST_S:
            return []
        found = []
        offsets = np.array([channel.sum for channel in self._each.detectors]) / self._samples
        offset = float(offsets[np.abs(offsets).argmax()])
        if abs(offset) >= _MOST_OFFSET:
            found.append(Spot(SpotKind.DC, 0.0, duration_s, round(offset, 4)))
        for kind, edge, start_s in (
            (SpotKind.ABRUPT_START, self._first, 0.0),
            (SpotKind.ABRUPT_END, self._last, duration_s - _EDGE_S),
        ):
            sound = edge - offsets[:, None].astype(np.float32)
            # Either half of the edge: one that fades out within it is not abrupt.
            halves = np.array_split(sound, 2, axis=1)
            power = min(float(np.square(half, dtype=np.float64).mean()) for half in halves)
            level = 10 * math.log10(max(power, 1e-12))
            if level > max(whole + _FULL_DB, _FAINTEST_DB):
                sure = min(1.0, 0.6 + (level - whole - _FULL_DB) / 20)
                found.append(Spot(kind, max(0.0, start_s), start_s + _EDGE_S, round(level, 1), round(sure, 2)))
        return found
