"""In which order episodes wait for their turn, and which priorities put some of them somewhere else.

Higher priorities go first; among equal ones the longest, so that none is left alone at the end, then the lowest number.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Protocol

# Room between two priorities, so that what is put between them later moves nobody else.
STEP: Final = 1 << 20


class Waits(Protocol):
    """What the order is made of. An `Episode` has it."""

    @property
    def id(self) -> int:
        """Which one."""

    @property
    def number(self) -> int:
        """Its number within the project."""

    @property
    def priority(self) -> int:
        """Higher goes first."""

    @property
    def characters(self) -> int:
        """How long its text is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """As much of a queued episode as its place depends on."""

    id: int
    number: int
    priority: int
    characters: int


def turn(one: Waits) -> tuple[int, int, int]:
    """Sort key: who goes first is the least."""
    return (-one.priority, -one.characters, one.number)


def moved(waiting: Sequence[Waits], ids: Collection[int], before: int | None) -> dict[int, int]:
    """New priorities that put `ids` directly before the episode `before`; at the end where that is None.

    `waiting` are all that wait, in any order. Among themselves the moved ones keep their order. Ids that do not wait
    are passed over; so is everything where `before` does not wait, or is itself one of `ids`. Their new place is firm:
    it does not depend on lengths, which change when a text is prepared. Who is not moved keeps its priority wherever
    there is room, else as few as possible give way, in their order.
    """
    line = sorted(waiting, key=turn)
    block = [one for one in line if one.id in ids]
    rest = [one for one in line if one.id not in ids]
    places = {one.id: place for place, one in enumerate(rest)}
    if not block or not rest or (before is not None and before not in places):
        return {}
    place = len(rest) if before is None else places[before]
    over, under = rest[:place], rest[place:]
    given = _between(block, over[-1].priority if over else None, under[0].priority if under else None)
    if given is None:
        given = _by_raising(over, block, under[0].priority)
        lowered = _by_lowering(over[-1].priority, block, under)
        given = min(given, lowered, key=len)
    return {one.id: given[one.id] for one in line if one.id in given and given[one.id] != one.priority}


def shifted(waiting: Sequence[Waits], ids: Collection[int], by: int) -> dict[int, int]:
    """New priorities that put `ids`, together, `by` places later than the first of them stands; earlier below 0."""
    line = sorted(waiting, key=turn)
    first = next((place for place, one in enumerate(line) if one.id in ids), None)
    if first is None:
        return {}
    rest = [one for one in line if one.id not in ids]
    together = [one.id in ids for one in line[first : first + len(line) - len(rest)]]
    place = min(max(0, first + by), len(rest))
    if place == first and all(together):
        return {}
    return moved(waiting, ids, rest[place].id if place < len(rest) else None)


def _between(block: Sequence[Waits], above: int | None, below: int | None) -> dict[int, int] | None:
    """Priorities for `block` that lie between two others; None where there is not enough room."""
    count = len(block)
    if above is None:
        top, step = (below or 0) + count * STEP, STEP
    elif below is None:
        top, step = above - STEP, STEP
    else:
        step = min(STEP, (above - below) // (count + 1))
        if not step:
            return None
        top = below + step * count
    return {one.id: top - place * step for place, one in enumerate(block)}


def _by_raising(over: Sequence[Waits], block: Sequence[Waits], below: int) -> dict[int, int]:
    given = {one.id: below + STEP * (len(block) - place) for place, one in enumerate(block)}
    return given | _given_way(over[::-1], given[block[0].id], 1)


def _by_lowering(above: int, block: Sequence[Waits], under: Sequence[Waits]) -> dict[int, int]:
    given = {one.id: above - STEP * (place + 1) for place, one in enumerate(block)}
    return given | _given_way(under, given[block[-1].id], -1)


def _given_way(side: Sequence[Waits], bound: int, way: int) -> dict[int, int]:
    """From the block outwards, the priorities of those that must be beyond `bound`; equal ones stay equal."""
    given: dict[int, int] = {}
    for priority, alike in groupby(side, key=lambda one: one.priority):
        if (priority - bound) * way > 0:
            break
        bound += STEP * way
        given.update({one.id: bound for one in alike})
    return given
