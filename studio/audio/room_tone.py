"""The noise that a recording has where nobody speaks, to fill silences with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from studio.audio.decode import stream
from studio.audio.samples import Samples
from studio.audio.sounding import Sounding

_AFTER_S, _BEFORE_S = 0.08, 0.04  # of a silence: the end of a sound rings on in it, and the next one begins with breath
_LEAST_S, _MOST_S = 0.05, 0.5  # of tone
_STEP: Final = 0.618  # of the tone, from one grain to the next: never twice the same neighbours


@dataclass(frozen=True, slots=True)
class RoomTone:
    """A stretch of a recording without speech, shape (channels, n); digital silence where it has none."""

    grain: Samples

    @property
    def power(self) -> float:
        """Mean square."""
        return float(np.square(self.grain, dtype=np.float64).mean())

    def scaled(self, gain: float) -> "RoomTone":
        """The same, louder or softer."""
        return RoomTone((self.grain * np.float32(gain)).astype(np.float32))

    def fill(self, samples: int) -> Samples:
        """So many samples of it.

        Halves of the grain, overlapping by half under sine windows: their powers sum up to one, so that the level
        stays. Where each is taken from moves on by the golden ratio: nothing repeats audibly.
        """
        channels, length = self.grain.shape
        half = length // 4
        window = np.sin(np.pi * (np.arange(2 * half) + 0.5) / (2 * half)).astype(np.float32)
        count = -(-samples // half) + 1
        out = np.zeros((channels, (count + 1) * half), np.float32)
        for index in range(count):
            start = int(index * _STEP * length) % (length - 2 * half + 1)
            out[:, index * half : (index + 2) * half] += self.grain[:, start : start + 2 * half] * window
        return out[:, half : half + samples]


def room_tone(path: Path, sounding: Sounding, rate_hz: int, channels: int) -> RoomTone:
    """The tone of `path`, from the longest of the silences in its speech, else from the one at its end."""
    spans = [
        (pause.start_s + _AFTER_S, pause.end_s - _BEFORE_S)
        for pause in sorted(sounding.pauses, key=lambda pause: -pause.length_s)[:1]
    ]
    spans.append((sounding.last_s + _AFTER_S, sounding.duration_s - _BEFORE_S))
    start_s, end_s = next((span for span in spans if span[1] - span[0] >= _LEAST_S), (0.0, 0.0))
    middle_s = (start_s + end_s) / 2
    start_s, end_s = max(start_s, middle_s - _MOST_S / 2), min(end_s, middle_s + _MOST_S / 2)
    if end_s <= start_s:
        return RoomTone(np.zeros((channels, round(_LEAST_S * rate_hz)), np.float32))
    return RoomTone(_cut(path, round(start_s * rate_hz), round(end_s * rate_hz), rate_hz, channels))


def _cut(path: Path, start: int, end: int, rate_hz: int, channels: int) -> Samples:
    parts, position = [], 0
    for block in stream(path, rate_hz, channels):
        parts.append(block[:, max(0, start - position) : max(0, end - position)].copy())
        position += block.shape[1]
        if position >= end:
            break
    return np.concatenate(parts, axis=1)
