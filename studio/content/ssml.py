"""Our own layer of SSML: which tags a script has, what stands between them, and which of them can be followed.

Anything that looks like a tag is one; nothing has to be well-formed. A tag ends at the latest where its block ends, and
one that would replace words, but is never closed, replaces none. `<break>` is in `pauses`.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from studio.content.say_as import is_expletive, is_known, say_as
from studio.content.saying import read_aloud
from studio.domain.phonemes import from_alphabet
from studio.domain.respelling import respelled

MARKUP: Final = "markup"
"""Why a tag is not spoken: it is one, and what it asks for is done, or is nothing to be heard."""
NOT_FOLLOWED: Final = "SSML "
"""Begins the reason of a tag that asks for what cannot be done."""

_LONGEST_ALIAS: Final = 1_000  # characters
_PREFIX: Final = r"(?:[A-Za-z][\w.-]{0,40}:)?"
_NAMES: Final = (
    "speak|p|s|sub|say-as|phoneme|emphasis|prosody|voice|lang|audio|mark|w|token|desc|metadata|meta|lexicon|lookup"
)
_VALUES: Final = r"""[^<>"']|"[^"<]{0,1000}"|'[^'<]{0,1000}'"""
TAG: Final = (
    rf"</?{_PREFIX}(?i:{_NAMES})(?:\s(?:{_VALUES}){{0,300}})?/?>"  # may be long, and go on in the next line
    r"|</?[A-Za-z][^<>\n]{0,200}>"
)
"""What looks like a tag, as a pattern for verbose mode. No text makes the search slow."""

_TAG_PARTS = re.compile(r"<(/?)((?:[A-Za-z][\w.-]*:)?[A-Za-z][\w.-]*)(.*?)(/?)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|[“”„]([^“”]*)[“”]|([^\s"'<>]+))""")
_DEEPEST: Final = 50
_OUR_PREFIXES: Final = frozenset({"ssml", "speak"})
_LEVELS: Final = frozenset({"strong", "moderate", "reduced", "none"})
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?…:;][”’\"')\]]*|>)\s*$")


class Kind(Enum):
    """What a tag comes to."""

    SUB = auto()
    SAY_AS = auto()
    PHONEME = auto()
    EMPHASIS = auto()
    PARAGRAPH = auto()
    SENTENCE = auto()
    HIDDEN = auto()  # what stands in it is no speech
    NOT_FOLLOWED = auto()
    OTHER = auto()


REPLACING: Final = frozenset({Kind.SUB, Kind.SAY_AS, Kind.PHONEME})


_REPLACING: Final = {"sub": Kind.SUB, "say-as": Kind.SAY_AS, "phoneme": Kind.PHONEME}
_PLAIN: Final = {"emphasis": Kind.EMPHASIS, "p": Kind.PARAGRAPH, "s": Kind.SENTENCE}
_HIDDEN: Final = frozenset({"desc", "metadata"})
_BEYOND: Final = frozenset({"prosody", "voice", "lang", "audio", "mark", "w", "token", "meta", "lexicon", "lookup"})


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with what it holds: the opening one from `start` to `inner`, the closing one from `close` to `end`.

    All are offsets into the text. One that closes itself holds nothing; one that is never closed goes on to the end of
    the block.
    """

    name: str
    kind: Kind
    start: int
    inner: int
    close: int
    end: int
    attributes: Mapping[str, str]

    @property
    def why(self) -> str:
        """The reason for `Skipped`."""
        return f"{NOT_FOLLOWED}{self.name}" if self.kind in {Kind.NOT_FOLLOWED, Kind.HIDDEN} else MARKUP

    @property
    def level(self) -> str:
        """Of emphasis."""
        level = self.attributes.get("level", "").strip().lower()
        return level if level in _LEVELS else "moderate"

    @property
    def phonemes(self) -> str:
        """The IPA of a `<phoneme>`; empty where it cannot be used."""
        return from_alphabet(self.attributes.get("alphabet", ""), self.attributes.get("ph", ""))

    @property
    def bleeps(self) -> bool:
        """Whether what it holds must not be heard."""
        return self.kind is Kind.SAY_AS and is_expletive(self.attributes["interpret-as"])

    def spoken(self, content: str) -> str:
        """What is spoken in place of `content`; empty where that is nothing."""
        if self.kind is Kind.SUB:
            return read_aloud(self.attributes["alias"])
        if self.kind is Kind.PHONEME:
            return respelled(self.phonemes)
        how = self.attributes.get("format") or self.attributes.get("detail", "")
        return say_as(content, self.attributes["interpret-as"], how) if content else ""


@dataclass(slots=True)
class _Open:
    name: str
    attributes: Mapping[str, str]
    start: int
    inner: int
    sentence: bool


def elements(text: str, tags: Sequence[tuple[int, int]], end: int) -> list[Element]:
    """The elements that these tags make, by where they begin. `end` is where their block ends.

    A closing tag closes the nearest open one of its name, and all that was opened since. Linear: of more than 50 open
    ones the first ends with its block.
    """
    found: list[Element] = []
    waiting: list[_Open] = []
    for start, stop in tags:
        parts = _TAG_PARTS.fullmatch(text, start, stop)
        if not parts:
            continue
        name = parts[2].lower()
        prefix, _, bare = name.rpartition(":")
        name = bare if prefix in _OUR_PREFIXES or not prefix else name
        if parts[1]:
            depth = next((index for index in range(len(waiting) - 1, -1, -1) if waiting[index].name == name), None)
            if depth is not None:
                *inside, closed = waiting[depth:][::-1]
                found += [_element(each, start, start, closed=False) for each in inside]
                found.append(_element(closed, start, stop, closed=True))
                del waiting[depth:]
            continue
        opened = _Open(
            name, _attributes(parts[3]), start, stop, bool(_SENTENCE_BEFORE.search(text[max(0, start - 20) : start]))
        )
        if parts[4]:
            found.append(_element(opened, stop, stop, closed=True))
        else:
            waiting.append(opened)
            if len(waiting) > _DEEPEST:
                found.append(_element(waiting.pop(0), end, end, closed=False))
    found += [_element(each, end, end, closed=False) for each in waiting]
    return sorted(found, key=lambda element: element.start)


def outermost(found: Sequence[Element], kinds: frozenset[Kind]) -> Iterator[Element]:
    """Those of these kinds that stand in no other of them."""
    end = -1
    for element in found:
        if element.kind in kinds and element.start >= end:
            yield element
            end = element.end


def _element(opened: _Open, close: int, end: int, *, closed: bool) -> Element:
    kind = _kind(opened, closed=closed)
    return Element(
        opened.name,
        kind,
        opened.start,
        opened.inner,
        max(close, opened.inner),
        max(end, opened.inner),
        opened.attributes,
    )


def _kind(opened: _Open, *, closed: bool) -> Kind:
    name, attributes = opened.name, opened.attributes
    if name in _REPLACING:
        if name == "sub" and "alias" not in attributes:
            return Kind.OTHER  # the small figure of HTML
        return _REPLACING[name] if closed and _can_be_spoken(name, attributes) else Kind.NOT_FOLLOWED
    if name == "s" and not opened.sentence:
        return Kind.OTHER  # the struck out text of HTML
    if name == "mark" and "name" not in attributes:
        return Kind.OTHER  # the marker pen of HTML
    if name in _HIDDEN and closed:
        return Kind.HIDDEN
    foreign = name in _HIDDEN or name in _BEYOND or ":" in name  # a colon has what is one vendor's
    return _PLAIN.get(name, Kind.NOT_FOLLOWED if foreign else Kind.OTHER)


def _can_be_spoken(name: str, attributes: Mapping[str, str]) -> bool:
    if name == "sub":
        return len(attributes["alias"]) <= _LONGEST_ALIAS and bool(read_aloud(attributes["alias"]))
    if name == "say-as":
        return is_known(attributes.get("interpret-as", ""))
    return bool(respelled(from_alphabet(attributes.get("alphabet", ""), attributes.get("ph", ""))))


def _attributes(text: str) -> Mapping[str, str]:
    return {
        name.lower(): html.unescape(next((value for value in values if value), ""))
        for name, *values in _ATTRIBUTE.findall(text)
    }
