"""Who holds money for a call that is not over: whoever is short of it may wait for what they leave."""

import asyncio


class Holding:
    """The keys of calls that hold money, of all who buy in a run. Use from the event loop's thread only."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._freed = asyncio.Event()

    def others(self, key: str) -> bool:
        """Whether any call but this one holds money."""
        return bool(self._keys - {key})

    def hold(self, key: str) -> None:
        """This call holds money from now on."""
        self._keys.add(key)

    def let_go(self, key: str) -> None:
        """What this call held is free, or spent: whoever waits may try again."""
        if key in self._keys:
            self._keys.discard(key)
            self._freed.set()
            self._freed = asyncio.Event()

    @property
    def freed(self) -> asyncio.Event:
        """Set when something is let go after now. To be taken before the try that may fail for want of it."""
        return self._freed
