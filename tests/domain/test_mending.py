"""Which utterances a place belongs to, whole sentences, and marks that can be believed."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.hearing import Match, TimedWord
from studio.domain.mending import (
    PARTED_S,
    SHORTEST,
    believable,
    characters,
    everything,
    from_text,
    in_words,
    is_everything,
    merged,
    sentences,
    sounding,
    stretches,
    to_text,
    wider,
)
from studio.domain.sound import Mark, Span
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance

LONG = "the lamp was lit again before"


def form(*texts: str, pauses: tuple[float, ...] = ()) -> SpokenForm:
    """Utterances one after the other, with their words; a pause of 0.25 s unless said."""
    utterances, place = [], 0
    for number, text in enumerate(texts):
        words, at = [], place
        for word in text.split():
            words.append(SpokenWord(word, at, at + len(word)))
            at += len(word) + 1
        pause_s = pauses[number] if number < len(pauses) else 0.25
        utterances.append(Utterance(text, place, place + len(text), tuple(words), pause_s))
        place += len(text) + 1
    return SpokenForm("A title", tuple(utterances), ())


def marks(spoken: SpokenForm, length_s: float = 2.0, gap_s: float = 0.5) -> tuple[Mark, ...]:
    return tuple(
        Mark(number, each.start, each.end, number * (length_s + gap_s), number * (length_s + gap_s) + length_s)
        for number, each in enumerate(spoken.utterances)
    )


def heard(spoken: SpokenForm, places: tuple[Mark, ...], wrong: dict[int, Match] | None = None) -> list[TimedWord]:
    """Every word at its place, evenly; those of the utterances in `wrong` matched so."""
    words = []
    for mark, utterance in zip(places, spoken.utterances, strict=True):
        each_s = (mark.end_s - mark.start_s) / len(utterance.words)
        for number, word in enumerate(utterance.words):
            start_s = mark.start_s + number * each_s
            match = (wrong or {}).get(mark.utterance, Match.SAME)
            end_s = start_s if match is Match.MISSING else start_s + each_s
            words.append(TimedWord(word.text, word.start, word.end, start_s, end_s, match))
    return words


FIVE = form(*(f"{LONG} {number}." for number in "12345"))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=9))
def test_stretches_are_put_in_order_and_come_back_from_their_text(found: list[tuple[int, int]]) -> None:
    mending = merged(found)
    assert from_text(to_text(mending)) == mending
    assert {number for stretch in mending for number in range(*stretch)} == {
        number for stretch in found for number in range(*stretch)
    }
    assert all(one[1] < other[0] for one, other in pairwise(mending))


def test_no_stretch_is_no_text() -> None:
    assert (to_text(()), from_text("")) == ("", ())


def test_a_sentence_is_whole_however_it_was_cut_into_breaths() -> None:
    parts = ("It was a long way,", "longer than anybody said;", "and then it rained.", "The road was under the water.")
    spoken = form(*parts, pauses=(0.12, 0.12, 0.25, 0.25))
    assert [sentences(spoken, [number]) for number in range(4)] == [((0, 3),), ((0, 3),), ((0, 3),), ((3, 4),)]
    # A person who wants no pauses between sentences still has sentences.
    tight = form(*(f"{LONG} {number}." for number in "123"), pauses=(0.0, 0.0, 0.0))
    assert sentences(tight, [1]) == ((1, 2),)


def test_silence_parts_the_breaths_of_a_long_sentence() -> None:
    parts = (f"{LONG},", f"{LONG} than anybody said;", "and then it rained.", "The road was under the water.")
    spoken = form(*parts, pauses=(0.12, 0.12, 0.25, 0.25))
    times = ((0.0, 2.0), (2.0 + PARTED_S, 4.0), (4.0 + 0.6 * PARTED_S, 6.0), (6.3, 8.0))
    take = [Mark(number, each.start, each.end, *times[number]) for number, each in enumerate(spoken.utterances)]
    assert [sentences(spoken, [n], take) for n in range(4)] == [((0, 1),), ((1, 3),), ((1, 3),), ((3, 4),)]
    # A part that is too short to be spoken alone takes what is nearer along, and no more than to the next silence.
    alone = form(f"{LONG},", "so it was,", f"{LONG} then.", pauses=(0.12, 0.14, 0.25))
    assert sentences(alone, [1], take) == ((1, 3),)
    assert sentences(alone, [1], [*take[:2], replace(take[2], start_s=4.2)]) == ((0, 2),)


def test_a_short_sentence_takes_the_one_beside_it_along() -> None:
    spoken = form(f"{LONG}.", "Yes.", f"{LONG} then.", "No.", pauses=(0.6, 0.25, 0.25, 0.0))
    assert sentences(spoken, [1]) == ((1, 3),)  # of its own paragraph
    assert sentences(spoken, [3]) == ((2, 4),)
    assert sentences(form("Yes.", "No."), [0]) == ((0, 2),)
    assert sentences(form("Yes."), [0]) == ((0, 1),)
    assert len("Yes.") < SHORTEST < len(LONG)


def test_a_second_try_is_wider_by_a_sentence() -> None:
    spoken = form(*(f"{LONG} {number}." for number in "1234"), pauses=(0.6, 0.25, 0.6, 0.0))
    assert wider(spoken, (1, 2)) == (1, 3)
    assert wider(spoken, (0, 1)) == (0, 2)
    assert wider(spoken, (3, 4)) == (2, 4)
    assert wider(spoken, (0, 4)) == (0, 4)


@pytest.mark.parametrize(
    ("start_s", "end_s", "found"),
    [
        (0.5, 0.7, {0}),
        (1.9, 2.6, {0, 1}),
        (2.1, 2.3, {0}),  # between two as long as each other
        (2.4, 2.4, {0}),
        (3.0, 3.0, {1}),  # a moment within
        (50.0, 51.0, {4}),
        (0.0, 60.0, {0, 1, 2, 3, 4}),
    ],
)
def test_seconds_are_utterances(start_s: float, end_s: float, found: set[int]) -> None:
    assert sounding(marks(FIVE), start_s, end_s) == found


def test_what_is_between_two_goes_with_the_shorter_one() -> None:
    places = (Mark(0, 0, 5, 0.5, 3.0), Mark(1, 6, 9, 3.5, 4.0), Mark(2, 10, 20, 5.0, 9.0))
    assert sounding(places, 3.1, 3.2) == {1}
    assert sounding(places, 4.2, 4.9) == {1}
    assert sounding(places, 0.1, 0.2) == {0}
    assert sounding((), 0.0, 1.0) == set()


def test_people_point_to_utterances_or_seconds() -> None:
    places = marks(FIVE)
    assert stretches(FIVE, places, [(1, 2), Span(5.5, 6.0), Span(10.1, 10.2)]) == ((1, 3), (4, 5))
    assert stretches(FIVE, places, [(-3, 1), (4, 99)]) == ((0, 1), (4, 5))
    assert stretches(FIVE, places, [(7, 9), (3, 3)]) == ()


def test_what_is_said_of_it() -> None:
    assert in_words(((11, 12),)) == "sentence 12"
    assert in_words(((2, 4),)) == "sentences 3 to 4"
    assert in_words(((2, 3), (11, 12), (19, 21))) == "sentences 3, 12 and 20 to 21"
    assert characters(((0, 1), (3, 5)), FIVE) == 3 * len(f"{LONG} 1.")
    assert is_everything(everything(FIVE), FIVE)
    assert not is_everything(((0, 4),), FIVE)


def test_marks_that_fit_what_was_heard_are_left_alone() -> None:
    places = marks(FIVE)
    assert believable(FIVE, places, heard(FIVE, places), 12.0) == places
    assert believable(FIVE, places, heard(FIVE, places, {2: Match.MISSING}), 12.0) == places
    assert believable(FIVE, places, (), 12.0) == places


def test_marks_that_are_far_off_give_way_to_what_was_heard() -> None:
    places = marks(FIVE)
    wrong = (*places[:3], Mark(3, places[3].source_start, places[3].source_end, 9.2, 10.0), places[4])
    found = believable(FIVE, wrong, heard(FIVE, places), 12.0)
    assert found == places


@given(st.lists(st.sampled_from(list(Match)), min_size=5, max_size=5))
def test_without_marks_every_utterance_has_a_place_all_the_same(matches: list[Match]) -> None:
    places = marks(FIVE)
    found: tuple[Mark, ...] = believable(FIVE, (), heard(FIVE, places, dict(enumerate(matches))), 12.0)
    assert [mark.utterance for mark in found] == [0, 1, 2, 3, 4]
    times = [time for mark in found for time in (mark.start_s, mark.end_s)]
    assert times == sorted(times)
    assert times[-1] <= 12.0
    for mark, place, match in zip(found, places, matches, strict=True):
        if match is not Match.MISSING:
            assert (mark.start_s, mark.end_s) == pytest.approx((place.start_s, place.end_s))
    # The room that is left is theirs of whom nothing was heard: it may be their sound.
    assert all(
        one.end_s == pytest.approx(other.start_s)
        for one, other in pairwise(found)
        if Match.MISSING in {matches[one.utterance], matches[other.utterance]}
    )
