import asyncio
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.episode import Episode
from studio.domain.errors import BatchcastError, BudgetError, StoreError
from studio.domain.money import Costs
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.take import Speech
from studio.engine.ports import Ledger, Purchase
from studio.store.database import Database
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library
from tests.store import store_samples
from tests.store.store_samples import purchase, queued

ROOT = Path(__file__).parents[2]


async def speech(library: Library, content: bytes = b"sound") -> Speech:
    return Speech(await library.artifacts.keep_bytes(content, ".flac"), store_samples.MARKS, 2.75)


@pytest.fixture
async def episode(library: Library, project: Project) -> Episode:
    return await queued(library, project)


def test_keeps_the_engines_protocol(library: Library) -> None:
    ledger: Ledger = library.ledger
    assert isinstance(ledger, PurchaseLedger)


async def test_a_purchase_is_held_then_settled(library: Library, episode: Episode) -> None:
    wanted = purchase(episode, "key")
    assert await library.ledger.bought("key") is None
    attempt = await library.ledger.reserve(wanted)
    assert await library.ledger.costs() == Costs(0, 1_000_000, 0, 0, 0, 0)
    sound = await speech(library)
    await library.ledger.settle(attempt, sound, 800_000)
    assert await library.ledger.costs() == Costs(800_000, 0, 1000, 1, 0, 0)
    assert await library.ledger.costs(episode.project_id) == Costs(800_000, 0, 1000, 1, 0, 0)
    assert await library.ledger.episode_costs(episode.id) == Costs(800_000, 0, 1000, 1, 0, 0)
    assert await library.ledger.costs(99) == Costs(0, 0, 0, 0, 0, 0)
    assert await library.ledger.bought("key") == sound


async def test_what_was_spared_is_told(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.settle(attempt, await speech(library), 5)
    for _ in range(3):
        await library.ledger.reuse(purchase(episode, "key"))
    assert await library.ledger.costs() == Costs(5, 0, 1000, 1, 3, 3000)


async def test_a_failure_that_cost_nothing_releases_the_money(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key", budget=1_000_000))
    await library.ledger.fail(attempt, "429 busy", maybe_charged=False)
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
    assert await library.ledger.reserve(purchase(episode, "key", budget=1_000_000)) != attempt


async def test_an_unclear_outcome_holds_the_money_and_the_key(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key", budget=1_500_000))
    await library.ledger.fail(attempt, "connection cut", maybe_charged=True)
    assert (await library.ledger.costs()).reserved_micro == 1_000_000
    with pytest.raises(StoreError, match="whether it was charged is not known") as caught:
        await library.ledger.reserve(purchase(episode, "key"))
    assert "history" in caught.value.remedy
    with pytest.raises(BudgetError):
        await library.ledger.reserve(purchase(episode, "other", budget=1_500_000))
    await library.ledger.settle(attempt, await speech(library), 900_000)  # it was found in the provider's history
    assert await library.ledger.costs() == Costs(900_000, 0, 1000, 1, 0, 0)


async def test_a_key_is_held_for_one_at_a_time(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    with pytest.raises(StoreError, match="being bought for another"):
        await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.settle(attempt, await speech(library), 1)
    with pytest.raises(StoreError, match="bought a moment ago"):
        await library.ledger.reserve(purchase(episode, "key"))


async def test_what_costs_nothing_may_be_made_twice_at_once(library: Library, episode: Episode) -> None:
    first, second = [await library.ledger.reserve(purchase(episode, "key", bound=0)) for _ in range(2)]
    sound, other = await speech(library), await speech(library, b"the same, made twice")
    await library.ledger.settle(first, sound, 0)
    await library.ledger.settle(second, other, 0)
    assert await library.ledger.bought("key") == sound
    third = await library.ledger.reserve(purchase(episode, "third", bound=0))
    await library.ledger.fail(third, "cut", maybe_charged=True)
    await library.ledger.reserve(purchase(episode, "third", bound=0))


async def test_a_closed_attempt_stays_closed(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.fail(attempt, "refused", maybe_charged=False)
    with pytest.raises(ValueError, match="failed, not open"):
        await library.ledger.settle(attempt, await speech(library), 1)
    with pytest.raises(ValueError, match="not there"):
        await library.ledger.fail(12345, "", maybe_charged=False)


async def test_a_budget_is_refused_with_figures_and_a_cure(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "one", bound=600_000, budget=1_000_000))
    await library.ledger.settle(attempt, await speech(library), 450_500)
    await library.ledger.reserve(purchase(episode, "two", bound=300_000, budget=1_000_000))
    with pytest.raises(BudgetError) as caught:
        await library.ledger.reserve(purchase(episode, "three", bound=250_000, budget=1_000_000))
    assert caught.value.message == (
        "The budget of the project “Walden” is $1.00: $0.7505 is spent or promised, and the next call may cost $0.25."
    )
    assert "Raise the budget" in caught.value.remedy
    assert (await library.ledger.costs()).reserved_micro == 300_000
    # To the last micro-dollar, and what costs nothing is never in the way of a budget.
    await library.ledger.reserve(purchase(episode, "four", bound=249_500, budget=1_000_000))
    await library.ledger.reserve(purchase(episode, "five", bound=0, budget=1_000_000))


async def test_projects_have_budgets_of_their_own(library: Library, episode: Episode, tmp_path: Path) -> None:
    other = await library.projects.create("Other", tmp_path, Settings())
    theirs = await queued(library, other)
    await library.ledger.reserve(purchase(episode, "one", bound=10, budget=10))
    await library.ledger.reserve(purchase(theirs, "two", bound=10, budget=10))
    with pytest.raises(BudgetError, match="Other"):
        await library.ledger.reserve(purchase(theirs, "three", bound=1, budget=10))


async def test_money_is_whole_however_much_it_is(library: Library, episode: Episode) -> None:
    for number in range(3):
        attempt = await library.ledger.reserve(purchase(episode, f"{number}", bound=10**15 + 1))
        await library.ledger.settle(attempt, await speech(library), 10**15 + 1)
    assert (await library.ledger.costs()).settled_micro == 3 * 10**15 + 3


async def test_a_cancelled_reservation_holds_nothing(library: Library, episode: Episode) -> None:
    for number in range(20):
        task = asyncio.create_task(library.ledger.reserve(purchase(episode, f"{number}")))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
    broke = asyncio.create_task(library.ledger.reserve(purchase(episode, "broke", budget=1)))
    await asyncio.sleep(0)
    broke.cancel()
    with pytest.raises(asyncio.CancelledError):
        await broke


async def test_recover_closes_what_was_open(library: Library, episode: Episode) -> None:
    free = await library.ledger.reserve(purchase(episode, "free", bound=0))
    await library.ledger.reserve(purchase(episode, "paid"))
    done = await library.ledger.reserve(purchase(episode, "done"))
    await library.ledger.settle(done, await speech(library), 7)
    await library.ledger.recover()
    assert await library.ledger.costs() == Costs(7, 1_000_000, 1000, 1, 0, 0)
    with pytest.raises(ValueError, match="failed"):
        await library.ledger.settle(free, await speech(library), 0)
    with pytest.raises(StoreError, match="not known"):
        await library.ledger.reserve(purchase(episode, "paid"))


async def test_a_file_that_vanished_can_be_bought_again(
    library: Library, episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    sound = await speech(library)
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.settle(attempt, sound, 1)
    library.artifacts.path(sound.audio).unlink()
    assert await library.ledger.bought("key") is None
    assert "file of a bought speech is gone" in caplog.text
    caplog.clear()
    again = await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.settle(again, await speech(library), 2)
    assert await library.ledger.bought("key") == sound
    assert (await library.ledger.costs()).settled_micro == 3


async def test_a_purchase_of_nobody_is_refused(library: Library, episode: Episode) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await library.ledger.reserve(replace(purchase(episode, "key"), episode_id=4711))


BUYERS = st.lists(
    st.tuples(
        st.integers(0, 400),  # bound
        st.integers(0, 100),  # cost, per cent of it
        st.sampled_from(["settle", "settle", "fail", "unknown", "cancel", "crash"]),
        st.integers(0, 5),  # turns of the loop before it begins, and again before it ends
        st.integers(0, 7),  # key
    ),
    min_size=2,
    max_size=30,
)


@given(BUYERS)
@examples(max_examples=60, deadline=None)
def test_no_interleaving_exceeds_a_budget_or_pays_a_key_twice(
    buyers: list[tuple[int, int, str, int, int]],
) -> None:
    budget = 1000

    async def buy(library: Library, episode: Episode, plan: tuple[int, int, str, int, int]) -> tuple[str, int] | None:
        bound, share, ending, turns, key = plan
        for _ in range(turns):
            await asyncio.sleep(0)
        wanted = purchase(episode, f"key {key}", bound, budget)
        try:
            attempt = await library.ledger.reserve(wanted)
        except BatchcastError:
            return None
        for _ in range(turns):
            await asyncio.sleep(0)
        if ending == "settle":
            await library.ledger.settle(attempt, await speech(library, f"{key}".encode()), bound * share // 100)
            return wanted.key, bound
        if ending != "crash":
            await library.ledger.fail(attempt, ending, maybe_charged=ending == "unknown")
        return None

    async def scenario(root: Path) -> None:
        library = await Library.open(root)
        episode = await queued(library, await library.projects.create("Show", root, Settings()))
        tasks = [asyncio.create_task(buy(library, episode, plan)) for plan in buyers]
        watching = True

        async def watch() -> None:
            while watching:
                costs = await library.ledger.costs()
                assert costs.settled_micro + costs.reserved_micro <= budget
                await asyncio.sleep(0.001)

        watcher = asyncio.create_task(watch())
        for task, plan in zip(tasks, buyers, strict=True):
            if plan[2] == "cancel":
                await asyncio.sleep(0)
                task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        watching = False
        await watcher
        assert not [item for item in done if isinstance(item, Exception)]
        paid = [item[0] for item in done if isinstance(item, tuple) and item[1] > 0]
        assert len(paid) == len(set(paid))
        await library.ledger.recover()
        costs = await library.ledger.costs()
        assert costs.settled_micro + costs.reserved_micro <= budget
        await library.close()

    with tempfile.TemporaryDirectory() as root:
        asyncio.run(scenario(Path(root)))


SPENDER = """
import asyncio, sys
from pathlib import Path
from studio.domain.errors import BudgetError
from studio.engine.ports import Purchase
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library

async def main():
    library = await Library.open(Path(sys.argv[1]), at_work=False)
    project, episode = int(sys.argv[2]), int(sys.argv[3])
    sys.stdin.readline()
    got = 0
    for number in range(100):
        wanted = Purchase(project, episode, f"{sys.argv[4]} {number}", "v", "m", 10, 300, 10_000)
        try:
            await library.ledger.reserve(wanted)
            got += 1
        except BudgetError:
            break
    await library.close()
    print(got)
print("ready", flush=True)
asyncio.run(main())
"""


async def test_two_programs_share_one_budget(library: Library, root: Path, episode: Episode) -> None:
    spenders = [
        subprocess.Popen(  # noqa: ASYNC220  (started once, before anything is measured)
            [sys.executable, "-c", SPENDER, str(root), str(episode.project_id), str(episode.id), name],
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


async def test_the_database_itself_refuses_a_second_open_purchase(
    root: Path, library: Library, episode: Episode
) -> None:
    await library.ledger.reserve(purchase(episode, "key"))
    database = await Database.open(root / "library.db")
    with pytest.raises(Exception, match="UNIQUE"):
        await database.write(
            lambda connection: connection.execute(
                "INSERT INTO attempts (kind, project_id, episode_id, key, voice, model, characters, state, "
                "upper_bound_micro, reserved_micro, settled_micro) "
                "SELECT kind, project_id, episode_id, key, voice, model, characters, state, upper_bound_micro, "
                "reserved_micro, settled_micro FROM attempts"
            )
        )
    await database.close()


async def test_many_reservations_race_for_what_fits_one_and_a_half(library: Library, episode: Episode) -> None:
    chance = random.Random(3)
    for round_ in range(5):
        wanted: list[Purchase] = [
            purchase(episode, f"{round_} {number}", bound=100, budget=(round_ + 1) * 100 + 50) for number in range(30)
        ]
        chance.shuffle(wanted)
        results = await asyncio.gather(*(library.ledger.reserve(item) for item in wanted), return_exceptions=True)
        assert sum(isinstance(item, int) for item in results) == 1
        assert sum(isinstance(item, BudgetError) for item in results) == 29
