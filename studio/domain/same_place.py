"""Where one take says what another says at a given moment: by the script's words, never by seconds."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import Mark

_RUN = 3  # words that make a passage known again after the script was changed around it


@dataclass(frozen=True, slots=True)
class Course:
    """Pairs of moments at which two takes are at the same place, in order; in between both go on evenly."""

    here: tuple[float, ...]
    there: tuple[float, ...]

    @classmethod
    def through(cls, pairs: Iterable[tuple[float, float]], ends: tuple[float, float]) -> Self:
        """Through those `pairs` that go back in neither take, from both beginnings to both `ends`."""
        kept = [(0.0, 0.0)]
        for here, there in pairs:
            if kept[-1][0] <= here <= ends[0] and kept[-1][1] <= there <= ends[1]:
                kept.append((here, there))
        kept.append((max(ends[0], kept[-1][0]), max(ends[1], kept[-1][1])))
        return cls(tuple(here for here, _ in kept), tuple(there for _, there in kept))

    def to_there(self, second: float) -> float:
        """The moment of the other take."""
        return _carried(self.here, self.there, second)


def course_by_words(here: Sequence[TimedWord], there: Sequence[TimedWord], ends: tuple[float, float]) -> Course:
    """By the words that sound in both; `ends` are the lengths of the takes in seconds."""
    pairs = []
    for one, other in _alike([word.text for word in here], [word.text for word in there]):
        mine, yours = here[one], there[other]
        if Match.MISSING not in {mine.match, yours.match}:
            pairs += [(mine.start_s, yours.start_s), (mine.end_s, yours.end_s)]
    return Course.through(pairs, ends)


def course_by_marks(here: Sequence[Mark], there: Sequence[Mark], ends: tuple[float, float]) -> Course:
    """By the utterances, where a take was not heard yet."""
    known = {(mark.source_start, mark.source_end): mark for mark in there}
    pairs = []
    for mark in here:
        other = known.get((mark.source_start, mark.source_end))
        if other is not None:
            pairs += [(mark.start_s, other.start_s), (mark.end_s, other.end_s)]
    return Course.through(pairs, ends)


def _carried(moments: Sequence[float], others: Sequence[float], second: float) -> float:
    place = min(len(moments) - 1, max(1, bisect_right(moments, second)))
    before, after = moments[place - 1], moments[place]
    share = 0.0 if after <= before else min(1.0, max(0.0, (second - before) / (after - before)))
    return others[place - 1] + share * (others[place] - others[place - 1])


def _alike(here: Sequence[str], there: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which word of one text is which of the other, in order: nearly always all of them, one by one."""
    shorter = min(len(here), len(there))
    head = next((at for at in range(shorter) if here[at] != there[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if here[-1 - at] != there[-1 - at]), rest)
    yield from ((at, at) for at in range(head))
    ours, theirs = _runs(here[head : len(here) - tail]), _runs(there[head : len(there) - tail])
    done = head
    for one, other, count in SequenceMatcher(a=ours, b=theirs, autojunk=False).get_matching_blocks():
        for at in range(count + _RUN - 1 if count else 0):
            if head + one + at >= done:
                done = head + one + at + 1
                yield head + one + at, head + other + at
    yield from ((len(here) - tail + at, len(there) - tail + at) for at in range(tail))


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Every few words in a row. They seldom come twice, so that long texts are compared at once."""
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
