"""Rules for what is written with letters: addresses, abbreviations, initials, Roman numerals, signs between words."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from studio.content import abbreviations as table
from studio.content.numbers import cardinal, ordinal, roman

_DOMAINS = "com|org|net|edu|gov|io|co|uk|de|fr|info|biz|us|ca|au|tv|me|ai|app|dev|fm|eu|ch|nl"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,20}\b")
_DOMAIN = re.compile(
    rf"(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}(?:{_DOMAINS})\b(?!\.?[A-Za-z0-9])(?:/[A-Za-z0-9_-]{{1,40}}(?!\.\w)){{0,4}}/?"
)
_ACRONYM = re.compile(r"(?:[^\W\d_]\.){2,12}(?:[^\W\d_](?![^\W\d_]))?")
_ROMAN = re.compile(r"([IVXLCDM]{1,15})(['’]s)?(?![^\W_])(?!['’]\w)")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.’']?s?\s+$")
# “James I was” but “In George I trust”.
_AFTER_FIRST = re.compile(r"\s*(?:[.,;:!?)’”]|$)|\s+(?:of|was|is|had|did|would|and|who|in|to|died|became|ruled)\b")
_BODY_NUMERAL = re.compile(r"[IVX]{2,}$")
_NUMERAL_AFTER = re.compile(r"\s{0,3}[IVXLC]{1,7}\b")
_NOT_NUMERALS = frozenset({"IV", "XX", "XXX", "XI", "VI"})  # alone they are too often something else
_HEADING_NUMERAL = re.compile(r"[\s“\"(]*([IVXLCDM]{1,15})(?=\s*(?:[.:)—–-]|$))")


def reads_as_roman(text: str, start: int, end: int) -> str:
    """The Roman numeral that a heading begins with (“IV”, “IV. The Town”), or an empty string."""
    match = _HEADING_NUMERAL.match(text, start, end)
    return match[1] if match and match.start(1) == start and roman(match[1]) else ""


def _capital_follows(match: re.Match[str]) -> bool:
    return bool(re.match(r"\s+[“\"‘(]?[^\W\d_a-zß-öø-ÿ]", match.string[match.end() : match.end() + 20]))


def _name_before(match: re.Match[str]) -> bool:
    return bool(re.search(r"[^\W\d_][^\W_]*,?\s+$", match.string[max(0, match.start() - 30) : match.start()])) and bool(
        re.search(r"(?:^|[\s“(])[A-ZÀ-Þ0-9][^\s]*\s+$", match.string[max(0, match.start() - 30) : match.start()])
    )


def _number_follows(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 12]
    return bool(re.match(r"\s{0,3}\d", after) or (match[1] in table.BEFORE_NUMERALS and _NUMERAL_AFTER.match(after)))


def _address(match: re.Match[str]) -> str:
    said = match[0].replace("@", " at ").replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ")
    said = said.rstrip("/").replace("/", " slash ")
    said = re.sub(
        r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", said.replace("+", " plus ").replace("%", " percent ")
    )
    return re.sub(r"\d{1,18}", lambda number: cardinal(int(number[0])), said)


def _title(match: re.Match[str]) -> str | None:
    word = match[1]
    street = word in table.AFTER_NAMES and _name_before(match)
    listed = match.string[max(0, match.start() - 2) : match.start()] == ", " and _capital_follows(match)
    if match[0].endswith(".") and street and not listed and not _saint(match):
        return table.AFTER_NAMES[word]
    if _capital_follows(match) or (word in {"Mr", "Mrs", "Ms", "Dr"} and match[0].endswith(".")):
        return table.TITLES[word]
    if match[0].endswith(".") and re.match(r"\s*[—⸺⸻]", match.string[match.end() : match.end() + 5]):
        return table.TITLES[word]
    return None


def _saint(match: re.Match[str]) -> bool:
    """“In St. Louis”, “Mount St. Helens”: a name follows, and what stands before is no street."""
    before = re.search(r"([A-Za-z]+)\s+$", match.string[max(0, match.start() - 30) : match.start()])
    starts_sentence = bool(
        before and re.match(r"(?:At|In|On|From|To|The|And|By|For|Of|Mount|Mt|Fort|Old|Near)$", before[1])
    )
    return _capital_follows(match) and (starts_sentence or match[1] == "Dr")


def _after_name(match: re.Match[str]) -> str | None:
    return table.AFTER_NAMES[match[1]] if match[0].endswith(".") or match[1] in {"Jr", "Sr", "Ltd", "Inc"} else None


def _month_or_day(match: re.Match[str]) -> str | None:
    after = match.string[match.end() : match.end() + 10]
    if not match[0].endswith("."):
        month = table.MONTHS_AND_DAYS[match[1]] in table.MONTHS
        return table.MONTHS_AND_DAYS[match[1]] if month and re.match(r"\s\d", after) else None
    return table.MONTHS_AND_DAYS[match[1]] if re.match(r"\s*(?:\d|,|[A-Z]|of\b|$)", after) else None


def _before_number(match: re.Match[str]) -> str | None:
    if not _number_follows(match):
        return None
    # “no 5” without a stop, and a single letter, are words of their own.
    return (
        table.BEFORE_NUMBERS[match[1]]
        if match[0].endswith(".") or match[1] in {"pp", "No", "Nos", "Vol", "Fig"}
        else None
    )


def _phrase(match: re.Match[str]) -> str | None:
    if match[0] == "v." and not _capital_follows(match):
        return None
    return table.PHRASES[match[0]]


def _roman(match: re.Match[str]) -> str | None:
    numeral, possessive = match[1], match[2] or ""
    number = roman(numeral)
    before = _WORD_BEFORE.search(match.string[max(0, match.start() - 30) : match.start()])
    word = before[1] if before else ""
    if number is None:
        return None
    after = match.string[match.end() : match.end() + 12]
    if word.lower() in table.NUMBERED and (word[0].isupper() or numeral != "I"):
        return cardinal(number) + possessive
    if word in table.REGNAL and (numeral != "I" or possessive or _AFTER_FIRST.match(after)):
        return f"the {ordinal(number)}{possessive}"
    if re.match(r"[\s-]centur(?:y|ies)\b", after):
        return ordinal(number)
    if _BODY_NUMERAL.match(numeral) and numeral not in _NOT_NUMERALS:
        return cardinal(number) + possessive
    return None


def _acronym(match: re.Match[str]) -> str | None:
    # “e.g.” and the like are phrases; “end.Next” is none of ours.
    return match[0] if match[0][0].isupper() else None


def _keyed(keys: object, *, stop: str = r"\.?") -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))  # type: ignore[call-overload]
    return re.compile(rf"({words}){stop}(?![^\W_])")


def _en_dash(match: re.Match[str]) -> str:
    """“A–Z” is from A to Z, “Paris–Roubaix” one name."""
    letters = re.search(r"(?:^|\W)\w$", match.string[max(0, match.start() - 2) : match.start()])
    return " to " if letters and re.match(r"\w(?:\W|$)", match.string[match.end() : match.end() + 2]) else "-"


def _fixed(said: str, _match: re.Match[str]) -> str:
    return said


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]

WORDINGS: Final[tuple[Rule, ...]] = (
    (_EMAIL, _address),
    (_DOMAIN, _address),
    (_keyed(table.PHRASES, stop=""), _phrase),
    (_keyed(table.TITLES), _title),
    (_keyed(table.AFTER_NAMES), _after_name),
    (_keyed(table.MONTHS_AND_DAYS), _month_or_day),
    (_keyed(table.BEFORE_NUMBERS), _before_number),
    (_ACRONYM, _acronym),
    (_ROMAN, _roman),
    (re.compile(r"C\+\+"), partial(_fixed, "C plus plus")),
    (re.compile(r"([A-G])#(?!\w)"), lambda match: f"{match[1]} sharp"),
    (re.compile(r"#(?=\d)"), partial(_fixed, "number ")),
    (re.compile(r"#(?=[^\W\d_])"), partial(_fixed, "hashtag ")),
    (re.compile(r"(?<=[^\W\d_])–(?=[^\W\d_])"), _en_dash),
    (re.compile(r"-{2,10}"), partial(_fixed, "—")),
    (re.compile(r"[<>](?=\s)"), lambda match: " less than " if match[0] == "<" else " greater than "),
)
"""In the order in which they are tried."""

_ALSO = "etc al vs approx cf viz ibid dept Dept est eg ie I V X L C D M"
TRIGGERS: Final = frozenset(
    [*"ABCDEFG", *table.TITLES, *table.AFTER_NAMES, *table.MONTHS_AND_DAYS, *table.BEFORE_NUMBERS, *_ALSO.split()]
)
"""Plain-looking words that a rule may have something to say about."""

ADDRESSES: Final = WORDINGS[:2]
"""Those that may begin with a digit."""

SIGNED: Final = frozenset("#<>–-_%+")
"""The signs that one of them may begin with."""
