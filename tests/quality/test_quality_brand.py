"""What the brand file has to say of a finished episode: spoken, heard, and laid against it with times."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.brand import Brand, Claims, Line, Range, Rule
from studio.domain.duration import first_guess
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import SoundReport
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob
from studio.engine.ports import unfollowed
from studio.quality.brand import brand_findings
from studio.quality.check import check
from studio.voices.builtin_worker import speak_utterances
from studio.voices.speak_job import SpeakJob

TEXT = (
    "# The Lamp\n\n"
    "Welcome to The Slow Lane. Tonight we speak of lighthouses, and of the men who kept them.\n\n"
    "Studies show that 43% of all keepers were afraid of the dark. In 1823 they utilized oil from seeds.\n\n"
    "We guarantee a quiet night to every listener. Until next week."
)
SETTINGS = Settings(show="The Slow Lane")
BRAND = Brand(
    name="The Slow Lane",
    openings=(Line(("Welcome to {show}",)),),
    closings=(Line(("Until next week",)),),
    forbidden={"guarantee*": "nobody can promise"},
    preferred={"utilize*": "use"},
    claims=Claims(),
    pace=Range(100, 250),
)
QUIET = SoundReport(60.0, 44_100, 2, -16.0, 4.0, -14.0, -1.2, ())


def job(brand: Brand | None, script: Script | None, spoken: SpokenForm, settings: Settings = SETTINGS) -> CheckJob:
    rate = first_guess("builtin:heart", 1.0)
    return CheckJob(Path("none"), spoken, (), rate, settings, brand=brand, script=script)


def heard(spoken: SpokenForm, word_s: float = 0.4) -> Alignment:
    """Every word, one after the other, heard as it was meant."""
    words = [
        TimedWord(word.text, word.start, word.end, place * word_s, (place + 1) * word_s, Match.SAME)
        for place, word in enumerate(spoken.words)
    ]
    return Alignment(tuple(words), 1.0, 0, 0, 0)


@pytest.fixture(scope="module")
def script() -> Script:
    return ScriptIntake().read_text(TEXT, "lamp.md")


@pytest.fixture(scope="module")
def spoken(script: Script) -> SpokenForm:
    return spoken_form(script, SETTINGS)


def by_script(findings: list[Finding]) -> Mapping[str, Finding]:
    return {finding.script: finding for finding in findings}


def test_every_deduction_is_a_finding_at_its_place(script: Script, spoken: SpokenForm) -> None:
    report, findings = brand_findings(job(BRAND, script, spoken), heard(spoken), QUIET)
    assert report is not None
    assert report.alignment == pytest.approx(1 - (5 + 2 + 4 + 4 + 0) / 100 - pace_points(spoken))
    placed = by_script([finding for finding in findings if finding.start_s is not None])
    assert set(placed) == {"Studies show", "43%", "utilized", "guarantee"}
    words = spoken.words
    number = [place for place, word in enumerate(words) if TEXT[word.start : word.end].startswith("43")]
    assert placed["43%"].start_s == pytest.approx(number[0] * 0.4)
    assert placed["43%"].end_s == pytest.approx((number[-1] + 1) * 0.4)
    assert len(number) > 1  # “forty-three percent” is several words of one place
    first = next(place for place, word in enumerate(words) if word.text == "Studies")
    assert placed["Studies show"].start_s == pytest.approx(first * 0.4)
    assert placed["Studies show"].end_s == pytest.approx((first + 2) * 0.4)
    assert placed["guarantee"].severity is Severity.REVIEW
    assert placed["utilized"].severity is Severity.NOTE
    assert "−2 points" in placed["utilized"].detail
    start, end = placed["utilized"].source_start, placed["utilized"].source_end
    assert start is not None
    assert TEXT[start:end] == "utilized"
    assert all(finding.kind is FindingKind.BRAND for finding in findings)


def pace_points(spoken: SpokenForm) -> float:
    """The words above are spoken in a minute, which is slow."""
    pace = len(spoken.words)
    return min((100 - pace) / (0.02 * pace), 10) / 100


def test_the_line_is_the_projects(script: Script, spoken: SpokenForm) -> None:
    sound = replace(QUIET, duration_s=60 * len(spoken.words) / 150)
    for line, under in ((0.85, False), (0.86, True)):
        settings = SETTINGS.with_values({"brand_alignment": line})
        report, findings = brand_findings(job(BRAND, script, spoken, settings), heard(spoken), sound)
        assert report is not None
        assert report.alignment == 0.85
        whole = [finding for finding in findings if finding.source_start is None]
        assert bool(whole) is under
        for finding in whole:
            assert finding.severity is Severity.REVIEW
            assert "claim 8, forbidden 5, preferred 2" in finding.detail


def test_which_rules_wait_for_a_person_is_the_brands(script: Script, spoken: SpokenForm) -> None:
    brand = replace(BRAND, held=frozenset({Rule.CLAIM}))
    _, findings = brand_findings(job(brand, script, spoken), heard(spoken), QUIET)
    placed = by_script(findings)
    assert (placed["43%"].severity, placed["guarantee"].severity) == (Severity.REVIEW, Severity.NOTE)


def test_without_a_brand_or_a_script_there_is_nothing_to_say(script: Script, spoken: SpokenForm) -> None:
    assert brand_findings(job(None, script, spoken), heard(spoken), QUIET) == (None, [])
    assert brand_findings(job(BRAND, None, spoken), heard(spoken), QUIET) == (None, [])


def test_where_nothing_was_heard_there_are_no_times(script: Script, spoken: SpokenForm) -> None:
    report, findings = brand_findings(job(BRAND, script, spoken), Alignment((), None, 0, 0, 0), QUIET)
    assert report is not None
    assert findings
    assert all(finding.start_s is None and finding.end_s is None for finding in findings)


@pytest.mark.model
@pytest.mark.slow
def test_a_spoken_episode_is_checked_with_its_brand(
    script: Script, spoken: SpokenForm, tmp_path: Path, cache: Path
) -> None:
    audio = tmp_path / "take.flac"
    marks = speak_utterances(unfollowed, SpeakJob(audio, "heart", 3, 1.0, 0, spoken.utterances))
    settings = SETTINGS.with_values({"loudness_tolerance_lu": 3.0, "duration_tolerance": 0.5})
    work = replace(job(replace(BRAND, pace=Range(300, 400)), script, spoken, settings), audio=audio, marks=marks)
    report: QaReport = check(unfollowed, work, cache)
    assert report.brand is not None
    rules = {each.rule for each in report.brand.deductions}
    assert rules == {Rule.FORBIDDEN, Rule.PREFERRED, Rule.CLAIM, Rule.PACE}
    placed = by_script([finding for finding in report.findings if finding.kind is FindingKind.BRAND])
    number = next(place for place, part in enumerate(spoken.utterances) if "guarantee" in part.text)
    mark = next(mark for mark in marks if mark.utterance == number)
    start_s, end_s = placed["guarantee"].start_s, placed["guarantee"].end_s
    assert start_s is not None
    assert end_s is not None
    assert mark.start_s - 0.3 <= start_s < end_s <= mark.end_s + 0.3
