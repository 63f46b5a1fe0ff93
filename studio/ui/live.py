"""What is known of an episode beside its row: how far its stage is and what it is at, or its place in the queue."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Live:
    """`fraction` from 0 to 1, None where it is not known; `doing` in words ("waits for a slot"), or empty.

    `place` is that in the queue, from 1, of `of` in all; 0 where it does not wait.
    """

    fraction: float | None = None
    doing: str = ""
    place: int = 0
    of: int = 0


NOTHING_LIVE: Final = Live()
