"""The report in the folder says what was measured, taken off, let go and mended."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from studio.distribution.reports import qa_report_json
from studio.domain.brand import BrandReport, Deduction, Rule
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import Forgiven, Grounds
from studio.domain.release import Release
from studio.domain.sound import Spot, SpotKind
from studio.domain.take import Mend
from studio.domain.voiceprint import LINE_MEANS, VoicePrint, VoiceReport


def test_everything_that_was_judged_is_told(make_release: Callable[..., Release]) -> None:
    plain = make_release(audio=False)
    release = replace(
        plain,
        take=replace(plain.take, parent=1, mends=(Mend(2, 3, 1.23456, 2.5, 40),)),
        master=replace(plain.master, limited_db=3.45678),
        report=replace(
            plain.report,
            voice=VoiceReport(0.87654, 6, VoicePrint((0.6, 0.8), 0.91, 181.23, 14.567, 9)),
            brand=BrandReport(0.9, (Deduction(Rule.FORBIDDEN, 10.0, "“cheap” is forbidden.", 4, 9, 1.0, 1.4),)),
            alignment=replace(
                plain.report.alignment, forgiven=(Forgiven("fifty", "50", Grounds.NUMBER, 1.00049, 1.4),)
            ),
            sound=replace(
                plain.report.sound,
                spots=(Spot(SpotKind.CLICK, 3.00049, 3.01, 20.0, 0.9),),
                confirmed_lufs=-16.051,
                noise_floor_db=-71.234,
                rms_db=-19.0,
            ),
            findings=(Finding(FindingKind.BRAND, Severity.REVIEW, "off", 1.0, 1.4, sure=0.95),),
        ),
    )
    known: dict[str, Any] = json.loads(qa_report_json(release))
    assert known["voice"] == {
        "consistency": 0.8765,
        "learned_from": 6,
        "pitch_hz": 181.2,
        "characters_per_s": 14.57,
        "meaning": LINE_MEANS,
    }
    assert known["brand"]["alignment"] == 0.9
    assert known["brand"]["deductions"] == [
        {
            "rule": "forbidden",
            "points": 10.0,
            "detail": "“cheap” is forbidden.",
            "source_start": 4,
            "source_end": 9,
            "start_s": 1.0,
            "end_s": 1.4,
        }
    ]
    assert known["forgiven"] == [{"script": "fifty", "said": "50", "grounds": "number", "start_s": 1.0, "end_s": 1.4}]
    assert known["spots"] == [{"kind": "click", "start_s": 3.0, "end_s": 3.01, "amount": 20.0, "sure": 0.9}]
    assert known["take"] == {
        "number": 2,
        "parent": 1,
        "mends": [{"first": 2, "last": 3, "start_s": 1.235, "end_s": 2.5, "characters": 40, "edited": "", "shift": 0}],
    }
    assert (known["limited_db"], known["confirmed_lufs"]) == (3.457, -16.05)
    assert (known["noise_floor_db"], known["rms_db"]) == (-71.23, -19.0)
    assert known["findings"][0]["sure"] == 0.95


def test_what_was_not_judged_is_null(make_release: Callable[..., Release]) -> None:
    known = json.loads(qa_report_json(make_release(audio=False)))
    assert (known["voice"], known["brand"], known["forgiven"], known["spots"]) == (None, None, [], [])
    assert known["take"] == {"number": 2, "parent": None, "mends": []}
    assert known["findings"][0]["sure"] is None
