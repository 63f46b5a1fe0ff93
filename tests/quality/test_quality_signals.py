"""Spots and levels become findings: by name, place and weight, and never thousands of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.duration import first_guess
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.settings import Settings
from studio.domain.sound import SoundReport, Spot, SpotKind
from studio.domain.spoken import SpokenForm, Utterance
from studio.engine.jobs import CheckJob
from studio.quality.signals import merged_spots, sound_findings

GOOD = SoundReport(
    duration_s=60.0,
    rate_hz=44_100,
    channels=2,
    loudness_lufs=-16.0,
    loudness_range_lu=3.0,
    max_short_term_lufs=-14.0,
    true_peak_dbtp=-1.2,
    silences=(),
    confirmed_lufs=-16.03,
    noise_floor_db=-70.0,
    rms_db=-19.0,
)


def findings(sound: SoundReport, settings: Settings | None = None, limited_db: float = 0.0) -> list[Finding]:
    settings = settings or Settings()
    rate = first_guess(settings.voice, settings.speed)
    job = CheckJob(Path("a.mp3"), SpokenForm("", (), ()), (), rate, settings, limited_db=limited_db)
    return list(sound_findings(job, sound, ()))


def with_spots(*spots: Spot) -> SoundReport:
    return replace(GOOD, spots=spots)


def test_a_good_master_has_nothing_to_say() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("kind", "amount", "finding", "words"),
    [
        (SpotKind.CLICK, 31.0, FindingKind.CLICK, "There is a click, 31 dB above what is around it."),
        (SpotKind.CLIPPING, 40.0, FindingKind.CLIPPING, "The sound is clipped: 40 samples lie on flat tops."),
        (SpotKind.NOISE, 25.0, FindingKind.NOISE, "There is noise, 25 dB above the quiet parts."),
        (SpotKind.STEP, -4.2, FindingKind.LOUDNESS, "The speech becomes 4.2 LU softer here, and stays so."),
        (
            SpotKind.ABRUPT_END,
            -20.0,
            FindingKind.CUT_OFF,
            "The sound breaks off: it is still at -20 dBFS when it ends.",
        ),
    ],
)
def test_every_kind_of_spot_has_a_name_a_place_and_a_sentence(
    kind: SpotKind, amount: float, finding: FindingKind, words: str
) -> None:
    sure, doubtful = (findings(with_spots(Spot(kind, 7.0, 7.5, amount, sure))) for sure in (0.95, 0.6))
    assert [(one.kind, one.start_s, one.end_s, one.detail, one.sure) for one in sure] == [
        (finding, 7.0, 7.5, words, 0.95)
    ]
    assert sure[0].severity is (Severity.REVIEW if kind is SpotKind.STEP else Severity.FAULT)
    assert doubtful[0].severity is Severity.REVIEW


def test_an_offset_is_a_note_about_the_whole() -> None:
    found = findings(with_spots(Spot(SpotKind.DC, 0.0, 60.0, 0.03)))
    assert [(one.kind, one.severity, one.start_s) for one in found] == [(FindingKind.NOISE, Severity.NOTE, None)]
    assert "3.0% of full scale above zero" in found[0].detail


def test_spots_close_together_are_one_finding_and_thousands_are_a_few() -> None:
    near = findings(with_spots(*(Spot(SpotKind.CLICK, 5 + 0.3 * n, 5.001 + 0.3 * n, 20.0 + n) for n in range(4))))
    assert [one.start_s for one in near] == [5.0]
    assert near[0].end_s == pytest.approx(5.901)
    assert near[0].detail == "There are 4 clicks within 0.9 s, the clearest 23 dB above what is around it."
    far = findings(with_spots(*(Spot(SpotKind.STEP, 9.0 * n, 9.0 * n + 1, 3.0) for n in range(4))))
    assert len(far) == 4
    many = findings(with_spots(*(Spot(SpotKind.CLICK, 3.0 * n, 3.0 * n + 0.1, 20.0) for n in range(5_000))))
    assert 1 <= len(many) <= 30


def test_the_same_spot_in_take_and_master_is_one() -> None:
    take = (Spot(SpotKind.CLICK, 3.0, 3.001, 30.0, 0.9), Spot(SpotKind.STEP, 10.0, 11.0, 4.0, 0.5))
    master = (Spot(SpotKind.CLICK, 3.02, 3.021, 20.0, 0.7), Spot(SpotKind.STEP, 10.9, 11.9, 3.5, 0.6))
    other = (Spot(SpotKind.NOISE, 3.0, 3.2, 20.0, 0.7), Spot(SpotKind.STEP, 10.5, 11.5, -4.0, 0.4))
    assert merged_spots(take, (*master, *other)) == (take[0], other[0], other[1], master[1])
    assert merged_spots((), ()) == ()


def test_two_meters_that_disagree_are_reported() -> None:
    assert findings(replace(GOOD, confirmed_lufs=-16.19)) == []
    found = findings(replace(GOOD, confirmed_lufs=-16.4))
    assert [(one.kind, one.severity) for one in found] == [(FindingKind.LOUDNESS, Severity.REVIEW)]
    assert "disagree by 0.4 LU" in found[0].detail
    assert findings(replace(GOOD, confirmed_lufs=None)) == []


def test_much_limiting_is_reported() -> None:
    assert findings(GOOD, limited_db=3.0) == []
    found = findings(GOOD, limited_db=4.6)
    assert [(one.kind, one.severity) for one in found] == [(FindingKind.LOUDNESS, Severity.REVIEW)]
    assert "needed 4.6 dB of limiting" in found[0].detail


@pytest.mark.parametrize(("lasts_s", "said"), [(95.2, "It lasts 1:35,"), (21_603.0, "It lasts 6:00:03,")])
def test_a_length_is_told_in_hours_where_it_has_any(lasts_s: float, said: str) -> None:
    spoken = SpokenForm("", (Utterance("A sentence.", 0, 11, ()),), ())
    rate = first_guess(Settings().voice, Settings().speed)
    job = CheckJob(Path("a.mp3"), spoken, (), rate, Settings())
    (found,) = sound_findings(job, replace(GOOD, duration_s=lasts_s), ())
    assert found.kind is FindingKind.DURATION
    assert found.detail.startswith(said)


def test_where_the_level_is_by_rms_rms_and_floor_are_judged() -> None:
    settings = replace(
        Settings(), loudness_lufs=-20.5, loudness_tolerance_lu=2.5, loudness_by_rms=True, max_true_peak_dbtp=-3.0
    )
    good = replace(GOOD, true_peak_dbtp=-3.1, rms_db=-22.9)
    assert findings(good, settings) == []
    assert findings(replace(good, noise_floor_db=None), settings) == []
    soft = findings(replace(good, rms_db=-23.4), settings)
    assert [one.detail for one in soft] == ["The RMS level is -23.4 dBFS, 2.9 dB softer than the target of -20.5 dBFS."]
    noisy = findings(replace(good, noise_floor_db=-55.0), settings)
    assert [(one.kind, one.severity) for one in noisy] == [(FindingKind.NOISE, Severity.FAULT)]
