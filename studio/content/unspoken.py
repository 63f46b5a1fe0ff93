"""What inside a block is not spoken: pictures, link addresses, bare links, tags, emoji, footnote marks, comments."""

import re
from collections.abc import Iterator

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
    |(?P<markup></?[A-Za-z][^<>\n]{{0,200}}>)
    |(?P<emoji>[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u20e3\ufe0f\u200d\U000e0020-\U000e007f]+)
    """,
    re.VERBOSE,
)


def inline_skipped(text: str, start: int, end: int) -> Iterator[Skipped]:
    """What is not spoken in `text[start:end]`, in order. `<break>` is speech: it is kept."""
    for match in _INLINE.finditer(text, start, end):
        kind = match.lastgroup or ""
        if kind != "markup" or not BREAK.match(match[0]):
            yield Skipped(match.start(), match.end(), kind.replace("_", " "))


def comments(text: str) -> Iterator[Skipped]:
    """The comments of the whole text, wherever they stand. One that is never closed is none."""
    end = 0
    while (begin := text.find("<!--", end)) >= 0:
        close = text.find("-->", begin + 4)
        if close < 0:
            return
        end = close + 3
        yield Skipped(begin, end, "comment")
