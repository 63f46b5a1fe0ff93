"""What is known of a stage under way beside the episode's row: how far it is, and what it is at."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Live:
    """`fraction` from 0 to 1, None where it is not known; `doing` in words ("waits for a slot"), or empty."""

    fraction: float | None = None
    doing: str = ""


NOTHING_LIVE: Final = Live()
