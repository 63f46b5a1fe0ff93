"""The one connection to the library's database, on a thread of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from studio.domain.errors import StoreError
from studio.store import fence
from studio.store.failures import database_failures, only_looks
from studio.store.migrate import Migration, checked_version, migrate, shipped
from studio.store.reading import can_be_written, reading_uri

T = TypeVar("T")

BUSY_S = 5.0  # how long a writer waits for another program's transaction


class _Connection(aiosqlite.Connection):
    """A connection whose thread runs whole functions.

    A function cannot be cancelled between two of its statements and no other can come between them, so a transaction
    is all of it or nothing, whatever happens to the task that waits for it; and rows become objects off the loop's
    thread.
    """

    async def open(self) -> None:
        """Start the thread and connect."""
        # A program that fails somewhere else must be able to end; what is committed is safe without a closing.
        self._thread.daemon = True
        try:
            _ = await self
        except BaseException:
            # aiosqlite stops its thread, but does not wait for it; its last word would come to a loop that is closed.
            await asyncio.to_thread(self._thread.join)
            raise

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Call `function` with the connection, on its thread."""
        result: T = await self._execute(function, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's own
        return result


class Database:
    """SQLite in WAL mode with `synchronous=FULL`: what is committed survives a power cut.

    With `looking` nothing is written through this connection once it is open, so that the disk need not allow it.
    """

    def __init__(self, path: Path, connection: _Connection, *, looking: bool = False) -> None:
        self.looking = looking
        self._path = path
        self._connection = connection
        self._token: int | None = None

    @classmethod
    async def open(cls, path: Path, migrations: Sequence[Migration] | None = None, *, looking: bool = False) -> Self:
        """Open, or make, the library at `path` and bring its tables up to date.

        Raises `StoreError` for a file that is damaged, locked, newer, of another program or not writable, and
        `DiskFullError`; in all these cases the file is left as it was.
        """
        steps = shipped() if migrations is None else migrations
        # 64 is aiosqlite's own default; it matters to its row iterators only, which are not used here.
        connection = _Connection(partial(_connect, path, steps, looking=looking), 64)
        await connection.open()
        return cls(path, connection, looking=looking)

    async def take_over(self) -> None:
        """Raise the fence: from here on, what copies write that took over before is refused."""
        self._token = await self.write(fence.take)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the connection's thread, on one snapshot of the library."""
        return await self._connection.run(partial(self._transaction, "BEGIN", work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` as one transaction that no other writer can come between.

        A caller that is cancelled while it waits does not know whether the transaction took place. Raises `StoreError`
        when another copy of the program has taken over, or when this one is only looking.
        """
        if self.looking:
            raise only_looks(self._path.parent)
        return await self._connection.run(partial(self._transaction, "BEGIN IMMEDIATE", partial(self._fenced, work)))

    async def close(self) -> None:
        """Finish what was asked for and close the file."""
        await self._connection.close()

    def _fenced(self, work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
        # Within the transaction: who takes over meanwhile has to wait for its end.
        if self._token is not None:
            fence.check(connection, self._token, self._path)
        return work(connection)

    def _transaction(self, begin: str, work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
        with database_failures(self._path):
            connection.execute(begin)
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it by itself after some errors
                    connection.execute("ROLLBACK")
                raise
            return result


def _connect(path: Path, migrations: Sequence[Migration], *, looking: bool) -> sqlite3.Connection:
    only_reading = looking and path.exists() and not can_be_written(path)
    with database_failures(path):
        place = reading_uri(path) if only_reading else path
        connection = sqlite3.connect(place, timeout=BUSY_S, isolation_level=None, uri=only_reading)
        try:
            if not only_reading or checked_version(connection, path, migrations) < len(migrations):
                _prepare(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        return connection


def _prepare(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    # Reading comes before anything that writes: a file that is not ours, or not whole, is refused untouched.
    checked_version(connection, path, migrations)
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            f"The disk that holds “{path}” cannot keep a library safely (its journal mode stays “{mode}”).",
            "Set BATCHCAST_HOME to a folder on a local disk.",
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: an fsync alone leaves it in the drive's cache
    migrate(connection, path, migrations)
    connection.execute("PRAGMA foreign_keys = ON")


def insert(connection: sqlite3.Connection, table: str, values: dict[str, Any], *, on_conflict: str = "") -> int:
    """Insert one row and return its id. Table and column names come from code, never from users."""
    columns, places = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) {on_conflict}"  # noqa: S608  (see above)
    return connection.execute(sql, storable(values)).lastrowid or 0


def storable(values: dict[str, Any]) -> tuple[Any, ...]:
    """The values as SQLite takes them: text with half a surrogate pair (an odd file name) gets a “?” in its place."""
    return tuple(
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values.values()
    )
