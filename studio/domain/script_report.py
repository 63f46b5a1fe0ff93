"""Is a text worth paying for? What the checks of a script found, before any of it is spoken."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from studio.domain.editing import Edit
from studio.domain.findings import Severity, Verdict


class Check(StrEnum):
    """What a script is checked for."""

    LENGTH = "length"  # against the minutes that were asked for
    LIMIT = "limit"  # against what the voice's model takes in one call
    STRUCTURE = "structure"  # opening, closing, segments
    CLAIM = "claim"  # without a passage that it rests on
    DUPLICATE = "duplicate"  # of another episode
    REPETITION = "repetition"  # of phrases within it
    READING = "reading"  # reading level
    SENTENCE = "sentence"  # length of sentences
    BRAND = "brand"
    FORBIDDEN = "forbidden"
    UNSPEAKABLE = "unspeakable"  # what no voice can say, and is no speech
    MISREADING = "misreading"  # a word that the voice is likely to misread
    SSML = "ssml"  # mark-up that is not closed, or not understood
    BREAKS = "breaks"  # too many pauses
    LANGUAGE = "language"  # not the one that the voice speaks


@dataclass(frozen=True, slots=True)
class Cure:
    """What cures a finding with one click: a change of the text, or how a word is spoken; `label` says it in words."""

    label: str
    edit: Edit | None = None
    pronounce: tuple[str, str] | None = None  # written, spoken


@dataclass(frozen=True, slots=True)
class ScriptFinding:
    """One thing found. `start` and `end` are offsets into the script's text, None where it is about the whole."""

    check: Check
    severity: Severity
    detail: str
    start: int | None = None
    end: int | None = None
    cure: Cure | None = None


@dataclass(frozen=True, slots=True)
class ScriptReport:
    """Everything that the checks have to say about one script.

    `expected_s` is how long it should take to speak, `asked_s` what was asked for, None where nothing was. `grade` is
    the US school grade by Flesch and Kincaid, None for a text too short to tell; `language` an ISO 639-1 code or empty.
    """

    verdict: Verdict
    findings: tuple[ScriptFinding, ...]
    words: int
    characters: int
    expected_s: float
    asked_s: float | None = None
    grade: float | None = None
    language: str = ""
    brand_alignment: float | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The likeness of a text. `bands` are hashes of parts of the signature: near-duplicates share at least one.

    `signature` is the MinHash, big-endian unsigned 32-bit numbers. `phrases` are hashes of a sample of its phrases, in
    order; of a text that stands in another one, the same are drawn there.
    """

    signature: bytes
    bands: tuple[int, ...]
    phrases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another episode whose text may be much the same.

    `same_text` marks the very same text, which can only be in another project: what was bought there is used again.
    `inside` is the share of this script's phrases that stand in it, `around` the share of its own that stand in this
    script; what many texts of a library say, as a show's opening, is left out of both.
    """

    episode_id: int
    title: str
    project: str
    signature: bytes
    same_text: bool = False
    inside: float = 0.0
    around: float = 0.0


def judged(findings: Iterable[ScriptFinding]) -> Verdict:
    """The verdict: a fault fails, an undecided check leaves it open, anything for a person's eyes asks for a review."""
    severities = {finding.severity for finding in findings}
    if Severity.FAULT in severities:
        return Verdict.FAIL
    if Severity.UNSURE in severities:
        return Verdict.INCONCLUSIVE
    return Verdict.REVIEW if Severity.REVIEW in severities else Verdict.PASS
