"""Which places of the sound have to be heard again: every difference, with a little of what surrounds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from studio.domain.hearing import Grounds
from studio.domain.sound import Span
from studio.quality.align import Piece
from studio.quality.links import Kind
from studio.quality.witness import LONGEST_S

_MARGIN: Final = 2  # right pieces that are heard again on either side, at least
_SEARCH: Final = 10  # pieces among which the longest silence is looked for, to cut there
# The same around words too many. What was said twice is passed over by ears that hear it cut within a sentence.
_SEARCH_WIDE: Final = 14
_MANY: Final = 3  # words too many
_EDGE_S: Final = 1.5  # of what lies before the first and after the last word that was heard
_LONG_S: Final = 2.2  # two words that take longer are heard alone
_TOGETHER_S: Final = 14.0  # neighbouring doubts are heard in one go up to that length
_MOST_SHARE: Final = 0.75  # of the sound is heard again at most
_ALWAYS_S: Final = 60.0  # is heard again in any case
_HOPELESS_S: Final = 20.0  # where the ears are not to blame
_HOPELESS: Final = 0.6  # accuracy under which it is another text, or another language


@dataclass(frozen=True, slots=True)
class Doubt:
    """Differences side by side: pieces `first` to `last` (exclusive), wrong or let go because they sound alike.

    Or, where it is `slow`, all of them right, but so long that more may have been said.
    """

    first: int
    last: int
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Pieces `first` to `last` (exclusive) and the stretch of sound that holds them and nothing else."""

    first: int
    last: int
    span: Span
    doubts: tuple[Doubt, ...]

    @property
    def alone(self) -> bool:
        """Whether the doubt is heard without anything around it."""
        return (self.first, self.last) == (self.doubts[0].first, self.doubts[-1].last)

    def beside(self, pieces: Sequence[Piece]) -> tuple[int, int]:
        """Bounds of the pieces of it and of a few around it."""
        return max(0, self.first - _MARGIN), min(len(pieces), self.last + _MARGIN)

    def wider(self, pieces: Sequence[Piece]) -> Span:
        """The stretch of sound that those take."""
        first, last = self.beside(pieces)
        return _span(pieces, first, last, self.span.end_s)

    def parts(self, pieces: Sequence[Piece]) -> list[Span]:
        """The stretch, cut between words so that each part can be heard in one go."""
        parts = [self.span]
        for piece in pieces[self.first : self.last]:
            start = parts[-1].start_s
            if piece.end_s - start > LONGEST_S and start < piece.start_s:
                parts[-1:] = [Span(start, piece.start_s), Span(piece.start_s, self.span.end_s)]
        return [
            Span(at, min(part.end_s, at + LONGEST_S))
            for part in parts
            for at in (part.start_s + step * LONGEST_S for step in range(1 + int(part.length_s // LONGEST_S)))
            if part.end_s > at
        ]


def places(pieces: Sequence[Piece], slow: Sequence[int], duration_s: float, accuracy: float) -> list[Place]:
    """Where to hear again, in order: every difference among `pieces`, of sound that is `duration_s` long.

    `slow` are numbers of pieces that take too long together with the one behind them (`pace`). Where there is too much
    to be heard again, only the largest differences are.
    """
    # What only sounds like the script may hold a part of the difference: “Confut see”, heard as “Confutzee”.
    stretches = groupby(range(len(pieces)), key=lambda at: pieces[at].wrong or pieces[at].grounds is Grounds.SOUND)
    runs = [list(group) for doubtful, group in stretches if doubtful]
    doubts = [Doubt(run[0], run[-1] + 1) for run in runs if any(pieces[index].wrong for index in run)]
    doubts += [Doubt(index, index + 2, slow=True) for index in slow if not _explained(pieces, index)]
    doubts.sort(key=lambda doubt: doubt.first)
    found = [_around(pieces, doubt, duration_s) for doubt in doubts]
    budget = _HOPELESS_S if accuracy < _HOPELESS else max(_ALWAYS_S, _MOST_SHARE * duration_s)
    chosen: set[int] = set()
    for index in sorted(range(len(found)), key=lambda index: (-_words(pieces, found[index]), index)):
        if found[index].span.length_s <= budget:
            budget -= found[index].span.length_s
            chosen.add(index)
    packed: list[Place] = []
    for index in sorted(chosen):
        place = found[index]
        before = packed[-1] if packed else None
        if before and place.first <= before.last and not (before.alone or place.alone):
            span = Span(before.span.start_s, max(before.span.end_s, place.span.end_s))
            if span.length_s <= _TOGETHER_S:
                packed[-1] = Place(before.first, max(before.last, place.last), span, (*before.doubts, *place.doubts))
                continue
        packed.append(place)
    return packed


def _explained(pieces: Sequence[Piece], slow: int) -> bool:
    """Whether words that were not heard are what takes so long: a passage of n words may be lost n words from there."""
    for lost, group in groupby(range(len(pieces)), key=lambda at: pieces[at].kind is Kind.MISSING):
        run = list(group)
        words = sum(pieces[at].words for at in run)
        if lost and run[0] - words <= slow + 2 and slow <= run[-1] + 1 + words:
            return True
    return False


def _words(pieces: Sequence[Piece], place: Place) -> int:
    doubts = [doubt for doubt in place.doubts if not doubt.slow]
    return sum(piece.words for doubt in doubts for piece in pieces[doubt.first : doubt.last])


def _around(pieces: Sequence[Piece], doubt: Doubt, duration_s: float) -> Place:
    start, end = doubt.first, doubt.last
    if doubt.slow and pieces[end - 1].end_s - pieces[start].start_s > _LONG_S:
        # With the sentence before it, the ears would pass over its repetition again.
        return Place(start, end, Span(pieces[start].start_s, pieces[end - 1].end_s), (doubt,))
    extra = sum(piece.words for piece in pieces[start:end] if piece.kind is Kind.EXTRA)
    search = _SEARCH_WIDE if extra >= _MANY else _SEARCH
    near, far = max(0, start - _MARGIN), max(0, start - _MARGIN - search)
    first = _quietest(pieces, range(near, far - 1, -1))
    near, far = min(len(pieces), end + _MARGIN), min(len(pieces), end + _MARGIN + search)
    last = _quietest(pieces, range(near, far + 1))
    return Place(first, last, _span(pieces, first, last, duration_s), (doubt,))


def _quietest(pieces: Sequence[Piece], places: range) -> int:
    """The first of the places with the longest silence before it, to the millisecond; both ends are silent."""
    return max(places, key=lambda at: round(_silence(pieces, at), 3))


def _silence(pieces: Sequence[Piece], at: int) -> float:
    if at in {0, len(pieces)}:
        return float("inf")
    before, after = pieces[at - 1], pieces[at]
    if before.wrong or after.wrong:
        return -1.0
    return after.start_s - before.end_s


def _span(pieces: Sequence[Piece], first: int, last: int, duration_s: float) -> Span:
    start, end = 0.0, duration_s
    if first:
        start = (pieces[first - 1].end_s + pieces[first].start_s) / 2
    if last < len(pieces):
        end = (pieces[last - 1].end_s + pieces[last].start_s) / 2
    if not pieces[first].wrong:
        start = max(start, pieces[first].start_s - _EDGE_S)
    if not pieces[last - 1].wrong:
        end = min(end, pieces[last - 1].end_s + _EDGE_S)
    return Span(start, max(start, end))
