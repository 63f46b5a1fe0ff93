"""pyloudnorm without scipy's weight: its own filters, to the last digit, and nothing is left broken behind."""

import subprocess
import sys

import numpy as np
import pyloudnorm
import pytest

from studio.audio.confirm import Confirmation
from studio.audio.loudnorm import Weighting, hop_meter
from tests.audio.audio_samples import blocks, sine


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 192_000])
def test_the_weighting_is_pyloudnorms_own(rate_hz: int) -> None:
    noise = (0.2 * np.random.default_rng(rate_hz).standard_normal((1, 3 * rate_hz)) + 0.1).astype(np.float32)
    expected = noise[0].astype(np.float64)
    for stage in pyloudnorm.Meter(rate_hz, filter_class="DeMan")._filters.values():
        expected = stage.apply_filter(expected)
    weighting = Weighting(rate_hz)
    found = np.concatenate([weighting.feed(block[0]) for block in blocks(noise, 7_001)])
    assert np.abs(found - expected).max() < 1e-7


@pytest.mark.parametrize(("rate_hz", "db"), [(44_100, -20.0), (11_025, -33.0)])
def test_a_hop_is_as_loud_as_pyloudnorm_says(rate_hz: int, db: float) -> None:
    tone = sine(rate_hz, [(db, 2.0)], 997.0, channels=1)
    meter = hop_meter(rate_hz, 0.1)
    meter.integrated_loudness(Weighting(rate_hz).feed(tone[0]))
    assert len(meter.blockwise_loudness) == 20
    assert meter.blockwise_loudness[5:] == pytest.approx([db - 3.01] * 15, abs=0.05)


@pytest.mark.parametrize("size", [1, 999, 44_100, 1_000_000])
def test_how_the_sound_is_cut_makes_no_difference(size: int) -> None:
    random = np.random.default_rng(5)
    length = 20_000 if size == 1 else 500_000
    wave = (random.standard_normal((2, length)) * np.linspace(0.01, 0.3, length)).astype(np.float32)
    found = []
    for each in (size, 10_007):
        confirmation = Confirmation(44_100, ("FL", "FR"))
        for start in range(0, length, each):
            confirmation.feed(wave[:, start : start + each])
        confirmation.finish()
        found.append(confirmation.loudness)
    assert found[0] == pytest.approx(found[1], abs=1e-4)


def test_silence_after_a_sound_becomes_nothing_at_all() -> None:
    weighting = Weighting(44_100)
    weighting.feed(sine(44_100, [(-6.0, 1.0)], 200.0, channels=1)[0])
    rest = [weighting.feed(np.zeros(44_100, np.float32)) for _ in range(8)]
    assert not rest[-1].any()  # numbers of 1e-310 would be a hundred times as slow


CODE = """
import sys
import numpy as np
from studio.audio.confirm import Confirmation
noise = (0.1 * np.random.default_rng(1).standard_normal((1, 96_000))).astype(np.float32)
confirmation = Confirmation(48_000, ("FC",))
confirmation.feed(noise)
confirmation.finish()
assert not {"scipy.signal", "scipy.stats", "scipy.optimize"} & set(sys.modules)
import pyloudnorm, scipy.signal
whole = pyloudnorm.Meter(48_000).integrated_loudness(noise[0].astype(float))  # filters with scipy.signal.lfilter
assert abs(whole - confirmation.loudness) < 0.05, (whole, confirmation.loudness)
assert len(scipy.signal.butter(2, 0.5)[0]) == 3
"""


def test_scipy_is_not_loaded_but_whole_when_it_is() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)
