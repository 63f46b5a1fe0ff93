"""Rows in the order in which they are shown, kept while some of them come, go and change."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from studio.domain.episode import Episode
from studio.ui.columns import SortKey

Place: TypeAlias = Any
"""What a row is sorted by: its number, or what the column sorts by and its number. No two rows have the same."""

_NUMBER = attrgetter("number")


class RowOrder:
    """Episodes in a list by their places: a row that comes, goes or moves is found by halves, not by a search.

    Downwards is the same list, read from its end.
    """

    def __init__(self) -> None:
        self._key: SortKey | None = None
        self._descending = False
        self._known: dict[int, Place] = {}  # of rows that were sorted by a column, by id
        self._rows: list[Episode] = []
        self._places: list[Place] = []

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Episode]:
        return iter(self._rows)

    def __getitem__(self, row: int) -> Episode:
        return self._rows[-1 - row] if self._descending else self._rows[row]

    def sort_by(self, key: SortKey | None, *, descending: bool) -> None:
        """Order the same rows by this; by number alone where there is no key. Equal ones stand by their numbers."""
        self._key, self._descending = key, descending and key is not None
        self._known.clear()
        self.line_up(self._rows)

    def line_up(self, episodes: Iterable[Episode]) -> None:
        """These are the rows now, in whatever order they come."""
        if self._key is None:
            self._rows = sorted(episodes, key=_NUMBER)
            self._places = [episode.number for episode in self._rows]
            return
        placed = sorted(((self.place(episode), episode) for episode in episodes), key=itemgetter(0))
        self._places = [place for place, _ in placed]
        self._rows = [episode for _, episode in placed]

    def place(self, episode: Episode) -> Place:
        """Its place as it is now; kept, as only a few rows are different each time."""
        if self._key is None:
            return episode.number
        place = self._known.get(episode.id)
        if place is None:
            by_number = -episode.number if self._descending else episode.number
            place = self._known[episode.id] = (self._key(episode), by_number)
        return place

    def last_place(self, episode: Episode) -> Place | None:
        """The one that it had before it changed, or went, which is forgotten; None where it was never sorted."""
        return episode.number if self._key is None else self._known.pop(episode.id, None)

    def forget(self) -> None:
        """Other rows come: the places of these are worth nothing."""
        self._known.clear()

    def row(self, place: Place | None) -> int | None:
        """Which row has this place; None where none has it."""
        if place is None:
            return None
        at = bisect_left(self._places, place)
        found = at < len(self._places) and self._places[at] == place
        return self._turned(at) if found else None

    def replace(self, row: int, episode: Episode) -> bool:
        """Put a changed episode into its row; False where it belongs elsewhere now, and nothing is done."""
        at = self._turned(row)
        fits: bool = self._places[at] == self.place(episode)
        if fits:
            self._rows[at] = episode
        return fits

    def gap(self, episodes: Sequence[Episode]) -> int | None:
        """The row at which these can be put in side by side; None where others stand between them."""
        places = [self.place(episode) for episode in episodes]
        at = bisect_left(self._places, min(places))
        if at != bisect_left(self._places, max(places)):
            return None
        return len(self._rows) - at if self._descending else at

    def put(self, episodes: Sequence[Episode]) -> None:
        """Take these in, where there is a `gap` for them."""
        come = sorted(episodes, key=self.place)
        at = bisect_left(self._places, self.place(come[0]))
        self._rows[at:at] = come
        self._places[at:at] = [self.place(episode) for episode in come]

    def drop(self, first: int, last: int) -> None:
        """Take out the rows from `first` to `last`."""
        low, high = sorted((self._turned(first), self._turned(last)))
        del self._rows[low : high + 1]
        del self._places[low : high + 1]

    def drop_all(self, rows: Collection[int]) -> None:
        """Take out many, wherever they are."""
        gone = {self._turned(row) for row in rows}
        self._rows = [episode for at, episode in enumerate(self._rows) if at not in gone]
        self._places = [place for at, place in enumerate(self._places) if at not in gone]

    def _turned(self, row: int) -> int:
        """From a row to its index in the lists, and back."""
        return len(self._rows) - 1 - row if self._descending else row
