"""What the Quality page shows of a measure: the course of a voice, the batch as it stands, every project."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.domain.episode import Episode
from studio.domain.histogram import Histogram, histogram
from studio.domain.measures import Line, Measure, line_of
from studio.domain.project import Project
from studio.engine.drift import Quality

_FINEST = {Measure.LOUDNESS: 0.01, Measure.TRUE_PEAK: 0.05, Measure.LIMITING: 0.1, Measure.FINDINGS: 0.05}
_IN_THE_ROW: dict[Measure, Callable[[Episode], float | None]] = {
    Measure.WORDS: lambda episode: episode.word_accuracy,
    Measure.VOICE: lambda episode: episode.voice_consistency,
    Measure.BRAND: lambda episode: episode.brand_alignment,
    Measure.LOUDNESS: lambda episode: episode.loudness_lufs,
    Measure.TRUE_PEAK: lambda episode: episode.true_peak_dbtp,
    Measure.LENGTH: lambda episode: (
        episode.duration_s / episode.expected_duration_s - 1
        if episode.duration_s and episode.expected_duration_s
        else None
    ),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the page shows: what was read, the batch as it stands, and every project."""

    quality: Quality
    batch: tuple[float, ...]
    mended: bool  # whether the batch is as it stands now, or as it was first spoken
    bars: Histogram
    line: Line
    project: Project
    projects: tuple[Project, ...]


def seen_of(quality: Quality, episodes: Sequence[Episode], project: Project, projects: tuple[Project, ...]) -> Seen:
    """What the page shows, put together."""
    measure, line = quality.measure, line_of(quality.measure, project.settings)
    read = _IN_THE_ROW.get(measure)
    if read is not None:
        batch = tuple(value for each in episodes if each.verdict and (value := read(each)) is not None)
    else:
        batch = next((each.values for each in quality.projects if each.project_id == project.id), ())
    edge = line.least if line.least is not None else line.most or 0.0
    bars = histogram(batch, edge, _FINEST.get(measure, 0.001))
    return Seen(quality, batch, read is not None, bars, line, project, projects)
