"""Every purchase, its state and its cost: keeps the engine's `Ledger` protocol.

An intent is stored, and its upper bound held, before anything is sent. What is held counts against every budget until
it is settled, or failed for certain. What costs something is never asked for twice under one key.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from studio.domain.errors import BatchcastError, BudgetError, StoreError
from studio.domain.money import AttemptState, Costs, usd
from studio.domain.take import Artifact, Speech
from studio.engine.ports import Purchase
from studio.store import serial
from studio.store.database import Database, insert
from studio.store.products import MARKS, artifact, artifact_id

logger = logging.getLogger(__name__)

_COSTS = (
    "SELECT coalesce(sum(settled_micro), 0), coalesce(sum(reserved_micro), 0), "
    "coalesce(sum(iif(state = 'settled' AND kind = 'purchase', characters, 0)), 0), "
    "coalesce(sum(state = 'settled' AND kind = 'purchase'), 0), "
    "coalesce(sum(kind = 'reuse'), 0), coalesce(sum(iif(kind = 'reuse', characters, 0)), 0) FROM attempts"
)


@dataclass(frozen=True, slots=True)
class _Budget:
    """A limit, and the part of the ledger that counts against it (`condition` in SQL, true of its rows)."""

    name: str
    limit_micro: int
    condition: str
    parameters: tuple[object, ...]
    remedy: str


class PurchaseLedger:
    """The library's purchases. `holds` says whether an artifact's file is there."""

    def __init__(self, database: Database, holds: Callable[[Artifact], bool]) -> None:
        self._read = database.read
        self._write = database.write
        self._holds = holds

    async def bought(self, key: str) -> Speech | None:
        """The sound that this key has given before, whatever the project, or None."""
        speech = await self._read(lambda connection: _speech(connection, key))
        if speech is None or await asyncio.to_thread(self._holds, speech.audio):
            return speech
        logger.warning("the file of a bought speech is gone (%s%s)", speech.audio.sha256, speech.audio.suffix)
        await self._write(lambda connection: _forget(connection, key))
        return None

    async def reserve(self, purchase: Purchase) -> int:
        """Store the intent and hold its upper bound, in one `BEGIN IMMEDIATE` transaction; returns the attempt's id.

        Raises `BudgetError` when settled plus reserved plus this would exceed a budget, and `StoreError` when this key
        is held or bought already; nothing is stored then.
        """
        storing = asyncio.ensure_future(self._write(lambda connection: _reserve(connection, purchase)))
        try:
            return await asyncio.shield(storing)
        except asyncio.CancelledError:
            # The caller will never learn the id, so nothing was sent, nor will be.
            with suppress(BatchcastError):
                await self.fail(await storing, "cancelled before it was sent", maybe_charged=False)
            raise

    async def settle(self, attempt_id: int, speech: Speech, cost_micro: int) -> None:
        """The bytes are kept: turn the reservation into a cost and remember the key."""
        await self._write(lambda connection: _settle(connection, attempt_id, speech, cost_micro))

    async def fail(self, attempt_id: int, error: str, *, maybe_charged: bool) -> None:
        """Release the reservation, or hold it as unknown where the vendor may have charged."""

        def work(connection: sqlite3.Connection) -> None:
            row = _open_attempt(connection, attempt_id)
            # What costs nothing leaves no doubt about its price.
            held = maybe_charged and row["reserved_micro"] > 0
            _end(connection, attempt_id, AttemptState.UNKNOWN if held else AttemptState.FAILED, error)

        await self._write(work)

    async def recover(self) -> None:
        """Close the intents of a run that ended in between: nothing held is failed, a held amount becomes unknown."""

        def work(connection: sqlite3.Connection) -> None:
            left = connection.execute(
                "SELECT id, reserved_micro FROM attempts WHERE kind = 'purchase' AND state = ?", (AttemptState.INTENT,)
            ).fetchall()
            for row in left:
                state = AttemptState.UNKNOWN if row["reserved_micro"] else AttemptState.FAILED
                _end(connection, row["id"], state, "the program ended before the answer came")

        await self._write(work)

    async def reuse(self, purchase: Purchase) -> None:
        """Note that a key was served from what was bought before."""
        await self._write(lambda connection: _insert(connection, "reuse", AttemptState.SETTLED, purchase, 0))

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the library."""
        if project_id is None:
            return await self._read(lambda connection: Costs(*connection.execute(_COSTS).fetchone()))
        return await self._read(
            lambda connection: Costs(*connection.execute(f"{_COSTS} WHERE project_id = ?", (project_id,)).fetchone())
        )

    async def episode_costs(self, episode_id: int) -> Costs:
        """Totals of one episode."""
        return await self._read(
            lambda connection: Costs(*connection.execute(f"{_COSTS} WHERE episode_id = ?", (episode_id,)).fetchone())
        )


def _reserve(connection: sqlite3.Connection, purchase: Purchase) -> int:
    if purchase.upper_bound_micro:
        _check_key(connection, purchase.key)
        for budget in _budgets(connection, purchase):
            _check_budget(connection, budget, purchase.upper_bound_micro)
    return _insert(connection, "purchase", AttemptState.INTENT, purchase, purchase.upper_bound_micro)


def _check_key(connection: sqlite3.Connection, key: str) -> None:
    if connection.execute("SELECT 1 FROM speeches WHERE key = ?", (key,)).fetchone():
        raise StoreError("This speech was bought a moment ago.", "Try the episode again: it takes what is there.")
    held = connection.execute(
        "SELECT state, created_at FROM attempts WHERE key = ? AND reserved_micro > 0", (key,)
    ).fetchone()
    if held is None:
        return
    if held["state"] == AttemptState.INTENT:
        raise StoreError("This speech is being bought for another episode.", "Try again when that one has it.")
    raise StoreError(
        f"This speech was asked for before ({held['created_at'][:16].replace('T', ' ')} UTC), "
        "and whether it was charged is not known.",
        "Look it up in the provider's history before it is bought again.",
    )


def _budgets(connection: sqlite3.Connection, purchase: Purchase) -> Iterator[_Budget]:
    """Every budget that the purchase counts against."""
    if purchase.budget_micro:
        row = connection.execute("SELECT name FROM projects WHERE id = ?", (purchase.project_id,)).fetchone()
        yield _Budget(
            f"the project “{row['name']}”",
            purchase.budget_micro,
            "project_id = ?",
            (purchase.project_id,),
            "Raise the budget in the project's settings, or take episodes out of the queue.",
        )


def _check_budget(connection: sqlite3.Connection, budget: _Budget, bound_micro: int) -> None:
    (used,) = connection.execute(
        f"SELECT coalesce(sum(settled_micro + reserved_micro), 0) FROM attempts WHERE {budget.condition}",  # noqa: S608
        budget.parameters,
    ).fetchone()
    if used + bound_micro > budget.limit_micro:
        raise BudgetError(
            f"The budget of {budget.name} is {_dollars(budget.limit_micro)}: {_dollars(used)} is spent or promised, "
            f"and the next call may cost {_dollars(bound_micro)}.",
            budget.remedy,
        )


def _insert(
    connection: sqlite3.Connection, kind: str, state: AttemptState, purchase: Purchase, reserved_micro: int
) -> int:
    values = {
        "kind": kind,
        "project_id": purchase.project_id,
        "episode_id": purchase.episode_id,
        "key": purchase.key,
        "voice": purchase.voice,
        "model": purchase.model,
        "characters": purchase.characters,
        "state": state,
        "upper_bound_micro": purchase.upper_bound_micro,
        "reserved_micro": reserved_micro,
        "settled_micro": 0,
    }
    return insert(connection, "attempts", values)


def _open_attempt(connection: sqlite3.Connection, attempt_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM attempts WHERE id = ?", (attempt_id,)).fetchone()
    if row is None or row["state"] in {AttemptState.SETTLED, AttemptState.FAILED}:
        raise ValueError(f"attempt {attempt_id} is {row['state'] if row else 'not there'}, not open")
    return row


def _settle(connection: sqlite3.Connection, attempt_id: int, speech: Speech, cost_micro: int) -> None:
    row = _open_attempt(connection, attempt_id)
    values = {
        "key": row["key"],
        "attempt_id": attempt_id,
        "audio": artifact_id(connection, speech.audio),
        "duration_s": speech.duration_s,
        "marks": serial.pack(MARKS, speech.marks),
    }
    # What costs nothing may be made twice at the same time; the first one stays.
    insert(connection, "speeches", values, on_conflict="ON CONFLICT DO NOTHING")
    _end(connection, attempt_id, AttemptState.SETTLED, "", cost_micro)


def _end(connection: sqlite3.Connection, attempt_id: int, state: AttemptState, error: str, cost_micro: int = 0) -> None:
    connection.execute(
        "UPDATE attempts SET state = ?, error = ?, settled_micro = ?, "
        "reserved_micro = iif(? = 'unknown', reserved_micro, 0), "
        "ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?",
        (state, error.encode("utf-8", "replace").decode(), cost_micro, state, attempt_id),
    )


def _speech(connection: sqlite3.Connection, key: str) -> Speech | None:
    row = connection.execute("SELECT audio, duration_s, marks FROM speeches WHERE key = ?", (key,)).fetchone()
    return row and Speech(artifact(connection, row["audio"]), serial.unpack(MARKS, row["marks"]), row["duration_s"])


def _forget(connection: sqlite3.Connection, key: str) -> None:
    connection.execute("DELETE FROM speeches WHERE key = ?", (key,))


def _dollars(micro: int) -> str:
    """With as many decimals as the amount has, two at least."""
    whole, _, part = f"{usd(micro):,.6f}".partition(".")
    return f"${whole}.{part.rstrip('0'):0<2}"
