"""Long sentences cut into breaths, at clauses where there are any."""

from math import ceil

from studio.content.reading import Piece

COMFORTABLE = 400
"""Characters of a breath, where clauses allow it: what the built-in voice speaks in one go."""
LONGEST = 2_000
"""Characters that no breath exceeds, whatever the text."""
SHORTEST = 40
"""Characters below which no part is cut off."""
CLAUSE_PAUSE_S = 0.12
"""Silence where a sentence was cut, in seconds: about what the built-in voice leaves at a comma."""

_STRONG = frozenset(";:—.!?…")
_WEAK = frozenset(",)")


def breaths(pieces: list[Piece]) -> list[list[Piece]]:
    """`pieces` in runs of about equal length, cut behind clause marks; over the limit at a space, or anywhere."""
    sizes = [len(piece.said) for piece in pieces]
    total = sum(sizes)
    if total <= COMFORTABLE:
        return [pieces]
    return [part for clause in _at_clauses(pieces, sizes, total) for part in _at_spaces(clause)]


def _at_clauses(pieces: list[Piece], sizes: list[int], total: int) -> list[list[Piece]]:
    target = total / ceil(total / COMFORTABLE)
    runs: list[list[Piece]] = []
    begin = position = 0
    filled = 0
    best, best_cost, best_filled = 0, float("inf"), 0
    while position < len(pieces):
        filled += sizes[position]
        position += 1
        rank = _cut_rank(pieces, position)
        if rank and filled >= SHORTEST and total - filled >= SHORTEST:
            cost = abs(filled - target) / rank
            if cost < best_cost or (best and best_filled > COMFORTABLE > filled):
                best, best_cost, best_filled = position, cost, filled
        if filled > COMFORTABLE and best:
            runs.append(pieces[begin:best])
            total -= best_filled
            begin = position = best
            filled, best, best_cost, best_filled = 0, 0, float("inf"), 0
            if total <= COMFORTABLE:
                break
            target = total / ceil(total / COMFORTABLE)
    if begin < len(pieces):
        runs.append(pieces[begin:])
    return runs


def _cut_rank(pieces: list[Piece], position: int) -> int:
    """How good a cut before `position` is: 3 after a strong mark, 1 after a comma, 0 inside of a clause."""
    if position >= len(pieces):
        return 0
    before = pieces[position - 1].said.strip()
    if not before:
        # The white space behind a mark; closing quotes may stand between.
        back = position - 2
        while back >= 0 and pieces[back].said in {"”", '"', "’", "'"}:
            back -= 1
        before = pieces[back].said.strip() if back >= 0 and not pieces[back].words else ""
    elif before != "—":
        return 0
    mark = before[-1:]
    return 3 if mark in _STRONG else 1 if mark in _WEAK else 0


def _at_spaces(pieces: list[Piece]) -> list[list[Piece]]:
    """Runs under the limit: cut behind the last space in their second half, else before the piece that is too much."""
    runs: list[list[Piece]] = [[]]
    filled = 0
    space, before_space = 0, 0
    for piece in pieces:
        size = len(piece.said) + 1  # a space may come between any two
        if filled + size >= LONGEST:
            late = before_space > LONGEST // 2
            runs[-1], rest = (runs[-1][:space], runs[-1][space:]) if late else (runs[-1], [])
            runs.append(rest)
            filled = filled - before_space if late else 0
            space, before_space = 0, 0
        runs[-1].append(piece)
        filled += size
        if piece.said.isspace():
            space, before_space = len(runs[-1]), filled
    return [run for run in runs if run]
