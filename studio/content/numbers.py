"""Numbers as English words, the way a newsreader says them.

Nothing raises for a number of any size: beyond the named scales digits are read one by one.
"""

_ONE_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TEN_WORDS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = _ONE_WORDS.split()
_TENS = _TEN_WORDS.split()
_SCALES = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LARGEST = 1000 ** len(_SCALES)


def cardinal(number: int) -> str:
    """“two hundred thirty-four”, without “and”."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number >= _LARGEST:
        return digits(str(number))
    if number < 1000:
        return _below_thousand(number)
    groups: list[str] = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.append(f"{_below_thousand(group)} {scale}".rstrip())
        if not number:
            break
    return " ".join(reversed(groups))


def ordinal(number: int) -> str:
    """“two hundred thirty-fourth”."""
    head, space, last = cardinal(number).rpartition(" ")
    tens, hyphen, one = last.rpartition("-")
    return f"{head}{space}{tens}{hyphen}{_ordinal_word(one)}"


def year(number: int) -> str:
    """“eighteen forty-five”, “nineteen oh five”, “nineteen hundred”, “two thousand five”, “twenty twelve”."""
    century, rest = divmod(number, 100)
    if not 1000 <= number <= 9999 or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {two_digits(rest)}"


def pairs(number: int) -> str:
    """A number that is a name, its digits two by two: “seven forty-seven”, “one oh one”, “forty ninety”."""
    hundreds, rest = divmod(number, 100)
    return f"{cardinal(hundreds)} {two_digits(rest)}" if 100 <= number < 1000 and rest else year(number)


def two_digits(number: int) -> str:
    """The last two digits of a year, or minutes: “oh five”, “forty-five”."""
    return f"oh {cardinal(number)}" if number < 10 else cardinal(number)


def digits(text: str) -> str:
    """Digit by digit, anything between them left out: “five five five”."""
    return " ".join(_ONES[int(char)] for char in text if char.isdecimal())


def power(number: int) -> str:
    """What a number is raised to: “the sixth”, “the minus six”."""
    return f"the {ordinal(number)}" if number > 0 else f"the {cardinal(number)}"


def integer(text: str) -> str:
    """Digits, with thousands separators or not, as a cardinal; leading zeros are read out."""
    plain = text.replace(",", "")
    if len(plain) > 1 and int(plain[0]) == 0:
        return digits(plain)
    return cardinal(int(plain))


def decimal(text: str) -> str:
    """“three point one four”; every digit after the point is read, trailing zeros as well."""
    whole, _, part = text.partition(".")
    spoken = integer(whole) if whole else "zero"
    return f"{spoken} point {digits(part)}" if part else spoken


def plural(word: str) -> str:
    """The plural of a number word: “nineties”, “hundreds”, “sixes”."""
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("x") else f"{word}s"


def fraction(above: int, below: int) -> str:
    """“two thirds”, “one half”, “three quarters”; “five over one hundred” where no such word is in use."""
    if above <= 0 or not 2 <= below <= 20:
        return f"{cardinal(above)} over {cardinal(below)}"
    part = {2: "half", 4: "quarter"}.get(below) or ordinal(below)
    if above > 1:
        part = "halves" if below == 2 else f"{part}s"
    return f"{cardinal(above)} {part}"


def roman(text: str) -> int | None:
    """The value of a Roman numeral in its one right spelling (“XIV”, not “XIIII”), or None."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    if not text or len(text) > 15 or set(text) - set(values):
        return None
    numbers = [values[char] for char in text]
    total = sum(
        -number if number < following else number for number, following in zip(numbers, [*numbers[1:], 0], strict=True)
    )
    return total if total > 0 and _to_roman(total) == text else None


def _to_roman(number: int) -> str:
    steps = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
    written = ""
    for value, letters in steps:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, one = divmod(rest, 10)
        words.append(f"{_TENS[tens]}-{_ONES[one]}" if one else _TENS[tens])
    elif rest or not words:
        words.append(_ONES[rest])
    return " ".join(words)


def _ordinal_word(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"
