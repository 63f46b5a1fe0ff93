"""How well an episode keeps to its show's brand: the rules on the script, and what only the finished sound can tell.

Below the project's line the episode is for a person to look at, and so is every broken rule that the brand file holds
for review (unless it says otherwise: openings, closings, forbidden words), however few points it costs. Everything else
that costs points is a note. Another take would change nothing of it, so that no finding is a fault.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from studio.domain.brand import Brand, BrandReport, Deduction, Rule
from studio.domain.brand_rules import align
from studio.domain.findings import Finding, FindingKind, Severity, percent
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.script import Script
from studio.domain.sound import SoundReport
from studio.engine.jobs import CheckJob


def brand_findings(job: CheckJob, alignment: Alignment, sound: SoundReport) -> tuple[BrandReport | None, list[Finding]]:
    """The report on the brand, and what follows from it; nothing without a brand, or without the script."""
    brand, script = job.brand, job.script
    if brand is None or script is None:
        return None, []
    report = align(brand, script, job.settings.show, _words_per_minute(alignment.words, sound.duration_s))
    deductions = tuple(_timed(each, alignment.words) for each in report.deductions)
    report = replace(report, deductions=deductions)
    findings = [_finding(each, brand, script) for each in deductions]
    if report.alignment < job.settings.brand_alignment:
        findings.insert(0, _under_the_line(report, brand, job.settings.brand_alignment))
    return report, findings


def _words_per_minute(words: Sequence[TimedWord], duration_s: float) -> float | None:
    spoken = sum(word.match is not Match.MISSING for word in words)
    return 60 * spoken / duration_s if spoken and duration_s else None


def _timed(deduction: Deduction, words: Sequence[TimedWord]) -> Deduction:
    """With the times of its words; without any where none of them is spoken."""
    if deduction.source_start is None or deduction.source_end is None:
        return deduction
    # Places in the source never decrease from word to word.
    first = bisect_right(words, deduction.source_start, key=attrgetter("source_end"))
    last = bisect_left(words, deduction.source_end, key=attrgetter("source_start"))
    if first >= last:
        return deduction
    own = words[first:last]
    return replace(deduction, start_s=min(word.start_s for word in own), end_s=max(word.end_s for word in own))


def _finding(deduction: Deduction, brand: Brand, script: Script) -> Finding:
    quote = ""
    if deduction.source_start is not None and deduction.source_end is not None:
        quote = " ".join(script.text[deduction.source_start : deduction.source_end].split())
    return Finding(
        kind=FindingKind.BRAND,
        severity=Severity.REVIEW if deduction.rule in brand.held else Severity.NOTE,
        detail=f"{deduction.detail} ({_points(deduction.points)})",
        start_s=deduction.start_s,
        end_s=deduction.end_s,
        script=quote,
        source_start=deduction.source_start,
        source_end=deduction.source_end,
    )


def _under_the_line(report: BrandReport, brand: Brand, line: float) -> Finding:
    lost = {rule: sum(each.points for each in report.deductions if each.rule is rule) for rule in Rule}
    parts = ", ".join(
        f"{rule} {points:g}" for rule, points in sorted(lost.items(), key=lambda item: -item[1]) if points
    )
    show = f" of {brand.name}" if brand.name else ""
    detail = f"Brand alignment{show} is {percent(report.alignment)}, and {line:.0%} is asked for. Points lost: {parts}."
    return Finding(FindingKind.BRAND, Severity.REVIEW, detail)


def _points(points: float) -> str:
    return f"−{points:.2g} points" if points else "its rule has cost all it may"
