"""What the engine asks of the rooms around it. Each Protocol is kept by one room; `app.py` puts them together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from studio.domain.brand import Brand
from studio.domain.duration import SpeakingRate
from studio.domain.episode import Episode, Stage
from studio.domain.findings import QaReport
from studio.domain.hearing import TimedWord
from studio.domain.project import Project
from studio.domain.queueing import Waiting
from studio.domain.script import Script
from studio.domain.script_report import ScriptReport
from studio.domain.settings import Settings
from studio.domain.sound import Mark, Peaks
from studio.domain.speech_plan import Terms
from studio.domain.spoken import SpokenForm
from studio.domain.take import Artifact, Master, Take
from studio.domain.voiceprint import VoiceBaseline
from studio.domain.writing import Provenance
from studio.engine.drafts import Draft, Refusal

P = ParamSpec("P")
T = TypeVar("T")

Report: TypeAlias = Callable[[float], None]
"""Told how far a job is, 0 to 1. Cheap to call often; the receiver thins it out."""


def unfollowed(_fraction: float) -> None:
    """The `Report` of jobs too short to be followed."""


class Lane(StrEnum):
    """What a stage is bound by; stages in the CPU lane share the cores, `NONE` takes no time worth counting."""

    CPU = "cpu"
    NETWORK = "network"
    NONE = "none"


class Clock(Protocol):
    """Time, and chance. Tests make it go faster."""

    def monotonic(self) -> float:
        """Seconds that never go back and do not count while the machine sleeps."""

    def now(self) -> datetime:
        """The time of day, with the local time zone."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    def uniform(self, low: float, high: float) -> float:
        """A random number."""


class Compute(Protocol):
    """Where CPU-heavy functions run (`compute/`)."""

    @property
    def slots(self) -> int:
        """How many jobs run at the same time."""

    async def run(
        self, job: Callable[Concatenate[Report, P], T], report: Report, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a module-level function elsewhere, as `job(report, *args, **kwargs)`.

        Arguments and result cross a process boundary (pickle); `report` is called on the event loop's thread.
        Raises what the job raised, or `WorkerLostError` when its process died. Cancelling ends the job for good, if
        need be by ending its process.
        """


ReadBrand: TypeAlias = Callable[[Path], Brand]
"""Reads a brand file and the sample scripts that it names. Raises `InputError` with the place and a cure."""


class Intake(Protocol):
    """`content.intake`: reads scripts."""

    def find(self, paths: Sequence[Path]) -> Sequence[Path]:
        """The script files in `paths`, folders searched, in natural order. Raises `InputError` for a hopeless path."""

    def read(self, path: Path) -> Script:
        """One file as a script. Raises `InputError` with the file's name and a cure."""

    def read_text(self, text: str, source: str) -> Script:
        """Text that was pasted or stored, as a script."""

    def drafts(self, path: Path) -> Sequence[Draft | Refusal]:
        """What one file holds: a script, or the rows of a table. Raises `InputError` for the file as a whole."""

    def topics(self, path: Path) -> Sequence[Draft | Refusal]:
        """The same where topics are meant: a list of short lines holds one in each of them."""

    def topic(self, title: str, brief: str = "", minutes: float = 0.0, sources: Sequence[str] = ()) -> Draft:
        """A topic in words. Raises `InputError` and `SettingError` for one that cannot be written about."""

    def text_drafts(self, text: str, source: str) -> Sequence[Draft | Refusal]:
        """The same of text that was pasted or dropped."""


SpokenForms: TypeAlias = Callable[[Script, Settings, Mapping[str, str]], SpokenForm]
"""`content.speech_text.spoken_form`; the mapping is the brand's pronunciations (`Brand.pronunciations`)."""


class Artifacts(Protocol):
    """Files kept by the hash of their content (`store/artifacts.py`)."""

    def scratch(self, suffix: str) -> Path:
        """A path for a file to be written, on the same disk as its final place. Raises `DiskFullError`."""

    async def keep(self, path: Path) -> Artifact:
        """Hash, fsync and move a scratch file to its place; the same content is kept once."""

    def incoming(self, attempt_id: int, suffix: str) -> Path:
        """Where the body of a purchase is written: on the same disk, and not swept when the program dies."""

    async def received(self, path: Path) -> None:
        """Bring a whole body to the disk (fsync), before the ledger says that it is there."""

    async def keep_bought(self, path: Path) -> Artifact:
        """As `keep`, but the incoming file stays beside it until `drop` is called."""

    async def drop(self, path: Path) -> None:
        """Remove an incoming file, if it is there."""

    def path(self, artifact: Artifact) -> Path:
        """Where it lies."""

    async def ensure_room(self, size: int) -> None:
        """Raise `DiskFullError` unless `size` more bytes fit, with a margin."""


# What a finished stage leaves in the store, beside the episode's new row.


@dataclass(frozen=True, slots=True)
class Written:
    """A script that the studio wrote from an episode's topic, and where it comes from."""

    script: Script
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Prepared:
    """The spoken form of an episode, and what the checks said of its script (None where they were not asked)."""

    spoken: SpokenForm
    report: ScriptReport | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """A script that a person changed before it was spoken."""

    script: Script


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A script in which a person changed a sentence, its spoken form, and the take that was made of it, if just now."""

    script: Script
    spoken: SpokenForm
    take: Take | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on the master of one take, and what that adds to the report on the one that is used instead of it."""

    take_number: int
    report: QaReport
    kept: "Checked | None" = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person, or the unattended run, decided at the gate."""

    clearance: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """The decision on the take in use was taken back: it counts no more, and nothing is learned from it.

    With `rewritten`, the script goes back too, to what that take was made of.
    """

    rewritten: Rewritten | None = None


Product: TypeAlias = Written | Prepared | Revised | Take | Rewritten | Master | Checked | Decision | Undecided


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an episode's history. `seconds` is what the stage took; `note` says what happened."""

    stage: Stage
    outcome: str
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """A script to be queued."""

    script: Script
    priority: int = 0
    overrides: str = ""  # settings of its own, as `Episode.overrides`


@dataclass(frozen=True, slots=True)
class Misread:
    """A passage that an episode's take in use was found to misread: what the script says, and what was heard."""

    episode_id: int
    script: str
    said: str


BASELINE = 30  # accepted episodes that a voice is compared with


class Line(Protocol):
    """The line in which the episodes of a project stand (`store/line.py`)."""

    async def known(self, project_id: int, scripts: Sequence[Script]) -> Sequence[int | None]:
        """For each of these scripts the number of the episode that has its text already, or None."""

    async def remove(self, episode_id: int) -> None:
        """Take an episode out of its project. Its takes and costs stay in the library's history."""

    async def take_back(self, ids: Sequence[int]) -> Sequence[int]:
        """Take those of these episodes out that still wait as they were queued; returns their ids."""

    async def restore(self, episode_id: int) -> Episode:
        """Put an episode back that was taken out. Raises `StoreError` where its text is in the project again."""

    async def waiting(self, project_id: int) -> Sequence[Waiting]:
        """The queued episodes of a project, by number."""

    async def prioritise(self, priorities: Mapping[int, int]) -> Sequence[Episode]:
        """Store new priorities; returns these episodes as they stand then, without any that was taken out."""


class Projects(Line, Protocol):
    """Projects, episodes and what their stages left (`store/projects.py`). Every write is one transaction."""

    async def create(self, name: str, out_dir: Path, settings: Settings) -> Project:
        """A new project. Raises `StoreError` when the name is taken."""

    async def update(self, project: Project) -> None:
        """Store changed settings or a changed output folder."""

    async def archive(self, project_id: int, *, away: bool) -> None:
        """Put a project away, or take it out again. Nothing else of it changes."""

    async def use(self, project_id: int) -> None:
        """Note that a project was used now."""

    async def all(self) -> Sequence[Project]:
        """Every project, the archived ones among them, the one last used first."""

    async def add(self, project: Project, episodes: Sequence[NewEpisode]) -> Sequence[tuple[Episode, bool]]:
        """Queue scripts; a script that the project has already (same text) gives its episode and False."""

    async def episodes(self, project_id: int | None = None) -> Sequence[Episode]:
        """The episodes of one project, or of all, by number."""

    async def episode(self, episode_id: int) -> Episode:
        """One episode as it is stored now. Raises `EpisodeLookupError` when there is none of that id."""

    async def save(self, episode: Episode, entry: HistoryEntry | None = None, product: Product | None = None) -> None:
        """Store an episode's row, what happened, and what it left, in one transaction."""

    async def override(self, episode_id: int, overrides: str) -> Episode:
        """Store settings of its own for an episode, and nothing else; returns it as it stands then."""

    async def recover(self) -> Sequence[Episode]:
        """Put everything that was under way when the program ended back in its queue; returns those episodes."""

    async def script(self, episode_id: int) -> Script:
        """The script as it was queued, or as a person has edited it since."""

    async def spoken(self, episode_id: int) -> SpokenForm | None:
        """The spoken form, once prepared."""

    async def take(self, episode_id: int, number: int) -> Take | None:
        """Take `number` of an episode."""

    async def master(self, episode_id: int, take_number: int) -> Master | None:
        """The master of a take."""

    async def report(self, episode_id: int, take_number: int) -> QaReport | None:
        """The report on that master."""

    async def misread(self, project_id: int, but: int) -> Sequence[Misread]:
        """What the episodes of a project but this one misread, as far as it stopped them; the newest few hundred."""

    async def history(self, episode_id: int) -> Sequence[HistoryEntry]:
        """What happened to an episode, oldest first."""

    async def terms(self, episode_id: int, number: int, inputs: str) -> Terms | None:
        """The terms under which take `number` was first planned from these inputs (a hash), or None."""

    async def keep_terms(self, episode_id: int, number: int, inputs: str, terms: Terms) -> None:
        """Store them, before anything is bought."""

    async def speaking_rate(self, episode_id: int, voice: str, model: str, speed: float) -> SpeakingRate:
        """The rate learned from what was accepted before this episode was queued, or a first guess.

        Frozen there, so that a verdict does not depend on which episode of a batch happens to be through first.
        """

    async def voice_baseline(self, episode_id: int, voice: str, model: str) -> VoiceBaseline:
        """The prints of that voice and model among what was accepted before this episode was queued, newest first.

        At most `BASELINE` of them; frozen as the speaking rate is, and without what the episode itself left.
        """


@dataclass(frozen=True, slots=True)
class Details:
    """What the dock and the panel show of one episode. Everything is in memory: nothing here touches the disk."""

    episode: Episode
    script: Script
    audio: Path | None  # the mastered MP3, or the take where it is not mastered yet
    peaks: Peaks | None
    report: QaReport | None
    words: tuple[TimedWord, ...]
    marks: tuple[Mark, ...]
    chapters: tuple[tuple[float, str], ...]
    history: tuple[HistoryEntry, ...]
    take: Take | None = None  # the one in use
    master: Master | None = None


ReadPeaks: TypeAlias = Callable[[Path], Peaks]
"""`audio.peaks.read`."""
