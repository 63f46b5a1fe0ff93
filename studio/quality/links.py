"""What was heard laid against what was meant: which units belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.quality.likeness import likeness
from studio.quality.normalise import Unit
from studio.quality.numbers import Reading

_LARGEST: Final = 4_000  # pairs of units in a region that gets a second look; more of them are no mistake of the ears
_REACH: Final = 12  # units on a side that may be read as one: "1596" is up to seven
_STATES: Final = 400  # of the search for equal readings at one place
_ALIKE: Final = 0.9  # likeness of two words that count as one another
_ALIKE_NAME: Final = 0.66  # of a name
_SHORTEST: Final = 4  # letters; shorter words are alike too easily


class Kind(Enum):
    """How the two sides of a link belong together."""

    SAME = "same"
    FORGIVEN = "forgiven"
    MISREAD = "misread"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Link:
    """Units `meant[0]:meant[1]` of the script against units `heard[0]:heard[1]`."""

    meant: tuple[int, int]
    heard: tuple[int, int]
    kind: Kind


def link(meant: Sequence[Unit], heard: Sequence[Unit], names: frozenset[int]) -> tuple[Link, ...]:
    """Lay `heard` against `meant`, both whole, in order. `names` are the units of `meant` that are names.

    First the plain readings by fewest edits; then every place that differs gets a second look, in which any reading,
    joined and split words, and a like sound count as right.
    """
    links: list[Link] = []
    at_meant = at_heard = 0
    for one, two in [*_anchors(meant, heard), (len(meant), len(heard))]:
        if at_meant < one or at_heard < two:
            links += _second_look(meant, heard, (at_meant, one), (at_heard, two), names)
        if one < len(meant):
            links.append(Link((one, one + 1), (two, two + 1), Kind.SAME))
        at_meant, at_heard = one + 1, two + 1
    return tuple(links)


def _anchors(meant: Sequence[Unit], heard: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Pairs of units that are equal, word for word. A lone pair between two differences is left to the second look."""
    one, one_of = _words(meant)
    two, two_of = _words(heard)
    pairs: list[tuple[int, int]] = []
    for block in Levenshtein.opcodes(one, two):
        if block.tag != "equal":
            continue
        shift = block.dest_start - block.src_start
        position = block.src_start
        while position < block.src_end:
            unit, other = one_of[position], two_of[position + shift]
            length = len(meant[unit].plain)
            whole = position == 0 or one_of[position - 1] != unit
            other_whole = position + shift == 0 or two_of[position + shift - 1] != other
            fits = position + length <= block.src_end and meant[unit].plain == heard[other].plain
            if whole and other_whole and fits:
                pairs.append((unit, other))
                position += length
            else:
                position += 1
    for index, (unit, other) in enumerate(pairs):
        before = pairs[index - 1] if index else (-1, -1)
        after = pairs[index + 1] if index + 1 < len(pairs) else (len(meant), len(heard))
        alone = before != (unit - 1, other - 1) and after != (unit + 1, other + 1)
        near = max(unit - before[0], other - before[1]) <= _REACH and max(after[0] - unit, after[1] - other) <= _REACH
        if not (alone and near):
            yield unit, other


def _words(units: Sequence[Unit]) -> tuple[list[str], list[int]]:
    words: list[str] = []
    owners: list[int] = []
    for index, unit in enumerate(units):
        words += unit.plain
        owners += [index] * len(unit.plain)
    return words, owners


def _second_look(
    meant: Sequence[Unit],
    heard: Sequence[Unit],
    meant_span: tuple[int, int],
    heard_span: tuple[int, int],
    names: frozenset[int],
) -> list[Link]:
    one, two = meant[slice(*meant_span)], heard[slice(*heard_span)]
    if len(one) * len(two) > _LARGEST:
        steps = [(1, 1, Kind.MISREAD)] * min(len(one), len(two))
    else:
        steps = _cheapest(one, two, frozenset(name - meant_span[0] for name in names.intersection(range(*meant_span))))
    links: list[Link] = []
    at_meant, at_heard = meant_span[0], heard_span[0]
    rest = (
        (meant_span[1] - at_meant - sum(step[0] for step in steps)),
        (heard_span[1] - at_heard - sum(step[1] for step in steps)),
    )
    steps = [*steps, *[(1, 0, Kind.MISSING)] * rest[0], *[(0, 1, Kind.EXTRA)] * rest[1]]
    for width, other, kind in steps:
        links.append(Link((at_meant, at_meant + width), (at_heard, at_heard + other), kind))
        at_meant, at_heard = at_meant + width, at_heard + other
    return links


def _cheapest(one: Sequence[Unit], two: Sequence[Unit], names: frozenset[int]) -> list[tuple[int, int, Kind]]:
    """The steps through both sides with the fewest real differences (dynamic programming over the whole region)."""
    rows, columns = len(one), len(two)
    far = float("inf")
    cost = [[far] * (columns + 1) for _ in range(rows + 1)]
    came: list[list[tuple[int, int, Kind] | None]] = [[None] * (columns + 1) for _ in range(rows + 1)]
    cost[0][0] = 0.0

    def reach(row: int, column: int, step: tuple[int, int, Kind], price: float) -> None:
        to_row, to_column = row + step[0], column + step[1]
        if cost[row][column] + price < cost[to_row][to_column]:
            cost[to_row][to_column] = cost[row][column] + price
            came[to_row][to_column] = step

    for row in range(rows + 1):
        for column in range(columns + 1):
            if row < rows and column < columns:
                for width, other in _equal(one, two, row, column):
                    same = (width, other) == (1, 1) and one[row].plain == two[column].plain
                    reach(row, column, (width, other, Kind.SAME if same else Kind.FORGIVEN), 0.0 if same else 0.01)
                for width, other in _alike(one, two, row, column, names):
                    reach(row, column, (width, other, Kind.FORGIVEN), 0.05)
                # Of two ways with as many differences, the one that pairs like words.
                alike = likeness("".join(one[row].plain), "".join(two[column].plain))
                reach(row, column, (1, 1, Kind.MISREAD), 1 + 0.1 * (1 - alike))
            if row < rows:
                reach(row, column, (1, 0, Kind.MISSING), 1.0)
            if column < columns:
                reach(row, column, (0, 1, Kind.EXTRA), 1.0)
    steps: list[tuple[int, int, Kind]] = []
    row, column = rows, columns
    while (step := came[row][column]) is not None:
        steps.append(step)
        row, column = row - step[0], column - step[1]
    return steps[::-1]


def _equal(one: Sequence[Unit], two: Sequence[Unit], row: int, column: int) -> Iterator[tuple[int, int]]:
    """How many units from here on both sides have readings that are the same letters: joined, split, or said otherwise.

    The units on either side are read on in turn; what one side is ahead by is carried along.
    """
    start = (0, 0, "", True)  # units taken on each side, the letters that one side is ahead by, and whether it is `one`
    found: set[tuple[int, int]] = set()
    seen = {start}
    waiting = [start]
    while waiting and len(seen) < _STATES:
        width, other, ahead, first = waiting.pop()
        if not ahead and width and other:
            if (width, other) not in found:
                found.add((width, other))
                yield width, other
            continue
        # Whoever is behind reads on.
        side, at, taken = (two, column, other) if first else (one, row, width)
        if taken == _REACH or at + taken >= len(side):
            continue
        for reading in _spelled(side[at + taken].readings):
            if ahead.startswith(reading):
                step = (ahead[len(reading) :], first)
            elif reading.startswith(ahead):
                step = (reading[len(ahead) :], not first)
            else:
                continue
            state = (width + (not first), other + first, *step)
            if state not in seen:
                seen.add(state)
                waiting.append(state)


def _spelled(readings: Sequence[Reading]) -> list[str]:
    return ["".join(reading) for reading in readings]


def _alike(
    one: Sequence[Unit], two: Sequence[Unit], row: int, column: int, names: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """How many units from here sound alike: a word, or a name heard as several words, or several as one."""
    for width, other in ((1, 1), (1, 2), (2, 1), (1, 3)):
        if row + width > len(one) or column + other > len(two):
            continue
        name = bool(names.intersection(range(row, row + width)))
        meant = "".join(word for unit in one[row : row + width] for word in unit.plain)
        heard = "".join(word for unit in two[column : column + other] for word in unit.plain)
        if min(len(meant), len(heard)) < _SHORTEST and not (name and likeness(meant, heard) == 1):
            continue
        if likeness(meant, heard) >= (_ALIKE_NAME if name else _ALIKE):
            yield width, other
