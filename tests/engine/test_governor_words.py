"""What a governor says: the state of things to everybody, and to those who wait what they wait for."""

import asyncio
from collections import Counter

import pytest

from studio.domain.purchase import Trouble
from studio.engine.alarm import Alarm
from studio.engine.line import nth_in_line
from tests.engine.governor_vendor import KIND, Heard, Vendor, buy_all, error, governor_of, lognormal, nothing
from tests.engine.virtual_clock import VirtualClock, run_virtually


def test_events_come_at_most_four_a_second_only_with_news_and_the_last_is_the_truth() -> None:
    async def main(clock: VirtualClock) -> None:
        heard = Heard(clock)
        governor = governor_of(clock, heard)
        governor.know_plan("x", {KIND: 10})
        await buy_all(governor, Vendor(clock, latency=lognormal(1, mean_s=0.3)), 500)
        gaps = [after - before for (before, _), (after, _) in zip(heard.events, heard.events[1:], strict=False)]
        assert min(gaps) >= 0.25 - 1e-9
        assert all(first != second for (_, first), (_, second) in zip(heard.events, heard.events[1:], strict=False))
        await clock.sleep(100)
        assert heard.events[-1][1] == governor.status
        assert governor.status.asked_last_minute == 0  # even though nothing but time passed
        said = len(heard.events)
        await clock.sleep(1_000)
        assert len(heard.events) == said
        governor.limit(slots=10, per_minute=10_000)  # as before
        await clock.sleep(1)
        assert len(heard.events) == said
        await governor.close()

    run_virtually(main)


def test_the_status_counts_what_is_under_way_waits_and_was_asked() -> None:
    async def main(clock: VirtualClock) -> None:
        heard = Heard(clock)
        governor = governor_of(clock, heard)
        governor.limit(slots=2, per_minute=50)
        governor.know_plan("creator", {KIND: 5})
        buying = asyncio.create_task(buy_all(governor, Vendor(clock), 5))
        await clock.sleep(11)
        status = heard.events[-1][1]
        assert status == governor.status
        assert (status.seller, status.plan, status.per_minute) == ("elevenlabs", "creator", 50)
        (slots,) = status.slots
        assert (slots.kind, slots.in_flight, slots.width, slots.waiting) == (KIND, 2, 2, 1)
        assert status.asked_last_minute == 4
        await buying
        await governor.close()
        assert heard.events[-1][1] == governor.status

    run_virtually(main)


class Restless(VirtualClock):
    """Sleeps end early, as on a machine whose clock is set."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, max(0.3, seconds / 2)))


def test_an_alarm_rings_at_its_time_even_where_sleeps_end_early_and_once() -> None:
    async def main(_: VirtualClock) -> list[float]:
        clock = Restless()
        rings: list[float] = []
        alarm = Alarm(clock, lambda: rings.append(clock.monotonic()))
        alarm.set(20.0)
        alarm.set(10.0)
        alarm.set(15.0)  # it rings sooner anyway
        await VirtualClock.sleep(clock, 50)
        alarm.set(60.0)
        alarm.stop()
        await VirtualClock.sleep(clock, 50)
        return rings

    assert run_virtually(main) == [pytest.approx(10.0)]


def test_nothing_is_said_after_the_end() -> None:
    async def main(clock: VirtualClock) -> None:
        heard = Heard(clock)
        governor = governor_of(clock, heard)
        async with governor.turn(KIND, nothing):
            await clock.sleep(1)
            await governor.close()
            said = len(heard.events)
        await clock.sleep(100)
        assert len(heard.events) == said

    run_virtually(main)


def test_while_purchases_pause_the_seconds_to_the_next_try_are_counted_down() -> None:
    async def main(clock: VirtualClock) -> list[float]:
        heard = Heard(clock)
        governor = governor_of(clock, heard)
        for _ in range(5):
            async with governor.turn(KIND, nothing) as turn:
                turn.failed(error(Trouble.BUSY))
        await clock.sleep(3.5)
        await governor.close()
        return [event.probe_in_s for _, event in heard.events if event.probe_in_s is not None]

    seconds = run_virtually(main)
    assert len(seconds) >= 3
    assert seconds == sorted(seconds, reverse=True)


@pytest.mark.parametrize(
    ("position", "words"),
    [(0, "next"), (1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (11, "12th"), (20, "21st"), (110, "111th")],
)
def test_places_in_the_line_are_said_as_people_say_them(position: int, words: str) -> None:
    assert nth_in_line(position) == f"waits for a slot, {words} in line"


def test_whoever_waits_hears_the_place_in_line_as_it_moves_and_nothing_at_the_end() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 1})
        words: list[list[str]] = [[] for _ in range(4)]

        async def one(number: int) -> None:
            async with governor.turn(KIND, words[number].append):
                await clock.sleep(1)

        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(one(number))
        assert words == [
            [],
            ["waits for a slot, next in line", ""],
            ["waits for a slot, 2nd in line", "waits for a slot, next in line", ""],
            ["waits for a slot, 3rd in line", "waits for a slot, 2nd in line", "waits for a slot, next in line", ""],
        ]
        await governor.close()

    run_virtually(main)


def test_whoever_waits_for_the_minute_hears_that_and_a_long_line_is_not_told_too_often() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.limit(slots=10, per_minute=3)
        governor.know_plan("x", {KIND: 10})
        words: list[str] = []
        told: Counter[int] = Counter()

        def listener(text: str) -> None:
            words.append(text)
            told[int(clock.monotonic())] += 1

        async def one() -> None:
            async with governor.turn(KIND, listener):
                await clock.sleep(1)

        async with asyncio.TaskGroup() as group:
            for _ in range(9):
                group.create_task(one())
        assert set(words) == {"waits for the minute to pass", ""}
        assert max(told.values()) <= 6
        await governor.close()

    run_virtually(main)
