"""One pass over the samples of a file feeds everything that looks at them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.audio.confirm import Confirmation
from studio.audio.decode import probe, stream
from studio.audio.faults import Faults
from studio.audio.meter import Meter
from studio.audio.mono import Ears, Mono
from studio.audio.samples import Samples, loudness_weights
from studio.audio.silence import Silences, quantised
from studio.audio.truepeak import TruePeak
from studio.audio.waveform import Waveform
from studio.domain.sound import Peaks, SoundReport
from studio.engine.ports import Report

_BLOCK, _BLOCK_S = 441_000, 10  # samples and seconds at most; with many detectors, what each call costs tells


class Detector(Protocol):
    """Something that looks at raw samples. Its rate and channels are those that `decode.probe` gives for the file."""

    def feed(self, block: Samples) -> None:
        """The next samples, shape (channels, n). Not to be changed, nor kept without a copy."""

    def finish(self) -> None:
        """There are no more."""


class Listener(Protocol):
    """Something that listens as the ears do: to 16 kHz mono."""

    def feed(self, samples: Mono) -> None:
        """The next samples, shape (n,). Not to be changed, nor kept without a copy."""

    def finish(self) -> None:
        """There are no more."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one pass found: the numbers, the waveform with its loudness curve, and the strip for the table row."""

    sound: SoundReport
    peaks: Peaks
    strip: bytes


def analyse(
    path: Path,
    report: Report,
    shortest_silence_s: float = 0.5,
    detectors: Sequence[Detector] = (),
    listeners: Sequence[Listener] = (),
) -> Analysis:
    """Decode `path` once, at its own rate, and measure it; feed `detectors` and `listeners` with the same samples.

    Raises `AudioError` as `decode.stream` does. A file without anything to gate has no loudness; that is no error.
    """
    info = probe(path)
    meter = Meter(info.rate_hz, loudness_weights(info.channel_names))
    true_peak = TruePeak(info.rate_hz, info.channels)
    waveform = Waveform(info.rate_hz, info.channels)
    faults = Faults(info.rate_hz, info.channels)
    confirmation = Confirmation(info.rate_hz, info.channel_names)
    ears = Ears(info.rate_hz, info.channel_names, [faults.noise, *listeners])
    silences = Silences()
    everyone: tuple[Detector, ...] = (true_peak, waveform, faults, confirmation, ears, *detectors)
    samples = 0
    for block in stream(path, block=min(_BLOCK, _BLOCK_S * info.rate_hz), fold=True):
        samples += block.shape[1]
        powers = meter.feed(block)
        silences.feed(powers)
        faults.feed_powers(powers)
        for detector in everyone:
            detector.feed(block)
        if info.about_s:
            report(min(1.0, samples / info.rate_hz / info.about_s))
    powers = meter.finish()
    silences.feed(powers)
    faults.feed_powers(powers)
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
        spots=faults.spots(loudness, duration_s),
        confirmed_lufs=confirmation.loudness,
        noise_floor_db=faults.edges.noise_floor_db,
        rms_db=faults.edges.rms_db,
    )
    peaks = Peaks(duration_s, waveform.levels(), quantised(meter.short_term_curve()))
    return Analysis(sound, peaks, waveform.strip())
