"""Rules for days, years and hours."""

import re
from typing import Final

from studio.content.abbreviations import MONTHS, MONTHS_AND_DAYS
from studio.content.amounts import counted, is_year, number_words
from studio.content.numbers import cardinal, digits, ordinal, plural, two_digits, year
from studio.content.rules import END, FRESH, Match, Rule, after, before, compiled

_MONTH_NAMES = "|".join([*MONTHS, *(name for name, full in MONTHS_AND_DAYS.items() if full in MONTHS)])
_MONTH_BEFORE = re.compile(rf"\b(?:{_MONTH_NAMES})\.?\s{{1,3}}$")
_MONTH_AFTER = re.compile(rf"\s{{1,3}}(?:{_MONTH_NAMES})\b")
_NO_DAY = re.compile(r"\s+(?:people|men|women|percent|days)\b")
_FROM = re.compile(rf"\b(?:[Ff]rom|[Bb]etween)\s(?:(?:{_MONTH_NAMES})\.?\s)?$")
_PART_OF_DAY = rf"([AaPp])(?:\.\s?[Mm]\.|[Mm]{END})"
_BY_THE_CLOCK = re.compile(r"\b(?:at|At|until|till|by|from|since|before|after|around|is|it’s|it's|to|and)\s$|[–-]\s?$")


def stands_at_month(match: Match) -> str:
    """“before” or “after”, where the name of a month stands there, else nothing."""
    if _MONTH_BEFORE.search(before(match)):
        return "before"
    return "after" if _MONTH_AFTER.match(after(match)) else ""


def day(match: Match, number: int) -> str | None:
    """A number beside a month as its day."""
    place = stands_at_month(match)
    if not 1 <= number <= 31 or not place or _NO_DAY.match(after(match)):
        return None
    if place == "before":
        return ordinal(number)
    said = f"{ordinal(number)} of"
    return said if re.search(r"\bthe\s+$", before(match), re.IGNORECASE) else f"the {said}"


def _days(match: Match) -> str | None:
    """“From 10 to 21 November”, “between November 10 and 21”: both are days."""
    first, joint, last = int(match[1]), match[2], int(match[3])
    if not (1 <= first < last <= 31) or not _FROM.search(before(match)) or _NO_DAY.match(after(match)):
        return None
    place = stands_at_month(match)
    if place == "before":
        return f"{ordinal(first)} {joint} {ordinal(last)}"
    return f"the {ordinal(first)} {joint} the {ordinal(last)} of" if place else None


def date(year_: str, month: str, day_: str) -> str | None:
    """“March fifteenth, twenty twenty-four”; None where there is no such month or day."""
    if not (1 <= int(month) <= 12 and 1 <= int(day_) <= 31):
        return None
    if len(year_) == 2:
        year_ = ("20" if int(year_) < 50 else "19") + year_
    return f"{MONTHS[int(month) - 1]} {ordinal(int(day_))}, {year(int(year_))}"


def _month_first(match: Match) -> str | None:
    first, second, year_ = match.groups()
    return date(year_, first, second) or date(year_, second, first)


def _day_first(match: Match) -> str | None:
    """With full stops, as it is written where the day comes first."""
    first, second, year_ = match.groups()
    return date(year_, second, first) or date(year_, first, second)


def _moment(match: Match) -> str | None:
    said, hour = date(match[1], match[2], match[3]), clock(match[4], match[5], match[6], "")
    return f"{said} at {hour}{_zone(match[7] or '')}" if said and hour else None


def _zone(written: str) -> str:
    """What a moment's clock is ahead of or behind: “Z”, “+02:00”, “-0330”."""
    if not written:
        return ""
    hours, minutes = int(written[1:3] or 0), int(written[3:].lstrip(":") or 0)
    if not hours and not minutes:
        return " UTC"
    said = f" UTC {'plus' if written[0] == '+' else 'minus'} {cardinal(hours)}"
    return f"{said} {two_digits(minutes)}" if minutes else said


def _week(match: Match) -> str | None:
    """“2024-W07”."""
    return f"week {cardinal(int(match[2]))} of {year(int(match[1]))}" if 1 <= int(match[2]) <= 53 else None


def clock(hour: str, minute: str, second: str | None, half: str | None) -> str | None:
    """An hour of the day; None where there is none such."""
    if int(hour) > 24 or int(minute) > 59 or (second and int(second) > 59):
        return None
    said = cardinal(int(hour))
    if int(minute):
        said += f" {two_digits(int(minute))}"
    elif not (half or second):
        said += " o’clock" if 1 <= int(hour) <= 12 else " hundred"
    if second and int(second):
        said += f" and {counted(str(int(second)), cardinal(int(second)), 'second')}"
    return f"{said} {half.upper()}.M." if half else said


def _time(match: Match) -> str | None:
    hour, minute, second, half = match.groups()
    if second and not half and not _BY_THE_CLOCK.search(before(match)):
        return _duration(hour, minute, second)
    if hour == "0" and not (second or half) and int(minute):
        return _amount(minute, "second")  # “0:45” on a stopwatch
    return clock(hour, minute, second, half)


def _duration(hour: str, minute: str, second: str) -> str | None:
    if int(minute) > 59 or int(second) > 59:
        return None
    parts = [_amount(hour, "hour"), _amount(minute, "minute"), _amount(second, "second")]
    told = [part for part, number in zip(parts, (hour, minute, second), strict=True) if int(number)]
    if len(told) < 2:
        return told[0] if told else "zero seconds"
    return f"{', '.join(told[:-1])} and {told[-1]}"


def _amount(number: str, unit: str) -> str:
    return counted(str(int(number)), cardinal(int(number)), unit)


def _lasting(match: Match) -> str | None:
    """“5h 20m”: beside hours an m is minutes."""
    told = [
        _amount(number, unit)
        for number, unit in zip(match.groups(), ("hour", "minute", "second"), strict=True)
        if number is not None
    ]
    return " ".join(told) if int(match[2]) < 60 else None


def _stopwatch(match: Match) -> str | None:
    minute, second, part = match.groups()
    if int(second) > 59:
        return None
    return f"{_amount(minute, 'minute')}, {cardinal(int(second))} point {digits(part)} seconds"


def _military(match: Match) -> str | None:
    hour, minute = match[1], match[2]
    if int(hour) > 24 or int(minute) > 59 or not (hour[0] == "0" or _BY_THE_CLOCK.search(before(match))):
        return None
    said = two_digits(int(hour)) if int(hour) else "zero"
    return f"{said} {two_digits(int(minute)) if int(minute) else 'hundred'} hours"


def _hour(match: Match) -> str | None:
    return f"{cardinal(int(match[1]))} {match[2].upper()}.M." if 1 <= int(match[1]) <= 12 else None


def _years(match: Match) -> str | None:
    first, last = match[1], match[2]
    if len(first) == 4 and not is_year(first):
        return None
    full = first[: len(first) - len(last)] + last
    if int(full) <= int(first):
        return None
    begin = number_words(first) if len(first) == 4 else two_digits(int(first))
    if len(last) == 4:
        return f"{begin} to {year(int(full))}"
    return f"{begin} to {two_digits(int(full[-2:]))}"


def _season(match: Match) -> str | None:
    """“The 2020/21 season”: one year and the next."""
    first, last = match[1], match[2]
    if not is_year(first) or not str(int(first) + 1).endswith(last):
        return None
    return f"{year(int(first))} {two_digits(int(last)) if len(last) == 2 else year(int(last))}"


def _decade(match: Match) -> str | None:
    text = match[1]
    if len(text) == 4:
        if not is_year(text) or int(text) % 10:
            return None
        head, space, last = year(int(text)).rpartition(" ")
        return f"{head}{space}{plural(last)}"
    if int(text) % 10:
        return None
    return plural(cardinal(int(text))) if int(text) else "two thousands"  # “the ’00s”


def _of_year(match: Match) -> str | None:
    """“1984’s best book”; “1980’s” is a decade."""
    return f"{year(int(match[1]))}’s" if is_year(match[1]) and int(match[1]) % 10 else None


DATES: Final[tuple[Rule, ...]] = compiled(
    (
        rf"{FRESH}(\d{{4}})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{{1,9}})?)?(Z|[+−-]\d\d(?::?\d\d)?)?{END}",
        _moment,
    ),
    (rf"{FRESH}(\d{{4}})-?W(\d\d){END}(?!-)", _week),
    (rf"{FRESH}(\d{{4}})([-/])(\d\d?)\2(\d\d?){END}(?!-)", lambda match: date(match[1], match[3], match[4])),
    (rf"{FRESH}(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d\d){END}", _month_first),
    (rf"{FRESH}(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?((?:1\d|20)\d\d){END}(?!\.\d)", _day_first),
    (rf"{FRESH}(\d{{1,2}}):(\d\d)\.(\d{{1,3}})(?!\d|[:.]\d)", _stopwatch),
    (rf"{FRESH}(\d{{1,2}}):(\d\d)(?::(\d\d))?(?:\s?{_PART_OF_DAY})?(?!:?\d)", _time),
    (rf"{FRESH}(\d{{1,2}})\.(\d\d)\s?{_PART_OF_DAY}", lambda match: clock(match[1], match[2], None, match[3])),
    (rf"{FRESH}(\d{{1,2}})h(\d\d){END}", lambda match: clock(match[1], match[2], None, None)),
    (
        rf"{FRESH}(\d{{1,3}})\s?(?:h|hrs?)\s?(\d{{1,2}})\s?m(?:ins?)?{END}(?:\s?(\d{{1,2}})\s?s(?:ecs?)?{END})?",
        _lasting,
    ),
    (r"(?<=\bET[AD]\s)(\d\d?)\.(\d\d)(?![\d.]\d|\d)", lambda match: clock(match[1], match[2], None, None)),
    (rf"{FRESH}(\d\d)(\d\d)\s(?:hours|hrs){END}", _military),
    (rf"{FRESH}(\d{{1,2}})\s?{_PART_OF_DAY}", _hour),
    (rf"{FRESH}(\d{{1,2}})\s(to|and|until|till)\s(\d{{1,2}})(?![\d.,:/–-]?\d){END}", _days),
)
"""Days and hours of the day, in the order in which they are tried."""

YEARS: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}[’'‘]?(\d{{4}}|(?<=[’'‘])\d\d)\s?[–-]\s?[’'‘]?(\d{{1,4}})(?![\d,.:]\d|\d|[-–]|s\b)", _years),
    (rf"{FRESH}(\d{{4}})/(\d\d|\d{{4}}){END}(?!/)", _season),
    (rf"{FRESH}(\d{{4}})[’']s{END}", _of_year),
    (rf"{FRESH}[’'‘]?(\d{{4}}|\d0)[’'‘]?s{END}", _decade),
    (rf"{FRESH}[’'‘](\d\d){END}", lambda match: two_digits(int(match[1]))),
    (rf"(?<=[^\W_])[’'‘](\d\d){END}(?!\.?\d)", lambda match: f" {two_digits(int(match[1]))}"),
)
"""Years, decades and ranges of them."""
