"""What stands for a word: titles, abbreviations, units and signs, as the sentences and the readings need them.

Readings are American, as the built-in voice is. Every voice and the hearing get the same words, so the accent does not
matter.
"""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

TITLES = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Ms.",
    "Dr": "Doctor",
    "Prof": "Professor",
    "Gen": "General",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Capt": "Captain",
    "Lt": "Lieutenant",
    "Col": "Colonel",
    "Sgt": "Sergeant",
    "Maj": "Major",
    "Cmdr": "Commander",
    "Adm": "Admiral",
    "Rev": "Reverend",
    "Hon": "Honorable",
    "Pres": "President",
    "Fr": "Father",
    "Messrs": "Messieurs",
    "St": "Saint",
    "Mt": "Mount",
    "Ft": "Fort",
}
"""They stand before a name, so the full stop after them never ends a sentence."""

AFTER_NAMES = {
    "St": "Street",
    "Dr": "Drive",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Jr": "Junior",
    "Sr": "Senior",
    "Esq": "Esquire",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
    "Bros": "Brothers",
}
"""They stand after a name; the full stop may end a sentence, too."""

MONTHS_AND_DAYS = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Sept": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}

BEFORE_NUMBERS = {
    "No": "Number",
    "no": "number",
    "Nos": "Numbers",
    "nos": "numbers",
    "Vol": "Volume",
    "vol": "volume",
    "Fig": "Figure",
    "fig": "figure",
    "Ch": "Chapter",
    "ch": "chapter",
    "p": "page",
    "pp": "pages",
    "c": "circa",
    "ca": "circa",
    "Sec": "Section",
    "sec": "section",
    "Eq": "Equation",
    "eq": "equation",
    "v": "version",
    "Art": "Article",
    "art": "article",
}
"""With a full stop or without, and only where a number follows."""

BEFORE_NUMERALS = frozenset({"Vol", "vol", "Ch", "ch"})
"""The same before a number in Roman capitals."""

PHRASES = {
    "e.g.": "for example",
    "E.g.": "for example",
    "eg.": "for example",
    "i.e.": "that is",
    "I.e.": "that is",
    "ie.": "that is",
    "etc.": "et cetera",
    "etc": "et cetera",
    "cf.": "compare",
    "vs.": "versus",
    "vs": "versus",
    "v.": "versus",
    "viz.": "namely",
    "al.": "al",
    "approx.": "approximately",
    "ibid.": "ibid",
    "dept.": "department",
    "Dept.": "Department",
    "est.": "established",
    "w/": "with",
    "w/o": "without",
    "Ph.D.": "PhD",
    "Ph.D": "PhD",
    "a.m.": "A.M.",
    "p.m.": "P.M.",
}

UNITS = {
    "km": "kilometer",
    "cm": "centimeter",
    "mm": "millimeter",
    "nm": "nanometer",
    "µm": "micrometer",
    "μm": "micrometer",
    "m": "meter",
    "kg": "kilogram",
    "mg": "milligram",
    "µg": "microgram",
    "μg": "microgram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "ft": "foot",
    "yd": "yard",
    "mi": "mile",
    "ml": "milliliter",
    "mL": "milliliter",
    "cl": "centiliter",
    "L": "liter",
    "ha": "hectare",
    "hr": "hour",
    "hrs": "hour",
    "min": "minute",
    "mins": "minute",
    "sec": "second",
    "secs": "second",
    "ms": "millisecond",
    "Hz": "hertz",
    "kHz": "kilohertz",
    "MHz": "megahertz",
    "GHz": "gigahertz",
    "dB": "decibel",
    "W": "watt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "GW": "gigawatt",
    "kWh": "kilowatt hour",
    "MWh": "megawatt hour",
    "V": "volt",
    "kB": "kilobyte",
    "KB": "kilobyte",
    "MB": "megabyte",
    "GB": "gigabyte",
    "TB": "terabyte",
}
"""Where a number stands before them. “s” and “in” are words or plurals too often."""

RATES = {
    "km/h": "kilometers per hour",
    "kph": "kilometers per hour",
    "mph": "miles per hour",
    "m/s": "meters per second",
    "fps": "frames per second",
    "kbps": "kilobits per second",
    "kbit/s": "kilobits per second",
    "Mbps": "megabits per second",
    "Mbit/s": "megabits per second",
    "Gbps": "gigabits per second",
    "rpm": "revolutions per minute",
    "bpm": "beats per minute",
    "%": "percent",
    "‰": "per mille",
    "°C": "degrees Celsius",
    "° C": "degrees Celsius",
    "℃": "degrees Celsius",
    "°F": "degrees Fahrenheit",
    "° F": "degrees Fahrenheit",
    "℉": "degrees Fahrenheit",
    "sq ft": "square feet",
    "sq mi": "square miles",
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
}
"""Units with no plural of their own, or that are plural already."""

SIGNS = {
    "&": "and",
    "@": "at",
    "%": "percent",
    "‰": "per mille",
    "=": "equals",
    "≠": "is not equal to",
    "≈": "approximately",
    "±": "plus or minus",
    "×": "times",
    "÷": "divided by",
    "≤": "less than or equal to",
    "≥": "greater than or equal to",
    "°": "degrees",
    "¢": "cents",
    "£": "pounds",
    "€": "euros",
    "$": "dollars",
    "¥": "yen",
    "§": "section",
    "©": "copyright",
    "∞": "infinity",
    "√": "the square root of",
    "→": "to",
}
"""Spoken wherever they stand."""

CURRENCIES = {
    "$": ("dollar", "cent"),
    "US$": ("dollar", "cent"),
    "£": ("pound", "penny"),
    "€": ("euro", "cent"),
    "¥": ("yen", ""),
    "₹": ("rupee", "paisa"),
}

IRREGULAR_PLURALS = {
    "foot": "feet",
    "penny": "pence",
    "paisa": "paise",
    "yen": "yen",
    "hertz": "hertz",
    "kilohertz": "kilohertz",
    "megahertz": "megahertz",
    "gigahertz": "gigahertz",
    "inch": "inches",
}

_NUMBERED = """chapter part act scene section volume book phase article war mark type level stage class grade bowl
apollo gemini episode vol ch round rocky appendix title figure table plate category canto psalm fantasy"""
NUMBERED = frozenset(_NUMBERED.split())
"""A Roman numeral after them counts: “Chapter IV” is chapter four."""

_REGNAL = """Pope King Queen Emperor Tsar Henry Louis Edward George William Charles James Richard Elizabeth Napoleon
Pius Benedict Leo Paul Ramses Ramesses Frederick Philip Alexander Nicholas Peter Catherine Ivan Umberto Emmanuel Gustav
Christian Ferdinand Mary Otto Francis Gregory Innocent Clement Urban Boniface Leopold Ptolemy Darius Xerxes Cyrus Mehmed
Selim Murad Albert Baldwin Harald Olaf Sigismund Joseph Maximilian Rudolf Wilhelm Friedrich Heinrich Carl Juan Alfonso
Sixtus Julius Justinian Constantine Theodosius"""
REGNAL = frozenset(_REGNAL.split())
"""A Roman numeral after them ranks: “Henry VIII” is Henry the eighth."""
