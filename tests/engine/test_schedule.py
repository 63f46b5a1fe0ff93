"""What starts when: widths, order, back-pressure, pause."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.engine.ports import Lane
from studio.engine.schedule import BACKLOG_BOUGHT, BACKLOG_PER_CORE, Scheduler


def episode(number: int, characters: int = 1_000, stage: Stage = Stage.WRITE, priority: int = 0) -> Episode:
    return Episode(number, 1, number, f"E{number}", "x", State.QUEUED, stage, priority, characters)


class Shop:
    """Does every stage of every episode for one turn of the loop or more, and keeps count."""

    def __init__(self, cores: int, slots: int, network: bool = True) -> None:
        lanes = {Lane.CPU: cores, Lane.NETWORK: slots}
        self.network = network
        self.scheduler = Scheduler(self.do, self.lane, lanes.__getitem__, {Stage.EXPORT: 1})
        self.started: list[tuple[int, Stage]] = []
        self.now: Counter[Lane] = Counter()
        self.most: Counter[Lane] = Counter()
        self.exports = 0
        self.most_unchecked = 0
        self.finished = 0

    def lane(self, one: Episode) -> Lane:
        if one.stage is Stage.REVIEW:
            return Lane.NONE
        return Lane.NETWORK if self.network and one.stage is Stage.SYNTHESIZE else Lane.CPU

    async def do(self, one: Episode) -> Episode | None:
        lane = self.lane(one)
        self.started.append((one.id, one.stage))
        self.now[lane] += 1
        self.most[lane] = max(self.most[lane], self.now[lane])
        self.exports += one.stage is Stage.EXPORT
        assert self.exports <= 1
        for _ in range(1 + one.id % 3):
            await asyncio.sleep(0)
        self.exports -= one.stage is Stage.EXPORT
        self.now[lane] -= 1
        place = STAGES.index(one.stage) + 1
        if place == len(STAGES):
            self.finished += 1
            return None
        return replace(one, stage=STAGES[place])


async def run(shop: Shop, episodes: list[Episode]) -> None:
    for one in episodes:
        shop.scheduler.offer(one)
    await asyncio.wait_for(shop.scheduler.idle(), 20)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 12), st.lists(st.integers(1, 50_000), min_size=1, max_size=40), st.booleans())
def test_everything_goes_through_every_stage_once_within_the_widths(
    cores: int, slots: int, lengths: list[int], network: bool
) -> None:
    shop = Shop(cores, slots, network)
    asyncio.run(run(shop, [episode(n + 1, length) for n, length in enumerate(lengths)]))
    assert shop.finished == len(lengths)
    assert Counter(shop.started) == Counter({(n + 1, stage): 1 for n in range(len(lengths)) for stage in STAGES})
    assert shop.most[Lane.CPU] <= cores
    assert shop.most[Lane.NETWORK] <= slots


async def test_priority_then_the_longest_then_the_first() -> None:
    shop = Shop(1, 1)
    shop.scheduler.paused = True
    for one in (episode(1, 10), episode(2, 30), episode(3, 30), episode(4, 5, priority=1)):
        shop.scheduler.offer(one)
    shop.scheduler.paused = False
    shop.scheduler.fill()
    await shop.scheduler.idle()
    first_stage = [number for number, stage in shop.started if stage is Stage.WRITE]
    assert first_stage == [4, 2, 3, 1]


async def test_what_is_begun_is_finished_first() -> None:
    shop = Shop(1, 1, network=False)
    await run(shop, [episode(n) for n in range(1, 6)])
    # One core: the next may begin while one is at the gate, which takes no core, but the one after that may not.
    for number in range(3, 6):
        assert shop.started.index((number - 2, Stage.EXPORT)) < shop.started.index((number, Stage.SYNTHESIZE))


@pytest.mark.parametrize(("bought", "most"), [(False, BACKLOG_PER_CORE), (True, BACKLOG_BOUGHT)])
async def test_a_stage_that_falls_behind_holds_back_the_one_before(bought: bool, most: int) -> None:
    release = asyncio.Event()
    started: list[Episode] = []

    async def do(one: Episode) -> Episode | None:
        started.append(one)
        if one.stage is Stage.MASTER:
            await release.wait()
            return None
        return replace(one, stage=Stage.MASTER)

    # With two cores, so that one is left for a voice of this machine while the other is held up.
    lanes = {Lane.CPU: 2, Lane.NETWORK: 3}
    widths = {Stage.MASTER: 1}
    speech = Lane.NETWORK if bought else Lane.CPU
    scheduler = Scheduler(do, lambda e: speech if e.stage is Stage.SYNTHESIZE else Lane.CPU, lanes.__getitem__, widths)
    for number in range(1, 301):
        scheduler.offer(episode(number, stage=Stage.SYNTHESIZE))
    for _ in range(800):
        await asyncio.sleep(0)
    spoken = sum(one.stage is Stage.SYNTHESIZE for one in started)
    # What waits, one in the stage, and what was in flight when the line filled up.
    line = most if bought else 2 * most
    assert line <= spoken <= line + 1 + 3
    release.set()
    await scheduler.idle()
    assert len(started) == 600


async def test_pause_starts_nothing_and_lets_what_runs_finish() -> None:
    shop = Shop(2, 2)
    shop.scheduler.offer(episode(1))
    shop.scheduler.paused = True
    await asyncio.wait(shop.scheduler.tasks)
    await asyncio.sleep(0)
    assert shop.started == [(1, Stage.WRITE)]
    shop.scheduler.paused = False
    shop.scheduler.fill()
    await shop.scheduler.idle()
    assert shop.finished == 1


async def test_withdrawn_episodes_do_not_start() -> None:
    shop = Shop(1, 1)
    shop.scheduler.paused = True
    shop.scheduler.offer(episode(1))
    shop.scheduler.offer(episode(2))
    shop.scheduler.withdraw(2)
    shop.scheduler.paused = False
    shop.scheduler.fill()
    await shop.scheduler.idle()
    assert {number for number, _ in shop.started} == {1}


async def test_who_waits_with_a_new_priority_goes_by_it_and_nobody_else_enters() -> None:
    shop = Shop(1, 1)
    shop.scheduler.paused = True
    shop.scheduler.offer(episode(1, 10), episode(2, 30))
    shop.scheduler.renew(episode(1, 10, priority=1), episode(3, 90, priority=5))
    shop.scheduler.paused = False
    shop.scheduler.fill()
    await shop.scheduler.idle()
    assert [number for number, stage in shop.started if stage is Stage.WRITE] == [1, 2]
