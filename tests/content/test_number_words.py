"""Numbers as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.numbers import cardinal, decimal, fraction, integer, ordinal, pairs, power, roman, year


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (110, "one hundred ten"),
        (1_001, "one thousand one"),
        (138_988, "one hundred thirty-eight thousand nine hundred eighty-eight"),
        (2_000_000, "two million"),
        (-5, "minus five"),
        (10**21, "one" + " zero" * 21),
    ],
)
def test_cardinals(number: int, words: str) -> None:
    assert cardinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (2, "second"),
        (12, "twelfth"),
        (20, "twentieth"),
        (31, "thirty-first"),
        (100, "one hundredth"),
        (1_005, "one thousand fifth"),
    ],
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1066, "ten sixty-six"),
        (1100, "eleven hundred"),
        (1809, "eighteen oh nine"),
        (2000, "two thousand"),
        (2007, "two thousand seven"),
        (2100, "twenty-one hundred"),
        (800, "eight hundred"),
    ],
)
def test_years(number: int, words: str) -> None:
    assert year(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (747, "seven forty-seven"),
        (101, "one oh one"),
        (300, "three hundred"),
        (4090, "forty ninety"),
        (9001, "nine thousand one"),
        (7200, "seventy-two hundred"),
        (12, "twelve"),
    ],
)
def test_numbers_that_are_names(number: int, words: str) -> None:
    assert pairs(number) == words


def test_powers() -> None:
    assert (power(6), power(23), power(-9), power(0)) == ("the sixth", "the twenty-third", "the minus nine", "the zero")


def test_fractions_and_decimals() -> None:
    assert fraction(1, 2) == "one half"
    assert fraction(3, 4) == "three quarters"
    assert fraction(5, 100) == "five over one hundred"
    assert decimal("8.40") == "eight point four zero"
    assert integer("1,250") == "one thousand two hundred fifty"


@pytest.mark.parametrize(("text", "number"), [("I", 1), ("IV", 4), ("XIX", 19), ("MCMXCIX", 1999)])
def test_roman_numerals(text: str, number: int) -> None:
    assert roman(text) == number


@pytest.mark.parametrize("text", ["", "IIII", "IC", "VX", "A", "i", "M" * 200])
def test_what_is_no_roman_numeral(text: str) -> None:
    assert roman(text) is None


@given(st.integers(min_value=0))
def test_any_number_becomes_words(number: int) -> None:
    assert cardinal(number).replace(" ", "").replace("-", "").isalpha()
