"""A course as shapes, worked out on a thread: the window's own has no time for thousands of points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio.domain.control import LEARNED, Rule
from studio.engine.drift import Course
from studio.ui.quality_words import is_good

BEYOND: Final = 1.0  # how far beyond the limits points are drawn, in widths of what is between them
ORDINARY, HINTED, ALONE, FELL, ROSE, FELL_WELL, ROSE_WELL = range(7)
_KINDS: Final = ("point", "hint", "alone", "drift", "drift", "well", "well")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything by its place in the series. `heights` are the values within `low` and `high`, between which is drawn.

    `edges` are the borders between the places, `limits` the lower and the upper one (none while the baseline is
    learned), `average` begins after the baseline, `marks` are the points of each kind, and `far` those that lie farther
    out than they are drawn.
    """

    low: float
    high: float
    heights: Numbers
    edges: Numbers
    limits: tuple[Numbers, ...]
    average: Numbers
    marks: Mapping[int, NDArray[np.int64]]
    far: NDArray[np.int64]

    @property
    def kinds(self) -> frozenset[str]:
        """What is to be seen in it, as the legend calls it."""
        there = {_KINDS[kind] for kind in self.marks} | {"point", "baseline"}
        there |= {"limits"} if self.limits else set()
        return frozenset(there | ({"average"} if len(self.average) else set()))


def drawing_of(course: Course) -> Drawing:
    """The shapes of a course.

    It is as high as the limits and a band beyond them; what lies farther out is drawn at the edge.
    """
    values = np.array(course.values)
    low, high = float(values.min()), float(values.max())
    limits = tuple(np.array(course.usual).T) if course.usual else ()
    if limits:
        # The limits of a very short episode may lie anywhere.
        under, over = float(np.quantile(limits[0], 0.1)), float(np.quantile(limits[1], 0.9))
        band = BEYOND * (over - under)
        low, high = max(min(low, under), under - band), min(max(high, over), over + band)
    heights = np.clip(values, low, high)
    kinds = kinds_of(course)
    return Drawing(
        low=low,
        high=high,
        heights=heights,
        edges=np.arange(len(values) + 1, dtype=np.float64) - 0.5,
        limits=limits,
        average=np.array(course.average),
        marks={kind: at for kind in range(7) if len(at := np.flatnonzero(kinds == kind))},
        far=np.flatnonzero(heights != values),
    )


def kinds_of(course: Course) -> NDArray[np.int64]:
    """How each point is marked."""
    kinds = np.full(len(course.values), ORDINARY)
    for hint in course.chart.hints:
        kinds[hint.first : hint.last + 1] = HINTED
    for signal in course.chart.signals:
        if signal.rule is Rule.DRIFT:
            well = is_good(course, signal)
            kind = (ROSE_WELL if well else ROSE) if signal.side > 0 else (FELL_WELL if well else FELL)
            kinds[signal.first : signal.last + 1] = kind
    for signal in course.chart.signals:
        if signal.rule is Rule.OUTLIER:
            kinds[signal.first] = ALONE
    return kinds


def after_baseline(drawing: Drawing) -> NDArray[np.int64]:
    """The places that the moving average is drawn at."""
    return np.arange(LEARNED, len(drawing.heights))
