"""The library of projects: keeps the engine's `Projects` protocol. What it stores is in `episodes` and `products`."""

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from studio.domain.duration import SpeakingRate
from studio.domain.episode import Episode
from studio.domain.errors import StoreError
from studio.domain.findings import QaReport
from studio.domain.project import Project
from studio.domain.sampling import review_seed
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.speech_plan import Terms
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take
from studio.domain.voiceprint import VoiceBaseline
from studio.engine.ports import HistoryEntry, Misread, NewEpisode, Product
from studio.store import episodes, products
from studio.store.database import insert
from studio.store.line import LineStore

_SELECT = "SELECT id, name, out_dir, settings, review_seed, archived_at, worked_at FROM projects"


class ProjectStore(LineStore):
    """Projects, episodes and what their stages left. Every write is one transaction; every read one snapshot."""

    async def create(self, name: str, out_dir: Path, settings: Settings) -> Project:
        """A new project. Raises `StoreError` when the name is taken."""
        project = Project(0, name, str(out_dir), settings, review_seed(name))
        return await self._write(lambda connection: _create(connection, project))

    async def update(self, project: Project) -> None:
        """Store a changed name, output folder or settings. Raises `StoreError` when the name is taken."""
        await self._write(lambda connection: _update(connection, project))

    async def archive(self, project_id: int, *, away: bool) -> None:
        """Put a project away, or take it out again. Nothing else of it changes."""
        await self._write(lambda connection: _archive(connection, project_id, away=away))

    async def use(self, project_id: int) -> None:
        """Note that a project was used now."""
        await self._write(lambda connection: _worked_on(connection, project_id))

    async def all(self) -> Sequence[Project]:
        """Every project, the archived ones among them, the one last used first."""
        return await self._read(
            lambda connection: [
                _project(row) for row in connection.execute(f"{_SELECT} ORDER BY worked_at DESC, id DESC")
            ]
        )

    async def add(self, project: Project, episodes_: Sequence[NewEpisode]) -> Sequence[tuple[Episode, bool]]:
        """Queue scripts; a script that the project has already (same text) gives its episode and False."""
        packed = await asyncio.to_thread(lambda: [episodes.pack(new) for new in episodes_])

        def work(connection: sqlite3.Connection) -> Sequence[tuple[Episode, bool]]:
            _worked_on(connection, project.id)
            return episodes.add(connection, project.id, packed)

        return await self._write(work)

    async def episodes(self, project_id: int | None = None) -> Sequence[Episode]:
        """The episodes of one project, or of all, by number."""
        return await self._read(lambda connection: episodes.all_of(connection, project_id))

    async def episode(self, episode_id: int) -> Episode:
        """One episode as it is stored now. Raises `EpisodeLookupError` when there is none of that id."""
        return await self._read(lambda connection: episodes.one(connection, episode_id))

    async def save(self, episode: Episode, entry: HistoryEntry | None = None, product: Product | None = None) -> None:
        """Store an episode's row, what happened, and what it left, in one transaction.

        Raises `ValueError` for a move that is not allowed and `EpisodeLookupError` for an episode that is not there.
        """

        def work(connection: sqlite3.Connection) -> None:
            episodes.save(connection, episode)
            if entry is not None:
                episodes.note(connection, episode.id, entry)
            if product is not None:
                products.keep(connection, episode, product)
            _worked_on(connection, episode.project_id)

        await self._write(work)

    async def override(self, episode_id: int, overrides: str) -> Episode:
        """Store settings of its own for an episode, and nothing else; returns it as it stands then.

        Raises `EpisodeLookupError` when there is none of that id.
        """
        return await self._write(lambda connection: episodes.override(connection, episode_id, overrides))

    async def recover(self) -> Sequence[Episode]:
        """Put everything that was under way when the program ended back in its queue; returns those episodes."""
        return await self._write(episodes.recover)

    async def script(self, episode_id: int) -> Script:
        """The script as it was queued, or edited since. Raises `EpisodeLookupError` when there is no such episode."""
        return await self._read(lambda connection: episodes.script(connection, episode_id))

    async def spoken(self, episode_id: int) -> SpokenForm | None:
        """The spoken form, once prepared."""
        return await self._read(lambda connection: products.spoken(connection, episode_id))

    async def take(self, episode_id: int, number: int) -> Take | None:
        """Take `number` of an episode."""
        return await self._read(lambda connection: products.take(connection, episode_id, number))

    async def master(self, episode_id: int, take_number: int) -> Master | None:
        """The master of a take."""
        return await self._read(lambda connection: products.master(connection, episode_id, take_number))

    async def report(self, episode_id: int, take_number: int) -> QaReport | None:
        """The report on that master."""
        return await self._read(lambda connection: products.report(connection, episode_id, take_number))

    async def misread(self, project_id: int, but: int) -> Sequence[Misread]:
        """What the episodes of a project but this one misread, as far as it stopped them; the newest few hundred."""
        return await self._read(lambda connection: products.misread(connection, project_id, but))

    async def history(self, episode_id: int) -> Sequence[HistoryEntry]:
        """What happened to an episode, oldest first."""
        return await self._read(lambda connection: episodes.history(connection, episode_id))

    async def terms(self, episode_id: int, number: int, inputs: str) -> Terms | None:
        """The terms under which take `number` was first planned from these inputs (a hash), or None."""
        find = partial(products.terms, episode_id=episode_id, number=number, inputs=inputs)
        return await self._read(find)

    async def keep_terms(self, episode_id: int, number: int, inputs: str, terms: Terms) -> None:
        """Store them, before anything is bought; what was stored first stays."""
        keep = partial(products.keep_terms, episode_id=episode_id, number=number, inputs=inputs, terms=terms)
        await self._write(keep)

    async def speaking_rate(self, episode_id: int, voice: str, model: str, speed: float) -> SpeakingRate:
        """The rate by which an episode is judged."""
        find = partial(products.speaking_rate, episode_id=episode_id, voice=voice, model=model, speed=speed)
        return await self._read(find)

    async def voice_baseline(self, episode_id: int, voice: str, model: str) -> VoiceBaseline:
        """What the voice of an episode is compared with."""
        find = partial(products.voice_baseline, episode_id=episode_id, voice=voice, model=model)
        return await self._read(find)


def _create(connection: sqlite3.Connection, project: Project) -> Project:
    _check_free(connection, project)
    insert(connection, "projects", _values(project) | {"review_seed": project.review_seed})
    stored = _by_name(connection, project.name)
    assert stored is not None  # noqa: S101  (inserted two lines above, in this transaction)
    return stored


def _update(connection: sqlite3.Connection, project: Project) -> None:
    _check_free(connection, project)
    values = _values(project)
    sets = ", ".join(f"{name} = ?" for name in values)
    changed = connection.execute(
        f"UPDATE projects SET {sets} WHERE id = ?",  # noqa: S608  (names from `_values`)
        (*values.values(), project.id),
    )
    if not changed.rowcount:
        raise LookupError(f"there is no project {project.id}")
    _worked_on(connection, project.id)


def _archive(connection: sqlite3.Connection, project_id: int, *, away: bool) -> None:
    at = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" if away else "NULL"
    connection.execute(
        f"UPDATE projects SET archived_at = {at} WHERE id = ?",  # noqa: S608  (one of the two above)
        (project_id,),
    )
    if not away:
        _worked_on(connection, project_id)


def _check_free(connection: sqlite3.Connection, project: Project) -> None:
    for what, text in (("name", project.name), ("output folder", project.out_dir)):
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise StoreError(f"The {what} of the project, {text!a}, is not valid Unicode.", f"Choose another {what}.")
    other = _by_name(connection, project.name)
    if other is not None and other.id != project.id:
        where = " in the archive" if other.archived else ""
        raise StoreError(
            f"There is a project “{project.name}” already{where}.", "Choose another name, or go on with that one."
        )


def _by_name(connection: sqlite3.Connection, name: str) -> Project | None:
    row = connection.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone()
    return row and _project(row)


def _worked_on(connection: sqlite3.Connection, project_id: int) -> None:
    connection.execute(
        "UPDATE projects SET worked_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?", (project_id,)
    )


def _values(project: Project) -> dict[str, str]:
    return {"name": project.name, "out_dir": project.out_dir, "settings": project.settings.to_json()}


def _project(row: sqlite3.Row) -> Project:
    return Project(
        row["id"],
        row["name"],
        row["out_dir"],
        Settings.from_json(row["settings"]),
        row["review_seed"],
        archived=row["archived_at"] is not None,
        used_at=row["worked_at"],
    )
