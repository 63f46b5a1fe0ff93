"""When the vendor does not work, and when nothing can be bought: pause, probe, trial, stop."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.purchase import PASSING, STOPPING, CallError, PurchasesStoppedError, Trouble
from studio.engine.governor import Governor
from tests.engine.governor_vendor import KIND, DownError, Heard, Vendor, buy, buy_all, error, governor_of, nothing
from tests.engine.virtual_clock import VirtualClock, run_virtually


class Probe:
    """The free request; `down` while it fails."""

    def __init__(self, clock: VirtualClock, down: bool = True) -> None:
        self.clock = clock
        self.down = down
        self.asked: list[float] = []

    async def __call__(self) -> None:
        self.asked.append(self.clock.monotonic())
        if self.down:
            raise DownError


async def fail(governor: Governor, trouble: Trouble) -> None:
    async with governor.turn(KIND, nothing) as turn:
        turn.failed(error(trouble))


async def succeed(governor: Governor) -> None:
    async with governor.turn(KIND, nothing) as turn:
        turn.answered()


def open_governor(clock: VirtualClock, probe: Probe) -> Governor:
    governor = governor_of(clock)
    governor.know_plan("x", {KIND: 10})
    governor.probe_with(probe)
    return governor


@pytest.mark.parametrize("trouble", sorted(PASSING - {Trouble.RATE}))
def test_five_failures_of_a_kind_in_a_row_pause_purchases_with_a_sentence(trouble: Trouble) -> None:
    async def main(clock: VirtualClock) -> None:
        governor = open_governor(clock, Probe(clock))
        for _ in range(4):
            await fail(governor, trouble)
        await succeed(governor)
        for _ in range(4):
            await fail(governor, trouble)
        assert governor.status.paused == ""
        await fail(governor, trouble)
        status = governor.status
        assert status.paused.startswith("ElevenLabs ")
        assert status.paused.endswith(": nothing is bought until that is over.")
        assert status.probe_in_s is not None
        assert 0 < status.probe_in_s <= 60
        words: list[str] = []
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300), governor.turn(KIND, words.append):
                raise AssertionError("a turn while the circuit is open")
        assert words[0].endswith(": nothing is bought until that is over.")
        await governor.close()

    run_virtually(main)


def test_different_troubles_in_turn_pause_later_and_what_says_nothing_about_health_never() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = open_governor(clock, Probe(clock))
        for _ in range(20):
            await fail(governor, Trouble.REFUSED)
            await fail(governor, Trouble.SLOTS)
        for count in range(10):
            assert governor.status.paused == "", count
            await fail(governor, Trouble.BUSY if count % 2 else Trouble.CUT)
        assert governor.status.paused
        await governor.close()

    run_virtually(main)


def test_probes_come_after_5_s_doubling_to_60_with_jitter_then_one_call_tries() -> None:
    async def main(clock: VirtualClock) -> None:
        probe = Probe(clock)
        governor = open_governor(clock, probe)
        for _ in range(5):
            await fail(governor, Trouble.BUSY)
        vendor = Vendor(clock, latency=lambda: 7.0)
        buying = asyncio.create_task(buy_all(governor, vendor, 30))
        await clock.sleep(400)
        assert vendor.left == []
        gaps = [later - sooner for sooner, later in zip([0.0, *probe.asked], probe.asked, strict=False)]
        for gap, usual in zip(gaps, [5, 10, 20, 40, 60, 60, 60], strict=False):
            assert usual * 0.8 <= gap <= usual * 1.2
        assert len({gap / round(gap, -1) for gap in gaps[-3:]}) == 3  # jitter
        probe.down = False
        before = clock.monotonic()
        while not vendor.left:
            await clock.sleep(0.1)
        assert clock.monotonic() - before <= 73
        await clock.sleep(6)
        assert len(vendor.left) == 1
        assert governor.status.paused
        assert governor.status.probe_in_s is None
        await clock.sleep(1.1)
        assert governor.status.paused == ""
        assert len(vendor.left) == 11
        await buying
        await governor.close()

    run_virtually(main)


def test_a_trial_that_fails_opens_it_again_for_longer() -> None:
    async def main(clock: VirtualClock) -> None:
        probe = Probe(clock, down=False)
        governor = open_governor(clock, probe)
        for _ in range(5):
            await fail(governor, Trouble.CUT)
        waits = []
        for _ in range(3):
            began = clock.monotonic()
            await fail(governor, Trouble.BUSY)  # waits for the probe, is the trial
            waits.append(clock.monotonic() - began)
        for wait, usual in zip(waits, [5, 10, 20], strict=True):
            assert usual * 0.8 <= wait <= usual * 1.2
        await succeed(governor)
        for _ in range(5):
            await fail(governor, Trouble.CUT)
        assert governor.status.probe_in_s in {4.0, 5.0, 6.0}  # a new pause begins as the first one did
        await governor.close()

    run_virtually(main)


def test_a_trial_that_ends_without_a_verdict_is_followed_by_another() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = open_governor(clock, Probe(clock, down=False))
        for _ in range(5):
            await fail(governor, Trouble.BUSY)
        first = asyncio.create_task(buy(governor, Vendor(clock, latency=lambda: 1_000.0)))
        await clock.sleep(10)
        second = asyncio.create_task(fail(governor, Trouble.SLOTS))
        third = asyncio.create_task(succeed(governor))
        await clock.sleep(10)
        assert governor.status.slots[0].waiting == 2
        first.cancel()
        await clock.sleep(40)
        assert second.done()
        assert third.done()
        assert governor.status.paused == ""
        await asyncio.gather(first, second, third, return_exceptions=True)
        await governor.close()

    run_virtually(main)


def test_what_was_under_way_when_it_opened_neither_lengthens_nor_closes_nor_opens_it_again() -> None:
    async def main(clock: VirtualClock) -> None:
        probe = Probe(clock)
        governor = open_governor(clock, probe)
        ends = [asyncio.Event() for _ in range(4)]

        async def slow(number: int) -> None:
            async with governor.turn(KIND, nothing) as turn:
                await ends[number].wait()
                if number == 3:
                    turn.answered()
                else:
                    turn.failed(error(Trouble.OFFLINE))

        old = [asyncio.create_task(slow(number)) for number in range(4)]
        await asyncio.sleep(0)
        for _ in range(5):
            await fail(governor, Trouble.OFFLINE)
        due = governor.status.probe_in_s
        ends[0].set()
        ends[3].set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert governor.status.probe_in_s == due
        assert governor.status.paused
        probe.down = False
        await clock.sleep(8)
        trial = asyncio.create_task(buy(governor, Vendor(clock)))
        await clock.sleep(1)
        ends[1].set()
        await clock.sleep(1)
        assert governor.status.paused
        assert governor.status.probe_in_s is None
        await trial
        for _ in range(4):
            await fail(governor, Trouble.OFFLINE)
        ends[2].set()
        await clock.sleep(1)
        assert governor.status.paused == ""
        await asyncio.gather(*old)
        await governor.close()

    run_virtually(main)


def test_a_probe_that_hangs_or_has_a_fault_of_its_own_does_not_end_the_probing() -> None:
    async def main(clock: VirtualClock) -> None:
        asked = 0

        async def probe() -> None:
            nonlocal asked
            asked += 1
            if asked < 3:
                await clock.sleep(10_000)

        governor = governor_of(clock)
        governor.probe_with(probe)
        for _ in range(5):
            await fail(governor, Trouble.CUT)
        await buy(governor, Vendor(clock))
        assert asked == 3
        assert clock.monotonic() < 60
        await governor.close()

    run_virtually(main)


def test_without_a_probe_a_call_tries() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        for _ in range(5):
            await fail(governor, Trouble.CUT)
        await succeed(governor)
        assert 4 <= clock.monotonic() <= 6
        await governor.close()

    run_virtually(main)


@pytest.mark.parametrize("jump", [3_600.0, 86_400.0])
def test_a_machine_that_slept_goes_on(jump: float) -> None:
    async def main(clock: VirtualClock) -> None:
        probe = Probe(clock)
        heard = Heard(clock)
        governor = governor_of(clock, heard)
        governor.limit(slots=10, per_minute=20)
        governor.know_plan("x", {KIND: 10})
        governor.probe_with(probe)
        vendor = Vendor(clock, latency=lambda: 5.0)
        buying = asyncio.create_task(buy_all(governor, vendor, 100))
        await clock.sleep(7)
        clock.jump(jump)
        vendor.trouble = lambda: Trouble.OFFLINE  # every connection is gone
        await clock.sleep(30)
        assert governor.status.paused
        clock.jump(jump)
        vendor.trouble = lambda: None
        probe.down = False
        began = asyncio.get_running_loop().time()
        await buying
        assert asyncio.get_running_loop().time() - began < 90 + 100 / 20 * 61
        await clock.sleep(70)
        assert heard.events[-1][1].slots[0].in_flight == 0
        await governor.close()

    run_virtually(main)


@pytest.mark.parametrize("trouble", sorted(STOPPING))
def test_a_stop_ends_every_wait_at_once_with_the_errors_sentence_until_the_user_starts_again(trouble: Trouble) -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        governor.know_plan("x", {KIND: 2})
        vendor = Vendor(clock, latency=lambda: 50.0)
        under_way = asyncio.create_task(buy(governor, vendor))
        await asyncio.sleep(0)
        backing_off = asyncio.create_task(governor.back_off(5, error(Trouble.BUSY, retry_after_s=500)))
        refusal = CallError(trouble, "The key was refused.", "Enter another one.")

        async def refused() -> None:
            async with governor.turn(KIND, nothing):
                await clock.sleep(1)
                raise refusal

        first = asyncio.create_task(refused())
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(buy(governor, vendor)) for _ in range(5)]
        await clock.sleep(1.5)
        assert all(task.done() for task in [first, backing_off, *waiting])
        for task in waiting:
            assert isinstance(found := task.exception(), PurchasesStoppedError)
            assert (found.message, found.remedy) == (refusal.message, refusal.remedy)
        assert first.exception() is refusal
        with pytest.raises(PurchasesStoppedError, match="Enter another one"):
            await succeed(governor)
        assert governor.status.stopped == "The key was refused. Enter another one."
        await under_way  # what was paid for goes on
        assert vendor.made == 1
        governor.resume()
        assert governor.status.stopped == ""
        await succeed(governor)
        await governor.close()

    run_virtually(main)


def test_a_late_failure_from_before_the_user_started_again_does_not_stop_again() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = governor_of(clock)
        async with governor.turn(KIND, nothing) as old:
            governor.stop(error(Trouble.KEY))
            governor.resume()
            old.failed(error(Trouble.KEY))
        assert governor.status.stopped == ""
        await succeed(governor)
        await fail(governor, Trouble.QUOTA)
        assert governor.status.stopped
        await governor.close()

    run_virtually(main)


def test_starting_again_closes_an_open_circuit() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = open_governor(clock, Probe(clock))
        for _ in range(5):
            await fail(governor, Trouble.BUSY)
        governor.resume()
        assert governor.status.paused == ""
        await succeed(governor)
        assert clock.monotonic() == 0
        await governor.close()

    run_virtually(main)


def test_closing_ends_every_wait_as_cancelled() -> None:
    async def main(clock: VirtualClock) -> None:
        governor = open_governor(clock, Probe(clock))
        for _ in range(5):
            await fail(governor, Trouble.BUSY)
        waits = [
            asyncio.create_task(succeed(governor)),
            asyncio.create_task(governor.back_off(3, error(Trouble.BUSY, retry_after_s=100))),
        ]
        await asyncio.sleep(0)
        await governor.close()
        await asyncio.sleep(0)
        assert all(task.cancelled() for task in waits)

    run_virtually(main)


@given(st.integers(0, 2**32), st.floats(0.0, 0.5))
@settings(max_examples=25, deadline=None)
def test_a_batch_gets_through_a_faulty_vendor_whatever_the_faults(seed: int, share: float) -> None:
    async def main(clock: VirtualClock) -> None:
        chance = clock.uniform
        troubles = sorted({*PASSING, Trouble.SLOTS})

        def trouble() -> Trouble | None:
            return troubles[int(chance(0, len(troubles)))] if chance(0, 1) < share else None

        governor = open_governor(clock, Probe(clock, down=False))
        vendor = Vendor(clock, width=10, trouble=trouble, latency=lambda: chance(0.1, 60))
        await buy_all(governor, vendor, 40)
        assert vendor.made == 40
        status = governor.status.slots[0]
        assert (status.in_flight, status.waiting) == (0, 0)
        await governor.close()

    run_virtually(main, seed)
