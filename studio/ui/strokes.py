"""The four strokes of the stage column: text, voice, sound, release."""

from dataclasses import dataclass

from studio.domain.episode import Episode, Stage, State
from studio.ui.theme import Tone

# Where a stage begins and ends, in strokes. Mastering and checking share the third, review and export the fourth.
_REACH = {
    Stage.WRITE: (0.0, 0.8),
    Stage.PREPARE: (0.8, 1.0),
    Stage.SYNTHESIZE: (1.0, 2.0),
    Stage.MASTER: (2.0, 2.4),
    Stage.CHECK: (2.4, 3.0),
    Stage.REVIEW: (3.0, 3.5),
    Stage.EXPORT: (3.5, 4.0),
}
COUNT = 4


@dataclass(frozen=True, slots=True)
class Stroke:
    """How full a stroke is, 0 to 1, and its tone."""

    fraction: float
    tone: Tone


def strokes(episode: Episode, progress: float | None) -> tuple[Stroke, ...]:
    """The strokes of `episode`; `progress` is that of the stage under way."""
    if episode.state is State.DONE:
        return (Stroke(1.0, Tone.GOOD),) * COUNT
    first, last = _REACH[episode.stage]
    reached = first + (last - first) * (progress or 0.0) if episode.state is State.WORKING else first
    quiet = episode.state in {State.CANCELLED, State.REJECTED}
    made = [Stroke(min(1.0, max(0.0, reached - at)), Tone.NEUTRAL if quiet else Tone.ACCENT) for at in range(COUNT)]
    if episode.state is State.NEEDS_YOU:
        made[0 if episode.awaits_approval else 3] = Stroke(1.0, Tone.LOOK)
    elif episode.state in {State.FAILED, State.REJECTED}:
        made[int(first)] = Stroke(1.0, Tone.BAD)
    return tuple(made)
