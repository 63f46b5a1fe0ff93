"""The engine's one door with every real room behind it, in this process: what a person may ask of an episode."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studio import app
from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.findings import Verdict
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Eta, Event, Notice, Progress, RunChanged, WorkerLost
from studio.engine.runner import RunOptions

pytestmark = pytest.mark.model


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with app.opened_studio(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
async def project(studio: Studio, scripts: Path, tmp_path: Path) -> Project:
    # Everything is drawn for review, so that every episode stops at the gate.
    made = await studio.create_project("Show", tmp_path / "out", Settings(review_share=1.0))
    assert await studio.add(made, [scripts]) == []
    return made


async def states(studio: Studio, project: Project) -> list[State]:
    return [episode.state for episode in await studio.episodes(project.id)]


async def test_the_gate_and_what_a_person_may_do_there(studio: Studio, project: Project, tmp_path: Path) -> None:
    heard: list[Event] = []
    studio.events.subscribe(heard.append)
    await studio.start([project])
    await studio.run.finished()
    first, second, third = await studio.episodes(project.id)
    assert [first.state, second.state, third.state] == [State.NEEDS_YOU] * 3
    assert all(episode.drawn for episode in (first, second, third))
    # Stored first, then said: each event's row is what the store held.
    changes = [event.episode for event in heard if isinstance(event, EpisodeChanged)]
    assert changes[-1] in (first, second, third)
    seen = {episode.stage for episode in changes if episode.id == first.id and episode.state is State.WORKING}
    assert seen == {Stage.PREPARE, Stage.SYNTHESIZE, Stage.MASTER, Stage.CHECK, Stage.REVIEW}
    assert any(isinstance(event, Progress) and 0 < event.fraction <= 1 for event in heard)
    assert isinstance(next(event for event in heard if isinstance(event, RunChanged)), RunChanged)
    assert not [event for event in heard if isinstance(event, Notice)]

    await studio.approve([first.id])
    await studio.reject([second.id], "Too sleepy.")
    await studio.retake([third.id])
    await studio.run.finished()
    first, second, third = await studio.episodes(project.id)
    assert (first.state, first.clearance) == (State.DONE, Clearance.APPROVED)
    assert (tmp_path / "out" / "001-first-light" / "SHA256SUMS").is_file()
    assert (second.state, second.reason) == (State.REJECTED, "Too sleepy.")
    assert (third.state, third.take, third.takes) == (State.NEEDS_YOU, 2, 2)
    costs = await studio.costs(project.id)
    assert costs.calls == 4

    details = await studio.details(first.id)
    assert details.peaks is not None
    assert details.peaks.duration_s == pytest.approx(first.duration_s, abs=0.05)
    assert details.report is not None
    assert [title for _, title in details.chapters] == ["First Light", "The lamp", "The stone"]
    assert details.audio is not None
    assert details.audio.is_file()
    outcomes = [(entry.stage, entry.outcome) for entry in details.history]
    assert (Stage.REVIEW, "approved") in outcomes
    assert outcomes[-1] == (Stage.EXPORT, "done")


async def test_cancel_then_retry_goes_on_where_it_stopped(studio: Studio, project: Project) -> None:
    await studio.start([project])
    working = asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, EpisodeChanged) and event.episode.stage is Stage.MASTER:
            working.set()

    studio.events.subscribe(hear)
    await asyncio.wait_for(working.wait(), 60)
    everyone = [episode.id for episode in await studio.episodes(project.id)]
    await studio.cancel(everyone)
    await asyncio.wait_for(studio.run.finished(), 30)
    assert set(await states(studio, project)) == {State.CANCELLED}
    await studio.retry(everyone)
    await studio.run.finished()
    assert set(await states(studio, project)) == {State.NEEDS_YOU}
    # What was spoken before the cancellation was not spoken again.
    assert [episode.takes for episode in await studio.episodes(project.id)] == [1, 1, 1]


async def test_pause_holds_everything_and_removal_takes_out(studio: Studio, project: Project) -> None:
    studio.run.pause()
    await studio.start([project])
    await asyncio.sleep(0.1)
    assert studio.run.running
    assert set(await states(studio, project)) == {State.QUEUED}
    first, *_ = await studio.episodes(project.id)
    await studio.remove([first.id])
    studio.run.unpause()
    await studio.run.finished()
    assert await states(studio, project) == [State.NEEDS_YOU] * 2


async def test_a_lost_worker_costs_a_second_try_and_nothing_else(studio: Studio, project: Project) -> None:
    import psutil

    struck = False
    lost: list[WorkerLost] = []

    def strike(event: Event) -> None:
        nonlocal struck
        if isinstance(event, WorkerLost):
            lost.append(event)
        if isinstance(event, Progress) and event.stage is Stage.CHECK and not struck:
            struck = True
            for child in psutil.Process().children():
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()

    studio.events.subscribe(strike)
    await studio.start([project])
    await studio.run.finished()
    assert struck
    assert {event.stage for event in lost} >= {Stage.CHECK}  # and everyone was told
    assert set(await states(studio, project)) == {State.NEEDS_YOU}


async def test_a_retake_is_tried_by_itself_where_the_speech_fails(
    studio: Studio, scripts: Path, tmp_path: Path
) -> None:
    # Nobody can hear these letters as they are written, so every take fails, and the best one is kept for a person.
    hard = "Zxqv brrgh wlkt, fnord mxyzptlk qwrt zzyzx. Hgnn vrrp skdt mbwl trrk. Pfft grzl nkkt vlop zrrk bnnt."
    (scripts / "hard.md").write_text(
        f"# Hard Words\n\nThis first part is plain enough.\n\n{hard}\n\nAnd so is this last one.\n"
    )
    project = await studio.create_project("Strict", tmp_path / "out", Settings(repairs=1))
    await studio.add(project, [scripts / "hard.md"])
    await studio.start([project])
    await studio.run.finished()
    (episode,) = await studio.episodes(project.id)
    assert (episode.state, episode.verdict) == (State.NEEDS_YOU, Verdict.FAIL)
    assert (episode.repairs, episode.takes) == (1, 2)
    notes = [entry.note for entry in (await studio.details(episode.id)).history if entry.stage is Stage.CHECK]
    # As a whole, or those sentences that nobody could make out, where they cost less.
    assert re.fullmatch(r"take 1 failed, (sentences? \d( to \d)? )?spoken anew( \(\d+ of \d+ characters\))?", notes[0])
    assert notes[1].startswith("fail")  # and which take is kept


async def test_speech_that_can_hardly_be_made_out_waits_for_a_person(
    studio: Studio, scripts: Path, tmp_path: Path
) -> None:
    hard = (
        "The brrgh of wlkt was a fnord to the qwrt. A hgnn in the vrrp had skdt and mbwl by trrk, with no nkkt at all."
    )
    (scripts / "hard.md").write_text(
        f"# Hard Words\n\nThis first part is plain enough.\n\n{hard}\n\nAnd so is this last one.\n"
    )
    project = await studio.create_project("Strict", tmp_path / "out", Settings(repairs=0))
    await studio.add(project, [scripts / "hard.md"])
    await studio.start([project])
    await studio.run.finished()
    (episode,) = await studio.episodes(project.id)
    assert episode.state is State.NEEDS_YOU
    # Whether it is wrong, or only cannot be made out, hangs on how sure the ears are of single letters.
    assert episode.verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE}


async def test_the_eta_comes_and_goes(studio: Studio, project: Project) -> None:
    heard: list[Eta] = []
    studio.events.subscribe(lambda event: heard.append(event) if isinstance(event, Eta) else None)
    await studio.start([project])
    await studio.run.finished()
    assert not studio.run.running
    assert heard[-1] == Eta(None, None)


async def test_scripts_are_numbered_the_way_people_count(studio: Studio, tmp_path: Path) -> None:
    project = await studio.create_project("Chapters", tmp_path / "out", Settings())
    names = [f"chapter-{number}.md" for number in (1, 10, 11, 2)]  # as a shell hands them over
    for name in names:
        (tmp_path / name).write_text(f"# {name}\n\nThis is what stands in {name}, and nothing else.\n")
    refusals = await studio.add(project, [tmp_path / name for name in [*names, "missing.md"]])
    assert [Path(refusal.source).name for refusal in refusals] == ["missing.md"]
    rows = await studio.episodes(project.id)
    assert [row.title for row in rows] == ["chapter-1.md", "chapter-2.md", "chapter-10.md", "chapter-11.md"]
    # The same again is known, and no fault.
    again = await studio.add(project, [tmp_path / name for name in names])
    assert [refusal.known for refusal in again] == [True] * 4


async def test_two_copies_cannot_work_on_one_library(studio: Studio, tmp_path: Path) -> None:
    from studio.domain.errors import StoreError

    with pytest.raises(StoreError):
        async with app.opened_studio(tmp_path / "library"):
            pass
    async with app.opened_studio(tmp_path / "library", at_work=False) as looking:
        assert await looking.projects() == await studio.projects()


async def test_a_changed_project_goes_by_its_new_settings(studio: Studio, project: Project) -> None:
    changed = replace(project, settings=replace(project.settings, review_share=0.0))
    await studio.update_project(changed)
    await studio.start([changed])
    await studio.run.finished()
    rows: list[Episode] = list(await studio.episodes(project.id))
    assert {row.state for row in rows} == {State.DONE}
    assert {row.clearance for row in rows} == {Clearance.NOT_NEEDED}


async def test_an_episode_that_vanishes_from_the_library_does_not_keep_the_run_from_ending(
    studio: Studio, project: Project, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notices: list[Notice] = []

    def vanish(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event)
        if isinstance(event, EpisodeChanged) and event.episode.number == 1 and event.episode.state is State.WORKING:
            with closing(sqlite3.connect(tmp_path / "library" / "library.db", timeout=30)) as library:
                library.execute("DELETE FROM episodes WHERE id = ?", (event.episode.id,))
                library.commit()

    studio.events.subscribe(vanish)
    await studio.start([project], RunOptions(Stage.PREPARE))
    await asyncio.wait_for(studio.run.finished(), 60)
    assert notices
    assert all(notice.bug and "LookupError" in notice.message for notice in notices)
    assert [episode.stage for episode in await studio.episodes(project.id)] == [Stage.SYNTHESIZE] * 2
    caplog.clear()  # the bug was logged, as it should be
