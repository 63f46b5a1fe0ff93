"""The books: what the ledger and the takes add up to, day by day; keeps the engine's `BookKeeping` protocol.

A day's amounts are those of what was asked for on it, as the budgets count them. What has a time in the future, since
the clock was put back, counts today.
"""

import json
import sqlite3
from collections.abc import Sequence
from functools import partial

from studio.domain.books import Entry, Split, Sums, Taught, Waiting, is_free, spoken
from studio.domain.episode import Stage, State
from studio.domain.voice import BUILTIN
from studio.engine.bookkeeping import BudgetMark, Extract, Unvoiced
from studio.store.attempts import OF_SPEECH
from studio.store.database import Database

_FAR = "~"  # after every time
_PARTS = {Split.PROJECT: "project_id", Split.VOICE: "voice", Split.MODEL: "model"}

# Amounts as in `totals`, by day. The days come first, whatever the planner thinks: each is one range of the index.
_SPENT = f"""
SELECT day.key AS day, {{}} AS part,
    sum(settled_micro) AS settled_micro, sum(reserved_micro) AS held_micro,
    sum(iif(state = 'unknown', reserved_micro, 0)) AS unclear_micro,
    sum(iif(state = 'failed', settled_micro, 0)) AS lost_micro,
    sum(iif(kind = 'reuse', upper_bound_micro, 0)) AS saved_micro,
    sum(state = 'settled' AND kind = 'purchase') AS calls,
    sum(state = 'unknown') AS unclear_calls,
    sum(iif(state = 'settled' AND kind = 'purchase' AND {OF_SPEECH}, characters, 0)) AS characters
FROM json_each(:edges) AS day CROSS JOIN attempts
WHERE created_at >= day.value ->> 0 AND created_at < day.value ->> 1 AND (:project IS NULL OR project_id = :project)
GROUP BY 1, 2
"""  # noqa: S608  (names from code)

_CHECKED = "EXISTS (SELECT 1 FROM reports WHERE reports.episode_id = takes.episode_id AND take_number = takes.number)"

_MADE = f"""
SELECT day.key AS day, {{}} AS part, voice LIKE '{BUILTIN}:%' AS free, count(*) AS episodes,
    sum(takes.duration_s) AS finished_s,
    sum(iif(clearance <> '' AND state <> '{State.REJECTED}', takes.duration_s, 0)) AS accepted_s
FROM json_each(:edges) AS day CROSS JOIN takes CROSS JOIN episodes ON episodes.id = takes.episode_id
WHERE takes.created_at >= day.value ->> 0 AND takes.created_at < day.value ->> 1 AND take = takes.number AND {_CHECKED}
    AND (:project IS NULL OR project_id = :project)
GROUP BY 1, 2, 3
"""  # noqa: S608  (names from code)

_WAITING = f"""
SELECT project_id, overrides, count(*) AS episodes, coalesce(sum(expected_duration_s), 0) AS expected_s,
    sum(iif(expected_duration_s IS NULL, characters, 0)) AS characters,
    sum(iif(takes = 0, cost_micro, 0)) AS paid_micro
FROM episodes
WHERE state IN ('{State.QUEUED}', '{State.WORKING}')
    AND stage IN ('{Stage.WRITE}', '{Stage.PREPARE}', '{Stage.SYNTHESIZE}')
    AND mending = '' AND removed_at IS NULL AND (:project IS NULL OR project_id = :project)
GROUP BY 1, 2
"""  # noqa: S608  (likewise)

_TAUGHT = f"""
SELECT project_id, voice, count(*) AS episodes, sum(cost_micro) AS cost_micro, sum(takes.duration_s) AS seconds,
    sum(characters) AS characters
FROM episodes NOT INDEXED CROSS JOIN takes ON takes.episode_id = episodes.id AND takes.number = take
WHERE {_CHECKED}
GROUP BY 1, 2
"""  # noqa: S608  (likewise)

_RECENT = """
SELECT coalesce(sum(settled_micro), 0) AS micro, coalesce(min(iif(settled_micro > 0, created_at, NULL)), '') AS since
FROM attempts WHERE created_at >= :since AND (:project IS NULL OR project_id = :project)
"""

_WHOLE = """
SELECT coalesce(sum(settled_micro), 0), coalesce(sum(reserved_micro), 0),
    coalesce(sum(iif(state = 'unknown', reserved_micro, 0)), 0)
FROM attempts WHERE :project IS NULL OR project_id = :project
"""

_FIRST = """
SELECT coalesce(min(at), '') FROM (
    SELECT min(created_at) AS at FROM attempts WHERE :project IS NULL OR project_id = :project
    UNION ALL
    SELECT min(takes.created_at) FROM takes JOIN episodes ON episodes.id = episode_id
    WHERE :project IS NULL OR project_id = :project
)
"""


class BookStore:
    """Reads sums; writes only which marks of a budget have been told."""

    def __init__(self, database: Database) -> None:
        self._read = database.read
        self._write = database.write

    async def first(self, project_id: int | None) -> str:
        """When the first entry of a project, or of the library, was made (UTC, ISO 8601); empty without any."""
        return await self._read(lambda connection: _first(connection, project_id))

    async def extract(self, project_id: int | None, split: Split, edges: Sequence[str], recent: str) -> Extract:
        """Everything that is told of a project, or of the library, in one snapshot.

        Day `n` reaches from `edges[n]` (UTC, ISO 8601; empty: from the beginning) to the next, the last one to the end
        of time. `recent` is since when purchases are recent.
        """
        return await self._read(partial(_extract, project_id=project_id, split=split, edges=edges, recent=recent))

    async def tell_once(self, mark: BudgetMark) -> bool:
        """Note that a mark of a budget is told; False where it was told before."""
        values = (mark.scope, mark.project_id, mark.period, mark.amount, round(mark.share * 100))

        def work(connection: sqlite3.Connection) -> bool:
            told = connection.execute(
                "INSERT OR IGNORE INTO budget_alerts (scope, project_id, period, amount, mark) VALUES (?, ?, ?, ?, ?)",
                values,
            )
            return told.rowcount > 0

        return await self._write(work)


def _first(connection: sqlite3.Connection, project_id: int | None) -> str:
    (at,) = connection.execute(_FIRST, {"project": project_id}).fetchone()
    return str(at)


def _extract(
    connection: sqlite3.Connection, project_id: int | None, split: Split, edges: Sequence[str], recent: str
) -> Extract:
    part = _PARTS[split]
    which = {"project": project_id, "edges": json.dumps(list(zip(edges, [*edges[1:], _FAR], strict=True)))}
    entries = [
        Entry(day, str(group), Sums(*sums)) for day, group, *sums in connection.execute(_SPENT.format(part), which)
    ]
    entries += [
        Entry(day, str(group), spoken(*sums, free=bool(free)))
        for day, group, free, *sums in connection.execute(_MADE.format(part), which)
    ]
    taught = [row for row in connection.execute(_TAUGHT) if not is_free(row["voice"])]
    lately = connection.execute(_RECENT, {"project": project_id, "since": recent}).fetchone()
    spent = connection.execute(_WHOLE, which).fetchone()
    return Extract(
        entries=entries,
        waiting=[
            Unvoiced(row["overrides"], Waiting(row["project_id"], "", *tuple(row)[2:]))
            for row in connection.execute(_WAITING, which)
        ],
        taught=_by_project(taught),
        whole=Sums(*spent),
        recent_micro=lately["micro"],
        recent_since=lately["since"],
        names={row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM projects")},
    )


def _by_project(rows: Sequence[sqlite3.Row]) -> list[Taught]:
    """The voices of a project together."""
    found: dict[int, tuple[int, int, float, int]] = {}
    for row in rows:
        episodes, cost, seconds, characters = found.get(row["project_id"], (0, 0, 0.0, 0))
        found[row["project_id"]] = (
            episodes + row["episodes"],
            cost + row["cost_micro"],
            seconds + row["seconds"],
            characters + row["characters"],
        )
    return [Taught(project_id, *sums) for project_id, sums in found.items()]
