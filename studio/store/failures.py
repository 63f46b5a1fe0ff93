"""What the disk and SQLite say when something goes wrong, as sentences with a cure."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.domain.errors import BatchcastError, DiskFullError, StoreError

# EFBIG is a limit on the size of a file, of the process or of the file system: to a writer that is the same thing.
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
# What the sharing of a file between processes needs, and network folders often lack.
_NOT_SHARED = {
    sqlite3.SQLITE_IOERR_LOCK,
    sqlite3.SQLITE_IOERR_RDLOCK,
    sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMLOCK,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_PROTOCOL,
}
_FREE_SOME = "Free some space there, then go on: everything finished is kept."


def no_room(path: Path) -> DiskFullError:
    """The disk of `path` is full."""
    return DiskFullError(f"There is no room left on the disk that holds “{path}”.", _FREE_SOME)


def only_looks(root: Path) -> StoreError:
    """Something is to be stored in the library at `root` by a copy of the program that has opened it for looking."""
    return StoreError(
        f"This Batchcast only looks into the library “{root}”: it stores nothing there.",
        "Do it in the Batchcast that works there, or start one that does.",
    )


@contextmanager
def file_failures(path: Path) -> Iterator[None]:
    """Turn an `OSError` about `path` into a `DiskFullError` or a `StoreError`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise no_room(path) from error
        raise StoreError(
            f"The library's file “{path}” cannot be used ({error.strerror or error}).",
            "Check that the folder exists, that it is yours, and that its disk is connected.",
        ) from error


@contextmanager
def database_failures(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file `path` into our errors. What only a bug can cause is let through."""
    try:
        yield
    except sqlite3.Error as error:
        # Errors that Python's module raises by itself (wrong use) carry no code.
        ours = _sentence(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR), path)
        if ours is None:
            raise
        raise ours from error


def _sentence(code: int, path: Path) -> BatchcastError | None:
    if code in _NOT_SHARED:
        return StoreError(
            f"The disk that holds “{path}” cannot keep a library safely: its locks do not work.",
            "Set BATCHCAST_HOME to a folder on a local disk, and move the library there.",
        )
    match code & 0xFF:  # the kind of an error, without what else it says
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"The library “{path}” is locked by another program.",
                "Close the program that has it open (another Batchcast, a backup, a database viewer) and try again.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError(
                f"The library “{path}” is damaged; nothing in it was changed.",
                f"Put a backup of it in its place ({path.name}.before-… beside it, or your own); "
                "or move the file away to begin with an empty library.",
            )
        case sqlite3.SQLITE_FULL:
            return no_room(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            return StoreError(
                f"The library “{path}” cannot be opened for writing.",
                "Make the file and its folder writable, or set BATCHCAST_HOME to a folder that is.",
            )
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                f"The disk failed while the library “{path}” was in use.",
                "Check that the disk is connected, healthy and has room, then start Batchcast again.",
            )
        case _:
            return None
