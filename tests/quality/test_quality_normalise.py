"""Both sides of the comparison brought to one form, whatever the writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.hearing import HeardWord, Match
from studio.quality.align import compare
from studio.quality.likeness import likeness
from studio.quality.normalise import normaliser
from studio.quality.numbers import number_readings
from tests.quality.quality_speech import form

EQUAL = """
fifteen ninety six|1596
one thousand five hundred and ninety six|1,596
fifty|50
eleven|11
June third|June 3
the third of June|the 3rd of June
three thirty p m|3:30 p.m.
three thirty PM|3:30 PM
seven a.m.|7am
half past three|3:30
quarter to five|4:45
A I|AI
A.I.|AI
U S A|U.S.A.
okay|OK
e-mail|email
two point oh|2.0
zero point five|0.5
one third|1/3
a third|1/3
Doctor Smith's|Dr. Smith's
Saint Paul|St. Paul
mister Jones|Mr. Jones
five million dollars|$5 million
twelve dollars and fifty cents|$12.50
ninety three million|93 million
fifty percent|50%
fifty per cent|50%
minus five degrees|-5 degrees
colour honour centre judgement|color honor center judgment
do not|don't
it is|it's
let us go|let's go
would have|would've
John's|Johns
sixteen eighty five to seventeen fifty three|1685-1753.
ten to twelve|10-12
the nineteen sixties|the 1960s
nineteen oh five|1905
two thousand and ten|2010
twenty ten|2010
eight hundred five five five one two three four|800-555-1234
everyone|every one
sense-data|sense data
five kilometers|5km
R and D|R&D
example dot com|example.com
chapter two|Chapter 2
World War Two|World War II
Henry the Eighth|Henry VIII
naïve café|naive cafe
their house|there house
um the house|the house
"""


@pytest.mark.parametrize("pair", [line.split("|") for line in EQUAL.strip().splitlines()], ids=lambda pair: pair[1])
def test_two_ways_of_writing_are_one(pair: list[str]) -> None:
    meant, said = pair
    heard = [HeardWord(word, float(at), at + 0.5, 1.0) for at, word in enumerate(said.split())]
    result = compare(form([meant]), heard, (), 100.0).alignment
    assert result.accuracy == 1, [(word.text, word.match) for word in result.words]
    assert {word.match for word in result.words} <= {Match.SAME, Match.FORGIVEN}


@pytest.mark.parametrize(
    ("meant", "said"),
    [("fifty", "15"), ("fifteen ninety six", "1597"), ("the red house", "the blue house"), ("can go", "can't go")],
)
def test_what_is_different_stays_different(meant: str, said: str) -> None:
    heard = [HeardWord(word, float(at), at + 0.5, 1.0) for at, word in enumerate(said.split())]
    accuracy = compare(form([meant]), heard, (), 100.0).alignment.accuracy
    assert accuracy is not None
    assert accuracy < 1


def test_units_keep_the_words_they_come_from() -> None:
    units = normaliser().units(["—", "It", "cost", "$5", "million,", "um", "then."])
    assert [(unit.first, unit.last, unit.plain) for unit in units] == [
        (1, 2, ("it",)),
        (2, 3, ("cost",)),
        (3, 5, ("five", "million", "dollars")),
        (6, 7, ("then",)),
    ]


def test_a_number_has_every_reading() -> None:
    readings = number_readings("1905")
    assert readings[0] == ("nineteen", "oh", "five")
    assert ("one", "thousand", "nine", "hundred", "and", "five") in readings
    assert ("one", "nine", "zero", "five") in readings
    assert number_readings("12th") == (("twelfth",), ("the", "twelfth"))
    assert number_readings("house") == ()


def test_names_sound_alike_and_other_words_do_not() -> None:
    assert likeness("kantian", "kanteen") > 0.75
    assert likeness("phillip", "filip") == 1
    assert likeness("night", "nite") == 1
    assert likeness("house", "dog") < 0.5
    assert likeness("", "dog") < 0.5


@given(st.text(max_size=60))
def test_no_word_is_too_odd(word: str) -> None:
    for reading in normaliser().readings(word):
        assert reading
        assert all(part and part == part.strip() for part in reading)


@given(st.from_regex(r"[-$£€#]?[0-9]{1,50}[0-9.,:/%½a-z-]{0,8}", fullmatch=True))
def test_no_number_is_too_odd(written: str) -> None:
    assert normaliser().readings(written)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == pytest.approx(likeness(second, first))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$8.71.5.", "eight dollars and seventy one and a half cents"),
        ("$1.735", "one dollar and seventy three and a half cents"),
        ("$0.25", "twenty five cents"),
        ("1.73", "one point seven three"),
    ],
)
def test_figures_with_parts(written: str, spoken: str) -> None:
    assert tuple(spoken.split()) in normaliser().readings(written)
