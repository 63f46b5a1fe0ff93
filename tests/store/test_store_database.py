import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from studio.domain.errors import DiskFullError, StoreError
from studio.store.database import Database
from studio.store.failures import database_failures
from studio.store.migrate import APPLICATION_ID, BACKUPS, Migration, shipped

ROOT = Path(__file__).parents[2]

# Later migrations, as they may come to be; the second one fails in its middle.
GOOD = Migration(
    len(shipped()) + 1,
    "0099_good",
    "-- a comment; with a semicolon\nCREATE TABLE good (a TEXT) STRICT;\nINSERT INTO good VALUES ('x; y');\n",
)
BAD = Migration(
    len(shipped()) + 1,
    "0099_bad",
    "CREATE TABLE half (a TEXT) STRICT;\nUPDATE projects SET name = 'lost';\nNONSENSE;\n",
)


async def make(path: Path) -> None:
    database = await Database.open(path)
    await database.write(
        lambda connection: connection.execute(
            "INSERT INTO projects (name, out_dir, settings, review_seed) VALUES ('kept', '/', '{}', 1)"
        )
    )
    await database.close()


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM projects")]


def backups(folder: Path) -> list[Path]:
    return sorted(folder.glob("library.db.before-*"))


async def test_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "library.db")

    def pragmas(connection: sqlite3.Connection) -> dict[str, object]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version", "busy_timeout")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}

    assert await database.read(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": APPLICATION_ID,
        "user_version": len(shipped()),
        "busy_timeout": 5000,
    }
    recorded = await database.read(
        lambda connection: [tuple(row) for row in connection.execute("SELECT number, name, sha256 FROM migrations")]
    )
    assert recorded == [(step.number, step.name, step.sha256) for step in shipped()]
    await database.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [step.number for step in shipped()] == list(range(1, len(shipped()) + 1))


async def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "library.db")

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO projects (name, out_dir, settings, review_seed) VALUES ('a', '/', '{}', 1)")
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        await database.write(work)
    count = await database.read(lambda connection: connection.execute("SELECT count(*) FROM projects").fetchone()[0])
    assert count == 0
    await database.close()


async def test_a_cancelled_writer_leaves_all_or_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "library.db")

    def two_rows(connection: sqlite3.Connection, name: str) -> None:
        for half in "ab":
            connection.execute(
                "INSERT INTO projects (name, out_dir, settings, review_seed) VALUES (?, '/', '{}', 1)", (name + half,)
            )

    chance = random.Random(1)
    tasks = []
    for number in range(100):
        tasks.append(asyncio.create_task(database.write(lambda connection, n=number: two_rows(connection, f"{n}"))))  # type: ignore[misc]
        if chance.random() < 0.5:
            await asyncio.sleep(0)
            chance.choice(tasks).cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    stored = await database.read(lambda connection: [row[0] for row in connection.execute("SELECT name FROM projects")])
    assert {name[:-1] for name in stored if name.endswith("a")} == {name[:-1] for name in stored if name.endswith("b")}
    done = {f"{number}" for number, task in enumerate(tasks) if not task.cancelled()}
    assert done <= {name[:-1] for name in stored}
    await database.close()


@pytest.mark.parametrize(
    "content", [b"this is no library" * 500, os.urandom(20_000), b"SQLite format 3\0" + b"\xff" * 5000]
)
async def test_garbage_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught:
        await Database.open(path)
    assert str(path) in caught.value.message
    assert "backup" in caught.value.remedy
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["library.db"]  # noqa: PTH208  (bare names are what is asked)


async def test_a_truncated_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    whole = path.read_bytes()
    for kept in (len(whole) // 2, 4096, 100):
        path.write_bytes(whole[:kept])
        with pytest.raises(StoreError, match="damaged"):
            await Database.open(path)
        assert path.read_bytes() == whole[:kept]


async def test_an_empty_file_is_a_new_library(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.touch()
    await make(path)
    assert names(path) == ["kept"]


async def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        await Database.open(path)
    assert path.read_bytes() == before


async def test_a_newer_library_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    database = await Database.open(path, (*shipped(), GOOD))
    await database.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Batchcast") as caught:
        await Database.open(path)
    assert "Update" in caught.value.remedy
    assert path.read_bytes() == before


async def test_a_library_of_an_unreleased_build_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    first, *rest = shipped()
    with pytest.raises(StoreError, match="another build"):
        await Database.open(path, [Migration(first.number, first.name, first.sql + "-- changed\n"), *rest])


async def test_a_migration_comes_after_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    database = await Database.open(path, (*shipped(), GOOD))
    rows = await database.read(lambda connection: connection.execute("SELECT a FROM good").fetchone()[0])
    await database.close()
    assert rows == "x; y"
    (backup,) = backups(tmp_path)
    assert backup.name == f"library.db.before-{GOOD.number:04d}"
    assert names(backup) == ["kept"]
    restored = await Database.open(backup)  # it is a library of the version before
    await restored.close()


async def test_a_new_library_has_no_backup(tmp_path: Path) -> None:
    await make(tmp_path / "library.db")
    assert not backups(tmp_path)


async def test_a_failing_migration_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
        await Database.open(path, (*shipped(), BAD))
    assert names(path) == ["kept"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(shipped()),)
        assert not connection.execute("SELECT * FROM sqlite_master WHERE name = 'half'").fetchall()
        assert not connection.execute("SELECT * FROM migrations WHERE name = '0099_bad'").fetchall()
    database = await Database.open(path)
    await database.close()


async def test_a_migration_that_breaks_a_reference_is_rolled_back(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    orphan = "INSERT INTO history (episode_id, stage, outcome, seconds, note) VALUES (99, 'prepare', 'done', 0, '');\n"
    with pytest.raises(sqlite3.IntegrityError, match="broken reference"):
        await Database.open(path, (*shipped(), Migration(GOOD.number, "0099_orphan", orphan)))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM history").fetchone() == (0,)


async def test_a_few_backups_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    steps = list(shipped())
    for number in range(len(steps) + 1, len(steps) + 6):
        steps.append(Migration(number, f"{number:04d}_more", f"CREATE TABLE more{number} (a TEXT) STRICT;\n"))
        database = await Database.open(path, steps)
        await database.close()
    assert [item.name for item in backups(tmp_path)] == [
        f"library.db.before-{number:04d}" for number in range(len(steps) - BACKUPS + 1, len(steps) + 1)
    ]


async def test_a_locked_library_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    database = await Database.open(path)
    await database.read(lambda connection: connection.execute("PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            await database.write(lambda connection: connection.execute("DELETE FROM projects"))
        assert await database.read(lambda connection: len(connection.execute("SELECT * FROM projects").fetchall())) == 1
        other.execute("ROLLBACK")
    await database.write(lambda connection: connection.execute("DELETE FROM projects"))
    await database.close()


async def test_a_full_disk_gets_a_sentence_and_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    database = await Database.open(path)
    # SQLite's own limit gives the very error that a full disk gives.
    await database.read(lambda connection: connection.execute("PRAGMA max_page_count = 1"))

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE projects SET name = 'changed'")
        connection.execute("INSERT INTO scripts (sha256, packed) VALUES ('a', ?)", (bytes(1_000_000),))

    with pytest.raises(DiskFullError, match="no room left"):
        await database.write(fill)
    stored = await database.read(lambda connection: connection.execute("SELECT name FROM projects").fetchone()[0])
    assert stored == "kept"
    await database.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_SHMMAP])
def test_a_network_folder_without_locks_gets_a_sentence(tmp_path: Path, code: int) -> None:
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError, match="cannot keep a library safely") as caught, database_failures(tmp_path):
        raise error
    assert "local disk" in caught.value.remedy


def in_a_process(code: str, *arguments: str) -> str:
    """Run `code` in a process of its own and return what it printed; `arguments` are its `sys.argv[1:]`."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from studio.domain.errors import BatchcastError
from studio.store.database import Database

async def main():
    database = await Database.open(Path(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        await database.write(lambda connection: connection.execute(
            "INSERT INTO scripts (sha256, packed) VALUES ('a', ?)", (bytes(1_000_000),)))
    except BatchcastError as error:
        print(type(error).__name__, error.message)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    await database.close()
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a POSIX one")
async def test_a_write_that_the_system_refuses_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    await make(path)
    assert "The disk failed while the library" in in_a_process(LIMITED, str(path))
    assert names(path) == ["kept"]


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from studio.domain.errors import BatchcastError
from studio.store.database import Database
from studio.store.migrate import shipped

async def main():
    try:
        await Database.open(Path(sys.argv[1]), steps)
    except BatchcastError as error:
        print(type(error).__name__, error.message, error.remedy)
# What is read from the interpreter's files comes first: only the superuser may be able to.
steps = shipped()
asyncio.run(asyncio.to_thread(int))
if os.geteuid() == 0:
    os.setuid(65534)  # the superuser may write anywhere
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX ones")
@pytest.mark.parametrize("there", [True, False], ids=["an old one", "a new one"])
def test_a_library_that_cannot_be_written_gets_a_sentence(there: bool) -> None:
    # Not pytest's own folder: nobody but its owner may look into that one.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if there:
            asyncio.run(make(folder / "library.db"))
            (folder / "library.db").chmod(0o444)
        folder.chmod(0o555)
        said = in_a_process(READ_ONLY, str(folder / "library.db"))
        folder.chmod(0o755)
    assert said.startswith("StoreError The library")
    assert "cannot be opened for writing" in said
    assert "BATCHCAST_HOME" in said


OPENER = """
import asyncio, sys
from pathlib import Path
from studio.store.database import Database

async def main():
    sys.stdin.readline()
    database = await Database.open(Path(sys.argv[1]))
    await database.write(lambda connection: connection.execute(
        "INSERT INTO projects (name, out_dir, settings, review_seed) VALUES (?, '/', '{}', 1)", (sys.argv[2],)))
    await database.close()
print("ready", flush=True)
asyncio.run(main())
"""


def test_several_programs_may_make_the_same_library_at_once(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    for round_ in range(3):
        openers = [
            subprocess.Popen(
                [sys.executable, "-c", OPENER, str(path), f"{round_} {number}"],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(4)
        ]
        for opener in openers:
            assert opener.stdout
            opener.stdout.readline()
        for opener in openers:
            opener.communicate("go\n", timeout=60)
        assert [opener.returncode for opener in openers] == [0] * 4
        assert len(names(path)) == 4
        path.unlink()
