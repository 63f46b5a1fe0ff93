"""Every purchase, its state and its cost: keeps the engine's `Ledger` protocol.

An intent is stored, and its upper bound held, before anything is sent. What is held counts against every budget until
it is settled, or failed for certain. What costs something is never asked for twice under one key. Each step is one
transaction; how steps may follow each other is in `attempts`, what counts against which budget in `budgets`.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from studio.domain.budget import BudgetUse, Limits
from studio.domain.errors import StoreError
from studio.domain.money import AttemptState, Costs
from studio.domain.purchase import Receipt
from studio.domain.take import Artifact, Speech
from studio.engine.trade import Ask, Purchase
from studio.store import asks, attempts, budgets, speeches, times, totals
from studio.store.attempts import Step
from studio.store.database import Database
from studio.store.reserving import reserved

logger = logging.getLogger(__name__)

_CUT_SHORT = "the program ended before the answer came"


class PurchaseLedger:
    """The library's purchases. `holds` says whether an artifact's file is there, `now` what time it is."""

    def __init__(
        self, database: Database, holds: Callable[[Artifact], bool], now: Callable[[], datetime] = times.utc_now
    ) -> None:
        self._database = database
        self._read = database.read
        self._write = database.write
        self._holds = holds
        self._clock = now

    async def bought(self, key: str) -> Speech | None:
        """The sound that this key has given before, whatever the project, or None."""
        found = await self._read(partial(speeches.under, key=key))
        if found is None:
            return None
        if await asyncio.to_thread(self._holds, found.speech.audio):
            return found.speech
        audio = found.speech.audio
        logger.warning("the file of a bought speech is gone (%s%s)", audio.sha256, audio.suffix)
        if not self._database.looking:
            await self._write(partial(speeches.forget, key=key, attempt_id=found.attempt_id))
        return None

    async def reserve(self, purchase: Purchase) -> int:
        """Store the intent and hold its upper bound; returns the attempt's id.

        Raises `BudgetError` when settled plus reserved plus this would exceed a budget, and `StoreError` when the key
        is held or bought already; nothing is stored then.
        """
        packed = await asyncio.to_thread(asks.pack, purchase) if attempts.is_paid(purchase) else None
        return await reserved(self._write(lambda connection: self._reserve(connection, purchase, packed)), self.fail)

    async def sent(self, attempt_id: int, limits: Limits | None = None) -> None:
        """From here on it may have been charged.

        Raises `BudgetError`, and leaves the intent as it is, where what is settled and reserved exceeds `limits`: a
        budget may have been lowered since.
        """
        await self._write(lambda connection: budgets.send(connection, attempt_id, limits, self._now()))

    async def received(self, attempt_id: int, receipt: Receipt) -> None:
        """The whole body is on the disk, under `Artifacts.incoming`.

        Raises `StoreError` for an unclear attempt that was found in the history, when another purchase accounts for
        what was found.
        """

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            if row["state"] == AttemptState.UNKNOWN:
                attempts.check_adopted(connection, row, receipt)
            self._move(connection, row, attempts.RECEIVE, **attempts.said(connection, row, receipt))

        await self._write(work)

    async def stored(self, attempt_id: int, speech: Speech) -> None:
        """The sound is proven and in its place; remember the key. What costs nothing is over with that."""

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            if row["paid"]:
                self._move(connection, row, attempts.STORE)
            else:
                self._move(connection, row, attempts.STORE_FREE, stored_at=self._now(), credits=0)
            speeches.remember(connection, row["key"], attempt_id, speech)

        await self._write(work)

    async def settle(self, attempt_id: int, receipt: Receipt, cost_micro: int) -> None:
        """Turn the reservation into a cost, even if that is higher than what was held."""
        if not cost_micro and await self._read(lambda connection: _over_for_free(connection, attempt_id)):
            return  # without a transaction: waiting for the disk is what takes time

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            columns = attempts.said(connection, row, receipt)
            self._move(connection, row, attempts.SETTLE, settled_micro=cost_micro, error="", **columns)

        await self._write(work)

    async def spoil(self, attempt_id: int, receipt: Receipt, cost_micro: int, error: str) -> None:
        """It was charged and brought no usable sound: a cost all the same, and the key is free again."""

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            columns = attempts.said(connection, row, receipt)
            self._move(connection, row, attempts.SPOIL, settled_micro=cost_micro, error=error, **columns)

        await self._write(work)

    async def fail(self, attempt_id: int, error: str) -> None:
        """It was certainly not charged: release the reservation."""
        # Should the history show it after all, it is there for the next purchase of the same.
        await self._step(attempt_id, attempts.FAIL, error=error, credits=0, history_id="")

    async def unclear(self, attempt_id: int, error: str, receipt: Receipt) -> None:
        """It may have been charged: go on holding it.

        What costs nothing fails, since it leaves no doubt about its price. Once the sound is stored nothing is unclear
        any more, and nothing changes.
        """

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            if row["state"] in {AttemptState.STORED, AttemptState.SETTLED}:
                return
            if row["paid"]:
                self._move(connection, row, attempts.DOUBT, error=error, **attempts.said(connection, row, receipt))
            else:
                self._move(connection, row, attempts.FAIL, error=error, credits=0)

        await self._write(work)

    async def write_off(self, attempt_id: int, reason: str) -> None:
        """A person gives up on an unclear one that may have been charged: count what is held as spent."""

        def work(connection: sqlite3.Connection) -> None:
            row = attempts.row_of(connection, attempt_id)
            held = {"settled_micro": row["reserved_micro"], "credits": row["held_credits"]}
            self._move(connection, row, attempts.WRITE_OFF, error=reason, **held)

        await self._write(work)

    async def open_under(self, key: str) -> Ask | None:
        """The attempt that holds this key, or None."""
        return await self._read(partial(asks.under, key=key))

    async def asks(self) -> Sequence[Ask]:
        """Every attempt that is not over, oldest first. What costs nothing has none."""
        return await self._read(asks.every)

    async def claimed(self) -> frozenset[str]:
        """Request and history ids that purchases of this library account for, those of unclear ones included."""
        return await self._read(attempts.claimed)

    async def recover(self) -> None:
        """Take over what an earlier run left: intents fail, what was sent is unclear; the rest is for `asks`."""

        def work(connection: sqlite3.Connection) -> None:
            for row in attempts.open_rows(connection):
                if not row["paid"] or row["state"] == AttemptState.INTENT:
                    self._move(connection, row, attempts.FAIL, error=_CUT_SHORT, credits=0)
                elif attempts.is_question(row):
                    # Nobody keeps a list of answers to look in: what it may have cost is spent.
                    spent = {"settled_micro": row["upper_bound_micro"], "credits": 0}
                    self._move(connection, row, attempts.LOSE, error=_CUT_SHORT, **spent)
                elif row["state"] == AttemptState.SENT:
                    self._move(connection, row, attempts.DOUBT, error=_CUT_SHORT)

        await self._write(work)

    async def reuse(self, purchase: Purchase) -> None:
        """Note that a key was served from what was bought before, and what that saved."""
        await self._write(lambda connection: attempts.add_reuse(connection, purchase, self._now()))

    async def budgets(self, project_id: int, episode_id: int | None, limits: Limits) -> Sequence[BudgetUse]:
        """Every budget in `limits` that has a limit, and what counts against it now."""
        now = budgets.present(limits, self._now())
        return await self._read(lambda connection: budgets.uses(connection, project_id, episode_id, limits, now))

    async def used_credits(self, since: str) -> int:
        """Credits of everything that ended since then (ISO 8601; UTC without a zone)."""
        now = max(self._now(), times.read(since))
        return await self._read(lambda connection: budgets.used_credits(connection, since, now))

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the library."""
        if project_id is None:
            return await self._read(totals.of_all)
        return await self._read(partial(totals.of_project, project_id=project_id))

    async def episode_costs(self, episode_id: int) -> Costs:
        """Totals of one episode."""
        return await self._read(partial(totals.of_episode, episode_id=episode_id))

    def _now(self) -> str:
        return times.stamp(self._clock())

    def _reserve(self, connection: sqlite3.Connection, purchase: Purchase, packed: bytes | None) -> int:
        now = budgets.present(purchase.limits, self._now())
        if packed is None:
            return attempts.add(connection, purchase, now)
        _check_key(connection, purchase.chunk.key)
        budgets.check(connection, purchase, now)
        attempt_id = attempts.add(connection, purchase, now)
        asks.keep(connection, attempt_id, packed)
        return attempt_id

    async def _step(self, attempt_id: int, step: Step, **columns: object) -> None:
        await self._write(
            lambda connection: self._move(connection, attempts.row_of(connection, attempt_id), step, **columns)
        )

    def _move(self, connection: sqlite3.Connection, row: sqlite3.Row, step: Step, **columns: object) -> None:
        attempts.move(connection, row, step, self._now(), **columns)


def _over_for_free(connection: sqlite3.Connection, attempt_id: int) -> bool:
    row = attempts.row_of(connection, attempt_id)
    return not row["paid"] and row["state"] == AttemptState.SETTLED


def _check_key(connection: sqlite3.Connection, key: str) -> None:
    if speeches.there(connection, key):
        raise StoreError("This speech was bought a moment ago.", "Try the episode again: it takes what is there.")
    held = connection.execute(
        "SELECT state, created_at FROM attempts WHERE key = ? AND paid AND ended_at IS NULL", (key,)
    ).fetchone()
    if held is None:
        return
    if held["state"] != AttemptState.UNKNOWN:
        raise StoreError("This speech is being bought for another episode.", "Try again when that one has it.")
    raise StoreError(
        f"This speech was asked for before ({held['created_at'][:16].replace('T', ' ')} UTC), "
        "and whether it was charged is not known.",
        "Look it up in the provider's history before it is bought again.",
    )
