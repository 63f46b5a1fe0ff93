"""Listed words are spoken as the list says, once, wherever they stand as a whole, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.lexicon import Lexicon
from studio.content.speech_text import spoken_form
from studio.domain.errors import SettingError
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm

LIST = "Hylas=High-las; Nguyen=Win; Da Nang=Dah Nahng; Da=Dee; gif=jif; O'Leary=Oh Lairy; Reading=Redding; IV=eye vee"


def spoken(text: str, listed: str = LIST) -> SpokenForm:
    return spoken_form(ScriptIntake().read_text(text, "script.md"), Settings(pronunciations=listed))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Hylas met Nguyen.", "High-las met Win."),
        ("It is Hylas's, Hylas’ or Nguyen’s.", "It is High-las's, High-las’ or Win’s."),
        ("From Da Nang to Da.", "From Dah Nahng to Dee."),  # the longest first
        ("From Da\nNang it came.", "From Dah Nahng it came."),
        ("A gif, a Gif, a GIF, two gifs.", "A jif, a jif, a jif, two gifs."),
        ("In Reading he was reading; READING hurts.", "In Redding he was reading; READING hurts."),
        ("It was O’Leary or O'Leary’s.", "It was Oh Lairy or Oh Lairy’s."),
        ("Hylasian and preHylas stay; Hylas-like goes.", "Hylasian and preHylas stay; High-las-like goes."),
        ("Write to Nguyen@example.com or Nguyen.com.", "Write to Nguyen at example dot com or Nguyen dot com."),
        ("He took an IV, and **Hylas** *Nguyen*.", "He took an eye vee, and High-las Win."),
        ("Dr. Nguyen and Henry VIII of Hylas.", "Doctor Win and Henry the eighth of High-las."),
    ],
)
def test_readings(written: str, expected: str) -> None:
    (utterance,) = spoken(f"{written}").utterances
    assert utterance.text == expected


def test_what_is_spoken_keeps_its_place_and_how_it_is_written() -> None:
    text = "# Hylas\n\nShe met **Nguyen’s** dog in Da\nNang."
    form = spoken(text)
    assert [(word.text, text[word.start : word.end], word.also) for word in form.words] == [
        ("High", "Hylas", ("Hylas",)),
        ("las", "Hylas", ("Hylas",)),
        ("She", "She", ()),
        ("met", "met", ()),
        ("Win’s", "Nguyen’s", ("Nguyen’s",)),
        ("dog", "dog", ()),
        ("in", "in", ()),
        ("Dah", "Da\nNang", ("Da Nang",)),
        ("Nahng", "Da\nNang", ("Da Nang",)),
    ]
    assert form.chapters[0].title == "Hylas"
    assert form.characters == sum(len(utterance.text) for utterance in form.utterances)


def test_the_brand_speaks_where_the_settings_are_silent() -> None:
    script = ScriptIntake().read_text("Hylas met Minh.", "script.md")
    form = spoken_form(script, Settings(pronunciations="Hylas=High-las"), {"Hylas": "Hilla", "Minh": "Min"})
    assert form.utterances[0].text == "High-las met Min."
    with pytest.raises(SettingError, match="Minh"):
        spoken_form(script, Settings(), {"Minh": "<phoneme/>"})


def test_without_a_list_nothing_changes() -> None:
    text = "Hylas met Nguyen in 1905."
    assert spoken(text, "") == spoken(text, "Philonous=Fill")


SCRAPS = "Hylas hylas Nguyen's Da Nang gif gif's O’Leary 1905 $5 Dr. e.g. a@b.com ' ’ ( — . Reading IV"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS.split()), min_size=1, max_size=25), st.sampled_from([" ", "", "\n", " — "]))
def test_no_word_is_lost_or_out_of_place(parts: list[str], gap: str) -> None:
    text = f"It was {gap.join(parts)} then."
    form = spoken(text)
    last = 0
    for utterance in form.utterances:
        for word in utterance.words:
            assert max(last, utterance.start) <= word.start < word.end <= utterance.end
            last = word.start
            assert all(also == " ".join(text[word.start : word.end].split()) for also in word.also)
    plain = spoken(text, "")
    places = {place for word in form.words for place in range(word.start, word.end)}
    assert places >= {place for word in plain.words for place in range(word.start, word.end) if text[place].isalnum()}


def test_finding_takes_the_longest_first_and_whole_words() -> None:
    lexicon = Lexicon({"Da": "x", "Da Nang": "y", "C++": "z", "Ph.D.": "w"})
    text = "Da Da  Nang DaNang C++, a Ph.D. Das"
    found = [(listed.said, text[listed.start : listed.end]) for listed in lexicon.find(text, 0, len(text))]
    assert found == [("x", "Da"), ("y", "Da  Nang"), ("z", "C++"), ("w", "Ph.D.")]


def test_a_long_list_finds_what_a_short_one_finds() -> None:
    many = "; ".join(f"Word{chr(97 + number // 26)}{chr(97 + number % 26)}x=other" for number in range(300))
    text = "In Da\nNang O’Leary’s gif and Nguyen’s C++ met **Hylas**’s Word**aax** and a wordabx. Reading IV."
    few, all_ = spoken(text), spoken(text, f"{LIST}; {many}")
    assert [each.text.replace("other", "Wordaax") for each in all_.utterances] == [each.text for each in few.utterances]
    assert "other" in all_.utterances[0].text
