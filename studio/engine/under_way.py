"""What is bought or asked at the moment, by its key: once, however many want it, and to its end once it has left.

A call that has left is paid for: whoever wanted it may be gone, its outcome is kept all the same.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Generic, TypeVar

from studio.engine.holding import Holding

logger = logging.getLogger(__name__)

T = TypeVar("T")

GRACE_S: Final = 10.0  # for calls in flight when the program ends


class UnderWay(Generic[T]):
    """Tasks by key. Use from the event loop's thread only.

    Args:
        holding: Who holds money; what a task held is let go when it ends.
        kind: What ends here, for the log: “a purchase”.
    """

    def __init__(self, holding: Holding, kind: str) -> None:
        self._holding = holding
        self._kind = kind
        self._tasks: dict[str, asyncio.Task[T]] = {}
        self._sent: set[str] = set()  # keys whose call has left

    def __contains__(self, key: str) -> bool:
        return key in self._tasks

    @property
    def tasks(self) -> Sequence[asyncio.Task[T]]:
        """All of them, in the order in which they began."""
        return tuple(self._tasks.values())

    async def outcome(
        self,
        key: str,
        before: Callable[[], Awaitable[T | None]],
        work: Callable[[], Coroutine[Any, Any, T]],
        say: Callable[[str], None],
    ) -> T:
        """What was there `before`, else what comes of `work`, which is not done a second time while it is under way.

        Whoever is cancelled ends the work only as long as it has not left. `say` is told what is waited for, and an
        empty text when that is over.
        """
        while True:
            task = self._tasks.get(key)
            if task is None:
                found = await before()
                if found is not None:
                    return found
                if key in self._tasks:
                    continue  # another one was faster
                return await self._awaited(key, self.begin(key, work()))
            say("waits for another episode that wants the same")
            await asyncio.wait([task])
            say("")

    def begin(self, key: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin it in a task of its own; nothing may be under way under this key."""
        task = asyncio.ensure_future(work)
        self._tasks[key] = task

        def ended(task: asyncio.Task[T]) -> None:
            del self._tasks[key]
            self.fell_through(key)
            if not task.cancelled() and (error := task.exception()):
                logger.info("%s came to nothing: %s", self._kind, error)

        task.add_done_callback(ended)
        return task

    def leaves(self, key: str) -> None:
        """Its call leaves now: from here on it may have been charged, and is not broken off."""
        self._sent.add(key)

    def has_left(self, key: str) -> bool:
        """Whether its call has left, and nothing is known of it yet."""
        return key in self._sent

    def failed(self, key: str) -> None:
        """Its call brought nothing: what follows has not left yet."""
        self._sent.discard(key)

    def fell_through(self, key: str) -> None:
        """The same, and it holds no money any more."""
        self.failed(key)
        self._holding.let_go(key)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self.tasks)

    async def close(self) -> None:
        """End what has not left; give what is in flight a moment, since it is paid for."""
        unsent = [task for key, task in self._tasks.items() if key not in self._sent]
        sent = [task for key, task in self._tasks.items() if key in self._sent]
        for task in unsent:
            task.cancel()
        if sent:
            await asyncio.wait(sent, timeout=GRACE_S)
        for task in sent:
            task.cancel()
        await asyncio.gather(*unsent, *sent, return_exceptions=True)

    async def _awaited(self, key: str, task: asyncio.Task[T]) -> T:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if key not in self._sent and not task.done():
                task.cancel()
                await asyncio.wait([task])
            raise
