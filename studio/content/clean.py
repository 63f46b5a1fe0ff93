"""A block's text without markers and without what is not spoken, each character with its place in the source."""

import html
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studio.content.pauses import BREAK, break_seconds
from studio.domain.script import Block, BlockKind, Script, Skipped

# Invisible, they would only cut words in two: soft hyphen, zero-width and bidirectional marks, byte order mark.
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_MARKS = re.compile(
    rf"""
    (?P<pause>{BREAK.pattern})
    |(?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,24}});)
    |(?P<escape>\\(?=[!-/:-@\[-`{{-~]))
    |(?P<emphasis>\*+(?=\S)|(?<=\S)\*+|`+|~~+|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_]))
    |(?P<invisible>[{_INVISIBLE}])
    |(?P<space>[\s\x00-\x1f\x7f-\x9f\u2028\u2029])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTE_MARK = re.compile(r"(?<=\n)[ \t]*>[> \t]*")


@dataclass(frozen=True, slots=True)
class Clean:
    """`starts[i]` and `ends[i]` are the source offsets of `text[i]`; `breaks` are offsets into `text` with seconds."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    breaks: tuple[tuple[int, float], ...]


def heading_text(cleaned: Clean) -> str:
    """A heading on one line, for a title: without the brackets of links."""
    return " ".join(re.sub(r"[\[\]]", "", cleaned.text).split())


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.starts = array("q")
        self.ends = array("q")
        self.breaks: list[tuple[int, float]] = []

    def copy(self, text: str, start: int, end: int) -> None:
        self.parts.append(text[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))
        self.length += end - start

    def put(self, replacement: str, start: int, end: int) -> None:
        self.parts.append(replacement)
        self.starts.extend([start] * len(replacement))
        self.ends.extend([end] * len(replacement))
        self.length += len(replacement)


def cleaned_blocks(script: Script) -> Iterator[tuple[Block, Clean]]:
    """Every block of a script with its speakable text. Linear, however much is skipped."""
    skipped, index = script.skipped, 0
    for block in script.blocks:
        while index < len(skipped) and skipped[index].end <= block.start:
            index += 1
        holes: list[Skipped] = []
        for ahead in range(index, len(skipped)):
            if skipped[ahead].start >= block.end:
                break
            holes.append(skipped[ahead])
        yield block, clean(script.text, block, holes)


def clean(text: str, block: Block, skipped: Sequence[Skipped]) -> Clean:
    """The speakable text of `block`. `skipped` are the stretches inside of it, in order, that are not spoken."""
    built = _Builder()
    position = block.start
    for hole in skipped:
        start, end = max(hole.start, position), min(hole.end, block.end)
        if start < end:
            _stretch(built, text, position, start, block.kind)
            # A picture or a link between two words keeps them apart; a tag or a footnote mark does not.
            if hole.why not in {"markup", "footnote mark", "link address"}:
                built.put(" ", start, end)
            position = end
    _stretch(built, text, position, block.end, block.kind)
    return Clean("".join(built.parts), built.starts, built.ends, tuple(built.breaks))


def _stretch(built: _Builder, text: str, start: int, end: int, kind: BlockKind) -> None:
    if kind is BlockKind.QUOTE:
        for mark in _QUOTE_MARK.finditer(text, start, end):
            _inline(built, text, start, mark.start())
            start = mark.end()
    _inline(built, text, start, end)


def _inline(built: _Builder, text: str, start: int, end: int) -> None:
    for mark in _MARKS.finditer(text, start, end):
        built.copy(text, start, mark.start())
        start = mark.end()
        if mark.lastgroup == "space":
            built.put(" ", mark.start(), start)
        elif mark["pause"]:
            built.breaks.append((built.length, break_seconds(mark[2])))
            built.put(" ", mark.start(), start)
        elif mark["entity"]:
            built.put(re.sub(r"\s", " ", html.unescape(mark[0])), mark.start(), start)
    built.copy(text, start, end)
