"""Long sound cut into windows for the ears: where somebody speaks, at silences, in constant memory."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

RATE_HZ = 16_000  # what Whisper and the voice activity detector hear
LONGEST_S = 29.5  # Whisper sees 30 s at once
_SLICE_S = 240.0  # what is in memory at once: 15 MB
_BRIDGE_S = 1.5  # a shorter silence stays inside a window: cutting costs a window, keeping costs nothing
_SETTLED_S = 1.0  # a silence of that length at the end of a slice is the end of what was said
_VAD = VadOptions(max_speech_duration_s=LONGEST_S - 0.5, min_silence_duration_ms=160, speech_pad_ms=200)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch with speech in it, at most `LONGEST_S` long: its start and its samples (float32, (n,), 16 kHz)."""

    start_s: float
    samples: NDArray[np.float32]

    @property
    def end_s(self) -> float:
        """When it ends."""
        return self.start_s + len(self.samples) / RATE_HZ


def windows(sound: Iterable[NDArray[np.float32]]) -> Iterator[Window]:
    """Cut mono 16 kHz `sound`, float32 blocks of shape (n,), into windows in order of time.

    What the voice activity detector (Silero VAD) takes for silence is left out; no more than one slice is held.
    """
    held: list[NDArray[np.float32]] = []
    length = 0
    start = 0  # of what is held, in samples
    for block in sound:
        held.append(block)
        length += len(block)
        if length >= _SLICE_S * RATE_HZ:
            samples = np.concatenate(held)
            keep_from = yield from _cut(samples, start, last=False)
            held, length, start = [samples[keep_from:].copy()], len(samples) - keep_from, start + keep_from
    if length:
        yield from _cut(np.concatenate(held), start, last=True)


def _cut(samples: NDArray[np.float32], start: int, *, last: bool) -> Generator[Window, None, int]:
    """Yield the windows of a slice that begins at sample `start`; returns where the next slice has to begin.

    The last window of a slice may go on in the next one, so it is left to that.
    """
    spans = _joined(get_speech_timestamps(samples, _VAD))
    following = len(samples) if last else len(samples) - int(_SETTLED_S * RATE_HZ)
    if spans and not last and spans[-1][1] > following:
        following = spans.pop()[0]
    for first, end in spans:
        yield Window((start + first) / RATE_HZ, samples[first:end].copy())
    return following


def _joined(stretches: list[dict[str, int]]) -> list[tuple[int, int]]:
    """Stretches of speech put together while they fit into one window."""
    spans: list[tuple[int, int]] = []
    for stretch in stretches:
        first, end = stretch["start"], stretch["end"]
        if spans and end - spans[-1][0] <= LONGEST_S * RATE_HZ and first - spans[-1][1] <= _BRIDGE_S * RATE_HZ:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((first, end))
    return spans


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
