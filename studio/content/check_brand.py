"""Does it keep to its show's brand? The rules are those that the finished episode is laid against, too."""

from collections.abc import Iterator
from typing import Final

from studio.content.subject import Subject
from studio.domain.brand import Brand, Deduction, Rule
from studio.domain.brand_rules import align
from studio.domain.editing import Edit
from studio.domain.findings import Severity
from studio.domain.phrases import Phrases
from studio.domain.script_report import Check, Cure, ScriptFinding

_CHECKS: Final = {
    Rule.OPENING: Check.STRUCTURE,
    Rule.CLOSING: Check.STRUCTURE,
    Rule.FORBIDDEN: Check.FORBIDDEN,
    Rule.CLAIM: Check.CLAIM,
    Rule.READING: Check.READING,
    Rule.SENTENCE: Check.SENTENCE,
}


def check_brand(subject: Subject, brand: Brand) -> tuple[float, list[ScriptFinding]]:
    """The alignment, 0 to 1, and what it lost points for. What must not be said is a fault before it is bought."""
    settings = subject.job.settings
    report = align(brand, subject.script, settings.show)
    instead = dict(_preferred(subject, brand))
    findings = [_finding(each, brand, subject, instead) for each in report.deductions]
    if report.alignment < settings.brand_alignment:
        show = f" of {brand.name}" if brand.name else ""
        asked = f"{settings.brand_alignment:.0%} is asked for"
        detail = f"Alignment with the brand{show} is {report.alignment:.0%}, and {asked}."
        findings.insert(0, ScriptFinding(Check.BRAND, Severity.REVIEW, detail))
    return report.alignment, findings


def _finding(
    deduction: Deduction, brand: Brand, subject: Subject, instead: dict[tuple[int, int], str]
) -> ScriptFinding:
    start, end = deduction.source_start, deduction.source_end
    severity = Severity.REVIEW if deduction.rule in brand.held else Severity.NOTE
    if deduction.rule is Rule.FORBIDDEN:
        severity = Severity.FAULT
    cure = None
    if deduction.rule is Rule.PREFERRED and start is not None and end is not None and (start, end) in instead:
        now = instead[start, end]
        cure = Cure(f"Say “{now}”", Edit(start, subject.script.text[start:end], now))
    return ScriptFinding(_CHECKS.get(deduction.rule, Check.BRAND), severity, deduction.detail, start, end, cure)


def _preferred(subject: Subject, brand: Brand) -> Iterator[tuple[tuple[int, int], str]]:
    """What to say instead at each place, with a capital where one stands there."""
    phrases = Phrases(brand.preferred)
    for sentence in subject.sentences:
        for found in phrases.find(sentence.words):
            start, end = sentence.words[found.first].start, sentence.words[found.last - 1].end
            now = brand.preferred[found.phrase]
            capital = subject.script.text[start].isupper() and now[:1].islower()
            if now and "*" not in now:
                yield (start, end), (now[0].upper() + now[1:] if capital else now)
