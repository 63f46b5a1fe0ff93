"""Rules for Roman numerals: which capitals count, which rank, and which are letters."""

import re
from typing import Final

from studio.content.abbreviations import ALSO_REGNAL, NUMBERED, REGNAL
from studio.content.numbers import cardinal, ordinal, roman, year
from studio.content.places import FIRST_NAMES
from studio.content.rules import Match, Rule, after, before, compiled

_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.’']?s?\s+$")
# “James I was” but “In George I trust”.
_AFTER_FIRST = re.compile(r"\s*(?:[.,;:!?)’”]|$)|\s+(?:of|was|is|had|did|would|and|who|in|to|died|became|ruled)\b")
# “Constantine I won”, but “With Henry I walked”.
_TITLED = re.compile(
    r"(?:^|[.!?:;][”\"’)]?\s|\b(?:King|Queen|Emperor|Empress|Tsar|Sultan|Pope|Pharaoh|Shah)\s)[A-Z][a-z]+\s$"
)
_ACTED = re.compile(
    r"\s(?:[a-z]{2,}ed|won|lost|fell|took|made|gave|began|rose|came|went|left|built|sent|led|fought|held|met|saw|set)\b"
)
_BODY_NUMERAL = re.compile(r"[IVX]{2,}$")
_NOT_NUMERALS = frozenset({"IV", "XX", "XXX", "XI", "VI"})  # alone they are too often something else
_LETTERS = frozenset("CDLM")  # “Appendix C”, “Class D”: nobody counts by hundreds
_HEADING_NUMERAL = re.compile(r"[\s“\"(]*([IVXLCDM]{1,15})(?=\s*(?:[.:)—–-]|$))")
_EVENT = re.compile(r"\s(?:Olympi|Winter|Summer|Congress|Legion|[Dd]ynasty|Games|[Ee]dition)")
_PERSON = re.compile(r"\b([A-Z][a-z]+)(?:\s[A-Z]\.)?\s[A-Z][\w’'-]+\s$|\b(?:Mr|Dr|Mister|Doctor)\.?\s[A-Z][\w’'-]+\s$")
_LOWER_BEFORE = re.compile(
    r"\b(?:[Cc]hapter|[Ss]cene|[Ss]c\.|[Pp]ages?|pp?\.|[Ss]ection|[Pp]art|[Aa]ct|[Bb]ook|[Vv]ol\.|[Vv]olume|[Cc]h\.)\s$"
)

_ACT_OR_PAGE = re.compile(r"\b(?:[Aa]ct\s\w{1,5},?\s[Ss]cene|pp?\.)\s$")


def reads_as_roman(text: str, start: int, end: int) -> str:
    """The Roman numeral that a heading begins with (“IV”, “IV. The Town”), or an empty string."""
    match = _HEADING_NUMERAL.match(text, start, end)
    return match[1] if match and match.start(1) == start and roman(match[1]) else ""


def _roman(match: Match) -> str | None:
    numeral, possessive = match[1], match[2] or ""
    number = roman(numeral)
    if number is None:
        return None
    came, comes = before(match, 40), after(match, 24)
    found = _WORD_BEFORE.search(came)
    word = found[1] if found else ""
    if word.lower() in NUMBERED and numeral not in _LETTERS and (word[0].isupper() or numeral != "I"):
        return cardinal(number) + possessive
    if _is_ruler(word, numeral, came, comes, possessive=bool(possessive)):
        return f"the {ordinal(number)}{possessive}"
    if re.match(r"[\s-]centur(?:y|ies)\b", comes) or (re.search(r"\b[Tt]he\s$", came) and _EVENT.match(comes)):
        return ordinal(number)
    if numeral in {"II", "III", "IV", "V"} and _is_person(came):
        return f"the {ordinal(number)}{possessive}"
    if numeral[0] == "M" and len(numeral) >= 4 and number < 2100:
        return year(number) + possessive
    if _BODY_NUMERAL.match(numeral) and numeral not in _NOT_NUMERALS:
        return cardinal(number) + possessive
    return None


def _is_ruler(word: str, numeral: str, came: str, comes: str, *, possessive: bool) -> bool:
    if set(numeral) - set("IVX"):
        return False  # “Charles MD”
    if word in ALSO_REGNAL:
        return len(numeral) > 1
    if word not in REGNAL:
        return False
    acts = _TITLED.search(came) and _ACTED.match(comes)
    return numeral != "I" or possessive or bool(acts or _AFTER_FIRST.match(comes))


def _is_person(came: str) -> bool:
    person = _PERSON.search(came)
    return bool(person and (person[1] is None or person[1] in FIRST_NAMES))


def _small(match: Match) -> str | None:
    """“Chapter xii”, “pp. iv–ix”."""
    first, last = roman(match[1].upper()), roman(match[2].upper()) if match[2] else None
    came = before(match, 24)
    if first is None or (match[2] and last is None) or not _LOWER_BEFORE.search(came):
        return None
    if len(match[0]) == 1 and not (match[0] in "iv" and _ACT_OR_PAGE.search(came)):
        return None  # “the part i like”, “section c”
    return f"{cardinal(first)} to {cardinal(last)}" if last else cardinal(first)


ROMANS: Final[tuple[Rule, ...]] = compiled(
    (r"([IVXLCDM]{1,15})(['’]s)?(?![^\W_])(?!['’]\w)", _roman),
    (r"([ivxlc]{1,8})(?:[–-]([ivxlc]{1,8}))?(?![^\W_])(?!['’]\w)", _small),
)
"""In the order in which they are tried."""

_SMALL = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxx xl l"
SMALL: Final = frozenset(_SMALL.split())
"""Small numerals that look like plain words."""
