"""Units behind figures: whatever the ears write, what a script asks the voice to say is heard; nothing else is."""

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.content.units import RATES, UNITS
from studio.domain.hearing import HeardWord
from studio.domain.settings import Settings
from studio.quality.align import compare
from studio.quality.figures import as_figures, is_other_amount, spelled_out
from studio.quality.measures import is_unit_name, unit_readings
from studio.quality.wordings import is_inaudible, without_accents
from tests.quality.quality_speech import form

FRAME = "They said that it was {} on the whole long day."
NEVER_HEARD = {"‰"}  # no ears write it


def accuracy(meant: str, said: str) -> float | None:
    heard = [HeardWord(word, float(at), at + 0.5, 1.0) for at, word in enumerate(FRAME.format(said).split())]
    script = spoken_form(ScriptIntake().read_text(FRAME.format(meant), "script.md"), Settings())
    return compare(script, heard, (), 100.0).alignment.accuracy


@pytest.mark.parametrize("amount", ["5", "2.5", "1,250"])
def test_every_unit_of_a_script_is_known_as_it_is_written(amount: str) -> None:
    together = [f"{amount}{unit}" for unit in UNITS]
    apart = [f"{amount} {unit}" for unit in (*UNITS, *RATES) if unit not in NEVER_HEARD]
    wrong = [said for said in apart if accuracy(said, said) != 1]
    wrong += [said for said, plain in zip(together, apart, strict=False) if accuracy(plain, said) != 1]
    assert not wrong


@pytest.mark.parametrize("rate", ["mg/dL", "ng/mL", "km/s", "MB/s", "kg/m³", "mmol/L", "mg/day", "W/m²", "cm2", "km²"])
def test_a_unit_for_each_of_another_is_read(rate: str) -> None:
    assert accuracy(f"12 {rate}", f"12 {rate}") == 1
    assert accuracy(f"12 {rate}", f"12{rate}") == 1


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("5 mg", "5 mcg"), ("5 mg", "5 micrograms"), ("5 milligrams", "five micrograms"), ("5 km", "5 miles"),
        ("64 GB", "64 MB"), ("12 mg/dL", "12 mmol/L"), ("3 m", "3 km"), ("5 m/s", "5 m"), ("10 km²", "10 km³"),
        ("9 MW", "9 kW"), ("20 °C", "20 °F"), ("5 mm", "5"), ("30 mpg", "30 mph"), ("5 minutes", "5 seconds"),
    ],
)  # fmt: skip
def test_another_unit_is_another(meant: str, said: str) -> None:
    assert accuracy(meant, said) != 1


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("1/2 tsp", "½ tsp"), ("½ mile", "1/2 mile"), ("9x13-inch pans", "9x13-inch pans"), ("18 inches", '18"'),
        ("10 seconds", "10s"), ("7–8:30 p.m.", "7 -8.30pm"), ("7–8:30 p.m.", "7-8-30pm"), ("120/80", "120 over 80"),
        ("five thousandths", "5,000th"), ("3 twentieths", "3 20ths"), ("7.5/10", "7.5 out of 10"),
    ],
)  # fmt: skip
def test_amounts_in_other_writings(meant: str, said: str) -> None:
    assert accuracy(meant, said) == 1


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("five thousandths", "5,000"), ("18 inches", "18"), ("7–8:30 p.m.", "7 -8.13pm"), ("10 seconds", "10"),
        ("9x13-inch pans", "9x30-inch pans"), ("another", "an order"), ("twentieth", "30th"),
    ],
)  # fmt: skip
def test_other_amounts_are_others(meant: str, said: str) -> None:
    assert accuracy(meant, said) != 1


def test_and_may_be_the_beginning_of_a_word() -> None:
    assert accuracy("another", "and other") == 1
    assert accuracy("another", "and older") != 1
    assert accuracy("bother", "and other") != 1


def test_units_by_their_symbols() -> None:
    assert unit_readings("MW")[0] == ("megawatts",)
    assert unit_readings("mW")[0] == ("milliwatts",)
    assert {("megawatts",), ("milliwatts",)} <= set(unit_readings("mw")) | {("milliwatts",)}
    assert ("meters", "per", "second", "squared") in unit_readings("m/s²")
    assert unit_readings("pan") == ()
    assert is_unit_name("milligrams")
    assert not is_unit_name("million")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("two thousand eight hundred four.", "2,804."), ("nineteen sixty seven", "1967"), ("twenty third", "23rd"),
        ("three hundred million", "300 million"), ("one point five billion dollars,", "$1.5 billion,"),
        ("three point one four percent", "3.14%"), ("sixty five thousand dollars", "$65,000"), ("no number", None),
        ("two thirds of it", "2/3 of it"), ("four, five", "4, 5"), ("a million", None), ("a thousand.", "1,000."),
        ("for a hundred dollars", "for $100"), ("a third", "a 3rd"), ("a ten", "a 10"),
    ],
)  # fmt: skip
def test_numbers_as_the_ears_write_them(words: str, written: str | None) -> None:
    ways = [" ".join(way) for way in as_figures(words.split())]
    assert written in ways if written else not ways


@pytest.mark.parametrize(
    ("script", "said", "written"),
    [
        ("a thousand", "$1,000.", "1,000 dollars."), ("forty", "“£40", "“40 pounds"), ("nine", "9", "9"),
        ("two dollars", "$2", "$2"), ("2", "€2.50,", "2.50 euros,"),
    ],
)  # fmt: skip
def test_a_currency_that_is_only_written_is_spelled_out(script: str, said: str, written: str) -> None:
    assert " ".join(spelled_out(said.split(), script.split())) == written


def test_one_number_against_another() -> None:
    assert is_other_amount(["fifty"], ["$15"])
    assert is_other_amount(["eighteen", "in"], ["80", "on"])
    assert not is_other_amount(["Nakamura's", "two", "thousand"], ["NACUM", "28004"])
    assert not is_other_amount(["fifty"], ["filthy"])
    assert not is_other_amount(["forty"], ["for", "tea"])
    assert is_other_amount(["milligrams"], ["micrograms"])
    assert not is_other_amount(["milligrams"], ["millet"])


def test_what_nobody_can_hear_between_two_words() -> None:
    assert is_inaudible(["Gran", "demanded"], ["Grand-demanded."], "there")
    assert is_inaudible(["Gran"], ["Grand"], "demanded")
    assert is_inaudible(["boss'd"], ["boss"], "know")
    assert is_inaudible(["Berkeley's"], ["Berkeley"], "sense")
    assert not is_inaudible(["Gran"], ["Grand"], "asked")
    assert not is_inaudible(["boss'd"], ["boss"], "ask")
    assert not is_inaudible(["all"], ["a"], "love"), "the vowels are others"
    assert not is_inaudible(["walked"], ["walk"], "slowly")
    assert not is_inaudible(["some"], ["sun"], "more")


def test_a_name_is_weighed_as_the_ears_write_it() -> None:
    assert [without_accents(word) for word in ("Ngũgĩ", "Jokić", "plain")] == ["Ngugi", "Jokic", "plain"]
    heard = [
        HeardWord(word, float(at), at + 0.5, 1.0)
        for at, word in enumerate(("She", "met", "Gugi", "Wathiongo", "there"))
    ]
    assert compare(form(["She met Ngũgĩ wa Thiong'o there"]), heard, (), 10.0).alignment.accuracy == 1
    heard[3] = HeardWord("Maxwell", 3.0, 3.5, 1.0)
    assert compare(form(["She met Ngũgĩ wa Thiong'o there"]), heard, (), 10.0).alignment.accuracy != 1
