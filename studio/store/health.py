"""Whether the library can be worked with, for `batchcast doctor`. Changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from studio.domain.errors import BatchcastError
from studio.domain.health import Health
from studio.store.failures import database_failures, file_failures
from studio.store.migrate import checked_version, shipped
from studio.store.reading import can_be_written, reading_uri

DATABASE = "library.db"
ENOUGH_FREE = 2 * 10**9  # bytes: some ten hours of episodes with everything that is kept of them
_ELSEWHERE: Final = "Make it a folder that you may write in, or set BATCHCAST_HOME to one."


def health(root: Path) -> Sequence[Health]:
    """The library at `root`: its database (read whole) and the room on its disk. Takes seconds where it is large."""
    return [_database(root / DATABASE), _disk(root)]


def _database(path: Path) -> Health:
    try:
        there = _nearest(path.parent)
        if not there.is_dir() or not os.access(there, os.W_OK) or (path.exists() and not can_be_written(path)):
            return Health("Database", works=False, detail=f"“{there}” cannot be written.", remedy=_ELSEWHERE)
        if not path.exists():
            return Health("Database", works=True, detail=f"none yet; it will be made at “{path}”")
        with database_failures(path), closing(sqlite3.connect(reading_uri(path), uri=True)) as file:
            version = checked_version(file, path, shipped())
            (problem,) = file.execute("PRAGMA quick_check(1)").fetchone()
    except BatchcastError as error:
        return Health("Database", works=False, detail=error.message, remedy=error.remedy)
    if problem != "ok":
        remedy = f"Put a backup of it in its place ({path.name}.before-… beside it, or your own)."
        return Health("Database", works=False, detail=f"The library “{path}” is damaged ({problem}).", remedy=remedy)
    return Health("Database", works=True, detail=f"“{path}”, version {version}, sound")


def _nearest(root: Path) -> Path:
    """What there is of the way to `root`."""
    with file_failures(root):
        return next(folder for folder in (root, *root.absolute().parents) if folder.exists())


def _disk(root: Path) -> Health:
    try:
        with file_failures(root):
            free = shutil.disk_usage(_nearest(root)).free
    except BatchcastError as error:
        return Health("Disk", works=False, detail=error.message, remedy=error.remedy)
    detail = f"{free / 1e9:,.1f} GB free for the library “{root}”"
    if free < ENOUGH_FREE:
        return Health("Disk", works=False, detail=detail, remedy="Free some space, or move BATCHCAST_HOME.")
    return Health("Disk", works=True, detail=detail)
