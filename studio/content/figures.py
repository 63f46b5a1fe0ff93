"""Rules for what is written with digits: dates, times, money, measures, ranges, fractions, versions, numbers."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from studio.content import abbreviations as table
from studio.content.numbers import (
    cardinal,
    decimal,
    digits,
    fraction,
    integer,
    ordinal,
    plural,
    two_digits,
    year,
)

VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_INT = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!,?\d)|\d{1,18})"
NUMBER = rf"(?:{_INT}(?:\.\d{{1,20}}(?!\.?\d))?[{VULGAR}]?|\.\d{{1,20}}|[{VULGAR}])"
_MONTH_NAMES = "|".join([*table.MONTHS, *table.MONTHS_AND_DAYS])
_MONTH_BEFORE = re.compile(rf"\b(?:{_MONTH_NAMES})\.?\s{{1,3}}$")
_MONTH_AFTER = re.compile(rf"\s{{1,3}}(?:{_MONTH_NAMES})\b")
_UNIT_NAMES = "|".join(sorted(map(re.escape, [*table.UNITS, *table.RATES]), key=len, reverse=True))
_SCALES = {
    "k": "thousand",
    "K": "thousand",
    "m": "million",
    "M": "million",
    "bn": "billion",
    "b": "billion",
    "B": "billion",
    "tn": "trillion",
}
_SCALE = r"(?:[\s-]?(hundred|thousand|million|billion|trillion|bn|tn|[kKmMbB])(?![^\W_]))?"
_PER = {
    "s": "second",
    "sec": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "mo": "month",
    "yr": "year",
    "lb": "pound",
    "kg": "kilogram",
    "km": "kilometer",
    "mi": "mile",
    "L": "liter",
}
_PER_WORDS = (
    "second minute hour day week month quarter year person head unit page night share ton barrel gallon liter word"
)
_PER_NAMES = "|".join([*_PER, *_PER_WORDS.split()])
_ONE_OF = re.compile(r"\b(?:[Aa]n?|[Aa]nother|[Ee]ach|[Ee]very)\s$")
_CALLED = re.compile(r"\b(?:[Cc]all|[Dd]ial|[Pp]hone)(?:s|ed|ing)?\s$")
_NUMBERED_THING = re.compile(r"\b(?:Boeing|Airbus|Flight|Highway|Route|Interstate|Room|Suite)\s$")
_POWERS = {"²": "square", "³": "cubic", "2": "square", "3": "cubic"}


def quantity(text: str) -> str:
    """A number as an amount: “1,250”, “3.14”, “4½”, “.5”, “½”."""
    part = f"{_vulgar(text[-1])}" if text[-1] in VULGAR else ""
    whole = text[:-1] if part else text
    if not whole:
        return part
    said = decimal(whole.replace(",", "")) if "." in whole else integer(whole)
    return f"{said} and {part.replace('one half', 'a half')}" if part else said


def _vulgar(char: str) -> str:
    value = unicodedata.numeric(char)
    below = next(below for below in range(2, 11) if abs(value * below - round(value * below)) < 1e-6)
    return fraction(round(value * below), below)


def _counted(amount: str, said: str, word: str) -> str:
    """`word` in the number that goes with `amount`."""
    if amount in {"1", "½", "¼", "¾"}:
        return f"{said} of a {word}" if amount in VULGAR and word[0] not in "aeiou" else f"{said} {word}"
    first, space, last = word.rpartition(" ")
    return f"{said} {first}{space}{table.IRREGULAR_PLURALS.get(last, last + 's')}"


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1000 <= int(text) <= 2099


def _before(match: re.Match[str], length: int = 16) -> str:
    return match.string[max(0, match.start() - length) : match.start()]


def _after(match: re.Match[str], length: int = 16) -> str:
    return match.string[match.end() : match.end() + length]


def _date(year_: str, month: str, day: str) -> str | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    if len(year_) == 2:
        year_ = ("20" if int(year_) < 50 else "19") + year_
    return f"{table.MONTHS[int(month) - 1]} {ordinal(int(day))}, {year(int(year_))}"


def _slash_date(match: re.Match[str]) -> str | None:
    first, second, year_ = match.groups()
    return _date(year_, first, second) or _date(year_, second, first)


def _time(match: re.Match[str]) -> str | None:
    hour, minute, second, half = match[1], match[2], match[3], match[4]
    if int(hour) > 24 or int(minute) > 59 or (second and int(second) > 59):
        return None
    said = cardinal(int(hour))
    if int(minute):
        said += f" {two_digits(int(minute))}"
    elif not (half or second):
        said += " o’clock" if 1 <= int(hour) <= 12 else " hundred"
    if second:
        said += f" and {_counted(str(int(second)), cardinal(int(second)), 'second')}"
    return f"{said} {half.upper()}.M." if half else said


def _ratio(match: re.Match[str]) -> str:
    return f"{integer(match[1])} to {integer(match[2])}"


def _per(match: re.Match[str]) -> str | None:
    """“$5/month”, “30 pages/day”; but “he/she” and “day/night”."""
    counted = re.search(r"\d[\d.,]*[\s-]?[A-Za-z]{0,10}$", _before(match))
    return f" per {_PER.get(match[1], match[1])}" if counted else None


def _feet_and_inches(match: re.Match[str]) -> str:
    return f"{integer(match[1])} foot {quantity(match[2])}"


def _plural_number(match: re.Match[str]) -> str:
    """“MP3s”, “F-16s”, “the 1s and 0s”."""
    return plural(cardinal(int(match[1])))


def _of_year(match: re.Match[str]) -> str | None:
    """“1984’s best book”; “1980’s” is a decade."""
    return f"{year(int(match[1]))}’s" if _is_year(match[1]) and int(match[1]) % 10 else None


def _hour(match: re.Match[str]) -> str | None:
    return f"{cardinal(int(match[1]))} {match[2].upper()}.M." if 1 <= int(match[1]) <= 12 else None


def _money(match: re.Match[str]) -> str:
    amount, until, scale = match[2], match[3], match[4]
    if until is None and (scale or "." not in amount) and _stands_before_noun(match):
        unit = table.CURRENCIES[match[1]][0]
        return f"{quantity(amount)} {_SCALES.get(scale, scale)} {unit}" if scale else f"{quantity(amount)} {unit}"
    said = _amount(match[1], amount, scale)
    return (
        f"{said if scale is None and until is None else quantity(amount)} to {_amount(match[1], until, scale)}"
        if until
        else said
    )


def _stands_before_noun(match: re.Match[str]) -> bool:
    """“A $5 bill”, “the $20-million deal”: five dollar bill, twenty million dollar deal."""
    hyphen = bool(re.search(r"\d-[A-Za-z]", match[0])) or bool(re.match(r"-[A-Za-z]", _after(match)))
    return hyphen or bool(_ONE_OF.search(_before(match)) and re.match(r"\s[a-z]{3,}", _after(match)))


def _money_after(match: re.Match[str]) -> str:
    if match[2] == "¢":
        return _counted(match[1], quantity(match[1]), "cent")
    return _amount(match[2], match[1], None)


def _amount(sign: str, amount: str, scale: str | None) -> str:
    unit, small = table.CURRENCIES[sign]
    if scale:
        return f"{quantity(amount)} {_SCALES.get(scale, scale)} {_plural_of(unit)}"
    whole, point, rest = amount.partition(".")
    if not (point and small and re.fullmatch(rf"\d\d[{VULGAR}]?", rest)):
        return _counted(amount, quantity(amount), unit)
    cents = str(int(rest[:2])) + rest[2:] if int(rest[:2]) or not rest[2:] else rest[2:]
    large = _counted(whole, integer(whole), unit) if whole and int(whole.replace(",", "")) else ""
    little = "" if cents == "0" else _counted(cents, quantity(cents), small)
    return " and ".join(filter(None, (large, little))) or f"zero {_plural_of(unit)}"


def _plural_of(word: str) -> str:
    return table.IRREGULAR_PLURALS.get(word, f"{word}s")


def _measure(match: re.Match[str]) -> str | None:
    amount, until, joint, name, power = match.groups()
    number = quantity(until or amount)
    if name in table.RATES:
        said = f"{number} {table.RATES[name]}"
        if name[0] == "°" and amount == "1" and not until:
            said = said.replace("degrees", "degree")
    else:
        unit = f"{_POWERS[power]} {table.UNITS[name]}" if power else table.UNITS[name]
        said = f"{number}-{unit}" if joint == "-" else _counted(until or amount, number, unit)
    return f"{quantity(amount)} to {said}" if until else said


def _degrees(match: re.Match[str]) -> str:
    said = _counted(match[1], quantity(match[1]), "degree")
    compass = {"N": " north", "S": " south", "E": " east", "W": " west"}
    return said + compass.get(match[2] or "", "")


def _year_range(match: re.Match[str]) -> str | None:
    first, last = match[1], match[2]
    if len(first) == 4 and not _is_year(first):
        return None
    full = first[: len(first) - len(last)] + last
    if int(full) <= int(first):
        return None
    begin = year(int(first)) if len(first) == 4 else two_digits(int(first))
    if len(last) == 4:
        return f"{begin} to {year(int(full))}"
    return f"{begin} to {two_digits(int(full[-2:]))}"


def _range(match: re.Match[str]) -> str | None:
    if _MONTH_BEFORE.search(_before(match)) and match[1].isdecimal() and match[2].isdecimal():
        return f"{ordinal(int(match[1]))} to {ordinal(int(match[2]))}"
    if _MONTH_AFTER.match(_after(match)) and match[1].isdecimal() and match[2].isdecimal():
        return f"{ordinal(int(match[1]))} to {ordinal(int(match[2]))} of"
    return f"{_number_words(match[1])} to {_number_words(match[2])}"


def _decade(match: re.Match[str]) -> str | None:
    text = match[1]
    if len(text) == 4:
        if not _is_year(text):
            return None
        head, space, last = year(int(text)).rpartition(" ")
        return f"{head}{space}{plural(last)}"
    if int(text) % 10:
        return None
    return plural(cardinal(int(text))) if int(text) else "two thousands"  # “the ’00s”


def _phone(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match[0])
    return ", ".join(digits(group) for group in groups)


def _grouped_digits(match: re.Match[str]) -> str:
    return ", ".join(digits(group) for group in match[0].split("-"))


def _mixed(match: re.Match[str]) -> str | None:
    whole, above, below = match[1], int(match[2]), int(match[3])
    if whole and not 0 < above < below:
        return None
    if (above, below) in {(24, 7), (9, 11), (50, 50)} and not whole:
        return f"{cardinal(above)} {cardinal(below)}"
    said = fraction(above, below) if below else f"{cardinal(above)} over zero"
    return f"{cardinal(int(whole))} and {said.replace('one half', 'a half')}" if whole else said


def _version(match: re.Match[str]) -> str:
    joint = " dot " if match[0].count(".") > 2 else " point "
    said = joint.join(integer(part) for part in match[2].split("."))
    return f"version {said}" if match[1] else said


def _ordinal(match: re.Match[str]) -> str:
    said = ordinal(int(match[1].replace(",", "")))
    if _MONTH_AFTER.match(_after(match)):
        before = _before(match)
        if re.search(r"\b(?:the|every|each|this|last|next)\s+$", before, re.IGNORECASE):
            return f"{said} of"
        return f"the {said} of"
    return said


def _by(match: re.Match[str]) -> str:
    return f"{_number_words(match[1])} by {_number_words(match[2])}"


def _number(match: re.Match[str]) -> str:
    text = match[0]
    if text.isdecimal() and 1 <= int(text) <= 31 and len(text) <= 2:
        before = _before(match)
        if _MONTH_BEFORE.search(before) and not re.match(r"\s+(?:people|men|women|percent|days)\b", _after(match)):
            return ordinal(int(text))
        if _MONTH_AFTER.match(_after(match)):
            said = f"{ordinal(int(text))} of"
            return said if re.search(r"\bthe\s+$", before, re.IGNORECASE) else f"the {said}"
    if len(text) == 3 and text.isdecimal():
        if _CALLED.search(_before(match)):
            return digits(text)  # “call 911”
        if int(text) >= 100 and int(text) % 100 and _NUMBERED_THING.search(_before(match)):
            return f"{cardinal(int(text[0]))} {two_digits(int(text[1:]))}"  # “Boeing 747”
    return _number_words(text)


def _number_words(text: str) -> str:
    return year(int(text)) if _is_year(text) else quantity(text)


def _power(match: re.Match[str]) -> str:
    said = quantity(match[1]) if match[1][0].isdecimal() else match[1]
    return f"{said} {'squared' if match[2] == '²' else 'cubed'}"


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]

_END = r"(?![^\W_])"
_FRESH = r"(?<![^\W_])"  # no letter or digit right before

FIGURES: Final[tuple[Rule, ...]] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (rf"{_FRESH}(\d{{4}})([-/])(\d\d)\2(\d\d){_END}", lambda match: _date(match[1], match[3], match[4])),
        (rf"{_FRESH}(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d\d){_END}", _slash_date),
        (rf"{_FRESH}(\d{{1,2}}):(\d\d)(?::(\d\d))?(?:\s?([AaPp])(?:\.\s?[Mm]\.|[Mm]{_END}))?(?!:?\d)", _time),
        (rf"{_FRESH}(\d{{1,2}})\.(\d\d)()\s?([AaPp])(?:\.\s?[Mm]\.|[Mm]{_END})", _time),
        (rf"{_FRESH}(\d{{1,3}}):(\d{{1,3}})(?!:?\d)", _ratio),
        (r"(?<=[\dMm.])\s?[–-]\s?(?=\d{1,2}(?::\d\d|\s?[AaPp]\.?[Mm]\b))", lambda _match: " to "),
        (rf"{_FRESH}(\d{{1,2}})\s?([AaPp])(?:\.\s?[Mm]\.|[Mm]{_END})", _hour),
        (rf"(US\$|[$£€¥₹])\s?({NUMBER})(?:\s?[–-]\s?[$£€¥₹]?({NUMBER}))?{_SCALE}", _money),
        (rf"{_FRESH}({NUMBER})\s?([€£¢])", _money_after),
        (
            r"\+\d{1,3}(?:[ -]\d{2,4}){3,5}(?![\d-])",
            lambda match: f"plus {', '.join(map(digits, re.findall(r'[0-9]+', match[0])))}",
        ),
        (rf"{_FRESH}(?:\+?1[-. ])?(?:\(\d{{3}}\)\s?|\d{{3}}[-.])?\d{{3}}[-.]\d{{4}}(?![\d-]|\.\d)", _phone),
        (rf"{_FRESH}\d{{1,9}}(?:-\d{{1,9}}){{2,6}}(?![\d-])", _grouped_digits),
        (rf"{_FRESH}(\d{{1,2}})\s?ft\.?\s(\d{{1,2}}[{VULGAR}]?)\s?in(?:\.|\b)", _feet_and_inches),
        (
            rf"{_FRESH}({NUMBER})(?:\s?[–-]\s?({NUMBER}))?(\s|-)?(?:({_UNIT_NAMES})([²³23])?){_END}(?!['’]\w)(?:\.(?=[,;:)]|\s+[a-z]))?",
            _measure,
        ),
        (rf"/({_PER_NAMES}){_END}", _per),
        (r"401\(k\)", lambda _match: "four oh one K"),
        (rf"{_FRESH}({NUMBER})(?:\s|-)?in\.", lambda match: _counted(match[1], quantity(match[1]), "inch")),
        (
            rf"{_FRESH}(\d{{1,2}})['’\u2032]\s?(\d{{1,2}})[\"”″]?{_END}",
            lambda match: f"{integer(match[1])} foot {integer(match[2])}",
        ),
        (rf"{_FRESH}({NUMBER})\s?°(?:\s?([NSEW]){_END})?", _degrees),
        (rf"{_FRESH}[’'‘]?(\d{{4}}|(?<=[’'‘])\d\d)\s?[–-]\s?[’'‘]?(\d{{1,4}})(?![\d,.:]\d|\d|[-–])", _year_range),
        (rf"{_FRESH}({NUMBER})(?:-|\s?–\s?)({NUMBER})(?![\d-])", _range),
        (rf"{_FRESH}(\d{{4}})[’']s{_END}", _of_year),
        (rf"{_FRESH}[’'‘]?(\d{{4}}|\d0)[’'‘]?s{_END}", _decade),
        (rf"(\d{{1,3}})s{_END}", _plural_number),
        (rf"{_FRESH}[’'‘](\d\d){_END}", lambda match: two_digits(int(match[1]))),
        (rf"{_FRESH}(?:(\d{{1,4}})\s)?(\d{{1,4}})[/\u2044](\d{{1,4}})(?![\d/])", _mixed),
        (rf"({_INT})(?:st|nd|rd|th|ST|ND|RD|TH){_END}", _ordinal),
        (rf"{_FRESH}(v\.?\s?)?(\d{{1,4}}(?:\.\d{{1,4}}){{2,4}})(?![\d.]*\d)", _version),
        (rf"{_FRESH}(v)(\d{{1,4}}(?:\.\d{{1,4}})?){_END}", _version),
        (rf"{_FRESH}(\d{{1,5}})(?:\s?x\s?|×)(\d{{1,5}}){_END}", _by),
        (rf"({NUMBER}|[a-zA-Z](?=[²³]))([²³])", _power),
        (r"(?:(?<=[\s(“])|(?<![\S\s]))[-−](?=[\d$£€.])(?!\.\D)", lambda _match: "minus "),
        (r"-(?=\s\d)|−", lambda _match: " minus "),
        (r"\+(?=\s?[\d$£€])|(?<=\d)\+|\+(?=\s)", lambda _match: " plus "),
        (r"(?<=[^\W_])\^(?=[^\W_])", lambda _match: " to the power of "),
        (r"~(?=\s?\d)", lambda _match: "about "),
        (r"(?<=\d)\s?\*\s?(?=\d)", lambda _match: " times "),
        (NUMBER, _number),
    )
)
"""In the order in which they are tried."""

LETTERED: Final = tuple(rule for rule in FIGURES if rule[1] in {_money, _version, _power})
"""Those that may begin with a letter: “US$5”, “v2”, “x²”."""

SIGNED: Final = frozenset(f"$£€¥₹.’'\u2018(+-–−~*^/{VULGAR}")
"""The signs that one of them may begin with."""
