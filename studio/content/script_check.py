"""Is a script worth paying for? Everything that can be said of its text alone."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from studio.content.check_brand import check_brand
from studio.content.check_characters import check_characters
from studio.content.check_claims import check_claims
from studio.content.check_language import check_language
from studio.content.check_leftovers import check_leftovers
from studio.content.check_length import check_length, check_limit
from studio.content.check_listening import check_listening
from studio.content.check_markup import check_breaks, check_markup
from studio.content.check_misreading import check_misreading
from studio.content.check_repetition import check_repetition
from studio.content.check_sentences import check_sentences
from studio.content.check_structure import check_structure
from studio.content.fingerprint import fingerprint
from studio.content.languages import same_language
from studio.content.subject import Subject, subject_of
from studio.domain.brand import Brand
from studio.domain.extent import extent_of
from studio.domain.findings import Severity
from studio.domain.phrases import Phrases, filled
from studio.domain.prose import words_in
from studio.domain.readability import grade_of
from studio.domain.script_report import Check, ScriptFinding, ScriptReport, judged
from studio.engine.authoring import Examined, KnownWords, ScriptJob
from studio.engine.ports import Report

_JUDGED = 100  # words from which a reading level says something
_EXPLAINS = frozenset({Check.UNSPEAKABLE, Check.LANGUAGE, Check.SSML})
_NO_WORDS = frozenset({"front matter", "link address"})
_LEFT_OUT = 0.5  # share of a text that is not spoken, from which a person should know


def examine(report: Report, job: ScriptJob, knows: KnownWords) -> Examined:
    """The report on a script, and its likeness. Linear in the length of the text; no text makes it raise.

    `knows` says which English words a voice does not have to guess.
    """
    subject = subject_of(job)
    spoken = job.spoken
    expected_s = job.rate.expected_s(extent_of(spoken.utterances))
    language, findings = check_language(subject)
    report(0.3)
    alignment: float | None = None
    if job.brand is not None:
        alignment, of_brand = check_brand(subject, job.brand)
        findings += of_brand
    report(0.5)
    findings += _of_text(subject, knows, expected_s, english=not language or same_language(language, "en"))
    report(0.9)
    findings = _once(findings)
    words = [word.key for sentence in subject.sentences for word in sentence.words]
    ordered = tuple(sorted(findings, key=lambda each: (each.start is not None, each.start or 0, each.end or 0)))
    examined = ScriptReport(
        verdict=judged(ordered),
        findings=ordered,
        words=sum(len(utterance.words) for utterance in spoken.utterances),
        characters=spoken.characters,
        expected_s=expected_s,
        asked_s=60 * job.asked_minutes or None,
        grade=round(grade_of(subject.sentences), 1) if len(words) >= _JUDGED else None,
        language=language,
        brand_alignment=alignment,
    )
    likeness = fingerprint(words, list(_told(subject, job.brand)))
    report(1.0)
    return Examined(examined, likeness)


def _told(subject: Subject, brand: Brand | None) -> Iterator[tuple[int, int]]:
    """Where it opens and closes as every script of its brand does, in words."""
    if brand is not None:
        values = {"title": subject.script.title, "show": subject.job.settings.show or brand.name}
        lines = [wording for line in (*brand.openings, *brand.closings) for wording in line.wordings]
        words = [word for sentence in subject.sentences for word in sentence.words]
        found = Phrases(filled(wording, values) for wording in lines).find(words)
        yield from ((each.first, each.last) for each in found)


def _of_text(subject: Subject, knows: KnownWords, expected_s: float, *, english: bool) -> Iterator[ScriptFinding]:
    yield from _nothing_spoken(subject)
    yield from check_length(subject, expected_s)
    yield from check_limit(subject)
    yield from check_structure(subject)
    yield from check_claims(subject)
    yield from check_repetition(subject)
    yield from check_sentences(subject)
    yield from check_leftovers(subject)
    yield from check_characters(subject, knows)
    yield from check_markup(subject)
    yield from check_breaks(subject, expected_s)
    if english:
        yield from check_listening(subject)
        yield from check_misreading(subject, knows)


def _once(findings: Sequence[ScriptFinding]) -> list[ScriptFinding]:
    """Without the words that are unknown because what they stand in is no speech, or of another language."""
    whole = [each for each in findings if each.check in _EXPLAINS and each.start is not None and each.end is not None]
    ends = sorted((each.start or 0, each.end or 0) for each in whole)
    reach = list(accumulate((end for _, end in ends), max))

    def explained(finding: ScriptFinding) -> bool:
        number = bisect_right(ends, (finding.start or 0, len(ends) and reach[-1])) - 1
        return number >= 0 and reach[number] > (finding.start or 0)

    return [
        each for each in findings if each.check is not Check.MISREADING or each.start is None or not explained(each)
    ]


def _nothing_spoken(subject: Subject) -> Iterator[ScriptFinding]:
    """A text of which nothing, or the smaller part, is speech."""
    if not any(utterance.words for utterance in subject.job.spoken.utterances):
        yield ScriptFinding(Check.UNSPEAKABLE, Severity.FAULT, "There is nothing in it to speak.")
        return
    # What stands in tags and addresses, and what a front matter says, are no words of the script.
    outside = sum(
        len(words_in(subject.script.text[part.start : part.end]))
        for part in subject.script.skipped
        if part.why in _NO_WORDS or subject.script.text.count("<", part.start, part.end) == 1
    )
    written = len(words_in(subject.script.text)) - outside
    said = len(words_in(subject.text))
    left = {part.why for part in subject.script.skipped if part.end - part.start > 20}
    if left and said < _LEFT_OUT * written:
        names = ", ".join(sorted(left))
        detail = f"Only {said:,} of its {written:,} words will be spoken; the rest is no speech ({names})."
        yield ScriptFinding(Check.UNSPEAKABLE, Severity.REVIEW, detail)
