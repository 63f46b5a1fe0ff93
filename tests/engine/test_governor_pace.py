"""Requests a minute: never more, in any minute, and no fewer than need be."""

import asyncio
from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.purchase import Trouble
from studio.engine.backoff import backoff_s
from studio.engine.pace import RETURN_S, Pace
from tests.engine.governor_vendor import KIND, Vendor, buy_all, error, governor_of, nothing
from tests.engine.virtual_clock import VirtualClock, run_virtually


def most_in_a_minute(left: list[float]) -> int:
    """The largest number in any closed window of 60 s."""
    return max((bisect_right(left, at + 60) - index for index, at in enumerate(left)), default=0)


@given(st.integers(1, 40), st.lists(st.floats(0, 45, allow_nan=False), max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_window_of_a_minute_sees_more_than_the_figure(per_minute: int, gaps: list[float]) -> None:
    pace = Pace(per_minute)
    now, left = 0.0, []
    for gap in gaps:
        now = max(now + gap, pace.free_at(now + gap))
        assert pace.free_at(now) <= now
        pace.take(now)
        left.append(now)
        assert pace.asked(now) == sum(at > now - 60 for at in left)
    assert most_in_a_minute(left) <= per_minute


@given(
    st.lists(
        st.tuples(st.floats(0, 30, allow_nan=False), st.sampled_from(["go", "go", "go", "limit", "refused", "back"])),
        max_size=80,
    ),
    st.lists(st.integers(1, 12), min_size=80, max_size=80),
)
@settings(max_examples=100, deadline=None)
def test_nor_when_figures_change_the_vendor_complains_or_calls_do_not_leave(
    steps: list[tuple[float, str]], figures: list[int]
) -> None:
    pace, now = Pace(12), 0.0
    left: list[float] = []
    for (gap, step), figure in zip(steps, figures, strict=False):
        now += gap
        if step == "limit":
            pace.limit(figure)
        elif step == "refused" and left:
            pace.refused(now, left[-1], float(figure))
        elif step == "back" and left:
            pace.give_back(left.pop())
        elif pace.free_at(now) <= now:
            pace.take(now)
            left.append(now)
            assert sum(at >= now - 60 for at in left) <= pace.per_minute
    assert most_in_a_minute(left) <= 12
    at = max(now, pace.free_at(now))
    assert at <= now + 1_000
    assert pace.free_at(at) <= at


def test_the_kinds_of_models_share_the_minute_in_the_order_of_the_line() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.limit(slots=5, per_minute=1)
        began: list[str] = []

        async def one(kind: str) -> None:
            async with governor.turn(kind, nothing):
                began.append(kind)

        await one("standard")
        async with asyncio.TaskGroup() as group:
            for kind in ("fast", "standard", "fast"):
                group.create_task(one(kind))
        assert began == ["standard", "fast", "standard", "fast"]
        await governor.close()

    run_virtually(main)


def test_a_call_that_is_cancelled_in_the_instant_of_its_turn_uses_up_nothing() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.limit(slots=1, per_minute=2)
        began: list[int] = []

        async def one(number: int) -> None:
            async with governor.turn(KIND, nothing):
                began.append(number)

        async with governor.turn(KIND, nothing) as first:
            second, third = (asyncio.create_task(one(number)) for number in (2, 3))
            await clock.sleep(1)
            first.done()
            second.cancel()
            await third
        assert began == [3]
        assert clock.monotonic() == 1
        assert governor.status.asked_last_minute == 2
        await governor.close()

    run_virtually(main)


def test_a_turn_that_nothing_came_of_leaves_its_minute_to_another() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.limit(slots=1, per_minute=1)
        for _ in range(50):  # a budget was lowered while they stood in line
            async with governor.turn(KIND, nothing) as turn:
                turn.unused()
        async with governor.turn(KIND, nothing) as turn:
            turn.answered()
        assert clock.monotonic() == 0
        assert governor.status.asked_last_minute == 1
        await governor.close()

    run_virtually(main)


@pytest.mark.parametrize("per_minute", [1, 2, 5, 60, 100])
def test_calls_leave_as_fast_as_the_figure_allows(per_minute: int) -> None:
    async def main(clock: VirtualClock) -> Vendor:
        governor = governor_of(clock)
        governor.limit(slots=20, per_minute=per_minute)
        governor.know_plan("x", {KIND: 20})
        vendor = Vendor(clock, latency=lambda: 2.0)
        await buy_all(governor, vendor, 4 * per_minute)
        await governor.close()
        return vendor

    vendor = run_virtually(main)
    assert most_in_a_minute(vendor.left) <= per_minute
    assert vendor.left[-1] <= 3 * RETURN_S + 2.0 * per_minute / 20


def test_a_vendor_that_is_asked_too_often_is_left_alone_as_long_as_it_says_and_asked_less_then() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.limit(slots=50, per_minute=100)
        governor.know_plan("x", {KIND: 50})
        words: list[str] = []
        left: list[float] = []

        async def one() -> None:
            async with governor.turn(KIND, words.append) as turn:
                left.append(clock.monotonic())
                turn.answered()

        async with governor.turn(KIND, words.append) as turn:
            turn.failed(error(Trouble.RATE, retry_after_s=17))
        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(one())
        assert left[0] >= 17
        assert words[0] == "waits: ElevenLabs was asked too often"
        assert governor.status.per_minute == 50
        gaps = [later - sooner for sooner, later in pairwise(left)]
        assert min(gaps) >= RETURN_S / 50 - 1e-9  # evenly
        await clock.sleep(120)
        assert governor.status.per_minute == 70
        await clock.sleep(600)
        assert governor.status.per_minute == 100
        await governor.close()

    run_virtually(main)


def test_many_refusals_at_once_slow_the_pace_once() -> None:
    pace = Pace(100)
    for _ in range(10):
        pace.take(0.0)
    for _ in range(10):
        pace.refused(1.0, 0.0, 5.0)
    assert pace.allowed(1.0) == 50
    pace.take(6.0)
    pace.refused(7.0, 6.0, 5.0)
    assert pace.allowed(7.0) == 25


def test_a_vendor_with_a_pace_of_its_own_is_found_out_and_served() -> None:
    async def main(clock: VirtualClock) -> Vendor:
        governor = governor_of(clock)
        governor.limit(slots=10, per_minute=100)
        governor.know_plan("x", {KIND: 10})
        vendor = Vendor(clock, per_minute=40, latency=lambda: 3.0)
        await buy_all(governor, vendor, 400)
        await governor.close()
        return vendor

    vendor = run_virtually(main)
    assert vendor.made == 400
    assert vendor.refused_rate <= 25
    assert vendor.left[-1] <= 1.6 * 60 * 400 / 40


@given(st.integers(1, 60), st.one_of(st.none(), st.floats(-5, 10_000, allow_nan=False)), st.floats(0, 1))
def test_back_off_is_fully_jittered_and_honours_the_vendor_within_reason(
    tries: int, asked: float | None, chance: float
) -> None:
    seconds = backoff_s(tries, asked, lambda low, high: low + chance * (high - low))
    floor = min(600.0, max(0.0, asked or 0.0))
    assert seconds == pytest.approx(floor + chance * min(60.0, 2.0 ** (tries - 1)))


def test_backing_off_holds_no_slot_counts_as_retrying_and_is_not_for_slots() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 1})
        words: list[str] = []
        async with governor.turn(KIND, words.append) as turn:
            turn.failed(error(Trouble.BUSY))
            waiting = asyncio.create_task(governor.back_off(3, error(Trouble.BUSY, retry_after_s=30), words.append))
            await asyncio.sleep(0)
            assert governor.status.retrying == 1
            async with governor.turn(KIND, words.append):
                assert clock.monotonic() == 0
        await waiting
        assert 30 <= clock.monotonic() <= 34
        assert governor.status.retrying == 0
        assert words[-1] == ""
        before = clock.monotonic()
        await governor.back_off(9, error(Trouble.SLOTS))
        assert clock.monotonic() == before
        cancelled = asyncio.create_task(governor.back_off(9, error(Trouble.BUSY)))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        assert governor.status.retrying == 0
        await governor.close()

    run_virtually(main)
