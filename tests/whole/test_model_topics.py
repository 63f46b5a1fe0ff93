"""125 topics become scripts by a model on a real socket: with faults, killed, within the budget, paid once."""

import csv
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Verdict
from studio.domain.settings import Settings
from studio.engine.runner import RunOptions
from tests.fakes.chat_server import ODD, PASSING, ChatServer, chat_server
from tests.whole.model_life import life, written

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "resources" / "samples"
TOPICS = Path(__file__).parent / "samples" / "topics.csv"
MINUTES = (0.75, 1.0, 1.5)
REFUSED = ("Clothes and what they are for", "Building a cabin by hand")
ENDLESS = "How much land a man can carry"
NEAR = 0.05
NOTE = "INSERT INTO peak SELECT sum(settled_micro + reserved_micro) FROM attempts"
WATCH = (
    f"CREATE TABLE peak (held INTEGER); CREATE TRIGGER p1 AFTER INSERT ON attempts BEGIN {NOTE}; END;"
    f"CREATE TRIGGER p2 AFTER UPDATE ON attempts BEGIN {NOTE}; END;"
)


def table(path: Path, most: int = 125) -> Path:
    """The first of the shipped topics, each of a short length."""
    rows = list(csv.DictReader(TOPICS.read_text("utf-8").splitlines()))[:most]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("title", "brief", "minutes"))
        writer.writerows((row["title"], row["brief"], MINUTES[n % len(MINUTES)]) for n, row in enumerate(rows))
    return path


def settings(server: ChatServer, **values: Any) -> Settings:
    usual: dict[str, Any] = {"writer": server.url, "writer_prices": "0.15 / 0.60", "requests_per_minute": 10_000}
    return Settings().with_values({**usual, "sources": str(SAMPLES), **values})


async def queued(root: Path, server: ChatServer, topics: Path, **values: Any) -> None:
    async with life(root) as (studio, _):
        project = await studio.create_project("The log", root.parent / "out", settings(server, **values))
        assert not await studio.add(project, [topics])
    with closing(sqlite3.connect(root / "library.db")) as connection:
        connection.executescript(WATCH)


def rows(root: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(root / "library.db")) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql).fetchall()


def spent(root: Path) -> int:
    return int(rows(root, "SELECT coalesce(sum(settled_micro + reserved_micro), 0) FROM attempts")[0][0])


def most(root: Path) -> int:
    """The highest sum of what was spent and held, at any committed moment."""
    return int(rows(root, "SELECT coalesce(max(held), 0) FROM peak")[0][0])


def open_rows(root: Path) -> int:
    return int(rows(root, "SELECT count(*) FROM attempts WHERE ended_at IS NULL")[0][0])


def killed(root: Path, server: ChatServer, questions: int) -> bool:
    """A life that is killed (`SIGKILL`) once so many more questions were asked; False where it ended before."""
    asked = len(server.asked) + questions
    command = [sys.executable, "-m", "tests.whole.model_life", str(root)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and len(server.asked) < asked:
            time.sleep(0.002)
        process.kill()
        _, errors = process.communicate()
    assert not errors, errors
    return process.returncode < 0


async def budget(root: Path, server: ChatServer, usd: float) -> None:
    async with life(root) as (studio, _):
        (project,) = await studio.projects()
        await studio.update_project(replace(project, settings=settings(server, budget_usd=usd)))


async def through(root: Path) -> tuple[Sequence[Episode], list[float], set[str]]:
    """The episodes, how far the length of each script is from what was asked for, and the writers."""
    async with life(root) as (studio, library):
        (project,) = await studio.projects()
        episodes = await studio.episodes(project.id)
        offs, writers = [], set[str]()
        for episode in episodes:
            if episode.state is not State.NEEDS_YOU:
                continue
            script = await library.projects.script(episode.id)
            provenance = await library.scripts.provenance(episode.id)
            assert provenance is not None
            assert script.topic is not None
            assert episode.expected_duration_s is not None
            for citation in provenance.citations:
                said = script.text[citation.start : citation.end]
                assert said.strip(".!? ") in " ".join(provenance.excerpts[citation.excerpt].text.split())
            writers.add(provenance.writer)
            offs.append(episode.expected_duration_s / (60 * script.topic.minutes) - 1)
    return episodes, offs, writers


@pytest.mark.slow
async def test_125_topics_through_faults_kills_and_a_budget_that_ends(tmp_path: Path) -> None:
    root = tmp_path / "library"
    kinds = (*PASSING, *ODD)
    texts = {**dict.fromkeys(REFUSED, "refusal_text"), ENDLESS: "runaway"}
    with chat_server(seed=7, rate=0.08, kinds=kinds, by_text=texts, delay_s=0.002) as server:
        await queued(root, server, table(tmp_path / "topics.csv"), budget_usd=0.05)
        began, cpu = time.monotonic(), time.process_time()
        await written(root)
        assert most(root) <= 50_000
        assert server.micro <= spent(root) <= 50_000
        states = {row["state"] for row in rows(root, "SELECT state FROM episodes")}
        assert State.QUEUED in states
        reasons = [row["reason"] for row in rows(root, "SELECT reason FROM episodes WHERE state = 'queued'")]
        assert any("budget of the project" in reason for reason in reasons)
        await budget(root, server, 2.0)
        kills = [killed(root, server, questions) for questions in (40, 90, 60)]
        assert any(kills)
        await written(root)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    episodes, offs, writers = await through(root)
    assert len(episodes) == 125
    failed = {each.title: each for each in episodes if each.state is State.FAILED}
    assert set(REFUSED) <= set(failed)
    assert all(each.reason and each.remedy for each in failed.values())
    blocked = [each for each in episodes if each.state is State.QUEUED]
    assert [each.title for each in blocked] == [ENDLESS]
    assert "without an end" in blocked[0].reason
    done = [each for each in episodes if each.state is State.NEEDS_YOU]
    assert len(done) + len(failed) + 1 == 125
    assert len(done) >= 120
    assert {each.stage for each in done} == {Stage.PREPARE}
    assert writers == {f"storyteller-8b at {server.name}"}
    near = sum(abs(off) <= NEAR for off in offs) / len(offs)
    assert near >= 0.95, sorted(offs)
    # Money: nothing is open, nothing beyond the budget at any time, and no less than was charged.
    assert not open_rows(root)
    assert most(root) <= 2_000_000
    assert server.micro <= spent(root)
    # An answer was paid twice only where the program was killed while it was under way.
    cut_short = rows(root, "SELECT count(*) FROM attempts WHERE error LIKE 'the program ended%'")[0][0]
    assert len(server.paid_twice()) <= cut_short
    assert sum(each.cost_micro for each in episodes) <= spent(root)
    print(  # noqa: T201 - for the record, with -rP
        f"{len(server.asked)} questions, {len(done)} scripts in {seconds:.1f} s ({cpu:.1f} s of processor time in this "
        f"process), {near:.1%} within {NEAR:.0%}, ${spent(root) / 1e6:.3f}, {sum(kills)} kills"
    )


async def test_what_is_paid_is_what_was_charged_to_the_micro_dollar(tmp_path: Path) -> None:
    root = tmp_path / "library"
    free = ("429", "429_after", "slots", "503", "bad_json", "empty")
    with chat_server(seed=3, rate=0.15, kinds=free) as server:
        await queued(root, server, table(tmp_path / "topics.csv", 12))
        await written(root)
        assert spent(root) == server.micro
        assert not server.paid_twice()
        episodes, offs, _ = await through(root)
        assert {each.state for each in episodes} == {State.NEEDS_YOU}
        assert all(each.script_verdict is not Verdict.FAIL for each in episodes)
        assert sum(each.cost_micro for each in episodes) == server.micro
        assert all(abs(off) <= NEAR for off in offs), offs
        # The same topics in another project ask nothing and cost nothing: the answers are there.
        asked = len(server.asked)
        async with life(root) as (studio, _):
            other = await studio.create_project("Another log", tmp_path / "other", settings(server))
            await studio.add(other, [tmp_path / "topics.csv"])
            await studio.start([other], RunOptions(Stage.PREPARE))
            await studio.run.finished()
            assert {each.state for each in await studio.episodes(other.id)} == {State.NEEDS_YOU}
        assert len(server.asked) == asked
        assert spent(root) == server.micro
