"""The silences between utterances: where they really are, how long they are, and how long they should be."""

import math
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median, quantiles
from typing import Final

import numpy as np

from studio.audio.bins import BIN_S
from studio.audio.places import nearest
from studio.audio.room_tone import SILENT_LUFS, usual_floor
from studio.audio.sounding import Sounding
from studio.domain.dialect import OWN_PAUSE_S
from studio.domain.mending import BREATH_S
from studio.domain.sound import Mark

_USUAL_PAUSE_S: Final = 0.5  # where there are too few pauses to learn from
_ENOUGH: Final = 3
_UNASKED: Final = 1.5  # times what was asked for
_AT_A_MARK_S: Final = 0.15  # a silence so close to the end of an utterance is its pause
SOFT_S: Final = 0.15  # what a mark has sounding so near to a silence may be too soft to tell from it
_EXACT_S: Final = 0.06  # so far from a silence a mark may be and still mean it
_SAME_S: Final = 0.03  # so close, the mark is right and the silence a matter of its threshold
_MOSTLY: Final = 0.7  # of the marks
_CLEAR_LU: Final = 6.0  # above the room, there is something else
_DROPPED_LU: Final = 10.0  # below the room, there is nothing, where something should be
_FAR_S: Final = 5.0  # no pause of a boundary is looked for beyond
_RINGS_S: Final = 0.15  # after this, the end of a sound has faded


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between two utterances, or between one and an end of the sound, in seconds.

    `end_s` is where what is before it ends, `start_s` where what is after it starts: the same moment where there is no
    silence. What is between them is as it should be until `clear_until_s` and again from `clear_from_s`.
    """

    end_s: float
    start_s: float
    clear_until_s: float
    clear_from_s: float

    @property
    def length_s(self) -> float:
        """How long the pause is."""
        return self.start_s - self.end_s


class Gaps:
    """The gaps of one sound by its marks; number 0 lies before the first utterance, the last one behind the last.

    Whether the marks are exact is learned from where they agree with the silences; not from `doubtful` utterances,
    which may be cut off, or noise.
    """

    def __init__(self, marks: Sequence[Mark], sounding: Sounding, doubtful: Collection[int] = ()) -> None:
        self._marks = marks
        self._sounding = sounding
        self._starts = [0.0, *(pause.start_s for pause in sounding.pauses), sounding.last_s]
        self._ends = [sounding.first_s, *(pause.end_s for pause in sounding.pauses), sounding.duration_s]
        self._floor = usual_floor(sounding)
        every = list(pairwise(marks))
        sound = [pair for pair in every if not {mark.utterance for mark in pair} & set(doubtful)]
        pairs = sound if len(sound) >= _ENOUGH else every
        good = sum(
            -_EXACT_S <= left.end_s - _close(self._starts, left.end_s) <= SOFT_S
            and abs(_close(self._ends, right.start_s) - right.start_s) <= _EXACT_S
            for left, right in pairs
        )
        self._exact = good >= _MOSTLY * len(pairs)

    def gap(self, number: int) -> Gap:
        """The gap before utterance `number`, counted from 0 in the marks."""
        whole_s = self._sounding.duration_s
        before = self._marks[number - 1].end_s if number else 0.0
        after = self._marks[number].start_s if number < len(self._marks) else whole_s
        if 0 < number < len(self._marks) and not self._exact:
            first = max(0, bisect_left(self._starts, min(before, after) - _FAR_S) - 1)  # of the edges, one is in front
            near = self._sounding.pauses[first : bisect_left(self._starts, max(before, after) + _FAR_S)]
            pause = nearest(near, before, after)
            if pause is not None:
                before, after = pause.start_s, pause.end_s
        end_s = self._settled(self._starts, before) if number else 0.0
        start_s = self._settled(self._ends, after) if number < len(self._marks) else whole_s
        if not 0 < number < len(self._marks):
            end_s = min(end_s, start_s)
        elif start_s - end_s < BIN_S:
            end_s = start_s = self._quietest(min(before, after), max(before, after))
            return Gap(end_s, start_s, end_s, start_s)
        soft = self._soft(number, end_s, start_s)
        return Gap(end_s, start_s, *self._clear_bounds(*soft, number))

    def others_s(self, *numbers: int) -> list[float]:
        """How long the gaps between utterances are, but for those of these numbers."""
        return [length_s for number, length_s in enumerate(self._lengths_s, 1) if number not in numbers]

    @cached_property
    def _lengths_s(self) -> list[float]:
        return [self.gap(number).length_s for number in range(1, len(self._marks))]

    def lengths_s(self) -> list[float]:
        """How long the pauses between the utterances are, in their order; nothing where there is none."""
        starts = [pause.start_s for pause in self._sounding.pauses]
        found = []
        for mark, following in pairwise(self._marks):
            near = self._sounding.pauses[
                max(0, bisect_left(starts, mark.end_s - _AT_A_MARK_S) - 1) : bisect_left(
                    starts, following.start_s + _AT_A_MARK_S
                )
            ]
            lengths = [pause.length_s for pause in near if pause.end_s > mark.end_s - _AT_A_MARK_S]
            if lengths:
                found.append(max(lengths))
        return found

    def _settled(self, edges: Sequence[float], at_s: float) -> float:
        """Where sound and silence meet near a mark: the mark, unless it is a little off."""
        edge_s = _close(edges, at_s)
        away_s = abs(edge_s - at_s)
        return edge_s if _SAME_S < away_s <= _AT_A_MARK_S else at_s

    def _soft(self, number: int, end_s: float, start_s: float) -> tuple[float, float]:
        """The same bounds, but where marks have the sounds on either side end later or start earlier: softly, then."""
        if number and end_s < self._marks[number - 1].end_s < min(end_s + SOFT_S, start_s):
            end_s = self._marks[number - 1].end_s
        if number < len(self._marks) and max(start_s - SOFT_S, end_s) < self._marks[number].start_s < start_s:
            start_s = self._marks[number].start_s
        return end_s, start_s

    def _quietest(self, first_s: float, last_s: float) -> float:
        """The middle of the softest 10 ms around what marks say, exact or not."""
        reach_s = _EXACT_S if self._exact else _AT_A_MARK_S
        first_s = max(0.0, first_s - reach_s)
        levels = self._sounding.levels(first_s, last_s + reach_s)
        if not len(levels):
            return (first_s + last_s) / 2
        return (math.ceil(first_s / BIN_S - 1e-6) + float(levels.argmin()) + 0.5) * BIN_S

    def _clear_bounds(self, end_s: float, start_s: float, number: int) -> tuple[float, float]:
        """Up to where, and from where on, there is nothing in a gap but the room and the ends of the sounds."""
        levels = self._sounding.levels(end_s, start_s)
        odd = levels > self._floor + _CLEAR_LU
        if self._floor > SILENT_LUFS:
            odd |= levels < self._floor - _DROPPED_LU
        first_s = math.ceil(end_s / BIN_S - 1e-6) * BIN_S
        until = _first_intruder(odd, rings=number > 0)
        since = len(odd) - _first_intruder(odd[::-1], rings=number < len(self._marks))
        return max(end_s, first_s + (until - 1) * BIN_S) if until < len(odd) else start_s, (
            min(start_s, first_s + (since + 1) * BIN_S) if since > 0 else end_s
        )


def _first_intruder(odd: "np.ndarray[tuple[int], np.dtype[np.bool_]]", *, rings: bool) -> int:
    """The first bin with something else in it, after the end of a sound has faded; the length where there is none."""
    quiet = np.flatnonzero(~odd)
    faded = int(quiet[0]) if len(quiet) and rings and quiet[0] * BIN_S <= _RINGS_S else 0
    intruders = np.flatnonzero(odd[faded:])
    return faded + int(intruders[0]) if len(intruders) else len(odd)


def _close(edges: Sequence[float], at_s: float) -> float:
    """The edge closest to a moment; `edges` are in order."""
    place = bisect_left(edges, at_s)
    return min(edges[max(0, place - 1) : place + 1], key=lambda edge: abs(edge - at_s))


def kept_s(was_s: float, asked_s: float | None, others_s: Sequence[float]) -> float:
    """How long a pause is to be that was `was_s` long: as it was, unless it was at fault.

    It was where it is far shorter than all the others or, where it is known what the script asks for, far longer than
    that and all the others. One between the breaths of a sentence has nothing to do with the others.
    """
    if asked_s is not None and 0 < asked_s < BREATH_S:
        others_s = ()
    least_s = min(others_s) if len(others_s) >= _ENOUGH else asked_s or 0.0
    if was_s < least_s / 2:
        return least_s if asked_s is None else pause_s(asked_s, others_s)
    if asked_s is not None and was_s > max(_UNASKED * asked_s, asked_s + _USUAL_PAUSE_S, *others_s, OWN_PAUSE_S):
        return pause_s(asked_s, others_s)
    return was_s


def pause_s(asked_s: float, pauses_s: Sequence[float]) -> float:
    """How long a pause is to be: what is asked for, within what the others are unless it is long.

    Without a wish it is their median; with one, it stays within their second and third quarters.
    """
    if asked_s > OWN_PAUSE_S:
        return asked_s
    if len(pauses_s) < _ENOUGH:
        return asked_s or _USUAL_PAUSE_S
    if not asked_s:
        return median(pauses_s)
    low, _, high = quantiles(pauses_s, n=4, method="inclusive")
    return min(max(asked_s, low), high)
