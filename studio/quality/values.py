"""What number words come to: “nineteen hundred and five” and “nineteen oh five” are one number, written 1905."""

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_ONE_NAMES: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_ONES: Final = {word: value for value, word in enumerate(_ONE_NAMES.split())} | {"oh": 0, "o": 0}
_TEN_NAMES: Final = "twenty thirty forty fifty sixty seventy eighty ninety fourty"
_TENS: Final = dict(zip(_TEN_NAMES.split(), (*range(20, 100, 10), 40), strict=True))
_SCALES: Final = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}
_IRREGULAR: Final = {
    "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
    "twelfth": "twelve",
}  # fmt: skip
_PARTS: Final = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_SIGNS: Final = frozenset({"minus", "negative"})
_POINTS: Final = frozenset({"point", "dot"})
_GLUE: Final = frozenset({"and", "a", "over", *_SIGNS, *_POINTS})
_CARDINALS: Final = frozenset({*_ONES, *_TENS, *_SCALES, "hundred"})


def is_number_word(word: str) -> bool:
    """Whether a lower-case word is a number by itself: a cardinal, an ordinal, a fraction or a decade."""
    return word in _CARDINALS or _of_ordinal(word) is not None or _of_decade(word) is not None or word in _PARTS


def may_be_in_number(word: str) -> bool:
    """Whether a lower-case word may stand inside of a number: also “and”, “a”, “point”, “over”, “minus”."""
    return word in _GLUE or is_number_word(word)


@functools.lru_cache(maxsize=65_536)
def value(words: tuple[str, ...]) -> str | None:
    """The number that `words` come to as it would be written, or None where they are no number.

    "1905", "3.14", "2.0", "1/3", "23rd" as "23th", "1990s", "-5". Read digit by digit, in pairs, as a cardinal with or
    without "and": the same number is the same string; another number never is. Zeros behind a point are kept.
    """
    if words and words[0] in _SIGNS:
        rest = value(words[1:])
        return f"-{rest}" if rest and rest[0] != "-" else None
    if not words or words[-1] == "and" or words[0] == "and":
        return None
    return _pointed(words) or _fraction(words) or _mixed(words) or _ordinal(words) or _decade(words) or _digits(words)


def _pointed(words: Sequence[str]) -> str | None:
    """“Three point one four”, “one point five billion”, “three point eleven point two”."""
    places = [index for index, word in enumerate(words) if word in _POINTS]
    if not places:
        return None
    scale = _SCALES.get(words[-1], 1) if len(places) == 1 else 1
    end = len(words) - 1 if scale > 1 else len(words)
    parts = [
        words[first:last] for first, last in zip([0, *(place + 1 for place in places)], [*places, end], strict=True)
    ]
    digits = [_digits(part) if part else "" for part in parts]
    if not all(digits[1:]) or digits[0] is None:
        return None
    written = ".".join([digits[0] or "0", *(part or "" for part in digits[1:])])
    return f"{(Decimal(written) * scale).normalize():f}" if scale > 1 else written


def _fraction(words: Sequence[str]) -> str | None:
    """“A third”, “two thirds”, “three quarters”, “five over eight”; alone, “half”."""
    if "over" in words:
        at = list(words).index("over")
        above, below = _digits(words[:at]), _digits(words[at + 1 :])
        return _ratio(int(above), int(below)) if above and below and int(below) else None
    below_ = _below(words[-1])
    if below_ is None:
        return None
    head = words[:-1]
    plural = words[-1].endswith("s")
    if not head:
        return _ratio(1, below_) if words[-1] == "half" else None
    if head in (["one"], ["a"], ("one",), ("a",)):
        return None if plural else _ratio(1, below_)
    count = _digits(head)
    return _ratio(int(count), below_) if plural and count and int(count) > 1 else None


def _below(word: str) -> int | None:
    if word in _PARTS:
        return _PARTS[word]
    name = word.removesuffix("s")
    number = _of_ordinal(name) if name not in {"first", "second"} else None
    digits = _digits([number]) if number else None
    return int(digits) if digits and int(digits) > 2 else None


def _ratio(above: int, below: int) -> str:
    """Halves, quarters, fifths and tenths as decimals, since they are written both ways."""
    exact = Decimal(above) / Decimal(below)
    if below in {2, 4, 5, 10, 100}:
        return f"{exact.normalize():f}"
    return f"{above}/{below}"


def _mixed(words: Sequence[str]) -> str | None:
    """“Four and a half”, and “four one half”, as the ears' “4 1/2” reads."""
    for length in (2, 3):
        part = _fraction(words[-length:]) if len(words) > length else None
        if part is None or "over" in words:
            continue
        head = list(words[:-length])
        if head[-1] == "and":
            head.pop()
        whole = _digits(head)
        if whole is not None:
            return f"{Decimal(whole) + Decimal(part):f}" if "/" not in part else f"{whole} {part}"
    return None


def _ordinal(words: Sequence[str]) -> str | None:
    number = _of_ordinal(words[-1])
    if number is None:
        return None
    cardinal = [*words[:-1], number]
    found, end = _cardinal(cardinal, 0)  # one number: a “one second” is no twelfth
    return f"{found}th" if end == len(cardinal) else None


def _of_ordinal(word: str) -> str | None:
    """The cardinal of an ordinal's last word: “third” is three, “twentieth” twenty."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ieth") and f"{word[:-4]}y" in _TENS:
        return f"{word[:-4]}y"
    return word[:-2] if word.endswith("th") and word[:-2] in _CARDINALS else None


def _decade(words: Sequence[str]) -> str | None:
    number = _of_decade(words[-1])
    digits = _digits([*words[:-1], number]) if number else None
    return f"{digits}s" if digits else None


def _of_decade(word: str) -> str | None:
    if word.endswith("ies") and f"{word[:-3]}y" in _TENS:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and word[:-1] in {"hundred", "thousand"} else None


def _digits(words: Sequence[str]) -> str | None:
    """Cardinals one after the other, their digits put together: “nineteen oh five” is 1905, “one two three” is 123."""
    digits = ""
    position = before = 0
    while position < len(words):
        number, position = _cardinal(words, position)
        # Nobody reads 102 as “ten two”.
        if number is None or (10 <= before < 100 and 1 <= number < 10):
            return None
        digits += str(number)
        before = number
    return digits or None


def _cardinal(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The longest cardinal from `at` on, and where it ends."""
    total, last, end = 0, 10**18, at
    while True:
        begin = end + 1 if end > at and words[end : end + 1] == ["and"] else end
        number, after = _below_thousand(words, begin)
        if number is None or (end > at and number == 0):
            return (total if end > at else None), end
        scale = _SCALES.get(words[after], 0) if after < len(words) else 0
        if scale and scale < last:
            total, last, end = total + number * scale, scale, after + 1
        elif end > at and (scale or number >= last):
            return total, end
        else:
            return total + number, after


def _below_thousand(words: Sequence[str], at: int) -> tuple[int | None, int]:
    number, end = _below_hundred(words, at)
    if number is None and at + 1 < len(words) and words[at] == "a" and words[at + 1] in {"hundred", *_SCALES}:
        number, end = 1, at + 1
    if not number or end >= len(words) or words[end] != "hundred":
        return number, end
    number, end = number * 100, end + 1
    begin = end + 1 if end < len(words) and words[end] == "and" else end
    rest, after = _below_hundred(words, begin)
    return (number + rest, after) if rest else (number, end)


def _below_hundred(words: Sequence[str], at: int) -> tuple[int | None, int]:
    if at >= len(words):
        return None, at
    if words[at] in _ONES:
        return _ONES[words[at]], at + 1
    if words[at] not in _TENS:
        return None, at
    ones = _ONES.get(words[at + 1], 0) if at + 1 < len(words) else 0
    return (_TENS[words[at]] + ones, at + 2) if 1 <= ones <= 9 else (_TENS[words[at]], at + 1)
