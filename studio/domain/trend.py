"""Whether a series of numbers rises, falls or does neither: the test of Mann and Kendall, and the slope of Sen."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import median
from typing import Final

ENOUGH: Final = 8  # values; fewer say nothing
MOST: Final = 120  # more are taken together in so many neighbours: the pairs grow with the square
SURE: Final = 2.576  # standard deviations: one false alarm in a hundred, both ways together


class Way(StrEnum):
    """Where it goes."""

    UNKNOWN = "unknown"
    STEADY = "steady"
    RISING = "rising"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """Where it goes, and the median of the first and of the last quarter of the values."""

    way: Way
    first: float
    last: float


def trend(values: Sequence[float]) -> Trend:
    """The trend of values in order of time; nothing but their order matters (Mann 1945, Kendall 1975)."""
    if not values:
        return Trend(Way.UNKNOWN, 0.0, 0.0)
    quarter = max(1, len(values) // 4)
    first, last = median(values[:quarter]), median(values[-quarter:])
    if len(values) < ENOUGH:
        return Trend(Way.UNKNOWN, first, last)
    few = _together(values)
    pairs = combinations(few, 2)
    rising = sum((later > earlier) - (later < earlier) for earlier, later in pairs)
    count = len(few)
    ties = sum(times * (times - 1) * (2 * times + 5) for times in Counter(few).values())
    spread = math.sqrt((count * (count - 1) * (2 * count + 5) - ties) / 18)
    # The step towards zero is for a sum that moves in steps of two.
    if not spread or (abs(rising) - 1) / spread < SURE:
        return Trend(Way.STEADY, first, last)
    return Trend(Way.RISING if rising > 0 else Way.FALLING, first, last)


def _together(values: Sequence[float]) -> list[float]:
    size = math.ceil(len(values) / MOST)
    return [median(values[place : place + size]) for place in range(0, len(values), size)]
