"""What the command line says of the measured quality, to a person."""

from dataclasses import replace

import pytest

from studio.domain.brand import BrandReport, Deduction, Rule
from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Alignment, Forgiven, Grounds
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.sound import SoundReport
from studio.domain.voiceprint import LINE_MEANS, VoicePrint, VoiceReport
from studio.terminal import print_report, print_summary

SOUND = SoundReport(100.0, 44_100, 2, -16.02, 5.0, -13.0, -1.3, ())
FORGIVEN = (Forgiven("fifty", "50", Grounds.NUMBER, 12.3, 12.7),)
REPORT = QaReport(
    Verdict.REVIEW,
    Alignment((), 0.98765, 1, 0, 0, FORGIVEN),
    SOUND,
    98.0,
    True,
    (Finding(FindingKind.BRAND, Severity.REVIEW, "“[cheap]” is forbidden.", 31.25, 31.6, sure=0.934),),
    "tiny.en",
    VoiceReport(0.84999, 1, VoicePrint((1.0,), 0.9, 180.0, 15.0, 12)),
    BrandReport(0.9, (Deduction(Rule.FORBIDDEN, 10.0, "“[cheap]” is forbidden.", 4, 9, 31.25, 31.6),)),
)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_a_report_says_voice_brand_and_what_was_let_go(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT)
    said = capsys.readouterr().out.splitlines()
    assert "Voice consistency: 84.9%, compared with 1 accepted episode" in said
    assert f"  {LINE_MEANS}" in said
    assert "Brand alignment: 90.0%" in said
    assert "  0:31.2 -10: “[cheap]” is forbidden." in said
    assert "Differences let go on a second look: 1" in said
    assert "0:31.2 brand (review, 93% sure): “[cheap]” is forbidden." in said


def test_a_report_without_them_says_nothing_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    plain = replace(REPORT, voice=None, brand=None, findings=(replace(REPORT.findings[0], sure=None),))
    print_report(replace(plain, alignment=replace(REPORT.alignment, forgiven=())))
    said = capsys.readouterr().out
    assert not any(word in said for word in ("Voice", "Brand", "let go", "sure"))
    print_report(replace(REPORT, voice=replace(REPORT.voice, learned_from=0) if REPORT.voice else None))
    assert "compared with known voices" in capsys.readouterr().out


def test_the_summary_has_columns_for_what_was_judged(capsys: pytest.CaptureFixture[str]) -> None:
    project = Project(1, "Walks", "/out", Settings(), 1)
    one = Episode(1, 1, 1, "First", "a.md", State.DONE, Stage.EXPORT, characters=10, word_accuracy=0.99)
    print_summary([project], [one], 10.0)
    plain = capsys.readouterr().out
    assert not any(word in plain for word in ("Voice", "Brand", "repair", "let go"))
    print_summary([project], [one, replace(one, id=2, voice_consistency=0.9123, repairs=2)], 10.0, 3)
    said = capsys.readouterr().out
    assert "Voice" in said
    assert "Brand" not in said
    assert "91.2%" in said
    assert "2 automatic repairs." in said
    assert "3 differences let go on a second look." in said
