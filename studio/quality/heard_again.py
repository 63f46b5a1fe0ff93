"""What was heard a second time of a passage: where it differs from the script, and where it is no second hearing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from studio.domain.hearing import Grounds, HeardWord
from studio.quality.align import Piece
from studio.quality.links import Kind

_MORE: Final = 3  # words behind a doubt, or more, that were heard the first time only: the better ears broke off


@dataclass(frozen=True, slots=True)
class Again:
    """What was heard the second time, laid against the script's words from number `first` on.

    `known` are the numbers of those that were heard right the first time.
    """

    first: int
    heard: tuple[HeardWord, ...]
    pieces: tuple[Piece, ...]
    known: tuple[int, ...] = ()

    def wrong(self, meant: tuple[int, int], added: int) -> list[int]:
        """The pieces that differ where the doubt is.

        A word too many may stand on either side of its like, so the place of an addition is only known to its length.
        """
        low, high = meant[0] - self.first, meant[1] - self.first
        found = []
        for index, piece in enumerate(self.pieces):
            first, last = piece.meant
            if not piece.wrong:
                continue
            if (first < high and low < last) or (added and first == last and low - added <= first <= high + added):
                found.append(index)
        return found

    def breaks_off(self, meant: tuple[int, int]) -> bool:
        """Whether nothing was heard from there to the end, although more follows that was heard right at first."""
        heard = [piece.meant[1] for piece in self.pieces if piece.kind is not Kind.MISSING]
        behind = [index for index in self.known if index >= meant[1]]
        return len(behind) >= _MORE and self.first + max(heard, default=0) <= meant[0]

    def sets_in_behind(self, meant: tuple[int, int]) -> bool:
        """Whether nothing was heard up to there, words that were heard right at first among it."""
        heard = [piece.meant[0] for piece in self.pieces if piece.kind is not Kind.MISSING]
        start = self.first + min(heard, default=0)
        return meant[1] <= start and any(index < start for index in self.known)

    def additions(self, meant: tuple[int, int]) -> list[int]:
        """The pieces that were added where the doubt is, or no further from it than they are long.

        Not what was heard in the place of something else: that is another doubt.
        """
        low, high = meant[0] - self.first, meant[1] - self.first
        found: list[int] = []
        for different, group in groupby(range(len(self.pieces)), key=lambda at: self.pieces[at].wrong):
            run = list(group)
            if not different or any(self.pieces[index].kind is not Kind.EXTRA for index in run):
                continue
            at, length = self.pieces[run[0]].meant[0], sum(self.pieces[index].words for index in run)
            if low - length <= at <= high + length:
                found += run
        return found

    def with_likes(self, wrong: Sequence[int]) -> tuple[int, int]:
        """The bounds of pieces that differ, with those beside them that only sound like the script.

        Where one side has nothing, what differs beside it belongs to it: “Gran demanded” against “Grand-demanded”.
        """
        first, last = wrong[0], wrong[-1] + 1
        alone = all(self.pieces[index].kind in {Kind.MISSING, Kind.EXTRA} for index in wrong)

        def belongs(index: int) -> bool:
            return self.pieces[index].grounds is Grounds.SOUND or (alone and self.pieces[index].kind is Kind.MISREAD)

        while first > 0 and belongs(first - 1):
            first -= 1
        while last < len(self.pieces) and belongs(last):
            last += 1
        return first, last

    def instead(self, meant: tuple[int, int], wrong: Sequence[int]) -> tuple[HeardWord, ...]:
        """The words that were heard for the script's words `meant`; none where they cannot be told from others."""
        low, high = meant[0] - self.first, meant[1] - self.first
        own = [index for index, piece in enumerate(self.pieces) if piece.meant[0] < high and low < piece.meant[1]]
        first, last = self.pieces[min(*own, *wrong)], self.pieces[max(*own, *wrong)]
        if first.meant[0] < low or last.meant[1] > high:
            return ()
        return self.heard[first.heard[0] : last.heard[1]]
