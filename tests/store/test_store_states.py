"""The ledger against a model of it, a few lines long: whatever is done in whatever order, both say the same."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio.domain.budget import BudgetUse, Limits, Scope
from studio.domain.episode import Episode
from studio.domain.errors import BudgetError, StoreError
from studio.domain.money import OPEN, AttemptState, Costs
from studio.domain.purchase import Receipt
from studio.store import times
from studio.store.database import Database
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library
from tests.store.quick_library import SOUND, template
from tests.store.store_samples import purchase

T = TypeVar("T")
S = AttemptState

NAMES = st.sampled_from(["", "", "", "a", "b", "c"])
SHARES = st.integers(0, 100)
FROM: dict[str, set[AttemptState]] = {
    "sent": {S.INTENT},
    "received": {S.SENT, S.UNKNOWN},
    "stored": {S.RECEIVED},
    "settle": {S.STORED},
    "spoil": {S.SENT, S.RECEIVED, S.UNKNOWN},
    "fail": {S.INTENT, S.SENT, S.RECEIVED, S.UNKNOWN},
    "unclear": {S.SENT, S.RECEIVED, S.UNKNOWN},
    "write_off": {S.UNKNOWN},
}
HOLDING = OPEN | {S.UNKNOWN}


@dataclass
class Entry:
    """What the model knows of an attempt."""

    id: int
    key: str
    episode: Episode
    bound: int
    credits_bound: int
    day: int
    state: AttemptState = S.INTENT
    cost: int = 0
    credits: int | None = None
    request: str = ""
    history: str = ""

    @property
    def open(self) -> bool:
        return self.state in HOLDING

    @property
    def held(self) -> int:
        return self.bound if self.open else 0

    @property
    def held_credits(self) -> int:
        return max(self.credits_bound, self.credits or 0) if self.open else 0

    @property
    def charged(self) -> int:
        if self.open:
            return 0
        return self.credits_bound if self.credits is None else self.credits

    @property
    def names(self) -> set[str]:
        counts = self.state is not S.FAILED or self.cost + self.charged > 0 or self.history
        return {self.request, self.history} - {""} if counts else set()


class Ledgers(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "library.db"
        self.entries: list[Entry] = []
        self.day = 0
        self.stale: list[PurchaseLedger] = []
        self.databases: list[Database] = []
        self.ledger: PurchaseLedger  # the latest one's

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def now(self) -> datetime:
        return datetime(2026, 11, 10, 12, tzinfo=UTC) + timedelta(days=self.day)

    @initialize(budget=st.integers(20, 200), credits_=st.integers(40, 200))
    def begin(self, budget: int, credits_: int) -> None:
        shutil.copyfile(template() / "library.db", self.path)
        self.budget, self.credits_left = budget, credits_
        self.credits_at = times.stamp(self.now())
        self.take_over()
        library = self.run(Library.open(template(), at_work=False))
        self.episodes = self.run(library.projects.episodes())
        self.run(library.close())

    @property
    def limits(self) -> Limits:
        midnight = self.now().replace(hour=0)
        return Limits(
            episode_micro=self.budget // 2,
            batch_micro=self.budget * 3 // 4,
            day_micro=self.budget,
            month_micro=self.budget * 3 // 2,
            day_from=times.stamp(midnight),
            month_from=times.stamp(midnight.replace(day=1)),
            credits_left=self.credits_left,
            credits_at=self.credits_at,
        )

    def uses(self, episode: Episode) -> list[BudgetUse]:
        def money(which: Callable[[Entry], bool], held: Callable[[Entry], bool]) -> tuple[int, int]:
            return (
                sum(entry.cost for entry in self.entries if which(entry)),
                sum(entry.held for entry in self.entries if held(entry)),
            )

        limits = self.limits
        of_episode = lambda entry: entry.episode is episode  # noqa: E731
        of_batch = lambda entry: entry.episode.project_id == episode.project_id  # noqa: E731
        every = lambda _: True  # noqa: E731
        return [
            BudgetUse(Scope.EPISODE, limits.episode_micro, *money(of_episode, of_episode)),
            BudgetUse(Scope.BATCH, limits.batch_micro, *money(of_batch, of_batch)),
            BudgetUse(Scope.DAY, limits.day_micro, *money(lambda entry: entry.day == self.day, every)),
            BudgetUse(Scope.MONTH, limits.month_micro, *money(every, every)),
            BudgetUse(
                Scope.CREDITS,
                self.credits_left,
                sum(entry.charged for entry in self.entries),
                sum(entry.held_credits for entry in self.entries),
            ),
        ]

    @rule(
        key=st.sampled_from("klmno"),
        which=st.integers(0, 3),
        bound=st.integers(0, 60),
        credits_=st.integers(1, 40),
    )
    def reserve(self, key: str, which: int, bound: int, credits_: int) -> None:
        episode = self.episodes[which]
        taken = [entry for entry in self.entries if entry.key == key and (entry.open or entry.state is S.SETTLED)]
        over = [
            use
            for use in self.uses(episode)
            if use.settled + use.reserved + (credits_ if use.scope is Scope.CREDITS else bound) > use.limit
            and (bound or use.scope is Scope.CREDITS)
        ]
        storing = self.ledger.reserve(purchase(episode, key, bound, self.limits, credits_))
        if taken:
            with pytest.raises(StoreError):
                self.run(storing)
        elif over:
            with pytest.raises(BudgetError):
                self.run(storing)
        else:
            id_ = self.run(storing)
            self.entries.append(Entry(id_, key, episode, bound, credits_, self.day))

    @precondition(lambda self: self.entries)
    @rule(
        data=st.data(),
        move=st.sampled_from(sorted(FROM)),
        name=NAMES,
        request=NAMES,
        share=SHARES,
        silent=st.booleans(),
    )
    def step(self, data: st.DataObject, move: str, name: str, request: str, share: int, silent: bool) -> None:
        # Mostly one for which the step is legal.
        legal = [entry for entry in self.entries if entry.state in FROM[move]]
        mostly = data.draw(st.sampled_from([*[legal] * 9, self.entries])) or self.entries
        entry = data.draw(st.sampled_from(mostly))
        receipt = Receipt(request, name, None if silent else entry.credits_bound * share // 100)
        cost = entry.bound * share // 100
        ledger = self.ledger
        work = {
            "sent": lambda: ledger.sent(entry.id),
            "received": lambda: ledger.received(entry.id, receipt),
            "stored": lambda: ledger.stored(entry.id, SOUND),
            "settle": lambda: ledger.settle(entry.id, receipt, cost),
            "spoil": lambda: ledger.spoil(entry.id, receipt, cost, "bad"),
            "fail": lambda: ledger.fail(entry.id, "refused"),
            "unclear": lambda: ledger.unclear(entry.id, "cut", receipt),
            "write_off": lambda: ledger.write_off(entry.id, "enough"),
        }[move]()
        if entry.state not in FROM[move]:
            if move == "unclear" and entry.state in {S.STORED, S.SETTLED}:
                self.run(work)
            else:
                with pytest.raises(ValueError, match=f"is {entry.state}"):
                    self.run(work)
            return
        others = set().union(*(other.names for other in self.entries if other is not entry))
        if move == "received" and entry.state is S.UNKNOWN and others & {name, request} - {""}:
            with pytest.raises(StoreError):
                self.run(work)
            return
        self.run(work)
        if move in {"received", "settle", "spoil", "unclear"}:
            if name not in {other.history for other in self.entries if other is not entry}:
                entry.history = name or entry.history
            entry.request = request or entry.request
            entry.credits = entry.credits if silent else receipt.credits
        match move:
            case "sent" | "received" | "stored":
                entry.state = AttemptState(move)
            case "settle":
                entry.state, entry.cost = S.SETTLED, cost
            case "spoil":
                entry.state, entry.cost = S.FAILED, cost
            case "fail":
                entry.state, entry.credits, entry.history = S.FAILED, 0, ""
            case "unclear":
                entry.state = S.UNKNOWN
            case _:
                entry.credits, entry.cost = entry.held_credits, entry.bound
                entry.state = S.FAILED

    @rule()
    def recover(self) -> None:
        self.run(self.ledger.recover())
        for entry in self.entries:
            if entry.state is S.INTENT:
                entry.state, entry.credits, entry.history = S.FAILED, 0, ""
            elif entry.state is S.SENT:
                entry.state = S.UNKNOWN

    @precondition(lambda self: self.day < 15)
    @rule()
    def tomorrow(self) -> None:
        self.day += 1

    @precondition(lambda self: len(self.databases) < 4)
    @rule()
    def take_over(self) -> None:
        """Another copy of the program begins to work here; the one before it does not know."""
        if self.databases:
            self.stale.append(self.ledger)
        database = self.run(Database.open(self.path))
        self.run(database._connection.run(lambda connection: connection.execute("PRAGMA synchronous = OFF")))
        self.run(database.take_over())
        self.databases.append(database)
        self.ledger = PurchaseLedger(database, lambda _: True, self.now)

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), move=st.sampled_from(["reserve", "recover", *sorted(FROM)]))
    def the_former_one_goes_on(self, data: st.DataObject, move: str) -> None:
        ledger = data.draw(st.sampled_from(self.stale))
        id_ = data.draw(st.sampled_from([entry.id for entry in self.entries] or [1]))
        wanted = purchase(self.episodes[0], "z", 1)
        works: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "reserve": lambda: ledger.reserve(wanted),
            "recover": ledger.recover,
            "sent": lambda: ledger.sent(id_),
            "received": lambda: ledger.received(id_, Receipt()),
            "stored": lambda: ledger.stored(id_, SOUND),
            "settle": lambda: ledger.settle(id_, Receipt(), 1),
            "spoil": lambda: ledger.spoil(id_, Receipt(), 1, "bad"),
            "fail": lambda: ledger.fail(id_, "refused"),
            "unclear": lambda: ledger.unclear(id_, "cut", Receipt()),
            "write_off": lambda: ledger.write_off(id_, "enough"),
        }
        with pytest.raises(StoreError, match="taken over"):
            self.run(works[move]())

    @invariant()
    def both_say_the_same(self) -> None:
        if not self.databases:
            return
        settled = [entry for entry in self.entries if entry.state is S.SETTLED]
        failed = [entry for entry in self.entries if entry.state is S.FAILED]
        assert self.run(self.ledger.costs()) == Costs(
            settled_micro=sum(entry.cost for entry in self.entries),
            reserved_micro=sum(entry.held for entry in self.entries),
            characters=1000 * len(settled),
            calls=len(settled),
            cached_calls=0,
            cached_characters=0,
            lost_micro=sum(entry.cost for entry in failed),
        )
        open_ = [(entry.id, entry.state) for entry in self.entries if entry.open]
        asks = self.run(self.ledger.asks())
        assert [(ask.attempt.id, ask.attempt.state) for ask in asks] == open_
        assert len({ask.attempt.key for ask in asks}) == len(asks)
        assert len({entry.key for entry in settled}) == len(settled)
        assert self.run(self.ledger.claimed()) == set().union(*(entry.names for entry in self.entries))

    @invariant()
    def no_budget_is_exceeded(self) -> None:
        if not self.databases:
            return
        for episode in self.episodes[::2]:
            shown = self.run(self.ledger.budgets(episode.project_id, episode.id, self.limits))
            assert shown == self.uses(episode)
            assert all(use.settled + use.reserved <= use.limit for use in shown)

    def teardown(self) -> None:
        for database in self.databases:
            self.run(database.close())
        self.runner.close()
        self.folder.cleanup()


TestLedgers = Ledgers.TestCase
TestLedgers.settings = examples(max_examples=60, stateful_step_count=40, deadline=None)
