"""What inside a block is not spoken: pictures, link addresses, bare links, tags, emoji, footnote marks, comments."""

import re
from collections.abc import Iterator, Mapping, Sequence

from studio.content import ssml
from studio.content.pauses import BREAK
from studio.domain.script import Skipped

# Every repeat is bounded or cannot be entered twice for the same characters: no text makes the search slow.
_ADDRESS = r"""\(\s{0,9}<?(?:[^()\s]|\([^()\s]{0,500}\)){0,2000}(?:\s{1,9}["'“][^"'”()]{0,300}["'”])?\s{0,9}\)"""
_INLINE = re.compile(
    rf"""
    (?P<image>!\[[^\[\]]{{0,500}}\](?:{_ADDRESS}|\[[^\[\]]{{0,100}}\]))
    |(?P<footnote_mark>
        (?<!\])\[(?:\^[^\[\]\s]{{1,50}}|\d{{1,3}}(?:[,–-][ ]?\d{{1,3}}){{0,5}})\](?![\[(])
        |(?<=[a-z.,;:!?”’")])[¹²³]?[⁰¹⁴-⁹][⁰¹²³⁴-⁹]*
        |(?<=[.,;:!?”"])[²³][⁰¹²³⁴-⁹]*
    )
    |(?P<link_address>(?<=\])(?:{_ADDRESS}|\[[^\[\]]{{0,100}}\]))
    |(?P<bare_link><?\b(?:https?://|ftp://|www\.)[^\s<>"”]*[^\s<>.,;:!?)\]"'”’*_`]>?)
    |(?P<markup>{ssml.TAG})
    |(?P<emoji>[\U0001f000-\U0001faff\u2600-\u266c\u2670-\u27bf\u2b00-\u2bff\u2300-\u23ff\u20e3\ufe0f\u200d\U000e0020-\U000e007f]+)
    """,
    re.VERBOSE,
)


def inline_skipped(text: str, start: int, end: int) -> Iterator[Skipped]:
    """What is not spoken in `text[start:end]`, in order. `<break>` is speech: it is kept.

    A tag that asks for what cannot be done has a reason of its own; the words in it are spoken all the same.
    """
    found = [
        match
        for match in _INLINE.finditer(text, start, end)
        if match.lastgroup != "markup" or not BREAK.match(match[0])
    ]
    tags = [match.span() for match in found if match.lastgroup == "markup"]
    whys: dict[int, str] = {}
    hidden = start
    if tags:
        for element in ssml.elements(text, tags, end):
            whys |= {
                element.start: element.why,
                **({element.close: element.why} if element.close < element.end else {}),
            }
            if element.kind is ssml.Kind.HIDDEN and element.start >= hidden:
                yield from _reasons([match for match in found if hidden <= match.start() < element.start], whys)
                yield Skipped(element.start, element.end, element.why)
                hidden = element.end
    yield from _reasons([match for match in found if match.start() >= hidden], whys)


def _reasons(found: Sequence[re.Match[str]], whys: Mapping[int, str]) -> Iterator[Skipped]:
    for match in found:
        kind = match.lastgroup or ""
        why = whys.get(match.start(), ssml.MARKUP) if kind == "markup" else kind.replace("_", " ")
        yield Skipped(match.start(), match.end(), why)


def comments(text: str) -> Iterator[Skipped]:
    """The comments of the whole text, wherever they stand. One that is never closed is none."""
    end = 0
    while (begin := text.find("<!--", end)) >= 0:
        close = text.find("-->", begin + 4)
        if close < 0:
            return
        end = close + 3
        yield Skipped(begin, end, "comment")
