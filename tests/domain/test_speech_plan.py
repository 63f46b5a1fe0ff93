# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""The fewest calls, balanced, nothing lost, and keys that change with everything that changes the sound."""

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.speech_plan import CONTEXT_CHARACTERS, Chunk, Terms, plan_speech, plan_stretch
from studio.domain.spoken import MarkKind, SpeechMark, SpokenForm, Utterance
from studio.domain.voice import Manner, SpeechSettings, VoiceRef

BUILTIN = SpeechSettings(VoiceRef("builtin", "heart"), "model-1")
SETTINGS = SpeechSettings(VoiceRef("elevenlabs", "V1"), "flash", manner=Manner())
SENTENCE, PARAGRAPH = 0.25, 0.6


def terms(limit: int | None, **more: Any) -> Terms:
    values: dict[str, Any] = {"dialect": Dialect.BREAKS, "context": True, "paragraph_from_s": PARAGRAPH}
    return Terms(limit, "mp3_44100_128", **{**values, **more})


def said(text: str, pause_s: float = SENTENCE, *, heading: bool = False) -> Utterance:
    return Utterance(text, 0, len(text), (), pause_s, heading)


def form(*utterances: Utterance) -> SpokenForm:
    return SpokenForm("T", utterances, ())


def sentences(*lengths: int) -> SpokenForm:
    """Sentences of so many characters, with a space between them when they are sent."""
    return form(*(said("x" * length) for length in lengths))


def book(characters: int) -> SpokenForm:
    """Chapters of paragraphs of sentences of unlike lengths, that are sent as exactly so many characters."""
    utterances: list[Utterance] = []
    length = number = gap = 0
    while length < characters:
        number += 1
        if number % 180 == 1:
            utterance, gap = said(f"Chapter number {number}.", 0.9, heading=True), 2
        else:
            last = number % 7 == 0
            utterance, gap = said("Word " * (5 + number * 7 % 23) + "end.", PARAGRAPH if last else SENTENCE), 1 + last
        utterances.append(utterance)
        length += len(utterance.text) + gap
    over = length - gap - characters
    assert over < len(utterances[-1].text)
    return form(*utterances[:-1], replace(utterances[-1], text=utterances[-1].text[: -over or None]))


def test_one_call_up_to_the_limit_and_two_beyond() -> None:
    at_limit, beyond = book(40_000), book(40_001)
    (whole,) = plan_speech(at_limit, SETTINGS, terms(40_000))
    assert whole.characters == len(whole.text) == 40_000
    assert (whole.before, whole.after) == ("", "")
    chunks = plan_speech(beyond, SETTINGS, terms(40_000))
    assert len(chunks) == 2
    assert 18_000 < min(chunk.characters for chunk in chunks) <= max(chunk.characters for chunk in chunks) < 22_000
    assert len(plan_speech(beyond, SETTINGS, terms(None))) == 1
    assert plan_speech(form(), SETTINGS, terms(10)) == ()


def test_what_separates_utterances_counts() -> None:
    assert len(plan_speech(sentences(10, 10), SETTINGS, terms(21))) == 1
    assert len(plan_speech(sentences(10, 10), SETTINGS, terms(20))) == 2
    handed_over = terms(20, dialect=Dialect.UTTERANCES)
    assert len(plan_speech(sentences(10, 10), BUILTIN, handed_over)) == 1
    paused = form(said("x" * 10, 2.0), said("x" * 10))
    assert len(plan_speech(paused, SETTINGS, terms(21))) == 2
    assert len(plan_speech(paused, SETTINGS, terms(22 + len('<break time="2.0s" />')))) == 1


def test_a_long_text_in_four_of_about_the_same_length() -> None:
    chunks = plan_speech(book(138_988), SETTINGS, terms(40_000))
    assert len(chunks) == 4
    mean = sum(chunk.characters for chunk in chunks) / 4
    assert all(abs(chunk.characters / mean - 1) < 0.15 for chunk in chunks)
    for before, after in pairwise(chunks):
        assert after.utterances[0].heading or before.utterances[-1].pause_after_s == PARAGRAPH


def first_of_second(*utterances: Utterance, limit: int) -> str:
    _, second = plan_speech(form(*utterances), SETTINGS, terms(limit))
    return second.utterances[0].text


def test_cuts_fall_before_headings_then_behind_paragraphs_then_between_sentences() -> None:
    body = [said(f"{number:0100}") for number in range(20)]
    middle = body[10].text
    assert first_of_second(*body, limit=1_500) == middle
    paragraph = [*body[:8], replace(body[8], pause_after_s=PARAGRAPH), *body[9:]]
    assert first_of_second(*paragraph, limit=1_500) == body[9].text
    titled = [*paragraph[:11], replace(body[11], heading=True), *body[12:]]
    assert first_of_second(*titled, limit=1_500) == body[11].text
    # A heading stays with what follows it, be that another heading.
    double = [*body[:9], replace(body[9], heading=True), replace(body[10], heading=True), *body[11:]]
    assert first_of_second(*double, limit=1_500) == body[9].text
    # Balance goes before: a paragraph that ends at a fifth of the text is no place.
    early = [*body[:3], replace(body[3], pause_after_s=PARAGRAPH), *body[4:]]
    assert first_of_second(*early, limit=1_700) == middle


def test_a_call_that_is_full_to_the_last_character_is_a_choice() -> None:
    title = said("b" * 10, heading=True)
    assert first_of_second(said("a" * 11), title, said("c" * 10), limit=22) == title.text


def test_no_cut_falls_into_a_tag_and_the_last_pause_is_not_sent() -> None:
    spoken = form(*(said(f"Sentence {number}.", 4.2) for number in range(300)))
    chunks = plan_speech(spoken, SETTINGS, terms(2_000))
    assert len(chunks) > 5
    tags = '<break time="3.0s" /><break time="1.2s" />'
    for chunk in chunks:
        assert chunk.text == f"\n{tags}\n".join(utterance.text for utterance in chunk.utterances)
        assert chunk.pauses_s == pytest.approx(4.2 * (len(chunk.utterances) - 1))


def test_each_part_is_told_of_its_neighbours() -> None:
    spoken = form(*(said(f"This is sentence number {number} of them all.") for number in range(100)))
    texts = [utterance.text for utterance in spoken.utterances]
    chunks = plan_speech(spoken, SETTINGS, terms(1_500))
    assert (chunks[0].before, chunks[-1].after) == ("", "")
    for left, right in pairwise(chunks):
        assert left.after == " ".join(texts[right.first : right.first + left.after.count(".")])
        assert right.before == " ".join(texts[left.last - right.before.count(".") : left.last])
        for context in (left.after, right.before):
            assert CONTEXT_CHARACTERS - 45 < len(context) <= CONTEXT_CHARACTERS
    silent = plan_speech(spoken, SETTINGS, terms(1_500, context=False))
    assert [(chunk.first, chunk.last) for chunk in silent] == [(chunk.first, chunk.last) for chunk in chunks]
    assert not any(chunk.before or chunk.after for chunk in silent)


def test_a_long_neighbour_is_told_in_part_and_in_whole_words() -> None:
    long = " ".join(f"word{number}" for number in range(1_000, 1_200))
    _, middle, _ = plan_speech(form(said(long), said("Middle."), said(long)), SETTINGS, terms(len(long)))
    assert middle.text == "Middle."
    assert long.endswith(" " + middle.before)
    assert long.startswith(middle.after + " ")
    assert 380 < len(middle.before) <= CONTEXT_CHARACTERS
    assert 380 < len(middle.after) <= CONTEXT_CHARACTERS
    _, after_one_word = plan_speech(form(said("x" * 900), said("End.")), SETTINGS, terms(900))
    assert after_one_word.before == "x" * CONTEXT_CHARACTERS


def fewest(lengths: list[int], gap: int, limit: int) -> int:
    """The fewest runs under the limit, by trying every last cut (quadratic, and nothing like what is tested)."""
    ends = [0, *accumulate(length + gap for length in lengths)]
    least = [0]
    for last in range(1, len(lengths) + 1):
        fits = [first for first in range(last) if ends[last] - ends[first] - gap <= limit]
        least.append(1 + min(least[first] for first in fits))
    return least[-1]


@given(
    st.lists(
        st.tuples(st.integers(1, 300), st.sampled_from([0.0, SENTENCE, PARAGRAPH]), st.booleans()),
        min_size=1,
        max_size=80,
    ),
    st.integers(300, 3_000),
    st.sampled_from(list(Dialect)),
)
def test_everything_is_said_once_in_order_in_the_fewest_calls(
    rows: list[tuple[int, float, bool]], limit: int, dialect: Dialect
) -> None:
    spoken = form(*(said("x" * length, pause_s, heading=heading) for length, pause_s, heading in rows))
    chunks = plan_speech(spoken, SETTINGS, terms(limit, dialect=dialect))
    assert [utterance for chunk in chunks for utterance in chunk.utterances] == list(spoken.utterances)
    assert [chunk.first for chunk in chunks] == [0, *(chunk.last for chunk in chunks[:-1])]
    assert chunks[-1].last == len(rows)
    assert all(0 < chunk.characters <= limit for chunk in chunks)
    for chunk in chunks:
        if dialect is not Dialect.UTTERANCES:
            assert len(chunk.offsets) == len(chunk.utterances)
            for offset, utterance in zip(chunk.offsets, chunk.utterances, strict=True):
                assert chunk.text.startswith(utterance.text, offset)


# Small numbers, so that calls are often full to the last character.
@given(st.lists(st.integers(1, 8), min_size=1, max_size=60), st.integers(8, 30))
def test_no_plan_has_fewer_calls(lengths: list[int], limit: int) -> None:
    assert len(plan_speech(sentences(*lengths), SETTINGS, terms(limit))) == fewest(lengths, 1, limit)


@given(st.lists(st.integers(20, 200), min_size=200, max_size=300), st.integers(3_000, 9_000))
def test_calls_are_of_about_the_same_length(lengths: list[int], limit: int) -> None:
    chunks = plan_speech(sentences(*lengths), SETTINGS, terms(limit))
    sizes = [chunk.characters for chunk in chunks]
    mean = sum(sizes) / len(sizes)
    # Within the longest sentence of each other's ends, where the limit leaves them room to be moved.
    if mean + 200 < limit:
        assert all(abs(size - mean) <= 200 for size in sizes)


def test_even_without_room_for_choice_there_is_a_plan() -> None:
    full = sentences(*[999, 1_000] * 50)
    chunks = plan_speech(full, SETTINGS, terms(1_000))
    assert [chunk.last - chunk.first for chunk in chunks] == [1] * 100
    # What is too long for any call is a call of its own: the vendor will say so.
    assert [chunk.characters for chunk in plan_speech(sentences(5, 30, 5), SETTINGS, terms(20))] == [5, 30, 5]


def test_a_million_characters_are_planned_at_once() -> None:
    """Not by the clock: the work must not grow with the square of the number of utterances."""
    spoken = sentences(*[4] * 200_000)
    chunks = plan_speech(spoken, SETTINGS, terms(400_000))
    assert [chunk.characters for chunk in chunks] == pytest.approx([333_333] * 3, abs=3_000)


# Keys


def test_the_keys_of_the_builtin_voice_are_what_they_were() -> None:
    """Computed by the first version that kept keys: sound made then must be found for ever."""
    spoken = form(
        Utterance("The lamp.", 0, 8, (), 0.9, heading=True),
        Utterance("It was lit — “at dusk” — in sixteen ninety-eight.", 10, 60, (), 0.25),
        Utterance("It burned sixty candles.", 61, 85, (), 0.0),
    )
    heart = SpeechSettings(VoiceRef("builtin", "heart"), "hibari-0.2.1", 7, 1.1)
    (chunk,) = plan_speech(spoken, heart, Terms(None, "flac_24000"))
    assert chunk.key == "48171b98413ad0c3c9361189205fed9ee28d622685481037e665c7075128df09"
    assert chunk.text == ""


ONE = form(said("Hello there."), said("This is it."))


def key(spoken: SpokenForm = ONE, settings: SpeechSettings = SETTINGS, given: Terms | None = None) -> str:
    (chunk,) = plan_speech(spoken, settings, given or terms(None))
    return chunk.key


def test_the_key_changes_with_everything_that_changes_the_sound() -> None:
    others = {
        key(form(said("Hello there!"), *ONE.utterances[1:])),
        key(form(said("Hello there.", PARAGRAPH), *ONE.utterances[1:])),
        key(form(said("Hello there.", 2.0), *ONE.utterances[1:])),
        key(settings=replace(SETTINGS, voice=VoiceRef("elevenlabs", "V2"))),
        key(settings=replace(SETTINGS, voice=VoiceRef("another", "V1"))),
        key(settings=replace(SETTINGS, model="multilingual")),
        key(settings=replace(SETTINGS, seed=1)),
        key(settings=replace(SETTINGS, speed=1.1)),
        key(settings=replace(SETTINGS, manner=None)),
        *(
            key(settings=replace(SETTINGS, manner=manner))
            for manner in (
                Manner(stability=0.4),
                Manner(similarity=0.8),
                Manner(style=0.1),
                Manner(speaker_boost=False),
                Manner(language="en"),
                Manner(normalisation="off"),
                Manner(dictionaries=("D1",)),
                Manner(dictionaries=("D1:2",)),
            )
        ),
        key(given=replace(terms(None), audio_format="mp3_44100_192")),
    }
    assert len(others) == 18
    assert key() not in others


def test_the_key_stays_with_what_does_not_change_the_sound() -> None:
    assert key() == key(given=terms(40_000, context=False))
    # Where the text stands in its source, and what it is called there.
    assert key() == key(form(*(replace(utterance, start=40, end=60) for utterance in ONE.utterances)))
    assert key() == key(replace(ONE, title="Another title"))
    # The silence behind the last one is added where chunks are joined.
    assert key() == key(form(ONE.utterances[0], replace(ONE.utterances[1], pause_after_s=3.0)))
    # A whole number is the same number.
    assert key(settings=replace(SETTINGS, manner=Manner(stability=1.0))) == key(
        settings=replace(SETTINGS, manner=Manner(stability=1))
    )
    assert key(settings=replace(SETTINGS, speed=1)) == key()


def test_the_key_changes_with_the_neighbours_where_the_voice_hears_of_them() -> None:
    def middle(first: str, **more: Any) -> Chunk:
        spoken = form(said(first * 20), said("m" * 20), said("z" * 20))
        return plan_speech(spoken, SETTINGS, terms(20, **more))[1]

    assert middle("a").text == middle("b").text
    assert middle("a").key != middle("b").key
    assert middle("a", context=False).key == middle("b", context=False).key


def test_a_stretch_is_planned_alone_with_what_lies_around_it_as_its_context() -> None:
    spoken = form(
        said("One two three."), said("Four five."), said("Six.", PARAGRAPH), said("Seven eight."), said("Nine.")
    )
    (chunk,) = plan_stretch(spoken, 1, 3, SETTINGS, terms(40_000))
    assert (chunk.first, chunk.last, chunk.text, chunk.offsets) == (1, 3, "Four five. Six.", (0, 11))
    assert (chunk.before, chunk.after) == ("One two three.", "Seven eight. Nine.")
    assert plan_stretch(spoken, 2, 2, SETTINGS, terms(40_000)) == ()
    # The whole of it is what it always was, under the keys that it always had.
    assert plan_stretch(spoken, 0, 5, SETTINGS, terms(30)) == plan_speech(spoken, SETTINGS, terms(30))
    # What would be the same sound has the same key wherever it stands; another take is another sound.
    plain = terms(40_000, context=False)
    (alone,) = plan_speech(form(*spoken.utterances[1:3]), SETTINGS, plain)
    (inside,) = plan_stretch(spoken, 1, 3, SETTINGS, plain)
    (again,) = plan_stretch(spoken, 1, 3, replace(SETTINGS, seed=1), plain)
    assert alone.key == inside.key != again.key


def test_a_stretch_beyond_the_limit_is_cut_too() -> None:
    spoken = sentences(100, 90, 80, 70, 60)
    chunks = plan_stretch(spoken, 1, 4, SETTINGS, terms(180))
    assert [(chunk.first, chunk.last) for chunk in chunks] in ([(1, 2), (2, 4)], [(1, 3), (3, 4)])
    assert all(len(chunk.text) <= 180 for chunk in chunks)


# What went out, and under which keys it was paid, before there were marks: neither may ever change.
GOLDEN = form(
    said("Part two.", 0.9, heading=True),
    said("In eighteen forty-five Mister Smith paid five dollars to Win’s dog.", 1.8),
    said("Then he left and came.", PARAGRAPH),
    said("talk.", 4.0),
    said("The end, by a less than b.", 0.0),
)
GOLDEN_TEXT = """Part two.

In eighteen forty-five Mister Smith paid five dollars to Win’s dog.
<break time="1.8s" />
Then he left and came.

talk.
<break time="3.0s" /><break time="1.0s" />
The end, by a less than b."""


@pytest.mark.parametrize(
    ("dialect", "key"),
    [
        (Dialect.UTTERANCES, "6fe9469e7718039300cf17b0e69246e9d417424158b1b28b70ae4ccc0b79b2c4"),
        (Dialect.BREAKS, "f09e3cd8016fbbe460acfeb82432e083e708fc77057941d3b77d357e29cb560b"),
        (Dialect.PAUSES, "6463ae6c53d09566441dd099c4e13de9dac3e6bc8afecc47a36268243aae5c44"),
        (Dialect.PLAIN, "4a9e630b5c0c546fc871bd7de112dff9d0ad7422cdcf02d629d6cf88199a23e6"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"phonemes": True, "breaks": 8}])
def test_without_marks_the_keys_are_those_of_the_first_release(
    dialect: Dialect, key: str, more: dict[str, Any]
) -> None:
    own = dialect is Dialect.UTTERANCES
    (chunk,) = plan_speech(GOLDEN, BUILTIN if own else SETTINGS, terms(None, dialect=dialect, context=not own, **more))
    assert chunk.key == key
    if dialect is Dialect.BREAKS:
        assert chunk.text == GOLDEN_TEXT


def test_with_marks_the_key_differs_by_what_is_sent() -> None:
    plain = said("I like tuh-may-toh red.")
    sound = replace(plain, marks=(SpeechMark(MarkKind.PHONEMES, 7, 18, "təˈmeɪtoʊ", "tomato"),))
    other = replace(plain, marks=(SpeechMark(MarkKind.PHONEMES, 7, 18, "təˈmɑːtəʊ", "tomato"),))
    stress = replace(plain, marks=(SpeechMark(MarkKind.EMPHASIS, 2, 6, "strong"),))

    def keys(**more: Any) -> list[str]:
        how = BUILTIN if more["dialect"] is Dialect.UTTERANCES else SETTINGS
        return [plan_speech(form(each), how, terms(None, **more))[0].key for each in (plain, sound, other, stress)]

    first, second, third, fourth = keys(dialect=Dialect.UTTERANCES)
    assert len({first, second, third}) == 3
    assert fourth == first  # the built-in voice does not emphasise
    first, second, third, fourth = keys(dialect=Dialect.BREAKS, phonemes=True)
    assert len({first, second, third}) == 3
    assert fourth == first
    first, second, third, fourth = keys(dialect=Dialect.BREAKS)
    assert first == second == third == fourth
    first, second, third, fourth = keys(dialect=Dialect.PAUSES)
    assert first == second == third != fourth


def test_tags_count_against_the_limit_and_neighbours_have_none() -> None:
    mark = SpeechMark(MarkKind.PHONEMES, 0, 10, "ˈnaɪki", "Nike")
    spoken = form(*(replace(said("x" * 20), marks=(mark,)) for _ in range(40)))
    chunks = plan_speech(spoken, SETTINGS, terms(400, phonemes=True))
    assert len(chunks) > 3
    for chunk in chunks:
        assert len(chunk.text) <= 400
        assert chunk.text.count("<phoneme ") == chunk.text.count("</phoneme>") == len(chunk.utterances)
        assert "<" not in chunk.before + chunk.after
