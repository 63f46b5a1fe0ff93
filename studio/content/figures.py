"""Rules for what is written with digits, all together in their order: ranges, fractions, ordinals, powers, numbers."""

import fractions
import re
from typing import Final

from studio.content import dates
from studio.content.abbreviations import MONTHS
from studio.content.amounts import INT, MANY_AFTER, NUMBER, number_in_place, number_words, quantity
from studio.content.chemistry import ISOTOPES
from studio.content.codes import CODES
from studio.content.dates import DATES, YEARS, stands_at_month
from studio.content.measures import MEASURES
from studio.content.money import MONEY
from studio.content.numbers import cardinal, digits, fraction, integer, ordinal, pairs, plural, power, two_digits
from studio.content.rules import END, FRESH, Match, Rule, after, before, compiled
from studio.content.units import CURRENCIES, SCALE_WORDS, SCALES

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_NAMES = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
# Said as they are written: “twenty-four seven”, “nine eleven”.
_PAIRS = frozenset({(24, 7), (9, 11)})
_WHOLE: Final = 100  # the two sides of “80/20” and “60:40”
_HOURS: Final = 24
_MINUTES: Final = 60
_METRES = frozenset({(2, 2), (2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (3, 8), (5, 8), (6, 8), (7, 8), (9, 8), (12, 8)})
_ODDS = re.compile(r"\b[Oo]dds(?:\s(?:of|at|are|were|is|was|to|now|on)){0,2}\s$")
_WEEKDAY = re.compile(r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.?),?\s$")
_SEAT_BEFORE = re.compile(r"\b(?:[Ss]eats?|[Rr]ows?|[Gg]ates?)\s$|\d[A-Z]\s(?:to|and|or|through)\s$")
_BY_DATE = re.compile(r"\b(?:on|On|by|By|until|since|from|before|after)\s$")
_SAMPLED = frozenset({"4:4:4", "4:2:2", "4:2:0", "4:1:1"})
_FILED = re.compile(
    r"\((?:EU|EC|EEC|JHA|Euratom)\)\s(?:No\.?\s)?$|\b(?:Directive|Regulation|Decision|Resolution|Docket)\s(?:No\.?\s)?$"
    r"|\bCases?\s(?:[A-Z]-)?$"
)
_PART_AFTER = re.compile(r"\s(?:of|inch|in\.|cups?|miles?|cases|a|an)\b|-inch|[\"″]")
_INNINGS = re.compile(
    r"\s(?:at (?:tea|lunch|stumps|the close)|dec(?:lared|\.)|(?:after|in|off) \d{1,3}(?:\.\d)? overs)"
)
_RACE = re.compile(
    r"\s(?:run|race|walk|runner|video|film|movie|TV|resolution|display|monitor|screen|camera|footage)s?\b"
)


def _ratio(match: Match) -> str:
    """“2:1”; but “55:00” and “47:32” are minutes and seconds."""
    first, second = int(match[1]), int(match[2])
    if first > _HOURS and len(match[2]) == 2 and second < _MINUTES and first + second != _WHOLE:
        return f"{cardinal(first)} {two_digits(second)}" if second else f"{cardinal(first)} minutes"
    return f"{integer(match[1])} to {integer(match[2])}"


def _ratios(match: Match) -> str:
    """“1:2:3”; but how a film is sampled, “4:2:0”, is a name."""
    joint = " " if match[0] in _SAMPLED else " to "
    return joint.join(integer(part) for part in match[0].split(":"))


def _filed(match: Match) -> str | None:
    """“Regulation (EU) 2016/679”, “Case C-131/12”: a number and its year."""
    if not _FILED.search(before(match, 24)):
        return None
    return ", ".join(pairs(int(part)) if len(part) == 3 else number_words(part) for part in match.groups())


def _scale(match: Match) -> str | None:
    """“1:50,000”, “1:1.618”; but “4:05.31” is a stopwatch's."""
    return f"{integer(match[1])} to {quantity(match[2])}" if match[1] == "1" or "," in match[2] else None


def _range(match: Match) -> str | None:
    whole = match[1].isdecimal() and match[2].isdecimal()
    place = stands_at_month(match) if whole else ""
    if place == "before":
        return f"{ordinal(int(match[1]))} to {ordinal(int(match[2]))}"
    if place:
        return f"the {ordinal(int(match[1]))} to {ordinal(int(match[2]))} of"
    if whole and match[1] == match[2] == "50":
        return "fifty fifty"
    if match[0][len(match[1])] == "-" and re.search(r"\b(?:Boeing|Airbus|[Aa]|[Tt]he)\s$", before(match)) and whole:
        plane = _plane(match[1], match[2])
        if plane:
            return plane
    return f"{number_words(match[1])} to {number_words(match[2])}"


def _plane(kind: str, series: str) -> str | None:
    """“737-800”: its parts are names."""
    if not re.fullmatch(r"7[0-8]7", kind) or len(series) > 3:
        return None
    return f"{cardinal(7)} {cardinal(int(kind[1:]))} {cardinal(int(series))}"


def _mixed(match: Match) -> str | None:
    whole, above, below = match[1], int(match[2]), int(match[3])
    if not whole and 1 <= above <= 12 and 1 <= below <= 31 and _is_date(match, below):
        return f"{MONTHS[above - 1]} {ordinal(below)}"
    if whole and not 0 < above < below:
        return None
    if not whole and _ODDS.search(before(match, 24)):
        return f"{cardinal(above)} to {cardinal(below)}"
    bars = (above, below) in _METRES and _is_metre(match, above, below)
    if not whole and (bars or above == below or above + below == _WHOLE or (above, below) in _PAIRS):
        return f"{cardinal(above)} {cardinal(below)}"
    said = _part(above, below) if below else f"{cardinal(above)} over zero"
    return f"{cardinal(int(whole))} and {said.replace('one half', 'a half')}" if whole else said


def _is_metre(match: Match, above: int, below: int) -> bool:
    """“6/8 time”; “in 12/8 throughout” as well, where it can be no part of anything."""
    if re.match(r"\s(?:time|bar|meter|rhythm|feel|beat|groove)", after(match)):
        return True
    whole = above >= below or fractions.Fraction(above, below).denominator != below
    return whole and bool(re.search(r"\b[Ii]n\s$", before(match))) and not _PART_AFTER.match(after(match))


def _wickets(match: Match) -> str | None:
    """“287/4 at tea”: runs for wickets."""
    runs, lost = int(match[1]), int(match[2])
    if not _INNINGS.match(after(match, 24)):
        return None
    return f"{cardinal(runs)} for {cardinal(lost)}"


def _is_date(match: Match, day: int) -> bool:
    """“Mon. 6/5”, “by 5/28”."""
    return bool(_WEEKDAY.search(before(match)) or (day > 20 and _BY_DATE.search(before(match))))


def _airing(match: Match) -> str | None:
    """“8/7c”: when a program is on in the east, and an hour earlier in the middle of America."""
    first, second = int(match[1]), int(match[2])
    return f"{cardinal(first)} {cardinal(second)} central" if first % 12 == (second + 1) % 12 else None


def _batting(match: Match) -> str | None:
    """“A .312 average”, “he hit .305”."""
    batted = re.search(r"\b(?:hit|hits|hitting|bats|batted|batting|slugged|slugging)\s$", before(match))
    if not (batted or re.match(r"\s(?:batting|average|hitter|clip|on-base|slugging)", after(match))):
        return None
    return pairs(int(match[1]))


def _comma_decimal(match: Match) -> str:
    """“1,2 million”, “3,5 %”: as it is written where the comma is the decimal sign."""
    return f"{cardinal(int(match[1]))} point {digits(match[2])}"


def _out_of(match: Match) -> str:
    """“7.5/10”: a rating."""
    return f"{quantity(match[1])} out of {integer(match[2])}"


def _part(above: int, below: int) -> str:
    tens = above == 1 and 20 < below < 100
    return f"one {ordinal(below)}" if tens else fraction(above, below)


def _ordinal(match: Match) -> str:
    said = ordinal(int(match[1].replace(",", "")))
    if stands_at_month(match) != "after":
        return said
    named = re.search(r"\b(?:the|every|each|this|last|next)\s+$", before(match), re.IGNORECASE)
    return f"{said} of" if named else f"the {said} of"


def _people(number: str) -> str:
    """“49ers”."""
    return f"{number}{'rs' if number.endswith('e') else 'ers'}"


def _scaled(match: Match) -> str | None:
    """“3.2M users”, “10k”, “1.4bn people”; but “a 10k race”, “4K video”, “apartment 4B”, “3M”."""
    amount, scale = match[1], match[2]
    if scale == "K" and re.match(r"\s(?:(?:solid|yellow|white|rose)\s)?gold\b", after(match)):
        return f"{quantity(amount)} karat"
    if scale == "K" and _SEAT_BEFORE.search(before(match)):
        return f"{quantity(amount)} K"
    if scale in "kK" and (_RACE.match(after(match)) or (scale == "K" and amount in {"2", "4", "5", "8"})):
        return f"{quantity(amount)} K"
    if len(scale) == 1 and re.fullmatch(r"\d{4,}", amount):
        return None  # “13700K” is a name
    ranged = re.search(r"\d[kKmMB][–-]$", before(match, 4))
    if len(scale) == 1 and scale not in "kK" and "." not in amount and not (ranged or MANY_AFTER.match(after(match))):
        return None
    return f"{quantity(amount)} {SCALES[scale]}"


def _number(match: Match) -> str:
    text = match[0]
    if text.isdecimal() and len(text) <= 2:
        said = dates.day(match, int(text))
        if said:
            return said
    return number_in_place(match, text)


def _calibre(match: Match) -> str:
    return pairs(int(match[1])) if len(match[1]) == 3 else integer(match[1])


def _power(match: Match) -> str | None:
    base, raised = match[1], match[2].translate(_SUPERSCRIPTS)
    said = quantity(base) if base else ""
    if raised in {"2", "3"}:
        return f"{said} {'squared' if raised == '2' else 'cubed'}"
    return f"{said} to {power(int(raised))}"


def _raised(match: Match) -> str:
    return f" to {power(int(match[1].replace('−', '-')))}"


def _scientific(match: Match) -> str:
    return f"{quantity(match[1])} times ten to {power(int(match[2].replace('−', '-')))}"


def _compared(match: Match) -> str:
    sign = match[0][0]
    equation = re.search(r"[\w)]\s?$", before(match, 3)) and not re.search(r"\b[a-z]{2,}\s$", before(match, 8))
    if sign == "<":
        return " less than "
    return " greater than " if equation else " more than "


def _below(match: Match) -> str:
    """Small digits of a formula: “H₂O”."""
    return f" {integer(match[0].translate(_NAMES))} "


FIGURES: Final[tuple[Rule, ...]] = (
    *compiled((rf"{FRESH}(\d{{1,4}}):(\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,3}}\.\d{{2,9}})(?![\d:]|[.,]\d)", _scale)),
    *DATES,
    *compiled(
        (rf"{FRESH}\d{{1,3}}:\d{{1,3}}:\d{{1,3}}(?!:?\d)", _ratios),
        (rf"{FRESH}(\d{{1,3}}):(\d{{1,3}})(?!:?\d)", _ratio),
        (r"(?<=[\dMm.])\s?[–-]\s?(?=\d{1,2}(?::\d\d|\s?[AaPp]\.?[Mm]\b))", lambda _match: " to "),
    ),
    *ISOTOPES,
    *compiled(
        (rf"{FRESH}(\d\d?)/(\d\d?)c{END}", _airing),
        (rf"{FRESH}(\d{{1,4}})/(\d{{2,4}})(?![\d/]){END}", _filed),
    ),
    *MONEY,
    *CODES,
    *MEASURES,
    *YEARS,
    *compiled(
        (rf"{FRESH}(\d{{2,3}})/(\d){END}(?!/)", _wickets),
        (rf"{FRESH}(\d{{1,3}}\.\d)/(5|10|100)(?![\d/.])", _out_of),
        (
            rf"{FRESH}(?<!\d/)(?:(\d{{1,4}})[\s-])?(\d{{1,4}})[/\u2044](\d{{1,4}})(?:rds?|ths?|nds?)?(?![\d/]){END}",
            _mixed,
        ),
        (rf"{FRESH}(\d{{1,4}})\s([¼½¾⅓⅔⅛⅜⅝⅞])", lambda match: quantity(match[1] + match[2])),
        (
            rf"{FRESH}({NUMBER})[–-]({NUMBER})[xX]{END}",
            lambda match: f"{quantity(match[1])} to {quantity(match[2])} times",
        ),
        (rf"{FRESH}(?<![A-Z]-)({NUMBER})(?:-|\s?–\s?)({NUMBER})(?![\d-]|:\d|\s?[AaPp]\.?[Mm]\b)", _range),
        (r"(?<=\d)\s?–\s?(?=\d)|(?:(?<=[%°])|(?<=°[CF])|(?<=\ds))(?:[–-]|\s?–\s?)(?=[’'‘]?\d)", lambda _match: " to "),
        (r"(?<=\d(?:st|nd|rd|th))[–-](?=\d)|(?<=\d[kKmMB])[–-](?=\d)", lambda _match: " to "),
        (
            rf"(\d{{1,3}})s{END}",
            lambda match: plural(pairs(int(match[1])) if len(match[1]) == 3 else cardinal(int(match[1]))),
        ),
        (rf"{FRESH}(\d\d)ers{END}", lambda match: _people(cardinal(int(match[1])))),
        (rf"({INT})(?:st|nd|rd|th|ST|ND|RD|TH){END}", _ordinal),
        (rf"{FRESH}(\d{{1,9}}(?:\.\d{{1,9}})?)[eE]([-+−]?\d{{1,3}}){END}", _scientific),
        (rf"{FRESH}({NUMBER})\s?(mn|bn|bln|tn|trn|[kKmMbBT]){END}(?!['’/])", _scaled),
        (
            rf"{FRESH}(\d{{1,4}}(?:\s?x|\sX)|\d{{1,2}}X)(?=\s?(?:[.,;:!?)”/]|$)|\s[a-z])",
            lambda match: f"{quantity(match[1].rstrip(' xX'))} times",
        ),
        (
            rf"{FRESH}(\d{{1,3}}(?:\s\d{{3}}){{2,5}}|\d{{1,3}}\s000)(?![\d,.]\d|\d|\s\d)",
            lambda match: integer(re.sub(r"\s", "", match[1])),
        ),
        (rf"({NUMBER})([⁻⁺]?[⁰¹²³⁴-⁹]{{1,9}})", _power),
        (r"(?:(?<=\b[^\W\d_])|(?<=\b[^\W\d_]{2}))()([⁻⁺]?[⁰¹²³⁴-⁹]{1,9})", _power),
        (r"\^\(?([-−]?\d{1,9})\)?(?!\.?\d)", _raised),
        (r"[₀-₉]{1,9}", _below),
        (r"(?:(?<=[\s(“])|(?<![\S\s]))[-−](?=[\d$£€.])(?!\.\D)", lambda _match: "minus "),
        (r"(?<=\s)–(?=\d)", lambda _match: "minus "),
        (r"-(?=\s\d)|−", lambda _match: " minus "),
        (r"(?<=\b[A-F])-(?=[.,;:!?)\s]|$)(?!\s(?:and|or|to)\s\w{1,20}-)", lambda _match: " minus "),
        (r"\+(?=\s?[\d$£€])|(?<=\d)\+|\+(?=\s)|(?<=[A-Z])\+", lambda _match: " plus "),
        (r"(?<=[^\W_])\^(?=[^\W_])", lambda _match: " to the power of "),
        (r"~(?=\s?[\d$£€])", lambda _match: "about "),
        (r"(?<=\d)\*(?=\d)|(?<=\d\s)\*(?=\s\d)", lambda _match: " times "),
        (r"[<>](?=\s?[\d$£€.-])|[<>](?=\s)", _compared),
        (r"(?<=\d[A-Za-z])\.(?=\d)|(?<=-[A-Za-z]{4})\.(?=\d)|(?<=-[A-Za-z]{2})\.(?=\d)", lambda _match: " dot "),
        (r"(?<=[^\W\d_])\.(?=\d)", lambda _match: ". "),
        (r"§§", lambda _match: " sections "),
        (r"(?<=\d)/(?=\d)", lambda _match: " slash "),
        (r"\.(\d\d\d?)(?=[\s-](?:cal|pistol|Magnum|rifle|revolver|handgun|round|bullet|Colt))", _calibre),
        (r"\.(\d{3})(?!\d|\.\d)", _batting),
        (
            rf"{FRESH}(?<!,)(\d{{1,3}}),(\d\d?)(?=\s(?:{'|'.join(SCALE_WORDS)}|percent|per\scent)\b|\s?[%‰])",
            _comma_decimal,
        ),
        (NUMBER, _number),
    ),
)
"""In the order in which they are tried."""

SIGNED: Final = frozenset(
    f"{''.join(sign for sign in CURRENCIES if len(sign) == 1)}.’'‘(+-–−~*^/<>§×₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
)
"""The signs that one of them may begin with."""
