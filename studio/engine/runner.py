"""One episode: does its next stage, stores what came of it, then says so. Only here is an episode's state written."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from studio.domain.editing import edits_from_text
from studio.domain.episode import STAGES, Clearance, Episode, Stage, State, may_move
from studio.domain.errors import BatchcastError, BudgetError, DiskFullError, StoreError, WorkerLostError
from studio.domain.project import Project
from studio.domain.purchase import PASSING, CallError, PurchasesStoppedError, Trouble, UnclearError
from studio.domain.script import Script
from studio.domain.writing import Provenance
from studio.engine.asking import Asker
from studio.engine.buying import Buyer
from studio.engine.events import EpisodeChanged, Events, Notice, Progress, WorkerLost
from studio.engine.ports import Decision, HistoryEntry, Product, Projects, Revised, Undecided, Written
from studio.engine.rooms import Rooms
from studio.engine.stages import PIPELINE
from studio.engine.unbroken import unbroken
from studio.engine.work import Outcome, Work

logger = logging.getLogger(__name__)

# These say nothing about the episode: it keeps its place in the queue, and the next run tries again.
BLOCKING = (BudgetError, DiskFullError, PurchasesStoppedError, StoreError, UnclearError)


def blocks(error: BatchcastError) -> bool:
    """Whether `error` is about the world around the episode and not about the episode."""
    return isinstance(error, BLOCKING) or (isinstance(error, CallError) and error.trouble in PASSING)


def ends_a_repair(error: BatchcastError) -> bool:
    """Whether a take stays as it is for `error`: waiting for money, or for a better answer, would leave it unheard."""
    credits_gone = isinstance(error.__cause__, CallError) and error.__cause__.trouble is Trouble.QUOTA
    return isinstance(error, BudgetError) or credits_gone or not (blocks(error) or isinstance(error, WorkerLostError))


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How far a run goes: `until` stops every episode after that stage."""

    until: Stage | None = None

    def wants(self, episode: Episode) -> bool:
        """Whether the stage that `episode` is queued for belongs to the run."""
        return self.until is None or STAGES.index(episode.stage) <= STAGES.index(self.until)


TO_THE_END = RunOptions()


class Runner:
    """Moves episodes, one stage at a time."""

    def __init__(self, rooms: Rooms, buyer: Buyer, asker: Asker, events: Events) -> None:
        self._rooms = rooms
        self._buyer = buyer
        self._asker = asker
        self._events = events
        self._clock = rooms.clock.monotonic
        # Given since the rows under way were read:
        self._priorities: dict[int, int] = {}
        self._overrides: dict[int, str] = {}

    @property
    def _projects(self) -> Projects:
        return self._rooms.projects

    async def step(self, episode: Episode, project: Project) -> tuple[Episode, Exception | None]:
        """Do the stage that `episode` is queued for.

        Returns the episode as stored, and what kept it from moving (None if it moved). When cancelled, the episode goes
        back to its queue with nothing lost, and `CancelledError` is raised on.
        """
        stage = episode.stage
        try:
            episode = await self._move(replace(episode, reason="", remedy=""), State.WORKING)
        except asyncio.CancelledError:
            await self._move(episode, State.QUEUED)
            raise
        started = self._clock()
        work = Work(
            self._rooms,
            self._buyer,
            self._asker,
            project,
            episode,
            lambda fraction: self._events.say(Progress(episode.id, stage, fraction)),
        )
        try:
            outcome = await self._attempt(work)
        except asyncio.CancelledError:
            await self._move(episode, State.QUEUED)
            raise
        except BatchcastError as error:
            if episode.mending and ends_a_repair(error):
                return await self._left_as_it_is(episode, error, started), None
            state, ending = (State.QUEUED, "blocked") if blocks(error) else (State.FAILED, "failed")
            held = await self._with_costs(replace(episode, reason=error.message, remedy=error.remedy))
            return await self._move(held, state, self._entry(stage, ending, started, str(error))), error
        except Exception as error:  # noqa: BLE001  (the one place where a bug meets the user)
            return await self._bug(episode, started, error), error
        seconds = self._clock() - started
        timings = {**dict(outcome.episode.timings), stage: seconds}
        moved = replace(outcome.episode, timings=tuple(timings.items()))
        entry = HistoryEntry(stage, "needs you" if outcome.needs_you else "done", seconds, outcome.note)
        return await self._follow(moved, outcome, entry), None

    async def _left_as_it_is(self, episode: Episode, error: BatchcastError, started: float) -> Episode:
        """What was to be mended waits for a person with the take that it has, and with the reason."""
        entry = self._entry(episode.stage, "needs you", started, f"not mended: {error.message}")
        left = replace(await self._with_costs(episode), stage=Stage.REVIEW, mending="")
        reason = f"It was not mended, and stays as it is. {error.message}"
        return await self._move(replace(left, reason=reason, remedy=error.remedy), State.NEEDS_YOU, entry)

    async def _with_costs(self, episode: Episode) -> Episode:
        """What it has cost so far shows also where no take came of it."""
        if episode.stage not in {Stage.WRITE, Stage.SYNTHESIZE}:
            return episode
        costs = await self._rooms.ledger.episode_costs(episode.id)
        return replace(episode, calls=costs.calls, cost_micro=costs.settled_micro, reserved_micro=costs.reserved_micro)

    async def _attempt(self, work: Work) -> Outcome:
        """The stage, once more where its worker died: that may have been another's fault."""
        stage = PIPELINE[work.episode.stage]
        try:
            return await stage(work)
        except WorkerLostError:
            logger.info("episode %d: the worker was lost, trying again", work.episode.id)
            self._events.say(WorkerLost(work.episode.id, work.episode.stage))
            return await stage(work)

    async def _follow(self, episode: Episode, outcome: Outcome, entry: HistoryEntry) -> Episode:
        if outcome.needs_you:
            return await self._move(episode, State.NEEDS_YOU, entry, outcome.product)
        if outcome.next is None:
            return await self._move(episode, State.DONE, entry, outcome.product)
        return await self._move(replace(episode, stage=outcome.next), State.QUEUED, entry, outcome.product)

    async def _bug(self, episode: Episode, started: float, error: Exception) -> Episode:
        logger.error("episode %d, %s: %s", episode.id, episode.stage, type(error).__name__, exc_info=error)
        reason = f"Batchcast made a mistake at the stage “{episode.stage}” ({type(error).__name__})."
        remedy = "Try it again; if it stays, send the log file to the developers."
        self._events.say(Notice(f"{episode.title}: {reason}", remedy, bug=True))
        failed = replace(episode, reason=reason, remedy=remedy)
        return await self._move(failed, State.FAILED, self._entry(episode.stage, "bug", started, str(error)))

    async def cancel(self, episode: Episode) -> Episode:
        """Take a queued, waiting or failed episode out of the run; its takes are kept."""
        return await self._move(episode, State.CANCELLED, HistoryEntry(episode.stage, "cancelled", 0.0))

    async def retry(self, episode: Episode) -> Episode:
        """Put an episode back in the queue at the stage where it stopped."""
        episode = replace(episode, reason="", remedy="")
        return await self._move(episode, State.QUEUED, HistoryEntry(episode.stage, "retried", 0.0))

    async def retake(self, episode: Episode, mending: str = "") -> Episode:
        """Have the whole episode, or what is to be mended in it, spoken anew, as another take.

        It is prepared once more: the pronunciations may have changed.
        """
        episode = replace(episode, stage=Stage.PREPARE, clearance=Clearance.NONE, reason="", remedy="", mending=mending)
        edits = edits_from_text(mending)
        entry = HistoryEntry(Stage.SYNTHESIZE, "mend" if mending else "retake", 0.0, mending)
        if edits:
            more = f", and {len(edits) - 1} more" if len(edits) > 1 else ""
            said = f"“{edits[0].was.strip()}” is to be “{edits[0].now.strip()}”{more}"
            entry = HistoryEntry(Stage.PREPARE, "edit", 0.0, said)
        return await self._move(episode, State.QUEUED, entry)

    async def approve_script(self, episode: Episode) -> Episode:
        """A person said that the script may be spoken; that comes next."""
        episode = replace(episode, stage=Stage.SYNTHESIZE, script_approved=True, reason="", remedy="")
        return await self._move(episode, State.QUEUED, HistoryEntry(Stage.PREPARE, "approved", 0.0))

    async def hold_back_script(self, episode: Episode) -> Episode:
        """The approval was taken back: the script waits for it again."""
        reason, remedy = "The script waits for your approval.", "Read it on the page Scripts."
        episode = replace(episode, stage=Stage.PREPARE, script_approved=False, reason=reason, remedy=remedy)
        return await self._move(episode, State.NEEDS_YOU, HistoryEntry(Stage.PREPARE, "held back", 0.0))

    async def revise(
        self, episode: Episode, script: Script, provenance: Provenance | None = None, *, approved: bool = False
    ) -> Episode:
        """A person changed the script, or how it is pronounced, before it was spoken: it is prepared and checked again.

        `provenance` is that of what the studio wrote, with the citations where they are now. `approved` says that the
        text may still be spoken.
        """
        episode = replace(episode, title=script.title, stage=Stage.PREPARE, characters=script.characters)
        episode = replace(episode, script_verdict=None, script_approved=approved, reason="", remedy="")
        product = Revised(script) if provenance is None else Written(script, provenance)
        return await self._move(episode, State.QUEUED, HistoryEntry(Stage.PREPARE, "revised", 0.0), product)

    async def write_again(self, episode: Episode, topic: Script) -> Episode:
        """Have a script written anew from its topic, by the settings of its own that `episode` has."""
        if episode.id in self._overrides:
            self._overrides[episode.id] = episode.overrides
        episode = replace(episode, stage=Stage.WRITE, script_verdict=None, script_approved=False, reason="", remedy="")
        return await self._move(episode, State.QUEUED, HistoryEntry(Stage.WRITE, "again", 0.0), Revised(topic))

    async def approve(self, episode: Episode) -> Episode:
        """A person let it through; export comes next."""
        episode = replace(episode, stage=Stage.EXPORT, clearance=Clearance.APPROVED, reason="", remedy="", mending="")
        entry = HistoryEntry(Stage.REVIEW, "approved", 0.0)
        return await self._move(episode, State.QUEUED, entry, Decision(Clearance.APPROVED, ""))

    async def reject(self, episode: Episode, reason: str) -> Episode:
        """A person said no; it stays out of the export until it is retaken."""
        episode = replace(episode, reason=reason or "Rejected in review.", remedy="Retake it, or leave it out.")
        entry = HistoryEntry(Stage.REVIEW, "rejected", 0.0, reason)
        return await self._move(episode, State.REJECTED, entry, Decision(Clearance.NONE, reason))

    async def reopen(self, episode: Episode, note: str, product: Undecided) -> Episode:
        """A person took a decision back: it waits at the gate again, as `episode` says."""
        episode = replace(episode, stage=Stage.REVIEW, clearance=Clearance.NONE, mending="")
        return await self._move(episode, State.NEEDS_YOU, HistoryEntry(Stage.REVIEW, "reopened", 0.0, note), product)

    async def hold(self, episode: Episode, reason: str, remedy: str) -> Episode:
        """Say of a queued episode why it is left there."""
        return await self._move(replace(episode, reason=reason, remedy=remedy), State.QUEUED)

    async def override(self, episode_id: int, overrides: str) -> Episode:
        """Give an episode settings of its own; what it is at is not disturbed, and does not bring the old ones back."""
        before = self._overrides.get(episode_id)
        self._overrides[episode_id] = overrides
        try:
            moved = await self._projects.override(episode_id, overrides)
        except BaseException:
            if before is None:
                del self._overrides[episode_id]
            else:
                self._overrides[episode_id] = before
            raise
        self._events.say(EpisodeChanged(moved))
        return moved

    async def export_again(self, episode: Episode) -> Episode:
        """Queue a finished episode for its export once more."""
        return await self._move(replace(episode, stage=Stage.EXPORT), State.QUEUED)

    @contextmanager
    def heeding(self, priorities: Mapping[int, int]) -> Iterator[None]:
        """While new priorities are stored: what is stored of these episodes from now on has them.

        A row under way is older than its new priority, and would otherwise bring the old one back. Where storing them
        fails, it is as before.
        """
        before = self._priorities
        self._priorities = {**before, **priorities}
        try:
            yield
        except BaseException:
            self._priorities = before
            raise

    async def _move(
        self, episode: Episode, state: State, entry: HistoryEntry | None = None, product: Product | None = None
    ) -> Episode:
        """Store, then say; once it has begun, both, or what is stored and what is shown would part."""
        if not may_move(episode.state, state):
            raise ValueError(f"episode {episode.id} cannot go from {episode.state} to {state}")
        priority = self._priorities.get(episode.id, episode.priority)
        overrides = self._overrides.get(episode.id, episode.overrides)
        moved = replace(episode, state=state, priority=priority, overrides=overrides)

        async def store() -> Episode:
            await self._projects.save(moved, entry, product)
            self._events.say(EpisodeChanged(moved))
            return moved

        return await unbroken(store())

    def _entry(self, stage: Stage, outcome: str, started: float, note: str) -> HistoryEntry:
        return HistoryEntry(stage, outcome, self._clock() - started, note)
