"""The script's words against the heard ones: accuracy, times, and what each difference is."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.findings import FindingKind
from studio.domain.hearing import HeardWord, Match
from studio.domain.sound import Mark
from studio.quality.align import Comparison, compare
from studio.quality.runs import Run, find_runs
from tests.quality.quality_speech import SCRIPT, form

WORDS = " ".join(SCRIPT).split()


def as_heard(words: list[str], start_s: float = 0.0) -> list[HeardWord]:
    """Two words a second."""
    return [HeardWord(word, start_s + at / 2, start_s + at / 2 + 0.4, 1.0) for at, word in enumerate(words)]


def runs(words: list[str]) -> tuple[Comparison, tuple[Run, ...]]:
    spoken, heard = form(SCRIPT), as_heard(words)
    comparison = compare(spoken, heard, (), len(words) / 2)
    return comparison, find_runs(comparison.pieces, spoken.words, heard)


def test_the_same_words_are_all_right() -> None:
    comparison, found = runs(WORDS)
    assert comparison.alignment.accuracy == 1
    assert not found
    assert [word.start_s for word in comparison.alignment.words] == [at / 2 for at in range(len(WORDS))]
    assert {word.match for word in comparison.alignment.words} == {Match.SAME}


def test_a_lost_sentence_is_one_run_at_its_place() -> None:
    first = len(" ".join(SCRIPT[:3]).split())
    length = len(SCRIPT[3].split())
    comparison, found = runs(WORDS[:first] + WORDS[first + length :])
    assert [run.kind for run in found] == [FindingKind.MISSING_WORDS]
    assert found[0].meant == (first, first + length)
    assert found[0].start_s == pytest.approx((first - 1) / 2 + 0.4)
    assert found[0].end_s == pytest.approx(first / 2)
    assert comparison.alignment.deleted == length
    missing = [word for word in comparison.alignment.words if word.match is Match.MISSING]
    assert (missing[0].source_start, missing[0].text) == (300, "Doctor")
    assert all(found[0].start_s <= word.start_s <= word.end_s <= found[0].end_s + 1e-9 for word in missing)


@pytest.mark.parametrize("turn", [0, 2, 5])
def test_a_sentence_said_twice_is_a_repetition_however_it_is_aligned(turn: int) -> None:
    first = len(" ".join(SCRIPT[:2]).split())
    last = len(" ".join(SCRIPT[:3]).split())
    twice = [*WORDS[:last], *WORDS[first:last], *WORDS[last:]]
    if turn:  # a word heard wrongly somewhere shifts what counts as the second copy
        twice[first + turn] = "something"
    _, found = runs(twice)
    assert [run.kind for run in found] == [FindingKind.REPEATED_WORDS]
    assert found[0].said == (last, last + last - first)
    assert found[0].meant == (first, last)
    assert found[0].start_s == last / 2


@pytest.mark.parametrize(
    ("meant", "said", "again"),
    [
        # A word that the ears write differently each time, or never as the script does.
        ("actually breathed from all lips", "actually breadth from breadth from all lips", (3, 5)),
        ("actually breathed from all lips", "actually breathed from breadth from all lips", (3, 5)),
        ("the boats had lost their anchors", "the boats had lost lost their anchors", (4, 5)),
        ("one two of three four of five", "one two of three of three four of five", (4, 6)),
        ("a quiet and rather narrow valley", "a quiet and rather narrow a quiet and rather narrow valley", (5, 10)),
        ("they came at last to the end", "they came at last came at last to the end", (4, 7)),
        ("they had now seen the end", "they had now now now seen the end", (3, 5)),
    ],
)
def test_of_what_is_said_twice_the_second_time_is_the_fault(meant: str, said: str, again: tuple[int, int]) -> None:
    spoken, heard = form([meant]), as_heard(said.split())
    found = find_runs(compare(spoken, heard, (), 20.0).pieces, spoken.words, heard)
    assert [(run.kind, run.said) for run in found] == [(FindingKind.REPEATED_WORDS, again)]
    assert (found[0].start_s, found[0].end_s) == (heard[again[0]].start_s, heard[again[1] - 1].end_s)


def test_what_differs_beside_a_repetition_is_told_by_itself() -> None:
    meant, said = "they came at last to the end", "they came at last came at last to our purple"
    spoken, heard = form([meant]), as_heard(said.split())
    found = find_runs(compare(spoken, heard, (), 20.0).pieces, spoken.words, heard)
    assert [(run.kind, run.said) for run in found] == [
        (FindingKind.REPEATED_WORDS, (4, 7)),
        (FindingKind.MISREAD_WORDS, (8, 10)),
    ]


@pytest.mark.parametrize("extra", ["of", "sad", "their own small", "to a"])
def test_words_that_are_not_those_beside_them_are_no_repetition(extra: str) -> None:
    words = ["they", "came", "at", "last", "to", "the", "end"]
    spoken, heard = form([" ".join(words)]), as_heard([*words[:4], *extra.split(), *words[4:]])
    found = find_runs(compare(spoken, heard, (), 20.0).pieces, spoken.words, heard)
    assert [run.kind for run in found] == [FindingKind.EXTRA_WORDS]


def test_words_of_another_text_are_extra() -> None:
    _, found = runs([*WORDS[:20], "please", "subscribe", "to", "our", "weekly", "newsletter", *WORDS[20:]])
    assert [(run.kind, run.said) for run in found] == [(FindingKind.EXTRA_WORDS, (20, 26))]


def test_the_end_that_is_missing_is_cut_off() -> None:
    _, found = runs(WORDS[:-6])
    assert [(run.kind, run.meant) for run in found] == [(FindingKind.CUT_OFF, (len(WORDS) - 6, len(WORDS)))]


def test_other_words_are_misread() -> None:
    _, found = runs([*WORDS[:12], "purple", "monkey", "dishwasher", "accident", "again", *WORDS[17:]])
    assert [(run.kind, run.said) for run in found] == [(FindingKind.MISREAD_WORDS, (12, 17))]
    assert (found[0].start_s, found[0].end_s) == (12 / 2, 16 / 2 + 0.4)


def test_missing_words_stay_inside_their_utterance() -> None:
    spoken = form(SCRIPT[:2])
    words = " ".join(SCRIPT[:2]).split()
    half = len(SCRIPT[0].split())
    mark = Mark(1, 100, 160, 8.0, 12.0)
    result = compare(spoken, as_heard(words[:half]), (Mark(0, 0, 60, 0.0, 4.0), mark), 14.0).alignment
    assert all(mark.start_s <= word.start_s <= word.end_s <= mark.end_s for word in result.words[half:])


def test_nothing_against_nothing() -> None:
    empty = form([])
    assert compare(empty, (), (), 0.0).alignment.accuracy is None
    assert compare(empty, as_heard(["word"]), (), 1.0).alignment.inserted == 1
    assert compare(form(SCRIPT), (), (), 1.0).alignment.accuracy == 0


def test_a_long_episode_does_not_take_long_to_compare() -> None:
    rng = random.Random(5)
    vocabulary = [f"{head}{tail}" for head in ("bar", "lun", "mis", "tor", "vel") for tail in ("a", "en", "ick", "or")]
    words = [rng.choice(vocabulary) for _ in range(25_000)]
    heard = [word for word in words if rng.random() > 0.02]
    result = compare(form([" ".join(words)]), as_heard(heard), (), len(heard) / 2).alignment
    assert result.accuracy is not None
    assert result.accuracy > 0.97


def test_a_passage_may_be_said_twice_however_long_it_is() -> None:
    rng = random.Random(6)
    words = [rng.choice(WORDS) for _ in range(3_000)]
    spoken, heard = form([" ".join(words)]), as_heard([*words[:1_500], *words[500:]])
    found = find_runs(compare(spoken, heard, (), 2_000.0).pieces, spoken.words, heard)
    assert [(run.kind, run.said) for run in found] == [(FindingKind.REPEATED_WORDS, (1_500, 2_500))]


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_two_texts_can_be_compared(meant: list[str], said: list[str]) -> None:
    spoken, heard = form([" ".join(meant)]), as_heard(said)
    comparison = compare(spoken, heard, (), len(said) / 2)
    words = comparison.alignment.words
    assert [word.text for word in words] == [word.text for word in spoken.words]
    assert all(later.start_s >= word.start_s and word.end_s >= word.start_s for word, later in pairwise(words))
    accuracy = comparison.alignment.accuracy
    assert accuracy is None if not meant else accuracy is not None and 0 <= accuracy <= 1
    covered = [index for piece in comparison.pieces for index in range(*piece.meant)]
    assert covered == list(range(len(spoken.words)))
    found = find_runs(comparison.pieces, spoken.words, heard)
    assert all(run.start_s <= run.end_s for run in found)
    told = {index for run in found for index in range(run.first, run.last)}
    assert {index for index, piece in enumerate(comparison.pieces) if piece.wrong} <= told


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=12), st.lists(st.text(max_size=12), max_size=12))
def test_no_text_is_too_odd_to_compare(meant: list[str], said: list[str]) -> None:
    spoken, heard = form([" ".join(meant)]), as_heard(said)
    accuracy = compare(spoken, heard, (), 10.0).alignment.accuracy
    assert accuracy is None or 0 <= accuracy <= 1


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=12))
def test_identical_texts_are_right(texts: list[str]) -> None:
    spoken = form([" ".join(texts)])
    accuracy = compare(spoken, as_heard([word.text for word in spoken.words]), (), 10.0).alignment.accuracy
    assert accuracy == (1 if spoken.words else None)
