"""Every way in which a written number is read aloud."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final, TypeAlias

Reading: TypeAlias = tuple[str, ...]

_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
_PARTS: Final = {
    "5": ("and", "a", "half"),
    "25": ("and", "a", "quarter"),
    "75": ("and", "three", "quarters"),
}  # of a cent
_LARGEST: Final = 10**15  # beyond it nobody says anything but digits
_LONGEST: Final = 40  # signs
_HUNDRED: Final = 100
_SCORES: Final = 4  # figures of such a chain
_MOST: Final = 48  # readings of one number; there are never more that anybody would say

_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_DECIMAL = re.compile(r"(\d[\d,]*)?\.(\d+)")
_ORDINAL = re.compile(r"(\d[\d,]*)(?:st|nd|rd|th)(s?)")
_DECADE = re.compile(r"(\d+)'?s")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_FRACTION = re.compile(r"(\d+)/(\d+)")
_MONEY = re.compile(r"([$£€])(\d[\d,]*)(?:\.(\d\d)(?:\.?(25|5|75))?)?")
_FEET = re.compile(r"(\d{1,2})'(?:(\d{1,2})\"?)?")
_SPLIT = re.compile(r"[-–—/.,:]")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)")
_ROMAN = re.compile(r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMERALS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
VULGAR: Final = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}


def number_readings(written: str) -> tuple[Reading, ...]:
    """Readings of a lower-case written number, the likeliest first: "1596" is ("fifteen", "ninety", "six"), and more.

    Also ordinals, decades, decimals, times of day, fractions, money, percentages, ranges and telephone numbers. Empty
    where `written` is no number, or longer than anybody would read.
    """
    if len(written) > _LONGEST:
        return ()
    written = "".join(VULGAR.get(sign, sign) for sign in written)
    if written.endswith("%"):
        return _unique((*reading, "percent") for reading in number_readings(written[:-1]))
    for pattern, read in _KINDS:
        if match := pattern.fullmatch(written):
            return _unique(read(match))
    first, dash, last = written.partition("-")
    if dash and "." in written and (one := number_readings(first)) and (two := number_readings(last)):
        return _unique((*head, "to", *tail) for head, tail in product(one[:4], two[:4]))
    parts = [part for part in _SPLIT.split(written) if part]
    if len(parts) > 1 and all(_ORDINAL.fullmatch(part) or _PLAIN.fullmatch(part) for part in parts):
        return _unique(_joined([(*number_readings(part)[:4], *_digits(part)) for part in parts], written))
    return ()


def ordinal_readings(value: int) -> Iterator[Reading]:
    """How a rank is read: third, the third."""
    return _ordinals(value)


def roman_readings(written: str) -> tuple[Reading, ...]:
    """How a number in Roman capitals is read: "VIII" is eight, or the eighth. Empty where it is none."""
    if not _ROMAN.fullmatch(written):
        return ()
    values = [_NUMERALS[sign] for sign in written]
    following = [*values[1:], 0]
    total = sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    return _unique((*number_readings(str(total)), *_ordinals(total)))


def _unique(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    seen: dict[Reading, None] = {}
    for reading in readings:
        seen[reading] = None
        if len(seen) == _MOST:
            break
    return tuple(seen)


def _joined(parts: list[tuple[Reading, ...]], written: str) -> Iterator[Reading]:
    """Ranges and strings of numbers, with and without the word that stands for the sign."""
    if all(_PLAIN.fullmatch(part) and len(part) > 2 for part in re.split(r"[-.]", written)):
        for style in (0, 1):  # a telephone number
            yield tuple(word for part in re.split(r"[-.]", written) for word in _digits(part)[style])
    if "." not in written and 2 < len(parts) <= _SCORES:
        # Scores that are written as one: “7-5-2” for “seven to five, two”.
        for gaps in product((("to",), ()), repeat=len(parts) - 1):
            yield (
                *parts[0][0],
                *(word for gap, part in zip(gaps, parts[1:], strict=True) for word in (*gap, *part[0])),
            )
    links: tuple[Reading, ...] = ((),)
    if "." in written:
        links = (("point",), ("dot",), ())
    elif len(parts) == 2:
        links = (("to",), (), ("over",), ("dash",))
    for link in links:
        for chosen in product(*parts):
            words = list(chosen[0])
            for part in chosen[1:]:
                words += [*link, *part]
            yield tuple(words)


def _cardinal(value: int) -> Reading:
    """One reading without "and": 1,596 is one thousand five hundred ninety six."""
    words: list[str] = []
    for scale, name in _SCALES:
        if value >= scale:
            words += [*_cardinal(value // scale), name]
            value %= scale
    if value >= 100:
        words += [_ONES[value // 100], "hundred"]
        value %= 100
    if value >= 20:
        words.append(_TENS[value // 10])
        value %= 10
        if value:
            words.append(_ONES[value])
    elif value or not words:
        words.append(_ONES[value])
    return tuple(words)


def _with_and(words: Reading) -> Reading:
    """The same with "and" after each hundred, or after the thousands where no hundred follows."""
    result: list[str] = []
    for index, word in enumerate(words):
        result.append(word)
        following = words[index + 1 : index + 3]
        small = bool(following) and following[0] not in {name for _, name in _SCALES}
        last = "hundred" not in words[index + 1 :]
        if small and (word == "hundred" or (word in {"thousand", "million"} and last and index + 3 >= len(words))):
            result.append("and")
    return tuple(result)


def _pairs(digits: str) -> Iterator[Reading]:
    """Years: nineteen eighty four, nineteen oh five, nineteen hundred, and the like."""
    first, second = int(digits[:2]), int(digits[2:])
    head = _cardinal(first)
    if second == 0:
        yield (*head, "hundred")
    elif second < 10:
        yield (*head, "oh", _ONES[second])
        yield (*head, "o", _ONES[second])
        yield (*head, "hundred", _ONES[second])
        yield (*head, "hundred", "and", _ONES[second])
    else:
        yield (*head, *_cardinal(second))
        yield (*head, "hundred", *_cardinal(second))
        yield (*head, "hundred", "and", *_cardinal(second))


def _whole(text: str) -> Iterator[Reading]:
    digits = text.replace(",", "")
    value = int(digits)
    if len(digits) <= 15 and value < _LARGEST:
        year = len(digits) == 4 and "," not in text and value >= 1000
        if year and not 2000 <= value < 2010 and (value % 1000 or value < 2000):
            yield from _pairs(digits)
        cardinal = _cardinal(value)
        yield cardinal
        yield _with_and(cardinal)
        if cardinal[0] == "one" and len(cardinal) > 1:
            yield ("a", *cardinal[1:])
            yield ("a", *_with_and(cardinal)[1:])
            yield cardinal[1:]  # “the thousand that I lent you”
        if year:
            yield from _pairs(digits)
        if len(digits) == 3 and value >= 100:
            yield (_ONES[value // 100], *(_cardinal(value % 100) if value % 100 >= 10 else ("oh", _ONES[value % 10])))
    yield from _digits(digits)
    if len(digits) > 4 and len(digits) % 2 == 0:
        yield tuple(word for at in range(0, len(digits), 2) for word in _cardinal(int(digits[at : at + 2])))


def _digits(text: str) -> tuple[Reading, ...]:
    """One digit after the other, as telephone numbers are read."""
    digits = [int(sign) for sign in text if sign.isdecimal()]
    return tuple(_ONES[digit] for digit in digits), tuple("oh" if digit == 0 else _ONES[digit] for digit in digits)


def _ordinals(value: int) -> Iterator[Reading]:
    for cardinal in (_cardinal(value), _with_and(_cardinal(value))):
        last = cardinal[-1]
        ending = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
        yield (*cardinal[:-1], ending)
        yield ("the", *cardinal[:-1], ending)


def _ordinal(match: re.Match[str]) -> Iterator[Reading]:
    value = int(match[1].replace(",", ""))
    if value < _LARGEST:
        ranks = tuple(_ordinals(value))
        parts = tuple((*reading[:-1], f"{reading[-1]}s") for reading in ranks)
        # “5,000th” is written for five thousandths, too.
        yield from parts if match[2] else (*ranks, *(part for part in parts if value >= _HUNDRED))


def _decade(match: re.Match[str]) -> Iterator[Reading]:
    for reading in _whole(match[1]):
        last = reading[-1]
        yield (*reading[:-1], f"{last[:-1]}ies" if last.endswith("y") else f"{last}{'es' if last == 'six' else 's'}")


def _decimal(match: re.Match[str]) -> Iterator[Reading]:
    if match[2] == "00":
        yield from _first(_whole(match[1] or "0"))  # the hour of “3.00 pm”
    # Behind a point every digit is read: 3.14 is three point one four, and only then three point fourteen.
    tails = _unique((*_digits(match[2]), *_whole(match[2])))
    for head, tail in product(_first(_whole(match[1] or "0")), tails):
        yield (*head, "point", *tail)
        yield (*head, *tail)
        yield (*head, "dot", *tail)
    if int((match[1] or "0").replace(",", "")) == 0:
        for tail in tails:
            yield ("point", *tail)


def _clock(match: re.Match[str]) -> Iterator[Reading]:
    hour, minute = int(match[1]), int(match[2])
    head = _cardinal(hour)
    tails = [_cardinal(minute)] if minute >= 10 else [("oh", _ONES[minute]), ("o", _ONES[minute]), (_ONES[minute],)]
    if minute == 0:
        tails = [(), ("oclock",), ("hundred",), ("zero", "zero")]
    seconds = _cardinal(int(match[3])) if match[3] else ()
    for tail in tails:
        yield (*head, *tail, *seconds)
    if minute in {15, 30, 45}:
        start, at = (
            (("quarter", "to"), hour % 12 + 1)
            if minute == 45
            else (("half" if minute == 30 else "quarter", "past"), hour)
        )
        yield (*start, *_cardinal(at))


def _feet(match: re.Match[str]) -> Iterator[Reading]:
    feet, inches = _cardinal(int(match[1])), _cardinal(int(match[2])) if match[2] else ()
    for unit in ("foot", "feet"):
        yield (*feet, unit, *inches)
        if inches:
            yield (*feet, unit, *inches, "inches")


def _date(match: re.Match[str]) -> Iterator[Reading]:
    for month, day in ((int(match[1]), int(match[2])), (int(match[2]), int(match[1]))):
        if 1 <= month <= 12 and 1 <= day <= 31:
            years = _first(_whole(match[3]))
            for rank, year in product(_ordinals(day), years):
                yield (_MONTHS[month - 1], *rank, *year)
                yield (*rank, "of", _MONTHS[month - 1], *year)
    yield from _joined([(*_first(_whole(part)), *_digits(part)) for part in match.groups()], "/")


def _fraction(match: re.Match[str]) -> Iterator[Reading]:
    above, below = int(match[1]), int(match[2])
    named: list[Reading] = []
    if above < 1000 and 0 < below < 1000:
        name = next(_ordinals(below))
        if below == 2:
            name = ("half",)
        elif below == 4:
            named.append((*_cardinal(above), "quarter" if above == 1 else "quarters"))
        if above == 1:
            named += [("one", *name), ("a", *name)]
        else:
            named.append((*_cardinal(above), *name[:-1], "halves" if below == 2 else f"{name[-1]}s"))
    yield from named
    for head, tail in product(_first(_whole(match[1])), _first(_whole(match[2]))):
        for link in ("over", "slash", "of", "out of"):
            yield (*head, *link.split(), *tail)
        yield (*head, *tail)
    # What it is one of stands behind it: “1/2 mile” is half a mile, or one half of a mile.
    if (above, below) == (1, 2):
        named.append(("half",))
    for reading, one in product(named, ("a", "an")):
        yield (*reading, "of", one)
        yield (*reading, one)


def _money(match: re.Match[str]) -> Iterator[Reading]:
    one, many, small_one, small_many = _CURRENCIES[match[1]]
    cents = int(match[3] or 0)
    for head in _first(_whole(match[2]), 8):
        unit = one if head in {("one",), ("a",)} else many
        if not cents:
            yield (*head, unit)
            yield (*head, one)
            continue
        part = _PARTS.get(match[4] or "", ())
        tail = (*_cardinal(cents), *part)
        small = small_one if cents == 1 and not part else small_many
        yield from (
            (*head, unit, "and", *tail, small),
            (*head, unit, *tail, small),
            (*head, unit, *tail),
            (*head, *tail),
        )
        if head == ("zero",):
            yield (*tail, small)


def _first(readings: Iterator[Reading], most: int = 4) -> tuple[Reading, ...]:
    return _unique(readings)[:most]


_KINDS: Final = (
    (_PLAIN, lambda match: _whole(match[0])),
    (_ORDINAL, _ordinal),
    (_DECADE, _decade),
    (_MONEY, _money),
    (_CLOCK, _clock),
    (_FEET, _feet),
    (_DATE, _date),
    (_FRACTION, _fraction),
    (_DECIMAL, _decimal),
)
