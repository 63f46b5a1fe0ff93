"""The noise that a recording has where nobody speaks, to fill silences with."""

import math
from collections.abc import Iterator
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
_LIKE_LU: Final = 3.0  # a silence that is further from what the others are is no room tone
_EVEN_LU: Final = 6.0  # what rises higher above its own middle has something in it
SILENT_LUFS: Final = -70.0  # below it, all is the same


@dataclass(frozen=True, slots=True)
class RoomTone:
    """A stretch of a recording without speech, shape (channels, n); digital silence where it has none."""

    grain: Samples

    @property
    def power(self) -> float:
        """Mean square."""
        return float(np.square(self.grain, dtype=np.float64).mean())

    @property
    def offset(self) -> Samples:
        """Where the waveform rests, shape (channels, 1). The mean of speech says nothing of that: it is lopsided."""
        return np.asarray(self.grain.mean(axis=1, keepdims=True), np.float32)

    @property
    def centred(self) -> "RoomTone":
        """The same, resting at zero."""
        return RoomTone(self.grain - self.offset)

    def scaled(self, gain: float) -> "RoomTone":
        """The same, louder or softer."""
        return RoomTone((self.grain * np.float32(gain)).astype(np.float32))

    def fill(self, samples: int, at: int = 0) -> Samples:
        """So many samples of it, from sample `at` on of what has no end.

        Halves of the grain, overlapping by half under sine windows: their powers sum up to one, so that the level
        stays. Where each is taken from moves on by the golden ratio: nothing repeats audibly.
        """
        channels, length = self.grain.shape
        half = length // 4
        window = np.sin(np.pi * (np.arange(2 * half) + 0.5) / (2 * half)).astype(np.float32)
        first = at // half
        count = -(-(at - first * half + samples) // half) + 1
        out = np.zeros((channels, (count + 1) * half), np.float32)
        for index in range(count):
            start = int((first + index) * _STEP * length) % (length - 2 * half + 1)
            out[:, index * half : (index + 2) * half] += self.grain[:, start : start + 2 * half] * window
        begin = half + at - first * half
        return out[:, begin : begin + samples]


def room_tone(path: Path, sounding: Sounding, rate_hz: int, channels: int, near_s: float | None = None) -> RoomTone:
    """The tone of `path`, from the longest of its even silences that are as loud as the others usually are.

    Half a second is enough; where there are several of that length, the one nearest to `near_s` is taken.
    """
    usual = usual_floor(sounding)
    spans = [span for span in _spans(sounding) if _is_tone(sounding, span, usual)]
    if not spans:
        return RoomTone(np.zeros((channels, round(_LEAST_S * rate_hz)), np.float32))

    def worth(span: tuple[float, float]) -> tuple[float, float]:
        start_s, end_s = span
        return min(end_s - start_s, _MOST_S), -abs((start_s + end_s) / 2 - near_s) if near_s else end_s - start_s

    start_s, end_s = max(spans, key=worth)
    middle_s = (start_s + end_s) / 2
    start_s, end_s = max(start_s, middle_s - _MOST_S / 2), min(end_s, middle_s + _MOST_S / 2)
    grain = _cut(path, round(start_s * rate_hz), round(end_s * rate_hz), rate_hz, channels)
    return RoomTone(grain)


def usual_floor(sounding: Sounding) -> float:
    """The level of the room in LUFS: the middle of what the silences have, else the softest there is; at least -70."""
    levels = [sounding.levels(*span) for span in _spans(sounding)]
    if levels:
        return max(SILENT_LUFS, float(np.median(np.concatenate(levels))))
    every = sounding.levels(0.0, sounding.duration_s)
    return max(SILENT_LUFS, float(every.min())) if len(every) else SILENT_LUFS


def _spans(sounding: Sounding) -> list[tuple[float, float]]:
    """What lies within the silences and, where the speech has none, at the end."""
    bounds = [(pause.start_s, pause.end_s) for pause in sounding.pauses]
    spans = list(_inner(bounds))
    return spans or list(_inner([(sounding.last_s, sounding.duration_s)]))


def _inner(bounds: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for start_s, end_s in bounds:
        if end_s - _BEFORE_S - (start_s + _AFTER_S) >= _LEAST_S:
            yield start_s + _AFTER_S, end_s - _BEFORE_S


def _is_tone(sounding: Sounding, span: tuple[float, float], usual: float) -> bool:
    levels = np.maximum(sounding.levels(*span), SILENT_LUFS)
    if not len(levels):
        return False
    middle = float(np.median(levels))
    return math.fabs(middle - usual) <= _LIKE_LU and float(levels.max()) <= middle + _EVEN_LU


def _cut(path: Path, start: int, end: int, rate_hz: int, channels: int) -> Samples:
    parts, position = [], 0
    for block in stream(path, rate_hz, channels):
        parts.append(block[:, max(0, start - position) : max(0, end - position)].copy())
        position += block.shape[1]
        if position >= end:
            break
    return np.concatenate(parts, axis=1)
