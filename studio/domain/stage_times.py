"""What takes how long: the stages of a batch, and which of them holds it up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from studio.domain.episode import Episode, Stage

TIMED: Final = (Stage.WRITE, Stage.PREPARE, Stage.SYNTHESIZE, Stage.MASTER, Stage.CHECK, Stage.EXPORT)


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage over all episodes that went through it: the last run of each.

    `usual_s` is the median of an episode, `total_s` what all took together. `per_minute_s` is what a minute of sound
    takes, None where the lengths are not known; `share` is that of the time of all stages, 0 to 1.
    """

    stage: Stage
    episodes: int
    usual_s: float
    total_s: float
    per_minute_s: float | None
    share: float


def stage_times(episodes: Iterable[Episode]) -> tuple[StageTime, ...]:
    """The stages in order; without those that no episode went through."""
    taken: dict[Stage, list[tuple[float, float | None]]] = {stage: [] for stage in TIMED}
    for episode in episodes:
        for stage, seconds in episode.timings:
            if stage in taken:
                taken[stage].append((seconds, episode.duration_s))
    whole = sum(seconds for stage in taken.values() for seconds, _ in stage)
    return tuple(_of_stage(stage, found, whole) for stage, found in taken.items() if found)


def _of_stage(stage: Stage, found: Sequence[tuple[float, float | None]], whole: float) -> StageTime:
    total = sum(seconds for seconds, _ in found)
    known = [(seconds, length) for seconds, length in found if length]
    minutes = sum(length for _, length in known) / 60
    return StageTime(
        stage,
        len(found),
        median(seconds for seconds, _ in found),
        total,
        sum(seconds for seconds, _ in known) / minutes if minutes else None,
        total / whole if whole else 0.0,
    )


def bottleneck(times: Sequence[StageTime], workers: int, requests: int | None) -> StageTime | None:
    """The stage that holds the others up, or None where nothing took any time.

    What the workers do shares them; what is bought, where `requests` may be under way at once, does not wait for them.
    """
    bought = [each for each in times if requests and each.stage is Stage.SYNTHESIZE]
    worked = [each for each in times if each not in bought]
    buying_s = sum(each.total_s for each in bought) / (requests or 1)
    working_s = sum(each.total_s for each in worked) / max(1, workers)
    lane = bought if buying_s > working_s else worked
    longest = max(lane, key=lambda each: each.total_s, default=None)
    return longest if longest is not None and longest.total_s > 0 else None
