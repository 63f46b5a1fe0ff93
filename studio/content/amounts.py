"""What a number written in digits amounts to: as a quantity, as a year, as a name, by what stands around it."""

import re
import unicodedata
from typing import Final

from studio.content.numbers import cardinal, decimal, fraction, integer, pairs, year
from studio.content.rules import Match, after, before
from studio.content.units import IRREGULAR_PLURALS, SCALE_WORDS, SCALES

VULGAR: Final = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
INT: Final = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!,?\d)|\d{1,2}(?:,\d\d){1,4},\d{3}(?!,?\d)|\d{1,18})"
"""“1,250,000”, and as it is divided in India: “12,50,000”."""
NUMBER: Final = rf"(?:{INT}(?:\.\d{{1,20}}(?!\.?\d))?[{VULGAR}]?|(?<![^\W\d_])\.\d{{1,20}}|[{VULGAR}])"
SCALE: Final = rf"(?:[\s-]?({'|'.join(SCALE_WORDS)}|{'|'.join(sorted(SCALES, key=len, reverse=True))})(?![^\W_]))?"

# What is counted by the thousand, so that “1905 people” are no year.
_MEASURED = """miles kilometers kilometres meters metres feet yards inches acres hectares tons tonnes pounds kilograms
kilos grams liters litres gallons calories degrees watts volts years months weeks days hours minutes seconds times
dollars euros cents points percent square cubic"""
_COUNTED = """people persons men women children kids soldiers troops workers employees students voters residents members
users subscribers followers patients players fans guests passengers prisoners refugees dead deaths casualties victims
cases jobs votes seats copies pages words lines homes houses buildings rooms units items pieces species stars ships
planes aircraft cars trucks vehicles horses cattle sheep animals birds trees books songs films schools churches shops
stores companies firms households families of"""
_MANY = """people users followers views viewers subscribers copies customers members jobs homes households downloads
visitors votes years barrels tons tonnes vehicles cars children women men students workers Americans"""
MANY_AFTER: Final = re.compile(rf"\s(?:{'|'.join(_MANY.split())})\b")
"""What there are millions of: “5m people”, “3M users”."""
_OF_TIME = (
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Dd]uring|[Cc]irca|[Yy]ear|[Ss]ummer|[Ww]inter|[Ss]pring|[Aa]utumn)\s+$"
)
_IN_TIME = re.compile(_OF_TIME)
_MEASURED_AFTER = re.compile(rf"\s+(?:{'|'.join(_MEASURED.split())})\b")
_COUNTED_AFTER = re.compile(rf"\s+(?:{'|'.join(_COUNTED.split())})\b(?<!of)|\s+of\s+(?:them|us|those|these|the)\b")
_COMPARED = re.compile(
    r"\b(?:than|nearly|almost|about|over|some|least|most|only|another|up to|exactly|roughly|approximately|under)\s+$"
)
_NOUN_AFTER = re.compile(r"\s+(?!(?:was|has|its|this|does|thus|plus|versus)\b)[a-z]{2,20}s\b")
_VERB_AFTER = re.compile(
    r"\s+(?:beats|brings|comes|costs|delivers|draws|flies|gets|goes|lands|leads|leaves|makes|needs|offers|remains|runs|sells"
    r"|ships|stands|starts|takes|uses|wins|works)\b"
)
_ONE_BEFORE = re.compile(r"\b(?:[Aa]n?|[Tt]his|[Tt]hat|[Ee]very|[Ee]ach)\s\S{1,12}\s?$")
# Things whose number is a name: “Boeing 747”, “Room 101”, “RTX 4090”.
_NAMED = re.compile(
    r"(?:\b(?:Boeing(?:['’]s)?|Airbus|Flight|Highway|Hwy\.|Route|Rte\.|Interstate|Room|Suite|Form|Section|Box|Xbox|Bus|Channel"
    r"|Apartment|Apt\.|Rm\.|Gate|Area|Train|Agent|Porsche|Model|K\.|Op\.|No\.|[A-Z][A-Z&]{1,5})\s|[^\W\d_]-?)$"
)
_CALLED = re.compile(
    r"\b(?:[Cc]all|[Dd]ial|[Pp]hone|[Tt]ext|[Rr]ing)(?:s|ed|ing)?\s$|(?:hot|life|help|crisis )line is\s$"
)
_EMERGENCY: Final = frozenset({"911", "112", "999", "000", "111"})
_OR_CALLED = re.compile(r"\b(?:911|112|999|000|111),?\s(?:or|and)\s$")
_PLANE_AFTER = re.compile(r"\s(?:MAX|Max|Dreamliner|Jumbo|jumbo|jets?|freighters?)\b")
_CALL_AFTER = re.compile(r"\s(?:call|operator|dispatch|emergency|hotline|lifeline)")
_CAR = re.compile(r"Porsche(?:['’]s)? 911|911 (?:Turbo|Carrera|Targa|GT|S\b)")
_ADDRESSED = re.compile(
    r"(?:\s[A-Z0-9][\w’'.]{0,20}){1,3}?\s(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Terrace|Place)\b"
)


def quantity(text: str) -> str:
    """A number as an amount: “1,250”, “3.14”, “4½”, “.5”, “½”."""
    part = vulgar(text[-1]) if text[-1] in VULGAR else ""
    whole = text[:-1] if part else text
    if not whole:
        return part
    said = decimal(whole.replace(",", "")) if "." in whole else integer(whole)
    return f"{said} and {part.replace('one half', 'a half')}" if part else said


def vulgar(char: str) -> str:
    """“½” as words."""
    value = unicodedata.numeric(char)
    below = next(below for below in range(2, 11) if abs(value * below - round(value * below)) < 1e-6)
    return fraction(round(value * below), below)


def counted(amount: str, said: str, word: str) -> str:
    """`said`, which is `amount` in words, and `word` in the number that goes with it."""
    if amount in {"1", "½", "¼", "¾", "⅓", "⅔"}:
        one = "an" if word[0] in "aeiou" or word == "hour" else "a"
        return f"{said} of {one} {word}" if amount in VULGAR else f"{said} {word}"
    return f"{said} {plural_of(word)}"


def plural_of(word: str) -> str:
    """The plural of a unit's name."""
    first, space, last = word.rpartition(" ")
    return f"{first}{space}{IRREGULAR_PLURALS.get(last, last + 's')}"


def is_year(text: str) -> bool:
    """Whether four digits are a year where nothing else is said about them."""
    return len(text) == 4 and text.isdecimal() and 1000 <= int(text) <= 2099


def number_words(text: str) -> str:
    """A number by its looks alone: a year, or an amount."""
    return year(int(text)) if is_year(text) else quantity(text)


def number_in_place(match: Match, text: str) -> str:
    """A number as what stands around it asks for: an amount, a year, a name, a call."""
    if not text.isdecimal() or not 3 <= len(text) <= 4:
        return quantity(text)
    came, comes = before(match), after(match, 60)
    if len(text) == 3:
        return _three_digits(text, came, comes)
    if _is_counted(came, comes):
        return quantity(text)
    if is_year(text) or (2100 <= int(text) <= 2999 and _IN_TIME.search(came)):
        return year(int(text))
    return pairs(int(text)) if text[0] != "0" and _is_name(came, comes) else quantity(text)


def _is_counted(came: str, comes: str) -> bool:
    if _MEASURED_AFTER.match(comes):
        return True
    if _IN_TIME.search(came):
        return False
    return bool(_COUNTED_AFTER.match(comes) or (_COMPARED.search(came) and _NOUN_AFTER.match(comes)))


def _is_name(came: str, comes: str) -> bool:
    if re.match(r"[A-Za-z]", comes):
        return True  # “740i”
    if _NAMED.search(came):
        counted_after = _NOUN_AFTER.match(comes) and not _VERB_AFTER.match(comes) and not _ONE_BEFORE.search(came)
        return not (counted_after or re.match(rf"\s(?:{'|'.join(SCALE_WORDS)})", comes))
    return bool(_ADDRESSED.match(comes) or re.search(r"[a-z]:$", came))


def _three_digits(text: str, came: str, comes: str) -> str:
    if _is_counted(came, comes):
        return quantity(text)
    called = _CALLED.search(came) or _CALL_AFTER.match(comes) or (text in _EMERGENCY and _OR_CALLED.search(came))
    if called or (text == "911" and not _CAR.search(came + text + comes[:8]) and not _NOUN_AFTER.match(comes)):
        return " ".join(cardinal(int(digit)) for digit in text)  # “call 911”
    if text == "911" and _CAR.search(came + text + comes[:8]):
        return pairs(911)
    plane = re.fullmatch(r"7[0-8]7", text) and _PLANE_AFTER.match(comes)
    name = plane or (text[0] != "0" and _is_name(came, comes))
    return pairs(int(text)) if name else quantity(text)
