"""What the detectors compute with: single modules of scipy, transforms of many rows, and linear prediction."""

import subprocess
import sys
from itertools import product as pairs

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.linalg import lstsq, solve
from scipy.signal import _sigtools, lfilter

from studio.audio.compiled import compiled
from studio.audio.prediction import covariances
from studio.audio.spectra import correlations, powers, spectra

Rows = npt.NDArray[np.float32]

SEEDS = some.integers(0, 2**32 - 1)


def noise(seed: int, *shape: int, level: float = 1.0) -> Rows:
    return np.random.default_rng(seed).normal(0, level, shape).astype(np.float32)


def in_a_new_process(code: str) -> str:
    """What `code` prints in a process that has loaded nothing yet, and that has one warning for each mistake."""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


ALONE = """
import sys
from studio.audio.compiled import compiled
name = {name!r}
module = compiled(name)
assert compiled(name) is module is sys.modules[name]
print(*sorted(each for each in sys.modules if each.startswith("scipy.") and each.count(".") == 1))
"""


@pytest.mark.parametrize("name", ["scipy.signal._sigtools", "scipy.fft._pocketfft.pypocketfft"])
def test_one_module_comes_without_its_package(name: str) -> None:
    loaded = in_a_new_process(ALONE.format(name=name)).split()
    assert "scipy.signal" not in loaded
    assert "scipy.fft" not in loaded
    assert "scipy.stats" not in loaded
    assert "scipy.optimize" not in loaded


WHOLE_AFTERWARDS = """
import numpy as np
from studio.audio.compiled import compiled
sigtools = compiled("scipy.signal._sigtools")
pocketfft = compiled("scipy.fft._pocketfft.pypocketfft")
import scipy.fft, scipy.signal
from scipy.signal import _sigtools
assert _sigtools is sigtools
row = np.arange(8.0)
assert scipy.signal.lfilter([1.0], [1.0, -1.0], row).tolist() == row.cumsum().tolist()
assert np.allclose(scipy.fft.rfft(row), np.fft.rfft(row))
print("fine")
"""


def test_the_whole_package_and_its_module_live_together() -> None:
    assert in_a_new_process(WHOLE_AFTERWARDS) == "fine\n"
    assert compiled("scipy.signal._sigtools") is _sigtools  # here the package came first


def test_a_module_that_does_not_exist_is_told_by_its_name() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"scipy\.signal\._nothing"):
        compiled("scipy.signal._nothing")
    assert "scipy.signal._nothing" not in sys.modules


def test_the_compiled_filter_is_the_one_of_scipy() -> None:
    wave = noise(1, 5_000)
    forward, back = np.array([0.3, -0.2, 0.1]), np.array([1.0, -0.6, 0.2])
    state = np.zeros(2)
    parts = []
    for part in np.split(wave, [7, 8, 3_000]):
        done, state = compiled("scipy.signal._sigtools")._linear_filter(forward, back, part, -1, state)
        parts.append(done)
    assert np.allclose(np.concatenate(parts), lfilter(forward, back, wave.astype(np.float64)))


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rows=some.integers(1, 20), size=some.integers(1, 700))
def test_spectra_are_those_of_numpy(seed: int, rows: int, size: int) -> None:
    wave = noise(seed, rows, size)
    expected = np.fft.rfft(wave.astype(np.float64))
    loudest = np.sqrt(np.square(np.abs(expected)).mean())
    found = spectra(wave)
    assert found.dtype == np.complex64
    assert found.shape == (rows, size // 2 + 1)
    assert np.abs(found - expected).max() <= 1e-5 * loudest
    power = powers(wave)
    assert power.dtype == np.float32
    assert power.shape == found.shape
    assert np.abs(power - np.square(np.abs(expected))).max() <= 1e-5 * float(np.square(np.abs(expected)).max())
    assert float(power.min()) >= 0


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rows=some.integers(1, 12), size=some.integers(2, 300))
def test_correlations_are_the_circular_ones(seed: int, rows: int, size: int) -> None:
    wave = noise(seed, rows, size)
    power = powers(wave)
    before = power.copy()
    found = correlations(power, size)
    exact = wave.astype(np.float64)
    expected = np.stack([(exact * np.roll(exact, -lag, axis=1)).sum(axis=1) for lag in range(size)], axis=1)
    assert found.dtype == np.float32
    assert found.shape == (rows, size)
    assert np.abs(found - expected).max() <= 1e-5 * expected[:, 0].max()
    assert np.allclose(found, np.fft.irfft(before, size), atol=1e-5 * expected[:, 0].max())
    assert np.array_equal(power, before)  # what was given stays as it was


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 200])
def test_powers_of_many_rows_behind_a_window(rows: int) -> None:
    """They are computed some rows at a time: none is left out, and none is done twice."""
    window = np.hanning(400).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(noise(11, 400 + 160 * 200), 400)[::160][:rows]
    expected = np.square(np.abs(np.fft.rfft(frames.astype(np.float64) * window)))
    found = powers(frames, window)
    assert found.shape == (rows, 201)
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-3)
    assert np.array_equal(powers(frames * window), found)


def test_a_tone_is_one_line_and_rows_do_not_mix() -> None:
    size = 512
    time = np.arange(size)
    wave = np.stack([np.cos(2 * np.pi * line * time / size) for line in (0, 1, 37, 255, 256)]).astype(np.float32)
    power = powers(wave)
    assert power.argmax(axis=1).tolist() == [0, 1, 37, 255, 256]
    assert np.allclose(power.max(axis=1), [size**2, *[(size / 2) ** 2] * 3, size**2], rtol=1e-5)
    others = power.copy()
    others[np.arange(5), power.argmax(axis=1)] = 0
    assert float(others.max()) < 1e-6 * size**2


def test_rows_may_be_views_that_overlap() -> None:
    wave = noise(3, 4_000)
    frames = np.lib.stride_tricks.sliding_window_view(wave, 400)[::160]
    assert np.allclose(spectra(frames), np.fft.rfft(frames), atol=1e-4)
    assert np.allclose(spectra(frames[:, ::2]), np.fft.rfft(frames[:, ::2]), atol=1e-4)
    assert spectra(frames[:0]).shape == (0, 201)


def by_hand(part: Rows, order: int, sides: list[tuple[int, int]]) -> npt.NDArray[np.float64]:
    """The covariances as they are defined: every window for itself."""
    total = np.zeros((order + 1, order + 1))
    for first, end in sides:
        for start in range(first, end):
            window = part[start : start + order + 1].astype(np.float64)
            total += np.outer(window, window)
    return total


@settings(max_examples=25, deadline=None)
@given(
    seed=SEEDS,
    rows=some.integers(1, 5),
    order=some.integers(1, 24),
    cuts=some.lists(some.integers(1, 60), min_size=2, max_size=4),
    level=some.sampled_from([1e-4, 0.1, 1.0]),
)
def test_covariances_are_sums_over_windows(seed: int, rows: int, order: int, cuts: list[int], level: float) -> None:
    """Two sides with a gap between them and one that reaches the last sample, wherever they lie."""
    edges = np.cumsum([0, *cuts]).tolist()
    sides = [(int(edges[0]), int(edges[1])), (int(edges[-2]), int(edges[-1]))]
    parts = noise(seed, rows, int(edges[-1]) + order, level=level)
    found = covariances(parts, order, sides)
    expected = np.stack([by_hand(part, order, sides) for part in parts])
    assert found.shape == (rows, order + 1, order + 1)
    assert np.abs(found - expected).max() <= 2e-5 * np.abs(expected).max()
    assert np.array_equal(found, found.transpose(0, 2, 1))


@pytest.mark.parametrize("order", [8, 38])
def test_covariances_foretell_what_can_be_foretold(order: int) -> None:
    """A sound made by recursion: solving the normal equations finds the recursion, as least squares does."""
    recursion = np.array([1.6, -1.1, 0.35, -0.08])
    wave = lfilter([1.0], [1.0, *-recursion], noise(5, 3_000, level=0.05).astype(np.float64))
    part = wave[1_000:].astype(np.float32)[None]
    side = (0, part.shape[1] - order)
    moments = covariances(part, order, [side])[0]
    ahead = solve(moments[:-1, :-1], moments[:-1, -1], assume_a="sym")
    windows = np.lib.stride_tricks.sliding_window_view(part[0].astype(np.float64), order + 1)[side[0] : side[1]]
    assert np.allclose(ahead, lstsq(windows[:, :-1], windows[:, -1])[0], atol=2e-3)
    assert np.allclose(ahead[::-1][:4], recursion, atol=0.12)
    assert np.abs(ahead[::-1][4:]).max() < 0.12


@pytest.mark.parametrize(("hertz", "rate_hz"), list(pairs((100.0, 440.0, 3_000.0), (8_000, 24_000))))
def test_a_tone_needs_two_numbers(hertz: float, rate_hz: int) -> None:
    turn = 2 * np.pi * hertz / rate_hz
    wave = np.sin(turn * np.arange(400) + 0.3).astype(np.float32)[None]
    moments = covariances(wave, 2, [(0, 150), (200, 390)])[0]
    ahead = np.linalg.solve(moments[:-1, :-1], moments[:-1, -1])
    assert np.allclose(ahead, [-1.0, 2 * np.cos(turn)], atol=2e-3)


def test_what_lies_between_the_sides_is_not_counted() -> None:
    part = noise(7, 1, 200)
    spoilt = part.copy()
    spoilt[0, 90:110] = 1e3
    sides = [(0, 80), (110, 190)]
    assert np.allclose(covariances(spoilt, 10, sides), covariances(part, 10, sides), rtol=1e-3, atol=1e-2)
