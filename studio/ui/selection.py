"""A stretch of the sound that was marked to be heard, or heard again and again."""

from dataclasses import dataclass
from typing import Self

from studio.ui import wording
from studio.ui.word_line import WordLine

SHORTEST_S = 0.02  # less than that was a click
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Selection:
    """From `start_s` to `end_s`, which comes later."""

    start_s: float
    end_s: float

    @classmethod
    def between(cls, one: float, other: float) -> Self | None:
        """In whichever order the two ends were given; None where there is nothing between them."""
        start, end = sorted((one, other))
        return cls(start, end) if end - start >= SHORTEST_S else None

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s

    @property
    def times(self) -> str:
        """`04:52.1 to 04:55.0 (2.9 s)`."""
        return f"{wording.moment(self.start_s)} to {wording.moment(self.end_s)} ({self.length_s:.1f} s)"

    def words(self, line: WordLine) -> str:
        """The script's words in it, the middle left out where they are many; empty where there are none."""
        found = [word.text for word in line.within(self.start_s, self.end_s)]
        if len(found) > MOST_WORDS:
            half = MOST_WORDS // 2
            found = [*found[:half], "…", *found[-half:]]
        return f"“{wording.isolated(' '.join(found))}”" if found else ""

    def said(self, line: WordLine) -> str:
        """Its times and its words, as one line."""
        words = self.words(line)
        return f"{self.times} {words}" if words else self.times
