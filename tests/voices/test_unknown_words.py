# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Words that are in no dictionary of the built-in voice: other writings, and beginnings that English does not have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.voices.builtin_phonemes import text_phonemes
from studio.voices.builtin_worker import load
from studio.voices.unknown_words import UnknownWords


def read(text: str) -> str:
    return text_phonemes(load("heart").g2p, text)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Gdańsk", "ɡdˈ"),
        ("Krzysztof", "kʃˈ"),
        ("Przybylski", "pʃ"),
        ("Tchaikovsky", "ʧ"),
        ("Dvořák", "dv"),
        ("Shchedrin", "ʃʧˈ"),
        ("Mbeki", "əmbˈ"),
        ("Nkrumah", "əŋkɹˈu"),
        ("Ddraig", "ðɹˈ"),
        ("Hlynur", "l"),
        ("Sjöström", "ʃˈɜ"),
        ("Lviv", "ləvˈ"),
        ("Hsing", "ʃˈ"),
    ],
)
def test_a_beginning_that_english_does_not_have_is_said_by_its_sounds(name: str, begins: str) -> None:
    found = read(f"{name} was there.").split()[0]
    assert found.startswith(begins), found
    assert "ˈ" in found


@pytest.mark.parametrize("word", ["Vlad", "Svetlana", "Schmidt", "Ngugi", "Bjørn", "NHS", "PTFE", "brrr", "Mwrt", "K"])
def test_what_the_rules_can_say_or_spell_on_purpose_stays(word: str) -> None:
    g2p = load("heart").g2p
    net = g2p.oov._net
    assert UnknownWords(net)(word) == net(word)


@pytest.mark.parametrize(
    ("written", "latin"), [("Москва", "Moskva"), ("λόγος", "logos"), ("東京", "DongJing"), ("день", "den")]
)
def test_another_writing_is_read_in_latin_letters(written: str, latin: str) -> None:
    g2p = load("heart").g2p
    assert g2p.oov(written) == g2p.oov._net(latin)
    assert read(f"It is {written}.") != read("It is.")


def test_over_in_verse_is_no_are() -> None:
    assert read("It ran o’er the hills.").split()[2] == "ˈɔɹ"
    assert "ˈɑɹ" not in read("O’er the hills.")


@given(st.text(max_size=12))
def test_no_word_is_too_odd(word: str) -> None:
    found = UnknownWords(lambda part: part.upper() or None)(word)
    assert found is None or isinstance(found, str)


@given(st.text("bcdfghjklmnpqrstvwxz", min_size=2, max_size=6), st.sampled_from("aeiouy"))
def test_every_beginning_has_sounds(onset: str, vowel: str) -> None:
    spelled = {"b": "bi", "c": "si", "d": "di", "f": "ɛf", "g": "ʤi", "h": "Aʧ", "j": "ʤA", "k": "kA", "l": "ɛl"}
    spelled |= {"m": "ɛm", "n": "ɛn", "p": "pi", "q": "kju", "r": "ɑɹ", "s": "ɛs", "t": "ti", "v": "vi", "w": "dʌb"}
    spelled |= {"x": "ɛks", "z": "zi"}

    def net(word: str) -> str:
        return spelled.get(word[0], "ˈA")

    found = UnknownWords(net)(f"{onset}{vowel}")
    assert found is not None
    assert found.endswith("ˈA")
    assert len(found) > len("ˈA")
