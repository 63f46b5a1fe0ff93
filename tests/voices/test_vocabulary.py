"""Which words the built-in voice need not guess."""

import pytest

from studio.voices.vocabulary import knows


@pytest.mark.parametrize(
    "word",
    [
        *("lamp", "Lamp", "LAMP", "lamps", "lamp's", "lamps'", "keeper’s", "boxes", "countries", "lived", "polished"),
        *("making", "stopping", "lighting", "colour", "NASA", "London", "don’t"),
    ],
)
def test_plain_words_and_their_forms_are_known(word: str) -> None:
    assert knows(word)


@pytest.mark.parametrize("word", ["Aoibheann", "Przemyśl", "zzyx", "lampz", "xqing", "xqss", ""])
def test_other_words_are_guessed(word: str) -> None:
    assert not knows(word)


def test_what_it_knows_is_said_as_its_dictionary_has_it() -> None:
    from studio.voices.builtin_worker import load

    g2p = load("heart").g2p
    assert g2p("keepers") == g2p("keeper").rstrip() + "z"
