"""Stretches of sound between silences: how often something was said, without asking what."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ
from studio.domain.sound import Span
from studio.quality.kept_sound import KeptSound

_FRAME: Final = RATE_HZ // 100
_BLOCK_S: Final = 30.0  # that is looked at in one go
_LOUD: Final = 95  # percentile
_SILENT: Final = 1e-3  # of the power of the loud frames
_PAUSE_S: Final = 0.1  # a shorter one is inside of a word: before a “t”
_SHORTEST_S: Final = 0.06  # of sound; less is a click of the tongue


def islands(sound: KeptSound, span: Span) -> list[Span]:
    """The stretches of sound inside `span`, in order."""
    power = _power(sound, span)
    if not len(power):
        return []
    loud = power > _SILENT * float(np.percentile(power, _LOUD))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(np.int8)))
    found: list[tuple[int, int]] = []
    for first, end in edges.reshape(-1, 2).tolist():
        if found and first - found[-1][1] < _PAUSE_S * RATE_HZ / _FRAME:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    frame_s = _FRAME / RATE_HZ
    return [
        Span(span.start_s + first * frame_s, span.start_s + end * frame_s)
        for first, end in found
        if (end - first) * frame_s >= _SHORTEST_S
    ]


def _power(sound: KeptSound, span: Span) -> NDArray[np.float32]:
    """Of each frame, shape (frames,)."""
    found: list[NDArray[np.float32]] = []
    at = span.start_s
    while at < span.end_s:
        samples = sound.excerpt(Span(at, min(span.end_s, at + _BLOCK_S)))
        count = len(samples) // _FRAME
        found.append(np.square(samples[: count * _FRAME]).reshape(count, _FRAME).mean(axis=1))
        at += _BLOCK_S
    return np.concatenate(found) if found else np.zeros(0, np.float32)
