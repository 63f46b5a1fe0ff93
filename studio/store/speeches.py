"""What content keys have given: sounds that are never bought again."""

import sqlite3
from dataclasses import dataclass

from studio.domain.take import Speech
from studio.store import serial
from studio.store.database import insert
from studio.store.products import MARKS, artifact, artifact_id


@dataclass(frozen=True, slots=True)
class Bought:
    """A sound, and the attempt that brought it."""

    speech: Speech
    attempt_id: int


def under(connection: sqlite3.Connection, key: str) -> Bought | None:
    """What a key has given, whether its file is still there or not."""
    row = connection.execute("SELECT * FROM speeches WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    audio, marks = artifact(connection, row["audio"]), serial.unpack(MARKS, row["marks"])
    return Bought(Speech(audio, marks, row["duration_s"], row["request_id"]), row["attempt_id"])


def there(connection: sqlite3.Connection, key: str) -> bool:
    """Whether a key has given anything."""
    return connection.execute("SELECT 1 FROM speeches WHERE key = ?", (key,)).fetchone() is not None


def remember(connection: sqlite3.Connection, key: str, attempt_id: int, speech: Speech) -> None:
    """Store what a key has given. What costs nothing may be made twice at the same time; the first one stays."""
    values = {
        "key": key,
        "attempt_id": attempt_id,
        "audio": artifact_id(connection, speech.audio),
        "duration_s": speech.duration_s,
        "marks": serial.pack(MARKS, speech.marks),
        "request_id": speech.request_id,
    }
    insert(connection, "speeches", values, on_conflict="ON CONFLICT DO NOTHING")


def forget(connection: sqlite3.Connection, key: str, attempt_id: int) -> None:
    """Forget what this attempt has given under the key; what a later one has given stays."""
    connection.execute("DELETE FROM speeches WHERE key = ? AND attempt_id = ?", (key, attempt_id))
