"""When a run will be through, from how long each stage has taken so far."""

from collections import defaultdict
from collections.abc import Iterable

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.engine.events import Eta

_TIMED = (Stage.WRITE, Stage.PREPARE, Stage.SYNTHESIZE, Stage.MASTER, Stage.CHECK, Stage.EXPORT)
_ACTIVE = {State.QUEUED, State.WORKING}


def eta(episodes: Iterable[Episode], cores: int, speakers: int) -> Eta:
    """The range of seconds left, both None until every timed stage has been seen once.

    Each stage's seconds a character come from the episodes that have been through it. What is left is spread over the
    `cores`, and the speaking over `speakers`, which are the same cores for a voice of this machine; it never ends
    before the longest single episode can. The range narrows with the square root of the evidence.
    """
    seconds: dict[Stage, float] = defaultdict(float)
    characters: dict[Stage, int] = defaultdict(int)
    seen = 0
    left: list[Episode] = []
    for episode in episodes:
        for stage, taken in episode.timings:
            seconds[stage] += taken
            characters[stage] += episode.characters
            seen += stage is Stage.CHECK
        if episode.state in _ACTIVE:
            left.append(episode)
    if not left:
        return Eta(0.0, 0.0)
    if not all(characters[stage] for stage in (Stage.SYNTHESIZE, Stage.MASTER, Stage.CHECK)):
        return Eta(None, None)
    rate = {stage: seconds[stage] / characters[stage] for stage in _TIMED if characters[stage]}
    speaking = [
        episode.characters * rate[Stage.SYNTHESIZE]
        for episode in left
        if STAGES.index(episode.stage) <= STAGES.index(Stage.SYNTHESIZE)
    ]
    each = [
        episode.characters * sum(rate.get(stage, 0.0) for stage in STAGES[STAGES.index(episode.stage) :])
        for episode in left
    ]
    if speakers == cores:
        likely = max(sum(each) / cores, *each)
    else:
        likely = max(sum(speaking) / speakers, (sum(each) - sum(speaking)) / cores, *each)
    spread = min(0.5, 0.1 + 0.4 / seen**0.5)
    return Eta(likely * (1 - spread / 2), likely * (1 + spread))
