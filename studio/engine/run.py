"""Which episodes a run works on, and how it goes: started, paused, ended, forecast."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, BudgetError, EpisodeLookupError
from studio.domain.project import Project
from studio.domain.purchase import CallError, PurchasesStoppedError, Trouble
from studio.domain.settings import Settings
from studio.engine.asking import Asker
from studio.engine.buying import Buyer
from studio.engine.events import Eta, Events, Notice, RunChanged
from studio.engine.forecast import eta
from studio.engine.lanes import Lanes
from studio.engine.ports import Lane
from studio.engine.rooms import Rooms
from studio.engine.runner import BLOCKING, TO_THE_END, Runner, RunOptions
from studio.engine.schedule import Scheduler
from studio.engine.shops import Shops

logger = logging.getLogger(__name__)

FORECAST_EVERY_S = 2.0
EXPORTS_AT_ONCE = 2  # they wait for the disk more than for a core


class Run:
    """Carries episodes from stage to stage for as long as there are any that may move."""

    def __init__(self, rooms: Rooms, events: Events, concurrency: int | None, per_minute: int | None) -> None:
        self._rooms = rooms
        self._events = events
        self._own_limits = (concurrency, per_minute)  # of the command line; they go before the settings
        self.shops = Shops(rooms.clock, events.say)
        self.buyer = Buyer(rooms, self.shops, events)
        self.asker = Asker(rooms, self.shops, events)
        self.runner = Runner(rooms, self.buyer, self.asker, events)
        self._options = TO_THE_END
        self._projects: dict[int, Project] = {}
        self._started: set[int] = set()  # projects whose episodes the last start set going
        self._gated: set[int] = set()  # episodes that are only prepared
        self._blocked: dict[int, Exception] = {}
        self._rows: dict[int, Episode] = {}  # of the run that is on, as they stand
        # A person's orders are carried out one after the other: each begins with the row that the last one left.
        self.orders = asyncio.Lock()
        self.left_out: set[int] = set()  # removed from their projects: whoever read their rows before, none is begun
        self._forecast: asyncio.Task[None] | None = None
        self._speakers = rooms.compute.slots
        self._lanes = Lanes(rooms, concurrency or Settings().slots)
        self._scheduler = Scheduler(self._do, self._lane, self._lanes.width, {Stage.EXPORT: EXPORTS_AT_ONCE})

    @property
    def running(self) -> bool:
        """Whether a run is on (it may be paused)."""
        return self._forecast is not None

    @property
    def paused(self) -> bool:
        """Whether nothing new is started for now."""
        return self._scheduler.paused

    @property
    def slots(self) -> int:
        """How many CPU-heavy jobs go on at the same time."""
        return self._rooms.compute.slots

    @property
    def stopped_by_budget(self) -> bool:
        """Whether the last run left episodes in the queue because a budget was reached, or the account's credits."""
        return any(_is_budget(error) for error in self._blocked.values())

    def know(self, projects: Iterable[Project]) -> None:
        """Learn of new or changed projects; stages that start from now on go by their settings.

        Their budgets hold at once, for everything that has not been sent.
        """
        known = {project.id: project for project in projects}
        self._projects.update(known)
        self.shops.know(known.values())
        self._keep_limits()

    def begin(self, options: RunOptions, projects: Sequence[Project], only: Collection[int] | None = None) -> None:
        """How episodes are to be treated from now on; what was blocked in an earlier run may be tried again.

        What is only being prepared in these projects goes on from there; with `only`, none but these ids do.
        """
        self._options = options
        self._blocked.clear()
        self._started = {project.id for project in projects}
        self._gated = {each for each in self._gated if self._stays_gated(each, only)}
        self._keep_limits()
        self.shops.reopen()
        bought = any(self._lanes.of_voice(project.settings) is Lane.NETWORK for project in projects)
        self._speakers = self._lanes.width(Lane.NETWORK if bought else Lane.CPU)

    def go(self, *episodes: Episode) -> None:
        """Work on queued episodes."""
        self._gated.difference_update(episode.id for episode in episodes)
        self._take(episodes)

    def _take(self, episodes: Iterable[Episode]) -> None:
        wanted = [episode for episode in episodes if self._wants(episode)]
        if not wanted:
            return
        if self._forecast is None:
            self._rows.clear()
        self._rows.update({episode.id: episode for episode in wanted})
        self._scheduler.offer(*wanted)
        if self._forecast is None:
            self._forecast = asyncio.ensure_future(self._follow())

    def prepare(self, *episodes: Episode) -> None:
        """Work on queued episodes until they could be spoken, and no further before somebody starts that."""
        self._gated.update(episode.id for episode in episodes)
        self._take(episodes)

    def works_on(self, project_id: int) -> bool:
        """Whether the run that is on has episodes of this project that are not through, and not only prepared."""
        moving = (row for row in self._rows.values() if row.state in {State.QUEUED, State.WORKING})
        return self.running and any(row.project_id == project_id and row.id not in self._gated for row in moving)

    def renew(self, episodes: Iterable[Episode]) -> None:
        """Where these wait for their turn, they wait with what stands in these rows."""
        self._scheduler.renew(*episodes)

    async def stop(self, episode_id: int) -> Episode:
        """Take an episode out of the run, waiting for its stage to let go of it; returns it as it is stored."""
        self._scheduler.withdraw(episode_id)
        self._rows.pop(episode_id, None)
        task = self._scheduler.running(episode_id)
        if task:
            task.cancel()
            await asyncio.wait([task])
            self._scheduler.withdraw(episode_id)  # it may have got through its stage just before
        return await self._rooms.projects.episode(episode_id)

    async def let_go(self, episode_id: int) -> Episode:
        """The same, but once the stage that it is in has come to its end."""
        task = self._scheduler.running(episode_id)
        if task:
            await asyncio.wait([task])
        return await self.stop(episode_id)

    def pause(self) -> None:
        """Start nothing new; what is under way goes on to the end of its stage."""
        self._scheduler.paused = True
        self._scheduler.fill()
        self._events.say(RunChanged(self.running, paused=True))

    def unpause(self) -> None:
        """Go on."""
        self._scheduler.paused = False
        self._scheduler.fill()
        self._events.say(RunChanged(self.running, paused=False))

    async def finished(self) -> None:
        """Wait until nothing is under way and nothing waits, and everyone was told so."""
        await self._scheduler.idle()
        await self.buyer.idle()
        await self.asker.idle()
        if self._forecast:
            await asyncio.wait([self._forecast])

    async def close(self) -> None:
        """Stop everything; what is under way goes back to its queue."""
        self._scheduler.paused = True
        self._scheduler.clear()
        tasks = self._scheduler.tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.buyer.close()
        await self.asker.close()
        await self.shops.close()
        if self._forecast:
            self._forecast.cancel()
            await asyncio.wait([self._forecast])

    async def _do(self, episode: Episode) -> Episode | None:
        project = self._projects[episode.project_id]
        try:
            moved, blocked = await self.runner.step(episode, project)
        except Exception as error:
            # Whatever went wrong, the run must come to its end.
            gone = isinstance(error, EpisodeLookupError)
            if gone and episode.id in self.left_out:
                self._rows.pop(episode.id, None)
                return None
            self._blocked[episode.id] = error
            if isinstance(error, BatchcastError) and not gone:
                # The store itself failed: the row is as it was, so the next run goes on from there.
                self._events.say(Notice(error.message, error.remedy))
                return None
            logger.exception("episode %d, %s: not stored", episode.id, episode.stage)
            reason = f"{episode.title}: Batchcast made a mistake ({type(error).__name__}); the episode is as it was."
            self._events.say(
                Notice(reason, "Start it again; if it stays, send the log file to the developers.", bug=True)
            )
            return None
        if blocked:
            # Once for all the episodes that it keeps waiting; each of them has it as its reason. That purchases are
            # stopped, the governor says.
            told = isinstance(blocked, PurchasesStoppedError) or any(
                type(other) is type(blocked) for other in self._blocked.values()
            )
            if isinstance(blocked, BLOCKING) and not told:
                self._events.say(Notice(blocked.message, blocked.remedy))
            self._blocked[episode.id] = blocked
            self._rows.pop(episode.id, None)
            return None
        self._rows[moved.id] = moved
        return moved if moved.state is State.QUEUED and self._wants(moved) else None

    def _wants(self, episode: Episode) -> bool:
        gated = episode.id in self._gated and episode.stage not in {Stage.WRITE, Stage.PREPARE}
        return self._options.wants(episode) and not gated and episode.id not in self.left_out

    def _stays_gated(self, episode_id: int, only: Collection[int] | None) -> bool:
        row = self._rows.get(episode_id)
        if row is None:
            return False
        return row.project_id not in self._started or (only is not None and episode_id not in only)

    async def _follow(self) -> None:
        """From the first start to the last end of a run: say that it is on, and when it will be through."""
        self._events.say(RunChanged(running=True, paused=self.paused))
        try:
            while not self._scheduler.is_idle:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._scheduler.idle(), FORECAST_EVERY_S)
                    continue
                rows = tuple(row for row in self._rows.values() if row.finished or self._wants(row))
                # In a thread: with thousands of rows it would hold up the window for a moment.
                self._events.say(await asyncio.to_thread(eta, rows, self.slots, self._speakers))
        finally:
            self._forecast = None
            self._events.say(Eta(None, None))
            self._events.say(RunChanged(running=False, paused=self.paused))

    def _lane(self, episode: Episode) -> Lane:
        return self._lanes.of(episode, self._projects[episode.project_id].settings.merged(episode.overrides))

    def _keep_limits(self) -> None:
        """What the user allows the vendors to be asked: the least that the projects of the run say."""
        concurrency, per_minute = self._own_limits
        allowed = [project.settings for project in self._projects.values() if project.id in self._started]
        if allowed:
            self._lanes.slots = concurrency or min(settings.slots for settings in allowed)
            self.shops.limit(self._lanes.slots, per_minute or min(settings.requests_per_minute for settings in allowed))


def _is_budget(error: Exception) -> bool:
    credits_gone = isinstance(error.__cause__, CallError) and error.__cause__.trouble is Trouble.QUOTA
    return isinstance(error, BudgetError) or credits_gone
