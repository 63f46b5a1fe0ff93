"""The lexicon at work: what a change of pronunciations touches, what re-speaking that costs, and having it done."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, SettingError
from studio.domain.mending import Mending, characters, everything, is_everything, sentences, to_text
from studio.domain.project import Project
from studio.domain.pronunciations import Entry, entry, parse
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm, Utterance
from studio.engine import speaking
from studio.engine.market import HEARD
from studio.engine.mending import quoted
from studio.engine.ports import unfollowed
from studio.engine.pronouncing import ReadLexicon, pronunciations
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.work import Work, there

_SQUEEZED: Final = re.compile(r"<[^<>]{0,500}>|[\W_]+")


@dataclass(frozen=True, slots=True)
class Changes:
    """Entries that are to be kept, and words whose entries are to go."""

    entries: tuple[Entry, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """Every word that they are about."""
        return frozenset(self.gone) | {each.written for each in self.entries}


_NOTHING: Final = Changes()


@dataclass(frozen=True, slots=True)
class Touched:
    """An episode in which changed words stand, at so many `places`.

    Where it was spoken before, `mending` is what is to be spoken anew of it, `characters` how much that is, and
    `cost_micro` the most that it costs in micro-dollars, or None where that cannot be told now: `why` says it. One that
    was not spoken yet is only prepared anew, which costs nothing.
    """

    episode: Episode
    places: int
    mending: Mending = ()
    whole: bool = False
    characters: int = 0
    cost_micro: int | None = 0
    why: str = ""

    @property
    def sentences(self) -> int:
        """How many utterances are to be spoken anew."""
        return sum(last - first for first, last in self.mending)


class Lexicon:
    """Pronunciations of a project, or with None those of the library, which every project goes by that has no other."""

    def __init__(self, rooms: Rooms, run: Run) -> None:
        self._rooms = rooms
        # What is shown while somebody waits does not wait behind the jobs of the stages.
        self._quick = replace(rooms, compute=rooms.attendant)
        self._run = run

    async def entries(self, project: Project | None) -> Sequence[Entry]:
        """What is listed there."""
        if project is None:
            return await self._rooms.lexicon.entries()
        return [entry(written, said) for written, said in parse(project.settings.pronunciations).items()]

    async def preview(
        self, project: Project | None, changes: Changes, everywhere: Changes = _NOTHING
    ) -> Sequence[Touched]:
        """What a change would touch, queued and finished; nothing is stored. Raises `SettingError`, `InputError`.

        `everywhere` is a change of the library's list that is made together with that of a project. An episode is
        touched where its spoken form would be another: a word that a longer entry covers, or one of a project or brand
        in place of the library's, is not counted.
        """
        changes, everywhere = _checked(changes), _checked(everywhere)
        if project is None:
            changes, everywhere = _NOTHING, changes
        words = changes.words | everywhere.words
        library = await self._rooms.lexicon.entries()
        after = _changed(library, everywhere)
        projects = await self._rooms.projects.all() if everywhere.words or project is None else [project]
        touched: list[Touched] = []
        for each in projects:
            own_list = project is not None and each.id == project.id
            changed = self._with(each, changes) if own_list else each
            for episode, script in await self._with_words(each, words if own_list else everywhere.words):
                own = each.settings.merged(episode.overrides)
                new = changed.settings.merged(episode.overrides)
                was = await self._form(script, own, library)
                now = await self._form(script, new, after)
                if _differing(was, now):
                    touched.append(await self._touched(changed, episode, was, now))
        return touched

    async def apply(self, project: Project | None, changes: Changes) -> Project | None:
        """Store a change; returns the changed project. What is spoken from now on goes by it.

        What is prepared or spoken already stays as it is until `respeak`. Raises `SettingError`.
        """
        changes = _checked(changes)
        if project is None:
            await self._rooms.lexicon.change(changes.entries, changes.gone)
            return None
        changed = self._with(project, changes)
        await self._rooms.projects.update(changed)
        self._run.know([changed])
        return changed

    async def respeak(self, ids: Collection[int]) -> Sequence[Episode]:
        """Bring episodes in line with the pronunciations as they are now; returns those that were moved.

        Of one that was spoken, the sentences that would be said otherwise now are spoken anew and put into the take in
        use; one that is only prepared is prepared again, and keeps its approval. One that is being worked on is left
        alone. Raises `InputError`.
        """
        moved: list[Episode] = []
        projects = {project.id: project for project in await self._rooms.projects.all()}
        # As it is now: what is spoken anew is under way in a moment, and starts nothing that waits for its start.
        works = {each for each in projects if self._run.works_on(each)}
        for episode_id in ids:
            async with self._run.orders:
                episode = await self._rooms.projects.episode(episode_id)
                done = await self._renewed(projects[episode.project_id], episode, works=episode.project_id in works)
            if done is not None:
                moved.append(done)
        return moved

    async def import_pls(self, path: Path) -> ReadLexicon:
        """What a lexicon file holds, to be looked at and then applied. Raises `InputError`."""
        return await asyncio.to_thread(self._rooms.read_lexicon, path)

    async def export_pls(self, path: Path, project: Project | None = None) -> None:
        """Write a lexicon file. Raises `ExportError`."""
        await asyncio.to_thread(self._rooms.write_lexicon, list(await self.entries(project)), path)

    async def _renewed(self, project: Project, episode: Episode, *, works: bool) -> Episode | None:
        script = await self._rooms.projects.script(episode.id)
        before = await self._rooms.projects.spoken(episode.id)
        if script.unwritten or before is None:
            return None
        now = await self._form(script, project.settings.merged(episode.overrides), None)
        if not _differing(before, now):
            return None
        self._run.know([project])
        runner = self._run.runner
        if episode.take and episode.state in HEARD:
            mending = _mending(before, now)
            moved = await runner.retake(episode, "" if is_everything(mending, now) else to_text(mending))
            self._run.go(moved)
            return moved
        waits = episode.awaits_approval
        prepared = episode.state is State.QUEUED and episode.stage is Stage.SYNTHESIZE
        if episode.takes or not (waits or prepared):
            return None
        episode = await self._run.stop(episode.id)
        if episode.state is State.WORKING:
            return None
        moved = await runner.revise(episode, script, approved=episode.script_approved)
        if waits:
            self._run.prepare(moved)
        elif works:
            self._run.go(moved)
        return moved

    async def _touched(self, project: Project, episode: Episode, was: SpokenForm, now: SpokenForm) -> Touched:
        places = _places(was, now)
        if not episode.take or episode.state not in HEARD:
            return Touched(episode, places)
        work = Work(self._quick, self._run.buyer, self._run.asker, project, episode, unfollowed)
        mending = _mending(there(await self._rooms.projects.spoken(episode.id)), now)
        whole, count = is_everything(mending, now), characters(mending, now)
        try:
            quote = await quoted(work, await work.take(), now, mending)
        except (
            BatchcastError
        ) as error:  # of one episode, such as a voice that is gone: the others are told all the same
            return Touched(episode, places, mending, whole, count, None, str(error))
        return Touched(episode, places, mending, whole, count, quote.price.micro)

    async def _with_words(self, project: Project, words: Collection[str]) -> list[tuple[Episode, Script]]:
        """The episodes whose scripts may hold one of the words: all that do, and few others."""
        squeezed = frozenset(filter(None, map(_squeeze, words)))
        found: list[tuple[Episode, Script]] = []
        for episode in await self._rooms.projects.episodes(project.id):
            if episode.state is State.CANCELLED:
                continue
            script = await self._rooms.projects.script(episode.id)
            if not script.unwritten and await asyncio.to_thread(_holds_any, script.text, squeezed):
                found.append((episode, script))
        return found

    async def _form(self, script: Script, settings: Settings, library: Sequence[Entry] | None) -> SpokenForm:
        listed = await pronunciations(self._quick, settings, library)
        return await speaking.spoken_by(self._quick, script, settings, listed, unfollowed)

    def _with(self, project: Project, changes: Changes) -> Project:
        listed = parse(project.settings.pronunciations)
        kept: Mapping[str, str] = {
            **{written: said for written, said in listed.items() if written not in changes.gone},
            **{each.written: each.listed for each in changes.entries},
        }
        text = "; ".join(f"{written}={said}" for written, said in kept.items())
        odd = next((each for each in kept if set(each) & set(";=")), None)
        if odd is not None:
            raise SettingError(
                f"“{odd}” cannot be in the list of a project.", "Leave out its “;” or “=”, or list it for all projects."
            )
        return replace(project, settings=project.settings.with_values({"pronunciations": text}))


def _checked(changes: Changes) -> Changes:
    """Raises `SettingError` for what cannot be spoken."""
    return replace(changes, entries=tuple(entry(each.written, each.listed) for each in changes.entries))


def _changed(entries: Sequence[Entry], changes: Changes) -> Sequence[Entry]:
    return [*(each for each in entries if each.written not in changes.words), *changes.entries]


def _squeeze(text: str) -> str:
    return _SQUEEZED.sub("", text).casefold()


def _holds_any(text: str, squeezed: frozenset[str]) -> bool:
    whole = _squeeze(text)
    return any(word in whole for word in squeezed)


def _sounds(utterance: Utterance) -> object:
    return utterance.text, utterance.marks


def _differing(one: SpokenForm, other: SpokenForm) -> list[int]:
    """The utterances of `other` that are spoken otherwise in `one`; all where they are not cut alike."""
    if not other.is_cut_like(one):
        return list(range(len(other.utterances)))
    pairs = zip(one.utterances, other.utterances, strict=True)
    return [number for number, (old, new) in enumerate(pairs) if _sounds(old) != _sounds(new)]


def _mending(before: SpokenForm, now: SpokenForm) -> Mending:
    """What is to be spoken anew: whole sentences, or everything where they are cut in another way now."""
    return sentences(now, _differing(before, now)) if now.is_cut_like(before) else everything(now)


def _places(one: SpokenForm, other: SpokenForm) -> int:
    """At how many places of the source `other` says something else, at least one."""
    was, now = _said_at(one), _said_at(other)
    words = sum(was.get(place) != said for place, said in now.items())
    # A word may be spelled as before, and only its phonemes be others.
    sounds = [
        {(unit.start, *astuple(mark)) for unit in form.utterances for mark in unit.marks} for form in (one, other)
    ]
    return max(1, words or len(sounds[0] ^ sounds[1]))


def _said_at(spoken: SpokenForm) -> dict[tuple[int, int], tuple[str, ...]]:
    """The words of each span of the source."""
    spans = groupby(spoken.words, key=lambda word: (word.start, word.end))
    return {place: tuple(word.text for word in words) for place, words in spans}
