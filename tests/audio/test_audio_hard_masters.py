"""Mastering lands on hard input too, as two meters that are not ours hear the decoded MP3."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from studio.audio.decode import stream
from studio.audio.mastering import master
from studio.audio.survey import Level
from studio.domain.errors import AudioError
from studio.domain.presets import preset_values
from studio.domain.settings import Settings
from studio.domain.sound import LoudnessTarget
from studio.engine.jobs import MasterJob, MasterResult
from studio.single import remarks
from tests.audio.audio_samples import Wave, blocks, ebur128, joined, write

RATE_HZ = 24_000
NEAR_LU = 0.1


def at_rate(wave: Wave, rate_hz: int) -> Wave:
    return resample_poly(wave, rate_hz // 150, RATE_HZ // 150, axis=1).astype(np.float32)


def at_level(wave: Wave, lufs: float) -> Wave:
    off = lufs - pyloudnorm.Meter(RATE_HZ).integrated_loudness(wave.T.astype(np.float64))
    return wave * np.float32(10 ** (off / 20))


def filtered(wave: Wave, hertz: float, kind: Literal["lowpass", "highpass"]) -> Wave:
    return sosfilt(butter(6, hertz, kind, fs=RATE_HZ, output="sos"), wave, axis=1).astype(np.float32)


def with_clicks(wave: Wave, every: int, level: float) -> Wave:
    out = wave * np.float32(level)
    out[0, ::every] = 0.99
    return out


def with_rumble(wave: Wave) -> Wave:
    rumble = 0.7 * np.sin(np.arange(wave.shape[1]) / 190)
    return (wave * 0.2 + rumble).astype(np.float32)


def few_words(wave: Wave) -> Wave:
    """Two seconds of speech in a quarter of a minute, in a room that is not quite silent."""
    out = np.random.default_rng(3).normal(0, 1e-4, (1, 15 * RATE_HZ)).astype(np.float32)
    out[:, 11 * RATE_HZ : 13 * RATE_HZ] += wave[:, RATE_HZ : 3 * RATE_HZ]
    return out


def pair(left: Wave, right: Wave) -> Wave:
    return np.concatenate((left, right))


@dataclass(frozen=True)
class Case:
    """A take that is hard, its rate, and whether it takes so much limiting that a person is to be told."""

    make: Callable[[Wave], Wave]
    rate_hz: int = RATE_HZ
    squeezed: bool = False
    preset: str = "podcast-stereo"


CASES = {
    "clicks over speech": Case(lambda wave: with_clicks(wave, 9001, 1.0), squeezed=True),
    "hard clicks over soft speech": Case(lambda wave: with_clicks(wave, 4001, 0.03), squeezed=True),
    "clicks for ACX": Case(lambda wave: with_clicks(wave, 9001, 1.0), preset="acx", squeezed=True),
    "every peak twice as high": Case(lambda wave: wave * np.abs(wave) / np.abs(wave).max(), squeezed=True),
    "dull": Case(lambda wave: filtered(wave, 400, "lowpass")),
    "duller": Case(lambda wave: filtered(wave, 150, "lowpass"), preset="broadcast"),
    "thin": Case(lambda wave: filtered(wave, 3000, "highpass")),
    "thin, for ACX": Case(lambda wave: filtered(wave, 3000, "highpass"), preset="acx", squeezed=True),
    "very quiet": Case(lambda wave: at_level(wave, -50)),
    "very quiet, for broadcast": Case(lambda wave: at_level(wave, -50), preset="broadcast"),
    "clipped": Case(lambda wave: np.clip(wave * 10, -1, 1)),
    "nothing but clipped": Case(lambda wave: np.sign(wave) * np.float32(0.99), preset="podcast-mono"),
    "far beyond full scale": Case(lambda wave: wave * np.float32(20)),
    "few words": Case(few_words),
    "few words, for ACX": Case(few_words, preset="acx", squeezed=True),
    "three seconds": Case(lambda wave: wave[:, RATE_HZ : 4 * RATE_HZ]),
    "half a second": Case(lambda wave: wave[:, RATE_HZ : RATE_HZ + 12_000]),
    "16 kHz": Case(lambda wave: at_rate(wave, 16_200), 16_200),
    "22.05 kHz": Case(lambda wave: at_rate(wave, 22_050), 22_050, preset="podcast-mono"),
    "44.1 kHz, two voices": Case(
        lambda wave: pair(at_rate(wave, 44_100), at_rate(wave[:, ::-1] * 0.3, 44_100)), 44_100
    ),
    "48 kHz, upside down": Case(lambda wave: pair(at_rate(wave, 48_000), -at_rate(wave, 48_000)), 48_000),
    "one side only": Case(lambda wave: pair(wave, np.zeros_like(wave)), preset="broadcast"),
    "an offset": Case(lambda wave: wave * np.float32(0.5) + np.float32(0.3)),
    "an offset, for ACX": Case(lambda wave: wave * np.float32(0.5) + np.float32(0.3), preset="acx"),
    "two offsets": Case(
        lambda wave: pair(wave * 0.4 + 0.3, wave * 0.4 - 0.3).astype(np.float32), preset="podcast-mono"
    ),
    "a rumble": Case(with_rumble),
}


def mastered(source: Path, target: LoudnessTarget) -> MasterResult:
    return master(lambda _: None, MasterJob(source, source.with_suffix(".mp3"), source.with_suffix(".p"), target, 0.5))


@pytest.mark.parametrize("name", CASES)
def test_hard_input_lands_for_meters_that_are_not_ours(name: str, speech: Wave, tmp_path: Path) -> None:
    case = CASES[name]
    target = Settings().with_values(preset_values(case.preset)).loudness_target
    wave = np.asarray(case.make(speech[:, : 6 * RATE_HZ]), np.float32)
    source = write(tmp_path / "take.wav", wave, case.rate_hz)
    result = mastered(source, target)
    loudness, _, peak = ebur128(tmp_path / "take.mp3")
    sound = joined(list(stream(tmp_path / "take.mp3")))
    assert peak <= target.max_true_peak_dbtp
    assert 20 * np.log10(np.abs(resample_poly(sound, 8, 1, axis=1)).max()) <= target.max_true_peak_dbtp
    if target.by_rms:
        assert 10 * np.log10(np.mean(np.square(sound, dtype=np.float64))) == pytest.approx(target.lufs, abs=NEAR_LU)
    else:
        assert loudness == pytest.approx(target.lufs, abs=NEAR_LU)
        other = pyloudnorm.Meter(target.rate_hz).integrated_loudness(sound.T.astype(np.float64))
        assert other == pytest.approx(target.lufs, abs=NEAR_LU)
    assert sound.shape == (target.channels, round(wave.shape[1] / case.rate_hz * target.rate_hz))
    assert result.deepest_db >= result.limited_db >= 0
    assert (result.limited_db > target.most_limiting_db) is case.squeezed
    assert any("dB of limiting" in remark for remark in remarks(result, case.preset)) is case.squeezed


@pytest.mark.parametrize("channels", [1, 2])
def test_the_level_by_rms_is_that_without_the_offset(channels: int, speech: Wave) -> None:
    """As mastering takes it off: else the first plan is many dB too low, and every further one an encoding."""
    wave = np.tile(speech[:, : 6 * RATE_HZ], (channels, 1)) * np.array([[0.5], [0.2]], np.float32)[:channels]
    target = LoudnessTarget(by_rms=True, rate_hz=RATE_HZ, channels=channels)
    level = Level(target, channels)
    for block in blocks(wave + np.array([[0.3], [-0.1]], np.float32)[:channels], 7_001):
        level.feed(block)
    level.finish()
    expected = 10 * np.log10(np.var(wave.astype(np.float64), axis=1).mean())
    assert level.behind(0.0) == pytest.approx(expected, abs=0.01)
    assert level.behind(3.0) == pytest.approx(expected + 3.0, abs=0.01)


def with_bursts(speech: Wave, starts: list[int], length: int) -> Wave:
    """Speech with a tone in it that is three times as high as all of it, and so short that it is no louder."""
    wave = speech.copy()
    for start in starts:
        wave[0, start : start + length] = 3 * np.abs(speech).max() * np.sin(np.arange(length) * 0.5, dtype=np.float32)
    return wave


def change_db(before: Wave, after: Wave, part: slice) -> float:
    powers = [np.square(each[0, part], dtype=np.float64).mean() for each in (before, after)]
    return float(10 * np.log10(powers[1] / powers[0]))


def test_what_was_limited_is_what_is_missing(speech: Wave, tmp_path: Path) -> None:
    """The deepest reduction that is reported, against the sound itself: how much lower the one loud tone came out."""
    start, length = 6 * RATE_HZ, RATE_HZ // 30
    wave = with_bursts(speech[:, : 12 * RATE_HZ] * np.float32(0.2), [start], length)
    result = mastered(write(tmp_path / "take.wav", wave, RATE_HZ), LoudnessTarget(bitrate_kbps=192))
    sound = joined(list(stream(tmp_path / "take.mp3", RATE_HZ)))
    missing_db = result.gain_db - change_db(wave, sound, slice(start + 200, start + length - 200))
    assert missing_db > 6
    assert result.deepest_db == pytest.approx(missing_db, abs=0.5)
    assert 0.5 * result.deepest_db < result.limited_db < 0.9 * result.deepest_db  # it lasts for a third of 100 ms


def test_speech_between_loud_sounds_is_not_pumped(speech: Wave, tmp_path: Path) -> None:
    """What stands before a sound that is limited by many dB, and what comes after it, keep their level."""
    starts = [2 * RATE_HZ, 5 * RATE_HZ, 8 * RATE_HZ]
    soft = speech[:, : 12 * RATE_HZ] * np.float32(0.2)
    wave = with_bursts(soft, starts, RATE_HZ // 100)
    result = mastered(write(tmp_path / "take.wav", wave, RATE_HZ), LoudnessTarget(bitrate_kbps=320))
    sound = joined(list(stream(tmp_path / "take.mp3", RATE_HZ)))
    assert result.limited_db > 3
    for start in starts:
        for part in (slice(start - 12_000, start - 240), slice(start + 12_000, start + 36_000)):
            assert change_db(soft, sound, part) == pytest.approx(result.gain_db, abs=0.3)


def test_what_no_limiter_can_bring_there_is_refused(tmp_path: Path) -> None:
    wave = np.where(np.arange(6 * RATE_HZ) % 4_800 == 0, 0.9, 0.0)[None].astype(np.float32)
    with pytest.raises(AudioError, match=r"cannot be made as loud as -16\.0 LUFS within its peaks\..*lower loudness"):
        mastered(write(tmp_path / "take.wav", wave, RATE_HZ), LoudnessTarget())
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]
