"""A block's text without markers and without what is not spoken, each character with its place in the source."""

import html
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studio.content import ssml
from studio.content.pauses import BREAK, break_seconds
from studio.content.ssml import Element, Kind
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
# A picture or a link between two words keeps them apart; a tag or one of these does not.
_JOINED = frozenset({"footnote mark", "link address"})
_QUOTE_MARK = re.compile(r"(?<=\n)[ \t]*>[> \t]*")


@dataclass(frozen=True, slots=True)
class Said:
    """Words of `Clean.text`, from `start` to `end`, that a tag put in the place of what is `written`.

    That is empty where nothing is, or where it must not be heard. `phonemes` is their IPA, where the tag says so.
    """

    start: int
    end: int
    written: str
    phonemes: str = ""


@dataclass(frozen=True, slots=True)
class Stress:
    """A stretch of `Clean.text` that is to be emphasised."""

    start: int
    end: int
    level: str


@dataclass(frozen=True, slots=True)
class Clean:
    """`starts[i]` and `ends[i]` are the source offsets of `text[i]`; `breaks` are offsets into `text` with seconds.

    `bounds` are offsets where a sentence begins or ends by a tag, with whether that is one of a paragraph.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    breaks: tuple[tuple[int, float], ...]
    said: tuple[Said, ...] = ()
    stresses: tuple[Stress, ...] = ()
    bounds: tuple[tuple[int, bool], ...] = ()


def heading_text(cleaned: Clean) -> str:
    """A heading on one line, for a title: as it is written, without the brackets of links."""
    parts: list[str] = []
    at = 0
    for said in cleaned.said:
        parts += [cleaned.text[at : said.start], said.written or cleaned.text[said.start : said.end]]
        at = said.end
    return " ".join(re.sub(r"[\[\]]", "", "".join([*parts, cleaned.text[at:]])).split())


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.starts = array("q")
        self.ends = array("q")
        self.breaks: list[tuple[int, float]] = []
        self.said: list[Said] = []
        self.bounds: list[tuple[int, bool]] = []

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
    tags = [(hole.start, min(hole.end, block.end)) for hole in skipped if _is_tag(hole) and hole.start >= block.start]
    found = ssml.elements(text, tags, block.end) if tags else []
    built = _built(text, block, skipped, found)
    stresses = tuple(
        Stress(bisect_left(built.starts, each.inner), bisect_left(built.starts, each.close), each.level)
        for each in ssml.outermost(found, frozenset({Kind.EMPHASIS}))
    )
    return Clean(
        "".join(built.parts),
        built.starts,
        built.ends,
        tuple(built.breaks),
        tuple(built.said),
        tuple(stress for stress in stresses if stress.start < stress.end),
        tuple(built.bounds),
    )


def _built(text: str, block: Block, skipped: Sequence[Skipped], found: Sequence[Element]) -> _Builder:
    built = _Builder()
    replaced = {element.start: element for element in ssml.outermost(found, ssml.REPLACING)}
    paragraphs = {place for each in found if each.kind is Kind.PARAGRAPH for place in (each.start, each.close)}
    sentences = {place for each in found if each.kind is Kind.SENTENCE for place in (each.start, each.close)}
    position = block.start
    for number, hole in enumerate(skipped):
        start, end = max(hole.start, position), min(hole.end, block.end)
        if start >= end:
            continue
        _stretch(built, text, position, start, block.kind)
        position = end
        if hole.start in replaced:
            position = _replace(
                built, text, block, _inside(skipped, number + 1, replaced[hole.start]), replaced[hole.start]
            )
        elif hole.start in paragraphs or hole.start in sentences:
            built.bounds.append((built.length, hole.start in paragraphs))
            built.put(" ", start, end)
        elif not (_is_tag(hole) or hole.why in _JOINED):
            built.put(" ", start, end)
    _stretch(built, text, position, block.end, block.kind)
    return built


def _inside(skipped: Sequence[Skipped], first: int, element: Element) -> list[Skipped]:
    last = first
    while last < len(skipped) and skipped[last].start < element.close:
        last += 1
    return list(skipped[first:last])


def _replace(built: _Builder, text: str, block: Block, skipped: Sequence[Skipped], element: Element) -> int:
    """Put the words of `element` in the place of what it holds; returns where the text goes on."""
    start, end = element.inner, element.close
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    inner = _built(text, Block(block.kind, start, end), skipped, ())
    written = " ".join("".join(inner.parts).split())
    spoken = element.spoken(written)
    if not spoken:
        return element.inner
    # An element without content is spoken where its tag stands.
    source = (start, end) if start < end else (element.start, element.end)
    if built.parts and built.parts[-1][-1:].isalnum():
        built.put(" ", *source)
    phonemes = element.phonemes if element.kind is Kind.PHONEME else ""
    written = "" if element.bleeps else written
    built.said.append(Said(built.length, built.length + len(spoken), written, phonemes))
    built.put(spoken, *source)
    if text[element.end : min(element.end + 1, block.end)].isalnum():
        built.put(" ", *source)
    built.breaks += [(built.length, seconds) for _, seconds in inner.breaks]
    return element.end


def _is_tag(hole: Skipped) -> bool:
    return hole.why == ssml.MARKUP or hole.why.startswith(ssml.NOT_FOLLOWED)


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
