"""A text is trimmed at its sentences, the least important first; opening, closing and every section stay."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.app import resources
from studio.content.citing import blanked, checked, numbers, taken_out
from studio.content.fitting import fitted, seconds_of
from studio.domain.duration import first_guess
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.writing import Assignment, Citation

SAMPLES = sorted((resources() / "samples").glob("*.md"))


def wanted(minutes: float, title: str = "Lamps") -> Assignment:
    return Assignment(Topic(title), minutes, (), first_guess("builtin:heart", 1.0), Settings())


def parts(count: int, sentences: int = 6) -> str:
    """An opening, sections of paragraphs, a closing; sentences of many lengths."""
    sections = []
    for number in range(count):
        said = [f"Fact {number} {place} is told here{' at some length' * (place % 4)}." for place in range(sentences)]
        sections.append(
            f"## Section {number}\n\n{' '.join(said[: sentences // 2])}\n\n{' '.join(said[sentences // 2 :])}"
        )
    return "\n\n".join(["# Title", "Welcome to the show.", *sections, "That was all. Goodbye."]) + "\n"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("share", [0.95, 0.8, 0.65])
def test_it_becomes_as_long_as_asked_for(path: Path, share: float) -> None:
    text = path.read_text("utf-8")
    minutes = share * seconds_of(text, wanted(1)) / 60
    made = fitted(text, wanted(minutes))
    assert seconds_of(made, wanted(minutes)) == pytest.approx(60 * minutes, rel=0.05)
    blocks, left = text.strip().split("\n\n"), made.strip().split("\n\n")
    assert (left[0], left[1], left[-1]) == (blocks[0], blocks[1], blocks[-1])
    assert [each for each in left if each.startswith("#")] == [each for each in blocks if each.startswith("#")]
    kept = iter(text)
    assert all(letter in kept for letter in made if not letter.isspace())  # nothing is new, nothing moved


def test_what_is_not_too_long_stays_as_it_is() -> None:
    text = parts(3)
    assert fitted(text, wanted(10)) == text
    assert fitted(text, wanted(seconds_of(text, wanted(1)) / 60)) == text


def test_however_short_every_section_keeps_a_sentence() -> None:
    made = fitted(parts(4), wanted(0.5))
    for number in range(4):
        assert f"## Section {number}\n\nFact {number}" in made
    assert made.startswith("# Title\n\nWelcome to the show.\n\n## Section 0")
    assert made.endswith("That was all. Goodbye.\n")


def test_a_text_of_opening_and_closing_alone_stays() -> None:
    text = "Welcome to the show, all of you.\n\nGoodbye, and thank you for listening.\n"
    assert fitted(text, wanted(0.01)) == text


def test_what_is_cited_is_dropped_later_and_takes_its_mark_with_it() -> None:
    body = " ".join(f"This plain thing number {n} was said by nobody at all." for n in range(8))
    body = body.replace("This plain", "Some plain")
    text = f"Welcome.\n\n{body} The lamp was lit in 1698 [S2]. The tower fell in 1703. [S1]\n\nGoodbye.\n"
    made = fitted(text, wanted(seconds_of(text, wanted(1)) * 0.5 / 60))
    assert "1698 [S2]." in made
    assert "1703. [S1]" in made
    made = fitted(text, wanted(0.05))
    assert made.count("[S") <= 1
    assert "[S2]" not in made or "1698" in made


def test_a_sentence_that_another_leans_on_does_not_go_alone() -> None:
    text = (
        "Welcome.\n\nThe keeper came in March of that year. A storm broke the lamp in the tower. "
        "It was never mended by anybody. Nobody else was there to see the light.\n\nGoodbye.\n"
    )
    for share in (0.9, 0.8, 0.7, 0.6):
        made = fitted(text, wanted(share * seconds_of(text, wanted(1)) / 60))
        assert "It was never" not in made or "A storm broke" in made


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200), max_size=8), st.floats(0.02, 2))
@settings(max_examples=60, deadline=None)
def test_no_text_makes_it_raise_and_nothing_grows(texts: list[str], minutes: float) -> None:
    text = "\n\n".join(["Welcome here.", *texts, "Goodbye now."])
    made = fitted(text, wanted(minutes))
    assert len(made) <= len(text)


def test_marks_take_no_time() -> None:
    plain = "The lamp was lit. It burned all night.\n"
    marked = "The lamp was lit [S1]. It burned all night. [S2, S3]\n"
    assert seconds_of(marked, wanted(1)) == seconds_of(plain, wanted(1))
    assert len(blanked(marked)) == len(marked)


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("[S3]", (3,)),
        ("[s3, S4]", (3, 4)),
        ("[S1; S2]", (1, 2)),
        ("【S7】", (7,)),
        ("[S1-S3]", (1, 3, 2)),
        ("[S2–4]", (2, 4, 3)),
    ],
)
def test_numbers_of_marks(mark: str, found: tuple[int, ...]) -> None:
    assert numbers(mark) == found


def test_marks_become_citations_of_their_sentences() -> None:
    text, citations = taken_out(
        "# Title\n\nOne is so [S1]. Two is so. [S2, S1]\n\n- Three is so [S3]\n\nFour (S3) is not [sic] cited.\n"
    )
    assert text == "# Title\n\nOne is so. Two is so.\n\n- Three is so\n\nFour (S3) is not [sic] cited.\n"
    assert [(text[each.start : each.end], each.excerpt) for each in citations] == [
        ("One is so.", 0),
        ("Two is so.", 1),
        ("Two is so.", 0),
        ("Three is so", 2),
    ]
    assert taken_out("[S1] alone")[1] == ()
    assert isinstance(citations[0], Citation)


def test_marks_of_what_was_not_shown_go() -> None:
    assert checked("A [S1] b [S9, S2] c [S0] d.", frozenset({1, 2})) == ("A [S1] b [S2] c d.", 2)


@given(st.text(st.sampled_from("[]S123,;- .\nab【】–"), max_size=60))
def test_no_marks_make_it_raise(text: str) -> None:
    plain, citations = taken_out(text)
    assert len(plain) <= len(text)
    assert all(0 <= each.start < each.end <= len(plain) for each in citations)
