"""Call something at a time, on the engine's clock."""

import asyncio
from collections.abc import Callable
from math import inf

from studio.engine.ports import Clock


class Alarm:
    """Calls `ring` once the time that was set has come. Use from the event loop's thread only.

    A sleep that ends early (a clock that jumped) is taken up again; one that ends late rings late, and once.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._at = inf
        self._task: asyncio.Task[None] | None = None

    def set(self, at: float) -> None:
        """Ring at `at` (the clock's monotonic seconds). Where it will ring sooner anyway, that is kept instead."""
        if at >= self._at:
            return
        self.stop()
        self._at = at
        self._task = asyncio.get_running_loop().create_task(self._wait())

    def stop(self) -> None:
        """Do not ring."""
        self._at = inf
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _wait(self) -> None:
        while (left := self._at - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        self._at = inf
        self._task = None
        self._ring()
