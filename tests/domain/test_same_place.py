"""The same spoken place in two takes: by words, by marks, and where a sentence was changed in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.hearing import Match, TimedWord
from studio.domain.same_place import Course, course_by_marks, course_by_words
from studio.domain.sound import Mark


def said(text: str, pace: float = 1.0, missing: tuple[int, ...] = (), late: float = 0.0) -> list[TimedWord]:
    """A word a second, times `pace`."""
    made, offset = [], 0
    for number, word in enumerate(text.split()):
        start = late + number * pace
        match = Match.MISSING if number in missing else Match.SAME
        made.append(TimedWord(word, offset, offset + len(word), start, start + 0.8 * pace, match))
        offset += len(word) + 1
    return made


TEXT = "in daily life we assume as certain many things which on a closer scrutiny are found to be full"


def test_a_slower_take_says_the_same_later() -> None:
    course = course_by_words(said(TEXT), said(TEXT, 1.5, late=2.0), (20.0, 32.0))
    for number in range(19):
        assert course.to_there(number + 0.4) == pytest.approx(2.0 + (number + 0.4) * 1.5)
    assert course.to_there(0.0) == 2.0  # silence says nothing: it is the first word that both begin with
    assert course.to_there(20.0) == 32.0
    assert course.to_there(99.0) == 32.0


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("many things which", "a great many of all those things which"),
        TEXT.replace("in daily", "on every single day of our").replace("to be full", "full of it"),
        f"well then {TEXT} of contradictions",
    ],
)
def test_a_changed_sentence_moves_only_what_comes_after_it(other: str) -> None:
    here, there = said(TEXT), said(other)
    course = course_by_words(here, there, (20.0, 30.0))
    for word in here:
        if word.text in {"life", "assume", "closer", "scrutiny", "found"}:
            twin = next(each for each in there if each.text == word.text)
            assert course.to_there(word.start_s + 0.1) == pytest.approx(twin.start_s + 0.1), word.text


def test_words_that_were_not_heard_lead_nowhere() -> None:
    there = said(TEXT, missing=(3, 4))
    there[3] = TimedWord("we", 0, 2, 17.0, 17.1, Match.MISSING)  # where it should have been is only a guess
    course = course_by_words(said(TEXT), there, (20.0, 20.0))
    assert course.to_there(3.4) == pytest.approx(3.4, abs=0.2)


def test_takes_that_were_not_heard_go_by_their_marks() -> None:
    here = [Mark(0, 0, 10, 0.5, 3.0), Mark(1, 11, 20, 4.0, 6.0)]
    there = [Mark(0, 0, 10, 0.5, 5.0), Mark(1, 11, 20, 6.0, 9.0), Mark(2, 30, 40, 9.5, 10.0)]
    course = course_by_marks(here, there, (7.0, 11.0))
    assert course.to_there(4.0) == 6.0
    assert course.to_there(5.0) == 7.5


def test_nothing_in_common_is_shared_evenly() -> None:
    course = course_by_words(said("one two"), said("drei vier fünf"), (10.0, 20.0))
    assert course.to_there(5.0) == 10.0
    assert course_by_words([], [], (10.0, 0.0)).to_there(5.0) == 0.0


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=30), st.floats(0, 120), st.floats(0, 120))
def test_a_course_never_goes_back(pairs: list[tuple[float, float]], one: float, other: float) -> None:
    course = Course.through(pairs, (100.0, 100.0))
    first, last = sorted((one, other))
    assert course.to_there(first) <= course.to_there(last) + 1e-9
    assert 0.0 <= course.to_there(first) <= 100.0
