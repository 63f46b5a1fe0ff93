"""One life of the program on the money path: from its start to its end, or to the signal that kills it."""

import asyncio
import logging
import os
import resource
import time
import traceback
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from studio.domain.episode import Stage
from studio.domain.errors import BatchcastError
from studio.engine.batch import Studio
from studio.engine.events import Event, Notice
from studio.engine.runner import RunOptions
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from tests.money.parts import QuickClock, rooms
from tests.money.tripwire import wired


@dataclass(frozen=True)
class Life:
    """How a life goes.

    Args:
        root: Of the library.
        base_url: Of the server.
        key: For it.
        die_at: A place of `tripwire`; empty for none.
        chunk_limit: Characters a call; what the model takes where None.
        clock_factor: How much faster back-offs and looks into the history go.
        speech_s: How long a call may take, really.
        sleeps_count: Whether the monotonic clock goes on while the machine sleeps.
        largest_file: Bytes beyond which no file grows, from the first call on; none where 0.
    """

    root: str
    base_url: str
    key: str
    die_at: str = ""
    chunk_limit: int | None = None
    clock_factor: float = 200.0
    speech_s: float = 30.0
    sleeps_count: bool = False
    largest_file: int = 0

    @property
    def jump_file(self) -> Path:
        """Seconds by which the time of day is wrong; may be changed while the life goes on."""
        return Path(self.root).with_suffix(".jump")


@dataclass
class Story:
    """What came of a life that ended by itself."""

    episodes: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)  # of the log, from warnings on
    calls: dict[str, int] = field(default_factory=dict)
    refused: str = ""  # why there was no life at all
    bug: str = ""
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Whether every episode is spoken."""
        return bool(self.episodes) and all(episode["stage"] == Stage.MASTER for episode in self.episodes)


class _Records(logging.Handler):
    def __init__(self, records: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(self.format(record))


def live(life: Life) -> Story:
    """The whole of it. Never raises."""
    story = Story()
    warnings.simplefilter("error")
    logging.getLogger().addHandler(_Records(story.records))
    began = time.monotonic()
    try:
        asyncio.run(_live(life, story))
    except BatchcastError as error:
        story.refused = str(error)
    except BaseException:  # noqa: BLE001 - whatever it is, the test must see it
        story.bug = traceback.format_exc()
    story.seconds = time.monotonic() - began
    return story


async def _live(life: Life, story: Story) -> None:
    clock = QuickClock(life.clock_factor, life.jump_file, sleeps_count=life.sleeps_count)
    library = await Library.open(Path(life.root), now=clock.now)
    try:
        patience = Patience(silence_s=life.speech_s, read_s=life.speech_s, speech_s=life.speech_s)
        parts = rooms(library, clock, life.base_url, life.key, patience)
        parts, trip = wired(parts, life.die_at or None, life.chunk_limit)
        studio = Studio(parts)
        studio.events.subscribe(lambda event: _note(event, story))
        if life.largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (life.largest_file, resource.RLIM_INFINITY))
        try:
            await studio.open()
            projects = await studio.projects()
            await studio.start(projects, RunOptions(Stage.SYNTHESIZE))
            await studio.run.finished()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await studio.close()
            await parts.voices.close()
        story.calls = dict(trip.calls)
        for project in projects:
            for row in await studio.episodes(project.id):
                story.episodes.append(
                    {"id": row.id, "state": row.state, "stage": row.stage, "reason": row.reason, "remedy": row.remedy}
                )
    finally:
        await library.close()


def _note(event: Event, story: Story) -> None:
    if isinstance(event, Notice):
        story.notices.append(f"{'BUG ' if event.bug else ''}{event.message} {event.remedy}".strip())


def as_document(story: Story) -> dict[str, Any]:
    """For JSON."""
    return asdict(story)


def leave(status: int) -> None:
    """End this process without a word to anybody."""
    os._exit(status)
