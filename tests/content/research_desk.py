"""A researcher on a real library, with a clock that goes when it is told to, and jobs that are counted."""

import asyncio
import pickle
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from studio.content.fetching import Fetcher
from studio.content.research import Researcher
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.engine.authoring import Gathered
from studio.engine.ports import Report, unfollowed
from studio.store.library import Library

POND = """# The Pond in Winter

The pond in winter is still and deep, and the ice on it is cut in the early morning by a hundred men. They come from
the city with their sleds and saws, and they stack the ice evenly, side by side, as if it were the base of an obelisk.
The wind finds its way into the stack all the same, and wears large hollows between the cakes until it falls down.

## How deep it is

A surveyor measured the depth of the pond with a cod line and a stone. He found it one hundred and two feet deep, and
five feet more in a wet year. Many had believed that it had no bottom at all, because they had never sounded it. It is
remarkable how long men will believe in the bottomlessness of a pond without taking the trouble to sound it.
"""
BREAD = """---
title: Bread
date: 2021-03-04
---

Bread is baked of rye and Indian meal before an open fire. Yeast is no essential part of it, as I found out when I
forgot the rules one morning and scalded my yeast. I have gone without it ever since, and am still in the land of the
living. It is simpler and more respectable to leave it out, and the farmers of the village buy their meal in the end.
"""


class Clock:
    """Time that passes only where somebody waits, or when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 10, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.time.timestamp()

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def uniform(self, low: float, high: float) -> float:
        return low


class Here:
    """A place for jobs that counts them; they cross its border as they would that of a process."""

    slots = 2

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.gate: asyncio.Event | None = None

    async def run(self, job: Callable[..., Any], report: Report, *args: Any, **kwargs: Any) -> Any:
        self.done[job.__name__] += 1
        if self.gate is not None:
            await self.gate.wait()
        job, args, kwargs = pickle.loads(pickle.dumps((job, args, kwargs)))  # noqa: S301  (made here)
        done = await asyncio.to_thread(job, unfollowed, *args, **kwargs)
        return pickle.loads(pickle.dumps(done))  # noqa: S301  (likewise)


class Desk:
    """A researcher on a library, and what it needs."""

    def __init__(self, library: Library, researcher: Researcher, compute: Here, clock: Clock) -> None:
        self.library, self.researcher, self.compute, self.clock = library, researcher, compute, clock

    async def gather(self, topic: str | Topic, *sources: object, **settings: Any) -> Gathered:
        asked = topic if isinstance(topic, Topic) else Topic(topic, sources=tuple(map(str, sources)))
        return await self.researcher.gather(asked, Settings().with_values(settings), unfollowed)


class Desks:
    """Opens the library at a path, each time anew, with a researcher that knows nothing yet."""

    def __init__(self, root: Path, stack: AsyncExitStack) -> None:
        self._root, self._stack, self._clock = root, stack, Clock()

    async def open(self) -> Desk:
        await self._stack.aclose()
        return await self._stack.enter_async_context(self._opened())

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Desk]:
        library = await Library.open(self._root)
        compute = Here()
        researcher = Researcher(library.research, compute, Fetcher(pace_s=0.0, clock=self._clock), self._clock)
        yield Desk(library, researcher, compute, self._clock)
        await researcher.close()
        await library.close()


def pond_and_bread(folder: Path) -> Path:
    folder.mkdir()
    (folder / "pond.md").write_text(POND)
    (folder / "bread.md").write_text(BREAD)
    return folder


def addresses(gathered: Gathered) -> list[str]:
    return [each.source.address for each in gathered.excerpts]


def refused(gathered: Gathered) -> str:
    assert all(each.message and each.remedy and "\n" not in each.message for each in gathered.refusals)
    return " ".join(each.message for each in gathered.refusals)
