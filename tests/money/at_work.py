"""The studio at work in this process, on the library of a case."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from studio.engine.batch import Studio
from studio.engine.events import Doing, Event
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from tests.money.case import Case
from tests.money.parts import QuickClock, rooms
from tests.money.tripwire import wired


@asynccontextmanager
async def at_work(here: Case) -> AsyncIterator[tuple[Studio, list[str]]]:
    """The studio in this process, and what its episodes are said to be at."""
    library = await Library.open(here.root)
    parts = rooms(library, QuickClock(50, here.life().jump_file), here.server.base_url, here.server.key, Patience())
    parts, _trip = wired(parts, None, here.chunk_limit)
    studio, said = Studio(parts), list[str]()

    def listen(event: Event) -> None:
        if isinstance(event, Doing):
            said.append(event.text)

    studio.events.subscribe(listen)
    try:
        await studio.open()
        yield studio, said
    finally:
        await studio.close()
        await parts.voices.close()
        await library.close()


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not reached():  # noqa: ASYNC110  (what happens in another thread, and in a server)
            await asyncio.sleep(0.005)
