"""Time that passes only when nothing else happens: an event loop whose clock jumps from timer to timer.

Whatever sleeps by asyncio (`asyncio.sleep`, `asyncio.timeout`, the `VirtualClock`) takes no real time, and always
happens in the same order. Where everything waits for ever, `StuckError` says so. Not for code that waits for sockets
or threads.
"""

import asyncio
import random
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class StuckError(AssertionError):
    """Everything waits, and nothing will ever happen: a lost wake-up."""


class _Skipper(selectors.SelectSelector):
    """Where the loop would wait for its next timer, that time has passed."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise StuckError("everything waits, and no timer is set")
            self.now += max(0.0, timeout)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipper = _Skipper()
        super().__init__(self._skipper)

    def time(self) -> float:
        return self._skipper.now


class VirtualClock:
    """Keeps the engine's `Clock` on the virtual loop. Chance comes from `seed`."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._jumped = 0.0

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self._jumped

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def uniform(self, low: float, high: float) -> float:
        return self._chance.uniform(low, high)

    def jump(self, seconds: float) -> None:
        """The machine slept, and its monotonic clock counted that: sleeps that have begun do not notice."""
        self._jumped += seconds


def run_virtually(main: Callable[[VirtualClock], Awaitable[T]], seed: int = 0) -> T:
    """Run `main` on a loop and a clock of its own; fails where a task or a callback ended with an error unseen."""

    async def whole() -> T:
        unseen: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))
        result = await main(VirtualClock(seed))
        for _ in range(3):  # what was cancelled at the end is through
            await asyncio.sleep(0)
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert not rest, f"still under way: {rest}"
        assert not unseen, unseen
        return result

    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(whole())
