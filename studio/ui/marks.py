"""The marks of an episode in order: its findings, its chapters and the stretch that was marked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from studio.domain.findings import Severity
from studio.ui import wording
from studio.ui.selection import Selection
from studio.ui.theme import SEVERITY_TONES, Tone
from studio.ui.wave_paint import WaveContent

_BESIDE_S = 0.05  # a mark that is no further away is the one where the playhead stands
_WEIGHTS = {Severity.NOTE: "note", Severity.REVIEW: "to be heard", Severity.FAULT: "fault", Severity.UNSURE: "unsure"}


class Kind(StrEnum):
    """What is marked."""

    CHAPTER = "chapter"
    FINDING = "finding"
    SELECTION = "selection"


ICONS = {Kind.CHAPTER: "bookmark", Kind.FINDING: "triangle-alert", Kind.SELECTION: "scan"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of them; `index` is the finding's in the report, -1 for anything else."""

    start_s: float
    end_s: float
    kind: Kind
    words: str
    tone: Tone
    index: int = -1

    @property
    def line(self) -> str:
        """As it stands in the list: `03:12.4  Misread “we know” (fault)`."""
        return f"{wording.moment(self.start_s)}  {self.words}"

    @property
    def spoken(self) -> str:
        """As a screen reader says it: what it is before where it is."""
        return f"{self.words}, at {wording.moment(self.start_s)}"


def marks_of(content: WaveContent | None, selection: Selection | None) -> tuple[Mark, ...]:
    """Every mark, by time."""
    if content is None:
        return ()
    found = [
        Mark(at, at, Kind.CHAPTER, f"Chapter: {wording.isolated(title)}", Tone.INFO) for at, title in content.chapters
    ]
    for place in content.places:
        finding = place.finding
        about = finding.script or finding.said
        quoted = f" “{wording.isolated(about)}”" if about else ""
        words = f"{wording.FINDING_NAMES[finding.kind]}{quoted} ({_WEIGHTS[finding.severity]})"
        tone = SEVERITY_TONES[finding.severity]
        found.append(Mark(place.start_s, place.end_s, Kind.FINDING, words, tone, place.index))
    if selection is not None:
        words = f"Marked stretch to {wording.moment(selection.end_s)} {selection.words(content.words)}".rstrip()
        found.append(Mark(selection.start_s, selection.end_s, Kind.SELECTION, words, Tone.ACCENT))
    return tuple(sorted(found, key=lambda mark: (mark.start_s, mark.kind)))


def following(marks: Sequence[Mark], second: float) -> Mark | None:
    """The next mark after `second`."""
    return next((mark for mark in marks if mark.start_s > second + _BESIDE_S), None)


def preceding(marks: Sequence[Mark], second: float) -> Mark | None:
    """The last mark before `second`."""
    return next((mark for mark in reversed(marks) if mark.start_s < second - _BESIDE_S), None)
