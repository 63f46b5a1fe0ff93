"""The phase rotator keeps the spectrum and the time, and lowers the peaks of a voice; a convolution in blocks."""

import numpy as np
import pytest

from studio.audio.convolve import Convolver
from studio.audio.highpass import high_pass
from studio.audio.phase import SPREADS_S, Crests, Turn, kernel, pair
from tests.audio.audio_samples import Wave, blocks, joined

RATE_HZ = 44_100


def response(taps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in Hz, and the complex response."""
    return np.fft.rfftfreq(1 << 18, 1 / RATE_HZ), np.fft.rfft(taps, 1 << 18)


@pytest.mark.parametrize("size", [1000, 65_536, 150_000])
def test_blocks_give_what_the_whole_would(size: int, speech: Wave) -> None:
    wave = np.concatenate((speech, speech[:, ::-1]))[:, :200_000]
    kernels = np.random.default_rng(5).normal(0, 0.01, (2, 701))
    convolver = Convolver(kernels, 300, 2)
    parts = [convolver.feed(block) for block in blocks(wave, size)]
    found = np.concatenate([*parts, convolver.finish()], axis=2)
    whole = Convolver(kernels, 300, 2)
    assert np.array_equal(found, np.concatenate((whole.feed(wave), whole.finish()), axis=2))
    for one, taps in zip(found, kernels, strict=True):
        for channel, samples in zip(one, wave, strict=True):
            assert np.allclose(channel, np.convolve(samples, taps)[300 : 300 + len(samples)], atol=1e-6)


def test_fewer_samples_than_taps_come_out_again() -> None:
    taps, centre = kernel(RATE_HZ, Turn(SPREADS_S[0], 45))
    convolver = Convolver(taps[None], centre, 1)
    assert not convolver.feed(np.ones((1, 10), np.float32)).size
    assert convolver.finish().shape == (1, 1, 10)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("spread_s", SPREADS_S)
@pytest.mark.parametrize("degrees", [0, 75])
def test_only_the_phase_changes_and_only_where_it_may(rate_hz: int, spread_s: float, degrees: int) -> None:
    taps, centre = kernel(rate_hz, Turn(spread_s, degrees))
    frequency = np.fft.rfftfreq(1 << 18, 1 / rate_hz)
    spectrum = np.fft.rfft(taps, 1 << 18)
    heard = (frequency > 60) & (frequency < 20_000)
    assert np.abs(20 * np.log10(np.abs(spectrum[heard]))).max() < 0.2
    delay_s = -np.diff(np.unwrap(np.angle(spectrum))) / (2 * np.pi * frequency[1]) - centre / rate_hz
    for hertz, most_s in ((500, 0.0032), (1000, 0.002), (2000, 0.001), (4000, 0.0001), (8000, 0.0001)):
        assert abs(delay_s[int(hertz / frequency[1])]) < most_s
    assert delay_s[int(150 / frequency[1])] == pytest.approx(spread_s * np.log(2000 / 150) / np.log(20), abs=0.0005)


def test_the_two_of_a_pair_are_a_quarter_turn_apart() -> None:
    kernels, _ = pair(RATE_HZ, SPREADS_S[0])
    frequency, first = response(kernels[0])
    _, second = response(kernels[1])
    heard = (frequency > 100) & (frequency < 20_000)
    assert np.allclose(np.degrees(np.angle(second[heard] / first[heard])), -90, atol=2)


def pulses(lean: float) -> Wave:
    """A buzz of 110 Hz whose harmonics peak together; its sign is that of `lean`."""
    time = np.arange(RATE_HZ) / RATE_HZ
    wave = np.sum([np.cos(2 * np.pi * 110 * number * time) / number for number in range(1, 30)], axis=0)
    return np.asarray((0.2 * lean * wave)[None], np.float32)


def crests(wave: Wave, size: int = 10_000) -> tuple[Crests, dict[Turn, float]]:
    """The peaks as they are counted, and as they are after each turn."""
    kernels = [pair(RATE_HZ, spread_s) for spread_s in SPREADS_S]
    centre = kernels[0][1]
    same = np.zeros((1, 2 * centre + 1))
    same[0, centre] = 1.0
    convolver = Convolver(np.concatenate((same, *(taps for taps, _ in kernels))), centre, len(wave))
    counted = Crests()
    for part in [*(convolver.feed(block) for block in blocks(wave, size)), convolver.finish()]:
        if part.shape[2]:
            counted.feed(part)
    peaks = {Turn(): 20 * np.log10(np.abs(wave).max())}
    for spread_s in SPREADS_S:
        for degrees in (0, 60, 150):
            taps, centre = kernel(RATE_HZ, Turn(spread_s, degrees))
            turner = Convolver(taps[None], centre, len(wave))
            turned = joined([turner.feed(wave)[0], turner.finish()[0]])
            peaks[Turn(spread_s, degrees)] = 20 * np.log10(np.abs(turned).max())
    return counted, peaks


@pytest.mark.parametrize("lean", [1.0, -1.0])
def test_the_peaks_of_every_turn_are_foretold(lean: float) -> None:
    counted, peaks = crests(pulses(lean))
    for turn, peak in peaks.items():
        assert counted.highest_db(turn) == pytest.approx(peak, abs=0.15)


@pytest.mark.parametrize("lean", [1.0, -1.0])
def test_a_voice_that_peaks_is_turned(lean: float) -> None:
    counted, peaks = crests(pulses(lean))
    best = counted.best(peaks[Turn()] - 6.0)
    assert counted.highest_db(best) < peaks[Turn()] - 3.0


def test_what_needs_no_limiter_or_would_gain_nothing_is_left_alone() -> None:
    counted, peaks = crests(pulses(1.0))
    assert counted.best(peaks[Turn()] + 0.2).none
    sine = (0.5 * np.sin(np.arange(RATE_HZ) / 20))[None].astype(np.float32)
    assert crests(sine)[0].best(-9.0).none


def test_silence_has_no_peaks() -> None:
    counted, _ = crests(np.full((1, 5000), 1e-12, np.float32))
    assert counted.best(-1.0).none
    assert counted.highest_db(Turn()) == -80


@pytest.mark.parametrize("cutoff_hz", [40.0, 80.0, 200.0])
def test_the_high_pass_is_a_butterworth_of_the_fourth_order(cutoff_hz: float) -> None:
    frequency, spectrum = response(high_pass(RATE_HZ, cutoff_hz))
    expected = 1 / np.sqrt(1 + (cutoff_hz / np.maximum(frequency, 1e-3)) ** 8)
    heard = (frequency > cutoff_hz / 3) & (frequency < 2000)
    assert np.allclose(20 * np.log10(np.abs(spectrum[heard])), 20 * np.log10(expected[heard]), atol=0.05)
    assert np.abs(spectrum[frequency < 2]).max() < 1e-3
