"""Attempts as rows: how a purchase goes from its intent to its end, and what each step may follow.

Questions to a writer's model are attempts too: their answers are rows, so that none is ever received and not stored.

Functions that change something take the connection of a transaction and the time `now` as it is kept (`times.stamp`).
"""

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from studio.domain.errors import StoreError
from studio.domain.money import FREE, Attempt, AttemptState
from studio.domain.purchase import Receipt
from studio.domain.voice import WRITER
from studio.engine.authoring import PromptOrder
from studio.engine.trade import Purchase
from studio.store.database import insert, storable

logger = logging.getLogger(__name__)

_INTENT, _SENT, _RECEIVED = AttemptState.INTENT, AttemptState.SENT, AttemptState.RECEIVED
_STORED, _SETTLED = AttemptState.STORED, AttemptState.SETTLED
_UNKNOWN, _FAILED = AttemptState.UNKNOWN, AttemptState.FAILED


@dataclass(frozen=True, slots=True)
class Step:
    """A move of an attempt: from which states it is legal, where it leads, and the time that it sets."""

    legal: frozenset[AttemptState]
    to: AttemptState
    time: str = ""


# Every legal move there is.
SEND: Final = Step(frozenset({_INTENT}), _SENT, "sent_at")
RECEIVE: Final = Step(frozenset({_SENT, _UNKNOWN}), _RECEIVED, "received_at")
STORE: Final = Step(frozenset({_RECEIVED}), _STORED, "stored_at")
SETTLE: Final = Step(frozenset({_STORED}), _SETTLED, "ended_at")
STORE_FREE: Final = Step(frozenset({_INTENT, _SENT, _RECEIVED}), _SETTLED, "ended_at")  # there is nothing to settle
SPOIL: Final = Step(frozenset({_SENT, _RECEIVED, _UNKNOWN}), _FAILED, "ended_at")
FAIL: Final = Step(frozenset({_INTENT, _SENT, _RECEIVED, _UNKNOWN}), _FAILED, "ended_at")
DOUBT: Final = Step(frozenset({_SENT, _RECEIVED, _UNKNOWN}), _UNKNOWN)
WRITE_OFF: Final = Step(frozenset({_UNKNOWN}), _FAILED, "ended_at")
ANSWER: Final = Step(frozenset({_SENT}), _SETTLED, "ended_at")  # of a question: what came is stored with it
LOSE: Final = Step(frozenset({_SENT}), _FAILED, "ended_at")  # likewise: there is no history to look in

OF_SPEECH: Final = f"voice NOT LIKE '{WRITER}:%'"
"""Of an attempt: that it bought speech, and asked no writer's model."""

_COLUMNS = tuple(item.name for item in fields(Attempt))


def add(connection: sqlite3.Connection, purchase: Purchase | PromptOrder, now: str) -> int:
    """Store the intent; returns the attempt's id."""
    return insert(connection, "attempts", _values(purchase) | {"kind": "purchase", "state": _INTENT, "created_at": now})


def add_reuse(connection: sqlite3.Connection, purchase: Purchase, now: str) -> None:
    """Note that a purchase was spared; its upper bound is what that saved."""
    times = {"created_at": now, "ended_at": now}
    insert(connection, "attempts", _values(purchase) | {"kind": "reuse", "state": _SETTLED, "credits": 0} | times)


def row_of(connection: sqlite3.Connection, attempt_id: int) -> sqlite3.Row:
    """The row of an attempt. Raises `LookupError` when there is none of that id."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM attempts WHERE id = ? AND kind = 'purchase'", (attempt_id,)
    ).fetchone()
    if row is None:
        raise LookupError(f"there is no attempt {attempt_id}")
    return row


def move(connection: sqlite3.Connection, row: sqlite3.Row, step: Step, now: str, **columns: Any) -> None:
    """Take a step, and set further columns. Raises `ValueError` for one that is not legal from where the attempt is."""
    if row["state"] not in step.legal:
        raise ValueError(f"attempt {row['id']} is {row['state']}: it cannot become {step.to}")
    values: dict[str, Any] = {"state": step.to, **columns}
    if step.time:
        values[step.time] = max(now, row["created_at"])  # the clock may have been put back
    sets = ", ".join(f"{name} = ?" for name in values)
    connection.execute(
        f"UPDATE attempts SET {sets} WHERE id = ?",  # noqa: S608  (names from code)
        (*storable(values), row["id"]),
    )
    if step.time == "ended_at":
        connection.execute("DELETE FROM asks WHERE attempt_id = ?", (row["id"],))


def said(connection: sqlite3.Connection, row: sqlite3.Row, receipt: Receipt) -> dict[str, Any]:
    """The columns that a receipt sets; what it does not say stays as it is.

    Its history id is left out where another attempt accounts for it.
    """
    history_id = receipt.history_id or row["history_id"]
    other = connection.execute(
        "SELECT id FROM attempts WHERE history_id = ? AND history_id <> '' AND id <> ?", (history_id, row["id"])
    ).fetchone()
    if other is not None:
        logger.warning("attempts %d and %d name one and the same history item", row["id"], other["id"])
        history_id = row["history_id"]
    return {
        "request_id": receipt.request_id or row["request_id"],
        "history_id": history_id,
        "credits": row["credits"] if receipt.credits is None else receipt.credits,
    }


def check_adopted(connection: sqlite3.Connection, row: sqlite3.Row, receipt: Receipt) -> None:
    """Raise `StoreError` when what was found in the history is the sound of another attempt."""
    other = connection.execute(
        f"SELECT created_at FROM attempts WHERE {_CLAIMING} AND id <> ? "  # noqa: S608  (names from code)
        "AND (history_id IN (?, ?) OR request_id IN (?, ?))",
        (row["id"], *2 * _names(receipt)),
    ).fetchone()
    if other is not None:
        raise StoreError(
            f"What the provider's history shows is what another purchase ({other['created_at'][:16].replace('T', ' ')} "
            "UTC) has given.",
            "Look again: it is passed over then.",
        )


def claimed(connection: sqlite3.Connection) -> frozenset[str]:
    """Request and history ids that attempts account for: all but those of calls that were not charged."""
    rows = connection.execute(f"SELECT request_id, history_id FROM attempts WHERE {_CLAIMING}")  # noqa: S608  (names from code)
    return frozenset(name for row in rows for name in row) - {""}


# A call that was not charged has lost its history id, for the case that it turns up there after all (`ledger.fail`).
_CLAIMING = "(history_id <> '' OR request_id <> '' AND (state <> 'failed' OR settled_micro + charged_credits > 0))"


def _names(receipt: Receipt) -> tuple[str | None, str | None]:
    return receipt.history_id or None, receipt.request_id or None


def open_rows(connection: sqlite3.Connection) -> Sequence[sqlite3.Row]:
    """Every attempt that is not over."""
    return connection.execute("SELECT * FROM attempts WHERE ended_at IS NULL AND kind = 'purchase'").fetchall()


def over(connection: sqlite3.Connection, ids: Sequence[int]) -> frozenset[int]:
    """Those of `ids` whose attempt is over."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT id FROM attempts WHERE ended_at IS NOT NULL AND id IN ({marks})",  # noqa: S608  (names from code)
        tuple(ids),
    )
    return frozenset(row["id"] for row in rows)


def attempt(row: sqlite3.Row) -> Attempt:
    """The attempt of a row."""
    values = {name: row[name] for name in _COLUMNS}
    times = {name: values[name] or "" for name in ("created_at", "sent_at", "ended_at")}
    return Attempt(**(values | times | {"state": AttemptState(values["state"])}))


def is_paid(purchase: Purchase | PromptOrder) -> bool:
    """Whether it may cost anything."""
    return purchase.price != FREE


def is_question(row: sqlite3.Row) -> bool:
    """Whether an attempt asked a writer's model, and bought no speech."""
    return str(row["voice"]).startswith(f"{WRITER}:")


def _values(purchase: Purchase | PromptOrder) -> dict[str, Any]:
    of_what = (
        (purchase.key, purchase.writer, purchase.model, purchase.characters)
        if isinstance(purchase, PromptOrder)
        else (
            purchase.chunk.key,
            str(purchase.settings.voice),
            purchase.settings.model,
            purchase.chunk.characters,
        )
    )
    return {
        "project_id": purchase.project_id,
        "episode_id": purchase.episode_id,
        **dict(zip(("key", "voice", "model", "characters"), of_what, strict=True)),
        "upper_bound_micro": purchase.price.micro,
        "credits_bound": purchase.price.credits,
    }
