"""An episode: where it stands, and which moves are legal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studio.domain.findings import Severity, Verdict


class Stage(StrEnum):
    """What is done to an episode, in order."""

    WRITE = "write"  # only where it was queued as a topic
    PREPARE = "prepare"
    SYNTHESIZE = "synthesize"
    MASTER = "master"
    CHECK = "check"
    REVIEW = "review"
    EXPORT = "export"


STAGES: Final = tuple(Stage)


class State(StrEnum):
    """How an episode stands. Together with `Episode.stage` it says everything that a restart needs."""

    QUEUED = "queued"  # `stage` comes next
    WORKING = "working"  # `stage` is under way
    NEEDS_YOU = "needs_you"  # waits for a person: at `prepare` its script, at `review` its sound
    DONE = "done"  # its folder is written
    FAILED = "failed"  # `stage` failed; `reason` and `remedy` say why and what to do
    REJECTED = "rejected"  # a person said no
    CANCELLED = "cancelled"


_MOVES: Final[dict[State, frozenset[State]]] = {
    State.QUEUED: frozenset({State.WORKING, State.NEEDS_YOU, State.CANCELLED}),
    State.WORKING: frozenset({State.QUEUED, State.NEEDS_YOU, State.DONE, State.FAILED, State.CANCELLED}),
    State.NEEDS_YOU: frozenset({State.QUEUED, State.REJECTED, State.CANCELLED}),
    State.DONE: frozenset({State.QUEUED, State.NEEDS_YOU}),
    State.FAILED: frozenset({State.QUEUED, State.NEEDS_YOU, State.CANCELLED}),
    State.REJECTED: frozenset({State.QUEUED, State.NEEDS_YOU}),
    State.CANCELLED: frozenset({State.QUEUED}),
}


def may_move(old: State, new: State) -> bool:
    """Whether an episode may go from `old` to `new`. Staying where it is is always allowed."""
    return old is new or new in _MOVES[old]


class Clearance(StrEnum):
    """Who let an episode through the review gate; it stands in the folder's `metadata.json`."""

    NONE = ""  # nobody yet
    NOT_NEEDED = "not_needed"  # passed, and was not drawn
    APPROVED = "approved"  # by a person
    UNATTENDED = "unattended"  # drawn for review, but the batch ran with `--approve passed`


@dataclass(frozen=True, slots=True)
class StripFault:
    """A finding's place on the waveform strip, as fractions of the episode (0 to 1)."""

    start: float
    end: float
    severity: Severity


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of the batch: everything that the table shows, and where a restart goes on.

    Durations in seconds, money in micro-dollars. `takes` counts the takes so far, `take` is the one in use.
    """

    id: int
    project_id: int
    number: int  # within the project, from 1
    title: str
    source: str
    state: State
    stage: Stage
    priority: int = 0  # higher goes first
    characters: int = 0  # of the spoken form once it is prepared, of the source before
    calls: int = 0
    expected_duration_s: float | None = None
    duration_s: float | None = None
    take: int = 0
    takes: int = 0
    repairs: int = 0
    verdict: Verdict | None = None
    word_accuracy: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    findings: int = 0
    drawn: bool = False  # belongs to the random part of the review
    clearance: Clearance = Clearance.NONE
    cost_micro: int = 0
    reserved_micro: int = 0
    folder: str = ""
    reason: str = ""
    remedy: str = ""
    strip: bytes = b""
    strip_faults: tuple[StripFault, ...] = ()
    timings: tuple[tuple[Stage, float], ...] = ()  # seconds each stage took, last run of it
    overrides: str = ""  # settings of its own in place of the project's: a JSON object, or empty
    voice_consistency: float | None = None  # 0 to 1
    brand_alignment: float | None = None  # 0 to 1
    # What is to be spoken anew of the take in use (`domain.mending`), or which sentence is edited (`domain.editing`);
    # empty where it is no repair.
    mending: str = ""
    script_verdict: Verdict | None = None  # of the checks of its text
    script_approved: bool = False  # a person said that this text may be spoken

    @property
    def awaits_approval(self) -> bool:
        """Whether its script waits for a person, before anything is spoken."""
        return self.state is State.NEEDS_YOU and self.stage is Stage.PREPARE

    @property
    def finished(self) -> bool:
        """Nothing more will happen to it unless a person asks."""
        return self.state in {State.DONE, State.FAILED, State.REJECTED, State.CANCELLED}
