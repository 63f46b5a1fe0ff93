"""One episode heard, measured and judged: the job of a worker process."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Final

from studio.audio.analysis import analyse
from studio.domain.errors import DiskFullError, EarsError
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, judge, percent
from studio.domain.hearing import Forgiven, HeardWord
from studio.domain.sound import SoundReport
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob
from studio.engine.ports import Report
from studio.quality.align import Comparison, compare
from studio.quality.apart import hear_apart
from studio.quality.brand import brand_findings
from studio.quality.cascade import Ruling, hear_again
from studio.quality.doubts import Place, places
from studio.quality.ears import FirstHearing, load
from studio.quality.kept_sound import KeptSound
from studio.quality.names import only_garbled
from studio.quality.pace import Pace
from studio.quality.refrain_places import HeardScript
from studio.quality.refrains import refrains
from studio.quality.runs import Run, find_runs
from studio.quality.signals import expected_s, merged_spots, sound_findings
from studio.quality.unheard import only_unheard
from studio.quality.voiceprint import VoiceEars
from studio.quality.witness import Witness

SECOND_EARS: Final = "base"
_FIRST_PART: Final = 0.9  # of the work is the first hearing
_ROUNDS: Final = 2  # what is set right in one place may show a difference in the next
_CERTAIN: Final = 0.8  # a difference that is less sure is left to a person
_ONE_HEARING: Final = 0.5  # how sure a difference is that was not heard again
_TOO_SHORT: Final = 12  # characters; a shorter script cannot be heard for certain
_SURE: Final = 0.5  # mean probability of the words under which the ears have guessed
_QUOTE: Final = 16  # words of a quotation; longer ones lose their middle


def check(report: Report, job: CheckJob, cache: Path | None = None) -> QaReport:
    """Hear every word of `job.audio` and lay it against the script; measure it; give the verdict.

    `cache` is where a hearing model is joined (the user's cache folder unless given). Raises `AudioError` for a file
    that cannot be decoded, `EarsError` where there are no ears, and `DiskFullError` where there is no room for them, or
    for the sound (115 MB an hour, kept while it is checked).
    """
    with KeptSound() as kept:
        return _checked(report, job, cache, kept)


def _checked(report: Report, job: CheckJob, cache: Path | None, kept: KeptSound) -> QaReport:
    ears = job.settings.ears
    voice, first, pace = VoiceEars(), FirstHearing(ears, cache), Pace()
    measured = analyse(
        job.audio,
        lambda done: report(_FIRST_PART * done),
        job.settings.max_silence_s,
        listeners=[voice, first, pace, kept],
    ).sound
    sound = replace(measured, spots=merged_spots(job.spots, measured.spots))
    heard = tuple(first.words)
    comparison = compare(job.spoken, heard, job.marks, sound.duration_s)
    rulings: tuple[Ruling, ...] = ()
    forgiven: tuple[Forgiven, ...] = ()
    if heard and (passages := refrains(job.spoken)):
        second = _second_ears(job.settings.ears, cache)
        ears = f"{job.settings.ears}, refrains and doubts by {second}"
        script = HeardScript(job.spoken, comparison, sound.duration_s)
        again = hear_apart(Witness(load(second, cache)), kept, heard, script, passages)
        heard, rulings, forgiven = again.heard, again.rulings, again.forgiven
        comparison = compare(job.spoken, heard, job.marks, sound.duration_s)
    slow = pace.stretched(heard, comparison.pieces)
    for _ in range(_ROUNDS):
        doubtful = _unruled(comparison, slow, sound.duration_s, rulings) if heard else []
        if not doubtful:
            break
        second = _second_ears(job.settings.ears, cache)
        ears = f"{job.settings.ears}, doubts by {second}"
        again = hear_again(kept, second, job.spoken, heard, comparison.pieces, doubtful, job.settings.ears, cache)
        heard, rulings, forgiven = again.heard, (*rulings, *again.rulings), (*forgiven, *again.forgiven)
        comparison = compare(job.spoken, heard, job.marks, sound.duration_s)
        slow = []
    comparison = _with_forgiven(comparison, forgiven)
    runs = find_runs(comparison.pieces, job.spoken.words, heard)
    unheard = [run for run in runs if _is_unheard(run, job, sound, comparison, heard)]
    voice_report, voice_findings = voice.judged(job, kept, comparison.alignment.words)
    brand_report, brand_notes = brand_findings(job, comparison.alignment, sound)
    findings = [
        *_whole_findings(job, comparison, heard, unheard),
        *sound_findings(job, sound, comparison.alignment.words),
        *voice_findings,
        *brand_notes,
        *(_finding(run, job, comparison, heard, rulings, unheard=run in unheard) for run in runs if heard),
    ]
    findings.sort(key=lambda finding: (finding.start_s is not None, finding.start_s or 0.0))
    report(1.0)
    return QaReport(
        verdict=judge(findings),
        alignment=comparison.alignment,
        sound=sound,
        expected_duration_s=expected_s(job),
        duration_learned=job.rate.learned,
        findings=tuple(findings),
        ears=ears,
        voice=voice_report,
        brand=brand_report,
    )


def _unruled(comparison: Comparison, slow: Sequence[int], duration_s: float, rulings: Sequence[Ruling]) -> list[Place]:
    """The places to be heard again, without what was ruled on before."""
    pieces = comparison.pieces
    found = []
    for place in places(pieces, slow, duration_s, comparison.alignment.accuracy or 0.0):
        doubts = tuple(
            doubt
            for doubt in place.doubts
            if not any(
                ruling.touches(pieces[doubt.first].meant[0], pieces[doubt.last - 1].meant[1]) for ruling in rulings
            )
        )
        if doubts:
            found.append(replace(place, doubts=doubts))
    return found


def _second_ears(model: str, cache: Path | None) -> str:
    """The better ears, or the same ones again where the better cannot be had."""
    try:
        load(SECOND_EARS, cache)
    except (EarsError, DiskFullError):
        return model
    return SECOND_EARS


def _with_forgiven(comparison: Comparison, forgiven: Sequence[Forgiven]) -> Comparison:
    together = sorted((*comparison.alignment.forgiven, *forgiven), key=lambda item: item.start_s)
    return replace(comparison, alignment=replace(comparison.alignment, forgiven=tuple(together)))


def _is_unheard(
    run: Run, job: CheckJob, sound: SoundReport, comparison: Comparison, heard: Sequence[HeardWord]
) -> bool:
    return only_unheard(comparison.pieces[run.first : run.last], job.spoken.words, heard, sound, job.rate)


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
    detail = f"{percent(max(0.0, alignment.accuracy))} of the script's words were heard right; {asked}."
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


def _finding(
    run: Run,
    job: CheckJob,
    comparison: Comparison,
    heard: Sequence[HeardWord],
    rulings: Sequence[Ruling],
    *,
    unheard: bool,
) -> Finding:
    spoken = job.spoken
    first, last = run.meant
    script = [word.text for word in spoken.words[first:last]]
    said = [word.text for word in heard[slice(*run.said)]]
    words = spoken.words[first:last] or spoken.words[max(0, first - 1) : first + 1]
    detail = _detail(run.kind, _quote(said), _quote(script))
    sure = max((ruling.sure for ruling in rulings if ruling.touches(first, last)), default=_ONE_HEARING)
    severity = Severity.FAULT if sure >= _CERTAIN else Severity.UNSURE
    wrong = [piece for piece in comparison.pieces[run.first : run.last] if piece.wrong]
    if run.kind is FindingKind.MISREAD_WORDS and only_garbled(
        [spoken.words[index].text for piece in wrong for index in range(*piece.meant)],
        [heard[index].text for piece in wrong for index in range(*piece.heard)],
    ):
        severity, sure = Severity.UNSURE, min(sure, _ONE_HEARING)
        detail += " The ears do not know it: if it is said wrongly, it needs a pronunciation."
    if unheard:
        severity, sure = Severity.UNSURE, _ONE_HEARING
        detail = f"There is sound, but no words could be made out, where the script says “{_quote(script)}”."
    return Finding(
        kind=run.kind,
        severity=severity,
        detail=detail,
        start_s=run.start_s,
        end_s=run.end_s,
        said=" ".join(said),
        script=" ".join(script) if run.kind is not FindingKind.REPEATED_WORDS else "",
        source_start=words[0].start if words else None,
        source_end=words[-1].end if words else None,
        sure=sure,
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
