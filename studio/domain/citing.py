"""Where the citations of a script are after a person has changed its text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from studio.domain.writing import Citation

# About a sentence, or what is between two: fine enough to follow, few enough to compare.
_PIECE: Final = re.compile(r"\s+|[^\s.!?…][^.!?…\n]*[.!?…]*|[.!?…]+")
_ENDS: Final = ".!?…\n"
_Step = tuple[int, int, int, int]  # from, to before; from, to after


def moved(citations: Sequence[Citation], before: str, after: str) -> tuple[Citation, ...]:
    """The same citations by their places in the text `after`, in their order.

    A sentence that was changed goes on resting on what it rested on; one that is gone takes its citations along.
    """
    if before == after or not citations:
        return tuple(citations)
    steps = list(_steps(before, after))
    found = (
        replace(each, start=_place(each.start, steps, late=False), end=_place(each.end, steps, late=True))
        for each in citations
    )
    return tuple(each for each in found if each.start < each.end)


def _steps(before: str, after: str) -> Iterator[_Step]:
    """Stretches of both texts that belong together, in order and without gaps; equal ones are of equal length."""
    same = max(before.rfind(end, 0, _alike(before, after)) for end in _ENDS) + 1  # whole sentences
    rest = min(min(len(before), len(after)) - same, _alike(before[::-1], after[::-1]))
    starts = [at for end in _ENDS if (at := before.find(end, len(before) - rest)) >= 0]
    rest = len(before) - min(starts, default=len(before) - 1) - 1
    one, other = _PIECE.findall(before[same : len(before) - rest]), _PIECE.findall(after[same : len(after) - rest])
    at, to = same, same
    yield 0, same, 0, same
    for _, first, last, start, stop in SequenceMatcher(str.isspace, one, other, autojunk=False).get_opcodes():
        upto, until = at + sum(map(len, one[first:last])), to + sum(map(len, other[start:stop]))
        yield at, upto, to, until
        at, to = upto, until
    yield at, len(before), to, len(after)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _place(offset: int, steps: Sequence[_Step], *, late: bool) -> int:
    """Where `offset` is now; within what was changed, the beginning of that, or its end for that of a stretch."""
    for at, upto, to, until in steps:
        inside = at < offset <= upto if late else at <= offset < upto
        if inside:
            if upto - at == until - to:
                return to + offset - at
            return until if late else to
    return steps[-1][3] if offset else 0
