"""The meter against the EBU's signals, against scipy, against pyloudnorm and against FFmpeg's ebur128."""

import math
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly, sosfilt

from studio.audio.kweighting import KWeighting, coefficients
from studio.audio.meter import Meter
from studio.audio.samples import loudness_weights
from studio.audio.truepeak import TruePeak
from tests.audio.audio_samples import Wave, blocks, ebur128, joined, sine, write

RATES = (44_100, 48_000)
STEPPED = [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]
INTEGRATED = {
    "3341-1": ([(-23.0, 20.0)], -23.0),
    "3341-2": ([(-33.0, 20.0)], -33.0),
    "3341-3": (STEPPED, -23.0),
    "3341-4": ([(-72.0, 10.0), *STEPPED, (-72.0, 10.0)], -23.0),
    "3341-5": ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
}
RANGE = {
    "3342-1": ([(-20.0, 20.0), (-30.0, 20.0)], 10.0),
    "3342-2": ([(-20.0, 20.0), (-15.0, 20.0)], 5.0),
    "3342-3": ([(-40.0, 20.0), (-20.0, 20.0)], 20.0),
    "3342-4": ([(level, 20.0) for level in (-50.0, -35.0, -20.0, -35.0, -50.0)], 15.0),
}


def measured(wave: Wave, rate_hz: int, weights: tuple[float, ...] | None = None, size: int = 65_536) -> Meter:
    meter = Meter(rate_hz, weights or (1.0,) * len(wave))
    for block in blocks(wave, size):
        meter.feed(block)
    meter.finish()
    return meter


def peak_of(wave: Wave, rate_hz: int, size: int = 65_536) -> float:
    true_peak = TruePeak(rate_hz, len(wave))
    for block in blocks(wave, size):
        true_peak.feed(block)
    true_peak.finish()
    return 20 * math.log10(true_peak.highest)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("signal", INTEGRATED)
def test_integrated_loudness_of_the_ebu_signals(signal: str, rate_hz: int) -> None:
    parts, expected = INTEGRATED[signal]
    assert measured(sine(rate_hz, parts), rate_hz).integrated == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
def test_every_short_term_window_of_signal_9_is_the_same(rate_hz: int) -> None:
    meter = measured(sine(rate_hz, [(-20.0, 1.34), (-30.0, 1.66)] * 5), rate_hz)
    assert meter.max_short_term == pytest.approx(-23.0, abs=0.1)
    steady = meter.short_term_curve()[1:-2]
    assert -0.691 + 10 * np.log10(steady) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
def test_every_momentary_window_of_signal_12_is_the_same(rate_hz: int) -> None:
    meter = measured(sine(rate_hz, [(-20.0, 0.18), (-30.0, 0.22)] * 25), rate_hz)
    assert meter.max_momentary == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("offset_s", [0.0, 0.005, 0.035, 0.095, 0.3])
def test_the_loudest_400_ms_are_found_wherever_they_lie(offset_s: float) -> None:
    parts = [(-100.0, 1.0 + offset_s), (-23.0, 0.4), (-100.0, 1.0)]
    assert measured(sine(48_000, parts), 48_000).max_momentary == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("signal", RANGE)
def test_loudness_range_of_the_ebu_signals(signal: str, rate_hz: int) -> None:
    parts, expected = RANGE[signal]
    assert measured(sine(rate_hz, parts), rate_hz).loudness_range == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize(
    ("divisor", "degrees", "level", "expected"),
    [(4, 0, 0.5, -6.0), (4, 45, 0.5, -6.0), (6, 60, 0.5, -6.0), (8, 67.5, 0.5, -6.0), (4, 45, 1.41, 3.0)],
)
def test_true_peak_of_the_ebu_signals(
    divisor: int, degrees: float, level: float, expected: float, rate_hz: int
) -> None:
    wave = level * np.sin(2 * np.pi * np.arange(rate_hz) / divisor + np.radians(degrees))
    faded = wave * np.clip(np.minimum(np.arange(rate_hz), np.arange(rate_hz)[::-1]) / 2000, 0, 1)
    assert expected - 0.4 <= peak_of(faded.astype(np.float32)[None], rate_hz) <= expected + 0.2


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 96_000, 192_000])
def test_skipping_chunks_never_changes_the_true_peak(rate_hz: int) -> None:
    noise = np.random.default_rng(3).standard_normal((2, 30_000)).astype(np.float32)
    noise *= np.abs(np.sin(np.arange(30_000) / 3000)).astype(np.float32)
    factor = 4 if rate_hz < 96_000 else 2 if rate_hz < 192_000 else 1
    reference = 20 * np.log10(np.abs(resample_poly(noise, factor, 1, axis=1, window=("kaiser", 9.0))).max())
    found = peak_of(noise, rate_hz)
    assert found == pytest.approx(reference, abs=0.25)
    assert found == pytest.approx(peak_of(noise, rate_hz, 1000), abs=1e-5)
    # Each loud place on its own, so that nothing else raises the maximum: the highest of them must be the same number.
    alone = max(peak_of(noise[:, max(0, start - 64) : start + 1088], rate_hz) for start in range(0, 30_000, 1024))
    assert found == pytest.approx(alone, abs=0.05)


def test_coefficients_are_those_printed_in_the_standard_for_48_khz() -> None:
    shelf, high_pass = coefficients(48_000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585)
    )
    assert high_pass == pytest.approx((1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621))


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 24_000, 44_100, 48_000, 192_000])
def test_the_filter_is_what_scipy_computes(rate_hz: int) -> None:
    wave = np.random.default_rng(1).standard_normal((2, 50_001)).astype(np.float32) + np.float32(0.5)
    expected = sosfilt(np.array(coefficients(rate_hz)), wave.astype(np.float64), axis=1)
    k_weighting = KWeighting(rate_hz, 2)
    parts = [k_weighting.feed(block) for block in blocks(wave, 777)]
    found = joined([*parts, k_weighting.finish()])
    assert found.shape == wave.shape
    assert np.abs(found - expected).max() < 2e-5  # 94 dB below the signal


def test_digital_silence_and_very_short_sound_have_no_loudness() -> None:
    silent = measured(np.zeros((1, 480_000), np.float32), 48_000)
    assert (silent.integrated, silent.loudness_range, silent.max_momentary, silent.max_short_term) == (None,) * 4
    assert measured(sine(48_000, [(-20.0, 0.39)]), 48_000).integrated is None


def test_one_channel_counts_once_and_surround_channels_more() -> None:
    parts = [(-23.0, 5.0)]
    assert measured(sine(48_000, parts, channels=1), 48_000).integrated == pytest.approx(-26.0, abs=0.05)
    weights = loudness_weights(("FL", "FR", "FC", "LFE", "BL", "BR"))
    assert weights == (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)
    # EBU Tech 3341, signal 6: -28 left and right, -24 centre, -30 surrounds.
    surround = joined([sine(48_000, [(0.0, 20.0)], channels=6)])
    levels = np.array([[-28.0], [-28.0], [-24.0], [0.0], [-30.0], [-30.0]])
    wave = (surround * 10 ** (levels / 20)).astype(np.float32)
    assert measured(wave, 48_000, weights).integrated == pytest.approx(-23.0, abs=0.1)


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(1, 9000), min_size=1, max_size=40), rate_hz=st.sampled_from([11_025, 22_050, 44_100]))
def test_how_the_stream_is_cut_changes_nothing(sizes: list[int], rate_hz: int) -> None:
    wave = np.random.default_rng(5).standard_normal((1, 40_000)).astype(np.float32)
    whole = measured(wave, rate_hz)
    cut, place = Meter(rate_hz, (1.0,)), 0
    for size in [*sizes, wave.shape[1]]:
        cut.feed(wave[:, place : place + size])
        place += size
    cut.finish()
    for name in ("integrated", "max_momentary"):
        assert getattr(cut, name) == pytest.approx(getattr(whole, name), abs=1e-4)


@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
def test_other_meters_agree_on_speech(speech: Wave, rate_hz: int, tmp_path: Path) -> None:
    wave = speech if rate_hz == 24_000 else resample_poly(speech, rate_hz // 300, 80, axis=1).astype(np.float32)
    ours = measured(wave, rate_hz)
    integrated, loudness_range, peak = ebur128(write(tmp_path / "speech.wav", wave, rate_hz))
    assert ours.integrated == pytest.approx(integrated, abs=0.05)
    assert ours.loudness_range == pytest.approx(loudness_range, abs=0.3)
    assert peak_of(wave, rate_hz) == pytest.approx(peak, abs=0.2)
    if rate_hz != 24_000:  # pyloudnorm's shelf is a different one away from 48 kHz
        independent = pyloudnorm.Meter(rate_hz).integrated_loudness(wave[0].astype(np.float64))
        assert ours.integrated == pytest.approx(independent, abs=0.1)
