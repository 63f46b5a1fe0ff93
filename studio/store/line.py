"""The line in which the episodes of a project stand: who is in it, who comes first, who was taken out."""

import asyncio
from collections.abc import Mapping, Sequence

from studio.domain.episode import Episode
from studio.domain.queueing import Waiting
from studio.domain.script import Script
from studio.store import episodes
from studio.store.database import Database


class LineStore:
    """Keeps the engine's `Line` protocol, as a part of the library of projects."""

    def __init__(self, database: Database) -> None:
        self._read = database.read
        self._write = database.write

    async def known(self, project_id: int, scripts: Sequence[Script]) -> Sequence[int | None]:
        """For each of these scripts the number of the episode that has its text already, or None."""
        hashes = await asyncio.to_thread(lambda: [episodes.text_hash(script) for script in scripts])
        return await self._read(lambda connection: episodes.known(connection, project_id, hashes))

    async def remove(self, episode_id: int) -> None:
        """Take an episode out of its project. Its takes and costs stay in the library's history."""
        await self._write(lambda connection: episodes.remove(connection, episode_id))

    async def take_back(self, ids: Sequence[int]) -> Sequence[int]:
        """Take those of these episodes out that still wait as they were queued; returns their ids."""
        return await self._write(lambda connection: episodes.take_back(connection, ids))

    async def restore(self, episode_id: int) -> Episode:
        """Put an episode back that was taken out. Raises `StoreError` where its text is in the project again."""
        return await self._write(lambda connection: episodes.restore(connection, episode_id))

    async def waiting(self, project_id: int) -> Sequence[Waiting]:
        """The queued episodes of a project, by number."""
        return await self._read(lambda connection: episodes.waiting(connection, project_id))

    async def prioritise(self, priorities: Mapping[int, int]) -> Sequence[Episode]:
        """Store new priorities; returns these episodes as they stand then, without any that was taken out."""
        return await self._write(lambda connection: episodes.prioritise(connection, priorities))
