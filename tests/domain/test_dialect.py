# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""How pauses are told to a voice, and one text made of utterances."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.dialect import FEW_BREAKS, Composed, Dialect, Manner, compose, rendered, separator
from studio.domain.spoken import MarkKind, SpeechMark, Utterance

_VENDORS = (Dialect.BREAKS, Dialect.PAUSES, Dialect.PLAIN)


def said(text: str, pause_s: float = 0.25, *, heading: bool = False) -> Utterance:
    return Utterance(text, 0, len(text), (), pause_s, heading)


@pytest.mark.parametrize(
    ("pause_s", "sent"),
    [
        (0.0, " "),
        (0.25, " "),
        (0.6, "\n\n"),
        (1.0, "\n\n"),  # the voice's own pause at a paragraph will do
        (1.04, '\n<break time="1.0s" />\n'),
        (1.8, '\n<break time="1.8s" />\n'),
        (3.0, '\n<break time="3.0s" />\n'),
        (3.1, '\n<break time="3.0s" /><break time="0.1s" />\n'),
        (5.0, '\n<break time="3.0s" /><break time="2.0s" />\n'),
        (6.1, '\n<break time="3.0s" /><break time="3.0s" /><break time="0.1s" />\n'),
    ],
)
def test_breaks(pause_s: float, sent: str) -> None:
    assert separator(said("a", pause_s), Dialect.BREAKS, 0.6) == sent


@given(st.floats(1.01, 30.0))
def test_breaks_come_to_what_is_asked_and_none_is_too_long(pause_s: float) -> None:
    lengths = [
        float(found) for found in re.findall(r'time="([\d.]+)s"', separator(said("a", pause_s), Dialect.BREAKS, 0.6))
    ]
    assert sum(lengths) == pytest.approx(pause_s, abs=0.051)
    assert all(0 < length <= 3.0 for length in lengths)


def test_every_dialect_has_its_way() -> None:
    long, short = said("a", 2.0), said("a")
    assert separator(long, Dialect.PAUSES, 0.6) == "\n[pause]\n"
    assert separator(long, Dialect.PLAIN, 0.6) == "\n\n"
    assert separator(long, Dialect.UTTERANCES, 0.6) == ""
    assert {separator(short, dialect, 0.6) for dialect in Dialect if dialect is not Dialect.UTTERANCES} == {" "}
    # A heading is a paragraph however short its pause.
    assert separator(said("a", 0.1, heading=True), Dialect.PLAIN, 0.6) == "\n\n"


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 5))), st.sampled_from(_VENDORS))
def test_offsets_and_ends_point_to_the_utterances(rows: list[tuple[str, float]], dialect: Dialect) -> None:
    utterances = [said(text, pause_s) for text, pause_s in rows]
    manner = Manner(dialect, 0.6)
    composed = compose(utterances, manner)
    assert len(composed.offsets) == len(composed.ends) == len(utterances)
    for offset, end, utterance in zip(composed.offsets, composed.ends, utterances, strict=True):
        assert composed.text[offset:end] == rendered(utterance, manner)
        assert len(utterance.text) == end - offset
    if utterances:
        assert composed.ends[-1] == len(composed.text)
    assert compose(utterances, Manner(Dialect.UTTERANCES, 0.6)) == Composed("", (), ())


def marked(text: str, *marks: tuple[MarkKind, str, str, str]) -> Utterance:
    """Each mark as its kind, the words that it is about, its value, and what is written there."""
    placed = (
        SpeechMark(kind, text.index(words), text.index(words) + len(words), value, written)
        for kind, words, value, written in marks
    )
    return Utterance(text, 0, len(text), (), 0.25, marks=tuple(placed))


TOMATO = marked(
    "I really like tuh-may-toh’s red.",
    (MarkKind.EMPHASIS, "really", "strong", ""),
    (MarkKind.PHONEMES, "tuh-may-toh", "təˈmeɪtoʊ", "tomato"),
)


@pytest.mark.parametrize(
    ("manner", "sent"),
    [
        (
            Manner(Dialect.BREAKS, 0.6, phonemes=True),
            'I really like <phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomato</phoneme>’s red.',
        ),
        (Manner(Dialect.BREAKS, 0.6), "I really like tuh-may-toh’s red."),
        (Manner(Dialect.PAUSES, 0.6), "I REALLY like tuh-may-toh’s red."),
        (Manner(Dialect.PLAIN, 0.6), "I really like tuh-may-toh’s red."),
        (Manner(Dialect.UTTERANCES, 0.6), "I really like tuh-may-toh’s red."),
    ],
)
def test_marks_become_what_a_model_understands(manner: Manner, sent: str) -> None:
    assert rendered(TOMATO, manner) == sent
    before = said("Before it.")
    composed = compose([before, TOMATO], manner)
    if manner.dialect is not Dialect.UTTERANCES:
        assert composed.text == f"Before it. {sent}"
        assert (composed.offsets, composed.ends) == ((0, 11), (10, 11 + len(sent)))


@pytest.mark.parametrize(
    ("level", "words", "stressed"),
    [
        ("strong", "very", True),
        ("moderate", "very", True),
        ("reduced", "very", False),
        ("none", "very", False),
        ("strong", "a", False),
        ("strong", "word " * 12 + "word", False),
    ],
)
def test_only_a_few_words_are_stressed(level: str, words: str, stressed: bool) -> None:
    utterance = marked(f"- {words} .", (MarkKind.EMPHASIS, words, level, ""))
    sent = rendered(utterance, Manner(Dialect.PAUSES, 0.6))
    assert sent == (f"- {words.upper()} ." if stressed else f"- {words} .")


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=10), st.sampled_from(_VENDORS), st.booleans())
def test_nothing_in_a_script_can_become_a_tag(
    text: str, value: str, written: str, dialect: Dialect, phonemes: bool
) -> None:
    text += '<break time="3s" />[pause]<phoneme ph="x">&lt;'
    mark = SpeechMark(MarkKind.PHONEMES, 0, len(text) // 2, value, written)
    sent = rendered(Utterance(text, 0, 1, (), marks=(mark,)), Manner(dialect, 0.6, phonemes))
    tags = re.findall(r"<[^>]*>", sent)
    assert not set("[]&") & set(sent)
    assert sent.count("<") == sent.count(">") == len(tags) == (2 if phonemes else 0)
    assert all(re.fullmatch(r'<phoneme alphabet="ipa" ph="[^"<>]*">|</phoneme>', tag) for tag in tags)


def test_of_many_breaks_only_the_longest_stay() -> None:
    pauses_s = [1.2 + (number * 7 % 18) / 10 for number in range(20)]
    utterances = [said("a.", pause_s) for pause_s in pauses_s]
    few = compose(utterances, Manner(Dialect.BREAKS, 0.6, breaks=FEW_BREAKS))
    every = compose(utterances, Manner(Dialect.BREAKS, 0.6))
    gaps = [few.text[end:start] for end, start in zip(few.ends[:-1], few.offsets[1:], strict=True)]
    kept = [pause_s for gap, pause_s in zip(gaps, pauses_s, strict=False) if "<break" in gap]
    assert sorted(kept) == sorted(pauses_s[:-1])[-FEW_BREAKS:]
    assert {gap for gap in gaps if "<break" not in gap} == {"\n\n"}
    assert every.text.count("<break") == 19
    # As many as that are told as they always were.
    assert compose(utterances[:9], Manner(Dialect.BREAKS, 0.6, breaks=FEW_BREAKS)) == compose(
        utterances[:9], Manner(Dialect.BREAKS, 0.6)
    )
