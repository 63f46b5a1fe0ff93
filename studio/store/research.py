"""What was read for topics, and how a passage of it is found again."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Final

from studio.domain.research import Excerpt, Source, SourceKind
from studio.store.database import Database, insert, storable

_WORD: Final = re.compile(r"[^\W_]+")
# Writing without spaces between words: every character is looked up by itself, and two in a row as a word.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_MOST_WORDS: Final = 80  # of a query; what is behind them changes nothing
_COLUMNS: Final = (
    "sources.kind, sources.address, sources.title, sources.sha256, sources.language AS source_language, "
    "sources.published, sources.fetched_at, excerpts.text, excerpts.start, excerpts.end, excerpts.place, "
    "excerpts.language"
)


class ResearchStore:
    """Keeps the engine's `ResearchShelf` protocol."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self, address: str) -> Source | None:
        """The newest that was kept of this address, or None."""
        return await self._database.read(partial(_kept, address=address))

    async def keep(self, source: Source, excerpts: Sequence[Excerpt]) -> None:
        """Keep a source with its excerpts, in their order. One of the same address and text is kept once.

        What the address held before is no longer found, but stays with the episodes that it was cited in.
        """
        await self._database.write(partial(_keep, source=source, excerpts=excerpts))

    async def search(self, words: str, addresses: Sequence[str], most: int) -> Sequence[Excerpt]:
        """The excerpts of these sources that fit the words best, best first, by BM25; `score` is set.

        A word counts as often as it is given; no excerpt needs all of them. Title and headings count like the text.
        Where there is no word, they are the first ones of each source, in the order of the addresses.
        """
        return await self._database.read(partial(_search, query=match_of(words), addresses=addresses, most=most))


def match_of(words: str) -> str:
    """Any text as a query of FTS5 that finds whatever has one of its words; empty where it has none."""
    return " OR ".join(f'"{each}"' for each in list(_asked(words))[:_MOST_WORDS])


def _asked(words: str) -> Iterator[str]:
    for word in _WORD.findall(words):
        parts = _spaced(word).split()
        if len(parts) == 1:
            yield word
        else:
            yield from (f"{one} {other}" for one, other in pairwise(parts))


def _spaced(text: str) -> str:
    """The text as it is looked up: a space on both sides of every character that is written without."""
    return _UNSPACED.sub(r" \g<0> ", text)


def _kept(connection: sqlite3.Connection, address: str) -> Source | None:
    row = connection.execute(
        "SELECT *, language AS source_language FROM sources WHERE address = ? AND current = 1",
        storable({"address": address}),
    ).fetchone()
    return _source(row) if row else None


def _keep(connection: sqlite3.Connection, source: Source, excerpts: Sequence[Excerpt]) -> None:
    values = {
        "kind": source.kind,
        "address": source.address,
        "title": source.title,
        "sha256": source.sha256,
        "language": source.language,
        "published": source.published,
        "fetched_at": source.fetched_at,
        "current": 1,
    }
    same = storable({"address": source.address, "sha256": source.sha256})
    connection.execute("UPDATE sources SET current = 0 WHERE address = ? AND sha256 <> ?", same)
    renewed = ", ".join(f"{name} = excluded.{name}" for name in values if name not in {"address", "sha256"})
    insert(connection, "sources", values, on_conflict=f"ON CONFLICT (address, sha256) DO UPDATE SET {renewed}")
    (source_id,) = connection.execute("SELECT id FROM sources WHERE address = ? AND sha256 = ?", same).fetchone()
    if connection.execute("SELECT 1 FROM excerpts WHERE source_id = ? LIMIT 1", (source_id,)).fetchone():
        return
    for position, excerpt in enumerate(excerpts):
        row = {
            "source_id": source_id,
            "position": position,
            "text": excerpt.text,
            "start": excerpt.start,
            "end": excerpt.end,
            "place": excerpt.place,
            "language": excerpt.language,
        }
        looked_up = {
            "rowid": insert(connection, "excerpts", row),
            "text": _spaced(excerpt.text),
            "heading": _spaced(f"{source.title} {excerpt.place}"),
        }
        insert(connection, "excerpt_words", looked_up)


def _search(connection: sqlite3.Connection, query: str, addresses: Sequence[str], most: int) -> Sequence[Excerpt]:
    wanted = json.dumps([address.encode("utf-8", "replace").decode() for address in addresses])
    if not query:
        rows = connection.execute(
            f"SELECT {_COLUMNS}, 0.0 AS rank FROM json_each(?) AS wanted "  # noqa: S608  (columns)
            "JOIN sources ON sources.address = wanted.value AND current = 1 "
            "JOIN excerpts ON excerpts.source_id = sources.id ORDER BY wanted.key, position LIMIT ?",
            (wanted, most),
        )
    else:
        rows = connection.execute(
            f"SELECT {_COLUMNS}, bm25(excerpt_words) AS rank FROM excerpt_words "  # noqa: S608  (columns)
            "JOIN excerpts ON excerpts.id = excerpt_words.rowid "
            "JOIN sources ON sources.id = excerpts.source_id AND current = 1 "
            "WHERE excerpt_words MATCH ? AND sources.address IN (SELECT value FROM json_each(?)) "
            "ORDER BY rank, excerpts.id LIMIT ?",
            (query, wanted, most),
        )
    return [_excerpt(row) for row in rows]


def _source(row: sqlite3.Row) -> Source:
    return Source(
        kind=SourceKind(row["kind"]),
        address=row["address"],
        title=row["title"],
        sha256=row["sha256"],
        language=row["source_language"],
        published=row["published"],
        fetched_at=row["fetched_at"],
    )


def _excerpt(row: sqlite3.Row) -> Excerpt:
    return Excerpt(
        source=_source(row),
        text=row["text"],
        start=row["start"],
        end=row["end"],
        place=row["place"],
        score=-row["rank"],
        language=row["language"],
    )
