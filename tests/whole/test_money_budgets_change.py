"""A budget that is given another amount while calls are under way: it holds at once, for everything not yet sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.domain.episode import Stage, State
from studio.domain.project import Project
from studio.engine.batch import Studio
from studio.engine.runner import RunOptions
from tests.money.at_work import at_work, until
from tests.money.books import audit, paid_once
from tests.money.case import MICRO_PER_CREDIT, Case, case, prepared, script, settings

pytestmark = pytest.mark.slow

CHUNK = 200  # characters a call: every episode has several
UNTIL = RunOptions(Stage.SYNTHESIZE)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [script(number, 16) for number in range(4)]
    return prepared(tmp_path_factory.mktemp("prepared") / "library", texts, settings(slots=2))


@pytest.fixture
def here(library: Path, tmp_path: Path) -> Iterator[Case]:
    with case(library, tmp_path, chunk_limit=CHUNK, time_scale=1.0, base_s=0.1, per_character_s=0.0) as made:
        yield made


async def allow(studio: Studio, project: Project, **values: Any) -> None:
    """What the settings dialog does."""
    await studio.update_project(replace(project, settings=project.settings.with_values(values)))


def spent_micro(here: Case) -> int:
    return sum(row["settled_micro"] for row in here.rows("SELECT settled_micro FROM attempts"))


@pytest.mark.parametrize("budget", ["budget_usd", "day_budget_usd"])
async def test_a_lowered_budget_holds_for_what_has_not_left(here: Case, budget: str) -> None:
    async with at_work(here) as (studio, _said):
        (project,) = await studio.projects()
        await studio.start([project], UNTIL)
        await until(lambda: here.server.in_flight == 2)
        # Everything is reserved by now, and only two calls have left.
        amount = 3 * CHUNK * MICRO_PER_CREDIT
        await allow(studio, project, **{budget: amount / 1e6})
        await studio.run.finished()
        here.calm()
        charged = sum(charge.credits for charge in here.server.ledger.charges)
        assert len(here.server.ledger.charges) >= 2
        assert charged * MICRO_PER_CREDIT <= amount
        assert spent_micro(here) == charged * MICRO_PER_CREDIT
        assert studio.run.stopped_by_budget
        rows = await studio.episodes(project.id)
        assert {row.state for row in rows} == {State.QUEUED}
        assert all("udget" in row.reason and "Raise" in row.remedy for row in rows), [row.reason for row in rows]
        assert not here.rows("SELECT id FROM attempts WHERE ended_at IS NULL")

        await allow(studio, project)  # as it was: none
        await studio.start([project], UNTIL)
        await studio.run.finished()
    here.calm()
    audit(here, finished=True)
    paid_once(here)


async def test_a_raised_budget_is_used_by_those_who_wait_for_it(here: Case) -> None:
    here.change_settings(budget_usd=2 * CHUNK * MICRO_PER_CREDIT / 1e6)
    async with at_work(here) as (studio, said):
        (project,) = await studio.projects()
        await studio.start([project], UNTIL)
        await until(lambda: any("waits for the budget" in text for text in said))
        assert here.server.in_flight <= 2
        await allow(studio, project, budget_usd=0.0)
        await studio.run.finished()
        assert not studio.run.stopped_by_budget
    here.calm()
    audit(here, finished=True)
    paid_once(here)


async def test_an_episodes_own_budget_stays_its_own(here: Case) -> None:
    async with at_work(here) as (studio, _said):
        (project,) = await studio.projects()
        first, *others = await studio.episodes(project.id)
        await studio.override([first.id], {"episode_budget_usd": CHUNK * MICRO_PER_CREDIT / 1e6})
        await studio.start([project], UNTIL)
        await until(lambda: here.server.in_flight == 2)
        await allow(studio, project, episode_budget_usd=50.0)
        await studio.run.finished()
        rows = {row.id: row for row in await studio.episodes(project.id)}
        assert rows[first.id].state is State.QUEUED
        assert "udget of the episode" in rows[first.id].reason
        assert {rows[other.id].stage for other in others} == {Stage.MASTER}
