"""The folders of episodes once more, in another place: nothing that is stored changes, and no episode moves."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.engine.ports import unfollowed
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.stages import export
from studio.engine.work import Work

_AT_ONCE: Final = 8  # read into memory; how many are written at once is for the workers to say


@dataclass(frozen=True, slots=True)
class Copy:
    """The folder of an episode elsewhere, or why there is none."""

    episode: Episode
    folder: str = ""
    trouble: BatchcastError | None = None


class Copies:
    """Writes folders elsewhere."""

    def __init__(self, rooms: Rooms, run: Run) -> None:
        self._rooms = rooms
        self._run = run

    async def write(self, project: Project, out: Path) -> Sequence[Copy]:
        """The folders of all its episodes that are cleared, in `out`, an absolute path; the project keeps its own.

        One that fails keeps no other from it.
        """
        there, turns = replace(project, out_dir=str(out)), asyncio.Semaphore(_AT_ONCE)

        async def copy(episode: Episode) -> Copy:
            async with turns:
                work = Work(self._rooms, self._run.buyer, self._run.asker, there, episode, unfollowed)
                try:
                    outcome = await export(work)
                except BatchcastError as error:
                    return Copy(episode, trouble=error)
                return Copy(episode, outcome.episode.folder)

        episodes = await self._rooms.projects.episodes(project.id)
        return await asyncio.gather(*(copy(episode) for episode in episodes if _is_cleared(episode)))


def _is_cleared(episode: Episode) -> bool:
    """Whether everything is there that its folder is made of, be the folder there or not."""
    through = episode.stage is Stage.EXPORT and episode.state in {State.QUEUED, State.FAILED}
    return episode.state is State.DONE or through
