"""How a library's tables come to the present version: numbered SQL files, each whole or not at all."""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from studio.domain.errors import StoreError
from studio.store.failures import file_failures
from studio.store.reading import reading_uri

APPLICATION_ID = 0x42617463  # "Batc": tells our files from other programs' SQLite files
BACKUPS = 3  # how many old ones stay beside the library


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, from version `number - 1` to `number`."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Of its text; stored beside its name."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """The migrations of this program, `migrations/NNNN_name.sql`, in order."""
    found = sorted(
        (item for item in files("studio.store").joinpath("migrations").iterdir() if item.name.endswith(".sql")),
        key=lambda item: item.name,
    )
    return tuple(
        Migration(int(item.name[:4]), item.name.removesuffix(".sql"), item.read_text("utf-8")) for item in found
    )


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Bring the library open on `connection` up to date, after a backup if there is anything in it.

    Raises as `checked_version` does.
    """
    version = checked_version(connection, path, migrations)
    if version == len(migrations):
        return
    if version:
        _back_up(connection, path, migrations[version])
    # Tables that are rebuilt would take their children with them; the check before each commit makes up for it.
    connection.execute("PRAGMA foreign_keys = OFF")
    for migration in migrations[version:]:
        _apply(connection, path, migration, migrations)


def is_outdated(path: Path) -> bool:
    """Whether there is a library at `path` whose tables are of an older version. Only reads; raises as above."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(reading_uri(path), uri=True)) as connection:
        return 0 < checked_version(connection, path, shipped()) < len(shipped())


def checked_version(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> int:
    """The version of the library open on `connection`, 0 if nothing was ever stored. Only reads.

    Raises `StoreError` for another program's file, for a newer library and for one that other migrations have made.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not things and not version and not application_id:
        return 0  # nothing was ever stored here
    if application_id != APPLICATION_ID:
        raise StoreError(
            f"The file “{path}” belongs to another program.", "Move it away, or set BATCHCAST_HOME to another folder."
        )
    if version > len(migrations):
        raise StoreError(
            f"The library “{path}” was made by a newer Batchcast (version {version}; this has {len(migrations)}).",
            "Update Batchcast; nothing in the library was changed.",
        )
    stored = dict(connection.execute("SELECT number, sha256 FROM migrations"))
    for migration in migrations[:version]:
        if stored.get(migration.number) != migration.sha256:
            raise StoreError(
                f"The library “{path}” was made by another build of Batchcast ({migration.name} differs).",
                "Open it with the build that made it, or move it away to begin with an empty library.",
            )
    return int(version)


def _apply(connection: sqlite3.Connection, path: Path, migration: Migration, migrations: Sequence[Migration]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another copy of the program may have done it while this one waited for the lock.
        if checked_version(connection, path, migrations) < migration.number:
            for statement in _statements(migration.sql):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migrations (number, name, sha256) VALUES (?, ?, ?)",
                (migration.number, migration.name, migration.sha256),
            )
            _check_references(connection, migration)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {migration.number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_references(connection: sqlite3.Connection, migration: Migration) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise sqlite3.IntegrityError(f"{migration.name} leaves table {broken[0]} with a broken reference")


def _statements(sql: str) -> Iterator[str]:
    """The statements one by one: `executescript` would commit in between."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _back_up(connection: sqlite3.Connection, path: Path, migration: Migration) -> None:
    """Copy the library to `NAME.before-NNNN` while it is open; the copy is whole or absent."""
    place = path.with_name(f"{path.name}.before-{migration.number:04d}")
    growing = place.with_name(f"{place.name}.{secrets.token_hex(8)}.part")
    with file_failures(place):
        try:
            with closing(sqlite3.connect(growing)) as copy:
                connection.backup(copy)
            with growing.open("rb+") as file:
                os.fsync(file.fileno())
            growing.replace(place)
        finally:
            growing.unlink(missing_ok=True)
        older = sorted(item for item in path.parent.glob(f"{path.name}.before-????"))
        for item in older[:-BACKUPS]:
            item.unlink()
