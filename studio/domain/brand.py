"""A show's brand: what its scripts must, should and must not say, and how well one episode keeps to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from studio.domain.style import StyleProfile


class Rule(StrEnum):
    """What points are taken off for."""

    OPENING = "opening"
    CLOSING = "closing"
    FORBIDDEN = "forbidden"
    PREFERRED = "preferred"
    CLAIM = "claim"
    READING = "reading"
    SENTENCE = "sentence"
    ADDRESS = "address"
    PACE = "pace"
    STYLE = "style"


class Address(StrEnum):
    """How the show speaks to whoever listens."""

    ANY = "any"
    YOU = "you"
    WE = "we"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Deduction:
    """What was taken off, and why. `points` are of 100; source offsets and seconds are None for the whole episode.

    `points` of 0 say that its rule had already cost as much as it may.
    """

    rule: Rule
    points: float
    detail: str
    source_start: int | None = None
    source_end: int | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class BrandReport:
    """How well an episode keeps to its brand: 0 to 1, which is 1 less its deductions, in order of their place."""

    alignment: float
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """Points for each time that a rule is broken, or for each unit that it is missed by, and the most that it costs."""

    each: float
    most: float


WEIGHTS: Final[Mapping[Rule, Weight]] = MappingProxyType(
    {
        Rule.OPENING: Weight(10, 20),
        Rule.CLOSING: Weight(10, 20),
        Rule.FORBIDDEN: Weight(5, 30),
        Rule.PREFERRED: Weight(2, 15),
        Rule.CLAIM: Weight(4, 20),
        Rule.READING: Weight(3, 15),  # a grade
        Rule.SENTENCE: Weight(1, 10),
        Rule.ADDRESS: Weight(2, 10),
        Rule.PACE: Weight(1, 10),  # a share of 2% of the pace
        Rule.STYLE: Weight(5, 20),  # each time that the samples' own spread is exceeded by its half
    }
)
HELD: Final = frozenset({Rule.OPENING, Rule.CLOSING, Rule.FORBIDDEN})
"""Rules that a person should look at whenever they are broken, however few points it costs."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included."""

    low: float
    high: float

    def miss(self, value: float) -> float:
        """How far `value` is outside: 0 within."""
        return max(self.low - value, value - self.high, 0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A text that must be said, in one of several wordings, within so many words of the beginning or the end."""

    wordings: tuple[str, ...]
    within_words: int = 30


CLAIMS: Final = (
    *("studies show", "studies have shown", "studies suggest", "a study found", "a study shows", "a recent study"),
    *("research shows", "research has shown", "research suggests", "research proves", "evidence shows"),
    *("researchers found", "researchers have found", "scientists say", "scientists have found", "scientists agree"),
    *("experts say", "experts agree", "doctors recommend", "statistics show", "surveys show", "data shows"),
    *("proven", "clinically tested", "scientifically tested", "it is a fact", "it is well known"),
)
SOURCES: Final = (
    "according to",
    "reported by",
    "published in",
    "published by",
    "reported in",
    "study by",
    "survey by",
    "report by",
    "data from",
    "figures from",
    "source",
    "sources",
)


@dataclass(frozen=True, slots=True)
class Claims:
    """What counts as a claim, and what as its source: words in its own sentence, or `neighbours` away from it."""

    claims: tuple[str, ...] = CLAIMS
    sources: tuple[str, ...] = SOURCES
    percentages: bool = True
    neighbours: int = 1


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand file, read. What is None or empty is not asked for.

    `forbidden` gives the reason by the phrase, `preferred` what to say instead; `grade` is a US school grade
    (Flesch-Kincaid), `longest` and `mean` are words a sentence, `pace` words a minute. `pronunciations` says how words
    are spoken, by the word as it is written.
    """

    name: str = ""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    openings: tuple[Line, ...] = ()
    closings: tuple[Line, ...] = ()
    forbidden: Mapping[str, str] = field(default_factory=dict)
    preferred: Mapping[str, str] = field(default_factory=dict)
    claims: Claims | None = None
    grade: Range | None = None
    longest: int | None = None
    mean: Range | None = None
    address: Address = Address.ANY
    pace: Range | None = None
    style: StyleProfile | None = None
    weights: Mapping[Rule, Weight] = field(default_factory=lambda: dict(WEIGHTS))
    held: frozenset[Rule] = HELD
