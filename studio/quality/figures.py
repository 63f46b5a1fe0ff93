"""How the ears would write number words: “two thousand eight hundred four” as “2,804”.

They write nearly every number in figures, so that its words hardly fit any sound, however rightly they are said.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from studio.quality.measures import is_unit_name
from studio.quality.values import is_number_word, may_be_in_number, value

_REACH: Final = 24  # words of one number
_SMALL: Final = 10  # up to which numbers are written in words as well
_SHORT: Final = 4  # letters of a word that has no weight of its own
_LARGE: Final = 10_000  # from here on figures are grouped, as a rule; a year never is
_SIGNS: Final = {"dollar": "$", "dollars": "$", "pound": "£", "pounds": "£", "euro": "€", "euros": "€"}
_NAMES: Final = {"$": "dollars", "£": "pounds", "€": "euros"}
_MONEY: Final = re.compile(r"([^\w$£€]*)([$£€])(\d[\d.,]*(?<=\d))(\W*)")
_ENDS: Final = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_POINTS: Final = frozenset({"point", "dot"})
_SCALES: Final = frozenset({"million", "billion", "trillion"})  # that are written as words
_WHOLES: Final = frozenset({"hundred", "thousand"})  # before which “a” is one
_ORDINAL: Final = re.compile(r"(\d+)th")
_WHOLE: Final = re.compile(r"-?\d+")


def as_figures(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The ways to write `words` with their numbers in figures, the likeliest first; none where there is no number.

    With and without small numbers and grouped thousands. Marks around a number stay.
    """
    found: dict[tuple[str, ...], None] = {}
    for least, grouped in ((0, True), (_SMALL + 1, True), (0, False)):
        way = tuple(_written(words, least, grouped=grouped))
        if way != tuple(words):
            found[way] = None
    return tuple(found)


def spelled_out(said: Sequence[str], script: Sequence[str]) -> list[str]:
    """What was heard, with the currency behind its figure as it is said, where the script has none: “1,000 dollars”.

    Where money is spoken of the ears write “$1,000” for a thousand of anything; only the word tells whether it is said.
    """
    if any(_plain(word) in _SIGNS for word in script):
        return list(said)
    words: list[str] = []
    for word in said:
        money = _MONEY.fullmatch(word)
        words += [f"{money[1]}{money[3]}", f"{_NAMES[money[2]]}{money[4]}"] if money else [word]
    return words


def is_other_amount(script: Sequence[str], said: Sequence[str]) -> bool:
    """Whether the script has a number or a unit there, beside small words at most, and another was heard for it."""
    meant, heard = ([_plain(word) for word in words] for words in (script, said))
    if any(map(is_unit_name, meant)) and any(map(is_unit_name, heard)):
        return len(meant) == len(heard) == 1
    number = any(is_number_word(word) or any(map(str.isdecimal, word)) for word in heard)
    return (
        number
        and any(map(is_number_word, meant))
        and all(len(word) < _SHORT or may_be_in_number(word) for word in meant)
    )


def _written(words: Sequence[str], least: int, *, grouped: bool) -> Iterator[str]:
    at = 0
    while at < len(words):
        width, number = _number(words, at)
        if width and (not _WHOLE.fullmatch(number) or int(number) >= least):
            opening = (_ENDS.match(words[at]) or [""] * 4)[1]
            last = words[at + width - 1]
            figure = _figure(number, grouped=grouped)
            if width > 1 and _plain(last) in _SCALES and (few := value(tuple(map(_plain, words[at : at + width - 1])))):
                figure = f"{_figure(few, grouped=grouped)} {_plain(last)}"
            following = _plain(words[at + width]) if at + width < len(words) else ""
            if following in _SIGNS and _ends_plainly(last):
                figure, last, width = f"{_SIGNS[following]}{figure}", words[at + width], width + 1
            elif following == "percent" and _ends_plainly(last):
                figure, last, width = f"{figure}%", words[at + width], width + 1
            yield f"{opening}{figure}{(_ENDS.match(last) or [''] * 4)[3]}"
            at += width
        else:
            yield words[at]
            at += 1


def _number(words: Sequence[str], at: int) -> tuple[int, str]:
    """The longest number that begins at `at`: how many words it has, and what it comes to; 0 where none does."""
    following = _plain(words[at + 1]) if at + 1 < len(words) else ""
    if not is_number_word(_plain(words[at])) and not (_plain(words[at]) == "a" and following in _WHOLES):
        return 0, ""
    plain: list[str] = []
    best = 0, ""
    for width, word in enumerate(words[at : at + _REACH], 1):
        plain.append(_plain(word))
        found = value(tuple(plain))
        if found is not None and ("." not in found or _POINTS.intersection(plain)):  # “two fifths” is no 0.4
            best = width, found
        if not _ends_plainly(word):
            break
    return best


def _figure(number: str, *, grouped: bool) -> str:
    ordinal = _ORDINAL.fullmatch(number)
    if ordinal:
        return f"{ordinal[1]}{_ending(int(ordinal[1]))}"
    whole, point, part = number.partition(".")
    if grouped and _WHOLE.fullmatch(whole) and (abs(int(whole)) >= _LARGE or (len(whole) > 3 and not _is_year(whole))):
        whole = f"{int(whole):,}"
    return f"{whole}{point}{part}"


def _is_year(whole: str) -> bool:
    return whole.isdecimal() and len(whole) == 4 and whole[:2] in {"17", "18", "19", "20"}


def _ending(number: int) -> str:
    if 10 < number % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _plain(word: str) -> str:
    return (_ENDS.match(word) or [""] * 4)[2].lower()


def _ends_plainly(word: str) -> bool:
    """Whether no mark follows that would part a number from the next."""
    return not (_ENDS.match(word) or [""] * 4)[3]
