"""What is known of the scripts of episodes: where they come from, what the checks said, which others are alike."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from studio.domain.likeness import MOST_HOLDERS, parts
from studio.domain.script_report import Fingerprint, Neighbour, ScriptReport
from studio.domain.writing import Provenance
from studio.engine.ports import Prepared, Revised, Written
from studio.store import episodes, serial
from studio.store.database import Database, insert

_MOST = 200  # neighbours; with more of them one is as good as another

_COUNTS = "removed_at IS NULL AND state NOT IN ('rejected', 'cancelled')"
_HOLDERS = "SELECT episode_id FROM fingerprint_phrases WHERE phrase = ? AND episode_id <> ? LIMIT ?"
_TEXTS = (
    "SELECT episode_id, signature FROM json_each(?) JOIN fingerprints ON episode_id = value "  # noqa: S608  (text from code)
    f"JOIN episodes ON episodes.id = episode_id WHERE {_COUNTS}"
)
_PHRASES = "SELECT phrase FROM fingerprint_phrases WHERE episode_id = ?"


class ScriptStore:
    """Keeps the engine's `ScriptShelf` protocol."""

    def __init__(self, database: Database) -> None:
        self._read = database.read
        self._write = database.write

    async def report(self, episode_id: int) -> ScriptReport | None:
        """What the checks said of the script as it is now, or None before them."""
        return await self._read(partial(_report, episode_id=episode_id))

    async def provenance(self, episode_id: int) -> Provenance | None:
        """Where a script that the studio wrote comes from, or None."""
        return await self._read(partial(_provenance, episode_id=episode_id))

    async def alike(self, fingerprint: Fingerprint, but: int, *, keep: bool = False) -> Sequence[Neighbour]:
        """The episodes but one, of any project, that share a band with this text; those that share most of them first.

        Behind them come those in which it stands, or which stand in it. With `keep` the one left out is found by this
        text from now on: of two that are checked at the same time, the later one finds the earlier.
        """
        if keep:
            return await self._write(partial(_introduce, fingerprint=fingerprint, episode_id=but))
        return await self._read(partial(_alike, fingerprint=fingerprint, but=but))


def keep(connection: sqlite3.Connection, episode_id: int, product: Written | Revised | Prepared) -> None:
    """Store what a stage, or a person, left of a script."""
    match product:
        case Written(script, provenance):
            episodes.rewrite(connection, episode_id, script)
            _keep_provenance(connection, episode_id, provenance)
        case Revised(script):
            episodes.rewrite(connection, episode_id, script)
        case Prepared(_, report):
            if report is not None:
                _keep_report(connection, episode_id, report)


def _keep_provenance(connection: sqlite3.Connection, episode_id: int, provenance: Provenance) -> None:
    """Where a script comes from, in the place of what was known of the one before."""
    values = {"episode_id": episode_id, "packed": serial.pack(Provenance, provenance)}
    insert(connection, "provenances", values, on_conflict="ON CONFLICT DO UPDATE SET packed = excluded.packed")


def _keep_report(connection: sqlite3.Connection, episode_id: int, report: ScriptReport) -> None:
    """What the checks said, in the place of what they said of the script before."""
    values = {"episode_id": episode_id, "verdict": report.verdict, "packed": serial.pack(ScriptReport, report)}
    replace = "ON CONFLICT DO UPDATE SET verdict = excluded.verdict, packed = excluded.packed"
    insert(connection, "script_reports", values, on_conflict=replace)


def _keep_fingerprint(connection: sqlite3.Connection, episode_id: int, fingerprint: Fingerprint) -> None:
    """The likeness of a text, in the place of that of the one before."""
    # Its bands and its phrases go with it.
    connection.execute("DELETE FROM fingerprints WHERE episode_id = ?", (episode_id,))
    insert(connection, "fingerprints", {"episode_id": episode_id, "signature": fingerprint.signature})
    connection.executemany(
        "INSERT OR IGNORE INTO fingerprint_bands (band, episode_id) VALUES (?, ?)",
        [(band, episode_id) for band in fingerprint.bands],
    )
    connection.executemany(
        "INSERT INTO fingerprint_phrases (phrase, episode_id) VALUES (?, ?)",
        [(phrase, episode_id) for phrase in fingerprint.phrases],
    )


def _report(connection: sqlite3.Connection, episode_id: int) -> ScriptReport | None:
    row = connection.execute("SELECT packed FROM script_reports WHERE episode_id = ?", (episode_id,)).fetchone()
    return row and serial.unpack(ScriptReport, row["packed"])


def _provenance(connection: sqlite3.Connection, episode_id: int) -> Provenance | None:
    row = connection.execute("SELECT packed FROM provenances WHERE episode_id = ?", (episode_id,)).fetchone()
    return row and serial.unpack(Provenance, row["packed"])


def _introduce(connection: sqlite3.Connection, fingerprint: Fingerprint, episode_id: int) -> Sequence[Neighbour]:
    _keep_fingerprint(connection, episode_id, fingerprint)
    return _alike(connection, fingerprint, episode_id)


def _alike(connection: sqlite3.Connection, fingerprint: Fingerprint, but: int) -> Sequence[Neighbour]:
    if not fingerprint.bands:
        return []
    places = ", ".join("?" * len(fingerprint.bands))
    near = (
        "SELECT episode_id, COUNT(*) AS shared FROM fingerprint_bands "  # noqa: S608  (question marks)
        f"WHERE band IN ({places}) GROUP BY episode_id"
    )
    shares = _parts(connection, fingerprint.phrases, but)
    listed = "SELECT value AS episode_id, 0 AS shared FROM json_each(?)"
    found = _neighbours(connection, near, fingerprint.bands, but)
    for known, each in _neighbours(connection, listed, [json.dumps(list(shares))], but).items():
        inside, around = shares[known]
        found[known] = replace(each, inside=inside, around=around)
    return list(found.values())


def _neighbours(
    connection: sqlite3.Connection, candidates: str, values: Sequence[object], but: int
) -> dict[int, Neighbour]:
    """Those of the candidates (`episode_id`, `shared`) that count, by their ids; the ones that share most first."""
    # Episodes of a show that begin and end alike share a band or two: whoever shares most must not be lost among them.
    rows = connection.execute(
        "SELECT episodes.id, episodes.title, projects.name, signature, "  # noqa: S608  (of this module)
        "text_sha256 IS (SELECT text_sha256 FROM episodes WHERE id = ?) AS same_text FROM "
        f"({candidates}) JOIN fingerprints USING (episode_id) JOIN episodes ON episodes.id = episode_id "
        "JOIN projects ON projects.id = project_id WHERE episodes.id <> ? AND "
        f"{_COUNTS} ORDER BY shared DESC, episodes.id LIMIT ?",
        (but, *values, but, _MOST),
    )
    return {
        row["id"]: Neighbour(row["id"], row["title"], row["name"], row["signature"], same_text=bool(row["same_text"]))
        for row in rows
    }


def _parts(connection: sqlite3.Connection, phrases: Sequence[int], but: int) -> dict[int, tuple[float, float]]:
    """The episodes but one in which these phrases stand, or which stand among them: both shares, by their ids."""
    holders: dict[int, list[int]] = {}
    for phrase in phrases:
        rows = connection.execute(_HOLDERS, (phrase, but, MOST_HOLDERS + 1)).fetchall()
        if rows:
            holders[phrase] = [row["episode_id"] for row in rows]
    everyone = json.dumps(sorted({each for ids in holders.values() for each in ids}))
    texts = {row["episode_id"]: row["signature"] for row in connection.execute(_TEXTS, (everyone,))}
    return parts(phrases, holders, texts, lambda id_: [row["phrase"] for row in connection.execute(_PHRASES, (id_,))])
