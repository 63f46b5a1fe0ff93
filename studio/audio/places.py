"""Which silence follows which utterance: by a vendor's marks, or, without any, by the lengths of the texts."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from studio.audio.sounding import Sounding
from studio.domain.sound import Mark, Span
from studio.domain.spoken import Utterance

_Times: TypeAlias = npt.NDArray[np.float64]

# By a vendor's marks.
_EXACT_S = 0.06  # marks that lie so close to the silences need no help
_NEAR_S = 0.5  # how far a silence may be from where the marks have the boundary
_SCALES = 25  # tried between the least and the greatest that make sense
_BETTER_S = 0.02  # mean distance by which a scale must be better than the one before it
# By the lengths of the texts: deviations from the pace, and what the length of a silence says.
_PACE_SHARE, _PACE_S = 0.12, 0.25
_WEIGHT = 1.5  # for each doubling of a silence's length
_REACH_S, _REACH_SHARE = 6.0, 0.03  # how far from its proportional place a boundary is looked for
_SHORTEST_S = 0.08
_ASKED_S = 1.0  # pauses from here on are asked of the voice, and should be there
_NO_SILENCE = 8.0  # cost of a boundary without one


def fitted(marks: Sequence[Mark], sounding: Sounding) -> tuple[Mark, ...]:
    """The vendor's marks in the time of the sound, their bounds at its silences.

    Vendors' times may fall short of the sound by a constant factor, and may or may not count the silence at the end:
    of the factors that lead from one end to the other, the one that brings the boundaries closest to silences is taken.
    """
    starts = np.array([mark.start_s for mark in marks])
    ends = np.array([mark.end_s for mark in marks])
    pauses = [pause for pause in sounding.pauses if pause.length_s >= _SHORTEST_S]
    scale = _scale(starts, ends, pauses, sounding)
    starts, ends = starts * scale, ends * scale
    for index in range(len(marks) - 1):
        pause = nearest(pauses, float(ends[index]), float(starts[index + 1]))
        if pause is None:
            continue
        if abs(ends[index] - pause.start_s) > _EXACT_S or abs(starts[index + 1] - pause.end_s) > _EXACT_S:
            ends[index], starts[index + 1] = pause.start_s, pause.end_s
    if starts[0] < sounding.first_s - _EXACT_S or starts[0] > ends[0]:
        starts[0] = sounding.first_s
    if abs(ends[-1] - sounding.last_s) > _EXACT_S:
        ends[-1] = sounding.last_s
    return in_order(marks, starts, ends, sounding.duration_s)


def in_order(marks: Sequence[Mark], starts: _Times, ends: _Times, duration_s: float) -> tuple[Mark, ...]:
    """`marks` with these times, none before another, all within the sound."""
    times = np.clip(np.stack((starts, ends), axis=1).reshape(-1), 0.0, duration_s)
    bounds = np.maximum.accumulate(times).reshape(-1, 2).tolist()
    return tuple(
        Mark(mark.utterance, mark.source_start, mark.source_end, start, end)
        for mark, (start, end) in zip(marks, bounds, strict=True)
    )


def _scale(starts: _Times, ends: _Times, pauses: Sequence[Span], sounding: Sounding) -> float:
    last = float(ends[-1])
    right = sounding.last_s - _EXACT_S <= last <= sounding.duration_s + _EXACT_S
    first = 1.0 if right else sounding.last_s / last
    if not pauses or len(starts) < 2:
        return first
    middles = (ends[:-1] + starts[1:]) / 2
    low, high = np.array([pause.start_s for pause in pauses]), np.array([pause.end_s for pause in pauses])
    centres = (low + high) / 2
    best, least = first, _distance(first * middles, centres, low, high)
    for scale in np.linspace(sounding.last_s / last, sounding.duration_s / last, _SCALES).tolist():
        distance = _distance(scale * middles, centres, low, high)
        if distance < least - _BETTER_S:
            best, least = scale, distance
    return best


def _distance(places: _Times, centres: _Times, low: _Times, high: _Times) -> float:
    """Mean seconds from places to the nearest silences, each at most `_NEAR_S`."""
    right = np.clip(np.searchsorted(centres, places), 0, len(centres) - 1)
    left = np.maximum(right - 1, 0)
    away = [np.maximum(np.maximum(low[near] - places, places - high[near]), 0.0) for near in (left, right)]
    return float(np.minimum(np.minimum(*away), _NEAR_S).mean())


def nearest(pauses: Sequence[Span], end_s: float, start_s: float) -> Span | None:
    """The silence that parts two utterances: long, and near to where they are said to part."""
    best, most = None, 0.0
    for pause in pauses:
        away = max(0.0, pause.start_s - start_s, end_s - pause.end_s)
        if away <= _NEAR_S:
            worth = min(pause.length_s, 1.0) * (1.0 - away / _NEAR_S)
            if worth > most:
                best, most = pause, worth
    return best


def estimated(utterances: Sequence[Utterance], first: int, sounding: Sounding) -> tuple[Mark, ...]:
    """Marks from the lengths of the texts and the silences alone.

    The boundaries are those silences that together fit best: every utterance about as long as its text at the common
    pace, long silences rather than short ones (the best path through all of them, by dynamic programming).
    """
    weights = np.array([max(1, sum(map(str.isalnum, utterance.text))) for utterance in utterances], float)
    marks = [
        Mark(first + index, utterance.start, utterance.end, 0.0, 0.0) for index, utterance in enumerate(utterances)
    ]
    asked = [utterance.pause_after_s if utterance.pause_after_s > _ASKED_S else 0.0 for utterance in utterances]
    bounds = _path(weights, asked, sounding)
    starts = np.array([sounding.first_s, *(end for _, end in bounds)])
    ends = np.array([*(start for start, _ in bounds), sounding.last_s])
    return in_order(marks, starts, ends, sounding.duration_s)


def _path(weights: _Times, asked: Sequence[float], sounding: Sounding) -> list[tuple[float, float]]:
    """Start and end of the silence behind each utterance but the last."""
    pauses = [pause for pause in sounding.pauses if pause.length_s >= _SHORTEST_S]
    low, high = np.array([pause.start_s for pause in pauses]), np.array([pause.end_s for pause in pauses])
    silent_before = np.concatenate(([0.0], np.cumsum(high - low)))  # the pace is one of speech: silences do not count
    span_s = sounding.last_s - sounding.first_s
    pace = (span_s - silent_before[-1]) / weights.sum()
    reach = _REACH_S + _REACH_SHARE * span_s

    def spoken_s(at: _Times) -> _Times:
        """Seconds of speech before each of `at`, which lie at the edges of silences or outside of them."""
        return at - sounding.first_s - silent_before[np.searchsorted(high, at, side="right")]

    total = float(spoken_s(np.array([sounding.last_s]))[0])
    ends_s, cost = np.array([0.0]), np.array([0.0])  # speech up to the boundary before, and the best cost to there
    layers: list[tuple[list[tuple[float, float]], npt.NDArray[np.intp]]] = []
    for index, (done, weight) in enumerate(zip(np.cumsum(weights)[:-1], weights[:-1], strict=True)):
        speech_here = spoken_s(low) if len(low) else low
        near = np.flatnonzero(np.abs(speech_here - done * pace) <= reach)
        places = speech_here[near]
        worth = -_WEIGHT * np.log2(np.minimum((high - low)[near], 2.0) / 0.3)
        if asked[index]:
            worth = worth + 4.0 * np.maximum(0.0, 1.0 - (high - low)[near] / asked[index])
        here = [(float(low[place]), float(high[place])) for place in near]
        # Where no silence fits, the boundary lies where the pace has it.
        bare = min(total, float(done * pace))
        at = _moment(bare, low, silent_before, sounding.first_s)
        here.append((at, at))
        places, worth = np.append(places, bare), np.append(worth, _NO_SILENCE)
        expected = weight * pace
        off = (places[:, None] - ends_s[None, :] - expected) / (_PACE_SHARE * expected + _PACE_S)
        steps = cost[None, :] + np.where(places[:, None] >= ends_s[None, :] - 1e-6, off**2, 1e6)
        way = steps.argmin(axis=1)
        cost, ends_s = steps.min(axis=1) + worth, places
        layers.append((here, way))
    if not layers:
        return []
    expected = weights[-1] * pace
    place = int((cost + ((total - ends_s - expected) / (_PACE_SHARE * expected + _PACE_S)) ** 2).argmin())
    found = []
    for here, way in reversed(layers):
        found.append(here[place])
        place = int(way[place])
    return found[::-1]


def _moment(spoken_s: float, low: _Times, silent_before: _Times, first_s: float) -> float:
    """When so many seconds were spoken."""
    index = int(np.searchsorted(low - first_s - silent_before[:-1], spoken_s, side="left"))
    return first_s + spoken_s + float(silent_before[index])
