"""Rules for what nobody reads as a number: network addresses, checksums, accounts, colors, tires."""

import ipaddress
import re
from typing import Final

from studio.content.numbers import cardinal, digits, pairs
from studio.content.rules import END, FRESH, Match, Rule, before, compiled

_HEX: Final = "[0-9A-Fa-f]"
_RUN: Final = re.compile(r"\d+|[A-Za-z]+")
_SPELT_RUNS: Final = 3  # runs of letters and of figures from which a word is none: “3f2a”, but not “cafe1234”


def _spelt(text: str) -> str:
    """Sign by sign: “D four one D”."""
    return " ".join(digits(char) if char.isdecimal() else char.upper() for char in text)


def _groups(match: Match) -> str:
    return ", ".join(_spelt(group) for group in re.split(r"[-:\s]", match[0]))


def _ipv6(match: Match) -> str | None:
    address, _, prefix = match[0].partition("/")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return None
    said = " ".join(" colon ".join(map(_spelt, address.split(":"))).split())
    return f"{said} slash {cardinal(int(prefix))}" if prefix else said


def _network(match: Match) -> str | None:
    """“::1”: it begins with a sign."""
    return None if before(match, 1) == ":" else _ipv6(match)


def _checksum(match: Match) -> str | None:
    runs = _RUN.findall(match[0])
    number = len(runs) == _SPELT_RUNS and runs[1] in "eE"  # “1234e56”
    same = match[0] in {match[0].lower(), match[0].upper()}
    return _spelt(match[0]) if len(runs) >= _SPELT_RUNS and same and not number else None


def _serial(match: Match) -> str | None:
    """A vehicle's number and the like: capitals and figures that change too often for a name."""
    return _spelt(match[0]) if len(_RUN.findall(match[0])) > _SPELT_RUNS else None


def _tire(match: Match) -> str:
    width, height, build, rim, load, speed = match.groups()
    said = f"{pairs(int(width))} {cardinal(int(height))} {build} {cardinal(int(rim))}"
    return f"{said}, {pairs(int(load))} {speed}" if load else said


IDENTIFIERS: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}{END}", _groups),
    (rf"{FRESH}{_HEX}{{2}}(?P<by>[:-]){_HEX}{{2}}(?:(?P=by){_HEX}{{2}}){{4}}{END}(?!:)", _groups),
    (rf"{FRESH}(?={_HEX}{{0,4}}:){_HEX}{{1,4}}(?::{_HEX}{{0,4}}){{2,7}}(?:/\d{{1,3}})?(?<!:){END}", _ipv6),
    (
        r"(?<![^\W_])0[xX](?=[0-9A-Fa-f]{2,40}(?![^\W_]))[0-9A-Fa-f]{2,40}",
        lambda match: f"zero X {_spelt(match[0][2:])}",
    ),
    (rf"{FRESH}[A-Z]{{2}}\d\d(?:\s[A-Z0-9]{{4}}){{2,7}}(?:\s[A-Z0-9]{{1,3}})?{END}", _groups),
    (rf"{FRESH}\d{{4}}(?:\s\d{{4}}){{2,3}}(?![\d,.]?\d|\s\d){END}", _groups),
    (rf"{FRESH}(?=[a-fA-F]{{0,63}}\d){_HEX}{{7,64}}{END}", _checksum),
    (rf"{FRESH}(?=[A-Z]{{0,33}}\d)[A-Z0-9]{{10,34}}{END}", _serial),
    (rf"{FRESH}(\d{{3}})/(\d\d)\s?(Z?R)\s?(\d\d)(?:\s(\d{{2,3}})([A-Z]))?{END}", _tire),
)
"""Those that begin with a letter or a figure."""

SIGNED_IDENTIFIERS: Final[tuple[Rule, ...]] = compiled(
    (rf"#(?=[0-9A-Fa-f]{{0,5}}[A-Fa-f])(?=[0-9A-Fa-f]{{0,5}}\d)({_HEX}{{6}}){END}", lambda match: _spelt(match[1])),
    (rf"::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}}){{0,6}})(?:/\d{{1,3}})?{END}", _network),
)
"""Those that begin with a sign."""
