"""What a stage is given, and what it gives back."""

from dataclasses import dataclass
from typing import TypeVar

from studio.domain.episode import Episode, Stage
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take
from studio.engine.asking import Asker
from studio.engine.buying import Buyer
from studio.engine.ports import Product, Report
from studio.engine.rooms import Rooms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage works on."""

    rooms: Rooms
    buyer: Buyer
    asker: Asker
    project: Project
    episode: Episode
    report: Report

    @property
    def settings(self) -> Settings:
        """The project's, with the episode's own in their place."""
        return self.project.settings.merged(self.episode.overrides)

    async def spoken(self) -> SpokenForm:
        """The spoken form of the episode."""
        return there(await self.rooms.projects.spoken(self.episode.id))

    async def take(self) -> Take:
        """The take in use."""
        return there(await self.rooms.projects.take(self.episode.id, self.episode.take))

    async def master(self) -> Master:
        """The master of the take in use."""
        return there(await self.rooms.projects.master(self.episode.id, self.episode.take))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage led to. `next` is the stage that follows (None: the episode is done)."""

    episode: Episode
    next: Stage | None
    product: Product | None = None
    needs_you: bool = False
    note: str = ""


def there(product: T | None) -> T:
    """What an earlier stage left; it is stored in the same transaction as the move to this one."""
    if product is None:
        raise LookupError("an earlier stage of this episode left nothing")
    return product
