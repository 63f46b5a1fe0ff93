"""How pauses are told to a voice, and one text made of utterances."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.dialect import Dialect, compose, separator
from studio.domain.spoken import Utterance


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


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 5))), st.sampled_from(list(Dialect)))
def test_offsets_point_to_the_utterances(rows: list[tuple[str, float]], dialect: Dialect) -> None:
    utterances = [said(text, pause_s) for text, pause_s in rows]
    composed = compose(utterances, dialect, 0.6)
    assert len(composed.offsets) == len(utterances)
    for offset, utterance in zip(composed.offsets, utterances, strict=True):
        assert composed.text.startswith(utterance.text, offset)
    if utterances:
        assert composed.text.endswith(utterances[-1].text)
        assert composed.offsets[-1] + len(utterances[-1].text) == len(composed.text)
