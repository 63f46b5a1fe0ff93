"""Phrases that are looked for in a script: plain words; * is any letters of a word, alone any one word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from studio.domain.prose import Word, words_in

ANY: Final = "{any}"  # up to `_ANY_WORDS` words: a guest's name
NUMBER: Final = "{number}"
_ANY_WORDS: Final = 8
_NUMBER_WORDS: Final = 5
_NUMBERS: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand and"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found: the words `first` to `last` (exclusive)."""

    phrase: str
    first: int
    last: int


def pattern_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared, with their stars and `{any}` or `{number}`."""
    parts: list[str] = []
    for part in phrase.replace(ANY, " \0 ").replace(NUMBER, " \1 ").split():
        if part in "\0\1":
            parts.append(ANY if part == "\0" else NUMBER)
        else:
            # A star is a letter to the eye that reads the words.
            parts += [key.replace("ˣ", "*") for key in (word.key for word in words_in(part.replace("*", "ˣ")))]
    return tuple(parts)


class Phrases:
    """Phrases that are looked for together, again and again."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._begins: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for phrase in phrases:
            pattern = pattern_of(phrase)
            if pattern:
                open_ = "*" in pattern[0] or pattern[0] in {ANY, NUMBER}
                self._begins.setdefault("*" if open_ else pattern[0], []).append((phrase, pattern))

    def find(self, words: Sequence[Word]) -> list[Found]:
        """Where any of them stands among `words`, in order; of several that begin at one place the longest."""
        found: list[Found] = []
        anywhere = self._begins.get("*", [])
        place = 0
        while place < len(words):
            here = [
                Found(phrase, place, last)
                for phrase, pattern in (*self._begins.get(words[place].key, ()), *anywhere)
                if (last := match_at(pattern, words, place)) is not None
            ]
            if here:
                best = max(here, key=lambda each: each.last)
                found.append(best)
                place = best.last
            else:
                place += 1
        return found


def match_at(pattern: Sequence[str], words: Sequence[Word], place: int, *, longest: bool = False) -> int | None:
    """Where a pattern ends (exclusive) that begins at `place`, or None: at the first of several ends, or the last."""
    if place + len(pattern) > len(words) or not (pattern[0].startswith("{") or _same(pattern[0], words[place])):
        return None  # nearly everywhere
    ends = {place}
    for part in pattern:
        ends = {end for start in ends for end in _ends(part, words, start)}
        if not ends:
            return None
    return max(ends) if longest else min(ends)


def _ends(part: str, words: Sequence[Word], start: int) -> Iterable[int]:
    if part == ANY:
        return range(start + 1, min(start + _ANY_WORDS, len(words)) + 1)
    if part == NUMBER:
        end = start
        while end < min(start + _NUMBER_WORDS, len(words)) and _is_number(words[end].key):
            end += 1
        return range(start + 1, end + 1)
    return (start + 1,) if start < len(words) and _same(part, words[start]) else ()


def _same(part: str, word: Word) -> bool:
    return part in {word.key, "*"} or ("*" in part and fnmatchcase(word.key, part))


def _is_number(key: str) -> bool:
    return key[0].isdigit() or key in _NUMBERS


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders replaced by `values`; `{any}` and `{number}` stay, and match what they stand for."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
