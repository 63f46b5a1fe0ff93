import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.errors import StoreError
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.store.health import health
from studio.store.library import Library
from studio.store.migrate import shipped
from tests.store.store_samples import purchase, queued

ROOT = Path(__file__).parents[2]


async def test_what_was_stored_is_there_after_closing(root: Path, tmp_path: Path) -> None:
    library = await Library.open(root)
    project = await library.projects.create("Show", tmp_path, Settings())
    episode = await queued(library, project)
    artifact = await library.artifacts.keep_bytes(b"sound", ".mp3")
    await library.close()
    library = await Library.open(root)
    assert await library.projects.all() == [project]
    assert await library.projects.episodes() == [episode]
    assert library.artifacts.holds(artifact)
    await library.close()
    assert not (root / "library.db-wal").exists()


async def test_one_copy_works_and_others_may_look(root: Path, library: Library, project: Project) -> None:
    with pytest.raises(StoreError, match=f"process {os.getpid()}\\) is at work") as caught:
        await Library.open(root)
    assert "BATCHCAST_HOME" in caught.value.remedy
    looking = await Library.open(root, at_work=False)
    assert await looking.projects.all() == [project]
    await queued(library, project)
    assert len(await looking.projects.episodes()) == 1
    await looking.close()


HOLDER = """
import asyncio, sys, time
from pathlib import Path
from studio.store.library import Library

async def main():
    library = await Library.open(Path(sys.argv[1]))
    print("ready", flush=True)
    time.sleep(60)
asyncio.run(main())
"""


async def test_the_lease_ends_with_a_killed_process(root: Path) -> None:
    holder = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", HOLDER, str(root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(StoreError, match=f"process {holder.pid}"):
        await Library.open(root)
    holder.kill()
    holder.communicate()
    library = await Library.open(root)
    await library.close()


async def test_a_library_that_cannot_be_opened_gives_its_lease_back(root: Path) -> None:
    library = await Library.open(root)
    await library.close()
    (root / "library.db").write_bytes(b"garbage" * 1000)
    for _ in range(2):  # the second time it is still the damage that is told, not a lease
        with pytest.raises(StoreError, match="damaged"):
            await Library.open(root)
    assert [path.name for path in (root / "scratch").iterdir()] == [".sweep"]


async def test_a_root_that_is_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for root in (tmp_path / "file", tmp_path / "file" / "library"):
        with pytest.raises(StoreError, match="cannot be used"):
            await Library.open(root)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX ones")
async def test_nobody_else_reads_what_is_not_published_yet(tmp_path: Path) -> None:
    library = await Library.open(tmp_path / "new" / "library")
    await library.close()
    assert (tmp_path / "new" / "library").stat().st_mode & 0o777 == 0o700
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    library = await Library.open(shared)
    await library.close()
    assert shared.stat().st_mode & 0o777 == 0o750  # what somebody has made is left as it is


async def test_a_root_with_an_odd_name_works(tmp_path: Path) -> None:
    root = tmp_path / "a b%20?#ü"
    library = await Library.open(root)
    await library.close()
    assert all(part.works for part in health(root))


async def test_health_of_a_sound_library(library: Library, root: Path, project: Project) -> None:
    database, disk = health(root)
    assert (database.part, database.works) == ("Database", True)
    assert f"version {len(shipped())}, sound" in database.detail
    assert (disk.part, disk.works) == ("Disk", True)
    assert "GB free" in disk.detail
    await library.projects.update(replace(project, name="still writable"))


def test_health_where_there_is_none_yet(tmp_path: Path) -> None:
    database, disk = health(tmp_path / "not" / "yet")
    assert database.works
    assert "none yet" in database.detail
    assert disk.works
    assert not (tmp_path / "not").exists()


async def test_health_of_a_damaged_library(root: Path) -> None:
    library = await Library.open(root)
    await library.close()
    path = root / "library.db"
    whole = path.read_bytes()
    path.write_bytes(b"garbage" * 1000)
    assert not health(root)[0].works
    path.write_bytes(whole[: len(whole) // 2])
    truncated = health(root)[0]
    assert not truncated.works
    assert "damaged" in truncated.detail
    assert "backup" in truncated.remedy
    # A page in the middle: only reading everything finds it.
    path.write_bytes(whole[: 4096 * 5] + os.urandom(4096) + whole[4096 * 6 :])
    inside = health(root)[0]
    assert not inside.works
    assert "damaged" in inside.detail
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer Batchcast" in health(root)[0].detail


async def test_bodies_of_purchases_that_are_over_are_removed_at_a_start(
    root: Path, library: Library, project: Project
) -> None:
    episode = await queued(library, project)
    ledger, ids = library.ledger, {}
    for name in ("failed", "sent", "unclear", "received"):
        ids[name] = await ledger.reserve(purchase(episode, name))
        library.artifacts.incoming(ids[name], ".mp3").write_bytes(b"body")
        await ledger.sent(ids[name])
    await ledger.fail(ids["failed"], "refused")
    await ledger.unclear(ids["unclear"], "cut", Receipt())
    await ledger.received(ids["received"], Receipt())
    library.artifacts.incoming(4711, ".mp3").write_bytes(b"of a purchase that only a newer copy of the database knows")
    await library.close()
    looking = await Library.open(root, at_work=False)
    assert len(looking.artifacts.left()) == 5
    await looking.close()
    library = await Library.open(root)
    assert set(library.artifacts.left()) == {ids["sent"], ids["unclear"], ids["received"], 4711}
    await library.close()
