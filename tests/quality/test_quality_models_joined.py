"""The larger hearing model is joined once, whatever befalls it: a full disk, a killed process, others at once."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.domain.errors import DiskFullError
from studio.quality import models

ROOT = Path(__file__).parents[2]
JOINER = """
import sys
from pathlib import Path
from studio.domain.errors import BatchcastError
from studio.quality import models

cache = Path(sys.argv[1])
try:
    print(models.folder("base", cache))
except BatchcastError as error:
    print(type(error).__name__, error.message, error.remedy)
print(sorted(path.name for path in cache.iterdir()))
"""
# A disk of so many MB, which somebody else fills with so many as soon as the first file is there.
SMALL_DISK = """
import os, subprocess, sys, threading, time
from pathlib import Path

cache, size, filled = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", cache], check=True)

def fill():
    while not list(cache.glob(".base-*/new/model.bin")):
        time.sleep(0.001)
    with open(cache / "others", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, filled * 2**20)

if filled:
    threading.Thread(target=fill, daemon=True).start()
"""


def started(script: str, *arguments: object, own_mounts: bool = False) -> subprocess.Popen[str]:
    alone = ["unshare", "--map-root-user", "--mount"] if own_mounts else []
    return subprocess.Popen(
        [*alone, sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def may_mount() -> bool:
    try:
        subprocess.run(["unshare", "--map-root-user", "--mount", "true"], check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return False
    return True


@pytest.mark.skipif(not may_mount(), reason="a small disk is made in a mount namespace of Linux")
@pytest.mark.parametrize(("size", "filled"), [(20, 0), (200, 120)], ids=["full before", "full meanwhile"])
def test_a_full_disk_is_told_with_the_place_and_what_is_needed(tmp_path: Path, size: int, filled: int) -> None:
    told, _ = started(SMALL_DISK + JOINER, tmp_path, size, filled, own_mounts=True).communicate()
    sentence, left = told.splitlines()
    assert sentence == (
        f"DiskFullError There is no room in {tmp_path} for the hearing model “base”, which takes 148 MB. "
        "Free that much there, or choose the hearing model tiny.en."
    )
    assert left == ("['others']" if filled else "[]")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_limit_on_what_may_be_written_is_a_full_disk(tmp_path: Path) -> None:
    with files_of_at_most(10_000_000), pytest.raises(DiskFullError, match="takes 148 MB"):
        models.folder("base", tmp_path)
    assert list(tmp_path.iterdir()) == []


def half_joined(cache: Path) -> subprocess.Popen[str]:
    """A process that is joining the model, and has written a part of it."""
    joiner = started(JOINER, cache)
    while not any(path.stat().st_size for path in cache.glob(".base-*/new/model.bin")):
        assert joiner.poll() is None
        time.sleep(0.001)
    return joiner


def killed(joiner: subprocess.Popen[str]) -> None:
    joiner.kill()
    joiner.communicate()


def test_what_a_killed_process_has_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    killed(half_joined(tmp_path))
    assert not (tmp_path / "base").exists()
    assert models.folder("base", tmp_path) == tmp_path / "base"
    assert list(tmp_path.iterdir()) == [tmp_path / "base"]


def test_another_process_goes_on_where_the_one_that_was_joining_is_killed(tmp_path: Path) -> None:
    first = half_joined(tmp_path)
    others = [started(JOINER, tmp_path) for _ in range(2)]
    killed(first)
    for other in others:
        assert other.communicate()[0].splitlines()[0] == str(tmp_path / "base")
    assert list(tmp_path.iterdir()) == [tmp_path / "base"]


def test_what_is_left_beside_a_whole_model_is_removed_too(tmp_path: Path) -> None:
    models.folder("base", tmp_path)
    damaged = tmp_path / ".base-abc" / "damaged"  # of one that was killed after it had put the new one in its place
    damaged.mkdir(parents=True)
    models.folder("base", tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "base"]


def test_a_model_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "base" / "config.json").mkdir(parents=True)
    assert (models.folder("base", tmp_path) / "config.json").is_file()
    assert list(tmp_path.iterdir()) == [tmp_path / "base"]
