"""Citations follow a text that a person changes: by sentences, and none points to where it never was."""

from hypothesis import given
from hypothesis import strategies as st

from studio.domain.citing import moved
from studio.domain.writing import Citation

BEFORE = "One is here. Two is there. Three ends.\n\nFour is far."
CITED = tuple(
    Citation(BEFORE.index(words), BEFORE.index(words) + len(words), number)
    for number, words in enumerate(("One is here.", "Two is there.", "Three ends.", "Four is far."))
)
SENTENCES = st.lists(
    st.sampled_from(["The sea is wide.", "It has tides!", "Who counts?", "Nobody does.", "A buoy floats…"]), max_size=8
)


def texts(after: str) -> list[str]:
    return [after[each.start : each.end] for each in moved(CITED, BEFORE, after)]


def test_what_stays_keeps_its_sources_wherever_it_goes() -> None:
    assert texts(f"New. {BEFORE}") == ["One is here.", "Two is there.", "Three ends.", "Four is far."]
    assert texts(f"{BEFORE} Five.") == ["One is here.", "Two is there.", "Three ends.", "Four is far."]
    assert moved(CITED, BEFORE, BEFORE) == CITED


def test_a_changed_sentence_goes_on_resting_on_its_source() -> None:
    assert texts(BEFORE.replace("Two is", "Two was")) == [
        "One is here.",
        "Two was there.",
        "Three ends.",
        "Four is far.",
    ]


def test_a_sentence_that_is_gone_takes_its_citation_along() -> None:
    after = BEFORE.replace("Two is there. ", "")
    assert [each.excerpt for each in moved(CITED, BEFORE, after)] == [0, 2, 3]
    assert texts(after) == ["One is here.", "Three ends.", "Four is far."]
    assert texts("") == []


@given(SENTENCES, SENTENCES, SENTENCES)
def test_sentences_that_are_the_same_on_both_sides_are_found_again(
    head: list[str], old: list[str], new: list[str]
) -> None:
    before, after = (" ".join([*head, *middle, "The one that counts."]) for middle in (old, new))
    cited = Citation(before.rindex("The one"), len(before), 0)
    (found,) = moved([cited], before, after)
    assert after[found.start : found.end] == "The one that counts."


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_places_are_always_inside(before: str, after: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(before)), min(other, len(before))))
    for each in moved([Citation(start, end, 0)] if start < end else [], before, after):
        assert 0 <= each.start < each.end <= len(after)
