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
class Mend:
    """Utterances `first` to `last` (exclusive) of a take that were spoken anew, and where in it they sound now.

    Where a person had edited the script for it, `edited` is how (`domain.editing`), and `shift` by how much the numbers
    of the utterances behind are higher than in the take before.
    """

    first: int
    last: int
    start_s: float
    end_s: float
    characters: int
    edited: str = ""
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """One whole speaking of an episode. Takes are never overwritten; the episode points to the one in use.

    Of a mended take `parent` is the number of the take that it was made from and `mends` what was put into it; a take
    that was spoken as a whole has parent 0.
    """

    number: int
    voice: str
    model: str
    seed: int
    audio: Artifact
    marks: tuple[Mark, ...]
    duration_s: float
    parent: int = 0
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True, slots=True)
class Master:
    """A mastered take: the MP3 that will be shipped, what was measured on it decoded, and its waveform.

    The spots of `sound` are those of the take, before encoding hid them.
    """

    take_number: int
    audio: Artifact
    peaks: Artifact
    strip: bytes  # the waveform in one table row: alternating mean lows and highs as signed bytes
    sound: SoundReport
    gain_db: float
    limited_db: float  # the limiter's greatest gain reduction held over 100 ms
