"""What the checks have measured, in order of checking, and what is to be learned anew: the engine's `Checks`."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.domain.findings import Severity, Verdict
from studio.domain.measures import Check, Renewal
from studio.domain.sampling import RandomReview
from studio.domain.sound import SoundReport
from studio.store import manner, serial
from studio.store.database import Database, insert

# The first take of an episode that each voice spoke as a whole. SQLite takes the other columns from the row that holds
# the minimum. What of it is the take in use has its figures in the episode's row; the report itself, with every word,
# is unpacked only for the others.
_CHECKED = f"""
SELECT min(takes.number) AS number, takes.episode_id, takes.voice, takes.model, takes.speed, takes.spoken_as,
    masters.mastered_as, masters.limited_db, reports.ears, reports.verdict, reports.accuracy, reports.created_at AS at,
    reports.rowid AS report, episodes.project_id, episodes.number AS place, episodes.title, episodes.removed_at,
    episodes.characters, episodes.take = takes.number AS in_use, episodes.duration_s, episodes.expected_duration_s,
    episodes.voice_consistency, episodes.brand_alignment, episodes.loudness_lufs, episodes.true_peak_dbtp,
    (SELECT count(*) FROM findings WHERE findings.episode_id = takes.episode_id
        AND findings.take_number = takes.number AND severity <> '{Severity.NOTE}') AS findings
FROM takes
JOIN masters ON masters.episode_id = takes.episode_id AND masters.take_number = takes.number
JOIN reports ON reports.episode_id = takes.episode_id AND reports.take_number = takes.number
JOIN episodes ON episodes.id = takes.episode_id
WHERE takes.parent = 0
GROUP BY takes.episode_id, takes.voice, takes.model, takes.speed, takes.spoken_as
ORDER BY reports.created_at, reports.rowid
"""  # noqa: S608  (a name from code)

# Of the episodes that passed: those of the random part on which a person has decided, and those that were turned down.
# Of several decisions on one take the last one counts.
_REVIEWED = f"""
WITH passed AS (SELECT DISTINCT episode_id FROM reports WHERE verdict = '{Verdict.PASS}'),
decided AS (
    SELECT decisions.episode_id, max(decisions.id), decisions.clearance IN ('', 'approved') AS heard,
        decisions.clearance = '' AS bad
    FROM decisions JOIN reports USING (episode_id, take_number) WHERE reports.verdict = '{Verdict.PASS}'
    GROUP BY decisions.episode_id, decisions.take_number
),
heard AS (SELECT episode_id, max(bad) AS bad FROM decided WHERE heard GROUP BY episode_id)
SELECT project_id, count(*) AS passed, coalesce(sum(drawn AND heard.episode_id IS NOT NULL), 0) AS heard,
    coalesce(sum(drawn AND heard.bad), 0) AS bad
FROM passed JOIN episodes ON episodes.id = passed.episode_id LEFT JOIN heard ON heard.episode_id = episodes.id
GROUP BY project_id
"""  # noqa: S608  (likewise)


@dataclass(frozen=True, slots=True)
class _Consistency:
    consistency: float


@dataclass(frozen=True, slots=True)
class _Alignment:
    alignment: float


@dataclass(frozen=True, slots=True)
class _Gist:
    """A report without its words: what is stored beside these fields is passed over."""

    sound: SoundReport
    expected_duration_s: float | None
    voice: _Consistency | None = None
    brand: _Alignment | None = None


class CheckStore:
    """Reads what was checked, and keeps what a person says about it."""

    def __init__(self, database: Database) -> None:
        self._read, self._write = database.read, database.write

    async def all(self) -> Sequence[Check]:
        """Every episode that was checked, once for each voice that spoke it, in order of checking."""
        return await self._read(lambda connection: [_check(connection, row) for row in connection.execute(_CHECKED)])

    async def reviewed(self) -> Mapping[int, RandomReview]:
        """What came of the random review, by project; without those in which nothing has passed."""
        return await self._read(
            lambda connection: {
                project_id: RandomReview(passed, heard, bad)
                for project_id, passed, heard, bad in connection.execute(_REVIEWED)
            }
        )

    async def renewals(self) -> Sequence[Renewal]:
        """What is to be learned anew, in the order of `since`."""
        return await self._read(
            lambda connection: [
                Renewal(*row)
                for row in connection.execute("SELECT id, voice, model, since FROM renewals ORDER BY since, id")
            ]
        )

    async def renew(self, voice: str, model: str, since: str) -> Renewal:
        """Have what is usual of a voice and model learned anew, from what is checked `since`; empty is now."""

        def keep(connection: sqlite3.Connection) -> Renewal:
            (now,) = connection.execute("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").fetchone()
            values = {"voice": voice, "model": model, "since": since or now}
            return Renewal(insert(connection, "renewals", values), voice, model, since or now)

        return await self._write(keep)

    async def take_back(self, renewal: Renewal) -> None:
        """What was usual before stays so."""
        await self._write(lambda connection: connection.execute("DELETE FROM renewals WHERE id = ?", (renewal.id,)))


def _check(connection: sqlite3.Connection, row: sqlite3.Row) -> Check:
    duration_s, expected_s = row["duration_s"], row["expected_duration_s"]
    voice, brand = row["voice_consistency"], row["brand_alignment"]
    loudness, peak = row["loudness_lufs"], row["true_peak_dbtp"]
    if not row["in_use"]:
        (packed,) = connection.execute("SELECT packed FROM reports WHERE rowid = ?", (row["report"],)).fetchone()
        gist = serial.unpack(_Gist, packed)
        duration_s, expected_s = gist.sound.duration_s, gist.expected_duration_s
        loudness, peak = gist.sound.loudness_lufs, gist.sound.true_peak_dbtp
        voice = gist.voice.consistency if gist.voice else None
        brand = gist.brand.alignment if gist.brand else None
    return Check(
        episode_id=row["episode_id"],
        project_id=row["project_id"],
        number=row["place"],
        title=row["title"],
        shown=row["removed_at"] is None,
        at=row["at"],
        voice=row["voice"],
        model=row["model"],
        spoken_as=row["spoken_as"] or manner.of_pace(row["speed"]),
        mastered_as=row["mastered_as"],
        ears=row["ears"],
        verdict=Verdict(row["verdict"]),
        characters=row["characters"],
        duration_s=duration_s or 0.0,
        expected_duration_s=expected_s,
        word_accuracy=row["accuracy"],
        voice_consistency=voice,
        brand_alignment=brand,
        loudness_lufs=loudness,
        true_peak_dbtp=peak,
        limited_db=row["limited_db"],
        findings=row["findings"],
    )
