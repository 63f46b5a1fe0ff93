"""Which passed episodes a person hears all the same.

A fixed share of every ten episodes is drawn by their number, before anything is known of them. So every episode has the
same chance whatever its verdict, none waits for the rest of the batch, and a batch that was interrupted draws the same
ones. Of a random 10% with no bad one found, N=100 proves at most 24% bad at 95%, N=500 5.4%, N=1,000 2.8% (exact
hypergeometric bound).
"""

import hashlib
from dataclasses import dataclass
from math import comb
from random import Random

BLOCK = 10
CONFIDENCE = 0.95


def review_seed(project: str) -> int:
    """The seed of a project's draws, from its name: the same batch, made again, puts the same ones before a person.

    It is stored with the project, so a new name later changes nothing.
    """
    return int.from_bytes(hashlib.sha256(f"review:{project}".encode("utf-8", "replace")).digest()[:4]) >> 1


def drawn_for_review(number: int, share: float, seed: int) -> bool:
    """Whether episode `number` (from 1) belongs to the random part. `share` from 0 to 1.

    In each block of ten numbers exactly `10 * share` are drawn; a fraction of one is drawn with its own probability.
    """
    block, place = divmod(number - 1, BLOCK)
    # A hash, not `hash`: the draw must be the same in every process and version.
    digest = hashlib.sha256(f"{seed}:{block}".encode()).digest()
    chooser = Random(int.from_bytes(digest))  # noqa: S311  (a reproducible draw, not a secret)
    whole, part = divmod(BLOCK * share, 1)
    count = int(whole) + (chooser.random() < part)
    return place in chooser.sample(range(BLOCK), count)


@dataclass(frozen=True, slots=True)
class RandomReview:
    """What a person's ears said of the random part: of `passed` episodes `heard` were heard, and `bad` were no good."""

    passed: int
    heard: int
    bad: int

    @property
    def most_bad(self) -> int:
        """The most of the passed episodes that may be bad, those found included, at 95% confidence.

        The exact hypergeometric bound: the largest number at which finding so few still has a chance of one in twenty.
        """
        return most_bad(self.passed, self.heard, self.bad)

    def needed(self, share: float) -> int:
        """How many more must be heard, and be good, to claim that at most `share` of the passed episodes are bad."""
        low, high = self.heard, self.passed
        while low < high:  # the bound falls with every good one that is heard
            middle = (low + high) // 2
            low, high = (low, middle) if self._claims(middle, share) else (middle + 1, high)
        return low - self.heard

    def _claims(self, heard: int, share: float) -> bool:
        return most_bad(self.passed, heard, self.bad) <= share * self.passed + 1e-9


def most_bad(passed: int, heard: int, bad: int) -> int:
    """The upper bound of `RandomReview.most_bad`. Raises `ValueError` unless `bad <= heard <= passed`."""
    if not 0 <= bad <= heard <= passed:
        raise ValueError(f"of {passed} episodes {heard} cannot be heard, and {bad} be bad")
    low, high = bad, passed - (heard - bad)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _chance(passed, heard, bad, middle) >= 1 - CONFIDENCE else (low, middle - 1)
    return low


def _chance(passed: int, heard: int, bad: int, truly_bad: int) -> float:
    """How likely it is to find at most `bad` among the heard where `truly_bad` of the passed are bad."""
    found = range(max(0, heard - (passed - truly_bad)), bad + 1)
    ways = sum(comb(truly_bad, each) * comb(passed - truly_bad, heard - each) for each in found)
    return ways / comb(passed, heard)
