"""What may befall a batch: two copies at work, a full disk, a locked or damaged library, wrong clocks, sleep."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from studio.store.database import BUSY_S
from tests.money.books import Figures, audit, paid_once
from tests.money.case import DATABASE, MICRO_PER_CREDIT, Case, case, prepared, script, settings
from tests.money.nursery import End, Nursery, ended_well, nursery
from tests.money.relay import relay

pytestmark = pytest.mark.slow

DAY_S = 86_400
SLOW: Any = {"time_scale": 1.0, "base_s": 0.4, "per_character_s": 0.0}


@pytest.fixture(scope="module")
def lives() -> Iterator[Nursery]:
    with nursery() as born:
        yield born


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [script(number, sentences) for number, sentences in enumerate((4, 9, 6, 3, 5, 7))]
    return prepared(tmp_path_factory.mktemp("prepared") / "library", texts, settings(slots=3))


def finished(here: Case) -> Figures:
    """All is spoken and paid, once."""
    here.calm()
    figures = audit(here, finished=True)
    paid_once(here)
    return figures


def goes_on(here: Case, lives: Nursery) -> Figures:
    """A new start, and nothing in its way."""
    assert ended_well(lives.live(here.life())).done
    return finished(here)


def until(reached: Callable[[], object]) -> None:
    """Wait for something in another process."""
    for _ in range(20_000):
        if reached():
            return
        time.sleep(0.002)
    raise AssertionError("it never came to that")


def without_bugs(end: End) -> None:
    assert not end.killed
    assert not end.story.bug, end.story.bug
    assert not [notice for notice in end.story.notices if notice.startswith("BUG")], end.story.notices


def test_two_copies_started_at_once(library: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(library, tmp_path, **SLOW) as here:
        ends = [lives.wait(pid) for pid in [lives.start(here.life()) for _ in range(3)]]
        refused = [end.story.refused for end in ends if end.story.refused]
        assert len(refused) == 2
        assert all("Another Batchcast" in sentence for sentence in refused)
        finished(here) if any(end.story.done for end in ends) else goes_on(here, lives)


def test_two_copies_where_the_disk_keeps_no_locks(library: Path, tmp_path: Path, lives: Nursery) -> None:
    """One of them sleeps in the middle of its calls while the other takes its place, and wakes up."""
    with case(library, tmp_path, **SLOW) as here:
        first = lives.start(here.life())
        until(lambda: here.server.in_flight == 3)
        os.kill(first, signal.SIGSTOP)
        (here.root / "lease").unlink()
        second = lives.start(here.life(clock_factor=20.0))
        until(lambda: here.rows("SELECT token FROM fence")[0][0] == 3)
        os.kill(first, signal.SIGCONT)
        ends = [lives.wait(first), lives.wait(second)]
        for end in ends:
            without_bugs(end)
        assert any("taken over" in notice for notice in ends[0].story.notices), ends[0].story
        here.calm()
        audit(here)
        goes_on(here, lives)


@pytest.mark.parametrize("largest_file", [120_000, 300_000, 700_000])
def test_a_full_disk(largest_file: int, tmp_path: Path, lives: Nursery) -> None:
    texts = [script(number, sentences) for number, sentences in enumerate((60, 3, 25, 90))]
    library = prepared(tmp_path / "prepared", texts, settings(slots=3))
    with case(library, tmp_path) as here:
        told: list[str] = []
        for _ in range(2):
            end = lives.live(here.life(largest_file=largest_file))
            without_bugs(end)
            assert not end.story.done
            here.calm()
            audit(here)
            told += [*end.story.notices, end.story.refused, *(episode["reason"] for episode in end.story.episodes)]
        assert any("full" in words or "room" in words or "disk" in words for words in told), told
        goes_on(here, lives)


def test_a_locked_library(library: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(library, tmp_path, **SLOW) as here:
        pid = lives.start(here.life())
        until(lambda: here.server.in_flight == 3)
        with closing(sqlite3.connect(here.root / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(BUSY_S + 2)  # longer than anybody waits for it
            other.execute("ROLLBACK")
        end = lives.wait(pid)
        without_bugs(end)
        told = [*end.story.notices, *(episode["reason"] for episode in end.story.episodes)]
        assert any("locked" in words for words in told), told
        here.calm()
        audit(here)
        goes_on(here, lives)


@pytest.mark.parametrize("first_byte", [0, 4096], ids=["its head", "its pages"])
def test_a_damaged_library(first_byte: int, library: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(library, tmp_path) as here:
        assert lives.live(here.life(die_at="ledger.received after 2")).killed
        here.calm()
        charged = len(here.server.ledger.asked)
        file = here.root / DATABASE
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sound = file.read_bytes()
        file.write_bytes(sound[:first_byte] + b"\x5a" * (len(sound) - first_byte))
        end = lives.live(here.life())
        without_bugs(end)
        assert "damaged" in end.story.refused or "another program" in end.story.refused
        assert len(here.server.ledger.asked) == charged
        file.write_bytes(sound)
        goes_on(here, lives)


def spoken(here: Case) -> bool:
    """Whether every episode has its take."""
    return not here.rows("SELECT id FROM episodes WHERE id NOT IN (SELECT episode_id FROM takes)")


@pytest.mark.parametrize("jumps", [(3 * DAY_S, -3 * DAY_S), (-40 * DAY_S, 0, 40 * DAY_S)], ids=["days", "months"])
def test_a_clock_that_jumps(jumps: tuple[int, ...], library: Path, tmp_path: Path, lives: Nursery) -> None:
    budget_micro = MICRO_PER_CREDIT * 2_000
    with case(library, tmp_path, time_scale=0.2) as here:
        for round_, jump_s in enumerate(jumps):
            life = here.life()
            asked = len(here.server.ledger.asked)
            pid = lives.start(life)
            until(lambda asked=asked: len(here.server.ledger.asked) > asked or spoken(here))  # type: ignore[misc]
            life.jump_file.write_text(str(jump_s))
            end = lives.wait(pid, kill_s=0.1 + 0.2 * round_)
            assert end.killed or ended_well(end).done
            here.calm()
            audit(here, budget_micro=budget_micro)
        goes_on(here, lives)


@pytest.mark.parametrize("sleeps_count", [False, True], ids=["the clock stands still", "the clock goes on"])
def test_a_laptop_that_sleeps_for_an_hour(sleeps_count: bool, library: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(library, tmp_path, time_scale=0.4) as here, relay(here.server.host.port) as line:
        life = here.life(base_url=line.base_url, sleeps_count=sleeps_count, clock_factor=20.0)
        pid = lives.start(life)
        until(lambda: here.server.in_flight == 3)
        os.kill(pid, signal.SIGSTOP)
        here.calm()
        line.cut()
        life.jump_file.write_text("3600")
        os.kill(pid, signal.SIGCONT)
        story = ended_well(lives.wait(pid))
        assert story.done, story.episodes
        assert finished(here).charges == 6
