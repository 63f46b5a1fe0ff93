"""Rules for amounts of money."""

import re
from typing import Final

from studio.content.amounts import NUMBER, SCALE, VULGAR, counted, plural_of, quantity
from studio.content.attributes import describes
from studio.content.numbers import integer
from studio.content.rules import END, FRESH, Match, Rule, after, before, compiled, one_of
from studio.content.units import CURRENCIES, CURRENCY_CODES, SCALES

# As it is written where the comma is the decimal sign: “3 299,00”, “3.299,00”, “1,5”.
_CONTINENTAL = r"(\d{1,3}(?:[\s.'’]\d{3}){1,4}|\d{1,9})(?:,(\d{1,2}))"
_SPACED = r"(\d{1,3}(?:\s\d{3}){1,4})(?![\d.,]?\d|\s\d)"
_COINS = {**CURRENCIES, **CURRENCY_CODES}
_LETTERED = one_of(sign for sign in _COINS if sign[0].isalpha())
_SIGN = rf"(?:{FRESH}(?:{_LETTERED})|{one_of(sign for sign in CURRENCIES if not sign[0].isalpha())})"
_BEHIND = rf"€|£|₽|₺|₴|₫|zł{END}|(?:{one_of(sign for sign in CURRENCY_CODES if sign[-1] != '.')}){END}"
# “Section 10c” and “seat 12c” are no coins.
_NUMBERED = re.compile(
    r"\b(?:[A-Z][a-z]{2,12}|section|figure|fig\.|chapter|paragraph|page|seat|row|room|gate|grade|class|item|part|step)\s$"
)


def _money(match: Match) -> str | None:
    sign, amount, scale, until, scale_until = match.groups()
    if sign[0].isalpha() and re.search(r"\d\s?$", before(match, 4)):
        return None  # “500 kr. 2 of them”: it stands behind its amount
    if until is None and (scale or "." not in amount) and _stands_before_noun(match):
        unit = _COINS[sign][0]
        return f"{quantity(amount)} {_scale(scale)} {unit}" if scale else f"{quantity(amount)} {unit}"
    if until is None:
        return _amount(sign, amount, scale)
    if scale is None and scale_until is None:
        return f"{quantity(amount)} to {_amount(sign, until, None)}"
    begin = f"{quantity(amount)} {_scale(scale)}" if scale else quantity(amount)
    return f"{begin} to {_amount(sign, until, scale_until)}"


def _stands_before_noun(match: Match) -> bool:
    """“A $5 bill”, “the $20-million deal”: five dollar bill, twenty million dollar deal."""
    hyphen = bool(re.search(r"\d-[A-Za-z]", match[0])) or bool(re.match(r"-[A-Za-z]", after(match)))
    return hyphen or describes(before(match, 24), after(match))


def _behind(match: Match) -> str:
    amount, until, scale, sign = match.groups()
    said = _amount(sign, until or amount, scale)
    return f"{quantity(amount)} to {said}" if until else said


def _continental(sign: str, whole: str, part: str | None, scale: str | None) -> str:
    """“5,50 €”, “€3 299,00”, “1,5 Mio. €”."""
    plain = re.sub(r"\D", "", whole)
    return _amount(sign, f"{plain}.{part}" if part else plain, scale)


def _rate(match: Match) -> str:
    """“The $/€ rate”."""
    return f"{_COINS[match[1]][0]} {_COINS[match[2]][0]}"


def _small(match: Match) -> str | None:
    amount, sign = match[1], match[2]
    if sign != "¢" and (_NUMBERED.search(before(match)) or len(amount) > 2):
        return None
    said, unit = quantity(amount), "penny" if sign == "p" else "cent"
    return f"{said} {unit}" if describes(before(match, 24), after(match)) else counted(amount, said, unit)


def _old(match: Match) -> str:
    """“£1 12s 6d”, “4s 6d”: pounds, shillings and pence, as they were until 1971."""
    pounds, shillings, pence = match.groups()
    told = [counted(pounds, integer(pounds), "pound")] if pounds else []
    told.append(counted(shillings, integer(shillings), "shilling"))
    if pence:
        told.append(f"and {counted(pence, integer(pence), 'penny')}")
    return " ".join(told)


def _scale(scale: str) -> str:
    return SCALES.get(scale, scale)


def _amount(sign: str, amount: str, scale: str | None) -> str:
    unit, small = _COINS[sign]
    if scale:
        return f"{quantity(amount)} {_scale(scale)} {plural_of(unit)}"
    whole, point, rest = amount.partition(".")
    if not (point and small and re.fullmatch(rf"\d\d[{VULGAR}]?", rest)):
        return counted(amount, quantity(amount), unit)
    cents = str(int(rest[:2])) + rest[2:] if int(rest[:2]) or not rest[2:] else rest[2:]
    large = counted(whole, integer(whole), unit) if whole and int(whole.replace(",", "")) else ""
    little = "" if cents == "0" else counted(cents, quantity(cents), small)
    return " and ".join(filter(None, (large, little))) or f"zero {plural_of(unit)}"


MONEY: Final[tuple[Rule, ...]] = compiled(
    (rf"£(\d{{1,4}})\s(\d{{1,2}})s(?:\s(\d{{1,2}})d)?{END}", _old),
    (rf"{FRESH}()(\d{{1,2}})s\s(\d{{1,2}})d{END}", _old),
    (rf"({_SIGN})\(({NUMBER})\){SCALE}", lambda match: f"minus {_amount(match[1], match[2], match[3])}"),
    (rf"€\s?{_CONTINENTAL}(?![.,]?\d){SCALE}\.?", lambda match: _continental("€", match[1], match[2], match[3])),
    (rf"({_SIGN})\s?{_SPACED}", lambda match: _continental(match[1], match[2], None, None)),
    (rf"({one_of(CURRENCIES)})/({one_of(CURRENCIES)})(?!\s?\d)", _rate),
    (r"\$(?=[A-Z]{1,5}(?![^\W_]))", lambda _match: ""),  # a share's sign, “$WMT”
    (rf"({_SIGN})\s?({NUMBER}){SCALE}(?:\s?[–-]\s?{_SIGN}?({NUMBER}){SCALE})?", _money),
    (
        rf"{FRESH}{_CONTINENTAL}{SCALE}\.?\s?({_BEHIND})\.?(?!\s[A-Z])",
        lambda match: _continental(match[4], match[1], match[2], match[3]),
    ),
    (rf"{FRESH}{_SPACED}\s?({_BEHIND})", lambda match: _continental(match[2], match[1], None, None)),
    (rf"{FRESH}({NUMBER})(?:\s?[–-]\s?({NUMBER}))?{SCALE}\s?({_BEHIND})", _behind),
    (rf"{FRESH}({NUMBER})\s?(¢)", _small),
    (rf"{FRESH}(\d{{1,3}})([pc]){END}(?!-)", _small),
)
"""In the order in which they are tried."""
