"""Rules for what is written with letters: addresses, abbreviations, initials, numerals, signs between words."""

import re
from typing import Final

from studio.content import abbreviations as table
from studio.content.amounts import number_words
from studio.content.chemistry import IONS
from studio.content.citations import CITATIONS
from studio.content.codes import ADDRESSES, LETTERED_CODES
from studio.content.measures import UNIT_ALONE
from studio.content.numbers import roman
from studio.content.places import BOOKS, DIRECTIONS, OLD_STATES, STATES, STREETS
from studio.content.romans import ROMANS, SMALL
from studio.content.rules import END, Match, Rule, after, always, before, compiled, one_of
from studio.content.units import CURRENCY_CODES, GREEK, UNITS

_NUMERAL_AFTER = re.compile(r"\s{0,3}[IVXLC]{1,7}\b")
_SMALL_NUMERAL_AFTER = re.compile(r"\s{0,3}[ivxl]{1,7}(?:[–-][ivxl]{1,7})?\b(?!['’])")
_YEAR_AFTER = re.compile(r"\s{0,3}(?:1\d|20)\d\d\b")
_STREET_AFTER = re.compile(
    rf"\s(?:[A-Z0-9][\w’'.]{{0,20}}\s){{1,3}}(?:{'|'.join(STREETS)})\b|\s(?:Korea|Africa|Ireland|Dakota|Carolina)\b"
)
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{2}")
_TOWN_BEFORE = re.compile(
    r"\b(?!(?:Well|Hi|Yes|No|Oh|So|Okay|Yeah|Hey|Right|Sure|Then|Now)\b)[A-Z][\w.’'-]+,\s$|\b[RDI]-$"
)
_TOWN_ENDS = re.compile(r"\s\d{5}|\s*[.,;:!?)”]|\s*$|\s[a-z]")
_HASHTAG_BEFORE = re.compile(r"\b[Hh]ashtags?:?\s[“\"‘']?$")
_PART_OF_TIME = re.compile(r"\s*(?:\d|,|[A-Z]|$|[–-]|[a-z])")
_TIMES = (
    rf"(?:{'|'.join(table.MONTHS)}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:{'|'.join(table.MONTHS_AND_DAYS)})\.?)"
)
_TIME_BEFORE = re.compile(rf"\b(?:{_TIMES}|\d{{1,4}})$")
_TIME_AFTER = re.compile(rf"{_TIMES}(?![^\W_])")
_ERA_BEFORE = re.compile(r"\d\s?(?:BCE?|CE|AD|B\.C\.(?:E\.)?|C\.E\.|A\.D\.)\s?$|\b(?:AD|A\.D\.)\s\d{1,4}\s?$")
_ERA_AFTER = re.compile(r"\s?(?:(?:AD|A\.D\.|ca?\.)\s?)?\d|\s?AD\b")
# “Manfred v. Richthofen”: who goes to court has a family name.
_NOBLE_BEFORE = re.compile(
    r"\b(?:Freiherr|Graf|Gräfin|Ritter|Baron|Fürst|Prinz|Alexander|Carl|Claus|Erich|Ernst|Franz|Friedrich|Heinrich|Johann"
    r"|Karl|Kurt|Ludwig|Manfred|Otto|Ulrich|Werner|Wernher|Wilhelm)\s$"
)
_SIZE_BEFORE = re.compile(r"(?:^|\W)(?:X{0,3}[SL]|M)$")
_SIZE_AFTER = re.compile(r"(?:X{0,3}[SL]|M)(?:\W|$)")


def _capital_follows(match: Match) -> bool:
    return bool(re.match(r"\s+[“\"‘(]?[^\W\d_a-zß-öø-ÿ]", after(match, 20)))


def _name_before(match: Match) -> bool:
    came = before(match, 30)
    return bool(re.search(r"[^\W\d_][^\W_]*,?\s+$", came) and re.search(r"(?:^|[\s“(])[A-ZÀ-Þ0-9][^\s]*\s+$", came))


def _number_follows(match: Match) -> bool:
    comes = after(match)
    if match[1] in {"b", "d", "r"}:
        return bool(_YEAR_AFTER.match(comes)) and (match[1] != "r" or before(match, 1) == "(")
    if match[1] in table.BEFORE_NUMERALS and _NUMERAL_AFTER.match(comes):
        return True
    return bool(re.match(r"\s{0,3}\d", comes) or (match[1] in {"p", "pp"} and _SMALL_NUMERAL_AFTER.match(comes)))


def _title(match: Match) -> str | None:
    word = match[1]
    stop = match[0].endswith(".")
    if match[0] == "Gen" and re.match(r"\s(?:[XYZ]|Alpha)\b", after(match)):
        return None
    street = word in table.AFTER_NAMES and _name_before(match)
    listed = before(match, 2) == ", " and _capital_follows(match)
    if stop and street and not listed and not _saint(match):
        return table.AFTER_NAMES[word]
    if _capital_follows(match) or (word in {"Mr", "Mrs", "Ms", "Dr"} and stop):
        return table.TITLES[word]
    if stop and re.match(r"\s*[—⸺⸻]|\s\d(?:st|nd|rd)\sClass\b", after(match, 14)):
        return table.TITLES[word]
    return None


def _saint(match: Match) -> bool:
    """“In St. Louis”, “Mount St. Helens”: a name follows, and what stands before is no street."""
    found = re.search(r"([A-Za-z]+)\s+$", before(match, 30))
    opens = bool(found and re.match(r"(?:At|In|On|From|To|The|And|By|For|Of|Mount|Mt|Fort|Old|Near)$", found[1]))
    return _capital_follows(match) and (opens or match[1] == "Dr")


def _after_name(match: Match) -> str | None:
    return table.AFTER_NAMES[match[1]] if match[0].endswith(".") or match[1] in {"Jr", "Sr", "Ltd", "Inc"} else None


def _month_or_day(match: Match) -> str | None:
    name = table.MONTHS_AND_DAYS[match[1]]
    if match[0].endswith("."):
        return name if _PART_OF_TIME.match(after(match)) else None
    dated = re.match(r"\s\d", after(match)) or re.search(r"\d(?:st|nd|rd|th)?\s$", before(match))
    ranged = re.match(rf"[–-]{_TIMES}(?![^\W_])", after(match)) or re.search(rf"\b{_TIMES}[–-]$", before(match))
    return name if ranged or (name in table.MONTHS and dated) else None


def _before_number(match: Match) -> str | None:
    # “no 5” without a stop, and a single letter, are words of their own.
    named = match[0].endswith(".") or match[1] in table.WITHOUT_STOP
    return table.BEFORE_NUMBERS[match[1]] if named and _number_follows(match) else None


def _milestone(match: Match) -> str | None:
    """“At km 28”: a place on the way, and not behind a number."""
    return None if re.search(r"\d\s?$", before(match, 4)) else UNITS[match[1].lower()]


def _phrase(match: Match) -> str | None:
    if match[0] == "v." and not _capital_follows(match):
        return None
    if match[0] == "v." and _NOBLE_BEFORE.search(before(match, 20)):
        return "von"
    if "/" in match[0] and (before(match, 1) == "/" or after(match, 1) == "/"):
        return None  # “a/b/c”
    if match[0] == "est." and not _YEAR_AFTER.match(after(match)):
        return "estimated"
    return table.PHRASES[match[0]]


def _edition(match: Match) -> str | None:
    return (
        "edition"
        if re.search(r"\d(?:st|nd|rd|th)\s$|\b(?:rev\.|[Ss]econd|[Ff]irst|[Tt]hird)\s$", before(match))
        else None
    )


def _acronym(match: Match) -> str | None:
    # “e.g.” and the like are phrases; “end.Next” is none of ours.
    return match[0] if match[0][0].isupper() else None


def _state(match: Match) -> str | None:
    town = _TOWN_BEFORE.search(before(match, 24)) and _TOWN_ENDS.match(after(match))
    return STATES[match[1]] if town else None


def _old_state(match: Match) -> str | None:
    if match[1] in {"Pa", "La", "Miss", "Mo"} and not re.match(r"[,;)]|\s[a-z]", after(match)):
        return None  # “Goodnight, Pa.”
    return OLD_STATES[match[1]] if _TOWN_BEFORE.search(before(match, 24)) else None


def _direction(match: Match) -> str | None:
    return DIRECTIONS[match[1]] if _STREET_AFTER.match(after(match, 90)) else None


def _greek(match: Match) -> str | None:
    """A letter that stands for itself: none in a Greek sentence."""
    greek = _GREEK_WORD.search(before(match, 20)) or _GREEK_WORD.search(after(match, 20))
    return None if greek else GREEK[match[0]]


def _hashtag(match: Match) -> str:
    """“#SlowRadio” is two words."""
    said = re.sub(r"(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", match[1])
    said = re.sub(r"\d{1,18}", lambda found: f" {number_words(found[0])} ", said)
    return said if _HASHTAG_BEFORE.search(before(match)) else f"hashtag {said}"


def _dash(match: Match) -> str:
    """“A–Z” and “May–June” are from one to the other, “Paris–Roubaix” is one name."""
    came, comes = before(match, 12), after(match, 12)
    letters = re.search(r"(?:^|\W)\w$", came) and re.match(r"\w(?:\W|$)", comes)
    sizes = _SIZE_BEFORE.search(came) and _SIZE_AFTER.match(comes)
    times = _TIME_BEFORE.search(came) and _TIME_AFTER.match(comes)
    eras = _ERA_BEFORE.search(came) and _ERA_AFTER.match(comes)
    return " to " if letters or sizes or times or eras or _numerals(came, comes) else "-"


def _numerals(came: str, comes: str) -> bool:
    """“Chapters IX–XII”."""
    first, last = re.search(r"\b[IVXLC]{1,8}$", came), re.match(r"[IVXLC]{1,8}\b", comes)
    return bool(first and last and 0 < (roman(first[0]) or 0) < (roman(last[0]) or 0))


def _time_dash(match: Match) -> str | None:
    came, comes = before(match, 12), after(match, 12)
    times = _TIME_BEFORE.search(came) and _TIME_AFTER.match(comes)
    return " to " if times or _series(came, comes) else None


def _era_dash(match: Match) -> str | None:
    """“27 BC–476 AD”."""
    return " to " if _ERA_BEFORE.search(before(match, 12)) else None


def _series(came: str, comes: str) -> bool:
    """“Q1–Q3”: one to another of the same kind."""
    first, last = (
        re.search(r"(?<![^\W_])([A-Z]{1,3})(\d{1,4})$", came),
        re.match(rf"([A-Z]{{1,3}})(\d{{1,4}}){END}", comes),
    )
    return bool(first and last and first[1] == last[1] and int(first[2]) < int(last[2]))


WORDINGS: Final[tuple[Rule, ...]] = (
    *ADDRESSES,
    *LETTERED_CODES,
    *CITATIONS,
    *IONS,
    *compiled(
        (rf"({one_of(table.PHRASES)}){END}", _phrase),
        (rf"({one_of(table.TITLES)})\.?{END}", _title),
        (rf"({one_of(table.AFTER_NAMES)})\.?{END}", _after_name),
        (rf"({one_of(table.MONTHS_AND_DAYS)})\.?{END}", _month_or_day),
        (rf"({one_of(table.BEFORE_NUMBERS)})\.?{END}", _before_number),
        (r"(km|mi|KM)\.?(?=\s\d)", _milestone),
        (rf"({one_of(OLD_STATES)})\.", _old_state),
        (rf"({one_of(STATES)}){END}", _state),
        (r"([NSEW])\.", _direction),
        (r"ed\.", _edition),
        (r"fl\.(?<=\d(?:st|nd|rd|th)\sfl\.)", always("floor")),
        (r"c\.(?=\s|$|[,;:)])(?<=\d(?:st|nd|rd|th)[\s-]c\.)", always("century")),
        (r"(?:[^\W\d_]\.){2,12}(?:[^\W\d_](?![^\W\d_]))?", _acronym),
    ),
    *ROMANS,
    *UNIT_ALONE,
    *compiled(
        (r"C\+\+", always("C plus plus")),
        (r"([A-Za-z])['’\u2032](?=\()", lambda match: f"{match[1]} prime "),
        (r"([A-G])[#♯](?!\w)", lambda match: f"{match[1]} sharp"),
        (r"([A-G])♭(?!\w)", lambda match: f"{match[1]} flat"),
        (rf"(?<![\u0370-\u03ff\u1f00-\u1fff])[{''.join(GREEK)}](?![\u0300-\u03ff\u1f00-\u1fff])", _greek),
        (r"x(?=\s\d)(?<=\d\sx)", always(" times ")),
        (r"\.(?=[A-Z](?![\w.]))(?<=[A-Z]{2}\.)(?![AI]\s[a-z])", always(" dot ")),
        (r"#(?=\d)", always("number ")),
        (r"#([A-Za-z]\w{0,60})", _hashtag),
        (r"#(?=[^\W\d_])", always("hashtag ")),
        (r"(?<=\bK)–(?=12\b)", always(" to ")),
        (r"(?<=[^\W\d_])–(?=[^\W\d_])", _dash),
        (r"(?<=[^\W_.])[–-](?=[A-Z])|(?<=\w\.)[–-](?=[A-Z])", _time_dash),
        (r"[–-](?=\d)(?<=[CED.].)", _era_dash),
        (r"[–-](?=ca?\.\s?\d)(?<=\d.)", always(" to ")),
        (r"[Nn][º°](?=\s?\d)", always("number ")),
        (r"-{2,10}", always("—")),
    ),
)
"""In the order in which they are tried."""

_ALSO = "al viz ibid est ie eg I V X L C D M ed r u x Pub Vth Xth nº Nº Qur Song Bhagavad"
TRIGGERS: Final = frozenset(
    [
        *"ABCDEFGNSEW",
        *table.TITLES,
        *table.AFTER_NAMES,
        *table.MONTHS_AND_DAYS,
        *table.BEFORE_NUMBERS,
        *(re.split(r"[^A-Za-z]", phrase)[0] for phrase in table.PHRASES),
        *OLD_STATES,
        *BOOKS,
        *UNITS,
        *(code.rstrip(".") for code in CURRENCY_CODES),
        *SMALL,
        *_ALSO.split(),
    ]
)
"""Plain-looking words that a rule may have something to say about."""

SIGNED: Final = frozenset("#–-_%+:.")
"""The signs that one of them may begin with."""
