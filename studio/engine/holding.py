"""Who holds money for a call that is not over: whoever is short of it may wait for what they leave."""

import asyncio
from collections.abc import Awaitable, Callable

from studio.domain.errors import BudgetError


class Holding:
    """The keys of calls that hold money, of all who buy in a run. Use from the event loop's thread only."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._freed = asyncio.Event()  # set, and replaced, when there may be more to be had

    async def reserve(self, key: str, reserve: Callable[[], Awaitable[int]], say: Callable[[str], None]) -> int:
        """Hold what `reserve` stores; returns the attempt. Where others hold what is missing, wait for what they leave.

        `say` is told so. Raises what `reserve` raises; `BudgetError` only where nobody else holds anything.
        """
        while True:
            freed = self._freed  # before the try: what comes free meanwhile may be enough
            try:
                attempt = await reserve()
            except BudgetError:
                if not self._keys - {key}:
                    raise
                say("waits for the budget: other calls hold what is left of it")
                await freed.wait()
                continue
            self.hold(key)
            return attempt

    def hold(self, key: str) -> None:
        """This call holds money from now on."""
        self._keys.add(key)

    def let_go(self, key: str) -> None:
        """What this call held is free, or spent: whoever waits may try again."""
        if key in self._keys:
            self._keys.discard(key)
            self.stir()

    def stir(self) -> None:
        """Whoever waits may try again: something is free, or a budget is another one now."""
        self._freed.set()
        self._freed = asyncio.Event()
