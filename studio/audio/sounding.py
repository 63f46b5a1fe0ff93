"""Where a file sounds, and how loud: one pass over its samples, in constant memory."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.audio.bins import BIN_S
from studio.audio.decode import probe, stream
from studio.audio.meter import Meter, lufs
from studio.audio.samples import Powers, loudness_weights
from studio.audio.silence import Silences, unpacked
from studio.domain.sound import Span
from studio.engine.ports import Report

SHORTEST_PAUSE_S = 0.05  # what is shorter is the closure of a consonant
_TAIL_BINS = 30
_WITHIN_SPEECH_LU = 10.0  # of its mean: what is softer belongs to the gaps between its sounds
_NOTHING = 1e-10  # mean square of a bin in which nothing sounds


@dataclass(frozen=True, slots=True)
class Sounding:
    """What one pass found. Times are in seconds, to 10 ms; levels in LUFS.

    `first_s` and `last_s` bound what sounds; both are 0 where nothing does, and `loudness` is None then. `pauses` are
    the silences between them, of 50 ms or more. `packed` holds the levels of all 10 ms bins in half-LU steps below
    0 LUFS, one byte each.
    """

    duration_s: float
    loudness: float | None
    momentary: float | None
    peak: float
    first_s: float
    last_s: float
    pauses: tuple[Span, ...]
    packed: bytes

    @property
    def tail(self) -> Powers:
        """The levels of the last 10 ms bins, in LUFS, oldest first."""
        return unpacked(self.packed[-_TAIL_BINS:])

    def levels(self, start_s: float, end_s: float) -> Powers:
        """The levels of the 10 ms bins that lie wholly between two moments, in LUFS."""
        return unpacked(self.packed[max(0, math.ceil(start_s / BIN_S - 1e-6)) : max(0, int(end_s / BIN_S + 1e-6))])

    def speech_level(self, start_s: float, end_s: float) -> float | None:
        """How loud the speech between two moments is, in LUFS, without the gaps in it; None where nothing sounds."""
        powers = np.power(10.0, (self.levels(start_s, end_s) + 0.691) / 10)
        if not len(powers) or powers.max() <= _NOTHING:
            return None
        return lufs(float(powers[powers >= powers.mean() * 10 ** (-_WITHIN_SPEECH_LU / 10)].mean()))


def listen(path: Path, report: Report, rate_hz: int | None = None, channels: int | None = None) -> Sounding:
    """Decode all of `path`, resampled and mixed where that is asked for. Raises as `decode.stream` does."""
    info = probe(path)
    rate = rate_hz or info.rate_hz
    weights = (1.0,) * channels if channels else loudness_weights(info.channel_names)
    meter, silences = Meter(rate, weights), Silences()
    samples, peak = 0, 0.0
    for block in stream(path, rate_hz, channels):
        samples += block.shape[1]
        peak = max(peak, float(np.abs(block).max(initial=0.0)))
        silences.feed(meter.feed(block))
        if info.about_s:
            report(min(1.0, samples / rate / info.about_s))
    silences.feed(meter.finish())
    duration_s, loudness = samples / rate, meter.integrated
    spans = silences.spans(loudness, SHORTEST_PAUSE_S, duration_s)
    first_s, last_s = _bounds(spans, duration_s) if loudness is not None else (0.0, 0.0)
    pauses = tuple(span for span in spans if first_s < span.start_s and span.end_s < last_s)
    return Sounding(duration_s, loudness, meter.max_momentary, peak, first_s, last_s, pauses, silences.packed)


def _bounds(spans: tuple[Span, ...], duration_s: float) -> tuple[float, float]:
    first_s = spans[0].end_s if spans and spans[0].start_s == 0.0 else 0.0
    last_s = spans[-1].start_s if spans and spans[-1].end_s >= duration_s - BIN_S else duration_s
    return (first_s, last_s) if first_s < last_s else (0.0, 0.0)
