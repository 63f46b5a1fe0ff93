"""Differences that belong together, and what each of them is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio.domain.findings import FindingKind
from studio.domain.hearing import HeardWord
from studio.domain.spoken import SpokenWord
from studio.quality.align import Piece
from studio.quality.links import Kind
from studio.quality.repetitions import Twice, said_twice

_BRIDGE: Final = (
    2  # right pieces between two differences that are one: in a lost sentence a “the” finds its like by chance
)
_THIN_BRIDGE: Final = 6  # the same where most of what lies around is wrong
_DENSE: Final = 0.4
_SHARE: Final = 2 / 3  # of the wrong words, to be called missing or extra and not misread
_TWICE: Final = 1 / 2  # of the wrong words, to be called repeated


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of differences: pieces `first` to `last` (exclusive), from `start_s` to `end_s`.

    `meant` and `said` are bounds of word indices: what the script has there, and what was heard instead. Of what was
    said twice, `said` is the second time.
    """

    kind: FindingKind
    first: int
    last: int
    meant: tuple[int, int]
    said: tuple[int, int]
    start_s: float
    end_s: float


def find_runs(pieces: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord]) -> tuple[Run, ...]:
    """The differences among `pieces`, in order. `words` are those of the script."""
    bounds: list[tuple[int, int, int]] = []
    for index, piece in enumerate(pieces):
        if not piece.wrong:
            continue
        if bounds:
            first, last, wrong = bounds[-1]
            gap = index - last
            dense = (wrong + piece.words) / (index + 1 - first) >= _DENSE and wrong > _BRIDGE
            if gap <= _BRIDGE or (gap <= _THIN_BRIDGE and dense):
                bounds[-1] = (first, index + 1, wrong + piece.words)
                continue
        bounds.append((index, index + 1, piece.words))
    return tuple(run for first, last, _ in bounds for run in _runs(pieces, words, heard, first, last))


def _runs(
    pieces: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord], first: int, last: int
) -> Iterator[Run]:
    """What a stretch of differences is: what was said twice in it by itself, and what lies before and behind that."""
    part = pieces[first:last]
    wrong = sum(piece.words for piece in part if piece.wrong)
    twice = said_twice(part, words, heard)
    if twice is None or twice.end - twice.again < _TWICE * wrong:
        yield _run(pieces, first, last)
        return
    # What differs in either saying belongs to it: ears write the same sound in two ways.
    begin = next(at for at in range(first, last) if pieces[at].heard[1] > twice.start)
    end = next((at for at in range(begin, last) if pieces[at].heard[0] >= twice.end), last)
    yield from _stretches(pieces, first, begin)
    yield Run(
        kind=FindingKind.REPEATED_WORDS,
        first=begin,
        last=end,
        meant=_meant(pieces, begin, end, twice),
        said=(twice.again, twice.end),
        start_s=heard[twice.again].start_s,
        end_s=max(word.end_s for word in heard[twice.again : twice.end]),
    )
    yield from _stretches(pieces, end, last)


def _meant(pieces: Sequence[Piece], first: int, last: int, twice: Twice) -> tuple[int, int]:
    """The bounds of the script's words that both sayings are of; pieces `first` to `last` are of them (exclusive)."""
    while first > 0 and pieces[first - 1].heard[1] > twice.start:
        first -= 1
    while last < len(pieces) and pieces[last].heard[0] < twice.end:
        last += 1
    return pieces[first].meant[0], pieces[last - 1].meant[1]


def _stretches(pieces: Sequence[Piece], first: int, last: int) -> Iterator[Run]:
    """One run from the first to the last difference from piece `first` to `last` (exclusive), if there is any."""
    wrong = [index for index in range(first, last) if pieces[index].wrong]
    if wrong:
        yield _run(pieces, wrong[0], wrong[-1] + 1)


def _run(pieces: Sequence[Piece], first: int, last: int) -> Run:
    part = pieces[first:last]
    wrong = sum(piece.words for piece in part if piece.wrong)
    missing = sum(piece.words for piece in part if piece.kind is Kind.MISSING)
    extra = sum(piece.words for piece in part if piece.kind is Kind.EXTRA)
    kind = FindingKind.MISREAD_WORDS
    if missing >= _SHARE * wrong:
        kind = FindingKind.MISSING_WORDS
        # Nothing but what is right may follow in the script, and nothing at all in the sound.
        if last == len(pieces) and part[-1].kind is Kind.MISSING:
            kind = FindingKind.CUT_OFF
    elif extra >= _SHARE * wrong:
        kind = FindingKind.EXTRA_WORDS
    meant, said = (part[0].meant[0], part[-1].meant[1]), (part[0].heard[0], part[-1].heard[1])
    return Run(kind, first, last, meant, said, part[0].start_s, max(piece.end_s for piece in part))
