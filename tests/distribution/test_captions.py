import io
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import jsonschema
import pysubs2
import pytest
import webvtt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studio.distribution import transcripts
from studio.distribution.captions import captions
from studio.distribution.timeline import Sentence, sentences, spread
from studio.domain.errors import ExportError
from studio.domain.hearing import Match, TimedWord
from studio.domain.release import Release
from studio.domain.sound import Span
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance

Make = Callable[..., Release]
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SEGMENTS = {
    "type": "object",
    "required": ["version", "segments"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "1.0.0"},
        "segments": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["speaker", "startTime", "endTime", "body"],
                "additionalProperties": False,
                "properties": {
                    "speaker": {"type": "string", "minLength": 1},
                    "startTime": {"type": "number", "minimum": 0},
                    "endTime": {"type": "number", "exclusiveMinimum": 0},
                    "body": {"type": "string", "minLength": 1},
                },
            },
        },
    },
}


def shown(release: Release) -> str:
    """The cues' text in one line."""
    cues = transcripts.vtt_cues(sentences(release), release.master.sound.duration_s)
    return " ".join(cue.text for cue in cues)


def one_utterance(make: Make, text: str, spoken: str) -> Release:
    """A release whose only utterance is all of `text`, of which the words in `spoken` are said."""
    words, at = [], 0
    for word in spoken.split():
        at = text.index(word, at)
        words.append(SpokenWord(word, at, at + len(word)))
        at += len(word)
    form = SpokenForm("T", (Utterance(spoken, 0, len(text), tuple(words)),), ())
    return make(text, spoken=form, audio=False)


def test_the_words_are_the_scripts_own(make_release: Make) -> None:
    assert shown(make_release(audio=False)) == (
        "The Long Walk It began in 1596, on a cold road. “Nobody,” she said, “walks to Rome in winter!” Setting"
        " out They left at 3:30 PM with $5.20, two loaves and one good map. No. Not one: two. The rest of the way is"
        " told by a diary which, although it was written by a tired hand, late at night and in poor light, leaves out"
        " nothing that a careful reader would wish to know of such a journey. The end They arrived. Dr. Smith’s dog"
        " barked."
    )


@pytest.mark.parametrize(
    ("source", "spoken", "read"),
    [
        ("a **very** _big_ `cat`", "a very big cat", "a very big cat"),
        ("the ~~old~~ snake_case [name](http://x.y 'z')", "the old snake_case name", "the old snake_case name"),
        ('see [this][ref] and ![art](a.png "b")', "see this and art", "see this and art"),
        ('wait <break time="1s"/> here<!-- no -->', "wait here", "wait here"),
        ("as shown[^3] at https://example.org/x?y=z today", "as shown at today", "as shown at today"),
        ("go 🚀👩‍👩‍👧 now ✅", "go now", "go now"),
        ("20°C © 2024 R&D 5 < 6", "20°C © 2024 R&D 5 < 6", "20°C © 2024 R&D 5 < 6"),
        ("one\ntwo\n> three", "one two three", "one two three"),
        ("well — no - yes", "well no yes", "well — no - yes"),
        ("half \ud800 \x00done\u202e", "half done", "half \ufffd done"),
        (r"5 \* 3 \_ok\_", "5 3 ok", "5 * 3 _ok_"),
        ("a*b", "a*b", "a*b"),  # what is spoken is never taken out
    ],
)
def test_markup_and_what_is_not_spoken_is_not_shown(make_release: Make, source: str, spoken: str, read: str) -> None:
    assert shown(one_utterance(make_release, source, spoken)) == read


def test_an_added_sentence_is_shown_as_it_is_spoken(make_release: Make) -> None:
    form = SpokenForm("T", (Utterance("Welcome back.", 0, 0, ()), Utterance("Hello.", 0, 6, ())), ())
    assert shown(make_release("Hello.", spoken=form, audio=False)) == "Welcome back. Hello."


def test_words_stand_at_their_times(make_release: Make) -> None:
    release = make_release(audio=False)
    by_place = {word.source_start: word for word in release.words}
    pieces = {piece.text: piece for sentence in sentences(release) for piece in sentence.pieces}
    rome = by_place[release.script_text.index("Rome")]
    assert (pieces["Rome"].start_s, pieces["Rome"].end_s) == (rome.start_s, rome.end_s)
    year = [word for word in release.words if word.source_start == release.script_text.index("1596")]
    assert len(year) == 3  # three spoken words, one written one
    assert (pieces["1596,"].start_s, pieces["1596,"].end_s) == (year[0].start_s, year[2].end_s)


def test_several_written_words_share_the_time_of_a_spoken_one(make_release: Make) -> None:
    form = SpokenForm("T", (Utterance("in New York.", 0, 12, (SpokenWord("in", 0, 2), SpokenWord("ny", 3, 11))),), ())
    words = (TimedWord("in", 0, 2, 1.0, 1.5, Match.SAME), TimedWord("ny", 3, 11, 2.0, 3.0, Match.SAME))
    release = make_release("in New York.", spoken=form, audio=False, words=words)
    (sentence,) = sentences(release)
    assert [(piece.text, piece.start_s, piece.end_s) for piece in sentence.pieces] == [
        ("in", 1.0, 1.5),
        ("New", 2.0, pytest.approx(2.375)),
        ("York.", pytest.approx(2.375), 3.0),
    ]


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("words", [True, False])
def test_without_marks_or_words_times_still_go_forward(make_release: Make, marks: bool, words: bool) -> None:
    known = make_release(audio=False)
    release = make_release(audio=False, marks=None if marks else (), words=None if words else ())
    exact = sentences(known)
    for sentence, true in zip(sentences(release), exact, strict=True):
        assert sentence.span.start_s == pytest.approx(true.span.start_s, abs=0.2)
    pieces = [piece for sentence in sentences(release) for piece in sentence.pieces]
    assert all(piece.start_s <= piece.end_s for piece in pieces)
    assert all(one.end_s <= other.start_s for one, other in pairwise(pieces))


def test_a_word_heard_far_away_stays_in_its_sentence(make_release: Make) -> None:
    release = make_release(audio=False)
    astray = [
        TimedWord(word.text, word.source_start, word.source_end, 7.9, 8.0, Match.SAME) if number == 5 else word
        for number, word in enumerate(release.words)
    ]
    wrong = sentences(make_release(audio=False, words=astray))
    assert [sentence.span for sentence in wrong] == [sentence.span for sentence in sentences(release)]
    for sentence in wrong:
        assert all(sentence.span.start_s <= p.start_s <= p.end_s <= sentence.span.end_s for p in sentence.pieces)


def test_other_readers_read_what_was_written(make_release: Make, tmp_path: Path) -> None:
    text = "## A & B < c >\n\nMice & men --> {run} 1 < 2.\n\n" + "So it goes, again and again, for a long time. " * 9
    release = make_release(text, duration_s=40.0, audio=False)
    spoken = sentences(release)
    vtt_cues, srt_cues = transcripts.vtt_cues(spoken, 40.0), transcripts.srt_cues(spoken, 40.0)
    read = webvtt.from_string(transcripts.vtt(vtt_cues)).captions
    assert [(cue.start_time.in_milliseconds(), cue.end_time.in_milliseconds()) for cue in read] == [
        (cue.start_ms, cue.end_ms) for cue in vtt_cues
    ]
    assert all(len(line) <= 65 for cue in read for line in cue.lines)
    assert [cue.lines for cue in read] == [list(cue.lines) for cue in vtt_cues]
    (tmp_path / "t.srt").write_text(transcripts.srt(srt_cues))
    subtitles = pysubs2.load(str(tmp_path / "t.srt"))
    assert [(line.start, line.end) for line in subtitles] == [(cue.start_ms, cue.end_ms) for cue in srt_cues]
    assert [line.plaintext.split("\n") for line in subtitles] == [list(cue.lines) for cue in srt_cues]
    assert all(len(part) <= 32 for cue in srt_cues for part in cue.lines)
    document = json.loads(transcripts.json_transcript(vtt_cues))
    jsonschema.validate(document, SEGMENTS)
    assert " ".join(item["body"] for item in document["segments"]) == " ".join(text.replace("## ", "").split())


def test_cuts_fall_where_a_reader_breathes(make_release: Make) -> None:
    text = (
        "When I wrote the following pages, or rather the bulk of them, I lived alone, in the woods, a mile from any"
        " neighbor, in a house which I had built myself, on the shore of Walden Pond, in Concord, Massachusetts. I"
        " lived there two years."
    )
    release = make_release(text, duration_s=14.0, audio=False)
    cues = transcripts.vtt_cues(sentences(release), 14.0)
    assert all(cue.text.endswith((",", ".")) for cue in cues)
    assert cues[-1].text == "I lived there two years."


def test_short_sentences_share_a_cue_and_paragraphs_do_not(make_release: Make) -> None:
    text = "No. Yes. Why? Go.\n\nStop."
    cues = transcripts.vtt_cues(sentences(make_release(text, duration_s=2.0, audio=False)), 2.0)
    assert [cue.text for cue in cues] == ["No. Yes. Why? Go.", "Stop."]


def test_nothing_said_is_an_empty_transcript(make_release: Make) -> None:
    release = make_release("", audio=False)
    cues = transcripts.vtt_cues(sentences(release), 8.0)
    assert cues == ()
    assert transcripts.vtt(cues) == "WEBVTT\n"
    assert transcripts.srt(cues) == ""
    assert json.loads(transcripts.json_transcript(cues))["segments"] == []
    assert transcripts.text("T", sentences(release)) == "T\n=\n"


def test_text_has_the_paragraphs_and_headings_of_the_script(make_release: Make) -> None:
    release = make_release(audio=False)
    assert transcripts.text(release.title, sentences(release)) == (
        "The Long Walk\n=============\n\n"
        "It began in 1596, on a cold road. “Nobody,” she said, “walks to Rome in winter!”\n\n"
        "Setting out\n-----------\n\n"
        "They left at 3:30 PM with $5.20, two loaves and one good map. No. Not one: two.\n\n"
        "The rest of the way is told by a diary which, although it was written by a tired hand, late at night and in"
        " poor light, leaves out nothing that a careful reader would wish to know of such a journey.\n\n"
        "The end\n-------\n\nThey arrived.\n\nDr. Smith’s dog barked.\n"
    )


def test_too_little_sound_for_its_words_is_said(make_release: Make) -> None:
    with pytest.raises(ExportError, match="too short"):
        transcripts.vtt_cues(sentences(make_release("Word. " * 400, duration_s=0.001, audio=False)), 0.001)


spans = st.tuples(st.floats(-5, 200, allow_nan=False), st.floats(-5, 200, allow_nan=False)).map(
    lambda pair: Span(min(pair), max(pair))
)


@given(st.lists(st.tuples(st.integers(0, 50), st.none() | spans), max_size=20), spans)
def test_spread_goes_forward_and_stays_inside(items: list[tuple[int, Span | None]], whole: Span) -> None:
    placed = spread([length for length, _ in items], [known for _, known in items], whole)
    assert len(placed) == len(items)
    times = [whole.start_s, *(time for span in placed for time in (span.start_s, span.end_s)), whole.end_s]
    assert times == sorted(times)


texts = st.text(alphabet=st.sampled_from("abcdefgh é中🚀́\u200d,.!?—&<>{}-“”\n\u2028\ud800\x00"), max_size=400)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(100, 60_000), st.booleans(), st.booleans())
@example("x" * 399, 5000, True, True)
@example("a" + "\u0301" * 300, 5000, True, True)
@example("&" * 200 + " --> " + "<" * 100, 5000, True, True)
def test_any_text_becomes_cues_that_keep_the_rules(
    make_release: Make, text: str, milliseconds: int, marks: bool, words: bool
) -> None:
    duration_s = milliseconds / 1000
    release = make_release(
        text, duration_s=duration_s, audio=False, marks=None if marks else (), words=None if words else ()
    )
    spoken = sentences(release)
    written = "".join(piece.text for sentence in spoken for piece in sentence.pieces)
    for cues, width in ((transcripts.vtt_cues(spoken, duration_s), 65), (transcripts.srt_cues(spoken, duration_s), 32)):
        times = [0, *(time for cue in cues for time in (cue.start_ms, cue.end_ms))]
        assert times == sorted(times)
        assert times[-1] <= milliseconds
        assert all(cue.start_ms < cue.end_ms for cue in cues)
        assert all(1 <= len(cue.lines) <= 2 for cue in cues)
        assert all(line and line == line.strip() and len(line) <= width for cue in cues for line in cue.lines)
        assert "".join(cue.text for cue in cues).replace(" ", "") == written
    read = webvtt.from_buffer(io.StringIO(transcripts.vtt(transcripts.vtt_cues(spoken, duration_s)))).captions
    assert len(read) == len(transcripts.vtt_cues(spoken, duration_s))


def chapter_of_a_book() -> str:
    """A chapter of the corpus, or where there is none, prose enough of our own."""
    real = CORPUS / "walden--solitude.md"
    own = "## Alone\n\n" + "This is a delicious evening, when the whole body is one sense, and imbibes delight. " * 200
    return real.read_text("utf-8") if real.is_file() else own


def test_a_long_chapter_reads_well(make_release: Make) -> None:
    text = chapter_of_a_book()
    duration_s = len(text) / 16
    release = make_release(text, duration_s=duration_s, audio=False)
    spoken: tuple[Sentence, ...] = sentences(release)
    cues = transcripts.vtt_cues(spoken, duration_s)
    lengths = [cue.end_ms - cue.start_ms for cue in cues]
    at_a_break = sum(cue.text.rstrip("”’)")[-1:] in ",.;:!?—" for cue in cues)
    assert max(lengths) < 12_000
    assert sum(1000 <= length <= 8000 for length in lengths) / len(lengths) > 0.97
    assert at_a_break / len(cues) > 0.85
    assert captions(spoken, duration_s, 32)
