"""Refrains: found in the script, counted in the sound, and heard sentence by sentence."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from studio.audio.mono import RATE_HZ
from studio.domain.findings import FindingKind, QaReport
from studio.domain.sound import Span
from studio.engine.ports import unfollowed
from studio.quality.check import check
from studio.quality.islands import islands
from studio.quality.kept_sound import KeptSound
from studio.quality.refrains import Refrain, refrains
from studio.quality.tally import Bounds, Pair, Usual, tally
from tests.quality.quality_speech import Part, flagged, form, job, marks_of, only, sound_of, speak

BEFORE, AFTER = "The child would not come into the house.", "So his mother went out to fetch him."
NO = 9  # times


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([BEFORE, *["No!"] * 6, AFTER], [(1, 7)]),
        (["Seven.", "Six.", "Five.", "Four.", AFTER], [(0, 4)]),
        (
            [BEFORE, *["For the sick.", "Lord, hear our prayer.", "For all sailors.", "Lord, hear our prayer."] * 2],
            [(1, 9)],
        ),
        ([BEFORE, "No.", "No.", AFTER, "Yes.", BEFORE], []),
        ([BEFORE, AFTER, *("Every one of them carried timber.", "Nobody expected the storm.")], []),
    ],
)
def test_a_refrain_is_sentences_that_are_like_one_nearby(texts: list[str], found: list[Bounds]) -> None:
    assert refrains(form(texts)) == [Refrain(*bounds) for bounds in found]


def test_stretches_of_sound_are_found_where_they_are() -> None:
    samples = np.zeros(RATE_HZ * 4, np.float32)
    for start_s, end_s in ((0.5, 0.9), (0.95, 1.2), (2.0, 2.02), (3.0, 3.5)):  # a “t”, and a click
        samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] = 0.2
    with KeptSound() as sound:
        sound.feed(samples)
        found = islands(sound, Span(0.25, 4.0))
    assert [(round(each.start_s, 1), round(each.end_s, 1)) for each in found] == [(0.5, 1.2), (3.0, 3.5)]


def _fits(_said: Bounds, _meant: Bounds) -> float:
    return 0.0


def _stretches(lengths_s: Sequence[float], pause_s: float = 0.4) -> list[Span]:
    spans, at = [], 0.0
    for length_s in lengths_s:
        spans.append(Span(at, at + length_s))
        at += length_s + pause_s
    return spans


def test_what_takes_as_long_and_fits_is_paired() -> None:
    lengths = [0.4, 1.2, 0.4, 0.4]
    pairs = tally(_stretches(lengths), [Usual(each, 0.2) for each in lengths], _fits, 9.0)
    assert pairs == [Pair((at, at + 1), (at, at + 1)) for at in range(4)]


@pytest.mark.parametrize(("said", "meant"), [(5, 6), (6, 5), (19, 20), (21, 20)])
def test_one_too_few_or_too_many_of_the_same_is_counted(said: int, meant: int) -> None:
    pairs = tally(_stretches([0.4] * said), [Usual(0.4, 0.25)] * meant, _fits, 9.0)
    assert pairs is not None
    assert sum(pair.said[0] == pair.said[1] for pair in pairs) == max(0, meant - said)
    assert sum(pair.meant[0] == pair.meant[1] for pair in pairs) == max(0, said - meant)


def test_a_sentence_with_commas_is_one_and_another_one_in_its_place_as_well() -> None:
    usual = [Usual(0.4, 0.25), Usual(1.6, 0.25, breaths=2), Usual(0.4, 0.25)]
    pairs = tally(_stretches([0.4, 0.5, 0.7, 0.9]), usual, lambda _, meant: 99.0 if meant == (2, 3) else 0.0, 9.0)
    assert pairs == [Pair((0, 1), (0, 1)), Pair((1, 3), (1, 2)), Pair((3, 4), (2, 3))]


def test_sound_of_which_nothing_more_may_be_asked_is_given_up() -> None:
    asked: list[Bounds] = []

    def misfit(said: Bounds, _: Bounds) -> float | None:
        asked.append(said)
        return None if len(asked) > 5 else 8.0

    assert tally(_stretches([0.4] * 30), [Usual(0.4, 0.9)] * 30, misfit, 9.0) is None
    assert len(asked) == 6


@pytest.fixture(scope="module")
def chant() -> list[Part]:
    before, no, after = speak([BEFORE, "No!", AFTER])
    return [before, *[no] * NO, after]


def _checked(chant: list[Part], said: list[Part], tmp_path: Path, cache: Path) -> QaReport:
    spoken = form([part.text for part in chant])
    marks = marks_of(chant) if said == chant else ()
    return check(unfollowed, job(tmp_path / "chant.wav", sound_of(said), spoken, marks), cache)


def test_a_chant_is_heard_as_often_as_it_is_said(chant: list[Part], tmp_path: Path, cache: Path) -> None:
    report = _checked(chant, chant, tmp_path, cache)
    assert report.alignment.accuracy == 1.0
    assert not flagged(report)


@pytest.mark.parametrize(
    ("change", "kind"),
    [(-1, FindingKind.MISSING_WORDS), (1, FindingKind.REPEATED_WORDS), (0, FindingKind.MISREAD_WORDS)],
)
def test_a_chant_with_one_too_few_too_many_or_another(
    change: int, kind: FindingKind, chant: list[Part], tmp_path: Path, cache: Path
) -> None:
    middle = 5
    said = {
        -1: [*chant[:middle], *chant[middle + 1 :]],
        1: [*chant[:middle], chant[middle], *chant[middle:]],
        0: [*chant[:middle], *speak(["Perhaps."]), *chant[middle + 1 :]],
    }[change]
    finding = only(_checked(chant, said, tmp_path, cache), kind)
    assert finding.severity == "fault"
    if not change:
        start_s = sum(part.seconds for part in chant[:middle])
        assert finding.start_s == pytest.approx(start_s, abs=0.5)
        assert "perhaps" in finding.said.lower()
