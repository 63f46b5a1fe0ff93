from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.budget import BudgetUse, Limits, Scope
from studio.domain.episode import Episode
from studio.domain.errors import BudgetError
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.store import times
from studio.store.library import Library
from tests.store.quick_library import SOUND, open_quick, run_story
from tests.store.store_samples import NO_LIMITS, purchase, queued

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Time:
    """A clock that is put where a test wants it."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def library(root: Path, time: Time) -> AsyncIterator[Library]:
    opened = await Library.open(root, now=time.now)
    yield opened
    await opened.close()


@pytest.fixture
async def episode(library: Library, project: Project) -> Episode:
    return await queued(library, project)


def days(at: datetime, day: int = 0, month: int = 0) -> Limits:
    """As the engine gives them, for a user who lives at UTC."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Limits(
        day_micro=day,
        month_micro=month,
        day_from=times.stamp(midnight),
        month_from=times.stamp(midnight.replace(day=1)),
    )


class Shopper:
    """Buys under keys that are new each time."""

    def __init__(self, library: Library, episode: Episode) -> None:
        self._library = library
        self._episode = episode
        self._bought = 0

    async def hold(self, bound: int, limits: Limits = NO_LIMITS, credits_: int = 0) -> int:
        self._bought += 1
        key = f"{self._episode.id} {self._bought}"
        return await self._library.ledger.reserve(purchase(self._episode, key, bound, limits, credits_))

    async def buy(
        self, bound: int, limits: Limits = NO_LIMITS, *, cost: int | None = None, credits_: int = 0, charged: int = 0
    ) -> None:
        attempt = await self.hold(bound, limits, credits_)
        ledger, receipt = self._library.ledger, Receipt(credits=charged)
        await ledger.sent(attempt)
        await ledger.received(attempt, receipt)
        await ledger.stored(attempt, SOUND)
        await ledger.settle(attempt, receipt, bound if cost is None else cost)


@pytest.fixture
def shopper(library: Library, episode: Episode) -> Shopper:
    return Shopper(library, episode)


async def test_a_refusal_has_figures_and_a_cure(library: Library, shopper: Shopper) -> None:
    limits = Limits(batch_micro=1_000_000)
    await shopper.buy(600_000, limits, cost=450_500)
    await shopper.hold(300_000, limits)
    with pytest.raises(BudgetError) as caught:
        await shopper.hold(250_000, limits)
    assert caught.value.message == (
        "The budget of the project “Walden” is $1.00: $0.4505 is spent and $0.30 promised, "
        "and the next call may cost $0.25."
    )
    assert caught.value.remedy == "Raise “Budget” in the settings, or take episodes out of the queue."
    assert (await library.ledger.costs()).reserved_micro == 300_000
    # To the last micro-dollar, and what costs nothing is never in the way of a budget.
    await shopper.hold(249_500, limits)
    await shopper.hold(0, limits)
    await shopper.hold(0, limits, credits_=1)


@pytest.mark.parametrize(
    ("limits", "named", "cure"),
    [
        (Limits(episode_micro=10), "the episode “Chapter 1” is", "Raise “Budget of an episode”"),
        (Limits(batch_micro=10), "the project “Walden” is", "Raise “Budget” in"),
        (days(NOON, day=10), "the day is", "or go on tomorrow"),
        (days(NOON, month=10), "the month is", "Raise “Budget of a month”"),
    ],
)
async def test_every_budget_is_named(shopper: Shopper, limits: Limits, named: str, cure: str) -> None:
    await shopper.buy(4, limits)
    await shopper.hold(5, limits)
    await shopper.hold(1, limits)
    with pytest.raises(BudgetError, match=named) as caught:
        await shopper.hold(1, limits)
    assert "$0.00001: $0.000004 is spent and $0.000006 promised, and the next call may cost $0.000001" in str(
        caught.value
    )
    assert cure in caught.value.remedy


async def test_the_tightest_budget_decides(shopper: Shopper) -> None:
    limits = Limits(episode_micro=100, batch_micro=50)
    await shopper.hold(30, limits)
    with pytest.raises(BudgetError, match="project"):
        await shopper.hold(30, limits)
    with pytest.raises(BudgetError, match="episode"):
        await shopper.hold(71, limits)


async def test_credits_are_counted_since_they_were_asked_for(
    library: Library, time: Time, shopper: Shopper, episode: Episode
) -> None:
    await shopper.buy(5, credits_=500, charged=400)  # the account's figure knows of it
    open_ = await shopper.hold(5, credits_=300)
    time.at += timedelta(minutes=1)
    limits = Limits(credits_left=1_000, credits_at=times.stamp(time.at))
    time.at += timedelta(minutes=1)
    await shopper.buy(5, limits, credits_=250, charged=200)
    with pytest.raises(BudgetError) as caught:
        await shopper.hold(5, limits, credits_=501)
    assert caught.value.message == (
        "The provider's account had 1,000 credits left (2026-11-22 12:01 UTC): 200 are spent since and 300 promised, "
        "and the next call may take 501."
    )
    assert "Buy credits" in caught.value.remedy
    await library.ledger.fail(open_, "refused")
    await shopper.hold(5, limits, credits_=800)
    with pytest.raises(BudgetError):
        await shopper.hold(0, limits, credits_=1)
    assert await library.ledger.budgets(episode.project_id, None, limits) == [
        BudgetUse(Scope.CREDITS, 1_000, 200, 800),
    ]
    assert await library.ledger.used_credits(limits.credits_at) == 200
    assert await library.ledger.used_credits("2026-11-22") == 600
    assert await library.ledger.used_credits("2026-11-23") == 0


async def test_an_account_without_credits_buys_nothing(shopper: Shopper) -> None:
    with pytest.raises(BudgetError, match="had 0 credits"):
        await shopper.hold(1, Limits(credits_left=0), credits_=1)
    await shopper.hold(1, Limits(credits_left=None), credits_=1)


async def test_credits_of_which_nothing_was_said_count_with_their_bound(library: Library, shopper: Shopper) -> None:
    ledger = library.ledger
    for number in range(2):
        attempt = await shopper.hold(5, credits_=10)
        await ledger.sent(attempt)
        if number:
            await ledger.spoil(attempt, Receipt(), 5, "garbage")
        else:
            await ledger.received(attempt, Receipt())
            await ledger.stored(attempt, SOUND)
            await ledger.settle(attempt, Receipt(), 5)
    assert await ledger.used_credits("") == 20
    # While it is under way, neither the bound nor what is known already is too little.
    attempt = await shopper.hold(5, credits_=10)
    await ledger.sent(attempt)
    await ledger.received(attempt, Receipt(credits=17))
    (use,) = await ledger.budgets(1, None, Limits(credits_left=100))
    assert (use.settled, use.reserved) == (20, 17)
    assert await ledger.used_credits("") == 20


async def test_budgets_of_others_are_their_own(
    library: Library, shopper: Shopper, episode: Episode, tmp_path: Path
) -> None:
    other = await library.projects.create("Other", tmp_path, Settings())
    theirs = Shopper(library, await queued(library, other))
    limits = Limits(episode_micro=10, batch_micro=10)
    await shopper.hold(10, limits)
    await theirs.hold(10, limits)
    with pytest.raises(BudgetError, match="Other"):
        await theirs.hold(1, Limits(batch_micro=10))
    with pytest.raises(BudgetError, match="the day"):
        await theirs.hold(1, days(NOON, day=20))
    assert await library.ledger.budgets(episode.project_id, episode.id, limits) == [
        BudgetUse(Scope.EPISODE, 10, 0, 10),
        BudgetUse(Scope.BATCH, 10, 0, 10),
    ]


async def test_what_is_shown_is_what_decides(library: Library, shopper: Shopper, episode: Episode) -> None:
    limits = Limits(
        100, 200, 300, 400, days(NOON).day_from, days(NOON).month_from, credits_left=50, credits_at=times.stamp(NOON)
    )
    await shopper.buy(20, limits, credits_=9, charged=7)
    await shopper.hold(30, limits, credits_=4)
    assert await library.ledger.budgets(episode.project_id, episode.id, limits) == [
        BudgetUse(Scope.EPISODE, 100, 20, 30),
        BudgetUse(Scope.BATCH, 200, 20, 30),
        BudgetUse(Scope.DAY, 300, 20, 30),
        BudgetUse(Scope.MONTH, 400, 20, 30),
        BudgetUse(Scope.CREDITS, 50, 7, 4),
    ]
    assert await library.ledger.budgets(episode.project_id, None, Limits()) == []


async def test_a_new_day_begins_anew_but_for_what_is_held(library: Library, time: Time, shopper: Shopper) -> None:
    await shopper.buy(60, days(time.at, day=100, month=1_000))
    held = await shopper.hold(40, days(time.at, day=100, month=1_000))
    with pytest.raises(BudgetError):
        await shopper.hold(1, days(time.at, day=100))
    time.at += DAY
    await shopper.hold(60, days(time.at, day=100, month=1_000))
    with pytest.raises(BudgetError, match=r"\$0.00 is spent and \$0.0001 promised"):
        await shopper.hold(1, days(time.at, day=100))
    await library.ledger.fail(held, "refused")
    await shopper.buy(40, days(time.at, day=100, month=160))
    with pytest.raises(BudgetError, match="month"):
        await shopper.hold(1, days(time.at, month=160))
    time.at += 10 * DAY
    assert time.at.month == 12
    await shopper.hold(40, days(time.at, day=100, month=100))


async def test_days_begin_where_the_user_lives(time: Time, shopper: Shopper) -> None:
    time.at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    await shopper.buy(10)
    in_new_york = Limits(day_micro=10, day_from="2026-11-22T00:00:00-05:00")  # at 5 in the morning
    time.at = datetime(2026, 11, 22, 6, tzinfo=UTC)
    await shopper.buy(10, in_new_york)
    with pytest.raises(BudgetError):
        await shopper.hold(1, in_new_york)


async def test_a_clock_put_back_gives_no_second_day(time: Time, shopper: Shopper) -> None:
    await shopper.buy(60, days(time.at, day=100))
    time.at -= 2 * DAY
    # Today's purchase lies in the future now: it may as well have been this day.
    with pytest.raises(BudgetError):
        await shopper.hold(41, days(time.at, day=100))
    await shopper.buy(30, days(time.at, day=100))
    time.at += 2 * DAY
    # What was bought in between was bought after something of today.
    with pytest.raises(BudgetError, match=r"\$0.00009 is spent"):
        await shopper.hold(11, days(time.at, day=100))
    await shopper.buy(10, days(time.at, day=100))
    time.at += DAY
    await shopper.hold(100, days(time.at, day=100))


async def test_a_clock_put_forward_does_not_block_the_days_after(time: Time, shopper: Shopper) -> None:
    time.at += 4_000 * DAY
    await shopper.buy(70, days(time.at, day=100, month=1_000))
    time.at -= 4_000 * DAY
    with pytest.raises(BudgetError, match="day"):
        await shopper.hold(31, days(time.at, day=100))
    await shopper.buy(30, days(time.at, day=100, month=1_000))
    time.at += DAY
    await shopper.hold(100, days(time.at, day=100, month=200))
    with pytest.raises(BudgetError, match="month"):
        await shopper.hold(1, days(time.at, month=200))


async def test_a_clock_behind_the_account_still_counts_credits(time: Time, shopper: Shopper) -> None:
    limits = Limits(credits_left=100, credits_at=times.stamp(time.at))
    time.at -= DAY
    await shopper.buy(5, limits, credits_=70, charged=70)
    time.at += DAY / 2
    with pytest.raises(BudgetError):
        await shopper.hold(5, limits, credits_=31)


async def test_times_never_run_backwards_within_an_attempt(library: Library, time: Time, shopper: Shopper) -> None:
    await shopper.hold(5)
    time.at -= DAY
    (ask,) = await library.ledger.asks()
    await library.ledger.sent(ask.attempt.id)
    (ask,) = await library.ledger.asks()
    assert ask.attempt.sent_at == ask.attempt.created_at == times.stamp(NOON)


JUMPS = st.lists(st.tuples(st.integers(-72, 72), st.integers(1, 60)), min_size=1, max_size=25)


@given(JUMPS)
@examples(max_examples=50, deadline=None)
def test_a_clock_that_is_wrong_and_put_right_never_opens_a_budget(jumps: list[tuple[int, int]]) -> None:
    """However the clock jumps: what is bought while it shows the true day stays within the budget of that day."""
    true = NOON

    async def story(root: Path) -> None:
        time = Time()
        library = await open_quick(root, time.now)
        shopper = Shopper(library, await library.projects.episode(1))
        spent = 0
        began = False  # a purchase of the true day is needed: nothing else tells a clock that was wrong from the start
        for hours, bound in jumps:
            time.at = true + timedelta(hours=hours) if hours % 3 else true
            try:
                await shopper.buy(bound, days(time.at, day=100))
            except BudgetError:
                continue
            began = began or time.at == true
            spent += bound if began else 0
            if time.at == true:
                assert spent <= 100
        await library.close()

    run_story(story)
