"""What each stage leaves behind, kept whole: takes, masters and the artifacts they point to."""

from dataclasses import dataclass

from studio.domain.sound import Mark, SoundReport


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file kept under the hash of its content. `suffix` is its ending with the dot; `size` is in bytes."""

    sha256: str
    suffix: str
    size: int


@dataclass(frozen=True, slots=True)
class Speech:
    """One chunk's sound as a voice gave it, and where in it each utterance sounds (seconds from the chunk's start).

    `marks` are empty where the voice did not say, as with a call that was recovered from a vendor's history.
    `request_id` is the vendor's name for the call that brought it, empty for a voice without one.
    """

    audio: Artifact
    marks: tuple[Mark, ...]
    duration_s: float
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """One whole speaking of an episode. Takes are never overwritten; the episode points to the one in use."""

    number: int
    voice: str
    model: str
    seed: int
    audio: Artifact
    marks: tuple[Mark, ...]
    duration_s: float


@dataclass(frozen=True, slots=True)
class Master:
    """A mastered take: the MP3 that will be shipped, what was measured on it decoded, and its waveform."""

    take_number: int
    audio: Artifact
    peaks: Artifact
    strip: bytes  # the waveform in one table row: alternating mean lows and highs as signed bytes
    sound: SoundReport
    gain_db: float
    limited_db: float  # the deepest gain reduction of the limiter
