"""Numbers: another reading of the same one is always let go, another number never is."""

import calendar
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.numbers import cardinal, digits, ordinal, year
from studio.content.speech_text import spoken_form
from studio.domain.hearing import Alignment, Grounds, HeardWord
from studio.domain.settings import Settings
from studio.quality.align import compare
from studio.quality.values import is_number_word, value
from tests.quality.quality_speech import form

FEW = settings(max_examples=30, deadline=None)
NUMBERS = st.one_of(st.integers(0, 130), st.integers(0, 9_999), st.integers(0, 10**13))
YEARS = st.integers(1100, 2099)
MONTHS = [name.capitalize() for name in calendar.month_name[1:]]


def heard(said: str) -> list[HeardWord]:
    return [HeardWord(word, float(at), at + 0.5, 1.0) for at, word in enumerate(said.split())]


def compared(meant: str, said: str) -> Alignment:
    return compare(form([meant]), heard(said), (), 100.0).alignment


def right(meant: str, said: str) -> bool:
    return compared(meant, said).accuracy == 1


def read_out(written: str) -> str:
    """What the studio asks the voice to say for `written`."""
    script = ScriptIntake().read_text(f"It was {written} then.", "script.md")
    return " ".join(word.text for word in spoken_form(script, Settings()).words)


def with_and(words: str) -> str:
    return re.sub("hundred (?!thousand|.illion|trillion)", "hundred and ", words)


@FEW
@given(NUMBERS)
@example(0)
@example(1_000_000)
def test_a_number_is_itself_in_every_writing(number: int) -> None:
    words = cardinal(number)
    for said in (str(number), f"{number:,}", words, with_and(words), words.replace("-", " ")):
        assert right(f"some {words} of them", f"some {said} of them."), said
    assert right(f"the {ordinal(number)} of them", f"the {number:,}{suffix(number)} of them")


@FEW
@given(NUMBERS, NUMBERS)
@example(15, 50)
@example(105, 150)
@example(2_000_000, 2_000_000_000)
def test_another_number_is_another(number: int, other: int) -> None:
    assume(number != other)
    words = cardinal(number)
    for said in (str(other), f"{other:,}", cardinal(other), with_and(cardinal(other)), digits(str(other))):
        assert not right(f"some {words} of them", f"some {said} of them"), said
    assert not right(f"the {ordinal(number)} of them", f"the {other:,}{suffix(other)} of them")


@FEW
@given(NUMBERS, st.integers(0, 12), st.sampled_from("0123456789"))
def test_a_number_with_one_digit_changed_is_another(number: int, place: int, digit: str) -> None:
    written = str(number)
    place %= len(written)
    changed = int(written[:place] + digit + written[place + 1 :])
    assume(changed != number)
    assert not right(f"some {cardinal(number)} of them", f"some {changed} of them")
    assert not right(f"Apollo {cardinal(number).capitalize()} flew", f"Apollo {changed} flew")
    assert not right(f"Apollo {cardinal(number).capitalize()} flew", f"Apollo {cardinal(changed).title()} flew")


def test_a_round_number_needs_no_one() -> None:
    assert right("the thousand in the end", "the 1,000 in the end")
    assert right("a hundred men", "100 men")
    assert not right("the thousand in the end", "the 2,000 in the end")


@FEW
@given(YEARS)
def test_a_year_has_several_readings(number: int) -> None:
    readings = [year(number), cardinal(number), with_and(cardinal(number)), digits(str(number))]
    century, rest = divmod(number, 100)
    if century % 10:
        readings.append(f"{cardinal(century)} hundred" + (f" and {cardinal(rest)}" if rest else ""))
    for meant in readings:
        for said in (*readings, str(number)):
            assert right(f"in {meant} it was", f"in {said}, it was"), (meant, said)


@FEW
@given(YEARS, YEARS)
def test_another_year_is_another(number: int, other: int) -> None:
    assume(number != other)
    for said in (str(other), year(other), cardinal(other)):
        assert not right(f"in {year(number)} it was", f"in {said} it was")


@FEW
@given(st.integers(0, 999), st.from_regex(r"[0-9]{1,4}", fullmatch=True))
def test_decimals(whole: int, part: str) -> None:
    meant = f"about {cardinal(whole)} point {digits(part)} of it"
    assert right(meant, f"about {whole}.{part} of it")
    other = "".join(str((int(digit) + 1) % 10) for digit in part)
    assert not right(meant, f"about {whole}.{other} of it")
    assert not right(meant, f"about {whole}{part} of it")
    assert not right(meant, f"about {whole} of it")


@FEW
@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["AM", "PM"]), st.integers(0, 59))
def test_times_of_day(hour: int, minute: int, half: str, other: int) -> None:
    meant = read_out(f"{hour}:{minute:02} {half}")
    for said in (
        f"{hour}:{minute:02} {half}",
        f"{hour}.{minute:02} {half.lower()}",
        f"{hour}:{minute:02}{half.lower()}",
    ):
        assert right(meant, f"It was {said} then"), said
    assert not right(meant, f"It was {hour % 12 + 1}:{minute:02} {half} then")
    if other != minute:
        assert not right(meant, f"It was {hour}:{other:02} {half} then")
    assert not right(meant, f"It was {hour}:{minute:02} {'AM' if half == 'PM' else 'PM'} then")


@FEW
@given(st.sampled_from(MONTHS), st.integers(1, 31), YEARS, st.integers(1, 31))
def test_dates(month: str, day: int, number: int, other: int) -> None:
    american, british = read_out(f"{month} {day}, {number}"), read_out(f"{day} {month} {number}")
    for said in (
        f"{month} {day}, {number}",
        f"{month} {day}{suffix(day)}, {number}",
        f"{month} the {day}{suffix(day)} {number}",
    ):
        assert right(american, f"It was {said} then"), said
    for said in (f"the {day}{suffix(day)} of {month}, {number}", f"{day} {month} {number}"):
        assert right(british, f"It was {said} then"), said
    if other != day:
        assert not right(american, f"It was {month} {other}, {number} then")
        assert not right(british, f"It was the {other}{suffix(other)} of {month} {number} then")
    later = MONTHS[(MONTHS.index(month) + 1) % 12]
    assert not right(american, f"It was {later} {day}, {number} then")


@FEW
@given(st.sampled_from("$£€"), st.integers(0, 99_999), st.integers(0, 99), st.integers(0, 99))
def test_money(sign: str, whole: int, cents: int, other: int) -> None:
    written = f"{sign}{whole:,}.{cents:02}"
    assert right(read_out(written), f"It was {written} then")
    assert right(read_out(f"{sign}{whole:,}"), f"It was {sign}{whole} then")
    if other != cents:
        assert not right(read_out(written), f"It was {sign}{whole:,}.{other:02} then")
    assert not right(read_out(written), f"It was {sign}{whole + 1:,}.{cents:02} then")
    if whole:  # fifty cents are fifty cents
        assert not right(read_out(written), f"It was {'£' if sign == '$' else '$'}{whole:,}.{cents:02} then")


@FEW
@given(st.integers(1, 999), st.integers(0, 9), st.sampled_from(["million", "billion"]))
def test_millions(whole: int, part: int, scale: str) -> None:
    meant = read_out(f"${whole}.{part} {scale}")
    assert right(meant, f"It was ${whole}.{part} {scale} then")
    assert right(meant, f"It was ${whole}.{part}{scale[0]} then")
    assert right(meant, f"It was {whole}.{part} {scale} dollars then")
    assert not right(meant, f"It was ${whole}.{part} {'million' if scale == 'billion' else 'billion'} then")
    assert not right(meant, f"It was ${whole}{part} {scale} then")


@FEW
@given(st.integers(2, 20), st.data())
def test_fractions(below: int, data: st.DataObject) -> None:
    above, other = data.draw(st.integers(1, below - 1)), data.draw(st.integers(1, below))
    assume(above != other)
    meant = read_out(f"{above}/{below}")
    assert right(meant, f"It was {above}/{below} then")
    assert not right(meant, f"It was {other}/{below} then")


WORDS = """one two five ten twelve twenty thirty fifty hundred thousand million and a oh zero point half third fifth
quarters minus over nineties"""


@FEW
@given(st.lists(st.sampled_from(WORDS.split()), max_size=9))
def test_no_run_of_number_words_is_too_odd(words: list[str]) -> None:
    found = value(tuple(words))
    assert found is None or found


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("nineteen oh five", "1905"),
        ("nineteen hundred and five", "1905"),
        ("one thousand nine hundred and five", "1905"),
        ("twelve thirty four", "1234"),
        ("two thousand", "2000"),
        ("twenty twenty four", "2024"),
        ("a hundred and one", "101"),
        ("five five five one two three four", "5551234"),
        ("three point one four", "3.14"),
        ("three point fourteen", "3.14"),
        ("point five", "0.5"),
        ("two point oh", "2.0"),
        ("three point eleven point two", "3.11.2"),
        ("one point five billion", "1500000000"),
        ("four and a half", "4.5"),
        ("four one half", "4.5"),
        ("six and three quarters", "6.75"),
        ("two thirds", "2/3"),
        ("two and two thirds", "2 2/3"),
        ("twenty third", "23th"),
        ("nineteen nineties", "1990s"),
        ("minus five", "-5"),
        ("ten two", None),
        ("one second", None),
        ("hundred", None),
        ("and five", None),
        ("five and", None),
    ],
)
def test_what_number_words_come_to(words: str, written: str | None) -> None:
    assert value(tuple(words.split())) == written


@pytest.mark.parametrize("word", ["zero", "twelve", "hundred", "first", "twelfth", "ninetieth", "nineties", "halves"])
def test_what_is_a_number_word(word: str) -> None:
    assert is_number_word(word)


@pytest.mark.parametrize("word", ["and", "a", "point", "tooth", "north", "series", "house"])
def test_what_is_none(word: str) -> None:
    assert not is_number_word(word)


def test_the_grounds_are_the_number() -> None:
    (forgiven,) = compared("in nineteen oh five it", "in 1905, it").forgiven
    assert (forgiven.script, forgiven.said, forgiven.grounds) == ("nineteen oh five", "1905", Grounds.NUMBER)
    assert (forgiven.start_s, forgiven.end_s) == (1.0, 1.5)


@pytest.mark.parametrize("between", [" ", " and then ", " people, "])
def test_a_long_table_is_read_out_right(between: str) -> None:
    numbers = [7919 * (at + 1) for at in range(80)]
    meant = between.join(cardinal(number).replace("-", " ") for number in numbers)
    assert right(meant, between.join(f"{number:,}" for number in numbers))
    numbers[40] -= 1  # 324,678 instead of 324,679
    result = compared(meant, between.join(f"{number:,}" for number in numbers))
    assert (result.substituted, result.deleted, result.inserted) == (1, 0, 0)


def suffix(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


@pytest.mark.parametrize(
    ("meant", "said", "same"),
    [
        ("seven to five two hours", "7-5-2 hours", True),
        ("six to four seven to five", "6-4-7-5", True),
        ("seven to five two hours", "7-6-2 hours", False),
    ],
)
def test_scores_that_are_written_as_one(meant: str, said: str, same: bool) -> None:
    assert right(f"it ended {meant} later", f"it ended {said} later") is same
