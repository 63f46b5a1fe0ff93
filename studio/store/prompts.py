"""Questions to a writer's model, in the one ledger with speech: keeps the engine's `PromptLedger` protocol.

An intent is stored, and its upper bound held, before anything is sent; an answer is kept in the same transaction that
turns the reservation into a cost. No server keeps a history of answers: what was sent and brought no whole answer
counts as spent at its bound.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from studio.domain.budget import Limits
from studio.domain.errors import StoreError
from studio.domain.money import AttemptState
from studio.domain.writing import Completion
from studio.engine.authoring import PromptOrder
from studio.store import attempts, budgets, serial, times
from studio.store.database import Database, insert
from studio.store.reserving import reserved


class PromptStore:
    """The library's questions. `now` says what time it is."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._read = database.read
        self._write = database.write
        self._clock = now

    async def answer(self, key: str) -> Completion | None:
        """What this question was answered before, whatever the project, or None."""

        def work(connection: sqlite3.Connection) -> Completion | None:
            row = connection.execute("SELECT packed FROM answers WHERE key = ?", (key,)).fetchone()
            return row and serial.unpack(Completion, row["packed"])

        return await self._read(work)

    async def reserve(self, order: PromptOrder) -> int:
        """Store the intent and hold its upper bound; returns the attempt's id.

        Raises `BudgetError` when settled plus reserved plus this would exceed a budget, and `StoreError` when the
        question is being asked, or is answered already; nothing is stored then.
        """
        return await reserved(self._write(lambda connection: self._reserve(connection, order)), self.fail)

    async def sent(self, attempt_id: int, limits: Limits | None = None) -> None:
        """From here on it may have been charged.

        Raises `BudgetError`, and leaves the intent as it is, where what is settled and reserved exceeds `limits`: a
        budget may have been lowered since.
        """
        await self._write(lambda connection: budgets.send(connection, attempt_id, limits, self._now()))

    async def answered(self, attempt_id: int, completion: Completion, cost_micro: int) -> None:
        """Keep the answer under its key and turn the reservation into a cost, even if that is more than what was held.

        All in one step; the first answer to a question that costs nothing stays.
        """

        def work(connection: sqlite3.Connection) -> None:
            row, now = attempts.row_of(connection, attempt_id), self._now()
            attempts.move(connection, row, attempts.ANSWER, now, settled_micro=cost_micro, credits=0)
            packed = serial.pack(Completion, completion)
            values = {"key": row["key"], "attempt_id": attempt_id, "packed": packed}
            insert(connection, "answers", values, on_conflict="ON CONFLICT DO NOTHING")

        await self._write(work)

    async def lost(self, attempt_id: int, error: str) -> None:
        """No whole answer came of one that was sent; there is no history to look in, so what is held counts as spent.

        Nothing changes where the answer is kept already: whoever was cancelled meanwhile does not know.
        """

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            if row["state"] != AttemptState.SETTLED:
                spent = {"settled_micro": row["upper_bound_micro"], "credits": 0}
                attempts.move(connection, row, attempts.LOSE, self._now(), error=error, **spent)

        await self._write(work)

    async def fail(self, attempt_id: int, error: str) -> None:
        """It was certainly not charged: release the reservation."""

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            attempts.move(connection, row, attempts.FAIL, self._now(), error=error, credits=0)

        await self._write(work)

    def _now(self) -> str:
        return times.stamp(self._clock())

    def _reserve(self, connection: sqlite3.Connection, order: PromptOrder) -> int:
        now = budgets.present(order.limits, self._now())
        if attempts.is_paid(order):
            _check_key(connection, order.key)
            budgets.check(connection, order, now)
        return attempts.add(connection, order, now)


def _check_key(connection: sqlite3.Connection, key: str) -> None:
    if connection.execute("SELECT 1 FROM answers WHERE key = ?", (key,)).fetchone():
        raise StoreError("This question was answered a moment ago.", "Try the topic again: it takes what is there.")
    if connection.execute("SELECT 1 FROM attempts WHERE key = ? AND paid AND ended_at IS NULL", (key,)).fetchone():
        raise StoreError("This question is being asked for another episode.", "Try again when that one has its answer.")
