"""What tags and the pronunciation list ask of the voice, from places in the clean text to places in an utterance."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from studio.content.clean import Clean, Said
from studio.content.lexicon import Lexicon
from studio.content.reading import Piece, read_pieces, spoken_words
from studio.domain.spoken import MarkKind, SpeechMark

_RUN = re.compile(r"\S+|\s+")
_LONGEST_OWNER = 200  # characters
_ENDING = re.compile(r"['’]s?(?![^\W_])(?!['’])")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mark for `start` to `end` of the clean text; the last `ending` letters there are not part of it."""

    kind: MarkKind
    start: int
    end: int
    value: str
    written: str = ""
    ending: int = 0


def marked_pieces(
    cleaned: Clean, start: int, end: int, lexicon: Lexicon, wanted: list[Wanted], *, heading: bool
) -> Iterator[Piece]:
    """The pieces of `cleaned.text[start:end]`, in order and without gaps; what is to be marked is added to `wanted`.

    Words that a tag put there are taken as they are, everything else is read by the rules.
    """
    at = start
    for given in cleaned.said:
        if given.end <= at or given.start >= end:
            continue
        if at < given.start:
            yield from _read(cleaned.text, at, given.start, lexicon, wanted, heading=heading and at == start)
        at = max(at, given.start)
        for piece in _given(cleaned.text, given, at, min(given.end, end), end, wanted):
            yield piece
            at = piece.end
    if at < end:
        yield from _read(cleaned.text, at, end, lexicon, wanted, heading=heading and at == start)
    wanted += [
        Wanted(MarkKind.EMPHASIS, stress.start, stress.end, stress.level)
        for stress in cleaned.stresses
        if stress.start < end and stress.end > start
    ]


def _read(text: str, start: int, end: int, lexicon: Lexicon, wanted: list[Wanted], *, heading: bool) -> Iterator[Piece]:
    sounds = {}
    if lexicon.has_phonemes:
        sounds = {(each.start, each.end): each for each in lexicon.find(text, start, end) if each.phonemes}
    for piece in read_pieces(text, start, end, lexicon, heading=heading):
        listed = sounds.get((piece.start, piece.end)) if piece.also else None
        if listed is not None:
            ending = _ENDING.search(text, max(piece.start, piece.end - 2), piece.end)
            written = " ".join(text[piece.start : ending.start() if ending else piece.end].split())
            letters = _letters(ending[0]) if ending else 0
            wanted.append(Wanted(MarkKind.PHONEMES, piece.start, piece.end, listed.phonemes, written, letters))
        yield piece


def _given(text: str, given: Said, start: int, end: int, limit: int, wanted: list[Wanted]) -> Iterator[Piece]:
    """The words of a tag, one by one, so that a long row of them can be cut into breaths; phonemes as a whole.

    A possessive's ending behind them belongs to them: then they are one piece, since they have one place.
    """
    ending = _ENDING.match(text, end, limit) if end == given.end else None
    if ending and not given.phonemes and end - start > _LONGEST_OWNER:
        ending = None
    last = ending.end() if ending else end
    spans = [(start, last)] if ending or given.phonemes else [run.span() for run in _RUN.finditer(text, start, end)]
    if given.phonemes:
        letters = _letters(ending[0]) if ending else 0
        wanted.append(Wanted(MarkKind.PHONEMES, start, last, given.phonemes, given.written, letters))
    written = given.written + ending[0] if ending and given.written else given.written
    also = (written,) if _plain(written) not in {"", _plain(text[given.start : last])} else ()
    for first, behind in spans:
        words = spoken_words(text[first:behind])
        yield Piece(text[first:behind], first, behind, words, also if words else ())


def marks_of(pieces: Sequence[Piece], text: str, wanted: Sequence[Wanted]) -> tuple[SpeechMark, ...]:
    """The marks of the utterance `text` that `pieces` became, on whole words.

    Letters and digits are as many in the text as in its pieces, so that they are counted off.
    """
    places = [place for place, char in enumerate(text) if char.isalnum()]
    counts = [0, *accumulate(_letters(piece.said) for piece in pieces)]
    marks: list[SpeechMark] = []
    reached = dict.fromkeys(MarkKind, 0)
    for mark in sorted(wanted, key=lambda each: (each.start, each.end)):
        touched = [
            number
            for number, piece in enumerate(pieces)
            if piece.words and piece.start < mark.end and mark.start < piece.end
        ]
        if not touched:
            continue
        first, last = counts[touched[0]], counts[touched[-1] + 1] - mark.ending
        if first >= last or places[first] < reached[mark.kind]:
            continue
        start, end = places[first], places[last - 1] + 1
        while end < len(text) and unicodedata.category(text[end]).startswith("M"):
            end += 1
        reached[mark.kind] = end
        marks.append(SpeechMark(mark.kind, start, end, mark.value, mark.written))
    return tuple(marks)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
