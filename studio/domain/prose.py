"""A script as prose: its sentences and words with their places, without what is markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from studio.domain.script import BlockKind, Script

_WORD: Final = re.compile(r"\d+(?:[.,:]\d+)+|(?:[^\W_]|[\u0300-\u036f])+(?:['’](?:[^\W_]|[\u0300-\u036f])+)*")
# Parts of a block that are not read out. The bounds keep a broken one from being looked for to the end of the text.
_MARKUP: Final = re.compile(
    r"\]\([^)\n]{0,500}\)|https?://[^\s)>\]]{1,2000}|<[!/a-zA-Z][^<>\n]{0,500}>|\[\^[^\]\n]{1,60}\]"
)
_STOP: Final = re.compile(r"(?<![.!?…])[.!?…]++[)\]”’\"'*_]*+(?=\s)|[。！？]+")  # noqa: RUF001  (full stops of other scripts)
_NO_STOP: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "mr mrs ms dr prof st jr sr vs eg ie etc no fig al approx dept est gen gov hon lt col rev sgt capt inc ltd co"
        " jan feb mar apr jun jul aug sep sept oct nov dec"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the source: as it is compared (small letters, composed), and its place in the text."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a heading. `start` and `end` are offsets into the script's text."""

    start: int
    end: int
    words: tuple[Word, ...]
    heading: bool = False


def sentences_of(script: Script) -> tuple[Sentence, ...]:
    """The sentences of what is spoken, in order; those without a word are left out. Linear in the text's length."""
    return tuple(_sentences(script))


def words_in(text: str, offset: int = 0) -> tuple[Word, ...]:
    """The words of `text`, which begins at `offset`."""
    return tuple(
        Word(key_of(found.group()), offset + found.start(), offset + found.end()) for found in _WORD.finditer(text)
    )


def key_of(word: str) -> str:
    """A word as it is compared."""
    return normalize("NFC", word.casefold().replace("’", "'"))


def _sentences(script: Script) -> Iterator[Sentence]:
    skipped = iter(sorted(script.skipped, key=lambda part: part.start))
    part = next(skipped, None)
    for block in script.blocks:
        text = _MARKUP.sub(lambda found: " " * len(found.group()), script.text[block.start : block.end])
        while part is not None and part.end <= block.start:
            part = next(skipped, None)
        while part is not None and part.start < block.end:
            first, last = max(part.start - block.start, 0), min(part.end, block.end) - block.start
            text = text[:first] + " " * (last - first) + text[last:]
            if part.end > block.end:
                break
            part = next(skipped, None)
        heading = block.kind is BlockKind.HEADING
        for start, end in [(0, len(text))] if heading else _spans(text):
            words = words_in(text[start:end], block.start + start)
            if words:
                yield Sentence(words[0].start, block.start + end, words, heading)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        before = text[max(start, stop.start() - 20) : stop.start()]
        last = _WORD.findall(before)[-1:] if before[-1:].isalnum() else []
        # “Dr. Miller” and “J. S. Bach” go on; a digit may well end a sentence.
        initial = last and len(last[0]) == 1 and last[0].isalpha()
        if stop.group().startswith(".") and last and (initial or last[0].casefold() in _NO_STOP):
            continue
        following = text[stop.end() : stop.end() + 20].lstrip(" \t\n“‘\"'([*_")[:1]
        if following.islower() and stop.group()[0] != "。":
            continue
        yield start, stop.end()
        start = stop.end()
    if text[start:].strip():
        yield start, len(text)
