"""Orders that come while something else is being stored: none is lost, none is carried out twice, all is told."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import EpisodeLookupError
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Event, Notice
from studio.engine.ports import HistoryEntry, Product
from tests.whole import flawed
from tests.whole.test_queue_whole import ONLY_READ, fill, opened


def once(studio: Studio, when: Callable[[Episode], bool], order: Callable[[], object]) -> list[object]:
    """Give the order as soon as this is said of an episode; the list holds what it gave."""
    given: list[object] = []

    def hear(event: Event) -> None:
        if isinstance(event, EpisodeChanged) and not given and when(event.episode):
            given.append(order())

    studio.events.subscribe(hear)
    return given


def told(studio: Studio) -> dict[int, Episode]:
    """Every episode as it was told last; nothing may go wrong meanwhile."""
    rows: dict[int, Episode] = {}

    def hear(event: Event) -> None:
        assert not isinstance(event, Notice)
        if isinstance(event, EpisodeChanged):
            rows[event.episode.id] = event.episode

    studio.events.subscribe(hear)
    return rows


@pytest.mark.parametrize("number", [1, 6])
async def test_a_voice_of_its_own_that_is_given_while_the_batch_goes_on_holds(number: int, tmp_path: Path) -> None:
    """For what waits in the run, and for what is under way: no older row brings the old settings back."""
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 6)
        chosen = next(row for row in await studio.episodes(project.id) if row.number == number)
        rows = told(studio)
        given = once(
            studio,
            lambda episode: episode.state is State.WORKING,
            lambda: asyncio.ensure_future(studio.override([chosen.id], {"speed": 0.9})),
        )
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        assert given
        stored = {row.id: row for row in await studio.episodes(project.id)}
        assert rows == stored
        assert {row.number for row in stored.values() if row.overrides} == {number}
        # The last word counts, and it may be that there are none.
        await studio.override([chosen.id], {})
        await studio.cancel([chosen.id])
        assert not any(row.overrides for row in await studio.episodes(project.id))


@pytest.mark.parametrize("moment", range(1, 5))
async def test_what_is_stopped_while_it_is_being_stored_is_told_as_it_is_stored(
    moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with flawed.opened(tmp_path / "library") as (studio, rooms):
        project = await studio.create_project("Show", tmp_path / "out", Settings())
        await fill(studio, project, 2)
        rows, save = told(studio), rooms.projects.save
        ends: list[asyncio.Task[Episode]] = []
        saved: list[State] = []

        async def stopped(row: Episode, entry: HistoryEntry | None = None, product: Product | None = None) -> None:
            saved.append(row.state)
            if len(saved) == moment:
                stop = studio.run.stop(row.id)
                asyncio.get_running_loop().call_soon(lambda: ends.append(asyncio.ensure_future(stop)))
            await save(row, entry, product)

        monkeypatch.setattr(rooms.projects, "save", stopped)
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        (end,) = ends
        left = await end
        assert rows == {row.id: row for row in await studio.episodes(project.id)}
        assert left == rows[left.id]
        assert {row.state for row in rows.values()} == {State.QUEUED}


async def test_a_key_that_is_pressed_twice_decides_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as (studio, made):
        project = replace(made, settings=made.settings.with_values({"approve_scripts": "all"}))
        await studio.update_project(project)
        await fill(studio, project, 1)
        rows = told(studio)
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        (row,) = rows.values()
        assert row.awaits_approval
        ids = [row.id]
        # Twice in the same moment; then it is not to be decided any more, and nothing more is noted.
        await asyncio.gather(studio.reject(ids, "dry"), studio.reject(ids, "dry"), studio.approve(ids))
        assert rows[row.id].state is State.REJECTED
        studio.run.pause()
        await asyncio.gather(studio.retake(ids), studio.retake(ids))
        await studio.cancel(ids)
        await asyncio.gather(studio.retry(ids), studio.retry(ids))
        outcomes = [entry.outcome for entry in (await studio.details(row.id)).history]
        assert [each for each in outcomes if each != "done"][1:] == ["rejected", "retake", "cancelled", "retried"]
        # What is gone by now is passed over.
        await studio.remove(ids)
        await asyncio.gather(studio.retry(ids), studio.approve(ids), studio.export(ids))


async def test_an_order_that_takes_long_to_be_told_tells_nothing_that_is_older_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.engine.queue._AT_ONCE", 2)
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 6)
        waiting = await studio.episodes(project.id)
        rows, last = told(studio), waiting[-1]
        # As the run would say it, while the new order is being told.
        begun = EpisodeChanged(replace(last, state=State.WORKING))
        loop = asyncio.get_running_loop()
        given = once(studio, lambda _: True, lambda: loop.call_soon(studio.events.say, begun))
        await studio.queue.put(project.id, {row.id: row.number for row in waiting})
        assert given
        assert [rows[row.id].priority for row in waiting[:-1]] == [1, 2, 3, 4, 5]
        assert rows[last.id].state is State.WORKING


async def test_what_is_removed_is_not_begun_by_whoever_read_its_row_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 6)
        told(studio)
        ids = [row.id for row in await studio.episodes(project.id)]
        await asyncio.gather(
            studio.start([project], ONLY_READ),
            studio.remove(ids[:4]),
            studio.reception.take_back(project, ids[2:5]),
            studio.remove(ids[1:2]),
            studio.cancel(ids[:2]),
        )
        await asyncio.wait_for(studio.run.finished(), 60)
        left = {row.id for row in await studio.episodes(project.id)}
        assert ids[5] in left
        assert left <= {*ids[4:]}
        with pytest.raises(EpisodeLookupError):
            await studio.scripts.price(project, ids[:1])
        # One that comes back is worked on like any other.
        await studio.review.restore(ids[0])
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        assert {row.stage for row in await studio.episodes(project.id)} == {Stage.SYNTHESIZE}
        assert not caplog.records


@pytest.mark.parametrize("first", ["start", "cancel"])
async def test_what_is_cancelled_while_a_run_begins_stays_so(
    first: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 3)
        rows = told(studio)
        ids = [row.id for row in await studio.episodes(project.id)]
        orders = [studio.start([project], ONLY_READ), studio.cancel(ids)]
        await asyncio.gather(*(orders if first == "start" else reversed(orders)))
        await asyncio.wait_for(studio.run.finished(), 60)
        assert {row.state for row in rows.values()} == {State.CANCELLED}
        assert list(rows.values()) == list(await studio.episodes(project.id))
        assert not caplog.records
