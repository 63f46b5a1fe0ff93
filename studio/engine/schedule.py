"""Which episode's stage starts next.

Every stage has its own width and an episode enters the next as soon as it leaves the last. Later stages go first, so
that what is begun gets finished and little lies about; within a stage the highest priority goes first, then the longest
job, so that no long one is left alone at the end. A stage that falls behind holds back the one that feeds it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from studio.domain.episode import STAGES, Episode, Stage
from studio.domain.queueing import turn
from studio.engine.ports import Lane

# How many episodes may wait between their speech and its check, beyond the ones being worked on: for each core where
# the voice itself takes a core; where it is bought, as many as the disk bears, so that slots do not stand empty.
BACKLOG_PER_CORE: Final = 4
BACKLOG_BOUGHT: Final = 100
_AFTER_PURCHASE: Final = (Stage.MASTER, Stage.CHECK)


class Scheduler:
    """Keeps the lanes full.

    `do` runs one stage of one episode to its end and gives the episode for its next stage, or None; it never raises.
    `width` says how many stages a lane takes at present, `widths` where a stage takes fewer.
    """

    def __init__(
        self,
        do: Callable[[Episode], Awaitable[Episode | None]],
        lane: Callable[[Episode], Lane],
        width: Callable[[Lane], int],
        widths: Mapping[Stage, int],
    ) -> None:
        self._do = do
        self._lane = lane
        self._width = width
        self._widths = widths
        self._ready: dict[Stage, dict[int, Episode]] = {stage: {} for stage in STAGES}
        self._running: dict[int, tuple[Episode, asyncio.Task[Episode | None]]] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self.paused = False

    @property
    def busy(self) -> bool:
        """Whether any stage of any episode is under way."""
        return bool(self._running)

    def running(self, episode_id: int) -> asyncio.Task[Episode | None] | None:
        """The task that works on this episode, or None."""
        entry = self._running.get(episode_id)
        return entry[1] if entry else None

    @property
    def tasks(self) -> tuple[asyncio.Task[Episode | None], ...]:
        """Everything under way."""
        return tuple(task for _, task in self._running.values())

    def offer(self, *episodes: Episode) -> None:
        """Episodes are ready for their stages; one that is under way is left to it."""
        for episode in episodes:
            if episode.id not in self._running:
                self._ready[episode.stage][episode.id] = episode
        self.fill()

    def renew(self, *episodes: Episode) -> None:
        """Those of them that wait here are different now."""
        for episode in episodes:
            if episode.id in self._ready[episode.stage]:
                self._ready[episode.stage][episode.id] = episode

    def withdraw(self, episode_id: int) -> None:
        """Forget an episode that waits; one under way goes on."""
        for waiting in self._ready.values():
            waiting.pop(episode_id, None)
        self._settle()

    def clear(self) -> None:
        """Forget everything that waits."""
        for waiting in self._ready.values():
            waiting.clear()
        self._settle()

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return self._idle.is_set()

    async def idle(self) -> None:
        """Wait until nothing runs and nothing waits; a pause only makes that longer."""
        await self._idle.wait()

    def fill(self) -> None:
        """Start whatever may start now."""
        if not self.paused:
            for stage in reversed(STAGES):
                waiting = self._ready[stage]
                while waiting and self._may_start(first := min(waiting.values(), key=turn)):
                    self._start(first)
        self._settle()

    def _may_start(self, episode: Episode) -> bool:
        stage, lane = episode.stage, self._lane(episode)
        if lane is Lane.NONE:
            return True
        in_stage = sum(1 for other, _ in self._running.values() if other.stage is stage)
        in_lane = sum(1 for other, _ in self._running.values() if self._lane(other) is lane)
        width = self._width(lane)
        if in_stage >= self._widths.get(stage, width) or in_lane >= width:
            return False
        backlog = sum(len(self._ready[after]) for after in _AFTER_PURCHASE)
        most = BACKLOG_BOUGHT if lane is Lane.NETWORK else BACKLOG_PER_CORE * width
        return stage is not Stage.SYNTHESIZE or backlog < most

    def _start(self, episode: Episode) -> None:
        del self._ready[episode.stage][episode.id]
        task = asyncio.ensure_future(self._do(episode))
        self._running[episode.id] = (episode, task)
        task.add_done_callback(lambda ended: self._ended(episode.id, ended))

    def _ended(self, episode_id: int, task: asyncio.Task[Episode | None]) -> None:
        del self._running[episode_id]
        following = None if task.cancelled() else task.result()
        if following:
            self._ready[following.stage][following.id] = following
        self.fill()

    def _settle(self) -> None:
        if self._running or any(self._ready.values()):
            self._idle.clear()
        else:
            self._idle.set()
