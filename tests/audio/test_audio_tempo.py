"""Speech made faster keeps its pitch and its places."""

import numpy as np
import pytest

from studio.audio.mono import Mono
from studio.audio.tempo import Tempo

RATE_HZ = 16_000


def faster(sound: Mono, factor: float, block: int) -> Mono:
    tempo = Tempo(RATE_HZ, factor)
    parts = [tempo.feed(sound[first : first + block]) for first in range(0, len(sound), block)]
    return np.concatenate([*parts, tempo.finish()])


@pytest.mark.parametrize("factor", [0.8, 1.5])
def test_a_tone_keeps_its_pitch_and_loses_its_length(factor: float) -> None:
    tone = np.sin(2 * np.pi * 220 * np.arange(8 * RATE_HZ) / RATE_HZ).astype(np.float32)
    result = faster(tone, factor, 5_000)
    assert result.dtype == np.float32
    assert len(result) == pytest.approx(len(tone) / factor, rel=0.005)
    spectrum = np.abs(np.fft.rfft(result[RATE_HZ : 3 * RATE_HZ]))
    assert spectrum.argmax() / 2 == pytest.approx(220, abs=1)


def test_times_are_multiplied_back() -> None:
    clicks = np.zeros(60 * RATE_HZ, np.float32)
    clicks[RATE_HZ :: 5 * RATE_HZ] = 1
    result = faster(clicks, 1.5, 30_000)
    found = np.flatnonzero(result > 0.3) * 1.5 / RATE_HZ
    expected = np.arange(1, 60, 5)
    assert len(found) >= len(expected)
    assert np.abs(found[:, None] - expected).min(axis=0).max() < 0.1


def test_the_size_of_the_blocks_does_not_matter() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 3 * RATE_HZ).astype(np.float32)
    assert np.array_equal(faster(noise, 1.5, 777), faster(noise, 1.5, 48_000))


def test_nothing_stays_nothing() -> None:
    assert len(faster(np.zeros(0, np.float32), 1.5, 100)) == 0
