"""What the stages leave behind: spoken forms, takes, masters, reports with their findings, decisions."""

import sqlite3
from collections.abc import Sequence
from dataclasses import fields, replace

from studio.domain.duration import LEARNED_FROM, SpeakingRate, learned_rate
from studio.domain.episode import Episode
from studio.domain.extent import Extent, extent_of
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.sound import Mark, SoundReport
from studio.domain.speech_plan import Terms
from studio.domain.spoken import SpokenForm
from studio.domain.take import Artifact, Master, Mend, Take
from studio.domain.voiceprint import ENOUGH, VoiceBaseline, VoicePrint
from studio.engine.ports import (
    BASELINE,
    Checked,
    Decision,
    Misread,
    Prepared,
    Product,
    Revised,
    Rewritten,
    Undecided,
    Written,
)
from studio.store import episodes, manner, scripts, serial
from studio.store.database import insert

MARKS = tuple[Mark, ...]
MENDS = tuple[Mend, ...]

_MISREAD = 500  # passages that are enough to know what a voice cannot read

_ACCEPTED = """
SELECT voiceprints.packed FROM voiceprints
JOIN episodes ON episodes.id = voiceprints.episode_id AND episodes.take = voiceprints.take_number
JOIN takes ON takes.episode_id = voiceprints.episode_id AND takes.number = voiceprints.take_number
JOIN reports ON reports.episode_id = voiceprints.episode_id AND reports.take_number = voiceprints.take_number
WHERE takes.voice = ? AND takes.model = ? AND reports.created_at >= ? AND episodes.id <> ?
AND EXISTS (SELECT 1 FROM decisions WHERE decisions.episode_id = episodes.id AND decisions.take_number = takes.number
    AND decisions.clearance <> '' AND at < (SELECT created_at FROM episodes WHERE id = ?))
ORDER BY episodes.id DESC LIMIT ?
"""

_FINDING = tuple(item.name for item in fields(Finding))


def keep(connection: sqlite3.Connection, episode: Episode, product: Product) -> None:
    """Store what a stage left. Takes are only ever added; a new master replaces the old one and its report."""
    match product:
        case Written() | Revised():
            scripts.keep(connection, episode.id, product)
        case Prepared(spoken):
            _keep_spoken(connection, episode.id, spoken)
            scripts.keep(connection, episode.id, product)
        case Take():
            _keep_take(connection, episode, product)
        case Rewritten(script, spoken, take):
            episodes.rewrite(connection, episode.id, script)
            _keep_spoken(connection, episode.id, spoken)
            if take is not None:
                _keep_take(connection, episode, take)
        case Master():
            _keep_master(connection, episode.id, product)
        case Checked(take_number, report, kept):
            _keep_report(connection, episode.id, take_number, report)
            if kept is not None:
                _keep_report(connection, episode.id, kept.take_number, kept.report)
        case Undecided(again):
            connection.execute(
                "DELETE FROM decisions WHERE episode_id = ? AND take_number = ?", (episode.id, episode.take)
            )
            if again is not None:
                keep(connection, episode, again)
        case Decision(clearance, reason):
            values = {"episode_id": episode.id, "take_number": episode.take, "clearance": clearance, "reason": reason}
            insert(connection, "decisions", values)


def artifact_id(connection: sqlite3.Connection, artifact: Artifact) -> int:
    """The row of an artifact, made where it is the first that points to that file."""
    values = {"sha256": artifact.sha256, "suffix": artifact.suffix, "size": artifact.size}
    insert(connection, "artifacts", values, on_conflict="ON CONFLICT DO NOTHING")
    (found,) = connection.execute(
        "SELECT id FROM artifacts WHERE sha256 = ? AND suffix = ?", (artifact.sha256, artifact.suffix)
    ).fetchone()
    return int(found)


def artifact(connection: sqlite3.Connection, id_: int) -> Artifact:
    """The artifact of a row."""
    row = connection.execute("SELECT sha256, suffix, size FROM artifacts WHERE id = ?", (id_,)).fetchone()
    return Artifact(*row)


def spoken(connection: sqlite3.Connection, episode_id: int) -> SpokenForm | None:
    """The spoken form, once prepared."""
    row = connection.execute("SELECT packed FROM spoken WHERE episode_id = ?", (episode_id,)).fetchone()
    return row and serial.unpack(SpokenForm, row["packed"])


def take(connection: sqlite3.Connection, episode_id: int, number: int) -> Take | None:
    """Take `number` of an episode."""
    row = connection.execute("SELECT * FROM takes WHERE episode_id = ? AND number = ?", (episode_id, number)).fetchone()
    return row and Take(
        number=row["number"],
        voice=row["voice"],
        model=row["model"],
        seed=row["seed"],
        audio=artifact(connection, row["audio"]),
        marks=serial.unpack(MARKS, row["marks"]),
        duration_s=row["duration_s"],
        parent=row["parent"],
        mends=serial.from_json(MENDS, row["mends"]),
    )


def master(connection: sqlite3.Connection, episode_id: int, take_number: int) -> Master | None:
    """The master of a take."""
    row = connection.execute(
        "SELECT * FROM masters WHERE episode_id = ? AND take_number = ?", (episode_id, take_number)
    ).fetchone()
    return row and Master(
        take_number=row["take_number"],
        audio=artifact(connection, row["audio"]),
        peaks=artifact(connection, row["peaks"]),
        strip=row["strip"],
        sound=serial.unpack(SoundReport, row["sound"]),
        gain_db=row["gain_db"],
        limited_db=row["limited_db"],
    )


def report(connection: sqlite3.Connection, episode_id: int, take_number: int) -> QaReport | None:
    """The report on the master of a take."""
    place = (episode_id, take_number)
    row = connection.execute("SELECT packed FROM reports WHERE episode_id = ? AND take_number = ?", place).fetchone()
    if row is None:
        return None
    found = connection.execute(
        f"SELECT {', '.join(_FINDING)} FROM findings "  # noqa: S608  (names from the dataclass)
        "WHERE episode_id = ? AND take_number = ? ORDER BY position",
        place,
    )
    findings = tuple(Finding(FindingKind(kind), Severity(severity), *rest) for kind, severity, *rest in found)
    return replace(serial.unpack(QaReport, row["packed"]), findings=findings)


def misread(connection: sqlite3.Connection, project_id: int, but: int) -> Sequence[Misread]:
    """What the takes in use of a project's episodes but one misread, as far as it stopped them, newest first."""
    found = connection.execute(
        "SELECT DISTINCT findings.episode_id, script, said FROM findings "
        "JOIN episodes ON episodes.id = findings.episode_id AND episodes.take = findings.take_number "
        "WHERE findings.kind = ? AND findings.severity IN (?, ?, ?) AND script <> '' AND said <> '' "
        "AND project_id = ? AND episodes.id <> ? AND removed_at IS NULL ORDER BY episodes.id DESC LIMIT ?",
        (FindingKind.MISREAD_WORDS, Severity.FAULT, Severity.REVIEW, Severity.UNSURE, project_id, but, _MISREAD),
    )
    return [Misread(*row) for row in found]


def terms(connection: sqlite3.Connection, episode_id: int, number: int, inputs: str) -> Terms | None:
    """The terms under which a take was first planned from these inputs."""
    row = connection.execute(
        "SELECT terms FROM terms WHERE episode_id = ? AND number = ? AND inputs = ?", (episode_id, number, inputs)
    ).fetchone()
    return row and serial.from_json(Terms, row["terms"])


def keep_terms(connection: sqlite3.Connection, episode_id: int, number: int, inputs: str, terms: Terms) -> None:
    """Store them; what was stored first stays."""
    values = {"episode_id": episode_id, "number": number, "inputs": inputs, "terms": serial.to_json(Terms, terms)}
    insert(connection, "terms", values, on_conflict="ON CONFLICT DO NOTHING")


def speaking_rate(
    connection: sqlite3.Connection, episode_id: int, voice: str, model: str, speed: float
) -> SpeakingRate:
    """The rate over the episodes of that voice, model and speed that were accepted before this one was queued.

    The newest of them, as many as it takes; a first guess where there is none.
    """
    rows = connection.execute(
        "SELECT spoken.extent, spoken.sentences, spoken.marks, spoken.pauses_s, takes.duration_s FROM takes "
        "JOIN episodes ON episodes.id = takes.episode_id AND episodes.take = takes.number "
        "JOIN spoken ON spoken.episode_id = takes.episode_id "
        "WHERE takes.voice = ? AND takes.model = ? AND takes.speed = ? AND spoken.extent > 0 "
        "AND takes.duration_s > spoken.pauses_s AND EXISTS (SELECT 1 FROM decisions WHERE decisions.episode_id = "
        "episodes.id AND take_number = takes.number AND decisions.clearance <> '' "
        "AND at < (SELECT created_at FROM episodes WHERE id = ?)) ORDER BY episodes.id DESC LIMIT ?",
        (voice, model, speed, episode_id, LEARNED_FROM),
    )
    samples = [(Extent(*extent), seconds) for *extent, seconds in rows]
    return learned_rate(voice, speed, samples)


def voice_baseline(connection: sqlite3.Connection, episode_id: int, voice: str, model: str) -> VoiceBaseline:
    """The voiceprints of that voice and model that were accepted before this episode was queued, newest first.

    Where it is to be learned anew, of those that were checked since, as soon as there are enough of them.
    """
    renewed = connection.execute(
        "SELECT since FROM renewals WHERE voice = ? AND model = ? "
        "AND made_at < (SELECT created_at FROM episodes WHERE id = ?) ORDER BY since DESC",
        (voice, model, episode_id),
    )
    rows: list[sqlite3.Row] = []
    for since in [*(row["since"] for row in renewed), ""]:
        rows = connection.execute(_ACCEPTED, (voice, model, since, episode_id, episode_id, BASELINE)).fetchall()
        if len(rows) >= ENOUGH:
            break
    return VoiceBaseline(tuple(serial.unpack(VoicePrint, row["packed"]) for row in rows))


def _keep_spoken(connection: sqlite3.Connection, episode_id: int, form: SpokenForm) -> None:
    extent = extent_of(form.utterances)
    values = {
        "episode_id": episode_id,
        "characters": form.characters,
        "pauses_s": form.pauses_s,
        "extent": extent.characters,
        "sentences": extent.sentences,
        "marks": extent.marks,
    }
    connection.execute("DELETE FROM spoken WHERE episode_id = ?", (episode_id,))
    insert(connection, "spoken", values | {"packed": serial.pack(SpokenForm, form)})


def _keep_take(connection: sqlite3.Connection, episode: Episode, new: Take) -> None:
    settings = manner.settings_of(connection, episode.id)
    values = {
        "episode_id": episode.id,
        "number": new.number,
        "voice": new.voice,
        "model": new.model,
        "seed": new.seed,
        "speed": settings.speed,
        "spoken_as": manner.spoken_as(settings, new.voice),
        "audio": artifact_id(connection, new.audio),
        "duration_s": new.duration_s,
        "marks": serial.pack(MARKS, new.marks),
        "parent": new.parent,
        "mends": serial.to_json(MENDS, new.mends),
    }
    insert(connection, "takes", values)


def _keep_master(connection: sqlite3.Connection, episode_id: int, new: Master) -> None:
    # Its report goes with it: what was said of another sound says nothing of this one.
    connection.execute("DELETE FROM masters WHERE episode_id = ? AND take_number = ?", (episode_id, new.take_number))
    values = {
        "episode_id": episode_id,
        "take_number": new.take_number,
        "audio": artifact_id(connection, new.audio),
        "peaks": artifact_id(connection, new.peaks),
        "gain_db": new.gain_db,
        "limited_db": new.limited_db,
        "strip": new.strip,
        "sound": serial.pack(SoundReport, new.sound),
        "mastered_as": manner.mastered_as(manner.settings_of(connection, episode_id)),
    }
    insert(connection, "masters", values)


def _keep_report(connection: sqlite3.Connection, episode_id: int, take_number: int, new: QaReport) -> None:
    place = {"episode_id": episode_id, "take_number": take_number}
    connection.execute("DELETE FROM reports WHERE episode_id = ? AND take_number = ?", tuple(place.values()))
    values = {
        "verdict": new.verdict,
        "accuracy": new.alignment.accuracy,
        "ears": new.ears,
        "packed": serial.pack(QaReport, replace(new, findings=())),
    }
    insert(connection, "reports", place | values)
    if new.voice is not None:
        insert(connection, "voiceprints", place | {"packed": serial.pack(VoicePrint, new.voice.print)})
    for position, finding in enumerate(new.findings):
        columns = {name: getattr(finding, name) for name in _FINDING}
        insert(connection, "findings", place | {"position": position} | columns)
