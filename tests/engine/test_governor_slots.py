"""Slots: as wide as is allowed, never wider, always full, handed on in order, and never lost."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.purchase import Trouble
from studio.engine.governor import Governor, Turn
from tests.engine.governor_vendor import KIND, Vendor, buy, buy_all, error, governor_of, lognormal, nothing
from tests.engine.virtual_clock import VirtualClock, run_virtually


def width(governor: Governor, kind: str = KIND) -> int:
    return next(slots.width for slots in governor.status.slots if slots.kind == kind)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Crowd:
    """Calls that end when they are told to."""

    def __init__(self, governor: Governor) -> None:
        self.governor = governor
        self.turns: dict[int, Turn] = {}
        self.order: list[int] = []
        self.ends: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self.kinds: dict[int, str] = {}

    def start(self, name: int, kind: str = KIND, priority: int = 0) -> None:
        self.ends[name] = asyncio.Event()
        self.kinds[name] = kind
        self.tasks[name] = asyncio.create_task(self._call(name, kind, priority))

    async def _call(self, name: int, kind: str, priority: int) -> None:
        async with self.governor.turn(kind, nothing, priority=priority) as turn:
            self.turns[name] = turn
            self.order.append(name)
            try:
                await self.ends[name].wait()
            finally:
                del self.turns[name]

    @property
    def in_flight(self) -> dict[str, int]:
        """Calls under way, by kind."""
        return {slots.kind: slots.in_flight for slots in self.governor.status.slots}

    async def answer_first(self) -> None:
        """The call that began first succeeds."""
        name, turn = next(iter(self.turns.items()))
        turn.answered()
        self.ends[name].set()
        await settled()

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        await self.governor.close()


def test_the_least_of_plan_user_and_headers_counts_for_each_kind() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("creator", {"standard": 5, "fast": 10})
        crowd = Crowd(governor)
        for name in range(30):
            crowd.start(name, "fast" if name % 2 else "standard")
        await settled()
        assert (width(governor), width(governor, "fast")) == (5, 10)
        assert len(crowd.turns) == 15
        governor.limit(slots=7, per_minute=10_000)
        assert (width(governor), width(governor, "fast")) == (5, 7)
        crowd.turns[1].answered(6)  # the headers speak of this kind only
        assert (width(governor), width(governor, "fast")) == (5, 6)
        crowd.turns[3].answered(20)  # the newest counts
        assert width(governor, "fast") == 7
        crowd.turns[5].failed(error(Trouble.REFUSED, slots=3))  # a failure's headers count as well
        assert width(governor, "fast") == 3
        governor.know_plan("free", {"standard": 2, "fast": 4})
        assert (width(governor), width(governor, "fast")) == (2, 3)
        await crowd.close()

    run_virtually(main)


def test_a_lower_width_takes_effect_as_calls_end_and_a_higher_one_at_once() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("pro", {KIND: 6})
        crowd = Crowd(governor)
        for name in range(12):
            crowd.start(name)
        await settled()
        governor.limit(slots=2, per_minute=10_000)
        for name in range(4):
            assert len(crowd.turns) == 6 - name
            crowd.ends[name].set()
            await settled()
        assert sorted(crowd.turns) == [4, 5]
        crowd.ends[4].set()
        await settled()
        assert sorted(crowd.turns) == [5, 6]
        governor.limit(slots=5, per_minute=10_000)
        await settled()
        assert sorted(crowd.turns) == [5, 6, 7, 8, 9]
        await crowd.close()

    run_virtually(main)


def test_an_unknown_account_begins_with_two_and_grows_with_each_success() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        crowd = Crowd(governor)
        for name in range(40):
            crowd.start(name)
        await settled()
        assert len(crowd.turns) == 2
        for count in range(3, 11):
            await crowd.answer_first()
            in_flight = governor.status.slots[0].in_flight
            assert (width(governor), in_flight) == (count, count)
        await crowd.answer_first()
        assert width(governor) == 10  # the user's figure
        await crowd.close()

    run_virtually(main)


def test_a_slot_goes_on_at_once_first_come_first_served_and_priority_before() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 1})
        crowd = Crowd(governor)
        for name, priority in enumerate([0, 0, 5, 0, 5, -1]):
            crowd.start(name, priority=priority)
            await settled()
        for _ in range(5):
            crowd.ends[crowd.order[-1]].set()
            await asyncio.sleep(0)  # it ends
            assert governor.status.slots[0].in_flight == 1  # and the next one has its slot in that very turn
            await settled()
        assert crowd.order == [0, 2, 4, 1, 3, 5]
        await crowd.close()

    run_virtually(main)


def test_a_refusal_for_want_of_a_slot_keeps_the_place_and_lowers_the_width_to_what_was_accepted() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 4})
        crowd = Crowd(governor)
        for name in range(8):
            crowd.start(name)
        await settled()
        refused = crowd.turns[2]
        refused.failed(error(Trouble.SLOTS))
        assert (width(governor), governor.status.slots[0].in_flight) == (3, 3)
        again: list[Turn] = []

        async def again_in_its_place() -> None:
            async with governor.turn(KIND, nothing, place=refused.place) as turn:
                again.append(turn)
                await clock.sleep(1)

        async with asyncio.TaskGroup() as group:
            group.create_task(again_in_its_place())
            await settled()
            crowd.ends[0].set()
            await settled()
            assert again  # before those who had waited for longer
            assert again[0].place == refused.place
            assert 4 not in crowd.turns
        await crowd.close()

    run_virtually(main)


def test_a_vendor_that_refuses_a_call_that_is_alone_is_not_asked_over_and_over() -> None:
    async def main(clock: VirtualClock) -> tuple[int, float]:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 4})
        vendor = Vendor(clock, width=0)
        buying = [asyncio.create_task(buy(governor, vendor)) for _ in range(20)]
        await clock.sleep(600)
        refused = vendor.refused_slots
        vendor.width = 4
        before = clock.monotonic()
        await asyncio.gather(*buying)
        waited = clock.monotonic() - before
        await governor.close()
        return refused, waited

    refused, waited = run_virtually(main)
    assert 10 <= refused <= 40
    assert waited < 30 + 20 * 10


@pytest.mark.parametrize("known", ["plan", "headers"])
def test_a_stable_limit_that_the_vendor_tells_is_never_run_into(known: str) -> None:
    async def main(clock: VirtualClock) -> Vendor:
        governor = governor_of(clock)
        vendor = Vendor(clock, width=5, tells=known == "headers", latency=lognormal(1))
        if known == "plan":
            governor.know_plan("creator", {KIND: 5})
        await buy_all(governor, vendor, 500)
        await governor.close()
        return vendor

    vendor = run_virtually(main)
    assert (vendor.made, vendor.refused_slots, vendor.peak) == (500, 0, 5)


def test_a_stable_limit_that_nobody_tells_is_run_into_rarely() -> None:
    async def main(clock: VirtualClock) -> tuple[Vendor, float]:
        governor = governor_of(clock)
        vendor = Vendor(clock, width=5, latency=lognormal(2))
        await buy_all(governor, vendor, 600)
        await governor.close()
        return vendor, clock.monotonic() / 3600

    vendor, hours = run_virtually(main)
    assert vendor.made == 600
    assert vendor.peak == 5
    assert vendor.refused_slots <= 12 + 7 * hours  # one each ten minutes at worst, and those of the search


def test_a_limit_that_rises_again_is_found() -> None:
    async def main(clock: VirtualClock) -> list[int]:
        governor = governor_of(clock)
        governor.know_plan("pro", {KIND: 10})
        vendor = Vendor(clock, width=10)
        buying = asyncio.create_task(buy_all(governor, vendor, 1_800))
        seen = []
        for limit, minutes in ((10, 2), (4, 2), (10, 30)):
            vendor.width = limit
            await clock.sleep(60 * minutes)
            seen.append(width(governor))
        await buying
        await governor.close()
        return seen

    assert run_virtually(main) == [10, 4, 10]


@pytest.mark.parametrize(("seed", "slots"), [(1, 10), (2, 10), (3, 30)])
def test_slots_stay_full_with_heavy_tailed_latencies(seed: int, slots: int) -> None:
    async def main(clock: VirtualClock) -> float:
        governor = governor_of(clock)
        governor.limit(slots=slots, per_minute=100)
        governor.know_plan("scale", {KIND: slots})
        vendor = Vendor(clock, width=slots, latency=lognormal(seed, mean_s=60))
        waiting = asyncio.Event()
        left = 400

        async def one() -> None:
            nonlocal left
            await buy(governor, vendor)
            left -= 1
            if left == slots:  # the work has run out: what follows is the tail
                waiting.set()

        async with asyncio.TaskGroup() as group:
            for _ in range(left):
                group.create_task(one())
            await waiting.wait()
            mean = vendor.mean_in_flight()
        assert vendor.peak == slots
        await governor.close()
        return mean / slots

    assert run_virtually(main) >= 0.97


KINDS = ("standard", "fast")
STEPS = st.one_of(
    st.tuples(st.just("start"), st.integers(0, 1), st.integers(-1, 1)),
    st.tuples(st.just("cancel"), st.integers(0, 100), st.booleans()),
    st.tuples(st.sampled_from(["answered", "slots", "busy", "done", "leave"]), st.integers(0, 100), st.integers(0, 6)),
    st.tuples(st.just("limit"), st.integers(1, 6), st.integers(1, 500)),
    st.tuples(st.just("plan"), st.integers(0, 4), st.just(0)),
    st.tuples(st.just("pass"), st.integers(0, 90), st.just(0)),
)


def happen(crowd: Crowd, step: str, number: int, more: int) -> None:
    """Something comes of one of the calls under way."""
    name = list(crowd.turns)[number % len(crowd.turns)]
    turn = crowd.turns[name]
    if step == "answered":
        turn.answered(more or None)
    elif step in {"slots", "busy"}:
        turn.failed(error(Trouble(step)))
    elif step == "done":
        turn.done()
    else:
        crowd.ends[name].set()


def take(crowd: Crowd, name: int, step: str, number: int, more: int) -> None:
    """One step of an interleaving."""
    if step == "start":
        crowd.start(name, KINDS[number], more)
    elif step == "limit":
        crowd.governor.limit(slots=number, per_minute=more)
    elif step == "plan":
        crowd.governor.know_plan("plan", {"standard": number} if number else {})
    elif step == "cancel" and crowd.tasks:
        if more and crowd.turns:  # the slot goes on, perhaps to the one who is cancelled in that instant
            happen(crowd, "done", number, 0)
        list(crowd.tasks.values())[number % len(crowd.tasks)].cancel()
    elif step not in {"cancel", "pass"} and crowd.turns:
        happen(crowd, step, number, more)


def check(crowd: Crowd, before: dict[str, int]) -> None:
    """What holds at any moment; `before` is what was in flight a step ago."""
    for slots in crowd.governor.status.slots:
        began = slots.in_flight > before.get(slots.kind, 0)
        assert 0 <= slots.in_flight <= (slots.width if began else 100)
        holding = [name for name, turn in crowd.turns.items() if crowd.kinds[name] == slots.kind and turn.held]
        assert len(holding) <= slots.in_flight


async def finish(crowd: Crowd) -> None:
    """Everyone who is left gets a turn, or was cancelled."""
    for end in crowd.ends.values():
        end.set()
    for task in await asyncio.gather(*crowd.tasks.values(), return_exceptions=True):
        assert task is None or isinstance(task, asyncio.CancelledError)


@given(st.lists(STEPS, max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_happens_no_slot_leaks_none_is_used_twice_and_no_one_is_forgotten(
    steps: list[tuple[str, int, int]],
) -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        crowd = Crowd(governor)
        for name, (step, number, more) in enumerate(steps):
            before = crowd.in_flight
            take(crowd, name, step, number, more)
            check(crowd, before)
            before = crowd.in_flight
            if step == "pass":
                await clock.sleep(number)
            elif number % 2:
                await settled()
            check(crowd, before)
        await finish(crowd)
        assert all(slots.in_flight == slots.waiting == 0 for slots in governor.status.slots)
        await governor.close()

    run_virtually(main)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=1, max_size=40), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_turns_are_given_in_order(arrivals: list[tuple[int, int]], slots: int) -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: slots})
        waiting: list[tuple[int, int]] = []

        async def one(number: int, priority: int, seconds: int) -> None:
            waiting.append((-priority, number))
            async with governor.turn(KIND, nothing, priority=priority):
                assert (-priority, number) == min(waiting)
                waiting.remove((-priority, number))
                await clock.sleep(seconds)

        async with asyncio.TaskGroup() as group:
            for number, (priority, seconds) in enumerate(arrivals):
                group.create_task(one(number, priority, seconds))
                if seconds % 3 == 0:
                    await settled()
        await governor.close()

    run_virtually(main)
