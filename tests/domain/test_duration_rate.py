"""What a text gives a voice to do, and how a voice's pace is learned from a few episodes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.duration import ENOUGH, LEARNED_FROM, SpeakingRate, first_guess, learned_rate, plausible
from studio.domain.extent import Extent, extent_of, syllables
from studio.domain.spoken import Utterance


def utterances(*texts: str, pause_s: float = 0.0) -> list[Utterance]:
    return [Utterance(text, 0, len(text), (), pause_s) for text in texts]


def weight(text: str) -> float:
    return extent_of(utterances(text)).characters


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("make", 1),
        ("makes", 1),
        ("wanted", 2),
        ("table", 2),
        ("houses", 2),
        ("understanding", 4),
        ("philosophy", 4),
        ("électricité", 5),
        ("hm", 1),
        ("don't", 1),
    ],
)
def test_syllables_by_their_spelling(word: str, count: int) -> None:
    assert syllables(word) == count


def test_ordinary_prose_counts_as_many_characters_as_it_has() -> None:
    prose = (
        "In the preceding chapter we agreed, though without being able to find demonstrative reasons, that it is"
        " rational to believe that our sense-data are really signs of the existence of something independent of us."
    )
    assert weight(prose) == pytest.approx(len(prose), rel=0.06)


def test_what_takes_longer_to_say_than_to_write_counts_for_more() -> None:
    assert weight("The HTTP API of the CPU is here.") > 1.3 * weight("The http api of the cpu is here.")
    assert weight("Benzodiazepines potentiate receptors allosterically.") > weight(
        "They had put the hats of the men to us as of then."
    )
    # Half a dozen signs of Japanese are as many syllables, and Cyrillic is written in letters.
    assert weight("私は学生です。" * 5) > 2.4 * len("私は学生です。" * 5)
    assert weight("Это обычное предложение, не длиннее других.") == pytest.approx(43, rel=0.3)
    assert weight("It was 1999.") > weight("It was.") + 10


def test_a_word_by_itself_is_drawn_out() -> None:
    assert weight("Yes.") > 2 * (weight("Yes yes yes yes.") - weight("Yes yes yes."))
    assert extent_of(utterances("—", "?!")).characters > 0


def test_an_extent_counts_sentences_marks_and_pauses() -> None:
    extent = extent_of(utterances("One, two; three.", "Well — yes…", pause_s=0.25))
    assert (extent.sentences, extent.marks, extent.pauses_s) == (2, 3, 0.5)


def sample(rate: SpeakingRate, number: int) -> tuple[Extent, float]:
    chance = random.Random(number)
    sentences = chance.randint(20, 200)
    extent = Extent(sentences * chance.uniform(40, 160), sentences, 2 * sentences, sentences * chance.uniform(0.2, 0.5))
    return extent, rate.expected_s(extent) * chance.gauss(1, 0.01)


VENDOR = SpeakingRate(13.0, 0, sentence_s=0.4, mark_s=0.25, pause_share=0.6)
SLOW_HEART = SpeakingRate(17.0, 0, sentence_s=0.0, mark_s=0.22, pause_share=1.0)


@pytest.mark.parametrize(
    ("voice", "truth"), [("elevenlabs:x", VENDOR), ("builtin:heart", SLOW_HEART)], ids=["vendor", "built-in"]
)
def test_a_pace_is_learned_from_a_few_episodes(voice: str, truth: SpeakingRate) -> None:
    off = {}
    for count in (0, ENOUGH, 30):
        rate = learned_rate(voice, 1.0, [sample(truth, number) for number in range(count)])
        assert rate.episodes == count
        assert rate.learned is (count >= ENOUGH)
        others = [sample(truth, number)[0] for number in range(100, 200)]
        off[count] = max(abs(rate.expected_s(extent) / truth.expected_s(extent) - 1) for extent in others)
    assert off[0] > 0.05
    assert off[ENOUGH] < 0.05
    assert off[30] < 0.025


def test_a_few_odd_episodes_do_not_lead_it_astray() -> None:
    odd = [(Extent(1_000, 10, 20, 3.0), 0.5), (Extent(900, 9, 0, 0.0), 4_000.0)]
    for samples in ([odd[0]] * 5, [odd[1]] * 5, odd):
        rate = learned_rate("elevenlabs:x", 1.0, samples)
        assert 0 < rate.characters_per_s < 100
        assert min(rate.sentence_s, rate.mark_s, rate.pause_share) >= 0
        assert rate.expected_s(Extent(1_000, 10, 10, 2.0)) > 1


@given(
    st.lists(st.tuples(st.floats(1, 1e6), st.integers(1, 9_999), st.floats(0, 1e4), st.floats(0.1, 1e6)), max_size=9)
)
def test_whatever_was_accepted_a_length_is_expected(rows: list[tuple[float, int, float, float]]) -> None:
    samples = [(Extent(characters, count, count, pauses_s), pauses_s + s) for characters, count, pauses_s, s in rows]
    rate = learned_rate("builtin:heart", 1.0, samples)
    assert 0 < rate.expected_s(Extent(500, 5, 5, 1.0)) < float("inf")


def test_a_first_guess_goes_by_the_speed() -> None:
    extent = Extent(1_000, 10, 10, 0.0)
    assert first_guess("builtin:heart", 1.2).expected_s(extent) == pytest.approx(
        first_guess("builtin:heart", 1.0).expected_s(extent) / 1.2
    )
    assert not first_guess("builtin:heart", 1.0).learned
    assert LEARNED_FROM > ENOUGH


def test_a_body_in_syllables_is_plausible_at_the_length_that_it_takes() -> None:
    chinese = utterances("我们今天谈谈时间的历史、以及人们怎样测量它。" * 20)
    characters = len(chinese[0].text)
    shortest_s, longest_s = plausible(first_guess("elevenlabs:x", 1.0), chinese)
    for a_second in (4.0, 5.5):
        assert shortest_s < characters / a_second < longest_s
    # Half of an English text is not the whole of it.
    english = utterances("This is a sentence of quite an ordinary length, as they come." * 20)
    shortest_s, longest_s = plausible(first_guess("elevenlabs:x", 1.0), english)
    assert shortest_s < len(english[0].text) / 15 < longest_s
    assert len(english[0].text) / 2 / 15 < shortest_s
