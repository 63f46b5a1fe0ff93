"""What open attempts had asked for: with it, another run can find and prove what they brought."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import SpeechSettings, VoiceRef
from studio.engine.trade import Ask, Purchase
from studio.store import attempts, serial
from studio.store.database import insert

# Attempts from before asks were kept have none.
_SELECT = (
    "SELECT attempts.*, packed FROM attempts LEFT JOIN asks ON attempt_id = attempts.id "  # noqa: S608  (from code)
    f"WHERE paid AND ended_at IS NULL AND {attempts.OF_SPEECH}"
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """An ask without its attempt, which is a row already."""

    chunk: Chunk
    settings: SpeechSettings
    terms: Terms


def pack(purchase: Purchase) -> bytes:
    """What is kept of a purchase; takes some milliseconds for a long chunk."""
    return serial.pack(_Wish, _Wish(purchase.chunk, purchase.settings, purchase.terms))


def keep(connection: sqlite3.Connection, attempt_id: int, packed: bytes) -> None:
    """Store it until the attempt is over."""
    insert(connection, "asks", {"attempt_id": attempt_id, "packed": packed})


def under(connection: sqlite3.Connection, key: str) -> Ask | None:
    """The attempt that holds a key, or None."""
    row = connection.execute(f"{_SELECT} AND key = ?", (key,)).fetchone()
    return row and _ask(row)


def every(connection: sqlite3.Connection) -> Sequence[Ask]:
    """All of them, oldest first."""
    return [_ask(row) for row in connection.execute(f"{_SELECT} ORDER BY attempts.id")]


def _ask(row: sqlite3.Row) -> Ask:
    attempt = attempts.attempt(row)
    if row["packed"] is None:
        nothing = Chunk(0, 0, (), attempt.key)
        return Ask(attempt, nothing, SpeechSettings(VoiceRef.parse(attempt.voice), attempt.model), Terms(None, ""))
    wish = serial.unpack(_Wish, row["packed"])
    return Ask(attempt, wish.chunk, wish.settings, wish.terms)
