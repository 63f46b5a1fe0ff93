"""Sound as numbers: what was measured, where things are, and what is aimed at.

Loudness is in LUFS (ITU-R BS.1770), range in LU (EBU Tech 3342), peaks in dBTP, times in seconds from the start.
"""

from dataclasses import dataclass
from enum import StrEnum


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


class SpotKind(StrEnum):
    """What one pass over the samples can find at a place."""

    CLICK = "click"  # a jump that no voice makes
    CLIPPING = "clipping"  # flat tops, also where they were turned down afterwards
    NOISE = "noise"  # a burst of noise where nobody speaks, or over speech
    STEP = "step"  # the level of the speech changes by more than 2 LU and stays there
    ABRUPT_START = "abrupt_start"  # the sound begins in the middle of something
    ABRUPT_END = "abrupt_end"
    DC = "dc"  # the waveform does not rest at zero; of the whole file


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that does not sound as it should.

    `amount` is in the unit of its kind: CLICK dB above its surroundings, CLIPPING flat samples, NOISE dB above the room
    tone, STEP LU (negative: softer from here on), ABRUPT_* dBFS at the very edge, DC share of full scale.
    `sure` is 0 to 1.
    """

    kind: SpotKind
    start_s: float
    end_s: float
    amount: float
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class SoundReport:
    """What one pass over the samples found.

    `loudness_lufs` is None where there is nothing to gate (shorter than 0.4 s, or silence), the peak for pure silence.
    `channels` belongs to the loudness: a mono file at -16 LUFS plays as loud as a dual mono one at -13.
    `silences` are stretches below the silence threshold that last at least the shortest one asked for; `spots` are in
    order of time. `confirmed_lufs` is the loudness by an independent meter (pyloudnorm). `noise_floor_db` is the RMS
    level in dBFS of the quietest stretches, `rms_db` that of the whole: None for digital silence.
    """

    duration_s: float
    rate_hz: int
    channels: int
    loudness_lufs: float | None
    loudness_range_lu: float | None
    max_short_term_lufs: float | None
    true_peak_dbtp: float | None
    silences: tuple[Span, ...]
    spots: tuple[Spot, ...] = ()
    confirmed_lufs: float | None = None
    noise_floor_db: float | None = None
    rms_db: float | None = None

    @property
    def channel_convention(self) -> str:
        """How the channels were summed to get the loudness, to be kept beside the number."""
        return {1: "mono, one channel at weight 1.0", 2: "stereo, BS.1770"}.get(
            self.channels, f"{self.channels} channels, BS.1770"
        )


@dataclass(frozen=True, slots=True)
class LoudnessTarget:
    """What mastering aims at, as measured on the decoded result, and what it may do on the way.

    With `by_rms` the level is the RMS in dBFS, as ACX asks for, and not LUFS. `high_pass_hz` of 0 is none; `levelling`
    evens out the level of the speech, gently, over seconds. A result that needs more than
    `most_limiting_db` of gain reduction, on average over any 100 ms, is flagged: what is shorter nobody hears.
    """

    lufs: float = -16.0
    tolerance_lu: float = 0.1
    max_true_peak_dbtp: float = -1.0
    rate_hz: int = 44_100
    channels: int = 2
    bitrate_kbps: int = 128
    by_rms: bool = False
    high_pass_hz: float = 0.0
    levelling: bool = False
    most_limiting_db: float = 3.0
