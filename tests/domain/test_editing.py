"""A sentence that was edited: which utterances are spoken, and where everything else stands then."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.editing import (
    Edit,
    change,
    edit_from_text,
    edit_to_text,
    passage,
    renumbered,
)
from studio.domain.errors import InputError
from studio.domain.mending import sentences
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm

STORY = """# The **Harbour**

The harbour was *quiet* before the
boats came home. “She opened the letter slowly,” he said. A good map tells you more.

- They carried the piano up the stairs.
- His grandfather had built the house!

Dr. Smith paid $19.60 on May 4. Nothing travels faster than a rumour.
"""
SENTENCE = st.sampled_from(
    (
        "The lamp was lit again before the night came down.",
        "Yes.",
        "Then she left; nobody knew why.",
        "Two of them. And a third one came along much later.",
        "May 4 cost $19.60 in all!",
        "On and on it went",
    )
)


def read(text: str) -> tuple[Script, SpokenForm]:
    script = ScriptIntake().read_text(text, "story.md")
    return script, spoken_form(script, Settings())


def marks_of(spoken: SpokenForm) -> tuple[Mark, ...]:
    return tuple(
        Mark(number, each.start, each.end, 2.0 * number, 2.0 * number + 1.5)
        for number, each in enumerate(spoken.utterances)
    )


def in_step(before: SpokenForm, after: SpokenForm, edit: Edit) -> None:
    """What is not spoken anew says the same as before, and keeps its time."""
    made = change(before, after, edit)
    (first, last), (start, stop) = made.before, made.after
    assert first == start
    assert last > first
    assert stop > start
    assert stop - last == made.shift == len(after.utterances) - len(before.utterances)
    said, says = ([each.text for each in form.utterances] for form in (before, after))
    assert said[:first] == says[:start]
    assert said[last:] == says[stop:]
    marks, moved = marks_of(before), renumbered(marks_of(before), after, (made,))
    assert [(mark.utterance, mark.source_start) for mark in moved] == [
        (number, each.start) for number, each in enumerate(after.utterances)
    ]
    assert [mark.start_s for mark in moved[:start]] == [mark.start_s for mark in marks[:first]]
    assert [mark.end_s for mark in moved[stop:]] == [mark.end_s for mark in marks[last:]]
    assert (moved[start].start_s, moved[stop - 1].end_s) == (marks[first].start_s, marks[last - 1].end_s)
    assert all(one.end_s <= other.start_s + 1e-9 for one, other in pairwise(moved))


@given(number=st.integers(0, 7), now=SENTENCE)
def test_everything_around_an_edit_stays_in_step(number: int, now: str) -> None:
    script, before = read(STORY)
    edit = passage(script, before, sentences(before, [min(number, len(before.utterances) - 1)])).edited(now)
    _, after = read(edit.applied(script.text))
    in_step(before, after, edit)
    _, back = read(edit.reverse.applied(edit.applied(script.text)))
    assert back == before
    in_step(after, back, edit.reverse)


@given(
    wanted=st.lists(SENTENCE, min_size=1, max_size=6), now=st.lists(SENTENCE, min_size=1, max_size=3), data=st.data()
)
def test_any_text_in_place_of_any_other(wanted: list[str], now: list[str], data: st.DataObject) -> None:
    text = "The first words of it are plain. " + " ".join(wanted)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    edit = Edit(start, text[start:end], f" {' '.join(now)} ")
    _, before = read(text)
    _, after = read(edit.applied(text))
    in_step(before, after, edit)


def test_a_passage_is_what_a_person_would_mark() -> None:
    script, spoken = read(STORY)
    shown = [passage(script, spoken, ((number, number + 1),)).text for number in range(len(spoken.utterances))]
    assert shown[0] == "The **Harbour**"
    assert shown[1] == "The harbour was *quiet* before the boats came home."
    assert "“She opened the letter slowly,” he said." in shown
    assert "They carried the piano up the stairs." in shown
    assert "Dr. Smith paid $19.60 on May 4." in shown


def test_what_is_sent_as_it_was_changes_nothing_of_the_script() -> None:
    script, spoken = read(STORY)
    found = passage(script, spoken, ((1, 2),))
    assert "\n" in found.written
    assert found.edited(found.text).applied(script.text) == script.text
    edit = found.edited(found.text)
    assert change(spoken, spoken, edit).after == (1, 2)


def test_a_deleted_sentence_takes_its_neighbour_along() -> None:
    text = "The lamp was lit again. The night came down on them. Nobody said a word about it."
    _, before = read(text)
    for gone, after in (("The night came down on them. ", (1, 2)), (" Nobody said a word about it.", (1, 2))):
        edit = Edit(text.index(gone), gone, "")
        _, form = read(edit.applied(text))
        assert change(before, form, edit).after == after
        in_step(before, form, edit)


def test_what_cannot_be_an_edit_says_so() -> None:
    script, spoken = read(STORY)
    found = passage(script, spoken, ((1, 2),))
    for nothing in ("", "  ", "— …"):
        with pytest.raises(InputError, match="nothing left to speak"):
            found.edited(nothing)
    with pytest.raises(InputError, match="not what it was"):
        found.edited("Something else.").applied(script.text.replace("quiet", "loud"))


def test_an_edit_is_kept_as_text() -> None:
    edit = Edit(7, "“quiet” {1}", "schön\n")
    assert edit_from_text(edit_to_text(edit)) == edit
    assert edit_from_text("3-5 9-10") is None
    assert edit_from_text("") is None
