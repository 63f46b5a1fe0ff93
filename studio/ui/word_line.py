"""The script's words of an episode by time: which sound in a stretch, and which come next."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from studio.domain.hearing import Match, TimedWord

BAD = frozenset({Match.MISREAD, Match.MISSING})
_LONGEST_S = 3.0  # no word lasts longer; what does lies beside its neighbours anyway


class WordLine:
    """Looks up in no time among tens of thousands of words."""

    def __init__(self, words: Sequence[TimedWord] = ()) -> None:
        self._words = sorted(words, key=attrgetter("start_s"))
        self._starts = [word.start_s for word in self._words]

    def __len__(self) -> int:
        return len(self._words)

    def in_view(self, start: float, end: float) -> Sequence[TimedWord]:
        """Every word of which something sounds between `start` and `end`."""
        first = bisect_left(self._starts, start - _LONGEST_S)
        last = bisect_right(self._starts, end)
        return [word for word in self._words[first:last] if word.end_s >= start]

    def within(self, start: float, end: float) -> Sequence[TimedWord]:
        """The words whose middle lies between `start` and `end`."""
        return [word for word in self.in_view(start, end) if start <= (word.start_s + word.end_s) / 2 <= end]

    def at(self, second: float) -> TimedWord | None:
        """The word that sounds at `second`."""
        return next((word for word in self.in_view(second, second) if word.start_s <= second), None)

    def next_start(self, second: float) -> float | None:
        """When the next word after `second` begins."""
        place = bisect_right(self._starts, second + 0.02)
        return self._starts[place] if place < len(self._starts) else None

    def previous_start(self, second: float) -> float | None:
        """When the word before `second` began."""
        place = bisect_left(self._starts, second - 0.02) - 1
        return self._starts[place] if place >= 0 else None
