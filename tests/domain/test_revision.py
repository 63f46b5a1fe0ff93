"""A script that came once more: which sentences differ, which utterances are spoken for it, and what stays."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.editing import applied, edits_from_text, edits_to_text, renumbered
from studio.domain.revision import ChangeKind, changes, compared, edits_between
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm

SENTENCES = (
    "The lamp was lit again before the night came down.",
    "Yes.",
    "Then she left; nobody knew why.",
    "Two of them had seen it before.",
    "May 4 cost $19.60 in all!",
    "On and on it went, *far* too long.",
    "The harbour lay still under the moon.",
)
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6
).map("\n\n".join)
START = "Here is how the story of the harbour begins.\n\n"


def read(text: str) -> tuple[Script, SpokenForm]:
    script = ScriptIntake().read_text(text, "story.md")
    return script, spoken_form(script, Settings())


def said(form: SpokenForm, first: int, last: int) -> list[str]:
    return [utterance.text for utterance in form.utterances[first:last]]


@given(PARAGRAPHS, PARAGRAPHS)
def test_edits_give_the_new_text_and_can_be_taken_back_one_by_one(one: str, other: str) -> None:
    (before, _), (after, _) = read(START + one), read(START + other)
    edits = edits_between(before, after)
    assert applied(edits, before.text) == after.text
    assert edits_from_text(edits_to_text(edits)) == edits or not edits
    text = after.text
    for edit in edits:
        text = edit.reverse.applied(text)
    assert text == before.text


@given(PARAGRAPHS, PARAGRAPHS)
def test_what_is_outside_of_the_changes_sounds_as_before(one: str, other: str) -> None:
    (_, before), (_, after) = read(START + one), read(START + other)
    made = changes(before, after)
    at, place = 0, 0
    for change in made:
        (first, last), (start, stop) = change.before, change.after
        assert said(before, at, first) == said(after, place, start)
        assert first < last
        assert start < stop
        at, place = last, stop
    assert said(before, at, len(before.utterances)) == said(after, place, len(after.utterances))
    if made:
        marks = [Mark(n, each.start, each.end, 2.0 * n, 2.0 * n + 1.5) for n, each in enumerate(before.utterances)]
        moved = renumbered(marks, after, made)
        assert [mark.utterance for mark in moved] == list(range(len(after.utterances)))
        assert all(one.end_s <= two.start_s + 1e-9 for one, two in pairwise(moved))


def test_only_what_changed_is_spoken() -> None:
    texts = [f"Sentence number {n} tells of the harbour at night." for n in range(20)]
    _, before = read("\n\n".join(texts))
    texts[3] = "The third one is another sentence by now."
    texts.insert(12, "A new sentence has come in between.")
    del texts[17]
    _, after = read("\n\n".join(texts))
    made = changes(before, after)
    assert len(made) == 3
    assert sum(stop - start for start, stop in (each.after for each in made)) <= 4
    assert [each.shift for each in made] == [0, 1, -1]


def test_the_same_script_needs_nothing() -> None:
    script, form = read(START + " ".join(SENTENCES))
    assert edits_between(script, script) == ()
    assert changes(form, form) == ()


def test_every_sentence_is_shown_with_what_became_of_it() -> None:
    before, _ = read("# Harbour\n\nIt was night. The lamp was lit. She left.")
    after, _ = read("# Harbour\n\nIt was night. The lamp was out. She left. Nobody knew why.")
    rows = compared(before, after)
    assert [(row.kind, row.before, row.after) for row in rows] == [
        (ChangeKind.SAME, "Harbour", "Harbour"),
        (ChangeKind.SAME, "It was night.", "It was night."),
        (ChangeKind.CHANGED, "The lamp was lit.", "The lamp was out."),
        (ChangeKind.SAME, "She left.", "She left."),
        (ChangeKind.NEW, "", "Nobody knew why."),
    ]
