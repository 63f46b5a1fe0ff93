"""Which stretch of sound is which sentence: as many of them paired as fit, by how long they take and how they sound."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, pairwise
from statistics import median
from typing import Final, TypeAlias

from studio.domain.sound import Span

# Stretches of one sentence, for it has commas, and sentences without a pause between them: at most six, and four.
_SHAPES: Final = (*((parts, 1) for parts in range(1, 7)), *((1, joined) for joined in range(2, 5)))
_JOINT: Final = 5.0  # what a missing pause costs
_SPLIT: Final = 2.0  # what a short pause costs where the sentence has no mark for it
_SHORT: Final = 0.7  # of the usual pause; a longer one is where a sentence ends
_SHORT_S: Final = 0.3  # and so is one of that length, however slowly somebody speaks
_DEAR: Final = 25.0  # what the logarithm of how much longer or shorter costs, above what is free
_WORST: Final = 14.0  # what the worst fit costs
_OTHER: Final = 16.0  # what something else costs in the place of a sentence; less than a loss and an addition

Bounds: TypeAlias = tuple[int, int]
Misfit: TypeAlias = Callable[[Bounds, Bounds], float | None]


@dataclass(frozen=True, slots=True)
class Usual:
    """How long a sentence takes in seconds; `free` is the logarithm of how much longer or shorter it may be.

    `breaths` are the stretches that its marks cut it into.
    """

    length_s: float
    free: float
    breaths: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Stretches of sound `said` that are the sentences `meant` (bounds); one of both may be empty."""

    said: Bounds
    meant: Bounds


_Way: TypeAlias = tuple[float, int, Pair, bool]  # what it costs, when it was found, where it leads, whether that is all


def tally(islands: Sequence[Span], usual: Sequence[Usual], misfit: Misfit, lost: float) -> list[Pair] | None:
    """The cheapest way to lay `islands` against sentences that take as long as is `usual`, in order.

    `misfit` says what stretches lose, in nats, as the sentences that they are taken for; it is asked only where that
    may be on the cheapest way. `lost` is what a sentence without sound costs, and a sound without a sentence. None
    where `misfit` is tired of being asked and says so by a None: the sound is not of those sentences.
    """
    rows, columns = len(islands), len(usual)
    number = count()  # of two ways that cost the same, the one that was found first
    waiting: list[_Way] = [(0.0, next(number), Pair((0, 0), (0, 0)), True)]
    came: dict[Bounds, Pair] = {}
    while waiting:
        cost, _, pair, known = heappop(waiting)
        here = pair.said[1], pair.meant[1]
        if here in came:
            continue
        if not known:
            price = misfit(pair.said, pair.meant)
            if price is None:
                return None
            heappush(waiting, (cost + min(_WORST, price), next(number), pair, True))
            continue
        came[here] = pair
        if here == (rows, columns):
            break
        for after in _pairs(*here, rows, columns):
            if _is_whole(after):
                price = _shape(after, islands, usual, lost)
                if price < _OTHER:
                    heappush(waiting, (cost + price, next(number), after, False))
                if after.said[1] - after.said[0] == after.meant[1] - after.meant[0] == 1:
                    heappush(waiting, (cost + _OTHER, next(number), after, True))
            else:
                heappush(waiting, (cost + lost, next(number), after, True))
    pairs: list[Pair] = []
    at = (rows, columns)
    while at != (0, 0):
        pairs.append(came[at])
        at = (pairs[-1].said[0], pairs[-1].meant[0])
    return pairs[::-1]


def _shape(pair: Pair, islands: Sequence[Span], usual: Sequence[Usual], lost: float) -> float:
    """What it costs that so many stretches, so long, are so many sentences."""
    meant = usual[slice(*pair.meant)]
    said = islands[slice(*pair.said)]
    pauses = sorted((after.start_s - before.end_s for before, after in pairwise(said)), reverse=True)
    unmarked = pauses[sum(each.breaths for each in meant) - 1 :]
    short_s = (
        _SHORT * median([after.start_s - before.end_s for before, after in pairwise(islands)]) if unmarked else 0.0
    )
    splits = sum(_SPLIT if pause < short_s else 2 * lost for pause in unmarked)
    return odd(said[-1].end_s - said[0].start_s, meant) + _JOINT * (len(meant) - 1) + splits


def _is_whole(pair: Pair) -> bool:
    return pair.said[0] < pair.said[1] and pair.meant[0] < pair.meant[1]


def _pairs(row: int, column: int, rows: int, columns: int) -> Iterator[Pair]:
    """What may come behind so many stretches, and so many sentences."""
    if column < columns:
        yield Pair((row, row), (column, column + 1))
    if row < rows:
        yield Pair((row, row + 1), (column, column))
    for parts, joined in _SHAPES:
        if row + parts <= rows and column + joined <= columns:
            yield Pair((row, row + parts), (column, column + joined))


def odd(length_s: float, usual: Sequence[Usual]) -> float:
    """What it costs that sentences, one after the other without a pause, are so long."""
    usual_s = sum(each.length_s for each in usual)
    if length_s <= 0 or usual_s <= 0:
        return math.inf
    free = max(each.free for each in usual)
    return _DEAR * max(0.0, abs(math.log(length_s / usual_s)) - free)
