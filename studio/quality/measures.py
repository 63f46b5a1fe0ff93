"""How a unit behind a figure is read: “mg/dL” is milligrams per deciliter, “km²” square kilometers."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from studio.quality.numbers import Reading

# A symbol and its names, in the singular. Where two differ in capitals only, each has its own; in small letters, as the
# ears may write them, they stand for either.
_SYMBOLS: Final = """
    m: meter; km: kilometer; dm: decimeter; cm: centimeter; mm: millimeter; µm: micrometer, micron; nm: nanometer; mi:
    mile; yd: yard; yds: yard; ft: foot; in: inch; ly: light year; nmi: nautical mile; kg: kilogram, kilo; g: gram; mg:
    milligram; µg: microgram; mcg: microgram; ng: nanogram; pg: picogram; t: ton; Mt: megaton; lb: pound; lbs: pound;
    oz: ounce; st: stone; l: liter; L: liter; ml: milliliter; cl: centiliter; dl: deciliter; hl: hectoliter; µl:
    microliter; cc: cubic centimeter; tsp: teaspoon; tbsp: tablespoon; pt: pint; qt: quart; gal: gallon; bbl: barrel;
    ha: hectare; h: hour; hr: hour; hrs: hour; min: minute; mins: minute; s: second; sec: second; secs: second; ms:
    millisecond; µs: microsecond; ns: nanosecond; d: day; wk: week; wks: week; mo: month; mos: month; yr: year; yrs:
    year; y: year; hz: hertz; khz: kilohertz; MHz: megahertz; mhz: megahertz; ghz: gigahertz; thz: terahertz; db:
    decibel; dba: decibel; W: watt; w: watt; mW: milliwatt; kw: kilowatt; MW: megawatt; gw: gigawatt; tw: terawatt; wh:
    watt hour; kwh: kilowatt hour; mwh: megawatt hour; gwh: gigawatt hour; twh: terawatt hour; v: volt; mV: millivolt;
    kv: kilovolt; MV: megavolt; a: amp, ampere; ma: milliamp; ah: amp hour; mah: milliamp hour; Ω: ohm; kΩ: kilohm; MΩ:
    megohm; bit: bit; kbit: kilobit; mbit: megabit; gbit: gigabit; b: byte, billion; kb: kilobyte, kilobit; MB:
    megabyte; Mb: megabit; mb: megabyte, millibar; GB: gigabyte; Gb: gigabit; gb: gigabyte; tb: terabyte; pb: petabyte;
    kib: kibibyte; mib: mebibyte; gib: gibibyte; tib: tebibyte;
    px: pixel; mp: megapixel; pa: pascal; hpa: hectopascal; kpa: kilopascal; mpa: megapascal; gpa: gigapascal; mbar:
    millibar; n: newton; kn: kilonewton, knot; kt: knot; kts: knot; nm: newton meter; j: joule; kj: kilojoule; mj:
    megajoule; cal: calorie; kcal: kilocalorie; ev: electron volt; kev: kiloelectron volt; mev: megaelectron volt; gev:
    gigaelectron volt; tev: teraelectron volt; mol: mole; mmol: millimole; µmol: micromole; meq: milliequivalent; iu:
    international unit; sv: sievert; msv: millisievert; µsv: microsievert; bq: becquerel; lm: lumen; lx: lux; k: kelvin,
    kilometer; ton: ton; x: time; °: degree; ¢: cent; p: penny; c: cent; µf: microfarad; nf: nanofarad; pf: picofarad;
    µh: microhenry; µa: microamp; µv: microvolt; µw: microwatt; nw: nanowatt
"""
# What has no plural of its own, or is several words.
_PHRASES: Final = """
    m: million; k: thousand; b: billion; bn: billion; tn: trillion; mn: million; t: trillion; c: degrees celsius,
    celsius; f: degrees fahrenheit, fahrenheit; °c: degrees celsius, degree celsius, celsius; °f: degrees fahrenheit,
    degree fahrenheit, fahrenheit; mph: miles per hour, miles an hour; mpg: miles per gallon, miles to the gallon; kmh:
    kilometers per hour, kilometers an hour; kph: kilometers per hour, kilometers an hour; fps: frames per second, feet
    per second; rpm: revolutions per minute; bpm: beats per minute; psi: pounds per square inch; dpi: dots per inch;
    ips: inches per second; ppm: parts per million; ppb: parts per billion; bps: basis points, bits per second; bp:
    basis points, basis point; pp: percentage points; mmhg: millimeters of mercury; hp: horsepower; kbps: kilobits per
    second; mbps: megabits per second; gbps: gigabits per second; mbit/s: megabits per second; gbit/s: gigabits per
    second; lb-ft: pound feet; lb.-ft: pound feet; ft-lb: foot pounds; ft-lbs: foot pounds; pts: points; sqft: square
    feet; %: percent
"""
_IRREGULAR: Final = {"foot": "feet", "inch": "inches", "penny": "pence", "lux": "lux", "stone": "stone"}
_POWERS: Final = {"²": "square", "³": "cubic", "2": "square", "3": "cubic", "^2": "square", "^3": "cubic"}
_POWERED: Final = re.compile(r"(.*?[a-zµΩω])(²|³|\^?[23])")
_PARTS: Final = 2  # of a rate


@functools.lru_cache(maxsize=4_096)
def unit_readings(written: str) -> tuple[Reading, ...]:
    """The readings of a unit as it is written behind a figure, the likeliest first; empty where it is none."""
    symbol = unicodedata.normalize("NFKC", written).replace("\u03bc", "\u00b5").removesuffix(".")
    found = list(_phrases().get(symbol.lower(), ()))
    parts = symbol.split("/")
    if len(parts) == _PARTS and all(parts):
        ones = [*_names(parts[1])] or [(parts[1].lower(),)]  # “mg/day”
        for many, one in product(_names(parts[0]), ones):
            for per in ("per", "a", "an"):
                found += [(*_plural(many), per, *one), (*many, per, *one)]
    else:
        for name in _names(symbol):
            found += [_plural(name), name]
    return tuple(dict.fromkeys(found))


def is_unit_name(word: str) -> bool:
    """Whether a lower-case word is the name of a unit, in the singular or the plural."""
    return word in _unit_names()


@functools.cache
def _unit_names() -> frozenset[str]:
    return frozenset(
        name[-1] for names in _symbols().values() for one in names for name in (one, _plural(one)) if len(name) == 1
    )


def _names(symbol: str) -> Iterator[Reading]:
    """The names of a unit, in the singular."""
    yield from _symbols().get(symbol) or _symbols().get(symbol.lower(), ())
    if powered := _POWERED.fullmatch(symbol):
        power = _POWERS[powered[2]]
        for name in _symbols().get(powered[1]) or _symbols().get(powered[1].lower(), ()):
            yield (power, *name)
            yield (*name, "squared" if power == "square" else "cubed")


def _plural(name: Reading) -> Reading:
    at = len(name) - (2 if name[-1] in {"squared", "cubed"} else 1)
    word = name[at]
    many = word if word.endswith("hertz") else _IRREGULAR.get(word, f"{word}s")
    return (*name[:at], many, *name[at + 1 :])


@functools.cache
def _symbols() -> Mapping[str, tuple[Reading, ...]]:
    """Symbols as they are written; what differs from another in capitals only is there in small letters as well."""
    found: dict[str, tuple[Reading, ...]] = {}
    for symbol, names in _table(_SYMBOLS):
        found[symbol] = (*found.get(symbol, ()), *names)
    for symbol in [symbol for symbol in found if symbol != symbol.lower()]:
        small = symbol.lower()
        found[small] = tuple(dict.fromkeys((*found.get(small, ()), *found[symbol])))
    return found


@functools.cache
def _phrases() -> Mapping[str, tuple[Reading, ...]]:
    return dict(_table(_PHRASES))


def _table(text: str) -> Iterator[tuple[str, tuple[Reading, ...]]]:
    for line in text.split(";"):
        symbol, _, names = line.partition(":")
        yield symbol.strip(), tuple(tuple(name.split()) for name in names.split(","))
