"""The order of the queue, changed by a person: stored, heeded by the run that is on, taken back."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from studio import app
from studio.domain.episode import Stage, State
from studio.domain.project import Project
from studio.domain.queueing import turn
from studio.domain.script import Block, BlockKind, Script
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Event
from studio.engine.ports import NewEpisode
from studio.engine.runner import RunOptions

TEXT = "The lamp was lit at dusk. It burned until the morning, and nobody slept."
ONLY_READ = RunOptions(until=Stage.PREPARE)


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[tuple[Studio, Project]]:
    async with app.opened_studio(home / "library") as studio:
        project = next(iter(await studio.projects()), None)
        if project is None:
            project = await studio.create_project("Show", home / "out", Settings())
        yield studio, project


async def fill(studio: Studio, project: Project, count: int) -> None:
    for number in range(1, count + 1):
        assert not await studio.add_text(
            project, f"# Night {number:02d}\n\n{TEXT} That was night {number:02d}.", "pasted"
        )


async def line(studio: Studio, project: Project) -> list[int]:
    rows = [row for row in await studio.episodes(project.id) if row.state is State.QUEUED]
    return [row.number for row in sorted(rows, key=turn)]


async def test_what_was_moved_goes_first_and_stays_so_over_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 6)
        ids = {row.number: row.id for row in await studio.episodes(project.id)}
        before = await line(studio, project)
        back: Mapping[int, int] = await studio.queue.move(project.id, [ids[5], ids[2]], ids[1])
        assert await line(studio, project) == [2, 5, 1, 3, 4, 6]
        await studio.queue.put(project.id, back)
        assert await line(studio, project) == before
        await studio.queue.to_the_top(project.id, [ids[4]])
        await studio.queue.shift(project.id, [ids[4]], 2)
        await studio.queue.move(project.id, [ids[3]], None)
        assert await line(studio, project) == [1, 2, 4, 5, 6, 3]
        assert await studio.queue.move(project.id, [999], None) == {}
    async with opened(tmp_path) as (studio, project):
        assert await line(studio, project) == [1, 2, 4, 5, 6, 3]
        begun: list[int] = []
        studio.events.subscribe(lambda event: note(event, begun))
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        assert begun == [1, 2, 4, 5, 6, 3]


async def test_a_run_that_is_on_heeds_the_new_order_and_rows_under_way_do_not_bring_the_old_one_back(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 12)
        ids = {row.number: row.id for row in await studio.episodes(project.id)}
        begun: list[int] = []
        studio.events.subscribe(lambda event: note(event, begun))
        moved: list[asyncio.Task[Mapping[int, int]]] = []

        def move_once(event: Event) -> None:
            # At the first word of work: most wait, one is under way, and others are just being taken on.
            if isinstance(event, EpisodeChanged) and event.episode.state is State.WORKING and not moved:
                moved.append(asyncio.ensure_future(studio.queue.to_the_top(project.id, list(ids.values())[1:4] + last)))

        last = [ids[12], ids[11]]
        studio.events.subscribe(move_once)
        await studio.start([project], ONLY_READ)
        await asyncio.wait_for(studio.run.finished(), 60)
        given = moved[0].result()
        assert {ids[11], ids[12]} <= set(given)
        # As many as there are workers had begun; those that were moved come before all others.
        under_way = studio.run.slots
        assert set(begun[:under_way]) <= set(range(1, under_way + 1))
        rest = begun[under_way:]
        assert {11, 12} <= set(rest[: rest.index(5)])
        rows = {row.id: row for row in await studio.episodes(project.id)}
        assert all(rows[episode_id].priority > 0 for episode_id in given)


def note(event: Event, begun: list[int]) -> None:
    if isinstance(event, EpisodeChanged) and event.episode.state is State.WORKING:
        begun.append(event.episode.number)


async def test_a_row_that_is_older_than_its_new_priority_does_not_bring_the_old_one_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 3)
        *_, older = await studio.episodes(project.id)
        await studio.queue.to_the_top(project.id, [older.id])
        heard: list[Event] = []
        studio.events.subscribe(heard.append)
        await studio.run.runner.hold(older, "The budget is spent.", "Raise it.")
        assert await line(studio, project) == [3, 1, 2]
        (said,) = [event.episode for event in heard if isinstance(event, EpisodeChanged)]
        assert said.priority > 0


async def test_what_was_taken_out_is_passed_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 3)
        ids = {row.number: row.id for row in await studio.episodes(project.id)}
        await studio.remove([ids[2]])
        await studio.queue.to_the_top(project.id, [ids[2], ids[3]])
        assert await line(studio, project) == [3, 1]


async def test_a_script_with_nothing_to_speak_does_not_keep_the_others_from_being_quoted(tmp_path: Path) -> None:
    async with opened(tmp_path) as (studio, project):
        await fill(studio, project, 2)
        # No file becomes such a script; an older library may hold one.
        empty = Script("Stars", "pasted", "* * *", (Block(BlockKind.PARAGRAPH, 0, 5),))
        await studio._rooms.projects.add(project, [NewEpisode(empty)])
        quote = await studio.market.quote(project)
        assert (quote.episodes, len(quote.fits)) == (3, 3)
        assert quote.characters == sum(
            [(await studio.market.quote(project, [row.id])).characters for row in await studio.episodes(project.id)][:2]
        )
