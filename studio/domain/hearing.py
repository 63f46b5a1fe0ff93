"""What was heard, and how it lies against what was meant."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as the ears heard it, with its time and how sure they were (0 to 1)."""

    text: str
    start_s: float
    end_s: float
    probability: float


class Match(StrEnum):
    """How a word of the script was heard."""

    SAME = "same"
    FORGIVEN = "forgiven"  # written differently, but a right reading ("fifty" for "50")
    MISREAD = "misread"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A reference word and when it sounds. Of a missing word the times are where it should have been."""

    text: str
    source_start: int
    source_end: int
    start_s: float
    end_s: float
    match: Match


@dataclass(frozen=True, slots=True)
class Alignment:
    """The script's words against the heard ones.

    `accuracy` is 1 - (substituted + deleted + inserted) / reference words, at least 0; None for a script without words.
    """

    words: tuple[TimedWord, ...]
    accuracy: float | None
    substituted: int
    deleted: int
    inserted: int
