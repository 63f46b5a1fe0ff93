"""Faults that were put in on purpose are found, by name and at their place; what is clean passes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.domain.duration import SpeakingRate
from studio.domain.findings import FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Grounds, Match
from studio.domain.settings import Settings
from studio.quality.check import check
from tests.quality.quality_speech import (
    HEARD,
    PAUSE_S,
    RATE_HZ,
    SCRIPT,
    Clip,
    Part,
    flagged,
    form,
    job,
    marks_of,
    only,
    silence,
    sound_of,
    speak,
)

pytestmark = pytest.mark.model


def nothing(_: float) -> None:
    """Nobody watches the progress."""


class Room:
    """Checks a sound against the script as it was spoken."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache

    def check(self, sound: Clip, script: tuple[str, ...] = SCRIPT, settings: Settings | None = None) -> QaReport:
        return check(nothing, job(self.folder / "episode.wav", sound, form(script), (), settings), self.cache)


@pytest.fixture
def room(tmp_path: Path, cache: Path) -> Room:
    return Room(tmp_path, cache)


def test_a_clean_episode_passes(parts: list[Part], tmp_path: Path, cache: Path) -> None:
    sound = sound_of(parts)
    said: list[float] = []
    report = check(said.append, job(tmp_path / "a.wav", sound, form(SCRIPT), marks_of(parts)), cache)
    assert report.verdict is Verdict.PASS, report.findings
    assert report.alignment.accuracy is not None
    assert report.alignment.accuracy >= 0.97
    assert report.expected_duration_s == pytest.approx(len(sound) / RATE_HZ, rel=0.2)
    assert said == sorted(said)
    assert said[-1] == 1
    for mark in marks_of(parts):
        words = [word for word in report.alignment.words if mark.source_start <= word.source_start < mark.source_end]
        assert words[0].start_s == pytest.approx(mark.start_s, abs=1.0)
        assert words[-1].end_s == pytest.approx(mark.end_s, abs=1.0)


def test_a_sentence_that_was_cut_out(parts: list[Part], room: Room) -> None:
    found = only(room.check(sound_of(parts[:3] + parts[4:])), FindingKind.MISSING_WORDS)
    assert found.severity is Severity.FAULT
    assert found.start_s == pytest.approx(marks_of(parts)[3].start_s, abs=1)
    assert (found.source_start, found.source_end) == (300, 300 + len(SCRIPT[3]) - 1)
    assert found.script.startswith("Doctor Miller")
    assert found.detail.endswith("was not heard.")


def test_a_sentence_that_is_said_twice(parts: list[Part], room: Room) -> None:
    report = room.check(sound_of(parts[:5] + parts[4:]))
    found = only(report, FindingKind.REPEATED_WORDS)
    second = sum(part.seconds for part in parts[:5])
    assert found.start_s == pytest.approx(second, abs=0.5)
    assert found.end_s == pytest.approx(second + parts[4].seconds - PAUSE_S, abs=0.5)
    assert "is said twice" in found.detail
    assert (found.source_start, found.source_end) == (400, 400 + len(SCRIPT[4]) - 1)


def test_words_that_were_swapped(parts: list[Part], room: Room) -> None:
    (wrong,) = speak(["Every one of them carried penguins over burning marble mountains."])
    report = room.check(sound_of([parts[0], wrong, *parts[2:]]))
    (found,) = [finding for finding in flagged(report) if finding.start_s is not None]
    assert found.kind is FindingKind.MISREAD_WORDS
    start = parts[0].seconds
    assert start < (found.start_s or 0) < (found.end_s or 0) < start + wrong.seconds + 1
    assert "penguin" in found.said
    assert "timber" in found.script
    assert " where the script says " in found.detail


def test_words_that_nobody_wrote(parts: list[Part], room: Room) -> None:
    (extra,) = speak(["Please remember to subscribe to our weekly newsletter."])
    found = only(room.check(sound_of([*parts[:4], extra, *parts[4:]])), FindingKind.EXTRA_WORDS)
    start = sum(part.seconds for part in parts[:4])
    assert found.start_s == pytest.approx(start, abs=1)
    assert found.end_s == pytest.approx(start + extra.seconds, abs=1)
    assert "newsletter" in found.said
    assert found.script == ""


def test_an_end_that_was_cut_off(parts: list[Part], room: Room) -> None:
    last = parts[-1]
    sound = sound_of([*parts[:-1], replace(last, clip=last.clip[: len(last.clip) // 2])])
    found = only(room.check(sound), FindingKind.CUT_OFF)
    assert found.end_s == pytest.approx(len(sound) / RATE_HZ, abs=1)
    assert "returned" in found.script


@pytest.mark.parametrize("marked", [True, False])
def test_silence_that_nobody_asked_for(*, marked: bool, parts: list[Part], tmp_path: Path, cache: Path) -> None:
    longer = [*parts[:2], replace(parts[2], pause_s=parts[2].pause_s + 3), *parts[3:]]
    marks = marks_of(longer) if marked else ()
    report = check(nothing, job(tmp_path / "a.wav", sound_of(longer), form(SCRIPT), marks), cache)
    found = only(report, FindingKind.SILENCE)
    end = sum(part.seconds for part in longer[:3])
    assert found.end_s == pytest.approx(end, abs=1)
    assert (found.end_s or 0) - (found.start_s or 0) == pytest.approx(3.4, abs=0.8)
    # The same silence is right where the script asks for it.
    asked = form(SCRIPT)
    asked = replace(
        asked,
        utterances=tuple(
            replace(utterance, pause_after_s=3.4 if index == 2 else 0.4)
            for index, utterance in enumerate(asked.utterances)
        ),
    )
    again = check(nothing, job(tmp_path / "a.wav", sound_of(longer), asked, marks), cache)
    assert again.verdict is Verdict.PASS, again.findings


def test_silence_in_the_middle_of_a_sentence(parts: list[Part], room: Room) -> None:
    clip = parts[4].clip
    frame = RATE_HZ // 10
    middle = [abs(clip[at : at + frame].astype(int)).sum() for at in range(len(clip) // 3, 2 * len(clip) // 3, frame)]
    at = len(clip) // 3 + int(np.argmin(middle)) * frame
    torn = replace(parts[4], clip=np.concatenate([clip[:at], silence(3), clip[at:]]))
    found = only(room.check(sound_of([*parts[:4], torn, *parts[5:]])), FindingKind.SILENCE)
    assert found.start_s == pytest.approx(sum(part.seconds for part in parts[:4]) + at / RATE_HZ, abs=1)


def test_sound_without_words_fails(room: Room) -> None:
    report = room.check(np.random.default_rng(1).normal(0, 300, RATE_HZ * 10).astype(np.int16))
    assert report.verdict is Verdict.FAIL
    assert report.alignment.accuracy == 0
    words = [finding for finding in flagged(report) if finding.kind is FindingKind.MISSING_WORDS]
    assert [(finding.start_s, finding.end_s) for finding in words] == [(None, None)]
    assert {word.match for word in report.alignment.words} == {Match.MISSING}


def test_another_text_fails(parts: list[Part], room: Room) -> None:
    other = tuple(
        "Quarterly revenue grew faster than analysts had predicted, driven by cloud services and advertising."
        for _ in range(6)
    )
    report = room.check(sound_of(parts), other)
    assert report.verdict is Verdict.FAIL
    assert report.alignment.accuracy is not None
    assert report.alignment.accuracy < 0.3


def test_a_script_of_one_word_cannot_be_judged(room: Room) -> None:
    (word,) = speak(["Yes."])
    assert room.check(sound_of([word]), ("Yes.",)).verdict is Verdict.INCONCLUSIVE


def test_level_and_length_are_judged(parts: list[Part], tmp_path: Path, cache: Path) -> None:
    good = job(tmp_path / "a.wav", sound_of(parts[:2]), form(SCRIPT[:2]))
    softer = good.settings.with_values({"loudness_lufs": good.settings.loudness_lufs - 1.1, "max_true_peak_dbtp": -9})
    report = check(nothing, replace(good, settings=softer, rate=SpeakingRate(30.0, 8)), cache)
    judged = {FindingKind.LOUDNESS, FindingKind.TRUE_PEAK, FindingKind.DURATION}
    assert [(finding.kind, finding.severity) for finding in flagged(report) if finding.kind in judged] == [
        (FindingKind.LOUDNESS, Severity.FAULT),
        (FindingKind.TRUE_PEAK, Severity.FAULT),
        (FindingKind.DURATION, Severity.REVIEW),
    ]
    assert "1.1 LU louder" in report.findings[0].detail


def test_sound_that_no_words_were_made_of_is_left_to_a_person(room: Room, parts: list[Part]) -> None:
    """Ears that cannot make anything of a passage cannot say that its words are missing."""
    hum = np.sin(np.arange(len(parts[3].clip)) * 2 * np.pi * 180 / RATE_HZ)
    hummed = [*parts[:3], replace(parts[3], clip=(hum * 6_000).astype(np.int16)), *parts[4:]]
    report = room.check(sound_of(hummed))
    assert not [each for each in flagged(report) if each.kind in HEARD and each.severity is Severity.FAULT]
    whole, finding = [finding for finding in report.findings if finding.severity is Severity.UNSURE]
    assert whole.start_s is None
    assert "would be enough" in whole.detail
    assert finding.start_s == pytest.approx(sum(part.seconds for part in parts[:3]), abs=1.0)
    assert "Miller" in finding.script
    # Where there is nothing to be heard, the words are missing.
    still = [*parts[:3], replace(parts[3], clip=silence(parts[3].seconds)), *parts[4:]]
    assert room.check(sound_of(still)).verdict is Verdict.FAIL


def test_a_single_word_is_enough(room: Room, parts: list[Part]) -> None:
    wrong = {
        1: ("Every one of them carried timber from the golden forests.", FindingKind.MISREAD_WORDS, "golden"),
        3: ("Doctor Miller remembered how the waved from the stone bridge.", FindingKind.MISSING_WORDS, "children"),
        4: (
            "Nobody expected the purple storm that came in the first week of October.",
            FindingKind.EXTRA_WORDS,
            "purple",
        ),
        5: (
            "By midnight three boats had lost lost their anchors and drifted away.",
            FindingKind.REPEATED_WORDS,
            "lost",
        ),
    }
    spoken = dict(zip(wrong, speak([said for said, _, _ in wrong.values()]), strict=True))
    said = [spoken.get(number, part) for number, part in enumerate(parts)]
    report = room.check(sound_of(said))
    found = [finding for finding in flagged(report) if finding.kind in HEARD and finding.start_s is not None]
    assert [finding.kind for finding in found] == [kind for _, kind, _ in wrong.values()], found
    for finding, (number, (_, _, word)) in zip(found, wrong.items(), strict=True):
        assert finding.severity is Severity.FAULT
        assert finding.sure is not None
        assert finding.sure > 0.8
        assert word in f"{finding.said} {finding.script}".lower()
        start = sum(part.seconds for part in said[:number])
        assert start - 1 < (finding.start_s or 0) <= (finding.end_s or 0) < start + said[number].seconds + 1


def test_words_that_sound_alike_are_not_passed_in_silence(room: Room, parts: list[Part]) -> None:
    (wrong,) = speak(["Every one of them carried timber from the southern forests."])
    found = only(room.check(sound_of([parts[0], wrong, parts[2]]), SCRIPT[:3]), FindingKind.MISREAD_WORDS)
    assert (found.said, found.script) == ("southern", "northern")


def test_words_after_the_end_are_extra(parts: list[Part], room: Room) -> None:
    report = room.check(sound_of(parts[:4]), SCRIPT[:3])
    found = only(report, FindingKind.EXTRA_WORDS)
    assert found.start_s == pytest.approx(sum(part.seconds for part in parts[:3]), abs=1)
    assert "bridge" in found.said


def test_names_that_the_ears_cannot_spell_are_let_go_and_listed(room: Room) -> None:
    script = (
        "Hylas walked with Philonous through the gardens of Abdera.",
        "Ktesias and Phaedo were waiting by the old Stoa for an answer.",
        "Alisoun of Ponkawtasset had brought a basket of sumachs and hickories.",
    )
    report = room.check(sound_of(speak(script)), script)
    assert report.verdict is Verdict.PASS, report.findings
    assert report.alignment.accuracy == 1
    assert report.alignment.forgiven
    assert {item.grounds for item in report.alignment.forgiven} <= {
        Grounds.SOUND,
        Grounds.SPELLING,
        Grounds.DIVISION,
        Grounds.WITNESS,
        Grounds.HEARD_AGAIN,
    }
    assert all(item.script and item.said for item in report.alignment.forgiven)


def test_of_a_name_that_the_ears_do_not_know_nothing_is_certain(room: Room) -> None:
    script = ("The old Wojciechowski opened the window and looked out.", SCRIPT[0])
    for said, severity in (("Brifflequam", Severity.UNSURE), ("Michael", Severity.FAULT)):
        sound = sound_of(speak([script[0].replace("Wojciechowski", said), script[1]]))
        found = only(room.check(sound, script), FindingKind.MISREAD_WORDS)
        assert found.severity is severity, found
        assert found.script == "Wojciechowski"
        assert ("pronunciation" in found.detail) is (severity is Severity.UNSURE)


def test_what_was_let_go_is_no_word_of_another_text(room: Room) -> None:
    """The sound of one name is not let go for another."""
    (said,) = speak(["Hylas walked with Philonous through the gardens of Abdera."])
    report = room.check(sound_of([said]), ("Hylas walked with Margaret through the gardens of Chicago.",))
    flaws = " ".join(finding.script for finding in flagged(report))
    assert "Margaret" in flaws
    assert "Chicago" in flaws
