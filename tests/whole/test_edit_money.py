"""`kill -9` anywhere while an edited sentence is bought: it is paid once, and the script changes with its take."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from studio.domain.editing import Edit, edit_to_text
from studio.domain.script import Script
from studio.domain.take import Mend
from studio.store import serial
from tests.money.books import tidy
from tests.money.case import DATABASE, MICRO_PER_CREDIT, Case, case, prepared, script, settings
from tests.money.nursery import Nursery, ended_well, nursery

SENTENCES = 7
TEXT = script(3, SENTENCES)
WAS = TEXT.splitlines()[4]
NOW = "Nobody on the island had seen a lantern like it. It was gone by the morning."
PLACES = (
    "projects.keep_terms before 1",
    "ledger.reserve after 1",
    "ledger.sent after 1",
    "voice.speak inside 1",
    "ledger.received before 1",
    "ledger.stored before 1",
    "ledger.settle before 1",
    "job.splice before 1",
    "artifacts.keep after 1",
    "projects.save before 2",
)


@pytest.fixture(scope="module")
def lives() -> Iterator[Nursery]:
    with nursery() as born:
        yield born


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, lives: Nursery) -> Path:
    """A library with one take, in whose script a person has edited a sentence."""
    folder = tmp_path_factory.mktemp("edited")
    ready = prepared(folder / "ready", [TEXT], settings(slots=2))
    library = folder / "library"
    with case(ready, folder / "case") as here:
        assert ended_well(lives.live(here.life())).done
        here.calm()
        edit = edit_to_text(Edit(TEXT.index(WAS), WAS, NOW))
        with closing(sqlite3.connect(here.root / DATABASE, isolation_level=None)) as connection:
            connection.execute("UPDATE episodes SET stage = 'synthesize', state = 'queued', mending = ?", (edit,))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        here.root.rename(library)
        here.root.mkdir()  # for the case to clear away
    return library


def stored(here: Case) -> str:
    """The script's text as the library has it."""
    (row,) = here.rows("SELECT packed FROM scripts JOIN episodes ON script_sha256 = scripts.sha256")
    return serial.unpack(Script, row["packed"]).text


def paid_once(here: Case) -> None:
    """The server charged nothing but the edited sentences, once, and the script goes with the take."""
    assert [charge.order.text for charge in here.server.ledger.charges] in ([], [NOW])
    (takes,) = here.rows("SELECT count(*) AS count FROM takes")
    assert stored(here) == (TEXT if takes["count"] == 1 else TEXT.replace(WAS, NOW))


def test_killed_at_every_step(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(spoken, tmp_path) as here:
        killed = []
        for place in PLACES:
            if lives.live(here.life(die_at=place)).killed:
                killed.append(place)
            here.calm()
            paid_once(here)
        assert set(PLACES[:4] + PLACES[7:]) <= set(killed)
        assert ended_well(lives.live(here.life())).done
        here.calm()
        paid_once(here)
        assert stored(here) == TEXT.replace(WAS, NOW)
        (charge,) = here.server.ledger.charges
        (row,) = here.rows("SELECT sum(settled_micro) AS paid FROM attempts WHERE characters = ?", len(NOW))
        assert row["paid"] == MICRO_PER_CREDIT * here.server.ledger.credits == MICRO_PER_CREDIT * charge.credits
        (episode,) = here.rows("SELECT * FROM episodes")
        assert (episode["take"], episode["takes"], episode["mending"], episode["stage"]) == (2, 2, "", "master")
        take = here.rows("SELECT * FROM takes ORDER BY number")[-1]
        (mend,) = serial.from_json(tuple[Mend, ...], take["mends"])
        assert (take["parent"], mend.last - mend.first, mend.shift, mend.characters) == (1, 2, 1, len(NOW))
        assert len(here.rows("SELECT sha256 FROM scripts")) == 2  # the one that was queued is still there
        tidy(here)


def test_a_budget_without_room_leaves_script_and_take(spoken: Path, tmp_path: Path, lives: Nursery) -> None:
    with case(spoken, tmp_path) as here:
        (row,) = here.rows("SELECT sum(settled_micro) AS spent FROM attempts")
        here.change_settings(budget_usd=row["spent"] / 1e6)
        (episode,) = ended_well(lives.live(here.life())).episodes
        assert (episode["state"], episode["stage"]) == ("needs_you", "review")
        assert episode["reason"].startswith("It was not mended, and stays as it is.")
        here.calm()
        paid_once(here)
        assert stored(here) == TEXT
        assert not here.server.ledger.charges
