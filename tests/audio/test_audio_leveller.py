"""Levelling: a hand on the fader that follows the speech over seconds, and rests in pauses."""

from pathlib import Path

import numpy as np
import pytest

from studio.audio.decode import stream
from studio.audio.leveller import Fader, Leveller
from studio.audio.mastering import master
from studio.audio.meter import Meter
from studio.domain.sound import LoudnessTarget
from studio.engine.jobs import MasterJob
from tests.audio.audio_samples import Wave, blocks, joined, write

RATE_HZ = 24_000


def fader(wave: Wave) -> Fader:
    meter, leveller = Meter(RATE_HZ, (1.0,)), Leveller()
    for block in blocks(wave, 30_000):
        leveller.feed(meter.feed(block))
    leveller.feed(meter.finish())
    assert meter.integrated is not None
    return leveller.fader(meter.integrated, RATE_HZ)


def steps(speech: Wave, levels_db: tuple[float, ...]) -> Wave:
    """The same 20 seconds at each of these levels, one after the other."""
    part = speech[:, : 20 * RATE_HZ]
    return np.concatenate([part * np.float32(10 ** (level / 20)) for level in levels_db], axis=1)


def test_soft_and_loud_parts_come_closer(speech: Wave) -> None:
    gains = fader(steps(speech, (0.0, -6.0, 0.0, 4.0))).gains_db.reshape(4, -1)
    first, soft, again, loud = (float(np.median(part)) for part in gains)
    assert soft - first == pytest.approx(0.8 * 6, abs=0.7)
    assert loud - first == pytest.approx(-0.8 * 4, abs=0.7)
    assert again == pytest.approx(first, abs=0.5)


def test_it_is_gentle(speech: Wave) -> None:
    gains = fader(steps(speech, (0.0, -18.0, 0.0, 15.0))).gains_db
    assert np.abs(gains).max() <= 6.0 + 1e-9
    assert np.abs(np.diff(gains)).max() * 10 < 7.0  # dB a second, even at a step of 15 dB


def test_even_speech_is_left_nearly_alone(speech: Wave) -> None:
    assert np.ptp(fader(steps(speech, (0.0, 0.0))).gains_db) < 2.5


@pytest.mark.parametrize("noise_db", [None, -66.0, -50.0])
def test_no_pause_is_turned_up(noise_db: float | None, speech: Wave) -> None:
    """Neither a long silence nor the noise in it: between two equal parts the gain stays what it is in them."""
    part = speech[:, : 12 * RATE_HZ]
    wave = np.concatenate((part, np.zeros((1, 15 * RATE_HZ), np.float32), part), axis=1)
    if noise_db is not None:
        wave += np.random.default_rng(2).normal(0, 10 ** (noise_db / 20), wave.shape).astype(np.float32)
    gains = fader(wave).gains_db
    speaking = np.concatenate((gains[:120], gains[-120:]))
    assert gains[120:270].max() <= speaking.max() + 0.1
    assert np.abs(np.diff(gains[150:240])).max() < 0.1


def test_its_gain_is_applied_without_a_step(speech: Wave) -> None:
    found = fader(steps(speech, (0.0, -6.0)))
    wave = np.ones((2, 40 * RATE_HZ), np.float32)
    parts, at = [], 0
    for block in blocks(wave, 7001):
        parts.append(found.applied(block, at))
        at += block.shape[1]
    gain = joined(parts)
    assert np.array_equal(gain, found.applied(wave, 0))
    assert np.array_equal(gain[0], gain[1])
    assert np.abs(np.diff(20 * np.log10(gain[0]))).max() < 7.0 / RATE_HZ
    assert 20 * np.log10(gain[0, RATE_HZ * 10]) == pytest.approx(found.gains_db[100], abs=0.1)


def test_nothing_and_no_speech_have_no_gain() -> None:
    assert not Leveller().fader(-20.0, RATE_HZ).gains_db.size
    wave = np.ones((1, 10), np.float32)
    assert np.array_equal(Fader.none().applied(wave, 0), wave)


def test_options_are_off_unless_asked_for(speech: Wave, tmp_path: Path) -> None:
    """Mastered with both: the parts come closer and the rumble goes; without them everything stays in its place."""
    wave = steps(speech, (0.0, -6.0))
    rumble = 0.02 * np.sin(2 * np.pi * 25 * np.arange(wave.shape[1]) / RATE_HZ, dtype=np.float32)
    source = write(tmp_path / "take.wav", (wave + rumble).astype(np.float32), RATE_HZ)
    found = []
    for number, target in enumerate((LoudnessTarget(), LoudnessTarget(levelling=True, high_pass_hz=80.0))):
        result = master(lambda _: None, MasterJob(source, tmp_path / f"{number}.mp3", tmp_path / "p", target, 0.5))
        assert result.sound.loudness_lufs == pytest.approx(-16.0, abs=0.06)
        samples = joined(list(stream(tmp_path / f"{number}.mp3")))[0]
        halves = np.abs(np.fft.rfft(samples[: len(samples) // 2 * 2].reshape(2, -1)))
        frequency = np.fft.rfftfreq(len(samples) // 2, 1 / 44_100)
        low, speaking = ((frequency > a) & (frequency < b) for a, b in ((20, 30), (100, 4000)))
        loud, soft = np.square(halves[:, speaking]).sum(axis=1)
        found.append((10 * np.log10(loud / soft), 20 * np.log10(halves[:, low].max() / halves[:, speaking].max())))
    (step, low_db), (smaller, lower_db) = found
    assert step == pytest.approx(6.0, abs=0.5)
    assert smaller < 2.5
    assert lower_db < low_db - 30
