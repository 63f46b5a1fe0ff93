"""What the window asks of the engine's one door, `studio.engine.batch.Studio`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from studio.domain.episode import Episode
from studio.domain.money import Costs
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.events import Events
from studio.engine.ports import Details


class Refused(Protocol):
    """Something that was handed in and not taken: what, why, and the cure."""

    @property
    def source(self) -> str:
        """The file, or other name, that it came from."""

    @property
    def message(self) -> str:
        """One sentence that says why."""

    @property
    def remedy(self) -> str:
        """One sentence with the cure."""

    @property
    def known(self) -> bool:
        """Whether the project has it already, which is no fault."""


class Run(Protocol):
    """What is under way."""

    @property
    def running(self) -> bool:
        """Whether a run is on (it may be paused)."""

    @property
    def paused(self) -> bool:
        """Whether nothing new is started for now."""

    @property
    def slots(self) -> int:
        """How many CPU-heavy jobs go on at the same time."""

    def pause(self) -> None:
        """Start nothing new."""

    def unpause(self) -> None:
        """Start new work again."""


class Studio(Protocol):
    """The engine, as far as the window needs it. All of it is used on the event loop's thread, which is Qt's."""

    @property
    def events(self) -> Events:
        """Where the engine says what changed."""

    @property
    def run(self) -> Run:
        """What is under way."""

    async def projects(self) -> Sequence[Project]:
        """Every project, the one last worked on first."""

    async def create_project(self, name: str, out_dir: Path, settings: Settings) -> Project:
        """A new project."""

    async def update_project(self, project: Project) -> None:
        """Store changed settings."""

    async def episodes(self, project_id: int) -> Sequence[Episode]:
        """The episodes of a project, by number."""

    async def add(self, project: Project, paths: Sequence[Path]) -> Sequence[Refused]:
        """Queue scripts from files and folders; returns what was not taken."""

    async def add_text(self, project: Project, text: str, source: str) -> Sequence[Refused]:
        """Queue one script that was pasted or dropped as text."""

    async def remove(self, ids: Sequence[int]) -> None:
        """Take episodes out of their project."""

    async def start(self, projects: Sequence[Project]) -> None:
        """Work on everything that is queued in these projects."""

    async def cancel(self, ids: Sequence[int]) -> None:
        """Stop work on episodes."""

    async def retry(self, ids: Sequence[int]) -> None:
        """Put failed or cancelled episodes back in the queue."""

    async def approve(self, ids: Sequence[int]) -> None:
        """Let episodes through the review gate."""

    async def reject(self, ids: Sequence[int], reason: str) -> None:
        """Turn episodes down."""

    async def retake(self, ids: Sequence[int]) -> None:
        """Have episodes spoken anew."""

    async def export(self, ids: Sequence[int]) -> None:
        """Write the folders of episodes again."""

    async def details(self, episode_id: int) -> Details:
        """Everything that the dock and the panel show of an episode."""

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the library."""

    async def close(self) -> None:
        """Stop, and keep everything."""
