"""The order in which queued episodes take their turns, as a person changes it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from studio.domain.episode import Episode
from studio.domain.queueing import Waiting, moved, shifted
from studio.engine.events import EpisodeChanged, Event, Events
from studio.engine.rooms import Rooms
from studio.engine.run import Run

_AT_ONCE: Final = 200


class Queue:
    """Gives queued episodes other priorities: stored at once, and heeded by the run for every stage not yet begun.

    Every change returns the priorities that there were before it; `put` with these takes it back.
    """

    def __init__(self, rooms: Rooms, run: Run, events: Events) -> None:
        self._projects = rooms.projects
        self._run = run
        self._events = events
        self._one_at_a_time = asyncio.Lock()  # each change begins with the order that the last one left

    async def move(self, project_id: int, ids: Collection[int], before: int | None) -> Mapping[int, int]:
        """Put `ids`, as far as they wait, directly before the episode `before`; at the end where that is None."""
        return await self._change(project_id, lambda waiting: moved(waiting, ids, before))

    async def shift(self, project_id: int, ids: Collection[int], by: int) -> Mapping[int, int]:
        """Put `ids`, together, `by` places later than the first of them stands; earlier where `by` is below 0."""
        return await self._change(project_id, lambda waiting: shifted(waiting, ids, by))

    async def to_the_top(self, project_id: int, ids: Collection[int]) -> Mapping[int, int]:
        """Let `ids` go first."""
        return await self._change(project_id, lambda waiting: shifted(waiting, ids, -len(waiting)))

    async def put(self, project_id: int, priorities: Mapping[int, int]) -> Mapping[int, int]:
        """Give these episodes, as far as they wait, these priorities."""
        return await self._change(project_id, lambda waiting: _among(waiting, priorities))

    async def _change(
        self, project_id: int, find: Callable[[Sequence[Waiting]], Mapping[int, int]]
    ) -> Mapping[int, int]:
        async with self._one_at_a_time:
            waiting = await self._projects.waiting(project_id)
            wanted = await asyncio.to_thread(find, waiting)
            if not wanted:
                return {}
            with self._run.runner.heeding(wanted):
                rows = await self._projects.prioritise(wanted)
            self._run.renew(rows)
            await self._tell(rows)
            return {one.id: one.priority for one in waiting if one.id in wanted}

    async def _tell(self, rows: Sequence[Episode]) -> None:
        """Say how they stand; of what has begun while that was being said, something newer was said."""
        told: set[int] = set()

        def hear(event: Event) -> None:
            if isinstance(event, EpisodeChanged):
                told.add(event.episode.id)

        deaf = self._events.subscribe(hear)
        try:
            for number, row in enumerate(rows, 1):
                if row.id not in told:
                    self._events.say(EpisodeChanged(row))
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # thousands of them would hold the loop up
        finally:
            deaf()


def _among(waiting: Sequence[Waiting], priorities: Mapping[int, int]) -> dict[int, int]:
    return {
        one.id: priorities[one.id] for one in waiting if one.id in priorities and priorities[one.id] != one.priority
    }
