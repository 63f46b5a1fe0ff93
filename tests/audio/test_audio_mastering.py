"""Mastering lands, as somebody else's meter hears it on the decoded MP3."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, hilbert, resample_poly, sosfilt, sosfiltfilt

from studio.audio import mastering, peaks
from studio.audio.decode import probe, stream
from studio.audio.limiter import Limiter
from studio.audio.mastering import master
from studio.domain.errors import AudioError, SettingError
from studio.domain.presets import CUSTOM, PRESETS, preset_of, preset_values
from studio.domain.settings import Settings
from studio.domain.sound import LoudnessTarget
from studio.engine.jobs import MasterJob, MasterResult
from tests.audio.audio_samples import Wave, blocks, ebur128, joined, sine, write


def mastered(source: Path, **target: float) -> MasterResult:
    goal = LoudnessTarget(**target)  # type: ignore[arg-type]  # whole numbers where they must be
    job = MasterJob(source, source.with_suffix(".out.mp3"), source.with_suffix(".peaks"), goal, 0.5)
    told: list[float] = []
    result = master(told.append, job)
    assert told == sorted(told)
    assert told[-1] == 1.0
    return result


def treble(wave: Wave) -> npt.NDArray[np.complex128]:
    """The analytic signal of what lies above 2.5 kHz, at 24 kHz: where the phase is turned, but not spread."""
    return hilbert(sosfiltfilt(butter(4, 2500, "highpass", fs=24_000, output="sos"), wave))


def likeness(one: npt.NDArray[np.complex128], other: npt.NDArray[np.complex128]) -> float:
    """From 0 to 1, whatever the phase between them."""
    return float(np.abs(np.vdot(one, other)) / np.linalg.norm(one) / np.linalg.norm(other))


def clicks(wave: Wave) -> Wave:
    out = wave.copy()
    out[0, ::9001] = 0.99
    return out


INPUTS: dict[str, Callable[[Wave], Wave]] = {
    "as spoken": lambda wave: wave,
    "very quiet": lambda wave: wave * 0.01,
    "loud": lambda wave: np.clip(wave * 8, -1, 1),
    "peaky": clicks,
    "dull": lambda wave: sosfilt(butter(4, 900, fs=24_000, output="sos"), wave, axis=1).astype(np.float32),
    "noisy": lambda wave: wave + np.random.default_rng(1).normal(0, 0.02, wave.shape).astype(np.float32),
    "with an offset": lambda wave: wave * 0.5 + 0.2,
}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kind", INPUTS)
def test_every_kind_of_speech_lands(kind: str, channels: int, speech: Wave, tmp_path: Path) -> None:
    wave = INPUTS[kind](speech[:, : 24_000 * 12]).astype(np.float32)
    source = write(tmp_path / "take.wav", wave, 24_000)
    result = mastered(source, channels=channels)
    loudness, _, peak = ebur128(tmp_path / "take.out.mp3")
    assert loudness == pytest.approx(-16.0, abs=0.1)
    assert peak <= -1.0 + 0.05  # the two meters interpolate differently
    assert result.sound.loudness_lufs == pytest.approx(-16.0, abs=0.06)
    assert result.sound.true_peak_dbtp is not None
    assert result.sound.true_peak_dbtp <= -1.0
    assert (result.sound.rate_hz, result.sound.channels) == (44_100, channels)
    assert result.sound.duration_s == pytest.approx(12.0, abs=1e-4)
    assert result.deepest_db >= result.limited_db >= 0
    assert peaks.read(tmp_path / "take.peaks").duration_s == result.sound.duration_s
    assert len(result.strip) == 192


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_reached(preset: str, speech: Wave, tmp_path: Path) -> None:
    settings = Settings().with_values(preset_values(preset))
    goal = settings.loudness_target
    assert preset_of(settings) == preset
    mastered(write(tmp_path / "take.wav", speech[:, : 24_000 * 8], 24_000), **asdict(goal))
    out = tmp_path / "take.out.mp3"
    loudness, _, peak = ebur128(out)
    wave = joined(list(stream(out)))
    rms = 10 * np.log10(np.mean(np.square(wave, dtype=np.float64)))
    assert (rms if goal.by_rms else loudness) == pytest.approx(goal.lufs, abs=0.1)
    assert peak <= goal.max_true_peak_dbtp + 0.05
    assert (probe(out).rate_hz, len(wave)) == (goal.rate_hz, goal.channels)
    assert out.stat().st_size == pytest.approx(goal.bitrate_kbps * 125 * 8, rel=0.03)


@pytest.mark.parametrize("kind", ["as spoken", "loud", "very quiet"])
def test_one_encoding_is_the_rule(kind: str, speech: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoding is most of the work: the plan must be right before it begins."""
    encodings = []
    encode = mastering._encode

    def counted(*arguments: Any) -> Any:
        encodings.append(arguments)
        return encode(*arguments)

    monkeypatch.setattr(mastering, "_encode", counted)
    wave = INPUTS[kind](speech[:, : 24_000 * 8]).astype(np.float32)
    mastered(write(tmp_path / "take.wav", wave, 24_000))
    assert len(encodings) == 1


def test_what_is_no_preset() -> None:
    assert preset_of(Settings()) == "podcast-stereo"
    assert preset_of(Settings().with_values({"bitrate_kbps": 160})) == CUSTOM
    with pytest.raises(SettingError, match=r"no preset “radio”.+podcast-stereo"):
        preset_values("radio")


def test_a_mono_take_gives_two_channels_that_are_the_same(speech: Wave, tmp_path: Path) -> None:
    mastered(write(tmp_path / "take.wav", speech[:, : 24_000 * 8], 24_000))
    left, right = joined(list(stream(tmp_path / "take.out.mp3")))
    assert np.array_equal(left, right)


def test_a_stereo_take_keeps_its_sides(speech: Wave, tmp_path: Path) -> None:
    sides = np.concatenate((speech[:, : 24_000 * 8], 0.25 * speech[:, 24_000 * 8 : 24_000 * 16]))
    mastered(write(tmp_path / "take.wav", sides, 24_000))
    found = joined(list(stream(tmp_path / "take.out.mp3", 24_000)))
    for mine, other in ((0, 1), (1, 0)):
        assert likeness(treble(found[mine]), treble(sides[mine])) > 0.8
        assert likeness(treble(found[mine]), treble(sides[other])) < 0.1
    before, after = (np.sqrt(np.mean(np.square(wave), axis=1)) for wave in (sides, found))
    assert after[1] / after[0] == pytest.approx(before[1] / before[0], rel=0.06)  # limited where it is loud


def test_other_rates_and_bit_rates_land(speech: Wave, tmp_path: Path) -> None:
    wave = speech[:, : 24_000 * 8]
    for number, target in enumerate(
        ({"lufs": -23.0, "rate_hz": 48_000, "bitrate_kbps": 320}, {"max_true_peak_dbtp": -3.0, "bitrate_kbps": 64})
    ):
        goal = LoudnessTarget(**target)  # type: ignore[arg-type]
        result = mastered(write(tmp_path / f"{number}.wav", wave, 24_000), **target)
        loudness, _, peak = ebur128(tmp_path / f"{number}.out.mp3")
        assert loudness == pytest.approx(goal.lufs, abs=0.1)
        assert peak <= goal.max_true_peak_dbtp + 0.05
        assert result.sound.rate_hz == goal.rate_hz


def test_the_same_take_gives_the_same_bytes(speech: Wave, tmp_path: Path) -> None:
    first = write(tmp_path / "a.wav", speech[:, :96_000], 24_000)
    second = write(tmp_path / "b.flac", speech[:, :96_000], 24_000, "pcm_f32le", container="wav")
    assert mastered(first) == mastered(second)
    assert (tmp_path / "a.out.mp3").read_bytes() == (tmp_path / "b.out.mp3").read_bytes()


@pytest.mark.parametrize(
    ("wave", "sentence"),
    [
        (np.zeros((1, 96_000), np.float32), "is silent, or nearly so"),
        (sine(24_000, [(-80.0, 4.0)], channels=1), "is silent, or nearly so"),
        (sine(24_000, [(-20.0, 0.05)], channels=1), "lasts 50 ms, too short to have a loudness"),
    ],
)
def test_what_has_no_loudness_is_refused(wave: Wave, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=f"“take.wav” {sentence}"):
        mastered(write(tmp_path / "take.wav", wave, 24_000))
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]


def test_what_cannot_be_that_loud_is_refused(speech: Wave, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"cannot be made as loud as -3\.0 LUFS"):
        mastered(write(tmp_path / "take.wav", speech[:, :72_000], 24_000), lufs=-3.0)
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]


def test_a_broken_take_leaves_no_mp3(speech: Wave, tmp_path: Path) -> None:
    source = write(tmp_path / "take.flac", speech, 24_000, "flac")
    source.write_bytes(source.read_bytes()[:-100_000])
    with pytest.raises(AudioError, match=r"take\.flac"):
        mastered(source)
    assert [path.name for path in tmp_path.iterdir()] == ["take.flac"]


def limited(wave: Wave, rate_hz: int, ceiling_dbtp: float, size: int = 65_536) -> tuple[Wave, float]:
    limiter = Limiter(rate_hz, len(wave), ceiling_dbtp)
    parts = [limiter.feed(block) for block in blocks(wave, size)]
    return joined([*parts, limiter.finish()]), limiter.deepest_db


def test_the_limiter_touches_nothing_below_its_ceiling(speech: Wave) -> None:
    wave = speech / np.abs(speech).max() * np.float32(0.5)
    found, deepest = limited(wave, 24_000, -1.5)
    assert np.array_equal(found, wave)
    assert deepest == 0.0


def test_what_limiting_is_held_and_what_is_for_a_moment(speech: Wave) -> None:
    wave = speech[:, : 24_000 * 4] * np.float32(0.1)
    wave[0, 40_000] = 0.9
    moment = Limiter(24_000, 1, -6.0)
    moment.feed(wave)
    moment.finish()
    assert moment.deepest_db == pytest.approx(5.1, abs=0.2)
    assert moment.held_db < 3
    wave[0, 40_000:60_000:1500] = 0.9
    often = Limiter(24_000, 1, -6.0)
    for block in blocks(wave, 1000):
        often.feed(block)
    often.finish()
    assert often.deepest_db == pytest.approx(5.1, abs=0.2)
    assert often.held_db > 3


def test_the_limiter_rests_in_the_pauses(speech: Wave) -> None:
    """Speech 6 dB too hot for its ceiling: no gain that moves where nobody speaks, none that lasts, none that jumps."""
    rate_hz = 24_000
    wave = np.concatenate((speech[:, : rate_hz * 8], np.zeros((1, rate_hz), np.float32)), axis=1)
    wave = np.concatenate((wave, wave), axis=1) / np.abs(wave).max()
    hum = 1e-3 * np.sin(np.arange(wave.shape[1]) / 3, dtype=np.float32)  # to see the gain by
    found, deepest = limited(wave + hum, rate_hz, -6.0)
    gain_db = np.zeros(wave.shape[1])
    heard = np.abs(wave + hum)[0] > 2e-4
    gain_db[heard] = 20 * np.log10(found[0, heard] / (wave + hum)[0, heard])
    gain_db = np.interp(np.arange(len(gain_db)), np.flatnonzero(heard), gain_db[heard])
    assert deepest > 4
    loud = np.flatnonzero(np.abs(wave[0]) > 10 ** (-6.2 / 20))
    since = np.arange(len(gain_db)) - loud[np.maximum(np.searchsorted(loud, np.arange(len(gain_db)), "right") - 1, 0)]
    until = loud[np.minimum(np.searchsorted(loud, np.arange(len(gain_db))), len(loud) - 1)] - np.arange(len(gain_db))
    away = (np.abs(since) > 0.4 * rate_hz) & (np.abs(until) > 0.006 * rate_hz)
    assert away.mean() > 0.1
    assert np.abs(gain_db[away]).max() < 0.1
    assert np.abs(np.diff(gain_db)).max() < 6 / (0.0025 * rate_hz)  # all of it takes at least half the look-ahead


@pytest.mark.parametrize("size", [100, 4096, 65_536])
def test_the_limiter_holds_its_ceiling_between_the_samples_too(speech: Wave, size: int) -> None:
    wave = clicks(speech) * np.float32(3)
    found, deepest = limited(wave, 24_000, -1.5, size)
    assert found.shape == wave.shape
    assert 20 * np.log10(np.abs(resample_poly(found, 4, 1, axis=1)).max()) < -1.4
    assert deepest > 6
    assert np.allclose(found, limited(wave, 24_000, -1.5)[0], atol=1e-5)


def test_the_limiter_is_gentle_around_a_peak() -> None:
    rate_hz = 44_100
    wave = sine(rate_hz, [(-12.0, 1.0)], 200.0, channels=1)
    wave[0, 22_050] = 0.99
    found, deepest = limited(wave, rate_hz, -6.0)
    gain = np.ones(wave.shape[1])
    heard = np.abs(wave[0]) > 0.05
    gain[heard] = found[0, heard] / wave[0, heard]
    steady = np.interp(np.arange(wave.shape[1]), np.flatnonzero(heard), gain[heard])
    touched = np.flatnonzero(steady < 0.999)
    assert touched[0] >= 22_050 - 0.006 * rate_hz  # nothing before the look-ahead
    assert touched[-1] <= 22_050 + 0.6 * rate_hz  # and soon over
    assert steady[22_050 + int(0.2 * rate_hz)] > 0.95
    assert np.abs(np.diff(steady)).max() < 0.02  # no step
    assert deepest == pytest.approx(5.9, abs=0.2)


MEMORY = """
import json, resource, sys
from pathlib import Path
import numpy as np
from studio.audio.encode import FlacWriter
from studio.audio.mastering import master
from studio.domain.sound import LoudnessTarget
from studio.engine.jobs import MasterJob
folder = Path(sys.argv[1])
second = (np.sin(np.arange(24_000) / 20) * np.abs(np.sin(np.arange(24_000) / 9000)) * 0.3).astype(np.float32)
for seconds in (30, 250):
    with FlacWriter(folder / "take.flac", 24_000) as out:
        for _ in range(seconds):
            out.write(second)
    target = LoudnessTarget(channels=1, bitrate_kbps=64, levelling=True)
    job = MasterJob(folder / "take.flac", folder / "m.mp3", folder / "m.peaks", target, 0.5)
    result = master(lambda _: None, job)
    # Not ru_maxrss on Linux: that one begins with the size of the process that started this one.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    high_water = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    peak = high_water[0] if high_water else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps([result.sound.duration_s, peak]))
"""


def test_mastering_streams(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", MEMORY, str(tmp_path)], capture_output=True, text=True, check=True)
    (short_s, short_mib), (long_s, long_mib) = (json.loads(line) for line in run.stdout.splitlines())
    assert (short_s, long_s) == (30, 250)
    # The second run finds the memory of the first in pieces. The samples of the difference alone would be 37 MiB.
    assert long_mib < short_mib + 24


@pytest.mark.parametrize("lufs", [-28.0, -10.0])
def test_the_mp3_plays_from_its_first_sample(lufs: float, speech: Wave, tmp_path: Path) -> None:
    """Nothing is shifted by a sample: all of it where nothing is limited, and the consonants where the phase is."""
    wave = speech[:, : 24_000 * 5]
    result = mastered(write(tmp_path / "take.wav", wave, 24_000), lufs=lufs, bitrate_kbps=192)
    found, meant = joined(list(stream(tmp_path / "take.out.mp3", 24_000)))[0], wave[0]
    assert (result.deepest_db > 0) is (lufs == -10.0)
    if lufs == -10.0:
        found, meant = treble(found), treble(meant)
    else:
        assert np.corrcoef(found, meant)[0, 1] > 0.999
    lag = np.argmax(np.abs(np.correlate(found[20_000:60_000], meant[20_500:59_500], "valid"))) - 500
    assert lag == 0
