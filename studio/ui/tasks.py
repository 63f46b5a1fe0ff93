"""Work that the window starts and does not wait for. What goes wrong in it is always told."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from studio.domain.errors import BatchcastError
from studio.engine.events import Notice

_log = logging.getLogger(__name__)

PATIENCE_S = 2.0


class Tasks:
    """Runs coroutines on the event loop and keeps them alive until they end.

    Cancelled is silent; a `BatchcastError` becomes a notice; anything else is a bug: logged, and told as one.
    """

    def __init__(self, tell: Callable[[Notice], None]) -> None:
        self._tell = tell
        self._running: set[asyncio.Task[None]] = set()
        self._over = False

    def spawn(self, work: Coroutine[Any, Any, None], trouble: Callable[[BatchcastError], bool] | None = None) -> None:
        """Start `work`; after the end it is dropped, for nobody is left to see what comes of it.

        `trouble` gets what would become a notice, and says whether it is told thereby.
        """
        if self._over:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(partial(self._ended, trouble))

    async def settle(self) -> None:
        """Wait until nothing is under way, work started meanwhile included."""
        while self._running:
            await asyncio.wait(set(self._running))
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Let what is under way, but for the task that asks for it, come to its end; after a while give it up."""
        others = self._running - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=PATIENCE_S)
        self._over = True
        late = self._running - {asyncio.current_task()}
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, trouble: Callable[[BatchcastError], bool] | None, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        if isinstance(error, BatchcastError):
            if not self._over and (trouble is None or not trouble(error)):
                self._tell(Notice(error.message, error.remedy))
            return
        _log.error("A task of the window failed", exc_info=error)
        self._tell(
            Notice(
                f"Something went wrong inside Batchcast ({type(error).__name__}: {error}).",
                "Nothing that was made is lost. Please report this sentence.",
                bug=True,
            )
        )
