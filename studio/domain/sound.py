"""Sound as numbers: what was measured, where things are, and what is aimed at.

Loudness is in LUFS (ITU-R BS.1770), range in LU (EBU Tech 3342), peaks in dBTP, times in seconds from the start.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Its length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an utterance sounds: source offsets and seconds. `end_s` excludes the pause after it."""

    utterance: int
    source_start: int
    source_end: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PeakLevel:
    """One resolution of a waveform: `bin_s` seconds a bin, extremes as signed bytes (full scale is 127)."""

    bin_s: float
    low: bytes
    high: bytes


@dataclass(frozen=True, slots=True)
class Peaks:
    """A waveform to draw: a pyramid of extremes, finest level first, and the short-term loudness curve.

    `loudness` holds one value a second in half-LU steps below 0 LUFS (46 is -23 LUFS; 255 is silence).
    """

    duration_s: float
    levels: tuple[PeakLevel, ...]
    loudness: bytes


@dataclass(frozen=True, slots=True)
class SoundReport:
    """What one pass over the samples found.

    `loudness_lufs` is None where there is nothing to gate (shorter than 0.4 s, or silence), the peak for pure silence.
    `channels` belongs to the loudness: a mono file at -16 LUFS plays as loud as a dual mono one at -13.
    `silences` are stretches below the silence threshold that last at least the shortest one asked for.
    """

    duration_s: float
    rate_hz: int
    channels: int
    loudness_lufs: float | None
    loudness_range_lu: float | None
    max_short_term_lufs: float | None
    true_peak_dbtp: float | None
    silences: tuple[Span, ...]

    @property
    def channel_convention(self) -> str:
        """How the channels were summed to get the loudness, to be kept beside the number."""
        return {1: "mono, one channel at weight 1.0", 2: "stereo, BS.1770"}.get(
            self.channels, f"{self.channels} channels, BS.1770"
        )


@dataclass(frozen=True, slots=True)
class LoudnessTarget:
    """What mastering aims at, as measured on the decoded result."""

    lufs: float = -16.0
    tolerance_lu: float = 0.3
    max_true_peak_dbtp: float = -1.0
    rate_hz: int = 44_100
    channels: int = 1
    bitrate_kbps: int = 128
