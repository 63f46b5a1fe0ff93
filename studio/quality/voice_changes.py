"""Where in an episode somebody else speaks."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.domain.sound import Span
from studio.quality.speaker import Embeddings
from studio.quality.voice_windows import Heard, MainVoice, Numbers, unit

_PAUSE_S: Final = 0.2  # between two windows there is one
_SUSPECT: Final = 2.4  # spreads; a passage is looked at closely from here on
_ODD: Final = 1.5  # spreads; each of several windows in a row
_VERY_ODD: Final = 6.0  # spreads; a single one
_CHANGED: Final = 2.2  # spreads, when looked at closely: somebody else, or the same in disguise
_SURE: Final = 3.2
_SLOPE: Final = 0.45
_USUAL_EDGE: Final = 1 / 3
_LONG_S: Final = 2.5  # of speech; a shorter passage may be odd by chance
_CHANGED_SHORT: Final = 8.0
_LEAST_S: Final = 1.6  # of speech in a passage; of less nothing can be said
_SNAP_S: Final = 3.0  # that a sentence may begin or end from where the windows do
_ROUGH_S: Final = 0.5  # that the times of heard words may be wrong by
_FEWEST: Final = 6  # different windows; with less there is no main voice to differ from

Closely: TypeAlias = Callable[[Sequence[Span]], Iterable[Embeddings]]
"""Embeddings close to each other, in time, of each of some spans."""


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody else speaks in `span`; `sure` is how likely that is, 0 to 1, `certain` whether it is beyond doubt."""

    span: Span
    sure: float
    certain: bool


def changes(heard: Heard, voice: MainVoice, sentences: Sequence[Span], closely: Closely, exact: bool) -> list[Change]:
    """The passages in which somebody else speaks, with their borders at those of `sentences` where these are near.

    The borders of the windows count for more than those of sentences that are not `exact`. A passage is what lies
    between two pauses, or a sentence; its windows are judged together, as a single one says little.
    """
    if voice.windows < _FEWEST:
        return []
    odd = np.zeros(len(heard.start_s), np.bool_)
    for first, last in {*_phrases(heard), *_within(heard, sentences), *_alike(heard, voice)}:
        if heard.speech_s[first:last].sum() >= _LEAST_S and voice.oddness(heard.embeddings[first:last]) > _SUSPECT:
            odd[first:last] = True
    each = (voice.likeness - heard.embeddings @ voice.centre) / voice.spread
    runs = [_without_usual_edges(each, first, last) for first, last in _runs(odd)]
    spans = [Span(float(heard.start_s[first]), float(heard.end_s[last - 1])) for first, last in runs]
    found: list[Change] = []
    for (first, last), near in zip(runs, closely(spans) if spans else (), strict=True):
        oddness = voice.oddness(near) if len(near) else 0.0
        long = float(heard.speech_s[first:last].sum()) >= _LONG_S
        if oddness <= (_CHANGED if long else _CHANGED_SHORT):
            continue
        sure = 1 / (1 + math.exp(-(oddness - _CHANGED) / _SLOPE))
        begin, end = _extent(heard, voice, first, last, near)
        span = Span(float(heard.start_s[begin]), float(heard.end_s[end - 1]))
        change = Change(_snapped(span, sentences, exact=exact), sure, oddness > _SURE)
        if not found or change.span.start_s >= found[-1].span.end_s:
            found.append(change)
        else:
            found[-1] = _both(found[-1], change)
    return found


def _extent(heard: Heard, voice: MainVoice, first: int, last: int, near: Embeddings) -> tuple[int, int]:
    """The run of windows around `first` to `last` (exclusive) that are more like what was heard there, `near`."""
    other = unit(near.mean(axis=0))
    theirs = heard.embeddings @ other > heard.embeddings @ voice.centre
    inside = np.flatnonzero(theirs[first:last])
    if not len(inside):
        return first, last
    begin, end = first + int(inside[0]), first + int(inside[-1]) + 1
    while begin > 0 and theirs[begin - 1]:
        begin -= 1
    while end < len(theirs) and theirs[end]:
        end += 1
    return begin, end


def _without_usual_edges(each: Numbers, first: int, last: int) -> tuple[int, int]:
    """`first` to `last` (exclusive) without windows at its ends that are far less odd than the oddest in it."""
    kept = np.flatnonzero(each[first:last] >= _USUAL_EDGE * each[first:last].max())
    return first + int(kept[0]), first + int(kept[-1]) + 1


def _both(one: Change, other: Change) -> Change:
    span = Span(min(one.span.start_s, other.span.start_s), max(one.span.end_s, other.span.end_s))
    return Change(span, max(one.sure, other.sure), one.certain or other.certain)


def _phrases(heard: Heard) -> Iterable[tuple[int, int]]:
    """First and last (exclusive) window of everything between two pauses."""
    borders = np.flatnonzero(heard.start_s[1:] - heard.end_s[:-1] >= _PAUSE_S) + 1
    edges = [0, *borders.tolist(), len(heard.start_s)]
    return pairwise(edges)


def _alike(heard: Heard, voice: MainVoice) -> Iterable[tuple[int, int]]:
    """Odd windows in a row, and very odd ones: where there is noise between the sentences no pause is found."""
    each = (voice.likeness - heard.embeddings @ voice.centre) / voice.spread
    yield from ((first, last) for first, last in _runs(each > _ODD) if last - first > 1)
    yield from ((first, last) for first, last in _runs((each > _VERY_ODD) & (heard.speech_s >= _LONG_S)))


def _within(heard: Heard, sentences: Sequence[Span]) -> Iterable[tuple[int, int]]:
    """First and last (exclusive) window of each sentence, by their middles."""
    middles = (heard.start_s + heard.end_s) / 2
    for sentence in sentences:
        first, last = np.searchsorted(middles, [sentence.start_s, sentence.end_s]).tolist()
        if last > first:
            yield first, last


def _runs(odd: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    edges = np.diff(odd.astype(np.int8), prepend=0, append=0)
    return zip(np.flatnonzero(edges > 0).tolist(), np.flatnonzero(edges < 0).tolist(), strict=True)


def _snapped(span: Span, sentences: Sequence[Span], *, exact: bool) -> Span:
    """`span` with the borders of the sentences that lie mostly in it, where these are near."""
    inside = [each for each in sentences if _overlap(each, span) > each.length_s / 2]
    if not inside:
        return span
    least = 0.0 if exact else _ROUGH_S
    start, end = inside[0].start_s, inside[-1].end_s
    return Span(
        start if least < abs(start - span.start_s) <= _SNAP_S else span.start_s,
        end if least < abs(end - span.end_s) <= _SNAP_S else span.end_s,
    )


def _overlap(one: Span, other: Span) -> float:
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
