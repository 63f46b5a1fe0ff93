"""One episode heard, measured and judged: the job of a worker process."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

from studio.domain.errors import DiskFullError, EarsError
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, judge
from studio.domain.hearing import HeardWord
from studio.domain.spoken import SpokenForm
from studio.engine.ports import CheckJob, Report
from studio.quality.align import Comparison, compare
from studio.quality.ears import hear, prepare
from studio.quality.runs import Run, find_runs
from studio.quality.second_hearing import hear_again
from studio.quality.signals import expected_s, sound_findings
from studio.quality.unheard import only_unheard

SECOND_EARS: Final = "base"
_FIRST_PART: Final = 0.95  # of the work is the first hearing
_TOO_SHORT: Final = 12  # characters; a shorter script cannot be heard for certain
_SURE: Final = 0.5  # mean probability of the words under which the ears have guessed
_QUOTE: Final = 16  # words of a quotation; longer ones lose their middle


def check(report: Report, job: CheckJob, cache: Path | None = None) -> QaReport:
    """Hear every word of `job.audio` and lay it against the script; measure it; give the verdict.

    `cache` is where a hearing model is joined (the user's cache folder unless given). Raises `AudioError` for a file
    that cannot be decoded, `EarsError` and `DiskFullError` where there are no ears.
    """
    duration = job.sound.duration_s
    model = job.settings.ears
    heard = hear(lambda done: report(_FIRST_PART * done), job.audio, model, duration, cache=cache)
    comparison = compare(job.spoken, heard, job.marks, duration)
    runs = find_runs(comparison.pieces, job.spoken.words, heard)
    doubts = [(run.first, run.last) for run in runs if run.severity is not Severity.NOTE]
    ears = model
    if doubts:
        second = _second_ears(model, cache)
        ears = f"{model}, doubts by {second}"
        heard = hear_again(job.audio, second, job.spoken, heard, comparison.pieces, doubts, duration, cache)
        comparison = compare(job.spoken, heard, job.marks, duration)
        runs = find_runs(comparison.pieces, job.spoken.words, heard)
    unheard = [run for run in runs if run.severity is not Severity.NOTE and _is_unheard(run, job, comparison, heard)]
    findings = [
        *_whole_findings(job, comparison, heard, unheard),
        *sound_findings(job, comparison.alignment.words),
        *(_finding(run, job, comparison, heard, unheard=run in unheard) for run in runs if heard),
    ]
    findings.sort(key=lambda finding: (finding.start_s is not None, finding.start_s or 0.0))
    report(1.0)
    return QaReport(
        verdict=judge(findings),
        alignment=comparison.alignment,
        sound=job.sound,
        expected_duration_s=expected_s(job),
        duration_learned=job.rate.learned,
        findings=tuple(findings),
        ears=ears,
    )


def _second_ears(model: str, cache: Path | None) -> str:
    """The better ears, or the same ones again where the better cannot be had."""
    try:
        prepare(SECOND_EARS, cache)
    except (EarsError, DiskFullError):
        return model
    return SECOND_EARS


def _is_unheard(run: Run, job: CheckJob, comparison: Comparison, heard: Sequence[HeardWord]) -> bool:
    return only_unheard(comparison.pieces[run.first : run.last], job.spoken.words, heard, job)


def _whole_findings(
    job: CheckJob, comparison: Comparison, heard: Sequence[HeardWord], unheard: Sequence[Run]
) -> Iterator[Finding]:
    """Findings about the words as a whole."""
    alignment = comparison.alignment
    if job.spoken.characters < _TOO_SHORT:
        detail = f"The script is too short to be checked by ear: it has {job.spoken.characters} characters."
        yield Finding(FindingKind.MISREAD_WORDS, Severity.UNSURE, detail)
    if alignment.accuracy is None:
        return
    if not heard:
        detail = "No word of the script was heard: there is no speech in this sound."
        yield Finding(FindingKind.MISSING_WORDS, Severity.FAULT, detail, script=_quote(_script(job.spoken)))
        return
    if alignment.accuracy >= job.settings.word_accuracy:
        return
    counts = {
        FindingKind.MISSING_WORDS: alignment.deleted,
        FindingKind.EXTRA_WORDS: alignment.inserted,
        FindingKind.MISREAD_WORDS: alignment.substituted,
    }
    asked = f"at least {job.settings.word_accuracy:.0%} are asked for"
    detail = f"{max(0.0, alignment.accuracy):.1%} of the script's words were heard right; {asked}."
    sure = fmean(word.probability for word in heard) >= _SURE
    passages = (comparison.pieces[run.first : run.last] for run in unheard)
    lost = sum(part[-1].meant[1] - part[0].meant[0] for part in passages)
    wrong = alignment.substituted + alignment.deleted + alignment.inserted - lost
    if lost and wrong <= (1 - job.settings.word_accuracy) * (len(alignment.words) - lost):
        sure = False
        detail += " Without the passages of which no words could be made out it would be enough."
    elif not sure:
        detail += " The ears were not sure of what they heard, so a person should listen."
    kind = max(counts, key=lambda kind: counts[kind])
    yield Finding(kind, Severity.FAULT if sure else Severity.UNSURE, detail)


def _finding(run: Run, job: CheckJob, comparison: Comparison, heard: Sequence[HeardWord], *, unheard: bool) -> Finding:
    spoken = job.spoken
    pieces = comparison.pieces[run.first : run.last]
    first, last = pieces[0].meant[0], pieces[-1].meant[1]
    script = [word.text for word in spoken.words[first:last]]
    said = [word.text for word in heard[pieces[0].heard[0] : pieces[-1].heard[1]]]
    words = spoken.words[first:last] or spoken.words[max(0, first - 1) : first + 1]
    severity, detail = run.severity, _detail(run.kind, _quote(said), _quote(script))
    if unheard:
        severity = Severity.UNSURE
        detail = f"There is sound, but no words could be made out, where the script says “{_quote(script)}”."
    return Finding(
        kind=run.kind,
        severity=severity,
        detail=detail,
        start_s=run.start_s,
        end_s=run.end_s,
        said=" ".join(said),
        script=" ".join(script),
        source_start=words[0].start if words else None,
        source_end=words[-1].end if words else None,
    )


def _detail(kind: FindingKind, said: str, script: str) -> str:
    if kind is FindingKind.CUT_OFF:
        return f"The sound ends before the script does: “{script}” was not heard."
    if kind is FindingKind.REPEATED_WORDS:
        return f"“{said}” is said twice."
    if not said:
        return f"“{script}” was not heard."
    if not script:
        return f"Heard “{said}”, which the script does not have."
    return f"Heard “{said}” where the script says “{script}”."


def _script(spoken: SpokenForm) -> list[str]:
    return [word.text for word in spoken.words]


def _quote(words: Sequence[str]) -> str:
    if len(words) > _QUOTE:
        words = [*words[: _QUOTE - 4], "…", *words[-3:]]
    return " ".join(word.strip('“”"') for word in words)
