"""What to do about a take that did not pass: which utterances are bad, which words are hopeless, which take is best.

Pure rules; what they cost and what is done about it is in `mending`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Match
from studio.domain.mending import Mending, Stretch, merged, sentences, sounding, wider
from studio.domain.misreading import (
    Misreading,
    Stubborn,
    is_misread,
    misreadings,
    needs_pronunciation,
    plain,
    stubborn,
)
from studio.domain.sound import Mark, SpotKind
from studio.domain.spoken import SpokenForm
from studio.domain.take import Take
from studio.engine.ports import Misread

CLEARLY_FEWER: Final = 0.5  # of the characters: a mend that takes more is no longer one

_STEP_S: Final = 1.5  # a longer place is the passage itself, and not where its level changes

_PASSAGE: Final = 3  # words of one sentence

_WORDS: Final = frozenset(
    {
        FindingKind.MISSING_WORDS,
        FindingKind.EXTRA_WORDS,
        FindingKind.REPEATED_WORDS,
        FindingKind.MISREAD_WORDS,
        FindingKind.CUT_OFF,
    }
)
_SOUND: Final = frozenset(
    {FindingKind.SILENCE, FindingKind.NOISE, FindingKind.CLIPPING, FindingKind.CLICK, FindingKind.LOUDNESS}
)
_RANK: Final = {Verdict.PASS: 3, Verdict.REVIEW: 2, Verdict.INCONCLUSIVE: 1, Verdict.FAIL: 0}


def worth_a_retake(report: QaReport) -> bool:
    """Whether it fails and speaking all of it anew may help: the speech itself is at fault."""
    return report.verdict is Verdict.FAIL and any(
        finding.severity is Severity.FAULT and _is_of_speech(finding) for finding in report.findings
    )


def bad_utterances(
    report: QaReport, spoken: SpokenForm, marks: Sequence[Mark], hopeless: Mapping[str, Stubborn]
) -> set[int]:
    """The utterances that are to be spoken anew, by what was found at a place and is the fault of the speech.

    `marks` are those of every utterance. What only a pronunciation can cure is left out.
    """
    found: set[int] = set()
    steps = []
    for finding in filter(is_bad_place, report.findings):
        if finding.kind is FindingKind.LOUDNESS:
            steps.append(finding)
        elif finding.kind in _SOUND:
            for start_s, end_s in _places(finding, report):
                found |= sounding(marks, start_s, end_s)
        elif not needs_pronunciation(finding, hopeless):
            found |= utterances_of(finding, spoken, marks)
    for start_s, end_s in _off_level(steps, report):
        # Where a level changes is known to a second or so: it is that of the utterances that mostly lie within.
        within = {mark.utterance for mark in marks if start_s <= (mark.start_s + mark.end_s) / 2 <= end_s}
        found |= within or sounding(marks, start_s, end_s)
    return found


def utterances_of(finding: Finding, spoken: SpokenForm, marks: Sequence[Mark]) -> set[int]:
    """Where a finding is: by the script's words where it has any, else by the time."""
    first, last = finding.source_start, finding.source_end
    if finding.script and first is not None and last is not None:
        words = {
            number: sum(word.start < last and first < word.end for word in utterance.words)
            for number, utterance in enumerate(spoken.utterances)
            if utterance.start < last and first < utterance.end
        }
        # A single word across the border of a passage may as well be its own: “the” was lost there and is here.
        alone = 1 if max(words.values(), default=0) >= _PASSAGE else 0
        return {number for number, count in words.items() if count > alone}
    if finding.start_s is None or finding.end_s is None:
        return set()
    return sounding(marks, finding.start_s, finding.end_s)


def mending_for(
    bad: Collection[int], spoken: SpokenForm, tried: Iterable[Mending], marks: Sequence[Mark] = ()
) -> Mending:
    """Whole sentences around the bad utterances, or of a long one what the take's `marks` show to lie between silences.

    What was spoken anew before, as `tried` says, and is bad again becomes whole, or takes one neighbour along, for each
    time.
    """
    wanted = list(sentences(spoken, bad, marks))
    for mending in tried:
        for first, last in mending:
            wanted = [
                _more(spoken, stretch) if stretch[0] < last and first < stretch[1] else stretch for stretch in wanted
            ]
    return merged(wanted)


def _more(spoken: SpokenForm, stretch: Stretch) -> Stretch:
    """The whole sentences of a stretch; where it has them, one more."""
    ((first, last),) = sentences(spoken, range(*stretch))
    return (first, last) if (first, last) != stretch else wider(spoken, stretch)


def hopeless_words(
    number: int,
    takes: Mapping[int, Take],
    reports: Mapping[int, QaReport],
    spoken: SpokenForm,
    marks: Sequence[Mark],
    elsewhere: Iterable[Misread],
) -> dict[str, Stubborn]:
    """The words of take `number` that are misread systematically: within it, over its takes, or over the project.

    `reports` are those on `takes` of the same spoken form; `elsewhere` is what other episodes of the project were found
    to misread. What a mended take has from its parent was spoken once, and counts once.
    """
    speakings: dict[tuple[int, int, str], Misreading] = {}
    for take_number in sorted(reports):
        for finding in filter(is_misread, reports[take_number].findings):
            for utterance in utterances_of(finding, spoken, marks):
                spoken_by = _spoken_by(takes, take_number, utterance)
                for each in misreadings(finding.script, finding.said):
                    speakings.setdefault((spoken_by, utterance, each.word.casefold()), each)
    others = {(case.episode_id, each) for case in elsewhere for each in misreadings(case.script, case.said)}
    right = {plain(word.text) for word in reports[number].alignment.words if word.match in {Match.SAME, Match.FORGIVEN}}
    here = {
        each.word.casefold()
        for finding in filter(is_misread, reports[number].findings)
        for each in misreadings(finding.script, finding.said)
    }
    found = stubborn([*speakings.values(), *(each for _, each in others)], right)
    return {word: each for word, each in found.items() if word in here}


def proposals(report: QaReport, hopeless: Mapping[str, Stubborn]) -> list[Finding]:
    """A finding for each hopeless word, where it first sounds: what a person can do about it. Not a second time."""
    found: dict[str, Finding] = {}
    for finding in filter(is_misread, report.findings):
        for each in misreadings(finding.script, finding.said):
            word = hopeless.get(each.word.casefold())
            if word and word.word not in found and not any(word.cure in f.detail for f in report.findings):
                found[word.word] = Finding(
                    FindingKind.MISREAD_WORDS,
                    Severity.REVIEW,
                    word.detail,
                    finding.start_s,
                    finding.end_s,
                    each.said,
                    each.word,
                    finding.source_start,
                    finding.source_end,
                )
    return list(found.values())


def best_take(reports: Mapping[int, QaReport]) -> int:
    """The number of the take with the best verdict, then with the least that is wrong, then the newest."""
    return max(reports, key=lambda number: (*worth(reports[number]), number))


def worth(report: QaReport) -> tuple[float, float, float, float]:
    """How good a take is, to be compared: its verdict, what is at fault, what is in doubt, the words heard right."""
    faults, wrong = _burden(report, {Severity.FAULT}), _burden(report, set(Severity) - {Severity.NOTE})
    return _RANK[report.verdict], -faults, -wrong, report.alignment.accuracy or 0.0


def is_bad_place(finding: Finding) -> bool:
    """Whether it is about a place, and speaking that anew may cure it."""
    return finding.severity is not Severity.NOTE and finding.start_s is not None and _is_of_speech(finding)


def _is_of_speech(finding: Finding) -> bool:
    """Whether the speech is at fault. The level and the noise of a place are its own; those of the whole are not."""
    if finding.kind in _WORDS or finding.kind is FindingKind.VOICE:
        return True
    return finding.kind in _SOUND and finding.start_s is not None


def _places(finding: Finding, report: QaReport) -> Iterator[tuple[float, float]]:
    """Where a finding about the sound is: the spots that it sums up, which may lie far apart, or else as it says."""
    start_s, end_s = finding.start_s or 0.0, finding.end_s or 0.0
    spots = [
        (spot.start_s, spot.end_s)
        for spot in report.sound.spots
        if spot.kind.value == finding.kind.value and spot.start_s >= start_s and spot.end_s <= end_s
    ]
    yield from spots or [(start_s, end_s)]


def _off_level(steps: Sequence[Finding], report: QaReport) -> Iterator[tuple[float, float]]:
    """The passages at another level, where the level was found to change: there and back, or from there to an end."""
    duration_s = report.sound.duration_s
    amounts = [spot for spot in report.sound.spots if spot.kind is SpotKind.STEP]
    pending: tuple[float, bool] | None = None
    for step in steps:
        start_s, end_s = step.start_s or 0.0, step.end_s or 0.0
        at_s = (start_s + end_s) / 2
        if end_s - start_s > _STEP_S or not amounts:
            yield start_s, end_s  # it says itself how long it is
            continue
        up = min(amounts, key=lambda spot: abs((spot.start_s + spot.end_s) / 2 - at_s)).amount > 0
        if pending and pending[1] is not up:
            yield pending[0], at_s
            pending = None
            continue
        if pending:
            yield _to_an_end(pending[0], duration_s)
        pending = at_s, up
    if pending:
        yield _to_an_end(pending[0], duration_s)


def _to_an_end(at_s: float, duration_s: float) -> tuple[float, float]:
    """The shorter part on either side of a moment."""
    return (0.0, at_s) if at_s < duration_s / 2 else (at_s, duration_s)


def _spoken_by(takes: Mapping[int, Take], number: int, utterance: int) -> int:
    """The number of the take for which an utterance of take `number` was spoken."""
    while (take := takes.get(number)) and take.parent:
        if any(mend.first <= utterance < mend.last for mend in take.mends):
            break
        number = take.parent
    return number


def _burden(report: QaReport, severities: Collection[Severity]) -> float:
    """How much is wrong: words, or seconds, at least 1 for each place; what is said twice of a place counts once."""
    weights: dict[tuple[FindingKind, float | None], float] = {}
    for finding in report.findings:
        if finding.severity in severities:
            place = finding.kind, finding.start_s
            weights[place] = max(weights.get(place, 0.0), _weight(finding, report))
    return sum(weights.values())


def _weight(finding: Finding, report: QaReport) -> float:
    if finding.start_s is None or finding.end_s is None:
        alignment = report.alignment
        wrong = alignment.substituted + alignment.deleted + alignment.inserted
        return float(max(1, wrong)) if finding.kind in _WORDS else 1.0
    words = max(len(finding.script.split()), len(finding.said.split()))
    return max(1.0, float(words), 0.0 if words else finding.end_s - finding.start_s)
