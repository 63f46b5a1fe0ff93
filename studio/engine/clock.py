"""The machine's time and chance: keeps the `Clock` protocol."""

import asyncio
import random
import time
from datetime import datetime


class MachineClock:
    """Time as the operating system tells it."""

    def monotonic(self) -> float:
        """Seconds that never go back and do not count while the machine sleeps."""
        return time.monotonic()

    def now(self) -> datetime:
        """The time of day, with the local time zone."""
        return datetime.now().astimezone()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def uniform(self, low: float, high: float) -> float:
        """A random number, for delays: no secret hangs on it."""
        return random.uniform(low, high)  # noqa: S311
