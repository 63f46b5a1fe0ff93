"""Episodes as rows: queued, read, saved, taken out, put back after a crash."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from studio.domain.episode import Clearance, Episode, Stage, State, StripFault, may_move
from studio.domain.errors import EpisodeLookupError, StoreError
from studio.domain.findings import Verdict
from studio.domain.queueing import Waiting
from studio.domain.script import Script
from studio.engine.ports import HistoryEntry, NewEpisode
from studio.store import serial
from studio.store.database import insert, storable

_COLUMNS = tuple(item.name for item in fields(Episode))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM episodes"  # noqa: S608  (names from the dataclass)
_UPDATED = tuple(name for name in _COLUMNS if name not in {"id", "project_id", "number"})
_UPDATE = f"UPDATE episodes SET {', '.join(f'{name} = ?' for name in _UPDATED)} WHERE id = ?"  # noqa: S608  (names from code)

_FAULTS = tuple[StripFault, ...]
_TIMINGS = tuple[tuple[Stage, float], ...]


@dataclass(frozen=True, slots=True)
class PackedScript:
    """A new episode, ready to be stored: hashed and compressed before the transaction begins."""

    script: Script
    priority: int
    overrides: str
    text_sha256: str
    sha256: str
    packed: bytes


def pack(new: NewEpisode) -> PackedScript:
    """Hash and compress one script."""
    packed = serial.pack(Script, new.script)
    return PackedScript(new.script, new.priority, new.overrides, text_hash(new.script), _sha256(packed), packed)


def text_hash(script: Script) -> str:
    """By which a project knows that it has a text already."""
    return _sha256_of_text(script.text)


def known(connection: sqlite3.Connection, project_id: int, hashes: Iterable[str]) -> Sequence[int | None]:
    """For each hash of a text the number of the episode that was queued with it, or None."""
    find = "SELECT number FROM episodes WHERE project_id = ? AND text_sha256 = ? AND removed_at IS NULL"
    rows = (connection.execute(find, (project_id, each)).fetchone() for each in hashes)
    return [None if row is None else row["number"] for row in rows]


def add(
    connection: sqlite3.Connection, project_id: int, scripts: Iterable[PackedScript]
) -> Sequence[tuple[Episode, bool]]:
    """Queue scripts, numbered on from the highest that the project ever had; a text that it has is found instead."""
    (number,) = connection.execute(
        "SELECT coalesce(max(number), 0) FROM episodes WHERE project_id = ?", (project_id,)
    ).fetchone()
    result = []
    for item in scripts:
        known = connection.execute(
            f"{_SELECT} WHERE project_id = ? AND text_sha256 = ? AND removed_at IS NULL", (project_id, item.text_sha256)
        ).fetchone()
        if known is None:
            number += 1
            result.append((_insert(connection, project_id, number, item), True))
        else:
            result.append((_episode(known), False))
    return result


def rewrite(connection: sqlite3.Connection, episode_id: int, script: Script) -> None:
    """Give an episode a changed script; the one before stays in the library.

    The text by which the project knows it is still the one that was queued: it must not be queued twice.
    """
    packed = serial.pack(Script, script)
    sha256 = _sha256(packed)
    insert(connection, "scripts", {"sha256": sha256, "packed": packed}, on_conflict="ON CONFLICT DO NOTHING")
    connection.execute("UPDATE episodes SET script_sha256 = ? WHERE id = ?", (sha256, episode_id))


def _insert(connection: sqlite3.Connection, project_id: int, number: int, item: PackedScript) -> Episode:
    script = {"sha256": item.sha256, "packed": item.packed}
    insert(connection, "scripts", script, on_conflict="ON CONFLICT DO NOTHING")
    new = Episode(
        id=0,
        project_id=project_id,
        number=number,
        title=item.script.title,
        source=item.script.source,
        state=State.QUEUED,
        stage=Stage.WRITE if item.script.unwritten else Stage.PREPARE,
        priority=item.priority,
        overrides=item.overrides,
        characters=item.script.characters,
    )
    values = _values(new)
    del values["id"]
    values |= {"text_sha256": item.text_sha256, "script_sha256": item.sha256}
    return one(connection, insert(connection, "episodes", values))


def all_of(connection: sqlite3.Connection, project_id: int | None) -> Sequence[Episode]:
    """The episodes of one project, or of all, by number."""
    if project_id is None:
        rows = connection.execute(f"{_SELECT} WHERE removed_at IS NULL ORDER BY project_id, number")
    else:
        rows = connection.execute(
            f"{_SELECT} WHERE project_id = ? AND removed_at IS NULL ORDER BY number", (project_id,)
        )
    return [_episode(row) for row in rows]


def one(connection: sqlite3.Connection, episode_id: int) -> Episode:
    """One episode. Raises `EpisodeLookupError` when there is none of that id, or it was taken out of its project."""
    row = connection.execute(f"{_SELECT} WHERE id = ? AND removed_at IS NULL", (episode_id,)).fetchone()
    if row is None:
        raise EpisodeLookupError
    return _episode(row)


def save(connection: sqlite3.Connection, episode: Episode) -> None:
    """Store a row. Raises `EpisodeLookupError` as `one`, and `ValueError` for a move that the table does not allow."""
    stored = one(connection, episode.id)
    if not may_move(stored.state, episode.state):
        raise ValueError(f"episode {episode.id} cannot go from {stored.state} to {episode.state}")
    values = _values(episode)
    connection.execute(_UPDATE, (*storable({name: values[name] for name in _UPDATED}), episode.id))


def waiting(connection: sqlite3.Connection, project_id: int) -> Sequence[Waiting]:
    """As much of the queued episodes of a project as their order depends on, by number."""
    rows = connection.execute(
        "SELECT id, number, priority, characters FROM episodes "
        "WHERE project_id = ? AND state = ? AND removed_at IS NULL ORDER BY number",
        (project_id, State.QUEUED),
    )
    return [Waiting(*row) for row in rows]


def prioritise(connection: sqlite3.Connection, priorities: Mapping[int, int]) -> Sequence[Episode]:
    """Store new priorities; returns those episodes as they stand now, without any that was taken out meanwhile."""
    connection.executemany(
        "UPDATE episodes SET priority = ? WHERE id = ? AND removed_at IS NULL",
        [(priority, episode_id) for episode_id, priority in priorities.items()],
    )
    found = (
        connection.execute(f"{_SELECT} WHERE id = ? AND removed_at IS NULL", (episode_id,)).fetchone()
        for episode_id in priorities
    )
    return [_episode(row) for row in found if row is not None]


def override(connection: sqlite3.Connection, episode_id: int, overrides: str) -> Episode:
    """Store settings of its own, nothing else; returns the row as it stands now. Raises `EpisodeLookupError`."""
    connection.execute("UPDATE episodes SET overrides = ? WHERE id = ?", (overrides, episode_id))
    return one(connection, episode_id)


def remove(connection: sqlite3.Connection, episode_id: int) -> None:
    """Take an episode out of its project; the row stays, for what points to it."""
    connection.execute(
        "UPDATE episodes SET removed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ? AND removed_at IS NULL",
        (episode_id,),
    )


def take_back(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """Take those of these episodes out that still wait as they were queued; returns their ids."""
    return [
        episode_id
        for episode_id in ids
        if connection.execute(
            "UPDATE episodes SET removed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
            "WHERE id = ? AND removed_at IS NULL AND state = ? AND stage IN (?, ?) AND takes = 0",
            (episode_id, State.QUEUED, Stage.WRITE, Stage.PREPARE),
        ).rowcount
    ]


def restore(connection: sqlite3.Connection, episode_id: int) -> Episode:
    """Put an episode back. Raises `StoreError` where its text has come into the project again meanwhile."""
    again = connection.execute(
        "SELECT other.number, other.title FROM episodes AS other JOIN episodes AS gone USING (project_id, text_sha256) "
        "WHERE gone.id = ? AND other.id <> gone.id AND other.removed_at IS NULL",
        (episode_id,),
    ).fetchone()
    if again is not None:
        raise StoreError(
            f"“{again['title']}” is in this project again, as number {again['number']}.",
            "Remove that one first, or go on with it.",
        )
    connection.execute("UPDATE episodes SET removed_at = NULL WHERE id = ?", (episode_id,))
    return one(connection, episode_id)


def recover(connection: sqlite3.Connection) -> Sequence[Episode]:
    """Put what was under way back in its queue, and note that in its history."""
    ids = [
        row["id"]
        for row in connection.execute(
            "SELECT id FROM episodes WHERE state = ? AND removed_at IS NULL ORDER BY project_id, number",
            (State.WORKING,),
        )
    ]
    for episode_id in ids:
        connection.execute("UPDATE episodes SET state = ? WHERE id = ?", (State.QUEUED, episode_id))
    recovered = [one(connection, episode_id) for episode_id in ids]
    for episode in recovered:
        note(connection, episode.id, HistoryEntry(episode.stage, "interrupted", 0.0, "The program ended meanwhile."))
    return recovered


def note(connection: sqlite3.Connection, episode_id: int, entry: HistoryEntry) -> None:
    """Append to an episode's history."""
    values = {"episode_id": episode_id, "stage": entry.stage, "outcome": entry.outcome}
    insert(connection, "history", values | {"seconds": entry.seconds, "note": entry.note})


def history(connection: sqlite3.Connection, episode_id: int) -> Sequence[HistoryEntry]:
    """What happened to an episode, oldest first."""
    rows = connection.execute(
        "SELECT stage, outcome, seconds, note FROM history WHERE episode_id = ? ORDER BY id", (episode_id,)
    )
    return [HistoryEntry(Stage(row["stage"]), row["outcome"], row["seconds"], row["note"]) for row in rows]


def script(connection: sqlite3.Connection, episode_id: int) -> Script:
    """The script as it was queued, or as it was edited since."""
    row = connection.execute(
        "SELECT packed FROM scripts JOIN episodes ON scripts.sha256 = script_sha256 WHERE episodes.id = ?",
        (episode_id,),
    ).fetchone()
    if row is None:
        raise EpisodeLookupError
    return serial.unpack(Script, row["packed"])


def _values(episode: Episode) -> dict[str, Any]:
    values = {name: getattr(episode, name) for name in _COLUMNS}
    values["strip_faults"] = serial.to_json(_FAULTS, episode.strip_faults) if episode.strip_faults else ""
    values["timings"] = serial.to_json(_TIMINGS, episode.timings) if episode.timings else ""
    return values


def _episode(row: sqlite3.Row) -> Episode:
    # Ten thousand of these must be read in well under a second.
    values = list(row)
    for place, read in _READERS:
        values[place] = read(values[place])
    return Episode(*values)


def _strip_faults(text: str) -> tuple[StripFault, ...]:
    return serial.from_json(_FAULTS, text) if text else ()


def _timings(text: str) -> tuple[tuple[Stage, float], ...]:
    return serial.from_json(_TIMINGS, text) if text else ()


_VERDICTS: dict[str | None, Verdict | None] = {None: None, **{item.value: item for item in Verdict}}

# What SQLite keeps in another form, and how that is read. Dictionaries: calling an enum takes ten times as long.
_READERS: tuple[tuple[int, Callable[[Any], Any]], ...] = tuple(
    (_COLUMNS.index(name), read)
    for name, read in (
        ("state", {item.value: item for item in State}.__getitem__),
        ("stage", {item.value: item for item in Stage}.__getitem__),
        ("verdict", _VERDICTS.__getitem__),
        ("script_verdict", _VERDICTS.__getitem__),
        ("script_approved", bool),
        ("clearance", {item.value: item for item in Clearance}.__getitem__),
        ("drawn", bool),
        ("strip_faults", _strip_faults),
        ("timings", _timings),
    )
)


def _sha256_of_text(text: str) -> str:
    return _sha256(text.encode("utf-8", "surrogatepass"))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
