"""The findings that have a place in the sound, in the order in which they are heard."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.domain.findings import Finding, QaReport, Severity

LEAD_S = 1.2  # heard before a place, so that the ear arrives in the sentence
TAIL_S = 0.8


@dataclass(frozen=True, slots=True)
class Place:
    """A finding and when it sounds; `index` is its place in the report."""

    index: int
    finding: Finding
    start_s: float
    end_s: float

    @property
    def from_s(self) -> float:
        """Where playing begins."""
        return max(0.0, self.start_s - LEAD_S)

    @property
    def until_s(self) -> float:
        """Where playing ends."""
        return self.end_s + TAIL_S


def places(report: QaReport | None) -> tuple[Place, ...]:
    """Every finding with a place, by time."""
    if report is None:
        return ()
    found = [
        Place(index, finding, finding.start_s, finding.end_s)
        for index, finding in enumerate(report.findings)
        if finding.start_s is not None and finding.end_s is not None
    ]
    return tuple(sorted(found, key=lambda place: (place.start_s, place.end_s)))


def lightest_first(found: Iterable[Place]) -> list[Place]:
    """Notes before what is wrong: in the order in which they are drawn over each other."""
    return sorted(found, key=lambda place: place.finding.severity is not Severity.NOTE)


def minutes_to_hear(found: tuple[Place, ...], deciding_s: float = 8.0) -> int:
    """Whole minutes, at least one, that hearing `found` once and deciding takes."""
    seconds = sum(place.until_s - place.from_s + deciding_s for place in found)
    return max(1, round(seconds / 60))
