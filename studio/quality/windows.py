"""Long sound cut into windows for the ears: where somebody speaks, at silences, in constant memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ

LONGEST_S = 16.0  # longer ones cost more than in proportion; in shorter ones the ears know too little of the sentence
_LEAST = 0.55  # of the longest: a fuller window may end at any pause, so it ends at the longest
_SLICE_S = 320.0  # what is in memory at once: 20 MB
_BRIDGE_S = 1.5  # a shorter silence stays inside a window: cutting costs a window, keeping costs nothing
_SETTLED_S = 1.0  # a silence of that length at the end of a slice is the end of what was said
_STRETCH_S = 29.0  # of speech without a pause at most, so that what is held is bounded
_VAD = VadOptions(max_speech_duration_s=_STRETCH_S, min_silence_duration_ms=160, speech_pad_ms=200)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch with speech in it, at most `LONGEST_S` long: its start and its samples (float32, (n,), 16 kHz)."""

    start_s: float
    samples: NDArray[np.float32]

    @property
    def end_s(self) -> float:
        """When it ends."""
        return self.start_s + self.length_s

    @property
    def length_s(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE_HZ


class Windows:
    """Cuts mono 16 kHz sound into windows as it comes.

    What the voice activity detector (Silero VAD) takes for silence is left out; no more than one slice is held.
    """

    def __init__(self) -> None:
        self._held: list[NDArray[np.float32]] = []
        self._length = 0  # of what is held, in samples
        self._start = 0  # where that begins

    def feed(self, samples: NDArray[np.float32]) -> list[Window]:
        """The next samples, shape (n,); gives the windows that are complete, in order of time."""
        self._held.append(samples.copy())
        self._length += len(samples)
        return self._cut(last=False) if self._length >= _SLICE_S * RATE_HZ else []

    def finish(self) -> list[Window]:
        """There are no more samples; gives the last windows."""
        return self._cut(last=True) if self._length else []

    def _cut(self, *, last: bool) -> list[Window]:
        """The windows of what is held. The last one may go on in what follows, so it is left to that."""
        samples = np.concatenate(self._held)
        spans = [(each["start"], each["end"]) for each in get_speech_timestamps(samples, _VAD)]
        following = len(samples) if last else len(samples) - int(_SETTLED_S * RATE_HZ)
        if spans and not last and spans[-1][1] > following:
            following = spans.pop()[0]
        stretches = [part for span in spans for part in _short(samples, *span)]
        found = [
            Window((self._start + first) / RATE_HZ, samples[first:end].copy()) for first, end in _joined(stretches)
        ]
        self._held, self._length = [samples[following:].copy()], len(samples) - following
        self._start += following
        return found


def _short(samples: NDArray[np.float32], first: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch without a pause, cut where it is quiet until each part fits into a window."""
    if end - first <= LONGEST_S * RATE_HZ:
        yield first, end
        return
    middle = first + len(halves(Window(0.0, samples[first:end]))[0].samples)
    yield from _short(samples, first, middle)
    yield from _short(samples, middle, end)


def _joined(stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches of speech put together while they fit into one window."""

    def pause(at: int) -> int:
        return stretches[at][0] - stretches[at - 1][1]

    begin = 0
    while begin < len(stretches):
        start, end = stretches[begin][0], begin + 1
        longest = start + LONGEST_S * RATE_HZ
        while end < len(stretches) and pause(end) <= _BRIDGE_S * RATE_HZ and stretches[end][1] <= longest:
            end += 1
        if end < len(stretches) and pause(end) <= _BRIDGE_S * RATE_HZ:
            enough = start + _LEAST * LONGEST_S * RATE_HZ
            places = [at for at in range(begin + 1, end + 1) if stretches[at - 1][1] >= enough]
            end = max(places or [end], key=lambda at: (pause(at), at))
        yield start, stretches[end - 1][1]
        begin = end


def halves(window: Window) -> tuple[Window, Window]:
    """A window cut in two at the quietest place of its middle third."""
    frame = RATE_HZ // 10
    third = len(window.samples) // 3
    middle = window.samples[third : 2 * third]
    count = len(middle) // frame
    cut = len(window.samples) // 2
    if count:
        energy = np.square(middle[: count * frame]).reshape(count, frame).sum(axis=1)
        cut = third + int(energy.argmin()) * frame + frame // 2
    return (
        Window(window.start_s, window.samples[:cut]),
        Window(window.start_s + cut / RATE_HZ, window.samples[cut:]),
    )
