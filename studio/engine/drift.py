"""Quality over time: the control chart of one measure of one series, and what the random review proves."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from studio.domain.control import FAR, LEARNED, Chart, Rule, control
from studio.domain.measures import SCALES, Check, Measure, Renewal, Series, series_of
from studio.domain.sampling import RandomReview
from studio.domain.trend import Trend, trend


class Checks(Protocol):
    """What was checked (`store/drift.py`)."""

    async def all(self) -> Sequence[Check]:
        """Every episode that was checked, once for each voice that spoke it, in order of checking."""

    async def reviewed(self) -> Mapping[int, RandomReview]:
        """What came of the random review, by project; without those in which nothing has passed."""

    async def renewals(self) -> Sequence[Renewal]:
        """What is to be learned anew, in the order of `since`."""

    async def renew(self, voice: str, model: str, since: str) -> Renewal:
        """Have what is usual of a voice and model learned anew, from what is checked `since`; empty is now."""

    async def take_back(self, renewal: Renewal) -> None:
        """What was usual before stays so."""


@dataclass(frozen=True, slots=True)
class Course:
    """A series and its chart; `checks`, `values` and `usual` are point by point those of `chart.points`.

    Between the ends of `usual`, three standard deviations from the centre, nothing stands out. `average` is what the
    moving average reads, from the first point after the baseline on. While that is learned both are empty.

    `renewal` is there while its baseline is to be learned anew and too little was checked for that: `renewed` episodes.
    """

    series: Series
    measure: Measure
    checks: tuple[Check, ...]
    values: tuple[float, ...]
    chart: Chart
    usual: tuple[tuple[float, float], ...]
    average: tuple[float, ...]
    renewal: Renewal | None = None
    renewed: int = 0

    @property
    def turn(self) -> str:
        """Since when a new baseline would be learned: where a drift that is still on began, or empty for now."""
        drifts = (each for each in self.chart.signals if each.rule is Rule.DRIFT and each.lasting)
        return min((self.checks[each.first].at for each in drifts), default="")


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
        renewals = await self._checks.renewals()
        return await asyncio.to_thread(quality, checks, reviews, measure, series, renewals)

    async def renew(self, course: Course) -> Renewal:
        """Have what is usual of the voice of a course learned anew, in every measure: from its `turn` on.

        What was usual before holds until enough was checked since, and nothing of it is lost.
        """
        return await self._checks.renew(course.series.voice, course.series.model, course.turn)

    async def take_back(self, renewal: Renewal) -> None:
        """Have what was usual before hold on."""
        await self._checks.take_back(renewal)


def quality(
    checks: Sequence[Check],
    reviews: Mapping[int, RandomReview],
    measure: Measure,
    wanted: Series | None,
    renewals: Sequence[Renewal] = (),
) -> Quality:
    """The same from what was read. A series that is asked for and not there is as if none were."""
    scale = SCALES[measure]
    measured = [(check, value) for check in checks if (value := scale.read(check)) is not None]
    alike: dict[Series, list[tuple[Check, float]]] = defaultdict(list)
    projects: dict[int, list[float]] = defaultdict(list)
    for check, value in measured:
        series = series_of(check, measure)
        alike[series] = alike.pop(series, [])  # to the end: the last checked
        alike[series].append((check, value))
        projects[check.project_id].append(value)
    parted = {part: found for series, found in alike.items() for part, found in _parted(series, found, renewals)}
    order = tuple(reversed(parted))
    chosen = wanted if wanted in parted else next(iter(order), None)
    trends = [
        ProjectTrend(project_id, tuple(values), trend([scale.score(value) for value in values]))
        for project_id, values in projects.items()
    ]
    course = None
    if chosen is not None:
        course = _course(chosen, measure, parted[chosen], _pending(chosen, parted, renewals))
    return Quality(measure, len(checks), order, course, tuple(trends), reviews)


def _parted(
    series: Series, measured: Sequence[tuple[Check, float]], renewals: Sequence[Renewal]
) -> list[tuple[Series, list[tuple[Check, float]]]]:
    """A series by its renewals, oldest part first; a part that has too few for a baseline belongs to the one before."""
    parts: list[tuple[Series, list[tuple[Check, float]]]] = []
    left = list(measured)
    for renewal in reversed(renewals):
        if _is_of(renewal, series):
            later = [(check, value) for check, value in left if check.at >= renewal.since]
            if len(later) >= LEARNED:
                parts.append((replace(series, since=renewal.since), later))
                left = left[: -len(later)]
    if left:
        parts.append((series, left))
    return parts[::-1]


def _pending(series: Series, parts: Iterable[Series], renewals: Sequence[Renewal]) -> Renewal | None:
    """The newest renewal of a series for which too little was checked yet; none for a part that is over."""
    newest = next((each for each in reversed(renewals) if _is_of(each, series)), None)
    latest = max(each.since for each in parts if replace(each, since=series.since) == series)
    return newest if newest is not None and series.since == latest < newest.since else None


def _is_of(renewal: Renewal, series: Series) -> bool:
    return (renewal.voice, renewal.model) == (series.voice, series.model)


def _course(
    series: Series, measure: Measure, measured: Sequence[tuple[Check, float]], renewal: Renewal | None
) -> Course:
    checks, values = tuple(check for check, _ in measured), tuple(value for _, value in measured)
    scale = SCALES[measure]
    chart = control(scale.points(checks))
    usual: tuple[tuple[float, float], ...] = ()
    average: tuple[float, ...] = ()
    if (baseline := chart.baseline) is not None:
        usual = tuple((scale.at(baseline, each, -FAR), scale.at(baseline, each, FAR)) for each in chart.points)
        later = zip(chart.points[LEARNED:], chart.judged, strict=True)
        average = tuple(scale.at(baseline, point, each.average) for point, each in later)
    renewed = sum(check.at >= renewal.since for check in checks) if renewal else 0
    return Course(series, measure, checks, values, chart, usual, average, renewal, renewed)
