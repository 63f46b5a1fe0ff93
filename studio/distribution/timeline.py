"""Which of the script's own words sounds when.

The words are slices of the source, as written there (numerals, punctuation, capitals); their times come from the
voice's marks, from what was heard, and in between in proportion to the length of the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias

from studio.distribution.markup import readable
from studio.distribution.wording import one_line
from studio.domain.hearing import TimedWord
from studio.domain.release import Release
from studio.domain.sound import Span
from studio.domain.spoken import Utterance

Known: TypeAlias = Span | None

# A blank line (in a quote, too), or a line that starts a list item or a heading.
_PARAGRAPH = re.compile(r"\n[ \t>]*(?:\n|(?:[-*+#]|\d{1,3}[.)])[ \t#])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters without white space, and when it sounds (seconds)."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One utterance as the script has it. `opens` marks the first of a paragraph."""

    pieces: tuple[Piece, ...]
    span: Span
    heading: bool
    opens: bool

    @property
    def text(self) -> str:
        """The whole sentence on one line."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Written:
    """A piece as it stands in the source, before it has a time."""

    text: str
    start: int
    end: int


def sentences(release: Release) -> tuple[Sentence, ...]:
    """One sentence an utterance, in order; one that holds nothing readable has no pieces.

    Times never go back and lie within the episode, whatever was heard.
    """
    utterances = release.spoken.utterances
    heard = sorted(release.words, key=lambda word: word.source_start)
    starts = [word.source_start for word in heard]
    written = [_written(release.script_text, utterance) for utterance in utterances]
    spans = _utterance_spans(release, heard, starts)
    made = []
    for number, (utterance, pieces, span) in enumerate(zip(utterances, written, spans, strict=True)):
        before = utterances[number - 1] if number else None
        opens = (
            before is None
            or before.heading
            or utterance.heading
            or _PARAGRAPH.search(release.script_text[before.end : utterance.start]) is not None
        )
        made.append(Sentence(_timed(pieces, heard, starts, span), span, utterance.heading, opens))
    return tuple(made)


def spread(lengths: Sequence[int], known: Sequence[Known], whole: Span) -> tuple[Span, ...]:
    """A time for each of several things in a row, within `whole`.

    The known ones are as near to theirs as order allows, the others share what is between by `lengths` (characters).
    The result never goes back and never overlaps.
    """
    placed: list[Span] = []
    cursor, index = whole.start_s, 0
    while index < len(known):
        here = known[index]
        if here is not None:
            start = min(max(here.start_s, cursor), whole.end_s)
            cursor = min(max(here.end_s, start), whole.end_s)
            placed.append(Span(start, cursor))
            index += 1
            continue
        stop = next((later for later in range(index, len(known)) if known[later] is not None), len(known))
        after = known[stop] if stop < len(known) else None
        until = whole.end_s if after is None else min(max(after.start_s, cursor), whole.end_s)
        placed += _shared(lengths[index:stop], Span(cursor, until))
        cursor, index = until, stop
    return tuple(placed)


def _shared(lengths: Sequence[int], whole: Span) -> list[Span]:
    """`whole` cut in proportion to `lengths`, without gaps and ending exactly where it ends."""
    total, passed, bounds = max(sum(lengths), 1), 0, [whole.start_s]
    for length in lengths[:-1]:
        passed += length
        bounds.append(min(whole.start_s + whole.length_s * passed / total, whole.end_s))
    return [Span(start, end) for start, end in pairwise([*bounds, whole.end_s])]


def _written(script: str, utterance: Utterance) -> tuple[_Written, ...]:
    """What a reader sees of an utterance, cut at white space. Where the source shows nothing, what was spoken."""
    spoken = [(word.start, word.end) for word in utterance.words]
    shown = readable(script, utterance.start, utterance.end, spoken)
    pieces = tuple(
        _Written(found[0], shown.offsets[found.start()], shown.offsets[found.end() - 1] + 1)
        for found in re.finditer(r"\S+", shown.text)
    )
    if pieces:
        return pieces
    # A sentence that the studio added (an announced title, say) has no place in the source to be read from.
    return tuple(_Written(word, utterance.start, utterance.start) for word in one_line(utterance.text).split())


def _utterance_spans(release: Release, heard: Sequence[TimedWord], starts: Sequence[int]) -> tuple[Span, ...]:
    utterances = release.spoken.utterances
    marked = {mark.utterance: Span(mark.start_s, mark.end_s) for mark in release.marks}
    known = [
        marked.get(number) or _sounding(heard[bisect_left(starts, item.start) : bisect_left(starts, item.end)])
        for number, item in enumerate(utterances)
    ]
    whole = Span(0.0, release.master.sound.duration_s)
    return spread([len(item.text) for item in utterances], known, whole)


def _timed(
    pieces: Sequence[_Written], heard: Sequence[TimedWord], starts: Sequence[int], whole: Span
) -> tuple[Piece, ...]:
    # Several pieces may come from one spoken word ("5 km" as "five kilometres"): they share its time by length.
    origins = [_origin(piece, heard, starts) for piece in pieces]
    groups = [[index for index, _ in run] for _, run in groupby(enumerate(origins), key=lambda pair: pair[1])]
    lengths = [sum(len(pieces[index].text) for index in group) for group in groups]
    known = [_sounding(heard[slice(*origins[group[0]])]) for group in groups]
    timed: list[Piece] = []
    for group, span in zip(groups, spread(lengths, known, whole), strict=True):
        for index, part in zip(group, _shared([len(pieces[index].text) for index in group], span), strict=True):
            timed.append(Piece(pieces[index].text, part.start_s, part.end_s))
    return tuple(timed)


def _origin(piece: _Written, heard: Sequence[TimedWord], starts: Sequence[int]) -> tuple[int, int]:
    """Which of the heard words a piece is made of, as a slice. Words start in order, so at most a few steps go back."""
    last = bisect_left(starts, piece.end)
    first = bisect_right(starts, piece.start)
    while first and heard[first - 1].source_end > piece.start:
        first -= 1
    return (first, last) if first < last else (0, 0)


def _sounding(words: Sequence[TimedWord]) -> Known:
    if not words:
        return None
    return Span(min(word.start_s for word in words), max(word.end_s for word in words))
