"""Looking into a library: it makes nothing, changes nothing, and needs no right to write."""

import ctypes
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from studio.domain.errors import StoreError
from studio.domain.money import Costs
from studio.domain.project import Project
from studio.store.artifacts import ArtifactStore
from studio.store.health import health
from studio.store.library import Library
from studio.store.migrate import shipped
from tests.store.store_samples import queued

ROOT = Path(__file__).parents[2]
MAY_WRITE_ANYWHERE, DROP = 1, 24  # CAP_DAC_OVERRIDE and PR_CAPBSET_DROP, of linux/capability.h and linux/prctl.h


def as_it_is(folder: Path) -> dict[str, str]:
    """Everything in a folder, with a hash of what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in folder.rglob("*")
    }


@pytest.fixture(params=["nothing", "prices"])
def empty(root: Path, request: pytest.FixtureRequest) -> Path:
    """No library: not even a folder, or one with a user's prices in it."""
    if request.param == "prices":
        root.mkdir()
        (root / "prices.toml").write_text("")
    return root


async def test_where_there_is_no_library_an_empty_one_is_seen_and_none_is_left(empty: Path) -> None:
    before = as_it_is(empty.parent)
    looking = await Library.open(empty, at_work=False)
    try:
        assert await looking.projects.all() == []
        assert await looking.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
        with pytest.raises(StoreError, match="only looks"):
            await looking.projects.use(1)
        with pytest.raises(StoreError, match="only looks"):
            looking.artifacts.scratch(".mp3")
        assert as_it_is(empty.parent) == before
    finally:
        await looking.close()
    assert as_it_is(empty.parent) == before


async def test_a_library_is_left_as_it_was(root: Path, library: Library, project: Project) -> None:
    await queued(library, project)
    kept = await library.artifacts.keep_bytes(b"sound", ".mp3")
    await library.close()
    before = as_it_is(root)
    looking = await Library.open(root, at_work=False)
    assert await looking.projects.all() == [project]
    assert looking.artifacts.holds(kept)
    await looking.close()
    assert all(part.works for part in health(root))
    assert as_it_is(root) == before


async def test_a_newer_library_is_left_as_it_was(root: Path, library: Library) -> None:
    await library.close()
    with closing(sqlite3.connect(root / "library.db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(shipped()) + 1}")
    before = as_it_is(root)
    with pytest.raises(StoreError, match="made by a newer Batchcast"):
        await Library.open(root, at_work=False)
    assert not health(root)[0].works
    assert as_it_is(root) == before


@pytest.fixture
def file(root: Path) -> Path:
    """A file where the library should be."""
    root.write_text("something else")
    return root


async def test_a_library_that_is_a_file_is_not_taken_for_none(file: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        await Library.open(file, at_work=False)
    database, _ = health(file)
    assert not database.works
    assert "BATCHCAST_HOME" in database.remedy
    with pytest.raises(StoreError, match="cannot be used"):
        ArtifactStore(file)


LOOKER = """
import asyncio, sys
from pathlib import Path
from studio.domain.errors import BatchcastError
from studio.store.health import health
from studio.store.library import Library

async def main(root):
    for part in health(root):
        print(part.part, part.works, part.detail)
    try:
        library = await Library.open(root, at_work=False)
    except BatchcastError as error:
        print(error.message, error.remedy)
        return
    print([project.name for project in await library.projects.all()], await library.ledger.costs() is not None)
    await library.close()
asyncio.run(main(Path(sys.argv[1])))
"""


def seen_by_a_guest(place: Path, root: Path) -> list[str]:
    """What is seen of the library at `root`, in lines, by somebody who may write nowhere in `place`."""
    before, paths = as_it_is(place), [place, *place.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o444 if path.is_file() else 0o555)
    try:
        return subprocess.run(
            [sys.executable, "-c", LOOKER, str(root)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=_give_up_rights if os.geteuid() == 0 else None,
        ).stdout.splitlines()
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
        assert as_it_is(place) == before


def _give_up_rights() -> None:
    assert ctypes.CDLL(None).prctl(DROP, MAY_WRITE_ANYWHERE, 0, 0, 0) == 0


to_be_forbidden = pytest.mark.skipif(
    sys.platform == "win32" or (sys.platform != "linux" and os.geteuid() == 0),
    reason="permissions are POSIX ones, and elsewhere than on Linux root cannot give up its own",
)


@to_be_forbidden
async def test_a_library_on_a_disk_for_reading_only_can_be_seen(root: Path, library: Library, project: Project) -> None:
    await library.close()
    database, disk, seen = seen_by_a_guest(root, root)
    assert seen == f"['{project.name}'] True"
    assert database == f"Database False “{root}” cannot be written."
    assert disk.startswith("Disk True")


@to_be_forbidden
async def test_a_library_that_its_owner_works_in_can_be_seen(root: Path, library: Library, project: Project) -> None:
    await queued(library, project)
    assert "library.db-wal" in as_it_is(root)
    assert seen_by_a_guest(root, root)[-1] == f"['{project.name}'] True"


@to_be_forbidden
async def test_an_old_library_that_cannot_be_brought_up_to_date_gets_a_sentence(root: Path, library: Library) -> None:
    await library.close()
    with closing(sqlite3.connect(root / "library.db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(shipped()) - 1}")
    *_, said = seen_by_a_guest(root, root)
    assert "cannot be" in said
    assert "Check that the folder exists, that it is yours" in said


@to_be_forbidden
def test_a_place_where_no_library_can_be_made_is_found_by_the_doctor(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    database, _, seen = seen_by_a_guest(closed, closed / "library")
    assert database == f"Database False “{closed}” cannot be written."
    assert seen == "[] True"
