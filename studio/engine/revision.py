"""A script that came once more: what differs, what that costs, and how what was paid for is kept."""

from dataclasses import dataclass

from studio.domain.editing import Edit
from studio.domain.mending import Mending, characters
from studio.domain.revision import SentenceChange
from studio.domain.spoken import SpokenForm


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new script beside the one that an episode has.

    `kept_share` is the share of its characters whose sound is there already, 0 to 1. `cost_micro` is an upper bound of
    what the rest costs, in micro-dollars; `seconds` is how long the whole will be.
    """

    sentences: tuple[SentenceChange, ...]
    kept_share: float
    cost_micro: int
    seconds: float
    edits: tuple[Edit, ...] = ()


def kept_share(spoken: SpokenForm, stretches: Mending) -> float:
    """The share of a spoken form's characters that need not be spoken."""
    return 1 - characters(stretches, spoken) / spoken.characters if spoken.characters else 1.0
