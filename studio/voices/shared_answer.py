"""A question that many have at the same time, asked once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Generic, TypeVar

from studio.domain.errors import VoiceError

T = TypeVar("T")

_AGAIN_S: Final = 60.0


class SharedAnswer(Generic[T]):
    """Callers at the same time share one request; the last answer is kept.

    Args:
        ask: Puts the question. Raises `VoiceError`.
        epoch: A number that changes when what was answered is no longer true.
        again_s: Seconds for which `known` does not ask again after it got no answer.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], epoch: Callable[[], int], again_s: float = _AGAIN_S) -> None:
        self._ask, self._epoch, self._again_s = ask, epoch, again_s
        self._at_epoch = epoch()
        self._last: T | None = None
        self._not_before = 0.0
        self._task: asyncio.Task[T] | None = None

    @property
    def last(self) -> T | None:
        """The last answer, or None; nobody is asked."""
        self._notice_change()
        return self._last

    async def fresh(self) -> T:
        """The answer as it is now. Raises what `ask` raises."""
        self._notice_change()
        if self._task is None:
            self._task = asyncio.create_task(self._run(self._at_epoch))
            self._task.add_done_callback(self._over)
        # Shielded: a caller that is cancelled takes nothing from the others.
        return await asyncio.shield(self._task)

    async def known(self) -> T | None:
        """The answer, asked for if there is none yet; None while it cannot be had."""
        if self.last is None and time.monotonic() >= self._not_before:
            with suppress(VoiceError):
                await self.fresh()
        return self._last

    async def close(self) -> None:
        """End a question that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self, epoch: int) -> T:
        try:
            answer = await self._ask()
        except VoiceError:
            if epoch == self._at_epoch:
                self._not_before = time.monotonic() + self._again_s
            raise
        if epoch == self._at_epoch:
            self._last = answer
        return answer

    def _over(self, task: asyncio.Task[T]) -> None:
        if self._task is task:
            self._task = None
        if not task.cancelled():
            task.exception()  # seen, even where every caller has left

    def _notice_change(self) -> None:
        if self._epoch() != self._at_epoch:
            self._at_epoch, self._last, self._not_before, self._task = self._epoch(), None, 0.0, None
