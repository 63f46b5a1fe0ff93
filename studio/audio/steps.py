"""Where the level of the speech changes and stays: a passage recorded or made at another level."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.audio.bins import BINS_PER_S
from studio.audio.gathered import Gathered
from studio.audio.samples import Powers
from studio.audio.stretches import stretches
from studio.domain.sound import Spot, SpotKind

_PER_DB: Final = 2  # steps of the levels that are kept
_LOWEST_DB: Final = -63.0
_PAUSE_LU: Final = 28.0  # below the whole; in a noisy room, as little above its floor as that
_ABOVE_FLOOR_LU: Final = 6.0
_LEAST_PAUSE_LU: Final = 12.0
_FLOOR: Final = 0.03  # quantile of the levels
_PAUSE: Final = 15  # bins at least
_SHORTEST, _LONGEST = 20, 300  # bins of a phrase; longer ones are taken apart
_FEWEST: Final = 6  # phrases, to tell anything by
_PHRASE_LU: Final = 15.0  # below its loud parts: vowels, and not what lies between them
_LOUD: Final = 0.95
# Seconds of speech that are compared on either side, and how many times the liveliness of the voice they must differ.
# Clean readings by two voices stayed below 0.75 of that.
_SIDES: Final = (3.0, 5.0, 7.0, 10.0, 15.0)
_TIMES: Final = (6.6, 5.4, 4.8, 4.4, 4.0)
_LEAST_LU: Final = 2.1
_MAYBE: Final = 0.6  # part of that for a place to be looked at beside the others
_BOTH_WAYS: Final = 0.97  # part of that is enough where the level goes there and back again
_BACK: Final = (0.6, 1.7)  # of the way there
_BACK_WITHIN_S: Final = 60.0
_AROUND: Final = 3  # phrases on either side; one that is far from all of them is a burst or a cough
_OUTLIER_LU, _OUTLIER_TIMES = 2.0, 4.0
_APART_S: Final = 30.0  # places that are looked at in one round do not disturb each other
_NEAR_S: Final = 4.0  # how far the place may be from where the change is the clearest
_ROUNDS: Final = 20
_COUNTED: Final = 65_536  # levels at once
_HALF_S: Final = 0.5  # of the place that is given

_Floats = npt.NDArray[np.float64]
_Places = npt.NDArray[np.int64]


class Steps:
    """Feed the K-weighted 10 ms mean squares of the meter, then read `spots`. Keeps one byte for each.

    The levels of the phrases, from pause to pause, before and after every pause are compared with how much the same
    voice varies from one phrase to the next: a lively one needs a larger step.
    """

    def __init__(self) -> None:
        self._levels = Gathered()  # int8, steps of dB

    def feed(self, powers: Powers) -> None:
        """Add bins."""
        level = 10 * np.log10(np.maximum(powers, 10 ** (_LOWEST_DB / 10)))
        self._levels.add(np.minimum(np.rint(_PER_DB * level), 127).astype(np.int8).tobytes())

    def spots(self, loudness: float | None) -> list[Spot]:
        """The steps in speech of that integrated loudness, in order of time."""
        if loudness is None:
            return []
        phrases = _phrases(np.frombuffer(self._levels.all(), np.int8), loudness)
        if phrases is None:
            return []
        return [
            Spot(
                SpotKind.STEP,
                max(0.0, one.at_s - _HALF_S),
                one.at_s + _HALF_S,
                round(one.change, 1),
                round(min(1.0, one.score / 2), 2),
            )
            for one in _lasting(phrases)
        ]


@dataclass(frozen=True, slots=True)
class _Step:
    at_s: float
    change: float  # LU
    score: float  # 1 is enough


class _Phrases:
    """What lies between the pauses: its level in dB, how many seconds of it are loud, and where the pauses are."""

    def __init__(self, level: _Floats, loud_s: _Floats, pauses_s: _Floats) -> None:
        self.level = level
        self.pauses_s = pauses_s  # the middle of each, one less than there are phrases
        self.ends = np.concatenate(([0.0], np.cumsum(loud_s)))
        self._loud_s = loud_s

    def liveliness(self) -> float:
        """The usual change from a few phrases to the next, in LU."""
        change = np.abs(self.changes(_SIDES[0]))
        change = change[change > 0]
        return float(np.median(change)) if len(change) else _LEAST_LU

    def changes(self, side_s: float) -> _Floats:
        """At each pause, the LU by which so many seconds of speech are louder than those before; 0 near the ends."""
        at = self.ends[1:-1]
        places = np.arange(1, len(self.level))
        first = np.searchsorted(self.ends, at - side_s, side="right") - 1
        last = np.searchsorted(self.ends, at + side_s)
        inside = (first >= 0) & (last < len(self.ends))
        change = self.between(np.maximum(first, 0), places, np.minimum(last, len(self.level)))
        return np.where(inside, change, 0.0)

    def between(self, first: _Places, middle: _Places, last: _Places) -> _Floats:
        """LU by which phrases `middle` to `last` are louder than those from `first` to `middle`."""
        total = np.concatenate(([0.0], np.cumsum(self.level * self._loud_s)))
        after = (total[last] - total[middle]) / (self.ends[last] - self.ends[middle])
        return np.asarray(after - (total[middle] - total[first]) / (self.ends[middle] - self.ends[first]))

    def without(self, numbers: _Places, changes: _Floats) -> "_Phrases":
        """As they would be if the level did not change so before these phrases."""
        steps = np.zeros(len(self.level))
        steps[numbers] = changes
        return _Phrases(self.level - np.cumsum(steps), self._loud_s, self.pauses_s)


def _phrases(levels: npt.NDArray[np.int8], loudness: float) -> _Phrases | None:
    if not len(levels):
        return None
    floor = _quantile(levels, _FLOOR) / _PER_DB
    quiet_db = min(max(loudness - _PAUSE_LU, floor + _ABOVE_FLOOR_LU), loudness - _LEAST_PAUSE_LU)
    parts = (levels[start : start + _COUNTED] for start in range(0, len(levels), _COUNTED))
    starts, ends = stretches(part < _PER_DB * quiet_db for part in parts)
    long = ends - starts >= _PAUSE
    bounds: list[tuple[int, int]] = []
    for start, end in zip([0, *ends[long].tolist()], [*starts[long].tolist(), len(levels)], strict=True):
        if end - start >= _SHORTEST:
            cuts = np.linspace(start, end, max(1, round((end - start) / _LONGEST)) + 1).astype(int).tolist()
            bounds += pairwise(cuts)
    if len(bounds) < _FEWEST:
        return None
    level, loud_s = np.zeros(len(bounds)), np.zeros(len(bounds))
    for number, (start, end) in enumerate(bounds):
        part = np.sort(levels[start:end])
        loud = part[np.searchsorted(part, part[int(_LOUD * len(part))] - _PER_DB * _PHRASE_LU) :]
        level[number], loud_s[number] = loud.mean() / _PER_DB, len(loud) / BINS_PER_S
    edges = np.array(bounds, np.float64)
    phrases = _Phrases(level, loud_s, (edges[1:, 0] + edges[:-1, 1]) / 2 / BINS_PER_S)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(level, _AROUND, mode="edge"), 2 * _AROUND + 1)
    usual = np.median(around, axis=1)
    most = max(_OUTLIER_LU, _OUTLIER_TIMES * phrases.liveliness())
    return _Phrases(np.clip(level, usual - most, usual + most), loud_s, phrases.pauses_s)


def _quantile(levels: npt.NDArray[np.int8], quantile: float) -> float:
    """As `numpy.quantile`, which would make doubles of them all, twice."""
    counts = np.zeros(256, np.int64)
    for start in range(0, len(levels), _COUNTED):
        counts += np.bincount(levels[start : start + _COUNTED].astype(np.int16) + 128, minlength=256)
    place = (len(levels) - 1) * quantile
    low, high = np.searchsorted(counts.cumsum(), [int(place), math.ceil(place)], side="right") - 128
    return float(low + (high - low) * (place - int(place)))


def _lasting(phrases: _Phrases) -> list[_Step]:
    """The steps between whose neighbours the level really differs."""
    numbers, liveliness = _candidates(phrases)
    while len(numbers):
        steps = _judged(phrases, numbers, liveliness)
        scores = [_with_return(steps, index) for index in range(len(steps))]
        weakest = int(np.argmin(scores))
        if scores[weakest] >= 1:
            return steps
        numbers = np.delete(numbers, weakest)
    return []


def _candidates(phrases: _Phrases) -> tuple[_Places, float]:
    """Phrases before which the level may change, in order, and how lively the voice is but for that.

    What was found is taken out before the next look: the flanks of a step are no steps, and a voice that varies little
    is not called lively for its steps.
    """
    found: set[int] = set()
    liveliness = _LEAST_LU
    for _ in range(_ROUNDS):
        liveliness = phrases.liveliness()
        changes = np.stack([phrases.changes(side_s) for side_s in _SIDES])
        scores = np.abs(changes) / _needed(np.array(_SIDES), liveliness)[:, None]
        best = scores.max(axis=0)
        new: dict[int, float] = {}
        taken_s: list[float] = []
        for index in np.argsort(-best, kind="stable").tolist():
            at_s = float(phrases.pauses_s[index])
            if best[index] < _MAYBE:
                break
            if all(abs(at_s - other_s) > _APART_S for other_s in taken_s):
                taken_s.append(at_s)
                side = int(scores[:, index].argmax())
                sign = np.sign(changes[side, index])
                near = np.flatnonzero(np.abs(phrases.pauses_s - at_s) < _NEAR_S)
                place = int(near[(sign * changes[1:4, near]).sum(axis=0).argmax()])
                if place + 1 not in found:
                    new[place + 1] = float(changes[side, place])
        if not new:
            break
        found.update(new)
        phrases = phrases.without(np.array(list(new)), np.array(list(new.values())))
    return np.array(sorted(found), np.int64), liveliness


def _judged(phrases: _Phrases, numbers: _Places, liveliness: float) -> list[_Step]:
    """Each of the steps, if the level only changed there: from one to the next, or as far as it makes sense to look."""
    ends = phrases.ends
    at = ends[numbers]
    first = np.maximum(np.concatenate(([0], numbers[:-1])), np.searchsorted(ends, at - _SIDES[-1]))
    last = np.minimum(np.concatenate((numbers[1:], [len(phrases.level)])), np.searchsorted(ends, at + _SIDES[-1]))
    change = phrases.between(np.minimum(first, numbers - 1), numbers, np.maximum(last, numbers + 1))
    score = np.abs(change) / _needed(np.minimum(ends[last] - at, at - ends[first]), liveliness)
    rows = zip(phrases.pauses_s[numbers - 1].tolist(), change.tolist(), score.tolist(), strict=True)
    return [_Step(*row) for row in rows]


def _needed(side_s: _Floats, liveliness: float) -> _Floats:
    """LU that speech of that length must differ by on both sides."""
    times = np.interp(side_s, _SIDES, _TIMES) * np.maximum(1.0, _SIDES[0] / np.maximum(side_s, 0.1))
    return np.maximum(_LEAST_LU, liveliness * times)


def _with_return(steps: list[_Step], index: int) -> float:
    """The score of a step; a little more where the next or the last one leads back."""
    one = steps[index]
    for other in steps[max(0, index - 1) : index + 2]:
        back = -one.change / other.change if other.change else 0.0
        if _BACK[0] < back < _BACK[1] and abs(one.at_s - other.at_s) < _BACK_WITHIN_S:
            return one.score / _BOTH_WAYS
    return one.score
