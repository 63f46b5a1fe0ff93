"""The marks by which a model says which excerpt a sentence rests on: [S3] is the third one that it was shown."""

import re
from collections.abc import Iterator
from typing import Final

from studio.content.sentences import sentence_spans
from studio.domain.writing import Citation

MARK: Final = re.compile(
    r"[ \t]{0,3}[\[【][ \t]{0,3}[Ss]\d{1,4}(?:[ \t]{0,3}[,;–-][ \t]{0,3}[Ss]?\d{1,4}){0,20}[ \t]{0,3}[\]】]"
)
_NUMBER: Final = re.compile(r"\d+")
_RANGE: Final = re.compile(r"(\d+)[ \t]*[–-][ \t]*[Ss]?(\d+)")
_PARAGRAPH: Final = re.compile(r"[^\n]+")
_LEAD: Final = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)*")


def blanked(text: str) -> str:
    """The text with spaces for its marks: everything else keeps its place."""
    return MARK.sub(lambda mark: " " * len(mark[0]), text)


def behind_marks(text: str, place: int) -> int:
    """Where the marks end that stand at this place, if any: behind a stop they belong to the sentence before."""
    while mark := MARK.match(text, place):
        place = mark.end()
    return place


def numbers(mark: str) -> tuple[int, ...]:
    """The numbers in a mark, from 1; a range is what it spans."""
    spanned = [
        number
        for first, last in _RANGE.findall(mark)
        for number in range(int(first), min(int(last), int(first) + 20) + 1)
    ]
    return tuple(dict.fromkeys([*map(int, _NUMBER.findall(mark)), *spanned]))


def checked(text: str, known: frozenset[int]) -> tuple[str, int]:
    """The text with those marks alone that name what was shown, each as `[S3]`; and how many others there were."""
    wrong = 0

    def put_right(mark: re.Match[str]) -> str:
        nonlocal wrong
        named = numbers(mark[0])
        right = [number for number in named if number in known]
        wrong += len(named) - len(right)
        return f" [{', '.join(f'S{number}' for number in right)}]" if right else ""

    return MARK.sub(put_right, text), wrong


def taken_out(text: str) -> tuple[str, tuple[Citation, ...]]:
    """The text without its marks, and what they said: which sentence rests on which excerpt, counted from 0.

    A mark stands for the sentence that it is in, or that it follows.
    """
    plain: list[str] = []
    found: list[tuple[int, int]] = []  # where it stood in the plain text, and the excerpt
    length = begin = 0
    for mark in MARK.finditer(text):
        plain.append(text[begin : mark.start()])
        length += mark.start() - begin
        begin = mark.end()
        found += [(length, number - 1) for number in numbers(mark[0])]
    plain.append(text[begin:])
    whole = "".join(plain)
    spans = list(_sentences(whole))
    cited = []
    place = 0
    for at, excerpt in found:
        while place + 1 < len(spans) and spans[place + 1][0] < at:
            place += 1
        if spans and spans[place][0] < at:
            cited.append(Citation(*spans[place], excerpt))
    return whole, tuple(dict.fromkeys(cited))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for line in _PARAGRAPH.finditer(text):
        lead = _LEAD.match(line[0])
        begin = line.start() + (lead.end() if lead else 0)
        for start, end in sentence_spans(text[begin : line.end()]):
            yield begin + start, begin + end
