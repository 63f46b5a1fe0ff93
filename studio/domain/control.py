"""Whether a series of measurements has changed: a frozen baseline, limits, and the signals that are to be believed.

Everything here is in scores: measurements on a scale on which chance is even (`domain.measures` makes them). A baseline
is the median and the median absolute deviation of the first `LEARNED` scores, so that a few bad ones among them do not
matter; from then on it stays as it is, or a slow drift would draw it along.

Two charts work together. The exponentially weighted moving average (Roberts 1959; weight 0.2, limits at 2.86 sigma)
finds small shifts that stay, Shewhart's limits at 3 sigma find single ones. The rules of Western Electric (1956) raise
a false alarm every 93 points, so they are hints only. With known parameters the average run lengths at a shift of
0, 0.5, 1 and 2 sigma are 381, 34, 8.8 and 2.7 for the moving average, 342, 156, 42 and 6.3 for Shewhart's.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import median
from typing import Final, Self

LEARNED: Final = 25  # points that make a baseline
WEIGHT: Final = 0.2
LIMIT: Final = 2.86
FAR: Final = 3.0
# In the moving average no single point counts for more: a ruined episode is one that stands out, and no drift.
MOST: Final = 3.5


class Rule(StrEnum):
    """What a point says about the series. The last three are hints."""

    DRIFT = "drift"
    OUTLIER = "outlier"
    TWO_OF_THREE = "two_of_three"
    FOUR_OF_FIVE = "four_of_five"
    EIGHT_IN_A_ROW = "eight_in_a_row"


@dataclass(frozen=True, slots=True)
class Point:
    """One score, and the standard deviation that measuring alone gives it: a short episode is known less well."""

    score: float
    noise: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: the centre and the standard deviation of the scores."""

    centre: float
    spread: float

    @classmethod
    def of(cls, scores: Sequence[float]) -> Self:
        """From the median and the median absolute deviation, both of which half of the scores may spoil in vain.

        1.4826 makes the deviation that of a normal distribution; n / (n - 0.8) is what few points take from it (Croux
        and Rousseeuw 1992).
        """
        centre = median(scores)
        deviation = median(abs(score - centre) for score in scores)
        return cls(centre, 1.4826 * deviation * len(scores) / (len(scores) - 0.8))

    def spread_at(self, point: Point) -> float:
        """The standard deviation that is to be expected at a point: never less than measuring it allows."""
        return max(self.spread, point.noise)


@dataclass(frozen=True, slots=True)
class Judged:
    """A point after the baseline, in standard deviations from the centre, with the moving average and its limit."""

    deviation: float
    average: float
    limit: float
    rules: frozenset[Rule]

    @property
    def side(self) -> int:
        """1 above the centre, -1 below it."""
        return 1 if self.average > 0 else -1


@dataclass(frozen=True, slots=True)
class Signal:
    """A stretch of points, by their places in the series, that says the same. `side` is 1 for more, -1 for less.

    A drift begins where a shift explains best what came since the moving average last left the centre (Samuel,
    Pignatiello and Calvin 1998); `lasting` says that it is still on.
    """

    rule: Rule
    first: int
    last: int
    side: int
    lasting: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole series. `judged` begins with the point after the baseline; all of it is empty while that is learned."""

    points: tuple[Point, ...]
    baseline: Baseline | None
    judged: tuple[Judged, ...]
    signals: tuple[Signal, ...]
    hints: tuple[Signal, ...]

    @property
    def missing(self) -> int:
        """How many points the baseline still lacks."""
        return max(0, LEARNED - len(self.points))


def control(points: Sequence[Point]) -> Chart:
    """The control chart of a series in order of time."""
    if len(points) < LEARNED:
        return Chart(tuple(points), None, (), (), ())
    baseline = Baseline.of([point.score for point in points[:LEARNED]])
    judged = judge(points[LEARNED:], baseline)
    signals = _signals(judged)
    return Chart(tuple(points), baseline, judged, signals, _hints(judged, signals))


def judge(points: Sequence[Point], baseline: Baseline) -> tuple[Judged, ...]:
    """Each point against the baseline, the moving average beginning at the centre."""
    deviations: list[float] = []
    judged = []
    average = 0.0
    forgotten = 1.0
    for point in points:
        spread = baseline.spread_at(point)
        deviation = (point.score - baseline.centre) / spread if spread else 0.0
        deviations.append(deviation)
        average += WEIGHT * (_kept(deviation) - average)
        forgotten *= (1 - WEIGHT) ** 2
        # The exact limits: at the beginning the average is known better than later (Montgomery, section 9.2).
        limit = LIMIT * math.sqrt(WEIGHT / (2 - WEIGHT) * (1 - forgotten))
        rules = {rule for rule, holds in _RULES.items() if holds(deviations)}
        if abs(average) > limit:
            rules.add(Rule.DRIFT)
        judged.append(Judged(deviation, average, limit, frozenset(rules)))
    return tuple(judged)


def _among(deviations: Sequence[float], needed: int, of: int, beyond: float) -> bool:
    """Whether the last point and enough of the few before it lie beyond a line, all on one side."""
    side = 1 if deviations[-1] > 0 else -1
    return side * deviations[-1] > beyond and sum(side * each > beyond for each in deviations[-of:]) >= needed


_RULES: Final[dict[Rule, Callable[[Sequence[float]], bool]]] = {
    Rule.OUTLIER: lambda deviations: abs(deviations[-1]) > FAR,
    Rule.TWO_OF_THREE: lambda deviations: _among(deviations, 2, 3, 2.0),
    Rule.FOUR_OF_FIVE: lambda deviations: _among(deviations, 4, 5, 1.0),
    Rule.EIGHT_IN_A_ROW: lambda deviations: _among(deviations, 8, 8, 0.0),
}


def _signals(judged: Sequence[Judged]) -> tuple[Signal, ...]:
    """Drifts, and the single points that stand out of them, in order of time."""
    drifts = _drifts(judged)
    within = {(place, drift.side) for drift in drifts for place in range(drift.first, drift.last + 1)}
    found = list(drifts)
    for number, each in enumerate(judged):
        place, side = LEARNED + number, 1 if each.deviation > 0 else -1
        if Rule.OUTLIER in each.rules and (place, side) not in within:
            found.append(Signal(Rule.OUTLIER, place, place, side, lasting=number == len(judged) - 1))
    return tuple(sorted(found, key=lambda signal: (signal.first, signal.rule)))


def _drifts(judged: Sequence[Judged]) -> list[Signal]:
    """One for each time that the moving average stays on one side of the centre and leaves its limits there."""
    found = []
    numbered = enumerate(judged)
    for side, stretch in groupby(numbered, key=lambda pair: pair[1].side):
        places = list(stretch)
        out = [number for number, each in places if Rule.DRIFT in each.rules]
        # A point alone is no drift: it stands out, or it is nothing.
        alone = len(out) == 1 and (out[0] == places[0][0] or Rule.OUTLIER in judged[out[0]].rules)
        if out and not alone:
            lasting = out[-1] == len(judged) - 1
            first = _change(judged, places[0][0], out[-1])
            found.append(Signal(Rule.DRIFT, LEARNED + first, LEARNED + out[-1], side, lasting))
    return found


def _change(judged: Sequence[Judged], first: int, last: int) -> int:
    """From which of these points on a shift of the mean is likeliest. It lasts for two at least."""
    likeliest, most, total = first, -1.0, 0.0
    for number in range(last, first - 1, -1):
        total += _kept(judged[number].deviation)
        likelihood = total * total / (last - number + 1)
        if number < last and likelihood > most:
            likeliest, most = number, likelihood
    return likeliest


def _kept(deviation: float) -> float:
    return max(-MOST, min(MOST, deviation))


def _hints(judged: Sequence[Judged], signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Stretches at which only a rule of Western Electric speaks, each under the first that does."""
    told = {place for signal in signals for place in range(signal.first, signal.last + 1)}
    found: list[Signal] = []
    for number, each in enumerate(judged):
        place, side = LEARNED + number, 1 if each.deviation > 0 else -1
        rule = next((rule for rule in _HINTS if rule in each.rules), None)
        if rule is None or place in told:
            continue
        lasting = number == len(judged) - 1
        if found and found[-1].last == place - 1 and found[-1].side == side:
            found[-1] = Signal(found[-1].rule, found[-1].first, place, side, lasting)
        else:
            found.append(Signal(rule, place, place, side, lasting))
    return tuple(found)


_HINTS: Final = (Rule.TWO_OF_THREE, Rule.FOUR_OF_FIVE, Rule.EIGHT_IN_A_ROW)
