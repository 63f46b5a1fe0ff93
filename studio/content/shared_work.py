"""Work that several want at the same time, done once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class SharedWork(Generic[T]):
    """Who comes while something is being done waits for it. It ends when the last who waits is cancelled."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Flight[T]] = {}

    async def done(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, or raises; `key` says what is the same work."""
        flight = self._under_way.get(key)
        if flight is None:
            flight = self._under_way[key] = _Flight(asyncio.ensure_future(_run(work)))
            flight.task.add_done_callback(lambda task: self._over(key, task))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._over(key, flight.task)  # who comes now begins anew
                flight.task.cancel()
                await asyncio.wait([flight.task])

    def _over(self, key: Hashable, task: "asyncio.Task[T]") -> None:
        flight = self._under_way.get(key)
        if flight is not None and flight.task is task:
            del self._under_way[key]
        if task.done() and not task.cancelled():
            task.exception()  # seen, even where every one has left


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
