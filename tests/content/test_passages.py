"""Texts in passages: whole sentences, at the bounds of paragraphs and headings, and in their place."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.passages import Passage, passages
from studio.domain.errors import InputError

SENTENCE = "The pond in winter is still and deep, and the ice on it is cut early. "  # 16 words


def cut(text: str) -> list[Passage]:
    return list(passages(ScriptIntake().read_text(text, "pond.md")))


def paragraph(sentences: int, mark: str = "") -> str:
    return (SENTENCE * sentences).strip() + mark


def test_passages_are_whole_sentences_of_about_a_minute() -> None:
    found = cut("\n\n".join(paragraph(count) for count in (3, 2, 30, 1, 1, 7)))
    counts = [len(each.text.split()) for each in found]
    assert sum(counts) == 44 * 16  # nothing is lost
    assert all(60 <= count <= 240 for count in counts)
    assert all(each.text.startswith("The pond") and each.text.endswith("early.") for each in found)
    assert found[0].text.count("\n\n") == 1  # the paragraphs of 3 and 2


def test_offsets_lead_to_the_text() -> None:
    text = "# Pond\n\n" + paragraph(5).replace("winter", "**winter**") + "\n\n> " + paragraph(6)
    for each in cut(text):
        held = text[each.start : each.end]
        assert (held[:8], held[-6:]) == ("The pond", "early.")
        assert "**" not in each.text


def test_no_passage_goes_over_a_heading_and_headings_are_its_place() -> None:
    body = paragraph(5)
    headings = "# Walden", "## Ice", "### Cutting it", "## Chapter 2\n\n### II", "# After"
    text = "".join(f"{heading}\n\n{body}\n\n" for heading in headings)
    assert [each.place for each in cut(text)] == ["", "Ice", "Cutting it", "Chapter 2, II", "After"]


def test_a_rest_goes_with_what_is_before_it_and_a_scrap_is_left_out() -> None:
    (whole,) = cut(f"{paragraph(10)}\n\nRead more.")
    assert whole.text.endswith("Read more.")
    assert [each.place for each in cut(f"# A\n\n{paragraph(5)}\n\n## B\n\nRead more.\n\n## C\n\n{SENTENCE}")] == [
        "",
        "C",
    ]


def test_what_has_no_sentences_is_cut_all_the_same() -> None:
    endless = cut("word " * 20_000)
    assert len(endless) > 100
    assert max(len(each.text.split()) for each in endless) <= 240
    assert not cut("The pond is deep here. " + "x" * 100_000)  # what is left of it is a scrap
    chinese = cut("瓦尔登湖的冬天很安静,冰面上没有声音。" * 60)
    assert len(chinese) > 3
    assert all(each.text.endswith("。") for each in chinese)


def test_tables_code_and_links_are_no_passage() -> None:
    found = cut(
        f"{paragraph(5)}\n\n| a | b |\n|---|---|\n| secret | table |\n\n```\ncode secret\n```\n\n{paragraph(5)} [x](https://secret.example/)"
    )
    assert found
    assert not any("secret" in each.text for each in found)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab.!? \n#>-*`|[]()1\u202e\u0301字。", max_size=400))
def test_any_text_is_cut_in_order_and_inside(text: str) -> None:
    try:
        found = cut(text)
    except InputError:
        return
    assert all(0 <= each.start < each.end <= len(text) and each.text.strip() for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "text",
    ["Half \ud800 a character is here and it is deep in the pond. " * 10, "Wide\u3000space is here in it. " * 20],
)
def test_odd_characters(text: str) -> None:
    assert cut(text)
