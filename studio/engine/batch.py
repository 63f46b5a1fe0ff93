"""Many episodes: the one door through which the window and the command line work."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.errors import EpisodeLookupError
from studio.domain.findings import QaReport
from studio.domain.mending import to_text
from studio.domain.money import Costs
from studio.domain.project import Project
from studio.domain.settings import Settings, Value
from studio.engine.books import BookRoom
from studio.engine.copies import Copies
from studio.engine.drafts import Draft, Refusal
from studio.engine.drift import Drift
from studio.engine.events import EpisodeRemoved, Events
from studio.engine.lexicon import Lexicon
from studio.engine.market import HEARD, Market, Place
from studio.engine.ports import Details
from studio.engine.queue import Queue
from studio.engine.reading import drafts, text_drafts
from studio.engine.reception import AT_ONCE, Reception
from studio.engine.review import Review
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.runner import TO_THE_END, RunOptions
from studio.engine.salvage import Salvaging
from studio.engine.scripts import Scripts
from studio.engine.shelf import Shelf
from studio.engine.takes import Takes


class Studio:
    """Keeps the projects, runs their episodes, and tells what happens through `events`.

    All methods belong to one event loop. Nothing here blocks it.
    """

    def __init__(self, rooms: Rooms, concurrency: int | None = None, per_minute: int | None = None) -> None:
        self.events = Events()
        self._rooms = rooms
        self.run = Run(rooms, self.events, concurrency, per_minute)
        self.market = Market(rooms, self.run)
        self.takes = Takes(rooms)
        self.copies = Copies(rooms, self.run)
        self.reception = Reception(rooms, self.run, self.market, self.events)
        self.review = Review(rooms, self.run, self.market, self.events)
        self.scripts = Scripts(rooms, self.run)
        self.lexicon = Lexicon(rooms, self.run)
        self.books = BookRoom(rooms)
        self.drift = Drift(rooms.checks)
        self.queue = Queue(rooms, self.run, self.events)
        self.shelf = Shelf(rooms, self.run)
        self.salvage = Salvaging(rooms, self.run.buyer)

    async def open(self) -> None:
        """Read the library and put what an earlier run left half done back in its queue."""
        await self.shelf.all()
        await self.salvage.begin()

    async def projects(self) -> Sequence[Project]:
        """Every project that is not archived, the one last used first."""
        return await self.shelf.listed()

    async def create_project(self, name: str, out_dir: Path, settings: Settings) -> Project:
        """A new project whose folders go to `out_dir`.

        Raises `StoreError` when the name is taken, `VoiceError` or `SettingError` when the voice cannot be had.
        """
        self._rooms.voices.voice(settings)
        project = await self._rooms.projects.create(name, out_dir, settings)
        self.run.know([project])
        return project

    async def update_project(self, project: Project) -> None:
        """Store changed settings; stages that start from now on go by them. Raises as `create_project`."""
        self._rooms.voices.voice(project.settings)
        await self._rooms.projects.update(project)
        self.run.know([project])

    async def episodes(self, project_id: int) -> Sequence[Episode]:
        """The episodes of a project, by number."""
        return await self._rooms.projects.episodes(project_id)

    async def add(self, project: Project, paths: Sequence[Path], *, topics: bool = False) -> Sequence[Refusal]:
        """Queue the scripts in files and folders, in natural order; what cannot be used is returned with its reason.

        With `topics` a list of short lines holds a topic in each of them.
        """
        refusals: list[Refusal] = []
        twice: list[Refusal] = []
        read: list[Draft] = []
        async for each in drafts(self._rooms.intake, self._rooms.attendant, paths, topics=topics):
            if isinstance(each, Refusal):
                refusals.append(each)
                continue
            read.append(each)
            if len(read) == AT_ONCE:
                twice += (await self.reception.queue(project, read))[1]
                read.clear()
        return [*refusals, *twice, *(await self.reception.queue(project, read))[1]]

    async def add_text(self, project: Project, text: str, source: str) -> Sequence[Refusal]:
        """Queue one script that was pasted or dropped as text; `source` is what to call it."""
        held = await text_drafts(self._rooms.intake, text, source)
        read = [each for each in held if isinstance(each, Draft)]
        refusals = [each for each in held if isinstance(each, Refusal)]
        return [*refusals, *(await self.reception.queue(project, read))[1]]

    async def remove(self, ids: Sequence[int]) -> None:
        """Take episodes out of their project; their takes and costs stay in the library's history."""
        for episode_id in ids:
            self.run.left_out.add(episode_id)
            try:
                async with self.run.orders:
                    await self.run.stop(episode_id)
                    await self._rooms.projects.remove(episode_id)
            except EpisodeLookupError:
                continue  # it was removed by another way
            except BaseException:
                self.run.left_out.discard(episode_id)
                raise
            self.events.say(EpisodeRemoved(episode_id))

    async def start(
        self, projects: Sequence[Project], options: RunOptions = TO_THE_END, only: Collection[int] | None = None
    ) -> None:
        """Work on everything that is queued in these projects, in addition to what is under way.

        With `only`, the episodes that are still to be spoken and not among these ids stay in the queue.
        """
        self.run.begin(options, projects, only)
        for project in projects:
            async with self.run.orders:
                rows = await self.episodes(project.id)
                queued = [episode for episode in rows if episode.state is State.QUEUED]
                self.run.go(*(episode for episode in queued if only is None or episode.id in only or _spoken(episode)))

    async def hold(self, ids: Sequence[int], reason: str, remedy: str) -> None:
        """Leave queued episodes in their queue for now, with the reason; the next start may take them."""
        for episode_id in ids:
            await self.run.runner.hold(await self._rooms.projects.episode(episode_id), reason, remedy)

    async def override(self, ids: Sequence[int], values: Mapping[str, Value]) -> None:
        """Give episodes settings of their own in place of the project's; with no values, take them away.

        They hold for the stages that start from now on. Raises `SettingError`.
        """
        Settings().with_values(values)
        text = json.dumps(dict(values), sort_keys=True) if values else ""
        for episode_id in ids:
            self.run.renew([await self.run.runner.override(episode_id, text)])

    async def cancel(self, ids: Sequence[int]) -> None:
        """Stop episodes wherever they are; what is paid for and made so far is kept."""
        for episode_id in ids:
            async with self.run.orders:
                with suppress(EpisodeLookupError):  # it was removed meanwhile
                    episode = await self.run.stop(episode_id)
                    if not episode.finished:
                        await self.run.runner.cancel(episode)

    async def retry(self, ids: Sequence[int]) -> None:
        """Go on with failed or cancelled episodes at the stage where they stopped."""
        async for moved in self._decided(ids, {State.FAILED, State.CANCELLED}, self.run.runner.retry):
            self.run.go(moved)

    async def retake(self, ids: Sequence[int]) -> None:
        """Have episodes spoken anew, as another take. The earlier takes are kept."""
        async for moved in self._decided(ids, HEARD, self.run.runner.retake):
            self.run.go(moved)

    async def mend(self, episode_id: int, places: Sequence[Place]) -> None:
        """Have the sentences at these places of the take in use spoken anew, and put into it; a person's wish.

        It is prepared once more before: the pronunciations may have changed. `market.mend_quote` has the price. Raises
        `InputError` where there is nothing to mend.
        """
        async with self.run.orders:
            episode = await self._rooms.projects.episode(episode_id)
            mending = await self.market.mending(episode, places)
            self.run.go(await self.run.runner.retake(episode, to_text(mending)))

    async def approve(self, ids: Sequence[int]) -> None:
        """Let episodes through the review gate; they are exported at once."""
        async for moved in self._decided(ids, {State.NEEDS_YOU}, self.run.runner.approve):
            self.run.go(moved)

    async def reject(self, ids: Sequence[int], reason: str) -> None:
        """Keep episodes out of the export."""
        async for _ in self._decided(ids, {State.NEEDS_YOU}, lambda each: self.run.runner.reject(each, reason)):
            pass

    async def export(self, ids: Sequence[int]) -> None:
        """Write the folders of episodes that are cleared, also of those that were exported before."""

        async def again(episode: Episode) -> Episode:
            return await self.run.runner.export_again(episode) if episode.state is State.DONE else episode

        async for moved in self._decided(ids, {State.DONE, State.QUEUED}, again):
            if moved.stage is Stage.EXPORT:
                self.run.go(moved)

    async def details(self, episode_id: int) -> Details:
        """Everything that is shown of one episode, read and in memory."""
        rooms = self._rooms
        episode = await rooms.projects.episode(episode_id)
        script = await rooms.projects.script(episode_id)
        sound = await self.takes.sound(episode_id, episode.take) if episode.take else None
        return Details(
            episode=episode,
            script=script,
            audio=sound.audio if sound else None,
            peaks=sound.peaks if sound else None,
            report=sound.report if sound else None,
            words=sound.words if sound else (),
            marks=sound.take.marks if sound else (),
            chapters=sound.chapters if sound else (),
            history=tuple(await rooms.projects.history(episode_id)),
            take=sound.take if sound else None,
            master=sound.master if sound else None,
        )

    async def report(self, episode: Episode) -> QaReport | None:
        """The report on the take in use, or None before the check."""
        return await self._rooms.projects.report(episode.id, episode.take)

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the whole library."""
        return await self._rooms.ledger.costs(project_id)

    async def close(self) -> None:
        """Stop. What is under way goes back to its queue; everything finished is stored already."""
        await self.run.close()

    async def _decided(
        self, ids: Sequence[int], states: Collection[State], act: Callable[[Episode], Awaitable[Episode]]
    ) -> AsyncIterator[Episode]:
        """Do it to those of them that are in one of these states by now: a key that is pressed twice decides once."""
        for episode_id in ids:
            moved = None
            async with self.run.orders:
                with suppress(EpisodeLookupError):  # it was removed meanwhile
                    episode = await self._rooms.projects.episode(episode_id)
                    if episode.state in states:
                        moved = await act(episode)
            if moved is not None:
                yield moved


def _spoken(episode: Episode) -> bool:
    return STAGES.index(episode.stage) > STAGES.index(Stage.SYNTHESIZE)
