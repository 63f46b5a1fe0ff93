"""Whether a difference between what was meant and what was heard is one, and if not, on what grounds."""

from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.domain.hearing import Grounds
from studio.quality.homophones import same_sound
from studio.quality.likeness import likeness
from studio.quality.measures import is_unit_name
from studio.quality.normalise import Unit
from studio.quality.values import is_number_word, may_be_in_number, value
from studio.quality.vocabulary import is_known

REACH: Final = 24  # units on a side that may be read as one: fifteen digits are up to 24 words
_STATES: Final = 400  # of the search for equal readings at one place
_READINGS: Final = 4  # of a figure, the likeliest, that are tried when it is another number
_SHORTEST: Final = 4  # letters; shorter words are alike too easily
# How alike two words must sound to count as one another. Two words that the ears know are two words, unless they are
# spellings of one name. What they do not know they spell by its sound, and a name in every way that it allows.
_KNOWN: Final = 0.9
_SAME_NAME: Final = 0.97
_RARE: Final = 0.82
_NAME: Final = 0.66
_NEVER: Final = 2.0
_HISSING: Final = ("s", "se", "ce", "x", "z", "ze", "sh", "ch", "ge")  # ends behind which “is” sounds as a plural does
_SPANS: Final = ((1, 1), (1, 2), (2, 1), (1, 3), (1, 4), (2, 2), (2, 3), (3, 2), (3, 1), (3, 3))


def equal(one: Sequence[Unit], two: Sequence[Unit], row: int, column: int) -> Iterator[tuple[int, int]]:
    """How many units from here on both sides read the same: in the same letters, or as the same number."""
    found: set[tuple[int, int]] = set()
    for step in (*_same_letters(one, two, row, column), *_same_value(one, two, row, column)):
        if step not in found:
            found.add(step)
            yield step


def alike(
    one: Sequence[Unit], two: Sequence[Unit], row: int, column: int, names: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """How many units from here on both sides sound the same, or so much alike that the ears cannot tell."""
    for width, other in _SPANS:
        if row + width <= len(one) and column + other <= len(two):
            named = all(index in names for index in range(row, row + width))
            meant, heard = one[row : row + width], two[column : column + other]
            if width == 1 or named:
                same = _sounds_like(meant, heard, named=named)
            else:
                same = other == 1 and _runs_together(meant, heard[0])
            same = same or _joined(_plain(meant), _plain(heard)) or _joined(_plain(heard), _plain(meant))
            same = same or _parted(_plain(meant), _plain(heard)) or _parted(_plain(heard), _plain(meant))
            if same or _is_plural(_plain(meant), _plain(heard)) or _is_plural(_plain(heard), _plain(meant)):
                yield width, other


def misread_figure(one: Sequence[Unit], figure: Unit, row: int) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Ways in which a figure that was heard is another number than the words from `row` on.

    How many units it stands for, how many words of them differ from its nearest reading, and which units those are:
    “$70.08” for “seventy-one dollars and eight cents” is one word too few, and not six wrong ones.
    """
    if not figure.figure or not numeric(one[row]):
        return
    readings = figure.readings[:_READINGS]
    longest = max(map(len, readings)) + 2
    words: list[str] = []
    owners: list[int] = []
    for width, unit in enumerate(one[row : row + REACH], 1):
        words += unit.plain
        owners += [width - 1] * len(unit.plain)
        if len(words) > longest:
            return
        nearest = min(readings, key=lambda reading: Levenshtein.distance(words, reading))
        edits = Levenshtein.editops(words, nearest)
        if width > 1 and len(edits) < len(words):
            wrong = {owners[min(edit.src_pos, len(owners) - 1)] for edit in edits if edit.tag != "insert"}
            yield width, len(edits), tuple(sorted(wrong))


def grounds(meant: Sequence[Unit], heard: Sequence[Unit]) -> Grounds | None:
    """Why two equal stretches count as the same; None where they are written alike but for case and marks."""
    one, two = _folded(meant), _folded(heard)
    if one == two:
        return None
    if any(unit.figure for unit in (*meant, *heard)):
        return Grounds.NUMBER
    if "".join(one) == "".join(two):
        return Grounds.DIVISION
    words = (*_plain(meant), *_plain(heard))
    return Grounds.NUMBER if any(map(is_number_word, words)) else Grounds.SPELLING


def numeric(unit: Unit) -> bool:
    """Whether a unit may be a part of a number."""
    return all(map(may_be_in_number, unit.plain))


def inside_number(units: Sequence[Unit], at: int) -> bool:
    """Whether the unit at `at` is a number word, or stands between two, as “and” and “point” may."""
    if not numeric(units[at]):
        return False
    if any(map(is_number_word, units[at].plain)):
        return True
    return 0 < at < len(units) - 1 and numeric(units[at - 1]) and numeric(units[at + 1])


def number_around(units: Sequence[Unit], at: int) -> tuple[int, int]:
    """Where the number ends in both directions that the unit at `at` may be a part of; at most `REACH` units away."""
    first, last = at, at + 1
    while first > max(0, at - REACH) and inside_number(units, first - 1):
        first -= 1
    while last < min(len(units), at + REACH) and inside_number(units, last):
        last += 1
    return first, last


def _folded(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(word for unit in units for word in unit.folded)


def _plain(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(word for unit in units for word in unit.plain)


def _same_letters(one: Sequence[Unit], two: Sequence[Unit], row: int, column: int) -> Iterator[tuple[int, int]]:
    """The units on either side are read on in turn; what one side is ahead by is carried along."""
    start = (0, 0, "", True)  # units taken on each side, the letters that one side is ahead by, and whether it is `one`
    found: set[tuple[int, int]] = set()
    seen = {start}
    waiting = [start]
    while waiting and len(seen) < _STATES:
        width, other, ahead, first = waiting.pop()
        if not ahead and width and other:
            if (width, other) not in found:
                found.add((width, other))
                yield width, other
            continue
        # Whoever is behind reads on.
        side, at, taken = (two, column, other) if first else (one, row, width)
        if taken == REACH or at + taken >= len(side):
            continue
        for reading in ("".join(words) for words in side[at + taken].readings):
            if ahead.startswith(reading):
                step = (ahead[len(reading) :], first)
            elif reading.startswith(ahead):
                step = (reading[len(ahead) :], not first)
            else:
                continue
            state = (width + (not first), other + first, *step)
            if state not in seen:
                seen.add(state)
                waiting.append(state)


def _same_value(one: Sequence[Unit], two: Sequence[Unit], row: int, column: int) -> Iterator[tuple[int, int]]:
    """“Nineteen hundred and five” and “nineteen oh five” are the same number in other words."""
    if not (numeric(one[row]) and numeric(two[column])):
        return
    heard = {found: width for width, found in _values(two, column)}
    for width, found in _values(one, row):
        if found in heard:
            yield width, heard[found]


def _values(units: Sequence[Unit], at: int) -> Iterator[tuple[int, str]]:
    words: list[str] = []
    for width, unit in enumerate(units[at : at + REACH], 1):
        if not numeric(unit):
            return
        words += unit.plain
        if (found := value(tuple(words))) is not None:
            yield width, found


def _sounds_like(meant: Sequence[Unit], heard: Sequence[Unit], *, named: bool) -> bool:
    one, two = _plain(meant), _plain(heard)
    if len(one) == len(two) == 1 and any(
        same_sound(first, second) for first in (*one, *meant[0].folded) for second in (*two, *heard[0].folded)
    ):
        return True
    # “Fifteen” sounds much like “fifty”, and “micrograms” like “milligrams”: nothing of a number is let go for that.
    if any(unit.figure for unit in (*meant, *heard)) or any(map(is_number_word, (*one, *two))):
        return False
    if any(map(is_unit_name, one)) and any(map(is_unit_name, two)):
        return False
    spelled = "".join(two)
    ways = ["".join(one), *("".join(reading) for unit in meant if unit.pronounced for reading in unit.readings[1:])]
    for way in ways:
        how = likeness(way, spelled)
        if min(len(way), len(spelled)) < _SHORTEST and not (how == 1 and (named or not all(map(is_known, one)))):
            continue
        if how >= _needed(one, two, named=named):
            return True
    return False


def _is_plural(words: Sequence[str], plural: Sequence[str]) -> bool:
    """Whether two words sound as a plural does: “case is”, “cases”."""
    if len(words) != 2 or len(plural) != 1 or words[1] != "is":
        return False
    return words[0].endswith(_HISSING) and plural[0] == f"{words[0].removesuffix('e')}es"


def _joined(words: Sequence[str], one: Sequence[str]) -> bool:
    """Whether two words are one in which a letter of both is written once: “one’s self”, “oneself”."""
    return len(words) == 2 and len(one) == 1 and words[0][-1:] == words[1][:1] and one[0] == words[0] + words[1][1:]


def _parted(words: Sequence[str], one: Sequence[str]) -> bool:
    """Whether two words are one, but that the first is written as another of its sound: “and other”, “another”."""
    if len(words) != 2 or len(one) != 1 or not one[0].endswith(words[1]) or any(map(is_number_word, words)):
        return False
    return same_sound(words[0], one[0].removesuffix(words[1]))


def _runs_together(meant: Sequence[Unit], heard: Unit) -> bool:
    """Whether several words were heard as one that is none, by their sound: “bought a copy” as “baudakopi”."""
    one, two = _plain(meant), _plain((heard,))
    if heard.figure or any(map(is_number_word, (*one, *two))) or any(map(is_known, two)):
        return False
    way, spelled = "".join(one), "".join(two)
    return min(len(way), len(spelled)) >= _SHORTEST and likeness(way, spelled) >= _KNOWN


def _needed(meant: Sequence[str], heard: Sequence[str], *, named: bool) -> float:
    if all(map(is_known, meant)):
        if not all(map(is_known, heard)):
            return _KNOWN
        # “Some watt” for “somewhat”: several words that together sound like one are that one.
        return _SAME_NAME if named or len(heard) > 1 else _NEVER
    return _NAME if named else _RARE
