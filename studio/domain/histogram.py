"""How many values lie where."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 32  # bars; more are too thin to tell apart
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of one width. Bar `n` counts what lies from `start + n * width` up to the next, that one left out."""

    start: float
    width: float
    counts: tuple[int, ...]


def histogram(values: Sequence[float], edge: float = 0.0, least: float = 1e-6) -> Histogram:
    """The bars of `values`, one of whose borders is `edge`, so that no bar lies on both sides of a line.

    Their width is 1, 2 or 5 of a power of ten, at least `least`, and about what Freedman and Diaconis (1981) advise.
    """
    if not values:
        return Histogram(edge, least, ())
    low, high = min(values), max(values)
    width = _round_width(max(_advised(values), (high - low) / MOST, least))
    # A value on a border belongs to the bar above it, also where the division falls short by its last digit.
    places = Counter(math.floor((value - edge) / width + 1e-9) for value in values)
    first, last = min(places), max(places)
    return Histogram(edge + first * width, width, tuple(places[place] for place in range(first, last + 1)))


def _advised(values: Sequence[float]) -> float:
    ordered = sorted(values)
    count = len(ordered)
    middle_half = ordered[(3 * count - 1) // 4] - ordered[count // 4]
    return float(2 * middle_half / math.cbrt(count))


def _round_width(width: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in _STEPS if step * power >= width * (1 - 1e-9))
