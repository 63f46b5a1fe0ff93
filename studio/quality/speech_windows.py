"""Where somebody speaks: the stretches of speech, of at most three seconds, that the voice is judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ, Mono
from studio.quality.speaker import HOP, SAMPLES

_CHUNK: Final = 10 * RATE_HZ  # is looked at together
_PAUSE: Final = 20  # frames of 10 ms; a longer one is no part of the speech
_BREATH: Final = 10  # frames; a longer one does not count for the pace, which so is least a matter of chance
_BLIP: Final = 5  # frames; a shorter sound is no speech
_BELOW_DB: Final = 32.0  # under the level of the speech nothing is speech
_FALL_DB: Final = 2.0  # from one chunk to the next the level falls by no more
_FLOOR_DB: Final = -65.0  # dBFS
_FULL: Final = 300  # frames of speech in a window; up to _LEAST more where a sentence ends
_ENOUGH: Final = 120  # frames of speech with which a window may end at a pause
_LEAST: Final = 80  # frames; the encoder makes nothing certain of less
_APART: Final = 100  # frames; speech that is further apart is not put together


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """A stretch of speech: where it is, its seconds without pauses of over 0.1 s, and `SAMPLES` samples of its middle.

    Pauses of over 0.2 s are cut out of `sound`; what is too short is repeated.
    """

    start_s: float
    end_s: float
    speech_s: float
    sound: Mono


class SpeechWindows:
    """Cuts 16 kHz mono into windows of up to three seconds of speech, which end at pauses where there are any.

    Keeps less than a minute of sound. What is loud enough counts as speech; whether it is, others must say.
    """

    def __init__(self) -> None:
        self._waiting: list[Mono] = []
        self._fresh = 0  # samples that were not looked at yet
        self._offset = 0  # of the first waiting sample, from the start of the sound
        self._level_db = -120.0
        self.crumbs_s = 0.0
        """Seconds of speech that were too short for a window."""

    def feed(self, samples: Mono) -> Iterator[SpeechWindow]:
        """The windows that are complete with `samples`, shape (n,)."""
        at = 0
        while at < len(samples):
            part = samples[at : at + _CHUNK - self._fresh].copy()
            self._waiting.append(part)
            self._fresh += len(part)
            at += len(part)
            if self._fresh == _CHUNK:
                yield from self._cut(last=False)

    def finish(self) -> Iterator[SpeechWindow]:
        """The windows that are left."""
        yield from self._cut(last=True)

    def _cut(self, *, last: bool) -> Iterator[SpeechWindow]:
        sound = np.concatenate(self._waiting) if self._waiting else np.zeros(0, np.float32)
        frames = len(sound) // HOP
        held: list[tuple[int, int]] = []
        done = frames
        loud = self._loud(sound[: frames * HOP])
        for start, end in _spans(loud, _PAUSE):
            goes_on = not last and end > frames - _PAUSE
            gap = start - held[-1][1] if held else 0
            if gap > _APART or (gap > _PAUSE and _length(held) >= _ENOUGH):
                yield from self._window(sound, loud, held)
                held = []
            at = start
            while at < end:
                to = min(end, at + _FULL - _length(held))
                if end - to < _LEAST:
                    to = end  # no crumb of a sentence is left for the next window
                held.append((at, to))
                at = to
                if _length(held) >= _FULL and not (goes_on and at == end):
                    yield from self._window(sound, loud, held)
                    held = []
            done = end
        if held and (last or frames - held[-1][1] > _APART):
            yield from self._window(sound, loud, held)
            held = []
        done = held[0][0] if held else max(done, frames - _PAUSE)
        self._waiting = [sound[done * HOP :]]
        self._fresh = 0
        self._offset += done * HOP

    def _loud(self, sound: Mono) -> NDArray[np.bool_]:
        """Which frames are loud enough for speech."""
        power = np.square(sound).reshape(-1, HOP).mean(axis=1)
        level = 10 * np.log10(np.maximum(power, 1e-12))
        heard = level[level > _FLOOR_DB]
        usual = float(np.quantile(heard, 0.9)) if len(heard) else -120.0
        self._level_db = max(usual, self._level_db - _FALL_DB)
        return np.asarray(level > max(self._level_db - _BELOW_DB, _FLOOR_DB))

    def _window(self, sound: Mono, loud: NDArray[np.bool_], spans: list[tuple[int, int]]) -> Iterator[SpeechWindow]:
        """The window made of `spans`, unless there is too little in it."""
        speech_s = sum(_length(_spans(loud[start:end], _BREATH)) for start, end in spans) * HOP / RATE_HZ
        if _length(spans) < _LEAST:
            self.crumbs_s += speech_s
            return
        speech = np.concatenate([sound[start * HOP : end * HOP] for start, end in spans])
        spare = len(speech) - SAMPLES
        part = speech[spare // 2 : spare // 2 + SAMPLES] if spare >= 0 else np.resize(speech, SAMPLES)
        first, last = (self._offset + frame * HOP for frame in (spans[0][0], spans[-1][1]))
        yield SpeechWindow(first / RATE_HZ, last / RATE_HZ, speech_s, part)


def _length(spans: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _spans(loud: NDArray[np.bool_], pause: int) -> list[tuple[int, int]]:
    """First and last (exclusive) frame of each stretch of speech, with its pauses of up to `pause` frames."""
    edges = np.diff(loud.astype(np.int8), prepend=0, append=0)
    spans: list[tuple[int, int]] = []
    for start, end in zip(np.flatnonzero(edges > 0).tolist(), np.flatnonzero(edges < 0).tolist(), strict=True):
        if spans and start - spans[-1][1] <= pause:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start, end) for start, end in spans if end - start >= _BLIP]
