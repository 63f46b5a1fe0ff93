"""Quality over time: the control chart of one measure of one series, and what the random review proves."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.domain.control import FAR, LEARNED, Chart, control
from studio.domain.measures import SCALES, Check, Measure, Series, series_of
from studio.domain.sampling import RandomReview
from studio.domain.trend import Trend, trend


class Checks(Protocol):
    """What was checked (`store/drift.py`)."""

    async def all(self) -> Sequence[Check]:
        """Every episode that was checked, once for each voice that spoke it, in order of checking."""

    async def reviewed(self) -> Mapping[int, RandomReview]:
        """What came of the random review, by project; without those in which nothing has passed."""


@dataclass(frozen=True, slots=True)
class Course:
    """A series and its chart; `checks`, `values` and `usual` are point by point those of `chart.points`.

    Between the ends of `usual`, three standard deviations from the centre, nothing stands out. `average` is what the
    moving average reads, from the first point after the baseline on. While that is learned both are empty.
    """

    series: Series
    measure: Measure
    checks: tuple[Check, ...]
    values: tuple[float, ...]
    chart: Chart
    usual: tuple[tuple[float, float], ...]
    average: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ProjectTrend:
    """One project's values of a measure in order of checking, and where they go."""

    project_id: int
    values: tuple[float, ...]
    trend: Trend


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything about one measure: every series of it, the last checked first, the chosen one, and the projects.

    `checked` is how many episodes were checked at all, with or without this measure.
    """

    measure: Measure
    checked: int
    series: tuple[Series, ...]
    course: Course | None
    projects: tuple[ProjectTrend, ...]
    reviews: Mapping[int, RandomReview]


class Drift:
    """Reads what was checked and draws the charts, in a thread: nothing waits for it."""

    def __init__(self, checks: Checks) -> None:
        self._checks = checks

    async def quality(self, measure: Measure, series: Series | None = None) -> Quality:
        """How a measure has gone. Of the series that is asked for, or else of the one that was checked last."""
        checks, reviews = await self._checks.all(), await self._checks.reviewed()
        return await asyncio.to_thread(quality, checks, reviews, measure, series)


def quality(
    checks: Sequence[Check], reviews: Mapping[int, RandomReview], measure: Measure, wanted: Series | None
) -> Quality:
    """The same from what was read. A series that is asked for and not there is as if none were."""
    scale = SCALES[measure]
    measured = [(check, value) for check in checks if (value := scale.read(check)) is not None]
    parted: dict[Series, list[tuple[Check, float]]] = defaultdict(list)
    projects: dict[int, list[float]] = defaultdict(list)
    for check, value in measured:
        series = series_of(check, measure)
        parted[series] = parted.pop(series, [])  # to the end: the last checked
        parted[series].append((check, value))
        projects[check.project_id].append(value)
    order = tuple(reversed(parted))
    chosen = wanted if wanted in parted else next(iter(order), None)
    trends = [
        ProjectTrend(project_id, tuple(values), trend([scale.score(value) for value in values]))
        for project_id, values in projects.items()
    ]
    course = _course(chosen, measure, parted[chosen]) if chosen is not None else None
    return Quality(measure, len(checks), order, course, tuple(trends), reviews)


def _course(series: Series, measure: Measure, measured: Sequence[tuple[Check, float]]) -> Course:
    checks, values = tuple(check for check, _ in measured), tuple(value for _, value in measured)
    scale = SCALES[measure]
    chart = control(scale.points(checks))
    usual: tuple[tuple[float, float], ...] = ()
    average: tuple[float, ...] = ()
    if (baseline := chart.baseline) is not None:
        usual = tuple((scale.at(baseline, each, -FAR), scale.at(baseline, each, FAR)) for each in chart.points)
        later = zip(chart.points[LEARNED:], chart.judged, strict=True)
        average = tuple(scale.at(baseline, point, each.average) for point, each in later)
    return Course(series, measure, checks, values, chart, usual, average)
