"""A text in passages that can be cited: whole sentences that belong together, and where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio.content.clean import Clean, cleaned_blocks, heading_text
from studio.content.markdown import is_numeral
from studio.content.sentences import sentence_spans
from studio.domain.script import BlockKind, Script

_FEWEST: Final = 60  # words of a passage, where its section has as many
_MOST: Final = 160
_LONGEST: Final = 240  # words of a passage that would leave a rest of its section behind, and of a sentence
_SCRAP: Final = 8  # words below which a whole section says nothing: “Read more”
_LONGEST_WORD: Final = 100  # characters; more is no prose
_LONGEST_PLACE: Final = 120
# One of these is a word; of writing without spaces each character counts.
_WORD: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one section. `start` and `end` are offsets into the script's text, `place` its headings in words."""

    text: str
    start: int
    end: int
    place: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    start: int
    end: int
    words: int
    begins: bool  # a paragraph


def passages(script: Script) -> Iterator[Passage]:
    """The passages of a script in their order, of about 60 to 160 words; none goes over a heading.

    A heading that is the script's title is no place: it says nothing of where in it something stands.
    """
    headings: list[tuple[int, str]] = []
    section: list[_Sentence] = []
    for block, cleaned in cleaned_blocks(script):
        if block.kind is not BlockKind.HEADING:
            section += _sentences(cleaned)
            continue
        yield from _cut(section, _place(headings, script.title))
        section = []
        headings = [(level, text) for level, text in headings if level < block.level]
        headings.append((block.level, heading_text(cleaned)))
    yield from _cut(section, _place(headings, script.title))


def _sentences(cleaned: Clean) -> Iterator[_Sentence]:
    begins = True
    for start, end in sentence_spans(cleaned.text):
        for first, last in _pieces(cleaned.text, start, end):
            text = " ".join(cleaned.text[first:last].split())
            words = len(_WORD.findall(text))
            if not words or max(map(len, text.split())) > _LONGEST_WORD + 5 * words:
                continue
            yield _Sentence(text, cleaned.starts[first], cleaned.ends[last - 1], words, begins)
            begins = False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is, or, where no one could say it in one go, in pieces that end between two words."""
    words = list(_WORD.finditer(text, start, end)) if end - start > _LONGEST else []
    if len(words) <= _LONGEST:
        yield start, end
        return
    for first in range(0, len(words), _MOST):
        following = first + _MOST
        last = words[following].start() if following < len(words) else end
        yield words[first].start() if first else start, start + len(text[start:last].rstrip())


def _cut(section: Sequence[_Sentence], place: str) -> Iterator[Passage]:
    """The sentences of a section in passages that end with a paragraph where they can."""
    groups: list[list[_Sentence]] = []
    held = 0
    for sentence in section:
        full = groups and (
            (held >= _FEWEST and (sentence.begins or held + sentence.words > _MOST))
            or (held >= _FEWEST // 2 and held + sentence.words > _LONGEST)
        )
        if not groups or full:
            groups.append([])
            held = 0
        groups[-1].append(sentence)
        held += sentence.words
    if len(groups) > 1 and held < _FEWEST and _words(groups[-2]) + held <= _LONGEST:
        last = groups.pop()
        groups[-1] += last
    for group in groups:
        if _words(group) >= _SCRAP:
            yield Passage(_said(group), group[0].start, group[-1].end, place)


def _words(group: Sequence[_Sentence]) -> int:
    return sum(sentence.words for sentence in group)


def _said(group: Sequence[_Sentence]) -> str:
    said = group[0].text
    for sentence in group[1:]:
        said += ("\n\n" if sentence.begins else " ") + sentence.text
    return said


def _place(headings: Sequence[tuple[int, str]], title: str) -> str:
    """The innermost heading, and those above it where it is a bare number."""
    named = [text for _, text in headings if text and text.casefold() != title.casefold()]
    if not named:
        return ""
    place = named[-1]
    if is_numeral(place) and len(named) > 1:
        place = f"{named[-2]}, {place}"
    return place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE].rpartition(' ')[0]}…"
