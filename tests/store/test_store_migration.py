"""A library of version 1, with everything that it may hold, becomes one of the present version and is worked with."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from studio.domain.budget import Limits
from studio.domain.episode import Stage, State
from studio.domain.errors import BudgetError, LibraryInUseError, StoreError
from studio.domain.money import AttemptState, Costs
from studio.domain.purchase import Receipt
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.store import products, serial
from studio.store.health import health
from studio.store.lease import Lease
from studio.store.library import Library
from studio.store.migrate import migrate, shipped
from tests.store.store_samples import MARKS, purchase, script, speech, spoken

AT = "2026-11-20T10:00:00.123Z"
LATER = "2026-11-20T10:05:00.456Z"

# kind, key, voice, state, bound, reserved, settled, ended
PURCHASES: dict[str, tuple[str, str, str, str, int, int, int, str | None]] = {
    "free, done": ("purchase", "a", "builtin:heart", "settled", 0, 0, 0, LATER),
    "free, open": ("purchase", "b", "builtin:heart", "intent", 0, 0, 0, None),
    "free, failed": ("purchase", "c", "builtin:heart", "failed", 0, 0, 0, LATER),
    "spared": ("reuse", "a", "builtin:heart", "settled", 0, 0, 0, None),
    "bought": ("purchase", "d", "elevenlabs:x", "settled", 1_000, 0, 800, LATER),
    "bought, spared": ("reuse", "d", "elevenlabs:x", "settled", 1_000, 0, 0, None),
    "open": ("purchase", "e", "elevenlabs:x", "intent", 1_000, 1_000, 0, None),
    "stored": ("purchase", "f", "elevenlabs:x", "stored", 1_000, 1_000, 0, None),
    "unclear": ("purchase", "g", "elevenlabs:x", "unknown", 1_000, 1_000, 0, LATER),
    "refused": ("purchase", "h", "elevenlabs:x", "failed", 1_000, 0, 0, LATER),
}


def insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    columns, places = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(values.values()))  # noqa: S608


def make(path: Path) -> None:
    """As the first version would have left it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, shipped()[:1])
        connection.execute("PRAGMA foreign_keys = ON")
        insert(
            connection, "projects", id=1, name="Walden", out_dir="/out", settings=Settings().to_json(), review_seed=7
        )
        insert(connection, "scripts", sha256="s", packed=serial.pack(Script, script()))
        row = dict.fromkeys(("priority", "calls", "take", "takes", "repairs", "findings", "drawn"), 0)
        texts = dict.fromkeys(("clearance", "folder", "reason", "remedy", "strip_faults", "timings"), "")
        for number, state in enumerate(State, 1):
            names = {"title": f"Chapter {number}", "source": "a.md", "state": state, "stage": Stage.SYNTHESIZE}
            refs = {"text_sha256": f"{number}", "script_sha256": "s", "project_id": 1, "number": number}
            money = {"characters": 1000, "cost_micro": 800, "reserved_micro": 3_000, "strip": b""}
            insert(connection, "episodes", id=number, **row, **texts, **names, **refs, **money)
        packed = serial.pack(SpokenForm, spoken())
        insert(connection, "spoken", episode_id=1, characters=1000, pauses_s=1.0, packed=packed)
        insert(connection, "artifacts", id=1, sha256="0" * 64, suffix=".flac", size=5)
        for id_, values in enumerate(PURCHASES.values(), 1):
            names = dict(zip(("kind", "key", "voice", "state"), values[:4], strict=True))
            amounts = ("upper_bound_micro", "reserved_micro", "settled_micro", "ended_at")
            sums = dict(zip(amounts, values[4:], strict=True))
            whose = {"project_id": 1, "episode_id": 1, "model": "m", "characters": 1000}
            insert(
                connection, "attempts", id=id_, created_at=AT, request_id=f"r{id_}", error="e", **names, **sums, **whose
            )
        marks = serial.pack(products.MARKS, MARKS)
        for key, id_ in (("a", 1), ("d", 5)):
            insert(connection, "speeches", key=key, attempt_id=id_, audio=1, duration_s=2.75, marks=marks)
        insert(connection, "history", episode_id=1, stage="prepare", outcome="done", seconds=0.5, note="")


@pytest.fixture
def old(root: Path) -> Path:
    make(root / "library.db")
    return root


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


ADDED: dict[str, dict[str, object]] = {
    "episodes": {
        "overrides": "",
        "voice_consistency": None,
        "brand_alignment": None,
        "mending": "",
        "script_verdict": None,
        "script_approved": 0,
    },
    "projects": {"archived_at": None},
    "speeches": {"request_id": ""},
    "spoken": {"extent": 1000.0, "sentences": 6, "marks": 15},  # of 1,000 characters, as prose has them
}


async def test_everything_is_carried_over(old: Path) -> None:
    kept = (
        "id, kind, project_id, episode_id, key, voice, model, characters, upper_bound_micro, settled_micro, request_id"
    )
    before = rows(old / "library.db", f"SELECT {kept}, reserved_micro, created_at, error FROM attempts")  # noqa: S608
    others = {
        table: rows(old / "library.db", f"SELECT * FROM {table}")  # noqa: S608
        for table in ("projects", "scripts", "episodes", "spoken", "artifacts", "speeches", "history")
    }
    library = await Library.open(old)
    await library.close()
    after = rows(old / "library.db", f"SELECT {kept}, reserved_micro, created_at, error FROM attempts")  # noqa: S608
    assert after == before
    for table, old_rows in others.items():
        new = rows(old / "library.db", f"SELECT * FROM {table}")  # noqa: S608
        assert new == [row | ADDED.get(table, {}) for row in old_rows]
    states = {row["id"]: row for row in rows(old / "library.db", "SELECT * FROM attempts")}
    expected = {"open": "sent"}  # the first version did not say whether it had been sent
    for id_, (name, values) in enumerate(PURCHASES.items(), 1):
        row = states[id_]
        assert row["state"] == expected.get(name, values[3])
        assert (row["ended_at"] is None) == (row["state"] in {"intent", "sent", "stored", "unknown"})
        paid = name in {"bought", "open", "stored", "unclear", "refused"}
        assert row["paid"] == paid
        assert row["held_credits"] == (1000 if name in {"open", "stored", "unclear"} else 0)
        assert row["charged_credits"] == (1000 if name == "bought" else 0)
    assert rows(old / "library.db", "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert rows(old / "library.db", "PRAGMA foreign_key_check") == []
    assert rows(old / "library.db.before-0002", "PRAGMA user_version") == [{"user_version": 1}]
    assert health(old)[0].works


async def test_the_money_goes_on_as_it_was(old: Path) -> None:
    library = await Library.open(old)
    ledger = library.ledger
    await ledger.recover()
    assert await ledger.costs() == Costs(800, 3_000, 2000, 2, 2, 2000, cached_micro=1_000)
    asks = {ask.attempt.key: ask for ask in await ledger.asks()}
    assert {key: ask.attempt.state for key, ask in asks.items()} == {
        "e": AttemptState.UNKNOWN,
        "f": AttemptState.STORED,
        "g": AttemptState.UNKNOWN,
    }
    assert (str(asks["g"].settings.voice), asks["g"].settings.model) == ("elevenlabs:x", "m")
    episode = (await library.projects.episodes())[0]
    for key in "efg":
        with pytest.raises(StoreError):
            await ledger.reserve(purchase(episode, key))
    tight = Limits(batch_micro=3_900)
    with pytest.raises(BudgetError, match=r"\$0.0008 is spent and \$0.003 promised"):
        await ledger.reserve(purchase(episode, "new", 101, tight))
    await ledger.settle(asks["f"].attempt.id, Receipt(), 900)
    await ledger.write_off(asks["g"].attempt.id, "bought again")
    await ledger.fail(asks["e"].attempt.id, "not in the history")
    attempt = await ledger.reserve(purchase(episode, "g", 100, tight))
    await ledger.sent(attempt)
    await ledger.received(attempt, Receipt("request", "history", 50))
    await ledger.stored(attempt, await speech(library))
    await ledger.settle(attempt, Receipt(), 90)
    assert await ledger.costs() == Costs(800 + 900 + 1_000 + 90, 0, 4000, 4, 2, 2000, 1_000, 1_000)
    assert attempt == len(PURCHASES) + 1
    await library.close()


async def test_old_libraries_may_be_opened_by_several_at_once(old: Path) -> None:
    looking = await asyncio.gather(*(Library.open(old, at_work=False) for _ in range(4)))
    costs = [await library.ledger.costs() for library in looking]
    assert len(set(costs)) == 1
    await asyncio.gather(*(library.close() for library in looking))
    assert len(rows(old / "library.db", "SELECT * FROM attempts")) == len(PURCHASES)


async def test_tables_are_not_changed_beneath_an_older_copy_that_works(old: Path) -> None:
    version = rows(old / "library.db", "PRAGMA user_version")
    at_work = Lease(old, 4711)
    at_work.acquire()
    with pytest.raises(LibraryInUseError, match="process 4711"):
        await Library.open(old, at_work=False)
    assert rows(old / "library.db", "PRAGMA user_version") == version
    at_work.release()
    looking = await Library.open(old, at_work=False)
    await looking.close()
    assert rows(old / "library.db", "PRAGMA user_version") != version
    working = await Library.open(old)  # the lease was given back
    await working.close()
