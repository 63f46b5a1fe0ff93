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


class Grounds(StrEnum):
    """Why a difference between what was meant and what was heard is none."""

    NUMBER = "number"  # another reading or writing of the same number, date, time or amount
    SPELLING = "spelling"  # a variant, an abbreviation, an acronym
    DIVISION = "division"  # joined or split words
    SOUND = "sound"  # sounds alike: a name that the ears cannot spell
    HEARD_AGAIN = "heard_again"  # the second hearing heard it right
    WITNESS = "witness"  # the sound fits the script's words at least as well as what was heard


@dataclass(frozen=True, slots=True)
class Forgiven:
    """A difference that was looked at twice and let go: what was meant, what was heard, and on what grounds."""

    script: str
    said: str
    grounds: Grounds
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """The script's words against the heard ones.

    `accuracy` is 1 - (substituted + deleted + inserted) / reference words, at least 0; None for a script without words.
    `forgiven` lists in order of time what does not count among them.
    """

    words: tuple[TimedWord, ...]
    accuracy: float | None
    substituted: int
    deleted: int
    inserted: int
    forgiven: tuple[Forgiven, ...] = ()
