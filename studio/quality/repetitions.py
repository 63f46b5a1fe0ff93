"""What was said twice where the script has it once: which of the heard words are the second saying."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.domain.hearing import HeardWord
from studio.domain.spoken import SpokenWord
from studio.quality.align import Piece
from studio.quality.likeness import likeness
from studio.quality.links import Kind
from studio.quality.normalise import normaliser

_ALIKE: Final = 0.75  # how like one another two sayings are
_SHORTEST: Final = 4  # letters; shorter sayings are alike too easily, and have to be the same
_SPELLED: Final = 12  # words; of longer sayings the words are compared and not their sound
_LOOSE: Final = 4  # words of a saying from which on the ears may have heard one more or less in it
_LONGEST: Final = 60  # words; of a longer saying it is known where it begins, for it has no like by chance


@dataclass(frozen=True, slots=True)
class Twice:
    """Words that were said two times, one right after the other: word indices among those heard."""

    start: int
    again: int
    end: int


def said_twice(part: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord]) -> Twice | None:
    """What was said two times; None where nothing was.

    `part` is a stretch of differences between `heard` and the script's `words`. Of “A B A B” against “A B” the
    comparison takes either “A B” for the words too many, or “B A”: it is always the later one. Where both sayings were
    heard differently, it is what the script says there that has to be heard a second time.
    """
    begin, end = part[0].heard[0], part[-1].heard[1]
    more = (end - begin) - (part[-1].meant[1] - part[0].meant[0])
    if more <= 0:
        return None
    extra = [piece.heard for piece in part if piece.kind is Kind.EXTRA]
    low, high = min((first for first, _ in extra), default=begin), max((last for _, last in extra), default=end)
    widest = 2 * more + 3  # words of both sayings together
    first = max(0, high - widest)
    said = [_plain([word]) for word in heard[first : low + widest]]
    found: list[tuple[float, bool, float, int, int, int]] = []
    for length, before in _lengths(more):
        middles = range(max(before, high - length), min(low + before, len(heard) - length) + 1)
        for middle in middles if more <= _LONGEST else {low, high}.intersection(middles):
            at = middle - first
            how = _alike(said[at - before : at], said[at : at + length])
            if how >= _ALIKE:
                # Where one word more fits on either side, both sayings begin alike, and there may be a pause between.
                pause_s = round(heard[middle].start_s - heard[middle - 1].end_s, 1)
                found.append((how, said[at - before] == said[at], pause_s, -middle, before, length))
    start = low - first
    if (
        not found
        and 0 < start < len(said)
        and said[start - 1]
        and all(word == said[start - 1] for word in said[start : high - first])
    ):
        return Twice(low - 1, low, high)  # one word again and again
    if found:
        *_, middle, before, length = max(found)
        return Twice(-middle - before, -middle, -middle + length)
    again = end - begin <= _LONGEST and _is_said_again(part, words, heard)
    return Twice(begin, begin, end) if again else None


def _lengths(more: int) -> Iterator[tuple[int, int]]:
    """How many words the second and the first saying may have, where there are so many more than there should be."""
    loose = range(-1, 2) if _LOOSE <= more <= _LONGEST else range(1)
    for longer in loose:
        for other in loose:
            yield more + longer, more + longer + other


def _alike(one: Sequence[list[str]], two: Sequence[list[str]]) -> float:
    first, second = list(chain.from_iterable(one)), list(chain.from_iterable(two))
    if first == second:
        return 1.0 if first else 0.0
    if max(len(first), len(second)) > _SPELLED:
        return float(Levenshtein.normalized_similarity(first, second))
    spelled, other = "".join(first), "".join(second)
    return likeness(spelled, other) if min(len(spelled), len(other)) >= _SHORTEST else 0.0


def _is_said_again(part: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord]) -> bool:
    """Whether what was heard in `part` is what the script says right before, or after, or around it."""
    said = _plain(heard[part[0].heard[0] : part[-1].heard[1]])
    length = len(said)
    first, last = part[0].meant[0], part[-1].meant[1]
    before, after = _plain(words[max(0, last - length) : last]), _plain(words[first : first + length])
    return any(
        Levenshtein.normalized_similarity(said, [*after[: length - turn], *before[len(before) - turn :]]) >= _ALIKE
        for turn in range(min(length, len(before)) + 1)
        if said
    )


def _plain(words: Sequence[HeardWord] | Sequence[SpokenWord]) -> list[str]:
    return [word for unit in normaliser().units([word.text for word in words]) for word in unit.plain]
