"""What is written behind, before or between numbers: units, currencies, scales and signs, with their American names."""

from typing import Final

UNITS: Final = {
    "km": "kilometer", "cm": "centimeter", "mm": "millimeter", "nm": "nanometer", "µm": "micrometer",
    "μm": "micrometer", "dm": "decimeter", "m": "meter", "ft": "foot", "yd": "yard", "yds": "yard", "mi": "mile",
    "ly": "light-year", "kg": "kilogram", "mg": "milligram", "µg": "microgram", "μg": "microgram", "mcg": "microgram",
    "ng": "nanogram", "pg": "picogram",
    "g": "gram", "t": "ton", "Mt": "megaton", "lb": "pound", "lbs": "pound", "oz": "ounce",
    "ml": "milliliter", "mL": "milliliter", "µl": "microliter", "µL": "microliter", "cl": "centiliter",
    "dl": "deciliter", "dL": "deciliter", "hl": "hectoliter", "L": "liter", "l": "liter", "bbl": "barrel",
    "cc": "cubic centimeter",
    "tsp": "teaspoon", "tbsp": "tablespoon", "Tbsp": "tablespoon", "pt": "pint", "qt": "quart", "gal": "gallon",
    "ha": "hectare", "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "s": "second",
    "sec": "second", "secs": "second", "ms": "millisecond", "µs": "microsecond", "μs": "microsecond",
    "ns": "nanosecond", "yr": "year", "yrs": "year", "wk": "week", "wks": "week", "mos": "month",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "THz": "terahertz",
    "dB": "decibel", "W": "watt", "mW": "milliwatt", "kW": "kilowatt", "kw": "kilowatt", "MW": "megawatt",
    "GW": "gigawatt",
    "TW": "terawatt", "Wh": "watt hour", "kWh": "kilowatt hour", "MWh": "megawatt hour", "GWh": "gigawatt hour",
    "TWh": "terawatt hour", "V": "volt", "mV": "millivolt", "kV": "kilovolt", "mA": "milliamp", "mAh": "milliamp hour",
    "Ah": "amp hour", "Ω": "ohm", "kΩ": "kilohm", "MΩ": "megohm", "\u2126": "ohm", "k\u2126": "kilohm",
    "B": "byte", "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "PB": "petabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte", "kbit": "kilobit",
    "Mbit": "megabit", "Gbit": "gigabit",
    "µF": "microfarad", "μF": "microfarad", "nF": "nanofarad", "pF": "picofarad", "µH": "microhenry",
    "μH": "microhenry", "µA": "microamp", "μA": "microamp", "µV": "microvolt", "μV": "microvolt", "µW": "microwatt",
    "μW": "microwatt", "nW": "nanowatt", "μl": "microliter", "μL": "microliter", "kb": "kilobit", "Mb": "megabit",
    "Gb": "gigabit", "px": "pixel",
    "Pa": "pascal", "hPa": "hectopascal", "kPa": "kilopascal", "MPa": "megapascal", "GPa": "gigapascal",
    "mbar": "millibar", "kN": "kilonewton", "Nm": "newton meter", "kJ": "kilojoule", "MJ": "megajoule",
    "kcal": "kilocalorie", "cal": "calorie", "eV": "electron volt", "keV": "kiloelectron volt",
    "MeV": "megaelectron volt", "GeV": "gigaelectron volt", "TeV": "teraelectron volt", "mol": "mole",
    "mmol": "millimole", "mSv": "millisievert", "µSv": "microsievert", "Bq": "becquerel", "lm": "lumen", "kt": "knot",
    "kn": "knot", "K": "kelvin", "A": "amp",
}  # fmt: skip
"""Where a number stands before them. “in” is a word too often."""

APART: Final = frozenset({"s", "t", "l", "K", "B"})
"""Units that are letters or plurals where they stand right behind their number: “the 1s and 0s”, “10K”."""

RATES: Final = {
    "km/h": "kilometers per hour", "km/hr": "kilometers per hour", "kph": "kilometers per hour",
    "mph": "miles per hour", "mpg": "miles per gallon", "fps": "frames per second", "kbps": "kilobits per second",
    "kbit/s": "kilobits per second", "Mbps": "megabits per second", "Mbit/s": "megabits per second",
    "Gbps": "gigabits per second", "Gbit/s": "gigabits per second", "rpm": "revolutions per minute",
    "RPM": "revolutions per minute", "bpm": "beats per minute", "psi": "pounds per square inch", "dpi": "dots per inch",
    "ppm": "parts per million", "ppb": "parts per billion", "bps": "basis points", "bp": "basis points",
    "pp": "percentage points", "mmHg": "millimeters of mercury", "hp": "horsepower", "lb-ft": "pound-feet",
    "lb.-ft.": "pound-feet", "ft-lb": "foot-pounds", "ft-lbs": "foot-pounds", "pts": "points",
    "ips": "inches per second", "mEq": "milliequivalents", "mEq/L": "milliequivalents per liter", "%": "percent",
    "‰": "per mille",
    "°C": "degrees Celsius", "° C": "degrees Celsius", "℃": "degrees Celsius", "°F": "degrees Fahrenheit",
    "° F": "degrees Fahrenheit", "℉": "degrees Fahrenheit",
    "ºC": "degrees Celsius", "º C": "degrees Celsius", "˚C": "degrees Celsius", "ºF": "degrees Fahrenheit",
    "º F": "degrees Fahrenheit", "˚F": "degrees Fahrenheit", "sq ft": "square feet", "sq. ft.": "square feet",
    "sq. ft": "square feet", "sq mi": "square miles", "sq. mi.": "square miles", "sq m": "square meters",
    "sq km": "square kilometers", "cu ft": "cubic feet", "cu. ft.": "cubic feet", "fl oz": "fluid ounces",
    "fl. oz.": "fluid ounces", "fl. oz": "fluid ounces",
}  # fmt: skip
"""Units with no plural of their own, or that are plural already."""

PER: Final = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "wk": "week", "mo": "month",
    "yr": "year", "y": "year", "l": "liter", "sq ft": "square foot", "in": "inch", "cap": "capita",
}  # fmt: skip
"""What an amount may be had by, beside every unit and these words."""

_PER_WORDS = """second minute hour day week month quarter year person head unit page night share ton barrel gallon liter
word ounce pound mile foot acre user seat ticket visit"""
PER_WORDS: Final = frozenset(_PER_WORDS.split())

POWERS: Final = {"²": "square", "³": "cubic", "2": "square", "3": "cubic"}

CURRENCIES: Final = {
    "$": ("dollar", "cent"), "US$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"),
    "¥": ("yen", ""), "₹": ("rupee", "paisa"),
    "A$": ("Australian dollar", "cent"), "AU$": ("Australian dollar", "cent"),
    "C$": ("Canadian dollar", "cent"), "CA$": ("Canadian dollar", "cent"), "HK$": ("Hong Kong dollar", "cent"),
    "NZ$": ("New Zealand dollar", "cent"), "S$": ("Singapore dollar", "cent"), "NT$": ("New Taiwan dollar", "cent"),
    "R$": ("real", ""), "MX$": ("Mexican peso", ""), "₩": ("won", ""), "₽": ("ruble", ""), "₺": ("lira", ""),
    "₿": ("bitcoin", ""), "₪": ("shekel", ""), "₫": ("dong", ""), "₱": ("peso", ""), "฿": ("baht", ""),
    "₴": ("hryvnia", ""), "₦": ("naira", ""), "₡": ("colón", ""), "₲": ("guaraní", ""), "₵": ("cedi", ""),
    "₸": ("tenge", ""), "₾": ("lari", ""), "￥": ("yen", ""), "￡": ("pound", "penny"),
}  # fmt: skip
"""A sign and its coin, with the small one of a hundred to it where amounts are said in both."""

CURRENCY_CODES: Final = {
    "USD": ("dollar", "cent"), "EUR": ("euro", "cent"), "GBP": ("pound", "penny"), "JPY": ("yen", ""),
    "CHF": ("Swiss franc", ""), "CNY": ("yuan", ""), "RMB": ("yuan", ""), "INR": ("rupee", "paisa"),
    "AUD": ("Australian dollar", "cent"), "CAD": ("Canadian dollar", "cent"), "NZD": ("New Zealand dollar", "cent"),
    "HKD": ("Hong Kong dollar", "cent"), "SGD": ("Singapore dollar", "cent"), "SEK": ("Swedish krona", ""),
    "NOK": ("Norwegian krone", ""), "DKK": ("Danish krone", ""), "PLN": ("zloty", ""), "CZK": ("Czech koruna", ""),
    "HUF": ("forint", ""), "RUB": ("ruble", ""), "ZAR": ("rand", ""), "BRL": ("real", ""), "MXN": ("Mexican peso", ""),
    "KRW": ("won", ""), "THB": ("baht", ""), "ILS": ("shekel", ""), "UAH": ("hryvnia", ""), "BTC": ("bitcoin", ""),
    "Rs": ("rupee", "paisa"), "Rs.": ("rupee", "paisa"), "kr": ("krone", ""), "kr.": ("krone", ""), "zł": ("zloty", ""),
    "Fr.": ("franc", ""), "SFr": ("Swiss franc", ""),
}  # fmt: skip
"""The same written in letters."""

SCALES: Final = {
    "k": "thousand", "K": "thousand", "m": "million", "mn": "million", "mln": "million", "mio": "million",
    "Mio": "million", "Mrd": "billion", "mrd": "billion",
    "M": "million", "bn": "billion", "bln": "billion", "b": "billion", "B": "billion", "tn": "trillion",
    "trn": "trillion", "T": "trillion",
}  # fmt: skip
SCALE_WORDS: Final = ("hundred", "thousand", "million", "billion", "trillion", "lakh", "lakhs", "crore", "crores")

IRREGULAR_PLURALS: Final = {
    "foot": "feet", "penny": "pence", "paisa": "paise", "yen": "yen", "yuan": "yuan", "won": "won", "baht": "baht",
    "rand": "rand", "lira": "lira", "dong": "dong", "naira": "naira", "bitcoin": "bitcoin", "real": "reais",
    "krone": "kroner", "krona": "kronor", "inch": "inches", "hertz": "hertz", "kilohertz": "kilohertz",
    "megahertz": "megahertz", "gigahertz": "gigahertz", "terahertz": "terahertz", "kelvin": "kelvin", "tenge": "tenge",
    "colón": "colones", "guaraní": "guaraníes", "lari": "lari", "century": "centuries",
}  # fmt: skip

SIGNS: Final = {
    "&": "and", "@": "at", "%": "percent", "‰": "per mille", "=": "equals", "≠": "is not equal to",
    "≈": "approximately", "≃": "approximately", "≅": "approximately", "±": "plus or minus", "×": "times",
    "÷": "divided by", "≤": "less than or equal to", "⩽": "less than or equal to", "≥": "greater than or equal to",
    "⩾": "greater than or equal to", "°": "degrees", "¢": "cents", "£": "pounds", "€": "euros", "$": "dollars",
    "¥": "yen", "§": "section", "¶": "paragraph", "©": "copyright", "∞": "infinity", "√": "the square root of",
    "→": "to", "№": "number", "♯": "sharp", "♭": "flat", "♮": "natural", "∆": "delta", "∑": "the sum of",
    "∫": "the integral of", "∂": "partial", "∈": "in", "\u2126": "ohms",
    "℃": "degrees Celsius", "℉": "degrees Fahrenheit",
    "⋅": "times", "∝": "proportional to", "≡": "is identical to", "≪": "much less than", "≫": "much greater than",
}  # fmt: skip
"""Spoken wherever they stand."""

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau
upsilon phi chi psi omega"""
GREEK: Final = {chr(first + at): name for first in (0x391, 0x3B1) for at, name in enumerate(_GREEK.split())} | {
    "\u00b5": "mu", "\u03d5": "phi", "\u03f5": "epsilon", "\u03d1": "theta",
}  # fmt: skip
"""Greek letters that stand for themselves."""
