"""What was heard laid against what was meant: which units belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.domain.hearing import Grounds
from studio.quality.likeness import likeness
from studio.quality.normalise import Unit
from studio.quality.second_look import alike, equal, grounds, inside_number, misread_figure, number_around

_LARGEST: Final = 4_000  # pairs of units in a region that gets a second look; more of them are no mistake of the ears

_NEAR: Final = 12  # units to the next pair; one that is further from both has no chance neighbours


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
    grounds: Grounds | None = None  # on which a difference was let go
    mistakes: int = 0  # words that differ, where that is not all of them: in a figure that was misread
    misread: tuple[int, ...] = ()  # and which of the script's units those are


@dataclass(frozen=True, slots=True)
class _Step:
    """A step through both sides: so many units of each, and what they are to one another."""

    width: int
    other: int
    kind: Kind
    grounds: Grounds | None = None
    mistakes: int = 0
    misread: tuple[int, ...] = ()


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
            why = grounds(meant[one : one + 1], heard[two : two + 1])
            links.append(Link((one, one + 1), (two, two + 1), Kind.FORGIVEN if why else Kind.SAME, why))
        at_meant, at_heard = one + 1, two + 1
    return tuple(links)


def _anchors(meant: Sequence[Unit], heard: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Pairs of units that are equal, word for word.

    A lone pair between two differences is left to the second look, and so is a part of a number that is not the same as
    a whole.
    """
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
    cut = {pair for pair in pairs if not _whole_number(meant, heard, *pair)}
    pairs = [pair for pair in pairs if pair not in cut]
    for index, (unit, other) in enumerate(pairs):
        before = pairs[index - 1] if index else (-1, -1)
        after = pairs[index + 1] if index + 1 < len(pairs) else (len(meant), len(heard))
        alone = before != (unit - 1, other - 1) and after != (unit + 1, other + 1)
        near = max(unit - before[0], other - before[1]) <= _NEAR and max(after[0] - unit, after[1] - other) <= _NEAR
        if not (alone and near):
            yield unit, other


def _whole_number(meant: Sequence[Unit], heard: Sequence[Unit], unit: int, other: int) -> bool:
    """Whether a pair is no part of a number, or of one that is read alike on both sides."""
    if not inside_number(meant, unit) and not inside_number(heard, other):
        return True
    one, two = number_around(meant, unit), number_around(heard, other)
    words = [
        [word for item in units[slice(*span)] for word in item.plain] for units, span in ((meant, one), (heard, two))
    ]
    return unit - one[0] == other - two[0] and words[0] == words[1]


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
    steps: list[_Step] = []
    begin, other_begin = 0, 0
    for end, other_end in [*_cuts(one, two), (len(one), len(two))]:
        part, other = one[begin:end], two[other_begin:other_end]
        if len(part) * len(other) > _LARGEST:
            steps += [_Step(1, 1, Kind.MISREAD)] * min(len(part), len(other))
            steps += [_Step(1, 0, Kind.MISSING)] * (len(part) - len(other))
            steps += [_Step(0, 1, Kind.EXTRA)] * (len(other) - len(part))
        else:
            first = meant_span[0] + begin
            inside = names.intersection(range(first, first + len(part)))
            found = _cheapest(part, other, frozenset(name - first for name in inside))
            steps += [replace(step, misread=tuple(begin + unit for unit in step.misread)) for step in found]
        begin, other_begin = end, other_end
    links: list[Link] = []
    at_meant, at_heard = meant_span[0], heard_span[0]
    for step in steps:
        to_meant, to_heard = at_meant + step.width, at_heard + step.other
        misread = tuple(meant_span[0] + unit for unit in step.misread)
        links.append(Link((at_meant, to_meant), (at_heard, to_heard), step.kind, step.grounds, step.mistakes, misread))
        at_meant, at_heard = to_meant, to_heard
    return links


def _cuts(one: Sequence[Unit], two: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Where a region that is too large is cut: amid equal words, where a unit ends on both sides.

    Such a region is a table that is read out, or a long passage of something else.
    """
    if len(one) * len(two) <= _LARGEST:
        return
    (words, owners), (other_words, other_owners) = _words(one), _words(two)
    begin, other_begin = 0, 0
    for block in Levenshtein.opcodes(words, other_words):
        if block.tag != "equal":
            continue
        for place in range(block.src_start + 1, block.src_end):
            other = place + block.dest_start - block.src_start
            ends = owners[place] != owners[place - 1] and other_owners[other] != other_owners[other - 1]
            if ends and (owners[place] - begin) * (other_owners[other] - other_begin) >= _LARGEST // 8:
                begin, other_begin = owners[place], other_owners[other]
                yield begin, other_begin


def _cheapest(one: Sequence[Unit], two: Sequence[Unit], names: frozenset[int]) -> list[_Step]:
    """The steps through both sides with the fewest real differences (dynamic programming over the whole region)."""
    rows, columns = len(one), len(two)
    far = float("inf")
    cost = [[far] * (columns + 1) for _ in range(rows + 1)]
    came: list[list[_Step | None]] = [[None] * (columns + 1) for _ in range(rows + 1)]
    cost[0][0] = 0.0

    def reach(row: int, column: int, step: _Step, price: float) -> None:
        to_row, to_column = row + step.width, column + step.other
        if cost[row][column] + price < cost[to_row][to_column]:
            cost[to_row][to_column] = cost[row][column] + price
            came[to_row][to_column] = step

    for row in range(rows + 1):
        for column in range(columns + 1):
            if row < rows and column < columns:
                for width, other in equal(one, two, row, column):
                    why = grounds(one[row : row + width], two[column : column + other])
                    kind = Kind.FORGIVEN if why else Kind.SAME
                    reach(row, column, _Step(width, other, kind, why), 0.01 if why else 0.0)
                for width, other in alike(one, two, row, column, names):
                    step = _Step(width, other, Kind.FORGIVEN, Grounds.SOUND)
                    reach(row, column, step, 0.04 + 0.01 * (width + other))
                for width, mistakes, misread in misread_figure(one, two[column], row):
                    step = _Step(width, 1, Kind.MISREAD, None, mistakes, misread)
                    reach(row, column, step, mistakes + 0.05 - 0.001 * width)
                # Of two ways with as many differences, the one that pairs like words.
                how = likeness("".join(one[row].plain), "".join(two[column].plain))
                reach(row, column, _Step(1, 1, Kind.MISREAD), 1 + 0.1 * (1 - how))
            if row < rows:
                reach(row, column, _Step(1, 0, Kind.MISSING), 1.0)
            if column < columns:
                reach(row, column, _Step(0, 1, Kind.EXTRA), 1.0)
    steps: list[_Step] = []
    row, column = rows, columns
    while (way := came[row][column]) is not None:
        steps.append(way)
        row, column = row - way.width, column - way.other
    return steps[::-1]
