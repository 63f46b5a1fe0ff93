"""The jobs of the worker processes: plain and picklable. The rooms give the functions, the engine calls them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from studio.domain.brand import Brand
from studio.domain.duration import SpeakingRate
from studio.domain.findings import QaReport
from studio.domain.release import Release
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import LoudnessTarget, Mark, SoundReport, Spot
from studio.domain.spoken import SpokenForm, Utterance
from studio.domain.voiceprint import VoiceBaseline
from studio.engine.ports import Report


@dataclass(frozen=True, slots=True)
class MasterJob:
    """From a take, in any format that can be decoded, to the MP3 and its peaks file."""

    source: Path
    mp3: Path
    peaks: Path
    target: LoudnessTarget
    shortest_silence_s: float


@dataclass(frozen=True, slots=True)
class MasterResult:
    """What `MasterJob` led to; the two files are written. `sound` is that of the MP3, with the spots of the source.

    `limited_db` is the limiter's greatest gain reduction held over 100 ms, as the ear takes it; `deepest_db` is the
    greatest at any moment.
    """

    sound: SoundReport
    strip: bytes
    gain_db: float
    limited_db: float
    deepest_db: float


@dataclass(frozen=True, slots=True)
class CheckJob:
    """Sound to be measured, and heard against its spoken form.

    `spots` were found in what the sound was made from, `limited_db` is what that took of limiting.
    """

    audio: Path
    spoken: SpokenForm
    marks: tuple[Mark, ...]  # empty where the voice gave none
    rate: SpeakingRate
    settings: Settings
    spots: tuple[Spot, ...] = ()
    limited_db: float = 0.0
    baseline: VoiceBaseline | None = None
    brand: Brand | None = None
    script: Script | None = None  # what a brand is laid against


MasterFunction: TypeAlias = Callable[[Report, MasterJob], MasterResult]
"""`audio.mastering.master`."""

CheckFunction: TypeAlias = Callable[[Report, CheckJob], QaReport]
"""`quality.check.check`."""


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A release to be written as `parent/NNN-slug`, whole or not at all.

    `previous` is the folder that an earlier export of this episode made, to be replaced or, under a new title, removed.
    """

    release: Release
    parent: Path
    previous: Path | None


ExportFunction: TypeAlias = Callable[[Report, ExportJob], Path]
"""`distribution.folder.write_folder`; returns the folder."""

WithdrawFunction: TypeAlias = Callable[[Report, Path], None]
"""`distribution.withdraw.withdraw_folder`: removes what an export wrote; raises `ExportError`."""


@dataclass(frozen=True, slots=True)
class ProofJob:
    """A body to be decoded completely, before it counts.

    Its length must lie between `shortest_s` and `longest_s`. `marks` are the vendor's, in its own time; where there are
    none, places are estimated from the lengths of the utterances and the silences.
    """

    source: Path
    utterances: tuple[Utterance, ...]
    first: int  # number of the first one within its episode
    shortest_s: float
    longest_s: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the decoded sound is. `marks` are in its time; not `exact` where the vendor gave none to go by."""

    duration_s: float
    marks: tuple[Mark, ...]
    exact: bool


ProveFunction: TypeAlias = Callable[[Report, ProofJob], Proof]
"""`audio.proof.prove`; raises `AudioError` for a body that is not the sound."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk to be joined to others: its sound, its marks, and the silence that its last utterance asks for."""

    source: Path
    marks: tuple[Mark, ...]
    pause_after_s: float


@dataclass(frozen=True, slots=True)
class Joined:
    """One sound made of pieces: its marks and length."""

    marks: tuple[Mark, ...]
    duration_s: float


JoinFunction: TypeAlias = Callable[[Report, Sequence[Piece], Path], Joined]
"""`audio.join.join`: trims the pieces, matches their levels, joins them in silence, as FLAC."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What is put in the place of the utterances `first` to `last` (exclusive) of a take.

    `marks` say where they sound in `source`, in its own time, by their numbers within the episode. `pauses_s` is the
    silence that the script asks for before and after them; where it is not known, the take's is kept however long.
    """

    source: Path
    marks: tuple[Mark, ...]
    first: int
    last: int
    pauses_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Spliced:
    """A take with its patches in it: where everything sounds now, and where each patch begins and ends."""

    marks: tuple[Mark, ...]
    patches: tuple[tuple[float, float], ...]
    duration_s: float


SpliceFunction: TypeAlias = Callable[[Report, Path, Sequence[Mark], Sequence[Patch], Path], Spliced]
"""`audio.splice.splice`: a take with the marks of all its utterances, patches in order, and the FLAC to write."""
