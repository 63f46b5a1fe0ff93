"""Where things are handed in: looked at before anything is queued, queued together, and taken back together."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, EpisodeLookupError
from studio.domain.project import Project
from studio.engine.drafts import Draft, Refusal, Size, size_of, with_shared
from studio.engine.events import EpisodeAdded, EpisodeRemoved, Events
from studio.engine.market import Market
from studio.engine.ports import NewEpisode
from studio.engine.quote import Estimate
from studio.engine.reading import drafts, link_drafts, text_drafts, uncounted
from studio.engine.rooms import Rooms
from studio.engine.run import Run

AT_ONCE: Final = 50  # a drop of thousands shows its first rows at once
_PATIENCE_S: Final = 0.1  # and what was read so far, this often


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft that was looked up. `number` is that of the episode with the same text, `twin` the title of the draft."""

    draft: Draft
    size: Size
    number: int | None = None
    twin: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it would become an episode."""
        return self.number is None and not self.twin


Looked: TypeAlias = Candidate | Refusal
"""What became of one thing that was handed in."""


class Reception:
    """Reads, estimates, queues, takes back."""

    def __init__(self, rooms: Rooms, run: Run, market: Market, events: Events) -> None:
        self._rooms = rooms
        self._run = run
        self._market = market
        self._events = events

    async def look(
        self,
        project: Project,
        paths: Sequence[Path],
        text: str = "",
        links: Sequence[str] = (),
        *,
        titles: dict[str, str],
        found: Callable[[int], None] = uncounted,
    ) -> AsyncIterator[Sequence[Looked]]:
        """What all this would become, some at a time; nothing is queued.

        `titles` are those of the texts that were looked at before, and are added to; `found` is told how many files
        there are.
        """
        pending: list[Draft | Refusal] = []
        since = time.monotonic()
        async for each in self._held(paths, text, links, found):
            pending.append(each)
            if len(pending) >= AT_ONCE or time.monotonic() - since > _PATIENCE_S:
                yield await self._looked(project, pending, titles)
                pending, since = [], time.monotonic()
        if pending:
            yield await self._looked(project, pending, titles)

    async def estimate(
        self, project: Project, sizes: Sequence[tuple[Size, str]], shared: str, budget_usd: float
    ) -> Estimate:
        """About what drafts of these sizes take; each comes with its own settings, `shared` stand behind them.

        `budget_usd` is the project's as it would be. Raises `VoiceError`, `SettingError`.
        """
        whole = project.settings.with_values({"budget_usd": budget_usd})
        kinds = {own: whole.merged(with_shared(own, shared)) for own in {own for _, own in sizes}}
        return await self._market.estimate(project, sizes, kinds, whole.merged(shared))

    def topic(self, title: str) -> Draft:
        """A topic in words, ready to be queued. Raises `InputError` for one that says nothing."""
        return self._rooms.intake.topic(title)

    async def queue(
        self, project: Project, chosen: Sequence[Draft], shared: str = ""
    ) -> tuple[Sequence[Episode], Sequence[Refusal]]:
        """Queue drafts with their settings; returns the new episodes, and what the project has had before."""
        made: list[Episode] = []
        twice: list[Refusal] = []
        for first in range(0, len(chosen), AT_ONCE):
            new = [
                NewEpisode(each.script, each.priority, with_shared(each.values, shared))
                for each in chosen[first : first + AT_ONCE]
            ]
            for episode, is_new in await self._rooms.projects.add(project, new):
                if is_new:
                    made.append(episode)
                    self._events.say(EpisodeAdded(episode))
                else:
                    twice.append(known_already(episode))
        return made, twice

    async def take_back(self, project: Project, ids: Collection[int]) -> tuple[int, int]:
        """Take out again what was queued and has not begun; returns how many went, and how many had begun and stay."""
        there = {each.id: each for each in await self._rooms.projects.episodes(project.id) if each.id in ids}
        waiting = [each.id for each in there.values() if _untouched(each)]
        self._run.left_out.update(waiting)  # none of them may begin meanwhile
        gone: Sequence[int] = ()
        try:
            if self._run.running:
                for episode_id in waiting:
                    with suppress(EpisodeLookupError):  # it was removed by another way
                        await self._run.stop(episode_id)
            gone = await self._rooms.projects.take_back(waiting)
        finally:
            self._run.left_out.difference_update(set(waiting) - set(gone))
        for episode_id in gone:
            self._events.say(EpisodeRemoved(episode_id))
        return len(gone), len(there) - len(gone)

    async def _held(
        self, paths: Sequence[Path], text: str, links: Sequence[str], found: Callable[[int], None]
    ) -> AsyncIterator[Draft | Refusal]:
        rooms = self._rooms
        if paths:
            async for each in drafts(rooms.intake, rooms.attendant, paths, found):
                yield each
        if text.strip():
            for each in await text_drafts(rooms.intake, text, "Pasted text"):
                yield each
        for link in links:
            for each in await link_drafts(rooms.fetch, link):
                yield each

    async def _looked(
        self, project: Project, held: Sequence[Draft | Refusal], titles: dict[str, str]
    ) -> Sequence[Looked]:
        read = [each for each in held if isinstance(each, Draft)]
        numbers = iter(await self._rooms.projects.known(project.id, [each.script for each in read]))
        sizes = iter(await asyncio.to_thread(lambda: [size_of(each.script) for each in read]))
        looked: list[Looked] = []
        for each in held:
            if isinstance(each, Refusal):
                looked.append(each)
                continue
            twin = titles.get(each.script.text, "")
            titles.setdefault(each.script.text, each.script.title)
            candidate = Candidate(each, next(sizes), next(numbers), twin)
            looked.append(self._unspeakable(project, each) or candidate)
        return looked

    def _unspeakable(self, project: Project, draft: Draft) -> Refusal | None:
        """Why the voice that a draft names for itself cannot be had."""
        if draft.values:
            try:
                self._rooms.voices.voice(project.settings.merged(draft.values))
            except BatchcastError as error:
                return Refusal(draft.script.source, f"“{draft.script.title}”: {error.message}", error.remedy)
        return None


def known_already(episode: Episode) -> Refusal:
    """That the project has this episode's text already."""
    message = f"“{episode.title}” is in this project already, as number {episode.number}."
    return Refusal(episode.source, message, "Retake it there if you want another take.", known=True)


def _untouched(episode: Episode) -> bool:
    return episode.state is State.QUEUED and episode.stage in {Stage.WRITE, Stage.PREPARE} and not episode.takes
