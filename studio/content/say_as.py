"""What `<say-as>` asks for, in words.

The kinds are those of the W3C note on say-as (2005) and what Amazon, Google and Microsoft made of it.
"""

import re
from collections.abc import Callable
from typing import Final

from studio.content import numbers
from studio.content.abbreviations import MONTHS
from studio.content.saying import read_aloud

_LONGEST_NUMBER: Final = 60  # digits; more are read one by one
_DOTTED: Final = 12  # letters in a row that are written with stops, as initials are; more stand apart
_AMOUNT = re.compile(r"([+−–-]?)\s?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)")
_ORDINAL = re.compile(r"(\d[\d,]*)(?:st|nd|rd|th)?\.?", re.IGNORECASE)
_PARTS = re.compile(r"[\s/.,-]+")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
_COMPACT_CLOCK = re.compile(r"(\d{2})(\d{2})(?:\s*(?:h|hrs|hours))?")
_SPAN = re.compile(
    r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,3})\s*(?:min|m|['’\u2032]))?\s*(?:(\d{1,3})\s*(?:sec|s|[\"”\u2033]))?"
)
_FRACTION = re.compile(r"(?:(\d{1,9})\s*[+ ]\s*)?(\d{1,9})\s*[/\u2044\u2215]\s*(\d{1,9})")
_MONEY_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_MONEY = re.compile(r"([A-Za-z]{3})?\s?([\d.,]+)\s?([A-Za-z]{3})?")
_SIGNS: Final = {
    "@": "at",
    "/": "slash",
    "\\": "backslash",
    "-": "dash",
    "–": "dash",
    "_": "underscore",
    ".": "dot",
    ",": "comma",
    ":": "colon",
    ";": "semicolon",
    "#": "hash",
    "*": "star",
    "+": "plus",
    "=": "equals",
    "&": "and",
    "%": "percent",
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "!": "exclamation mark",
    "?": "question mark",
    "(": "open parenthesis",
    ")": "close parenthesis",
    "'": "apostrophe",
    '"': "quote",
    "~": "tilde",
    "^": "caret",
    "<": "less than",
    ">": "greater than",
    "|": "bar",
}
_EXPLETIVES: Final = ("expletive", "bleep")
_RECENT: Final = 30  # a year of two digits from here on is one of the last century
_DATE_FORMATS: Final = frozenset({"mdy", "dmy", "ymd", "ydm", "md", "dm", "ym", "my", "d", "m", "y"})


def spelled(text: str) -> str:
    """Character by character: “U.S.A.”, “W three C”, “two dash B”."""
    said: list[str] = []
    run = ""
    for char in [*text, " "]:
        if char.isascii() and char.isalpha():
            run += char.upper()
            continue
        if run:
            # Without its stop an A alone would be the article.
            dotted = run == "A" or 1 < len(run) <= _DOTTED
            said.append(f"{'.'.join(run)}." if dotted else " ".join(run))
            run = ""
        if char.isdecimal():
            said.append(numbers.digits(char))
        elif char.isalnum():
            said.append(char.upper())
        elif char in _SIGNS:
            said.append(_SIGNS[char])
    return " ".join(said)


def cardinal(text: str) -> str:
    """A number as a quantity, a Roman one too; empty where it is none."""
    amount = _AMOUNT.fullmatch(text.strip())
    if not amount:
        value = numbers.roman(text.strip().upper())
        return numbers.cardinal(value) if value else ""
    sign = "" if amount[1] in {"", "+"} else "minus "
    whole, _, part = amount[2].replace(",", "").partition(".")
    if len(whole) > _LONGEST_NUMBER:
        return sign + numbers.digits(whole + part)
    spoken = numbers.cardinal(int(whole or "0"))
    return sign + (f"{spoken} point {numbers.digits(part)}" if part else spoken)


def ordinal(text: str) -> str:
    """A number as a place in a row; empty where it is none."""
    found = _ORDINAL.fullmatch(text.strip())
    value = int(found[1].replace(",", "")) if found and len(found[1]) <= _LONGEST_NUMBER else None
    value = numbers.roman(text.strip().upper()) if found is None else value
    return numbers.ordinal(value) if value is not None else ""


def digits(text: str) -> str:
    """Digit by digit; what else stands there is spelled."""
    return numbers.digits(text) if re.fullmatch(r"[\d\s.,-]*\d[\d\s.,-]*", text) else spelled(text)


def telephone(text: str) -> str:
    """A number to dial, in its groups: “plus one, five five five, one two three four”."""
    groups = re.findall(r"\+|\d+|[A-Za-z]+|[*#]", text)
    said: list[str] = []
    for group in groups:
        if group.isdecimal():
            said.append(numbers.digits(group))
        elif group.lower() in {"x", "ext", "extension"}:
            said.append("extension")
        elif group in {"*", "#", "+"}:
            said.append({"*": "star", "#": "pound", "+": "plus"}[group])
        else:
            said.append(spelled(group))
    return re.sub(r"\b(plus|star|pound|extension), ", r"\1 ", ", ".join(said))


def date(text: str, order: str) -> str:
    """A date whose parts stand in this order (“mdy”, “dm”, “yyyymmdd”); empty where they do not."""
    order = re.sub(r"(.)\1+", r"\1", order.lower())
    if order not in _DATE_FORMATS:
        return ""
    parts = [part for part in _PARTS.split(text.strip()) if part]
    widths = {"y": 4, "m": 2, "d": 2}
    if len(parts) == 1 and len(order) > 1 and len(parts[0]) == sum(widths[kind] for kind in order):
        at = 0
        whole, parts = parts[0], []
        for kind in order:
            parts.append(whole[at : at + widths[kind]])
            at += widths[kind]
    if len(parts) != len(order) or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return ""
    found = {kind: int(part) for kind, part in zip(order, parts, strict=True)}
    year, month, day = found.get("y"), found.get("m"), found.get("d")
    if not (month is None or 1 <= month <= 12) or not (day is None or 1 <= day <= 31):
        return ""
    if year is not None and len(parts[order.index("y")]) == 2:
        year += 1900 if year >= _RECENT else 2000
    said = [MONTHS[month - 1]] if month is not None else []
    said += [numbers.ordinal(day)] if day is not None else []
    spoken = " ".join(said)
    if year is None:
        return spoken
    comma = "," if day is not None and month is not None else ""
    return f"{spoken}{comma} {numbers.year(year)}".strip()


def time(text: str) -> str:
    """A time of day, or how long something takes (“1m30s”); empty where it is neither."""
    plain = text.strip()
    clock = _CLOCK.fullmatch(plain) or _COMPACT_CLOCK.fullmatch(plain)
    if clock:
        hour, minute = int(clock[1]), int(clock[2])
        second, half = (clock[3], clock[4]) if clock.re is _CLOCK else (None, None)
        if hour > 24 or minute > 59 or int(second or 0) > 59:
            return ""
        said = numbers.cardinal(hour)
        if minute:
            said += f" {numbers.two_digits(minute)}"
        elif not half:
            said += " o’clock" if hour <= 12 else " hundred"
        if second and int(second):
            said += f" and {_counted(int(second), 'second')}"
        return f"{said} {half.upper()}.M." if half else said
    span = _SPAN.fullmatch(plain)
    if not span or not any(span.groups()):
        return ""
    units = zip(span.groups(), ("hour", "minute", "second"), strict=True)
    return " and ".join(_counted(int(count), unit) for count, unit in units if count)


def fraction(text: str) -> str:
    """“3/20”, “2 1/2”, “1+1/2”; empty where it is none."""
    found = _FRACTION.fullmatch(text.strip())
    if not found:
        return ""
    part = numbers.fraction(int(found[2]), int(found[3]))
    return f"{numbers.cardinal(int(found[1]))} and {part.replace('one ', 'a ', 1)}" if found[1] else part


def currency(text: str, code: str) -> str:
    """An amount with the sign of its currency, or with a code (ISO 4217) before or behind it, or in the format."""
    found = _MONEY.fullmatch(text.strip())
    sign = _MONEY_SIGNS.get((found[1] or found[3] or code).upper()) if found else None
    return read_aloud(f"{sign}{found[2]}" if found and sign else text)


def _counted(count: int, unit: str) -> str:
    return f"{numbers.cardinal(count)} {unit}{'' if count == 1 else 's'}"


def _number(text: str, how: str) -> str:
    kind = {"ordinal": ordinal, "digits": digits, "telephone": telephone, "fraction": fraction}.get(how, cardinal)
    return kind(text)


_KINDS: Final[dict[str, Callable[[str, str], str]]] = {
    **dict.fromkeys(
        ("characters", "spell-out", "spell", "verbatim", "letters", "acronym"), lambda text, _: spelled(text)
    ),
    **dict.fromkeys(("number", "number-cardinal"), _number),
    "cardinal": lambda text, _: cardinal(text),
    "ordinal": lambda text, _: ordinal(text),
    "digits": lambda text, _: digits(text),
    "number_digit": lambda text, _: digits(text),
    "date": date,
    **dict.fromkeys(("time", "duration"), lambda text, _: time(text)),
    **dict.fromkeys(("telephone", "phone"), lambda text, _: telephone(text)),
    "currency": currency,
    "money": currency,
    "fraction": lambda text, _: fraction(text),
    **dict.fromkeys(_EXPLETIVES, lambda _text, _format: "bleep"),
    # What the rules read right by themselves.
    **dict.fromkeys(
        ("unit", "measure", "address", "name", "net", "uri", "url", "email"), lambda text, _: read_aloud(text)
    ),
}


def is_expletive(kind: str) -> bool:
    """Whether what is marked so must not be heard."""
    return _name(kind) in _EXPLETIVES


def is_known(kind: str) -> bool:
    """Whether `interpret-as` names something that can be done."""
    return _name(kind) in _KINDS


def say_as(text: str, kind: str, how: str) -> str:
    """`text` as `interpret-as` says, `how` being its format or detail; by the rules where it is not of that kind.

    Empty where nothing is left to speak.
    """
    spoken = _KINDS[_name(kind)](text, how.strip().lower())
    return spoken if any(map(str.isalnum, spoken)) else read_aloud(text)


def _name(kind: str) -> str:
    return kind.strip().lower().removeprefix("vxml:")
