"""What is to be spoken anew of a take, what is not, and which take is kept."""

from dataclasses import replace

from studio.domain.editing import Edit, edit_to_text
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict, judge, with_findings
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.sound import Mark, SoundReport, Spot, SpotKind
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance
from studio.domain.take import Artifact, Mend, Take
from studio.engine.mending import notes
from studio.engine.ports import Misread
from studio.engine.repair import (
    bad_utterances,
    best_take,
    hopeless_words,
    mending_for,
    proposals,
    utterances_of,
    worth_a_retake,
)

SOUND = SoundReport(60.0, 44_100, 1, -16.0, 3.0, -14.0, -1.2, ())
WORDS = "the lamp of Hylas was lit again"
LENGTH = len(WORDS) + 1


def form(sentences: int = 6) -> SpokenForm:
    utterances = []
    for number in range(sentences):
        at, words = number * (LENGTH + 1), []
        for word in WORDS.split():
            words.append(SpokenWord(word, at, at + len(word)))
            at += len(word) + 1
        start = number * (LENGTH + 1)
        utterances.append(Utterance(f"{WORDS}.", start, start + LENGTH, tuple(words), 0.25))
    return SpokenForm("A title", tuple(utterances), ())


FORM = form()
MARKS = tuple(Mark(n, u.start, u.end, n * 2.5, n * 2.5 + 2.0) for n, u in enumerate(FORM.utterances))
MISSING, MISREAD, NOISE = FindingKind.MISSING_WORDS, FindingKind.MISREAD_WORDS, FindingKind.NOISE


def at(
    sentence: int, kind: FindingKind = MISSING, severity: Severity = Severity.FAULT, script: str = WORDS, said: str = ""
) -> Finding:
    """A finding about words of a sentence, by its place in the source."""
    start = sentence * (LENGTH + 1)
    place = 2.5 * sentence
    return Finding(kind, severity, "x", place + 0.5, place + 0.9, said, script, start + 4, start + 8)


def misread(sentence: int) -> Finding:
    return at(sentence, MISREAD, script="Hylas", said="hilas")


def during(start_s: float, end_s: float, kind: FindingKind = NOISE, severity: Severity = Severity.FAULT) -> Finding:
    return Finding(kind, severity, "x", start_s, end_s)


def report(*findings: Finding, accuracy: float = 0.97, match: Match = Match.MISREAD) -> QaReport:
    """All words were heard as `match`."""
    words = tuple(TimedWord(word.text, word.start, word.end, 0.0, 0.1, match) for word in FORM.words)
    return QaReport(judge(findings), Alignment(words, accuracy, 1, 1, 1), SOUND, 61.0, False, findings, "tiny.en")


def take(number: int, parent: int = 0, *stretches: tuple[int, int]) -> Take:
    mends = tuple(Mend(first, last, 2.5 * first, 2.5 * last - 0.5, LENGTH) for first, last in stretches)
    artifact = Artifact("0" * 64, ".flac", 1)
    return Take(number, "builtin:heart", "m", number - 1, artifact, MARKS, 15.0, parent, mends)


def test_words_are_where_the_script_has_them_and_sounds_where_they_sound() -> None:
    assert utterances_of(at(3), FORM, MARKS) == {3}
    # A word beyond the end of a lost sentence is not its neighbour's fault; two are, and so is one beside one.
    lost = FORM.utterances[2]
    assert utterances_of(replace(at(2), source_start=lost.start, source_end=lost.end + 4), FORM, MARKS) == {2}
    assert utterances_of(replace(at(2), source_start=lost.start, source_end=lost.end + 9), FORM, MARKS) == {2, 3}
    assert utterances_of(replace(at(2), source_start=lost.end - 4, source_end=lost.end + 4), FORM, MARKS) == {2, 3}
    # What was said too much has no place in the script but between two words of it.
    extra = replace(at(3, FindingKind.EXTRA_WORDS, script="", said="you know"), source_end=5 * LENGTH)
    assert utterances_of(extra, FORM, MARKS) == {3}
    assert utterances_of(during(4.9, 5.4), FORM, MARKS) == {2}
    assert utterances_of(Finding(MISSING, Severity.FAULT, "all of it"), FORM, MARKS) == set()


def test_every_fault_of_the_speech_counts_and_no_other() -> None:
    for kind in FindingKind:
        for severity in Severity:
            found = bad_utterances(report(during(5.1, 5.2, kind, severity)), FORM, MARKS, {})
            cannot = {FindingKind.TRUE_PEAK, FindingKind.DURATION, FindingKind.BRAND, FindingKind.MENDED}
            expected = set() if severity is Severity.NOTE or kind in cannot else {2}
            assert found == expected, (kind, severity)


def test_a_passage_at_another_level_is_spoken_anew_from_step_to_step() -> None:
    def steps(*places: tuple[float, float]) -> QaReport:
        spots = tuple(Spot(SpotKind.STEP, at_s - 0.5, at_s + 0.5, amount) for at_s, amount in places)
        found = [during(spot.start_s, spot.end_s, FindingKind.LOUDNESS) for spot in spots]
        return replace(report(*found), sound=replace(SOUND, duration_s=14.5, spots=spots))

    assert bad_utterances(steps((5.0, -4.0), (12.3, 4.0)), FORM, MARKS, {}) == {2, 3, 4}
    assert bad_utterances(steps((4.0, 4.0), (8.2, -4.0)), FORM, MARKS, {}) == {2}
    assert bad_utterances(steps((2.3, 4.0)), FORM, MARKS, {}) == {0}
    assert bad_utterances(steps((12.3, 4.0)), FORM, MARKS, {}) == {5}
    assert bad_utterances(steps((2.3, 4.0), (7.2, 3.0), (9.8, -5.0)), FORM, MARKS, {}) == {0, 3}


def test_what_is_summed_up_is_spoken_anew_where_it_is() -> None:
    spots = (
        Spot(SpotKind.CLICK, 0.5, 0.51, 30.0),
        Spot(SpotKind.NOISE, 5.3, 5.4, 9.0),
        Spot(SpotKind.CLICK, 13.0, 13.01, 9.0),
    )
    clicks = report(during(0.5, 13.01, FindingKind.CLICK))
    assert bad_utterances(replace(clicks, sound=replace(SOUND, spots=spots)), FORM, MARKS, {}) == {0, 5}
    assert bad_utterances(clicks, FORM, MARKS, {}) == {0, 1, 2, 3, 4, 5}


def test_only_speech_at_fault_is_worth_a_whole_take() -> None:
    whole = Finding(MISSING, Severity.FAULT, "no word was heard")
    assert worth_a_retake(report(whole))
    assert worth_a_retake(report(at(1)))
    assert worth_a_retake(report(Finding(FindingKind.VOICE, Severity.FAULT, "another voice")))
    assert not worth_a_retake(report(Finding(NOISE, Severity.FAULT, "the noise floor is too high")))
    assert not worth_a_retake(report(Finding(FindingKind.LOUDNESS, Severity.FAULT, "too loud")))
    assert not worth_a_retake(report(at(1, severity=Severity.REVIEW)))
    assert not worth_a_retake(
        report(at(1, severity=Severity.REVIEW), Finding(FindingKind.LOUDNESS, Severity.FAULT, ""))
    )


def test_what_was_tried_takes_a_neighbour_along_each_time() -> None:
    assert mending_for({1, 2, 5}, FORM, []) == ((1, 3), (5, 6))
    once = mending_for({2, 5}, FORM, [((2, 3),)])
    assert once == ((1, 3), (5, 6))
    assert mending_for({2}, FORM, [((2, 3),), ((1, 3),)]) == ((0, 3),)
    assert mending_for({2}, FORM, [((4, 5),)]) == ((2, 3),)
    assert mending_for(set(), FORM, [((2, 3),)]) == ()


def test_a_breath_is_spoken_anew_for_itself_then_its_sentence_then_a_neighbour() -> None:
    breaths = tuple(
        replace(each, text=f"{WORDS},", pause_after_s=0.12) if number in {1, 2} else each
        for number, each in enumerate(FORM.utterances)
    )
    spoken = replace(FORM, utterances=breaths)
    assert mending_for({2}, spoken, []) == ((1, 4),)
    once = mending_for({2}, spoken, [], MARKS)
    assert once == ((2, 3),)
    twice = mending_for({2}, spoken, [once], MARKS)
    assert twice == ((1, 4),)
    assert mending_for({2}, spoken, [once, twice], MARKS) == ((0, 4),)
    close = [replace(mark, end_s=mark.start_s + 2.45) for mark in MARKS]
    assert mending_for({2}, spoken, [], close) == ((1, 4),)


def test_a_word_is_hopeless_over_places_takes_or_episodes() -> None:
    places = report(misread(1), misread(4))
    assert set(hopeless_words(1, {1: take(1)}, {1: places}, FORM, MARKS, [])) == {"hylas"}

    once = report(misread(1))
    takes = {1: take(1), 2: take(2, 1, (1, 2))}
    assert hopeless_words(1, takes, {1: once}, FORM, MARKS, []) == {}
    assert set(hopeless_words(2, takes, {1: once, 2: once}, FORM, MARKS, [])) == {"hylas"}
    # The second take has that sentence from the first one: it was spoken once.
    other = {1: take(1), 2: take(2, 1, (4, 5))}
    assert hopeless_words(2, other, {1: once, 2: once}, FORM, MARKS, []) == {}
    # A whole take is another speaking.
    assert set(hopeless_words(2, {1: take(1), 2: take(2)}, {1: once, 2: once}, FORM, MARKS, [])) == {"hylas"}

    elsewhere = [Misread(7, "Hylas said", "hilas said"), Misread(7, "Hylas", "hilas")]
    assert set(hopeless_words(1, takes, {1: once}, FORM, MARKS, elsewhere)) == {"hylas"}
    assert hopeless_words(1, takes, {1: report(at(1))}, FORM, MARKS, elsewhere) == {}
    # A voice that said it well elsewhere in this take can do so again.
    assert hopeless_words(1, {1: take(1)}, {1: replace(places, alignment=well())}, FORM, MARKS, []) == {}


def well() -> Alignment:
    return report(match=Match.SAME).alignment


def test_a_hopeless_word_is_proposed_once_and_not_spoken_anew() -> None:
    found = report(misread(1), misread(4), at(5))
    words = hopeless_words(1, {1: take(1)}, {1: found}, FORM, MARKS, [])
    (proposal,) = proposals(found, words)
    assert (proposal.kind, proposal.severity) == (MISREAD, Severity.REVIEW)
    assert "Hylas=SPOKEN" in proposal.detail
    assert bad_utterances(with_findings(found, [proposal]), FORM, MARKS, words) == {5}
    # What it says is no further evidence, and is said once.
    assert proposals(with_findings(found, [proposal]), words) == []
    again = hopeless_words(1, {1: take(1)}, {1: with_findings(found, [proposal])}, FORM, MARKS, [])
    assert again["hylas"].times == words["hylas"].times == 2


def test_findings_that_are_added_stand_in_order_and_in_the_verdict() -> None:
    whole = Finding(FindingKind.DURATION, Severity.NOTE, "x")
    more = with_findings(report(whole, at(4, severity=Severity.NOTE)), [at(1, severity=Severity.REVIEW)])
    assert [finding.start_s for finding in more.findings] == [None, 3.0, 10.5]
    assert more.verdict is Verdict.REVIEW


def test_the_take_with_less_wrong_is_the_better_one() -> None:
    click = during(5.1, 5.11, FindingKind.CLICK)
    both, one = report(click, at(1), accuracy=0.971), report(at(1), accuracy=0.970)
    assert best_take({1: both, 2: one}) == 2
    assert best_take({1: one, 2: both}) == 1
    # A lost sentence weighs more than two lost words, in fewer findings.
    words = report(at(1, script="the lamp"), at(2, script="the lamp"))
    assert best_take({1: words, 2: report(at(1))}) == 1
    assert best_take({1: report(at(1, severity=Severity.REVIEW)), 2: words}) == 1
    assert best_take({1: words, 2: words}) == 2
    # Nothing heard at all is worse than anything.
    silent = QaReport(
        Verdict.FAIL, Alignment((), 0.0, 0, 42, 0), SOUND, None, False, (Finding(MISSING, Severity.FAULT, ""),), "tiny"
    )
    assert best_take({1: words, 2: silent}) == 1


def test_what_was_mended_is_told_for_all_that_is_left_of_it() -> None:
    takes = {1: take(1), 2: take(2, 1, (1, 2), (4, 5)), 3: take(3, 2, (4, 6))}
    reports = {1: report(at(1), during(10.2, 10.4)), 2: report(at(5))}
    told = notes(3, takes, reports, FORM)
    assert [(each.kind, each.severity, each.start_s) for each in told] == [
        (FindingKind.MENDED, Severity.NOTE, 10.0),
        (FindingKind.MENDED, Severity.NOTE, 2.5),
    ]
    assert told[0].detail.startswith(f"Sentences 5 to 6 spoken anew ({LENGTH} of {6 * LENGTH} characters). Before: ")
    assert notes(1, takes, reports, FORM) == []
    # A person asked for it: nothing was found.
    (asked,) = notes(2, {1: take(1), 2: take(2, 1, (0, 1))}, {}, FORM)
    assert (asked.kind, asked.detail) == (
        FindingKind.MENDED,
        f"Sentence 1 spoken anew ({LENGTH} of {6 * LENGTH} characters).",
    )


def test_what_was_mended_before_an_edit_is_called_by_its_number_of_now() -> None:
    """Sentence 2 became three, then the last but one was deleted with a neighbour spoken anew."""
    mended = take(2, 1, (1, 2), (3, 4), (5, 6))
    edit = edit_to_text(Edit(0, "Was it so?", "It was."))
    longer = replace(take(3, 2), mends=(Mend(1, 4, 2.5, 9.5, LENGTH, edit, 2),))
    shorter = replace(take(4, 3), mends=(Mend(4, 5, 10.0, 12.0, LENGTH, edit, -1),))
    marks = tuple(Mark(number, 0, 0, 2.0 * number, 2.0 * number + 1.5) for number in range(7))
    shorter = replace(shorter, marks=marks)
    form = SpokenForm(
        "A title", tuple(replace(FORM.utterances[0], start=number, end=number) for number in range(7)), ()
    )
    told = notes(4, {1: take(1), 2: mended, 3: longer, 4: shorter}, {}, form)
    # Of the first repair's three: one was edited away, one stood where the deletion was, one has moved by 2 - 1.
    assert [(each.detail.partition(" (")[0], each.start_s, each.source_start) for each in told] == [
        ("Sentence 5 edited and spoken anew", 10.0, 4),
        ("Sentences 2 to 4 edited and spoken anew", 2.0, 1),
        ("Sentence 7 spoken anew", 12.0, 6),
    ]
    assert told[0].detail.endswith("Before: “Was it so?”")
