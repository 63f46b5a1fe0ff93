"""A library with scripts that are ready to be spoken, and the server that they are bought from."""

import asyncio
import random
import shutil
import sqlite3
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.domain.episode import Stage
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.runner import RunOptions
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import FaultPlan
from tests.money.life import Life
from tests.money.parts import QuickClock, rooms

VOICE = "21m00Tcm4TlvDq8ikWAM"
MICRO_PER_CREDIT = 100  # by the shipped price book
DATABASE = "library.db"
_WORDS = """
    the tide comes in twice a day and nobody asked it to harbour lantern keeper stone water boat rope morning evening
    captain letter engine winter summer island bridge market music river mountain window garden quiet story year
"""

# Whatever is committed to the purchases is noted here by the database itself, in the same transaction.
_WATCH = """
CREATE TABLE watch (
    attempt INTEGER, key TEXT, state TEXT, batch INTEGER, episode INTEGER, library INTEGER, ended INTEGER
);
CREATE TRIGGER watch_insert AFTER INSERT ON attempts WHEN NEW.kind = 'purchase' BEGIN {note}; END;
CREATE TRIGGER watch_update AFTER UPDATE ON attempts WHEN NEW.kind = 'purchase' BEGIN {note}; END;
""".format(
    note="""INSERT INTO watch VALUES (NEW.id, NEW.key, NEW.state,
        (SELECT sum(settled_micro + reserved_micro) FROM attempts WHERE project_id = NEW.project_id),
        (SELECT sum(settled_micro + reserved_micro) FROM attempts WHERE episode_id = NEW.episode_id),
        (SELECT sum(settled_micro + reserved_micro) FROM attempts),
        NEW.ended_at IS NOT NULL)"""
)


def script(number: int, sentences: int) -> str:
    """A text like no other."""
    chance = random.Random(number)
    words = _WORDS.split()
    lines = [f"# Part {number} of the log", ""]
    for _ in range(sentences):
        sentence = " ".join(chance.choice(words) for _ in range(chance.randint(5, 11)))
        lines.append(f"{sentence.capitalize()}.")
    return "\n".join(lines)


def settings(**values: Any) -> Settings:
    """For a vendor's voice, with nothing in its way."""
    usual: dict[str, Any] = {
        "voice": f"elevenlabs:{VOICE}",
        "slots": 4,
        "requests_per_minute": 10_000,
        "unclear_after_min": 0.1,
        "speech_format": "mp3_44100_64",
    }
    return Settings().with_values({**usual, **values})


def prepared(root: Path, texts: Sequence[str], wanted: Settings) -> Path:
    """A library with these scripts in one project, prepared: what comes next is the money path. Nothing is asked."""

    async def prepare() -> None:
        library = await Library.open(root)
        try:
            parts = rooms(library, QuickClock(1, root.with_suffix(".jump")), "http://127.0.0.1:9", "none", Patience())
            studio = Studio(parts)
            project = await studio.create_project("The log", root.parent / "out", wanted)
            for number, text in enumerate(texts):
                assert not await studio.add_text(project, text, f"{number}.md")
            await studio.start([project], RunOptions(Stage.PREPARE))
            await studio.run.finished()
            assert {row.stage for row in await studio.episodes(project.id)} == {Stage.SYNTHESIZE}
            await studio.close()
            await parts.voices.close()
        finally:
            await library.close()

    asyncio.run(prepare())
    with closing(sqlite3.connect(root / DATABASE, isolation_level=None)) as connection:
        connection.executescript(_WATCH)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return root


@dataclass(frozen=True)
class Case:
    """A library of its own and a server of its own."""

    root: Path
    server: Server
    chunk_limit: int | None = None

    def life(self, **values: Any) -> Life:
        """A life on this library."""
        usual = {"chunk_limit": self.chunk_limit, "base_url": self.server.base_url, "key": self.server.key}
        return Life(**{"root": str(self.root), **usual, **values})

    def calm(self) -> None:
        """Wait until the server has done all that was asked of it, by lives that are over too."""
        for _ in range(2):  # what came before this question is read before it
            with urllib.request.urlopen(f"{self.server.base_url}/-/ledger") as answer:  # noqa: S310 - our own
                answer.read()
            while self.server.in_flight:
                time.sleep(0.002)

    def change_settings(self, **values: Any) -> None:
        """Of every project, between two lives."""
        with closing(sqlite3.connect(self.root / DATABASE, isolation_level=None)) as connection:
            for project, text in connection.execute("SELECT id, settings FROM projects").fetchall():
                changed = Settings.from_json(text).with_values(values).to_json()
                connection.execute("UPDATE projects SET settings = ? WHERE id = ?", (changed, project))

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Of the library's database."""
        with closing(sqlite3.connect(self.root / DATABASE)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql, values).fetchall()


@contextmanager
def case(
    template: Path, folder: Path, *, faults: FaultPlan | None = None, chunk_limit: int | None = None, **options: Any
) -> Iterator[Case]:
    """A copy of a prepared library, and a new server, as long as the `with` lasts."""
    root = folder / "library"
    shutil.copytree(template, root)
    with elevenlabs_server(faults=faults, **{"time_scale": 0.02, "plan": "business", **options}) as server:
        yield Case(root, server, chunk_limit)
    shutil.rmtree(root)
