"""Budgets and keys under races: many buyers at once, in orders that hypothesis chooses, with a referee in the database.

The referee is a trigger: SQLite itself refuses any change after which more is spent and promised than there is.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.budget import Limits, Scope
from studio.domain.episode import Episode
from studio.domain.errors import BatchcastError, BudgetError, StoreError
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.store.database import Database
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library
from tests.store.quick_library import SOUND, template
from tests.store.store_samples import purchase, queued

ROOT = Path(__file__).parents[2]
BOUND, BUDGET = 100, 150  # one and a half of what a call may cost

LIMITS: Final = {
    Scope.EPISODE: Limits(episode_micro=BUDGET),
    Scope.BATCH: Limits(batch_micro=BUDGET),
    Scope.DAY: Limits(day_micro=BUDGET, day_from="2026-01-01"),
    Scope.MONTH: Limits(month_micro=BUDGET, month_from="2026-01-01"),
    Scope.CREDITS: Limits(credits_left=BUDGET, credits_at="2026-01-01"),
}
REFEREE = """
CREATE TRIGGER referee_{what} AFTER {what} ON attempts
WHEN (SELECT sum(settled_micro + reserved_micro) > {budget} OR sum(held_credits + charged_credits) > {budget}
      FROM attempts)
BEGIN SELECT RAISE(ABORT, 'a budget is exceeded'); END
"""


class Arena:
    """A library with a referee, emptied of purchases between two stories."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.path = folder / "library.db"
        self.path.write_bytes((template() / "library.db").read_bytes())
        with closing(sqlite3.connect(self.path)) as connection:
            for what in ("INSERT", "UPDATE"):
                connection.execute(REFEREE.format(what=what, budget=BUDGET))
        self.databases = [self.runner.run(self._open()) for _ in range(2)]
        (self.episode, *_) = self.runner.run(self._episodes())

    async def _open(self) -> Database:
        database = await Database.open(self.path)
        await database._connection.run(lambda connection: connection.execute("PRAGMA synchronous = OFF"))
        return database

    async def _episodes(self) -> list[Episode]:
        library = await Library.open(template(), at_work=False)
        episodes = list(await library.projects.episodes())
        await library.close()
        return episodes

    def ledger(self, which: int) -> PurchaseLedger:
        return PurchaseLedger(self.databases[which], lambda _: True)

    def play(self, story: Coroutine[Any, Any, None]) -> None:
        async def run() -> None:
            self.databases[0]._token = self.databases[1]._token = None
            await self.databases[0].write(_empty)
            await self.databases[0].take_over()
            await story

        self.runner.run(run())

    def close(self) -> None:
        for database in self.databases:
            self.runner.run(database.close())
        self.runner.close()


def _empty(connection: sqlite3.Connection) -> None:
    for table in ("asks", "speeches", "attempts"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    made = Arena(tmp_path_factory.mktemp("arena"))
    yield made
    made.close()


class Vendor:
    """Charges what is asked of it, up to the bound, and remembers it."""

    def __init__(self) -> None:
        self.charged: dict[int, int] = {}
        self.buyers: dict[int, PurchaseLedger] = {}

    def speak(self, attempt: int, cost: int, buyer: PurchaseLedger) -> None:
        assert attempt not in self.charged  # nothing is sent twice
        self.charged[attempt] = cost
        self.buyers[attempt] = buyer


Turn = Callable[[], Coroutine[Any, Any, None]]


async def buy(
    ledger: PurchaseLedger, vendor: Vendor, episode: Episode, plan: "Plan", turn: Turn, limits: Limits
) -> None:
    """One buyer, step by step; `turn` waits for its turn."""
    key, share, ending = plan
    await turn()
    attempt = await ledger.reserve(purchase(episode, key, BOUND, limits, BOUND))
    await turn()
    if ending == "refused":
        await ledger.fail(attempt, "429")
        return
    await ledger.sent(attempt)
    cost = BOUND * share // 100
    receipt = Receipt(f"request {attempt}", f"history {attempt}", cost)
    if ending != "lost before it came":
        vendor.speak(attempt, cost, ledger)
    await turn()
    if ending.startswith("lost"):
        await ledger.unclear(attempt, "cut", Receipt())
        await turn()
        if ending == "lost before it came":
            await ledger.fail(attempt, "not in the history")
            return
        if ending == "lost and given up":
            await ledger.write_off(attempt, "enough")
            return
    await ledger.received(attempt, receipt)
    await turn()
    if ending == "spoilt":
        await ledger.spoil(attempt, receipt, cost, "silence")
        return
    await ledger.stored(attempt, SOUND)
    await turn()
    await ledger.settle(attempt, receipt, cost)


Plan = tuple[str, int, str]
ENDINGS = ["good", "good", "refused", "lost before it came", "lost and found", "lost and given up", "spoilt"]
PLANS = st.tuples(st.sampled_from("klm"), st.integers(0, 100), st.sampled_from(ENDINGS))


@given(
    scope=st.sampled_from(Scope),
    plans=st.lists(PLANS, min_size=4, max_size=4),
    waits=st.lists(st.integers(0, 6), min_size=30, max_size=30),
)
@examples(max_examples=1_500, deadline=None)
def test_thirty_at_once_and_room_for_one_and_a_half(
    arena: Arena, scope: Scope, plans: list[Plan], waits: list[int]
) -> None:
    vendor, ledger = Vendor(), arena.ledger(0)

    async def story() -> None:
        async def one(number: int) -> None:
            async def turn() -> None:
                for _ in range(waits[number]):
                    await asyncio.sleep(0)

            key, share, ending = plans[number % len(plans)]
            await buy(ledger, vendor, arena.episode, (f"{key} {number}", share, ending), turn, LIMITS[scope])

        done = await asyncio.gather(*(one(number) for number in range(30)), return_exceptions=True)
        assert {type(item) for item in done} <= {BudgetError, type(None)}
        assert None in done  # the first one always fits
        costs = await ledger.costs()
        assert sum(vendor.charged.values()) <= costs.settled_micro <= BUDGET
        assert costs.reserved_micro == 0
        assert await ledger.used_credits("") <= BUDGET

    arena.play(story())


class Gates:
    """Lets buyers go on in groups: who is in a group takes a step at the same time."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._arrived = asyncio.Event()

    def turn_of(self, number: int) -> Turn:
        async def turn() -> None:
            self._waiting[number] = asyncio.get_running_loop().create_future()
            self._arrived.set()
            await self._waiting[number]

        return turn

    def begin(self, number: int, work: Callable[[Turn], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        task = asyncio.create_task(work(self.turn_of(number)))
        task.add_done_callback(lambda _: self._arrived.set())
        return task

    async def let(self, group: set[int], tasks: list[asyncio.Task[None]]) -> None:
        going = group & set(self._waiting)
        for number in going:
            self._waiting.pop(number).set_result(None)
        while not all(number in self._waiting or tasks[number].done() for number in going):
            self._arrived.clear()
            await self._arrived.wait()


GROUPS = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True), max_size=25)


@given(plans=st.lists(PLANS, min_size=8, max_size=8), before=GROUPS, after=GROUPS, scope=st.sampled_from(Scope))
@examples(max_examples=600, deadline=None)
def test_a_second_copy_takes_over_in_the_middle(
    arena: Arena, plans: list[Plan], before: list[list[int]], after: list[list[int]], scope: Scope
) -> None:
    """Buyers 0 to 3 belong to the first copy, which does not know that it lost the library; 4 to 7 to the second."""
    vendor = Vendor()

    async def story() -> None:
        ledgers = [arena.ledger(0), arena.ledger(1)]
        gates = Gates()

        def buyer(number: int) -> Callable[[Turn], Coroutine[Any, Any, None]]:
            ledger, limits = ledgers[number // 4], LIMITS[scope]
            return lambda turn: buy(ledger, vendor, arena.episode, plans[number], turn, limits)

        tasks = [gates.begin(number, buyer(number)) for number in range(8)]
        await asyncio.sleep(0)
        for group in before:
            await gates.let({number % 4 for number in group}, tasks)
        await arena.databases[1].take_over()
        await ledgers[1].recover()
        charged_before = set(vendor.charged)
        for group in [*after, *([list(range(8))] * 8)]:
            await gates.let(set(group), tasks)
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(item, BatchcastError | None) for item in done)
        # Nothing of the first copy's left after the second one had come.
        assert all(vendor.buyers[late] is ledgers[1] for late in set(vendor.charged) - charged_before)
        await clear(ledgers[1], vendor)
        costs = await ledgers[1].costs()
        assert costs.reserved_micro == 0
        assert sum(vendor.charged.values()) <= costs.settled_micro <= BUDGET
        with closing(sqlite3.connect(arena.path)) as connection:
            rows = connection.execute("SELECT id, key, state, settled_micro FROM attempts").fetchall()
        successes = Counter(key for _, key, state, _ in rows if state == "settled")
        assert all(number == 1 for number in successes.values())
        assert set(vendor.charged) <= {id_ for id_, *_ in rows}
        assert all(cost >= vendor.charged.get(id_, 0) for id_, _, _, cost in rows)  # by every single charge
        stale = [item for item in done[:4] if isinstance(item, StoreError)]
        assert all("taken over" in str(item) or "This speech" in str(item) for item in stale)

    arena.play(story())


async def clear(ledger: PurchaseLedger, vendor: Vendor) -> None:
    """As the engine does at a start: what the vendor's history shows is fetched, what it does not show has failed."""
    for ask in await ledger.asks():
        attempt = ask.attempt
        receipt = Receipt("", f"history {attempt.id}", vendor.charged.get(attempt.id, 0))
        if attempt.state == "unknown":
            if attempt.id not in vendor.charged:
                await ledger.fail(attempt.id, "not in the history")
                continue
            await ledger.received(attempt.id, receipt)
        if attempt.state != "stored":
            await ledger.stored(attempt.id, SOUND)
        await ledger.settle(attempt.id, receipt, vendor.charged[attempt.id])


SPENDER = """
import asyncio, sys
from pathlib import Path
from studio.domain.budget import Limits
from studio.domain.errors import BudgetError
from studio.store.database import Database
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library
from tests.store.store_samples import purchase

async def main():
    looking = await Library.open(Path(sys.argv[1]), at_work=False)
    (episode,) = await looking.projects.episodes()
    await looking.close()
    database = await Database.open(Path(sys.argv[1]) / "library.db")
    ledger = PurchaseLedger(database, lambda _: True)
    sys.stdin.readline()
    got = 0
    for number in range(100):
        try:
            await ledger.reserve(purchase(episode, f"{sys.argv[2]} {number}", 300, Limits(batch_micro=10_000)))
            got += 1
        except BudgetError:
            break
    await database.close()
    print(got)
print("ready", flush=True)
asyncio.run(main())
"""


async def test_two_programs_share_one_budget(library: Library, root: Path, project: Project) -> None:
    """Even where neither lease nor fence would keep them apart."""
    await queued(library, project)
    spenders = [
        subprocess.Popen(  # noqa: ASYNC220  (started once, before anything is measured)
            [sys.executable, "-c", SPENDER, str(root), name],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    for spender in spenders:
        assert spender.stdout
        spender.stdout.readline()
    got = [await asyncio.to_thread(spender.communicate, "go\n", 60) for spender in spenders]
    assert sum(int(said) for said, _ in got) == 10_000 // 300
    assert (await library.ledger.costs()).reserved_micro == 10_000 // 300 * 300
