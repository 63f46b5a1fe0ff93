"""How words are spoken in every project: keeps the engine's `LexiconShelf` protocol."""

import sqlite3
from collections.abc import Sequence

from studio.domain.pronunciations import Entry
from studio.store.database import Database, insert


class LexiconStore:
    """The library's own pronunciations. A word is there once; every write is one transaction."""

    def __init__(self, database: Database) -> None:
        self._read = database.read
        self._write = database.write

    async def entries(self) -> Sequence[Entry]:
        """All of them, by what is written."""
        return await self._read(
            lambda connection: [
                Entry(*row) for row in connection.execute("SELECT written, spoken, phonemes FROM lexicon ORDER BY 1")
            ]
        )

    async def change(self, entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
        """Keep these entries, in place of those of the same words, and remove those of the words in `gone`."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM lexicon WHERE written = ?", [(written,) for written in gone])
            _keep(connection, entries)

        await self._write(work)


def _keep(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    replace = (
        "ON CONFLICT DO UPDATE SET spoken = excluded.spoken, phonemes = excluded.phonemes, "
        "changed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    )
    for each in entries:
        values = {"written": each.written, "spoken": each.spoken, "phonemes": each.phonemes}
        insert(connection, "lexicon", values, on_conflict=replace)
