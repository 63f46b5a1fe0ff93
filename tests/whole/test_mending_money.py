"""`kill -9` anywhere while sentences are bought and put into a take: each is paid once, and the take comes of it."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from studio.domain.mending import from_text
from studio.domain.spoken import SpokenForm
from studio.domain.take import Mend
from studio.store import serial
from tests.money.books import artifact, tidy
from tests.money.case import DATABASE, MICRO_PER_CREDIT, Case, case, prepared, script, settings
from tests.money.nursery import Nursery, ended_well, nursery

BAD = "2-3 5-7"
SENTENCES = 9


@pytest.fixture(scope="module")
def lives() -> Iterator[Nursery]:
    with nursery() as born:
        yield born


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, lives: Nursery) -> Path:
    """A library with one take, of which some sentences are to be spoken anew; its budget has just room for them."""
    folder = tmp_path_factory.mktemp("spoken")
    ready = prepared(folder / "ready", [script(1, SENTENCES)], settings(slots=2))
    library = folder / "library"
    with case(ready, folder / "case") as here:
        assert ended_well(lives.live(here.life())).done
        here.calm()
        with closing(sqlite3.connect(here.root / DATABASE, isolation_level=None)) as connection:
            connection.execute("UPDATE episodes SET stage = 'synthesize', state = 'queued', mending = ?", (BAD,))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        here.root.rename(library)
        here.root.mkdir()  # for the case to clear away
    return library


def texts(here: Case) -> list[str]:
    """What is to be bought, in order."""
    (row,) = here.rows("SELECT packed FROM spoken")
    utterances = serial.unpack(SpokenForm, row["packed"]).utterances
    return [" ".join(each.text for each in utterances[first:last]) for first, last in from_text(BAD)]


def paid_once(here: Case) -> None:
    """The server charged nothing but these sentences, each once, and the library knows of it."""
    orders = Counter((charge.order.text, charge.order.seed) for charge in here.server.ledger.charges)
    assert set(orders) <= {(text, 1) for text in texts(here)}
    assert set(orders.values()) <= {1}
    assert not here.server.ledger.paid_twice()


def finished(here: Case, lives: Nursery) -> None:
    """Let it live undisturbed, then look at everything."""
    assert ended_well(lives.live(here.life())).done
    here.calm()
    paid_once(here)
    wanted = texts(here)
    assert sorted(charge.order.text for charge in here.server.ledger.charges) == sorted(wanted)
    rows = here.rows("SELECT * FROM attempts WHERE kind = 'purchase' ORDER BY id")
    assert {row["state"] for row in rows} <= {"settled", "failed"}
    mends = [row for row in rows if row["characters"] in map(len, wanted) and row["settled_micro"]]
    assert sum(row["settled_micro"] for row in mends) == MICRO_PER_CREDIT * here.server.ledger.credits
    (episode,) = here.rows("SELECT * FROM episodes")
    assert (episode["take"], episode["takes"], episode["mending"], episode["stage"]) == (2, 2, "", "master")
    first, second = here.rows("SELECT * FROM takes JOIN artifacts ON artifacts.id = audio ORDER BY number")
    assert (first["parent"], second["parent"], second["seed"]) == (0, 1, 1)
    told = serial.from_json(tuple[Mend, ...], second["mends"])
    assert [(mend.first, mend.last, mend.characters) for mend in told] == [
        (*stretch, len(text)) for stretch, text in zip(from_text(BAD), wanted, strict=True)
    ]
    assert artifact(here.root, second).stat().st_size == second["size"]
    assert artifact(here.root, first).is_file()
    tidy(here)


# Step by step, each life getting further than the one before.
PLACES = (
    "projects.keep_terms before 1",
    "ledger.reserve after 1",
    "ledger.sent after 1",
    "voice.speak inside 1",
    "ledger.received before 1",
    "ledger.stored before 1",
    "ledger.settle before 1",
    "job.splice before 1",
    "job.splice after 1",
    "artifacts.keep after 1",
    "projects.save before 2",
)


def test_killed_at_every_step(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(spoken, tmp_path) as here:
        killed = []
        for place in PLACES:
            if lives.live(here.life(die_at=place)).killed:
                killed.append(place)
            here.calm()
            paid_once(here)
        assert set(PLACES[:4] + PLACES[7:]) <= set(killed)
        finished(here, lives)


@pytest.mark.slow
def test_killed_at_random_times(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    chance = random.Random(5)
    for round_ in range(3):
        with case(spoken, tmp_path / str(round_)) as here:
            for _ in range(4):
                lives.live(here.life(), kill_s=chance.uniform(0.05, 0.8))
                here.calm()
                paid_once(here)
            finished(here, lives)


def test_a_budget_that_has_no_room_for_it_leaves_the_take_to_a_person(
    spoken: Path, tmp_path: Path, lives: Nursery
) -> None:
    with case(spoken, tmp_path) as here:
        (row,) = here.rows("SELECT sum(settled_micro) AS spent FROM attempts")
        # Enough for one of the two stretches.
        here.change_settings(budget_usd=(row["spent"] + MICRO_PER_CREDIT * len(texts(here)[0])) / 1e6)
        story = ended_well(lives.live(here.life()))
        (episode,) = story.episodes
        assert (episode["state"], episode["stage"]) == ("needs_you", "review")
        assert episode["reason"].startswith("It was not mended, and stays as it is. The budget of the project")
        assert "Raise" in episode["remedy"]
        here.calm()
        paid_once(here)
        (stored,) = here.rows("SELECT * FROM episodes")
        assert (stored["take"], stored["takes"], stored["mending"]) == (1, 1, "")
        assert stored["cost_micro"] == here.rows("SELECT sum(settled_micro) FROM attempts")[0][0]
        assert here.server.ledger.credits * MICRO_PER_CREDIT + row["spent"] == stored["cost_micro"]


def test_a_service_that_says_no_leaves_the_take_to_a_person(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(spoken, tmp_path) as here:
        here.server.schedule_next("quota", "quota")
        (episode,) = ended_well(lives.live(here.life())).episodes
        assert (episode["state"], episode["stage"]) == ("needs_you", "review")
        assert "credits" in episode["reason"]
        assert not here.server.ledger.charges


def test_a_service_that_is_down_keeps_its_place_in_the_queue(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(spoken, tmp_path) as here:
        # As long as nobody knows what became of a call, a person is asked for nothing but patience.
        here.server.ledger.history.available = False
        here.server.schedule_next("error_502", "error_502")
        (episode,) = ended_well(lives.live(here.life())).episodes
        assert (episode["state"], episode["stage"]) == ("queued", "synthesize")
        here.calm()
        here.server.ledger.history.available = True
        finished(here, lives)
