"""Differences that belong together, and what each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.domain.findings import FindingKind
from studio.domain.hearing import HeardWord
from studio.domain.spoken import SpokenWord
from studio.quality.align import Piece
from studio.quality.likeness import likeness
from studio.quality.links import Kind
from studio.quality.normalise import Normaliser, normaliser

_BRIDGE: Final = (
    2  # right pieces between two differences that are one: in a lost sentence a “the” finds its like by chance
)
_THIN_BRIDGE: Final = 6  # the same where most of what lies around is wrong
_DENSE: Final = 0.4
_SHARE: Final = 2 / 3  # of the wrong words, to be called missing or extra and not misread
_REPEATED: Final = 0.75  # how like its neighbour in the script an extra passage is that was said twice
_LONGEST: Final = 40  # wrong words whose sound is compared as a whole; more of them are no mistake of the ears


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of differences: pieces `first` to `last` (exclusive), from `start_s` to `end_s`.

    `weight` is the number of wrong words, less what the passage sounds like the script.
    """

    kind: FindingKind
    first: int
    last: int
    weight: float
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
    return tuple(_run(pieces, words, heard, *bound) for bound in bounds)


def _run(
    pieces: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord], first: int, last: int, wrong: int
) -> Run:
    part = pieces[first:last]
    missing = sum(piece.words for piece in part if piece.kind is Kind.MISSING)
    extra = sum(piece.words for piece in part if piece.kind is Kind.EXTRA)
    kind = FindingKind.MISREAD_WORDS
    if missing >= _SHARE * wrong:
        kind = FindingKind.MISSING_WORDS
        # Nothing but what is right may follow in the script, and nothing at all in the sound.
        if last == len(pieces) and part[-1].kind is Kind.MISSING:
            kind = FindingKind.CUT_OFF
    elif extra >= _SHARE * wrong:
        kind = FindingKind.REPEATED_WORDS if _repeats(part, words, heard) else FindingKind.EXTRA_WORDS
    return Run(kind, first, last, weight(part, words, heard), part[0].start_s, max(piece.end_s for piece in part))


def weight(pieces: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord]) -> float:
    """How much the wrong ones among `pieces` weigh: their words, less what they sound like together."""
    wrong = [piece for piece in pieces if piece.wrong]
    count = sum(piece.words for piece in wrong)
    if count > _LONGEST:
        return count
    rules = normaliser()
    meant = "".join(_plain(rules, [words[index].text for piece in wrong for index in range(*piece.meant)]))
    said = "".join(_plain(rules, [heard[index].text for piece in wrong for index in range(*piece.heard)]))
    return count * (1 - likeness(meant, said)) if meant and said else count


def _plain(rules: Normaliser, texts: Sequence[str]) -> list[str]:
    return [word for unit in rules.units(texts) for word in unit.plain]


def _repeats(part: Sequence[Piece], words: Sequence[SpokenWord], heard: Sequence[HeardWord]) -> bool:
    """Whether what was heard too much is what the script says there, a second time.

    Of “A B A B” against “A B”, “A B” at either end, “B A” in the middle, or what lies between may pass for the extra.
    """
    rules = normaliser()
    said = _plain(rules, [word.text for word in heard[part[0].heard[0] : part[-1].heard[1]]])
    length = len(said)
    first, last = part[0].meant[0], part[-1].meant[1]
    before = _plain(rules, [word.text for word in words[max(0, last - length) : last]])
    after = _plain(rules, [word.text for word in words[first : first + length]])
    return any(
        Levenshtein.normalized_similarity(said, [*after[: length - turn], *before[len(before) - turn :]]) >= _REPEATED
        for turn in range(min(length, len(before)) + 1)
        if said
    )
