"""The fence: of several copies of the program, only the one that came last may write.

The lease keeps a second copy out where the file system keeps locks. Where it does not, or where a copy slept while
another one took its place, the token in the database does: each copy raises it when it begins to work, and every
transaction of a copy whose token is no longer the highest is refused.
"""

import sqlite3
from pathlib import Path

from studio.domain.errors import StoreError


def take(connection: sqlite3.Connection) -> int:
    """Raise the token; returns the new one."""
    connection.execute("UPDATE fence SET token = token + 1")
    return _token(connection)


def check(connection: sqlite3.Connection, mine: int, path: Path) -> None:
    """Raise `StoreError` when another copy has raised the token since."""
    if _token(connection) != mine:
        raise StoreError(
            f"Another Batchcast has taken over the library “{path.parent}”; this one stores nothing in it any more.",
            "Close this one and go on with the other; what was under way is taken up there.",
        )


def _token(connection: sqlite3.Connection) -> int:
    (token,) = connection.execute("SELECT token FROM fence").fetchone()
    return int(token)
