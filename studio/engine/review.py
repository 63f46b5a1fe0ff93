"""What a person does in review beside yes and no: edits a sentence, says how a word is spoken, takes things back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from studio.domain.editing import Edit, Passage, edit_to_text, edits_from_text, passage
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import InputError
from studio.domain.findings import Finding
from studio.domain.mending import to_text
from studio.domain.project import Project
from studio.domain.pronunciations import with_entry
from studio.domain.take import Take
from studio.engine import editing
from studio.engine.events import EpisodeAdded, Events
from studio.engine.market import HEARD, Market, Place
from studio.engine.mending import MendQuote, marks_of, same_words
from studio.engine.ports import Rewritten, Undecided, unfollowed
from studio.engine.repair import utterances_of
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.stages import with_master, with_report
from studio.engine.work import Work, there

_OPEN = frozenset({State.NEEDS_YOU, State.REJECTED})


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be done about a place, and what it costs: the sentences there as they are written, and their price."""

    passage: Passage
    quote: MendQuote


class Review:
    """The acts at the gate that need more than the episode's row. All of them are told as changes of the row."""

    def __init__(self, rooms: Rooms, run: Run, market: Market, events: Events) -> None:
        self._rooms = rooms
        self._run = run
        self._market = market
        self._events = events

    async def offered(self, project: Project, episode_id: int, where: Finding | Sequence[Place]) -> Offered:
        """The sentences of the take in use that a finding is about, or at these places.

        Raises `InputError` where there is nothing to mend.
        """
        episode = await self._rooms.projects.episode(episode_id)
        places = await self._places_of(episode, where) if isinstance(where, Finding) else where
        found = await self._market.mending(episode, places)
        script = await self._rooms.projects.script(episode_id)
        spoken = there(await self._rooms.projects.spoken(episode_id))
        shown = await asyncio.to_thread(passage, script, spoken, found)
        return Offered(shown, await self._market.mend_quote(project, episode, found))

    async def quote(self, project: Project, episode_id: int, edit: Edit) -> MendQuote:
        """What speaking an edited sentence would cost, an upper bound. Raises `InputError`, `VoiceError`."""
        return await editing.quote(await self._work(project, episode_id), (edit,))

    async def edit(self, project: Project, episode_id: int, edit: Edit) -> None:
        """Change a sentence of the script, and have it spoken and put into the take in use; nothing else is bought.

        The script changes with the new take, in one step; where that cannot be had, it stays as it is. Raises
        `InputError` where there is nothing to speak.
        """
        async with self._run.orders:
            work = await self._work(project, episode_id)
            if work.episode.state not in HEARD:
                raise InputError(f"“{work.episode.title}” cannot be edited now.", "Wait until it is through.")
            await editing.planned(work, (edit,))
            self._run.go(await self._run.runner.retake(work.episode, edit_to_text(edit)))

    async def pronounce(
        self, project: Project, episode_id: int, places: Sequence[Place], written: str, spoken: str
    ) -> Project:
        """Keep in the project how a word is spoken, and have the sentences at these places spoken anew with it.

        Returns the changed project. Raises `SettingError` for what cannot be spoken, and `InputError`.
        """
        async with self._run.orders:
            episode = await self._rooms.projects.episode(episode_id)
            mending = await self._market.mending(episode, places)
            listed = with_entry(project.settings.pronunciations, written, spoken)
            project = replace(project, settings=project.settings.with_values({"pronunciations": listed}))
            await self._rooms.projects.update(project)
            self._run.know([project])
            self._run.go(await self._run.runner.retake(episode, to_text(mending)))
        return project

    async def reopen(self, before: Episode) -> Episode:
        """Take an acceptance or a rejection back: the episode waits for a person as it did, `before`.

        A folder that was written meanwhile is taken back first; what others put into it stays. Raises `InputError`
        where the episode has gone on since, and `ExportError` where the folder cannot be removed.
        """
        await self._run.let_go(before.id)
        async with self._run.orders:
            return await self._reopened(before)

    async def _reopened(self, before: Episode) -> Episode:
        episode = await self._run.stop(before.id)
        if episode.state is State.NEEDS_YOU and episode.take == before.take:
            return episode
        decided = episode.state in {State.DONE, State.REJECTED} or (
            episode.stage is Stage.EXPORT and episode.state in {State.QUEUED, State.FAILED}
        )
        if not decided or episode.take != before.take:
            raise InputError(
                f"“{episode.title}” has gone on since it was decided.", "Decide on it anew when it is through."
            )
        note = "the decision was taken back"
        if episode.state is State.DONE and episode.folder:
            await self._rooms.attendant.run(self._rooms.withdraw, unfollowed, Path(episode.folder))
            episode, note = replace(episode, folder=""), f"{note}, and the folder"
        episode = replace(episode, reason=before.reason, remedy=before.remedy)
        return await self._run.runner.reopen(episode, note, Undecided())

    async def restore(self, episode_id: int) -> Episode:
        """Put an episode back that was removed. Raises `StoreError` where its text is in the project again."""
        episode = await self._rooms.projects.restore(episode_id)
        self._run.left_out.discard(episode_id)
        self._events.say(EpisodeAdded(episode))
        return episode

    async def use(self, project: Project, episode_id: int, number: int) -> Episode:
        """Go back to an earlier take, or on to a later one, of an episode that waits for a person.

        The script goes back with the take where it was edited for the later one. Raises `InputError` for a take that
        was not heard, or was made of another script.
        """
        async with self._run.orders:
            return await self._used(project, episode_id, number)

    async def _used(self, project: Project, episode_id: int, number: int) -> Episode:
        work, projects = await self._work(project, episode_id), self._rooms.projects
        episode = work.episode
        take = await projects.take(episode_id, number)
        master = await projects.master(episode_id, number)
        report = await projects.report(episode_id, number)
        if episode.state not in _OPEN or take is None or master is None or report is None:
            raise InputError(f"Take {number} of “{episode.title}” cannot be used now.", "Wait until it is through.")
        again = await self._script_of(work, take)
        if not same_words(report, again.spoken if again else await work.spoken()):
            raise InputError(
                f"Take {number} of “{episode.title}” has another script.",
                "Edit the sentence again instead.",
            )
        episode = with_report(with_master(replace(episode, take=number), master), report)
        episode = replace(episode, reason="", remedy="")
        return await self._run.runner.reopen(episode, f"take {number} is used again", Undecided(again))

    async def _script_of(self, work: Work, wanted: Take) -> Rewritten | None:
        """The script that an earlier take was made of, where it was edited on the way to the one in use."""
        script = await self._rooms.projects.script(work.episode.id)
        take, edits = await work.take(), []
        while take.number != wanted.number and take.parent:
            edits += [edit for mend in take.mends for edit in edits_from_text(mend.edited)]
            take = there(await self._rooms.projects.take(work.episode.id, take.parent))
        if take.number != wanted.number or not edits:
            return None
        spoken = await work.spoken()
        for edit in edits:
            script, spoken = await editing.rewritten(self._rooms, script, (edit.reverse,), work.settings)
        return Rewritten(script, spoken)

    async def _places_of(self, episode: Episode, finding: Finding) -> Sequence[Place]:
        """Where the words of a finding are: its times alone may be those of the silence in their place."""
        projects = self._rooms.projects
        spoken, take = await projects.spoken(episode.id), await projects.take(episode.id, episode.take)
        if spoken is None or take is None:
            return ()
        marks = await marks_of(self._rooms, spoken, take, await projects.report(episode.id, take.number))
        numbers = await asyncio.to_thread(utterances_of, finding, spoken, marks)
        return [(number, number + 1) for number in sorted(numbers)]

    async def _work(self, project: Project, episode_id: int) -> Work:
        """For what is short: it does not wait behind the jobs of the stages."""
        rooms = replace(self._rooms, compute=self._rooms.attendant)
        return Work(
            rooms, self._run.buyer, self._run.asker, project, await rooms.projects.episode(episode_id), unfollowed
        )
