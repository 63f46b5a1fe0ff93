"""The parts of the second look: what is heard again, what a witness says, how sure it makes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from studio.audio.mono import RATE_HZ, Mono
from studio.domain.errors import AudioError
from studio.domain.hearing import HeardWord
from studio.domain.sound import Span
from studio.quality.align import Piece, compare
from studio.quality.cascade import Ruling
from studio.quality.certainty import Evidence, sure
from studio.quality.doubts import Doubt, Place, places
from studio.quality.ears import load
from studio.quality.kept_sound import KeptSound
from studio.quality.links import Kind
from studio.quality.pace import Pace
from studio.quality.second_hearing import SecondHearing
from studio.quality.weighing import Choice, FirstEars
from studio.quality.witness import LONGEST_S, Statement, Witness
from studio.quality.wordings import alike, is_added, letters
from tests.quality.quality_speech import Part, form, mono_of, silence, speak


def pieces(count: int, wrong: set[int], length_s: float = 0.5) -> list[Piece]:
    """Words of half a second, one after the other; every fifth is followed by a breath."""
    return [
        Piece(
            Kind.MISREAD if index in wrong else Kind.SAME,
            (index, index + 1),
            (index, index + 1),
            index * length_s,
            (index + (0.6 if index % 5 == 4 else 0.95)) * length_s,
        )
        for index in range(count)
    ]


def test_a_doubt_is_heard_with_its_phrase() -> None:
    (place,) = places(pieces(60, {31}), [], 30.0, 0.98)
    assert (place.first, place.last) == (25, 35)  # from breath to breath
    assert place.first * 0.5 - 0.3 < place.span.start_s < place.first * 0.5
    assert place.span.end_s == pytest.approx(17.4, abs=0.2)


def test_neighbours_are_heard_together_and_others_are_not() -> None:
    found = places(pieces(200, {30, 33, 120}), [150], 100.0, 0.98)
    assert [len(place.doubts) for place in found] == [2, 1, 1]
    assert [place.doubts[0].slow for place in found] == [False, False, True]
    assert all(place.span.length_s < LONGEST_S for place in found)


def test_what_was_ruled_too_many_is_not_asked_again_on_the_other_side_of_its_like() -> None:
    ruling = Ruling((40, 40), 1.0, more=7)  # seven words that were said twice
    assert ruling.touches(33, 33)
    assert ruling.touches(47, 47)
    assert not ruling.touches(31, 32)
    assert not Ruling((40, 41), 1.0).touches(33, 33)


def test_hopeless_sound_is_not_heard_twice() -> None:
    everything = pieces(4_000, set(range(0, 4_000, 2)))
    heard_again = sum(place.span.length_s for place in places(everything, [], 2_000.0, 0.3))
    assert 0 < heard_again <= 20


@pytest.mark.parametrize("length_s", [70.0, 200.0])
def test_a_long_doubt_is_heard_in_parts(length_s: float) -> None:
    end = 2.0 + length_s
    long = [*pieces(4, set()), Piece(Kind.EXTRA, (4, 4), (4, 90), 2.0, end)]
    long += [replace(piece, start_s=piece.start_s + end, end_s=piece.end_s + end) for piece in pieces(900, set())]
    (place,) = places(long, [], end + 450, 0.7)
    parts = place.parts(long)
    assert all(0 < part.length_s <= LONGEST_S for part in parts)
    assert parts[0].start_s == place.span.start_s
    assert parts[-1].end_s == place.span.end_s
    assert all(one.end_s == two.start_s for one, two in pairwise(parts))


def test_what_is_kept_can_be_had_again_anywhere() -> None:
    sound = np.sin(np.arange(10 * RATE_HZ) * 0.01).astype(np.float32)
    sound[20_000:20_100] = 1.5  # decoders run over
    spans = [Span(8, 9), Span(1, 3), Span(2, 4), Span(9.5, 12), Span(11, 12)]
    with KeptSound() as kept:
        for first in range(0, len(sound), 7_000):
            kept.feed(sound[first : first + 7_000])
        kept.finish()
        for span in spans:
            expected = np.clip(sound[round(span.start_s * RATE_HZ) : round(span.end_s * RATE_HZ)], -1, 1)
            assert np.allclose(kept.excerpt(span), expected, atol=1e-4)
            assert kept.excerpt(span).dtype == np.float32


def test_a_disk_that_refuses_the_sound_is_told_in_a_sentence() -> None:
    resource = pytest.importorskip("resource")
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with KeptSound() as kept:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, most[1]))
        try:
            with pytest.raises(AudioError, match="could not be kept"):
                kept.feed(np.zeros(RATE_HZ, np.float32))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)


def test_words_that_were_not_heard_are_why_it_takes_so_long() -> None:
    laid = pieces(60, set())
    assert [place.doubts for place in places(laid, [30], 30.0, 1.0)]
    lost = [replace(piece, kind=Kind.MISSING) if 33 <= at < 37 else piece for at, piece in enumerate(laid)]
    slow = [doubt for place in places(lost, [8, 30], 30.0, 0.95) for doubt in place.doubts if doubt.slow]
    assert [doubt.first for doubt in slow] == [8]


def test_words_that_sound_alike_need_more_to_be_a_fault() -> None:
    assert sure(Evidence(fit=-15, said=-1, alike=0.2)) > 0.95
    assert sure(Evidence(fit=-5, said=-1, alike=0.2)) < 0.1
    assert sure(Evidence(fit=-15, said=-1, alike=0.9)) < 0.1
    assert sure(Evidence(fit=-15, said=-1, alike=0.5, rare=True)) < sure(Evidence(fit=-15, said=-1, alike=0.5))


@pytest.mark.parametrize("rare", [False, True])
@pytest.mark.parametrize("figure", [False, True])
def test_the_better_the_script_fits_the_less_it_is_a_fault(rare: bool, figure: bool) -> None:
    # What fits well enough whatever else was heard is let go before that is asked.
    for how_alike in (0.0, 0.5, 0.8, 1.0):
        line = [sure(Evidence(fit, -1, how_alike, rare=rare, figure=figure)) for fit in range(-40, 10)]
        assert line == sorted(line, reverse=True)


def test_of_two_ears_the_one_that_sees_less_of_a_difference_decides() -> None:
    alone = Evidence(fit=-14, said=-1, alike=0.2)
    assert sure(replace(alone, first=-14)) > 0.9
    assert sure(replace(alone, first=-7)) == pytest.approx(0.5)
    assert sure(replace(alone, first=4)) < 0.01
    assert sure(replace(alone, fit=4, first=-14)) < 0.01


def test_each_strange_word_may_be_spelled_in_its_own_way() -> None:
    one = Evidence(fit=-30, said=-1, alike=0.85, rare=True)
    assert sure(one) > 0.9
    assert sure(replace(one, strange=7)) < 0.1
    assert sure(replace(one, alike=0.2, strange=7)) > 0.9  # other words are other words, however many


@pytest.mark.parametrize(
    ("script", "said", "added"),
    [("", "word", True), ("a", "are", False), ("a", "a real one", True), ("stupid", "it's just so stupid", True)],
)
def test_as_many_words_are_none_too_many(script: str, said: str, added: bool) -> None:
    assert is_added(script.split(), said.split()) is added


def test_accents_are_no_other_letters() -> None:
    assert letters(["Ìyá", "Ọ̀ṣun"]) == "iyaosun"
    assert alike(["Ìyá"], ["Iya"]) == 1


def test_words_too_many_need_time_and_a_second_hearing() -> None:
    assert sure(Evidence(fit=5, said=-0.5, alike=0, added=4)) > 0.95
    assert sure(Evidence(fit=5, said=-0.5, alike=0, added=4, room=0.1)) == 0
    assert sure(Evidence(fit=5, said=-0.2, alike=0, added=1, twice=False)) == 0
    assert sure(Evidence(fit=5, said=-4, alike=0, added=2)) < 0.1


def spoken_tone(lengths: list[float]) -> tuple[list[HeardWord], list[Piece], Mono]:
    """Eight words of such lengths, twenty that are as long as usual, and a tone that goes on for as long as all."""
    words = ["one", "fine", "day", "they", "learn", "how", "to", "walk", *(["again"] * 20)]
    heard, laid, at = [], [], 0.0
    for index, (word, length) in enumerate(zip(words, [*lengths, *([0.35] * 20)], strict=True)):
        heard.append(HeardWord(word, at, at + length, 1.0))
        laid.append(Piece(Kind.SAME, (index, index + 1), (index, index + 1), at, at + length))
        at += length
    return heard, laid, np.sin(np.arange(round(at * RATE_HZ)) * 0.1).astype(np.float32)


def test_a_word_that_takes_too_long_is_noticed() -> None:
    heard, laid, tone = spoken_tone([0.25, 0.3, 0.25, 0.3, 0.9, 0.25, 0.2, 0.3])
    pace = Pace()
    for first in range(0, len(tone), 5_001):
        pace.feed(tone[first : first + 5_001])
    pace.finish()
    assert pace.stretched(heard, laid) == [3]
    # A silence of that length is none of it.
    tone[round(1.2 * RATE_HZ) : round(1.9 * RATE_HZ)] = 0
    quiet = Pace()
    quiet.feed(tone)
    assert quiet.stretched(heard, laid) == []
    assert Pace().stretched(heard, laid) == []


def test_a_word_whose_bounds_are_wrong_is_not_too_long() -> None:
    heard, laid, tone = spoken_tone([0.25, 0.3, 0.15, 0.05, 1.0, 0.02, 0.1, 0.3])
    pace = Pace()
    pace.feed(tone)
    assert pace.stretched(heard, laid) == []  # its neighbours are as much too short


@pytest.fixture(scope="module")
def witness(cache: Path) -> Witness:
    return Witness(load("base", cache))


@pytest.fixture(scope="module")
def statement(witness: Witness) -> Statement:
    (part,) = speak(["Doctor Miller remembered how the children waved from the stone bridge."])
    return witness.listen(mono_of(part.clip), 100.0)


@pytest.mark.model
def test_the_witness_hears_for_itself(witness: Witness, statement: Statement) -> None:
    (heard,) = witness.heard([statement])
    assert " ".join(word.text for word in heard).lower().endswith("children waved from the stone bridge.")
    assert all(100 <= one.start_s <= two.start_s for one, two in pairwise(heard))
    assert statement.sounding_s(heard[0].start_s, heard[-1].end_s) > 2
    assert statement.sounding_s(0, 100) == 0


@pytest.mark.model
def test_stretches_side_by_side_are_heard_as_each_alone(witness: Witness, parts: list[Part]) -> None:
    statements = [witness.listen(mono_of(part.clip), 10.0 * number) for number, part in enumerate(parts)]
    together = witness.heard(statements)
    assert len(together) == len(parts) > 5
    for statement, heard in zip(statements, together, strict=True):
        (alone,) = witness.heard([statement])
        # How a processor rounds depends on how much it multiplies at once; a comma, and its pause, may hang on that.
        assert [word.text.strip(".,") for word in heard] == [word.text.strip(".,") for word in alone] != []
        apart_s = [abs(one.start_s - other.start_s) for one, other in zip(heard, alone, strict=True)]
        assert np.median(apart_s) < 0.05
        assert max(apart_s) < 0.3
    assert witness.heard([]) == []


class ShortOfBreath(Witness):
    """Writes only a few tokens of what is longer than ten seconds."""

    def _written(self, statements: Sequence[Statement]) -> list[list[int]]:
        all_of_it = super()._written(statements)
        return [
            tokens[:9] if statement.length_s > 10 else tokens
            for statement, tokens in zip(statements, all_of_it, strict=True)
        ]


@pytest.mark.model
def test_ears_that_break_off_go_on_from_there(cache: Path, parts: list[Part]) -> None:
    witness = ShortOfBreath(load("base", cache))
    sentences = [mono_of(np.concatenate((part.clip, silence(part.pause_s)))) for part in parts[3:6]]
    statement = witness.listen(np.concatenate(sentences), 50.0)
    assert statement.length_s > 10
    (heard,) = witness.heard([statement])
    said = " ".join(word.text.strip(".,").lower() for word in heard)
    assert "miller remembered how the children waved from the stone bridge nobody" in said
    assert said.count("nobody expected the storm") == 1
    assert said.endswith("lost their anchors and drifted away")
    assert all(one.start_s <= two.start_s for one, two in pairwise(heard))


@pytest.mark.model
def test_what_was_heard_to_its_end_is_not_asked_again(statement: Statement, witness: Witness) -> None:
    (heard,) = witness.heard([statement])
    assert statement.broken_off(heard) is None
    assert statement.broken_off(()) is None, "where nothing was heard there is no place to go on from"
    at = statement.broken_off(heard[:4])
    assert at is not None
    assert abs(at - heard[3].end_s) < 0.5
    behind = statement.broken_off([replace(heard[0], start_s=100.0, end_s=100.0)])
    assert behind is not None
    assert behind > 100.2, "or it never ends"


@pytest.mark.model
@pytest.mark.parametrize(
    ("heard_again", "least", "most"),
    [(slice(12), 0.9, 1.0), (slice(2), 0.5, 0.6), (slice(4, None), 0.5, 0.6)],
    ids=["all of it", "breaks off", "sets in behind"],
)
def test_ears_that_lost_a_part_are_no_second_hearing(
    witness: Witness, parts: list[Part], heard_again: slice, least: float, most: float
) -> None:
    said = mono_of(parts[4].clip)
    heard = [HeardWord(word, 0.3 * at, 0.3 * at + 0.25, 1.0) for at, word in enumerate(parts[4].text.split())]
    script = form(["Nobody expected every storm that came in the first week of October."])
    comparison = compare(script, heard, (), len(said) / RATE_HZ)
    (place,) = places(comparison.pieces, [], len(said) / RATE_HZ, 0.98)
    talk = SecondHearing(script, heard, comparison.pieces).outcomes(place, [witness.listen(said, 0.0)])
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(tuple(heard[place.first : place.last][heard_again]))
    (outcome,) = end.value.value
    assert outcome.grounds is None
    assert least <= outcome.sure <= most


@pytest.mark.model
def test_the_first_ears_weigh_it_too(statement: Statement) -> None:
    first = FirstEars(Witness(load("tiny.en", None)))
    before, after = ("the",), ("waved", "from", "the", "stone", "bridge.")
    right = Choice(("Doctor", "Miller", "remembered", "how", *before), ("children",), ("mountains",), after)
    wrong = replace(right, right=right.wrong, wrong=right.right)
    assert first.fit(statement, [right]) > 7
    assert first.fit(statement, [right, wrong]) == first.fit(statement, [wrong]) < -7


@pytest.mark.model
@pytest.mark.parametrize("wrong", ["mountains", "", "children children", "children and parents"])
def test_another_text_fits_worse_by_far(wrong: str, statement: Statement) -> None:
    before, after = ["Doctor", "Miller", "remembered", "how", "the"], ["waved", "from", "the", "stone", "bridge."]
    right = statement.score(before, ["children"], after)
    other = statement.score(before, wrong.split(), after)
    assert right.total - other.total > (7 if wrong != "children children" else 5)
    assert right.worst > -0.7
    assert right.total <= right.onwards <= right.total - other.total  # words before are as likely with either


@pytest.mark.model
def test_another_spelling_of_the_same_sound_does_not(statement: Statement) -> None:
    before, after = ["Dr.", "Miller", "remembered", "how", "the", "children"], ["from", "the", "stone", "bridge."]
    right, other = (statement.score(before, [word], after) for word in ("waved", "waived"))
    assert right.total - other.total < 7


@pytest.mark.model
@pytest.mark.parametrize("times", [1, 2])
def test_long_words_are_asked_whether_they_were_said_twice_with_what_is_beside_them(
    times: int, witness: Witness
) -> None:
    pair = "extraordinary circumstances,"
    (said,) = speak([f"Nobody was ready for {' '.join([pair] * times)} and so the council went home."])
    sound = mono_of(said.clip)
    (all_heard,) = witness.heard([witness.listen(sound, 0.0)])
    first = next(at for at, word in enumerate(all_heard) if word.text.lower().startswith("extraordinary"))
    last = next(at for at, word in enumerate(all_heard) if at > first and word.text == "and")
    # The first ears passed over the repetition.
    ends = HeardWord("circumstances,", all_heard[first + 1].start_s, all_heard[last - 1].end_s, 1.0)
    heard = [*all_heard[: first + 1], ends, *all_heard[last:]]
    script = form(["Nobody was ready for extraordinary circumstances, and so the council went home."])
    comparison = compare(script, heard, (), len(sound) / RATE_HZ)
    span = Span(heard[first].start_s, heard[first + 1].end_s)
    place = Place(first, first + 2, span, (Doubt(first, first + 2, slow=True),))
    with KeptSound() as kept:
        kept.feed(sound)
        wide = place.wider(comparison.pieces)
        parts, around = [witness.listen(kept.excerpt(span), span.start_s)], witness.listen(kept.excerpt(wide), 0.0)
        talk = SecondHearing(script, heard, comparison.pieces).outcomes(place, parts, around)
        if times == 2:
            next(talk)
        else:
            with pytest.raises(StopIteration) as end:
                next(talk)
            assert end.value.value == []
