"""One pass over the samples of a file feeds everything that looks at them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.audio.decode import probe, stream
from studio.audio.meter import Meter
from studio.audio.samples import Samples, loudness_weights
from studio.audio.silence import Silences, quantised
from studio.audio.truepeak import TruePeak
from studio.audio.waveform import Waveform
from studio.domain.sound import Peaks, SoundReport
from studio.engine.ports import Report


class Detector(Protocol):
    """Something that looks at raw samples. Its rate and channels are those that `decode.probe` gives for the file."""

    def feed(self, block: Samples) -> None:
        """The next samples, shape (channels, n). Not to be changed, nor kept without a copy."""

    def finish(self) -> None:
        """There are no more."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one pass found: the numbers, the waveform with its loudness curve, and the strip for the table row."""

    sound: SoundReport
    peaks: Peaks
    strip: bytes


def analyse(
    path: Path, report: Report, shortest_silence_s: float = 0.5, detectors: Sequence[Detector] = ()
) -> Analysis:
    """Decode `path` once, at its own rate, and measure it; feed `detectors` with the same samples.

    Raises `AudioError` as `decode.stream` does. A file without anything to gate has no loudness; that is no error.
    """
    info = probe(path)
    meter = Meter(info.rate_hz, loudness_weights(info.channel_names))
    true_peak = TruePeak(info.rate_hz, info.channels)
    waveform = Waveform(info.rate_hz, info.channels)
    silences = Silences()
    everyone: tuple[Detector, ...] = (true_peak, waveform, *detectors)
    samples = 0
    for block in stream(path):
        samples += block.shape[1]
        silences.feed(meter.feed(block))
        for detector in everyone:
            detector.feed(block)
        if info.about_s:
            report(min(1.0, samples / info.rate_hz / info.about_s))
    silences.feed(meter.finish())
    for detector in everyone:
        detector.finish()
    duration_s = samples / info.rate_hz
    loudness = meter.integrated
    sound = SoundReport(
        duration_s=duration_s,
        rate_hz=info.rate_hz,
        channels=info.channels,
        loudness_lufs=loudness,
        loudness_range_lu=meter.loudness_range,
        max_short_term_lufs=meter.max_short_term,
        true_peak_dbtp=20 * math.log10(true_peak.highest) if true_peak.highest > 0 else None,
        silences=silences.spans(loudness, shortest_silence_s, duration_s),
    )
    peaks = Peaks(duration_s, waveform.levels(), quantised(meter.short_term_curve()))
    return Analysis(sound, peaks, waveform.strip())
