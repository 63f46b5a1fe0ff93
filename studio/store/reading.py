"""How a library's database is read without a change to it, also where nothing can be written."""

import os
from pathlib import Path


def can_be_written(path: Path) -> bool:
    """Whether the database at `path`, which is there, can be opened for writing: SQLite keeps a log beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def reading_uri(path: Path) -> str:
    """The address under which SQLite reads the database at `path`, which is there, and leaves nothing behind.

    For that it has to be open for writing: who has it open for reading only cannot remove the log that SQLite makes.
    Where its folder cannot be written (a disk for reading only, somebody else's backup), SQLite reads it as a file that
    nobody changes. Whoever does change it keeps a log beside it; with that, it is read as what it is.
    """
    if can_be_written(path):
        how = "mode=rw"
    elif path.with_name(f"{path.name}-wal").exists():
        how = "mode=ro"
    else:
        how = "mode=ro&immutable=1"
    return f"{path.resolve().as_uri()}?{how}"
