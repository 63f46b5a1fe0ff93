"""What is wrong with an episode, and the verdict that follows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from studio.domain.brand import BrandReport
from studio.domain.hearing import Alignment
from studio.domain.sound import SoundReport
from studio.domain.voiceprint import VoiceReport


class FindingKind(StrEnum):
    """The faults by name."""

    MISSING_WORDS = "missing_words"
    EXTRA_WORDS = "extra_words"
    REPEATED_WORDS = "repeated_words"
    MISREAD_WORDS = "misread_words"
    CUT_OFF = "cut_off"
    SILENCE = "silence"
    NOISE = "noise"
    CLIPPING = "clipping"
    LOUDNESS = "loudness"
    TRUE_PEAK = "true_peak"
    DURATION = "duration"
    VOICE = "voice"
    CLICK = "click"
    BRAND = "brand"  # not in line with the show's brand file
    MENDED = "mended"  # spoken anew: no fault, but worth hearing


class Severity(StrEnum):
    """How much a finding weighs in the verdict."""

    NOTE = "note"  # worth knowing, never stops an episode
    REVIEW = "review"  # a person should listen
    FAULT = "fault"  # wrong as it stands
    UNSURE = "unsure"  # the check could not decide


class Verdict(StrEnum):
    """The studio's word on an episode."""

    PASS = "pass"  # noqa: S105  (a verdict, not a password)
    REVIEW = "review"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. About a place it has both times; about the whole episode it has neither.

    `sure` is how likely it is what it is called, 0 to 1; None where it was measured and there is nothing to doubt.
    """

    kind: FindingKind
    severity: Severity
    detail: str
    start_s: float | None = None
    end_s: float | None = None
    said: str = ""
    script: str = ""
    source_start: int | None = None
    source_end: int | None = None
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class QaReport:
    """Everything the checks have to say about one master."""

    verdict: Verdict
    alignment: Alignment
    sound: SoundReport
    expected_duration_s: float | None
    duration_learned: bool  # False while the voice's rate is a first guess
    findings: tuple[Finding, ...]
    ears: str  # the hearing model, as it must stand beside its accuracy
    voice: VoiceReport | None = None  # None where there is too little speech to tell
    brand: BrandReport | None = None  # None without a brand file


def judge(findings: Iterable[Finding]) -> Verdict:
    """The verdict: a fault fails, an undecided check leaves it open, anything for a person's ears asks for a review."""
    severities = {finding.severity for finding in findings}
    if Severity.FAULT in severities:
        return Verdict.FAIL
    if Severity.UNSURE in severities:
        return Verdict.INCONCLUSIVE
    if Severity.REVIEW in severities:
        return Verdict.REVIEW
    return Verdict.PASS


def with_findings(report: QaReport, more: Sequence[Finding]) -> QaReport:
    """The report with further findings, in order of their places, and the verdict that follows."""
    if not more:
        return report
    findings = sorted((*report.findings, *more), key=lambda each: (each.start_s is not None, each.start_s or 0.0))
    return replace(report, findings=tuple(findings), verdict=judge(findings))


def percent(share: float) -> str:
    """A share as a percentage, rounded down: what misses its line never looks as if it met it."""
    return f"{math.floor(share * 1000 + 1e-6) / 10:.1f}%"
