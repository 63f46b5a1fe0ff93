"""The list of pronunciations, as it is written into the settings."""

import pytest

from studio.domain.errors import SettingError
from studio.domain.pronunciations import parse, put_back, together
from studio.domain.settings import Settings


def test_entries_are_separated_by_semicolons_or_lines() -> None:
    listed = parse(" Hylas = High-las ;Nguyen=Win;;\nDa  Nang=Dah Nahng\nO’Leary = Oh’Lairy; C++=see plus plus; ")
    assert listed == {
        "Hylas": "High-las",
        "Nguyen": "Win",
        "Da Nang": "Dah Nahng",
        "O’Leary": "Oh’Lairy",
        "C++": "see plus plus",
    }
    assert parse("") == parse(" ; \n") == {}
    assert parse("a=b; a=b") == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hylas", "“Hylas” has no “=”"),
        ("Hylas=High-las, Nguyen=Win", "“Hylas” cannot be spoken"),
        ("=High-las", "names no word"),
        ("++=plus", "names no word"),
        ("Hylas=", "cannot be spoken as “”"),
        ("Hylas=<b>", "“Hylas” cannot be spoken as “<b>”"),
        ("B2B=B 2 B", "cannot be spoken"),
        ("Hylas=-", "cannot be spoken"),
        ("Hylas=High; Hylas=Low", "“Hylas” has two pronunciations"),
        (f"Hylas={'a' * 101}", "too long"),
        (f"{'a' * 101}=b", "too long"),
    ],
)
def test_what_is_no_entry_is_refused_with_a_cure(text: str, says: str) -> None:
    with pytest.raises(SettingError, match=says.replace("+", r"\+")) as caught:
        parse(text)
    assert caught.value.remedy
    with pytest.raises(SettingError):
        Settings().with_values({"pronunciations": text})


def test_the_settings_win_over_the_brand() -> None:
    assert together({"Hylas": "wrong", "Minh": "Min"}, "Hylas=High-las") == {"Hylas": "High-las", "Minh": "Min"}
    with pytest.raises(SettingError, match="Minh"):
        together({"Minh": "7"}, "")


def test_what_was_said_of_one_word_is_taken_back_and_nothing_else() -> None:
    assert put_back("buoy=boo-ee; quay=key", "buoy", "boo-ee", "") == "quay=key"
    assert put_back("buoy=boo-ee", "buoy", "boo-ee", "bwoy") == "buoy=bwoy"
    assert put_back("buoy=boy; quay=key", "buoy", "boo-ee", "") == "buoy=boy; quay=key"  # it was changed since
    assert put_back("", "buoy", "boo-ee", "bwoy") == ""


def test_a_good_list_is_a_good_setting() -> None:
    settings = Settings(pronunciations="Hylas=High-las")
    assert Settings.from_json(settings.to_json()) == settings
