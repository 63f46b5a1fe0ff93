"""Markdown as blocks: kinds, exact offsets, and what is left out by rule."""

import pytest

from studio.content.markdown import read_blocks
from studio.domain.script import BlockKind


def seen(text: str) -> list[tuple[str, int, str]]:
    blocks, _ = read_blocks(text)
    return [(block.kind.value, block.level, text[block.start : block.end]) for block in blocks]


def left_out(text: str) -> list[tuple[str, str]]:
    _, skipped = read_blocks(text)
    return [(hole.why, text[hole.start : hole.end]) for hole in skipped]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("# One\n\nText\nmore.\n", [("heading", 1, "One"), ("paragraph", 0, "Text\nmore.")]),
        ("### Three ###\nText.", [("heading", 3, "Three"), ("paragraph", 0, "Text.")]),
        ("#hashtag is text", [("paragraph", 0, "#hashtag is text")]),
        ("Title\n===\nText.", [("heading", 1, "Title"), ("paragraph", 0, "Text.")]),
        ("Title\n---\nText.", [("heading", 2, "Title"), ("paragraph", 0, "Text.")]),
        ("One.\nTwo.\n---\nText.", [("paragraph", 0, "One.\nTwo."), ("paragraph", 0, "Text.")]),
        (
            "- one\n- two\n  goes on\n  - deep\n",
            [("list_item", 1, "one"), ("list_item", 1, "two\n  goes on"), ("list_item", 2, "deep")],
        ),
        ("1. one\n2) two\n- [x] done", [("list_item", 1, "one"), ("list_item", 1, "two"), ("list_item", 1, "done")]),
        ("1845. The winter was cold.", [("paragraph", 0, "1845. The winter was cold.")]),
        ("It was in the year\n12. After that.", [("paragraph", 0, "It was in the year\n12. After that.")]),
        ("> one\n> two\n>\n> three\n", [("quote", 0, "one\n> two"), ("quote", 0, "three")]),
        ("    Indented verse\n    is speech.", [("paragraph", 0, "Indented verse\n    is speech.")]),
        ("A\n\n* * *\n\nB", [("paragraph", 0, "A"), ("paragraph", 0, "B")]),
        ("-5 degrees\n\n—he said", [("paragraph", 0, "-5 degrees"), ("paragraph", 0, "—he said")]),
        ("II\n\nname", [("paragraph", 0, "II"), ("paragraph", 0, "name")]),
        ("## II\n\nThe Name\n\nText.", [("heading", 2, "II"), ("heading", 2, "The Name"), ("paragraph", 0, "Text.")]),
    ],
)
def test_blocks(text: str, blocks: list[tuple[str, int, str]]) -> None:
    assert seen(text) == blocks


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("A.\n\n```py\ncode\n\nmore\n```\nB.", [("code", "```py\ncode\n\nmore\n```")]),
        ("A.\n~~~\ncode", [("code", "~~~\ncode")]),
        ("A.\n\n| a | b |\n|:--|--:|\n| c | d |\nB.", [("table", "| a | b |\n|:--|--:|\n| c | d |")]),
        ("A <!-- note\n\nmore --> B", [("comment", "<!-- note\n\nmore -->")]),
        ("See ![alt](pic.png) here", [("image", "![alt](pic.png)")]),
        ("See [text](http://a.b/c_(d)) here", [("link address", "(http://a.b/c_(d))")]),
        ("See [text][1] here", [("link address", "[1]")]),
        (
            "See https://a.b/c?d=e. Then www.x.org, too",
            [("bare link", "https://a.b/c?d=e"), ("bare link", "www.x.org")],
        ),
        ("See <https://a.b>!", [("bare link", "<https://a.b>")]),
        ("Good 🎉👍🏽 day", [("emoji", "🎉👍🏽")]),
        (
            "Text[^1] and [2].\n\n[^1]: The note.\n    More.\n\nEnd.",
            [("footnote mark", "[^1]"), ("footnote mark", "[2]"), ("footnote", "[^1]: The note.\n    More.")],
        ),
        ("[id]: http://a.b\n\nText.", [("link address", "[id]: http://a.b")]),
        ("A <b>bold</b> word", [("markup", "<b>"), ("markup", "</b>")]),
        ('A <break time="1s"/> word', []),
        ("a < b and c > d", []),
        ("An unclosed <!-- comment", []),
        ("---\ntitle: x\n---\nText.", [("front matter", "---\ntitle: x\n---")]),
        ("---\nNo matter at all\n---\nText.", []),
    ],
)
def test_what_is_not_spoken_is_listed(text: str, holes: list[tuple[str, str]]) -> None:
    assert left_out(text) == holes


def test_offsets_point_into_the_text_as_given() -> None:
    text = "\n\n#  Head  #\n\n\n  - item\n\n>  quote  \n"
    blocks, _ = read_blocks(text)
    assert [(block.kind, text[block.start : block.end]) for block in blocks] == [
        (BlockKind.HEADING, "Head"),
        (BlockKind.LIST_ITEM, "item"),
        (BlockKind.QUOTE, "quote"),
    ]
