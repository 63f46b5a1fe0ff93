"""What the engine says. Listeners decide what it means to them; the engine knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from studio.domain.budget import BudgetUse
from studio.domain.episode import Episode, Stage


@dataclass(frozen=True, slots=True)
class EpisodeAdded:
    """A new row; it is stored already."""

    episode: Episode


@dataclass(frozen=True, slots=True)
class EpisodeChanged:
    """A row is different; the new one is stored already."""

    episode: Episode


@dataclass(frozen=True, slots=True)
class EpisodeRemoved:
    """A row is gone."""

    episode_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is, `fraction` from 0 to 1. Said at most ten times a second and episode; never stored."""

    episode_id: int
    stage: Stage
    fraction: float


@dataclass(frozen=True, slots=True)
class Doing:
    """What an episode's stage is at, in words ("waits for a slot, 3rd in line"); empty when there is nothing to say.

    Never stored.
    """

    episode_id: int
    text: str


@dataclass(frozen=True, slots=True)
class SlotsNow:
    """The slots of one kind of model: requests in flight, how many may be, and how many wait for one."""

    kind: str
    in_flight: int
    width: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PurchasesChanged:
    """How buying at one vendor goes. Said at most four times a second.

    `paused` is why nothing is bought for the moment: the circuit is open, and `probe_in_s` seconds are left to the next
    try (None while that is under way). `stopped` is why nothing is bought until the user has done something. Both are
    empty while all is well.
    """

    seller: str
    plan: str
    slots: tuple[SlotsNow, ...]
    asked_last_minute: int
    per_minute: int
    retrying: int  # calls that wait for another try
    paused: str = ""
    probe_in_s: float | None = None
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class RunChanged:
    """Whether anything is under way, and whether new work may start."""

    running: bool
    paused: bool


@dataclass(frozen=True, slots=True)
class Eta:
    """Seconds until the running batch is through, as a range; both None while too little is known."""

    low_s: float | None
    high_s: float | None


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A worker process ended in the middle of an episode's stage; another one does the stage again."""

    episode_id: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user should read: a sentence and its cure. `bug` marks what should not have happened."""

    message: str
    remedy: str = ""
    bug: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReached(Notice):
    """A budget is used up to a mark (0.5, 0.8 or 1.0). Said once for each mark, however often the program starts."""

    use: BudgetUse
    mark: float


Event: TypeAlias = (
    EpisodeAdded
    | EpisodeChanged
    | EpisodeRemoved
    | Progress
    | Doing
    | PurchasesChanged
    | RunChanged
    | Eta
    | WorkerLost
    | Notice
)
Listener: TypeAlias = Callable[[Event], None]


class Events:
    """Hands every event to every listener, in the order in which they came. Use from the event loop's thread only."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every later event; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def say(self, event: Event) -> None:
        """Tell everyone."""
        for listener in tuple(self._listeners):
            listener(event)
