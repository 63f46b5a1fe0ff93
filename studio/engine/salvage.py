"""What an earlier run left half done when it ended without a goodbye, and what becomes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from studio.domain.episode import Episode
from studio.domain.money import AttemptState
from studio.domain.take import Speech
from studio.engine.buying import Buyer
from studio.engine.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was found.

    `episodes` were under way, and are in their queue again. Of the purchases that had no end: `found` are those whose
    sound is here now, `not_made` those that are known to have cost nothing, and `unclear` wait for a person.
    """

    episodes: Sequence[Episode] = ()
    found: int = 0
    not_made: int = 0
    unclear: int = 0


class Salvaging:
    """Takes over what was left when the library is opened."""

    def __init__(self, rooms: Rooms, buyer: Buyer) -> None:
        self._rooms = rooms
        self._buyer = buyer
        self._before: frozenset[int] = frozenset()  # purchases without an end, when the library was opened
        self._searches: Sequence[asyncio.Task[Speech | None]] = ()
        self.episodes: Sequence[Episode] = ()

    async def begin(self) -> None:
        """Put episodes back in their queue, and search for purchases in the background."""
        self._before = frozenset(ask.attempt.id for ask in await self._rooms.ledger.asks())
        await self._rooms.ledger.recover()
        self.episodes = await self._rooms.projects.recover()
        self._searches = await self._buyer.recover()

    async def outcome(self) -> Salvage:
        """What came of it, once every search is over: seconds, where the vendor's history has to be read."""
        if self._searches:
            await asyncio.wait(self._searches)
        found = sum(_is_found(search) for search in self._searches)
        still = {ask.attempt.id: ask.attempt.state for ask in await self._rooms.ledger.asks()}
        left = sum(attempt in still for attempt in self._before)
        unclear = sum(state is AttemptState.UNKNOWN for state in still.values())
        return Salvage(self.episodes, found, max(0, len(self._before) - left - found), unclear)


def _is_found(search: "asyncio.Task[Speech | None]") -> bool:
    return not search.cancelled() and search.exception() is None and search.result() is not None
