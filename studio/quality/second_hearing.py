"""Whether a doubtful place was really said so: it is heard again, by better ears, without what surrounds it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from studio.domain.hearing import HeardWord
from studio.domain.sound import Span
from studio.domain.spoken import SpokenForm
from studio.quality.align import Piece, compare
from studio.quality.ears import hear_spans
from studio.quality.runs import weight

_MARGIN: Final = 3  # right pieces that are heard again on either side
_SEARCH: Final = 25  # pieces among which the longest silence is looked for, to cut there
_MOST_SHARE: Final = 0.25  # of the sound; where more than that is in doubt the ears are not to blame
_ALWAYS_S: Final = 60.0  # is heard again in any case


@dataclass(frozen=True, slots=True)
class _Place:
    """Pieces `first` to `last` (exclusive) and the stretch of sound that holds them and nothing else."""

    first: int
    last: int
    span: Span


def hear_again(
    audio: Path,
    model: str,
    spoken: SpokenForm,
    heard: Sequence[HeardWord],
    pieces: Sequence[Piece],
    doubts: Sequence[tuple[int, int]],
    duration_s: float,
    cache: Path | None = None,
) -> tuple[HeardWord, ...]:
    """`heard` with each doubtful place as it is heard the second time, wherever that fits the script better.

    The second hearing does not know the script either: words of it that it hears were said. `doubts` are runs of
    `pieces` (first, last exclusive) in order.
    """
    places = _places(pieces, doubts, duration_s)
    if sum(place.span.length_s for place in places) > max(_ALWAYS_S, _MOST_SHARE * duration_s):
        return tuple(heard)
    words = spoken.words
    result: list[HeardWord] = []
    done = 0
    again = hear_spans(audio, model, [place.span for place in places], cache=cache)
    for place, new in zip(places, again, strict=True):
        part = pieces[place.first : place.last]
        old = heard[part[0].heard[0] : part[-1].heard[1]]
        result += heard[done : part[0].heard[0]]
        result += new if _weight(spoken, part, new, place.span) < weight(part, words, heard) else old
        done = part[-1].heard[1]
    return (*result, *heard[done:])


def _weight(spoken: SpokenForm, part: Sequence[Piece], heard: Sequence[HeardWord], span: Span) -> float:
    """How much is wrong with the script's part in another hearing."""
    first, last = part[0].meant[0], part[-1].meant[1]
    utterances = []
    index = 0
    for utterance in spoken.utterances:
        kept = utterance.words[max(0, first - index) : max(0, last - index)]
        index += len(utterance.words)
        if kept:
            utterances.append(replace(utterance, words=kept))
    passage = replace(spoken, utterances=tuple(utterances))
    return weight(compare(passage, heard, (), span.end_s).pieces, passage.words, heard)


def _places(pieces: Sequence[Piece], doubts: Sequence[tuple[int, int]], duration_s: float) -> list[_Place]:
    places: list[_Place] = []
    for start, end in doubts:
        first = _quietest(pieces, max(0, start - _MARGIN - _SEARCH), max(0, start - _MARGIN))
        last = _quietest(pieces, min(len(pieces), end + _MARGIN), min(len(pieces), end + _MARGIN + _SEARCH))
        if places and first < places[-1].last:
            first = places.pop().first
        places.append(_Place(first, last, _span(pieces, first, last, duration_s)))
    return places


def _quietest(pieces: Sequence[Piece], low: int, high: int) -> int:
    """The place from `low` to `high` (inclusive) with the longest silence before it; both ends are silent."""
    return max(range(low, high + 1), key=lambda at: _silence(pieces, at))


def _silence(pieces: Sequence[Piece], at: int) -> float:
    if at in {0, len(pieces)}:
        return float("inf")
    before, after = pieces[at - 1], pieces[at]
    if before.wrong or after.wrong:
        return -1.0
    return after.start_s - before.end_s


def _span(pieces: Sequence[Piece], first: int, last: int, duration_s: float) -> Span:
    start = 0.0 if first == 0 else (pieces[first - 1].end_s + pieces[first].start_s) / 2
    end = duration_s if last == len(pieces) else (pieces[last - 1].end_s + pieces[last].start_s) / 2
    return Span(start, max(start, end))
