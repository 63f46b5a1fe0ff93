"""A life of the studio that writes topics with a model: from a start to its end, or to the signal that kills it.

python -m tests.whole.model_life LIBRARY
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from studio import app
from studio.content.writers import Writers
from studio.domain.episode import Stage
from studio.engine.batch import Studio
from studio.engine.runner import RunOptions
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from tests.money.parts import QuickClock, Threads, rooms

FASTER = 200.0  # so that back-offs take milliseconds


@asynccontextmanager
async def life(root: Path) -> AsyncIterator[tuple[Studio, Library]]:
    """The real studio on a library, with threads in place of worker processes."""
    library = await Library.open(root)
    try:
        clock = QuickClock(FASTER, root.with_suffix(".jump"))
        parts = rooms(library, clock, "http://127.0.0.1:9", "none", Patience())
        parts = replace(parts, writers=Writers(Threads(), app.resources(), _no_key))
        studio = Studio(parts)
        try:
            await studio.open()
            yield studio, library
        finally:
            await studio.close()
            await parts.voices.close()
            await parts.writers.close()
            await parts.research.close()
    finally:
        await library.close()


async def written(root: Path) -> None:
    """Everything that is queued, as far as the gate before the purchase of speech."""
    async with life(root) as (studio, _):
        await studio.start(await studio.projects(), RunOptions(Stage.PREPARE))
        await studio.run.finished()


async def _no_key() -> str:
    return ""


if __name__ == "__main__":
    asyncio.run(written(Path(sys.argv[1])))
