"""Times of characters become marks of utterances, or nothing: a wrong mark is worse than none."""

from itertools import pairwise
from typing import Any

import pytest

from studio.domain.dialect import Dialect, Manner, compose
from studio.domain.speech_plan import Chunk
from studio.voices.elevenlabs_marks import Marks
from tests.voices.customers import SENTENCES, utterances


def alignment_of(characters: Any, starts: Any, ends: Any) -> dict[str, Any]:
    """As it comes."""
    return {
        "characters": characters,
        "character_start_times_seconds": starts,
        "character_end_times_seconds": ends,
    }


def chunk_of(*texts: str, pause_s: float = 0.3, first: int = 0) -> Chunk:
    inside = utterances(*texts, pause_s=pause_s)
    composed = compose(inside, Manner(Dialect.BREAKS, 0.26))
    return Chunk(first, first + len(inside), inside, "key", composed.text, composed.offsets, ends=composed.ends)


def times(text: str, at_s: float = 0.0, step_s: float = 0.1) -> dict[str, Any]:
    starts = [at_s + place * step_s for place in range(len(text))]
    return alignment_of(list(text), starts, [start + step_s for start in starts])


def spans(chunk: Chunk, *alignments: object) -> list[tuple[float, float]]:
    marks = Marks(chunk)
    for alignment in alignments:
        marks.follow(alignment)
    return [(mark.start_s, mark.end_s) for mark in marks.marks()]


def test_each_utterance_has_its_mark_in_source_and_sound() -> None:
    chunk = chunk_of(*SENTENCES, first=7)
    marks = Marks(chunk)
    marks.follow(times(chunk.text))
    assert marks.share == 1.0
    assert [(mark.utterance, mark.source_start, mark.source_end) for mark in marks.marks()] == [
        (7, 0, 30),
        (8, 40, 83),
        (9, 93, 114),
    ]
    for mark, offset, text in zip(marks.marks(), chunk.offsets, SENTENCES, strict=True):
        assert mark.start_s == pytest.approx(offset * 0.1)
        assert mark.end_s == pytest.approx((offset + len(text)) * 0.1)


def test_it_comes_in_any_parts() -> None:
    chunk = chunk_of(*SENTENCES)
    whole = spans(chunk, times(chunk.text))
    for size in (1, 7, 29, 30, 31, 32, 33):
        parts = [times(chunk.text[at : at + size], at * 0.1) for at in range(0, len(chunk.text), size)]
        got = spans(chunk, None, *parts, None)
        assert [pytest.approx(span) for span in whole] == got


@pytest.mark.parametrize("between", ["", " ", "\n", "  \n "])
def test_what_stands_between_may_be_missing_or_other_white_space(between: str) -> None:
    chunk = chunk_of(*SENTENCES, pause_s=1.5)
    assert "<break" in chunk.text
    got = spans(chunk, times(between.join(SENTENCES)))
    assert len(got) == 3
    for (_, end_s), (start_s, _) in pairwise(got):
        assert start_s - end_s == pytest.approx(0.1 * len(between))


def test_the_tags_themselves_may_be_there() -> None:
    chunk = chunk_of(*SENTENCES, pause_s=1.5)
    assert len(spans(chunk, times(chunk.text))) == 3


@pytest.mark.parametrize(
    "text", ["The tide comes in", "The tides come in twice a day.", "Something else", " ".join(SENTENCES) + " More."]
)
def test_other_words_give_no_marks(text: str) -> None:
    assert spans(chunk_of(*SENTENCES), times(text)) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"characters": None},
        {"characters": "The tide"},
        {"characters": [1, 2]},
        {"character_start_times_seconds": [0.0]},
        {"character_start_times_seconds": None},
        {"character_end_times_seconds": ["0"] * 30},
        {"character_end_times_seconds": [0.0] * 30},
        {"character_start_times_seconds": [float("nan")] * 30},
        {"character_end_times_seconds": [float("inf")] * 30},
        {"character_start_times_seconds": [3.0 - place * 0.1 for place in range(30)]},
        {"character_start_times_seconds": [-1.0] * 30},
    ],
    ids=str,
)
def test_times_that_cannot_be_give_no_marks(broken: dict[str, object]) -> None:
    chunk = chunk_of(SENTENCES[0])
    alignment = times(chunk.text)
    assert spans(chunk, alignment)
    for name, value in broken.items():
        alignment[name] = value
    assert spans(chunk, alignment) == []


def test_times_that_start_anew_with_each_part_give_no_marks() -> None:
    chunk = chunk_of(*SENTENCES)
    assert spans(chunk, *(times(chunk.text[at : at + 20]) for at in range(0, len(chunk.text), 20))) == []


def test_no_times_at_all_give_no_marks() -> None:
    assert spans(chunk_of(*SENTENCES), None, None) == []
    assert spans(chunk_of(*SENTENCES), object()) == []
