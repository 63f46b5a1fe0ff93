"""Rules for measures: units, degrees and places on the globe, feet and inches, one side by the other."""

import re
from typing import Final

from studio.content.amounts import MANY_AFTER, NUMBER, VULGAR, counted, plural_of, quantity
from studio.content.attributes import ONE_OF, describes
from studio.content.numbers import cardinal, fraction, integer, ordinal, pairs
from studio.content.rules import END, FRESH, Match, Rule, after, before, compiled, one_of
from studio.content.units import APART, PER, PER_WORDS, POWERS, RATES, SCALE_WORDS, UNITS

_UNIT = one_of(UNITS)

_PER = one_of([*UNITS, *PER, *PER_WORDS])
_UNITS = (
    rf"(?:({one_of(RATES)})|({_UNIT})([²³23])?(?:/({_PER})([²³23])?)?){END}(?!['’]\w)"
    r"(?:\.(?=[,;:)]|\s+[a-z](?![A-Z]|[a-z][A-Z])))?"
)
_BASES: Final = UNITS | {"J": "joule", "N": "newton", "C": "coulomb", "sr": "steradian", "d": "day", "cd": "candela"}
_BASE = one_of(_BASES)
_WEIGHED = re.compile(r"\b[Ww]eigh(?:s|ed|ing|t)?\s(?:(?:of|about|over|under|only)\s)?$")
_SIDE = rf"(\d{{1,3}})['’\u2032](?:\s?(\d{{1,2}}[{VULGAR}]?)[\"”″])?"
_ARC = r"\d{1,2}(?:\.\d{1,4})?"
_BROKEN = r"(?:(?:\d{1,3}\s)?\d{1,2}[/\u2044]\d{1,4})"
_NOT_A_UNIT = re.compile(r"[’'\-]\w|\s?#")
_RUN = re.compile(r"\s(?:run|race|walk|people|followers|users|views|video|film|TV|resolution)\b")
_POWER_BEFORE = re.compile(r"(?:\^[-−]?\d{1,3}|[⁰¹²³⁴-⁹]|\d[eE][-−]?\d{1,3})\s$")
_WARMTH = re.compile(
    r"\s(?:to\s[-−]?\d+C|hotter|warmer|colder|cooler|warming|above|below|higher|lower|rise|increase)\b"
)
_CURRENT = re.compile(r"\s(?:fuse|breaker|circuit|charger|socket|plug|current|of current)\b")
_AMOUNT_BEFORE = re.compile(
    r"\d[\d.,]*[\s-]?[A-Za-z¢%]{0,10}(?:/[A-Za-z]{1,8})?$|\b(?:dollars?|cents?|euros?|pounds?|people)$"
)
# Behind figures a plain quotation mark may close a quotation as well.
_BEHIND_INCHES: Final = (
    "of|wide|long|tall|deep|high|thick|apart|across|in|by|x|screens?|monitors?|displays?|TVs?|tapes?|rims?|wheels?"
)
_DOSES: Final = frozenset({"mg", "µg", "μg", "mcg", "g", "kg", "ml", "mL", "cl", "l", "L", "oz", "MB", "GB", "TB"})
_COMPASS: Final = {"N": " north", "S": " south", "E": " east", "W": " west"}


def _measure(match: Match) -> str | None:
    amount, until, scale, joint, rate, unit, power, per, per_power = match.groups()
    if joint == "-" and scale:
        return None
    if unit and not _is_unit(match, unit, joint, amount):
        return None
    told = _told(until or amount)
    said = f"{told} {scale}" if scale else told
    if rate:
        said = f"{said} {RATES[rate]}"
        if rate[0] in "°º˚℃℉" and amount == "1" and not until:
            said = said.replace("degrees", "degree")
    else:
        said = _with_unit(match, said, until or amount, unit, power, scale=bool(scale))
        if per:
            said += f" per {_per_name(per, per_power)}"
    return f"{_told(amount)} to {said}" if until else said


def _raised(match: Match) -> str | None:
    """“12 m s⁻¹”, “5 W·m⁻²”: what stands below a bar, with powers instead of one."""
    amount, unit, power, below = match.groups()
    name = f"{POWERS[power]} {_BASES[unit]}" if power else _BASES[unit]
    said = counted(amount, quantity(amount), name)
    for found in re.finditer(rf"({_BASE})⁻([¹²³])", below):
        per = _BASES[found[1]]
        raised = "" if found[2] == "¹" else found[2]
        if raised and per == "second":
            said += f" per second {'squared' if raised == '²' else 'cubed'}"
        else:
            said += f" per {POWERS[raised]} {per}" if raised else f" per {per}"
    return said


def _with_unit(match: Match, said: str, amount: str, unit: str, power: str | None, *, scale: bool) -> str:
    name = f"{POWERS[power]} {UNITS[unit]}" if power else UNITS[unit]
    if match[4] == "-":
        return f"{said}-{name}"
    if not match[8] and _stands_before_noun(match):
        return f"{said} {name}"
    if "/" in amount or "\u2044" in amount:
        part = " " not in amount
        return f"{said} of a{'n' if name[0] in 'aeiou' else ''} {name}" if part else f"{said} {plural_of(name)}"
    return f"{said} {plural_of(name)}" if scale else counted(amount, said, name)


def _stands_before_noun(match: Match) -> bool:
    """“A 60W bulb”, “64MB RAM”."""
    comes = after(match)
    named = match[4] is None and re.match(r"\s[A-Z][A-Z0-9]", comes)
    return bool(named) or describes(before(match, 24), comes)


def _is_unit(match: Match, unit: str, joint: str | None, amount: str) -> bool:
    if unit in APART and not (joint == " " or (unit in {"s", "l"} and "." in amount)):
        return False
    comes = after(match)
    if unit == "A" and not _CURRENT.match(comes):
        return False
    if unit == "m" and joint is None and MANY_AFTER.match(comes):
        return False  # “5m people” are millions
    if len(unit) == 1 and (_NOT_A_UNIT.match(comes) or (unit == "K" and _RUN.match(comes))):
        return False
    return not (unit == "B" and not match[7])  # “5 B” alone is a letter


def _told(amount: str) -> str:
    """An amount, which may be a fraction: “2 1/2”."""
    broken = re.fullmatch(r"(?:(\d+)\s)?(\d+)[/\u2044](\d+)", amount)
    if not broken:
        return quantity(amount)
    above, below = int(broken[2]), int(broken[3])
    part = f"one {ordinal(below)}" if above == 1 and below > 20 else fraction(above, below)
    return f"{cardinal(int(broken[1]))} and {part.replace('one half', 'a half')}" if broken[1] else part


def _per_name(name: str, power: str | None) -> str:
    said = PER.get(name) or UNITS.get(name) or name
    if not power:
        return said
    return f"{said} {'squared' if power in '²2' else 'cubed'}" if said == "second" else f"{POWERS[power]} {said}"


def _per(match: Match) -> str | None:
    """“$5/month”, “30 pages/day”; but “he/she” and “day/night”."""
    return f" per {_per_name(match[1], match[2])}" if _AMOUNT_BEFORE.search(before(match)) else None


def _alone(match: Match) -> str | None:
    """“Per kWh”, “10²⁴ kg”."""
    came = before(match)
    if _POWER_BEFORE.search(came):
        return plural_of(UNITS[match[1]])
    if len(match[1]) == 1 or not re.search(r"\b(?:per|each|every)\s$", came):
        return None
    return f"{POWERS[match[2]]} {UNITS[match[1]]}" if match[2] else UNITS[match[1]]


def _feet_and_inches(match: Match) -> str:
    return f"{integer(match[1])} foot {quantity(match[2])}"


def _degrees(match: Match) -> str:
    if describes(before(match, 24), after(match)):
        return f"{quantity(match[1])} degree"  # “a 180° turn”
    return counted(match[1], quantity(match[1]), "degree") + _COMPASS.get(match[2] or "", "")


def _temperature(match: Match) -> str | None:
    """“-40 F”, “1.5C”, “3C warmer”."""
    minus = re.search(r"[-−]$", before(match))
    if not (minus or "." in match[1] or _WARMTH.match(after(match))):
        return None
    scale = "Celsius" if match[2] == "C" else "Fahrenheit"
    return f"{counted(match[1], quantity(match[1]), 'degree')} {scale}"


def _place(match: Match) -> str:
    """Degrees, minutes and seconds of an arc."""
    said = [counted(match[1], quantity(match[1]), "degree"), counted(match[2], quantity(match[2]), "minute")]
    if match[3]:
        said.append(counted(match[3], quantity(match[3]), "second"))
    return " ".join(said) + _COMPASS.get(match[4] or "", "")


def _inches(match: Match) -> str:
    """“12 in.”, “a 12-in. gun”."""
    return f"{quantity(match[1])} inch" if match[2] == "-" else counted(match[1], quantity(match[1]), "inch")


def _inch(match: Match) -> str:
    one = describes(before(match, 24), after(match))
    return f"{quantity(match[1])} inch" if one else counted(match[1], quantity(match[1]), "inch")


def _by(match: Match) -> str | None:
    sides = re.findall(NUMBER, match[1])
    if re.match(r"\^|[⁻⁰¹²³⁴-⁹]", after(match)):
        return None  # “3 x 10^8” is a product
    # A raster is read like years: “nineteen twenty by ten eighty”.
    product = (len(sides) == 2 and match[2] in _DOSES) or (not match[2] and re.match(r"\s?=", after(match)))
    said = f" {'times' if product else 'by'} ".join(
        pairs(int(side)) if re.fullmatch(r"[1-9]\d{3}", side) else quantity(side) for side in sides
    )
    return f"{said} {plural_of(UNITS[match[2]])}" if match[2] else said


def _inches_by(match: Match) -> str:
    unit = "inch" if ONE_OF.search(before(match)) else "inches"
    return f"{quantity(match[1])} by {quantity(match[2])} {unit}"


def _room(match: Match) -> str:
    """“12'6" × 10'”: feet, and inches where there are any."""
    sides = ((match[1], match[2]), (match[3], match[4]))
    said = [f"{integer(feet)} foot {quantity(inches)}" if inches else _feet(feet) for feet, inches in sides]
    return " by ".join(said)


def _feet(number: str) -> str:
    return counted(number, integer(number), "foot")


def _stones(match: Match) -> str | None:
    """“11 st 4 lb”, “she weighs 9 st”."""
    if match[2]:
        return f"{integer(match[1])} stone "
    return f"{integer(match[1])} stone" if _WEIGHED.search(before(match, 24)) else None


def _unit_by(match: Match) -> str | None:
    """“4 cm × 6 cm”."""
    return " by " if re.search(rf"\d\s?(?:{_UNIT}|in\.|ft\.)$", before(match).rstrip()) else None


MEASURES: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}({NUMBER})\s?({_BASE})([²³])?((?:[\s·⋅.]?(?:{_BASE})⁻[¹²³]){{1,3}})(?![⁰¹²³⁴-⁹]){END}", _raised),
    (
        rf"{FRESH}{_SIDE}\s?[x×]\s?{_SIDE}",
        _room,
    ),
    (rf"{FRESH}(\d{{1,2}})\s?st(?:(\s)(?=\d{{1,2}}\s?lbs?{END})|{END})", _stones),
    (rf"{FRESH}(\d{{1,2}})\s?ft\.?\s(\d{{1,2}}[{VULGAR}]?)\s?in(?:\.|\b)", _feet_and_inches),
    (
        rf"{FRESH}({_BROKEN}|{NUMBER})(?:\s?[–-]\s?({NUMBER}))?(?:\s({'|'.join(SCALE_WORDS)}))?(\s|-)?{_UNITS}",
        _measure,
    ),
    (rf"/({_PER})([²³])?{END}\.?(?!\w)", _per),
    (
        rf"{FRESH}({NUMBER})\s?[°º˚]\s?({_ARC})['’\u2032](?:\s?({_ARC})(?:[\"”″]|['’]['’]))?(?:\s?([NSEW]){END})?",
        _place,
    ),
    (rf"{FRESH}({NUMBER})(\s|-)?in\.", _inches),
    (rf"{FRESH}(\d{{1,2}})['’\u2032]\s?(\d{{1,2}}[{VULGAR}]?)[\"”″]?{END}", _feet_and_inches),
    (rf"{FRESH}({NUMBER})\s?([CF]){END}", _temperature),
    (rf"{FRESH}({NUMBER})\s?[°º˚](?:\s?([NSEW]){END})?", _degrees),
    (rf"{FRESH}((?:{NUMBER})(?:(?:\s?x\s?|×)(?:{NUMBER})){{1,2}})(?:[\s-]?({_UNIT}){END})?", _by),
    (rf"{FRESH}({NUMBER})[\"”″]\s?[x×]\s?({NUMBER})[\"”″]", _inches_by),
    (rf"{FRESH}({NUMBER})(?:″|[\"”](?=\s(?:{_BEHIND_INCHES})\b))", _inch),
    (r"×(?=\s?\d)", _unit_by),
)
"""In the order in which they are tried."""

UNIT_ALONE: Final[tuple[Rule, ...]] = compiled(
    (rf"mmHg{END}", lambda _match: RATES["mmHg"]),  # “120/80 mmHg”
    (rf"({_UNIT})([²³])?{END}(?![/’'])", _alone),
)
"""Units without a number."""
