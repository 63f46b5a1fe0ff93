"""Mastering lands, as somebody else's meter hears it on the decoded MP3."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, resample_poly, sosfilt

from studio.audio import peaks
from studio.audio.decode import probe, stream
from studio.audio.limiter import Limiter
from studio.audio.mastering import master
from studio.domain.errors import AudioError
from studio.domain.sound import LoudnessTarget
from studio.engine.ports import MasterJob, MasterResult
from tests.audio.audio_samples import Wave, blocks, ebur128, joined, sine, write


def mastered(source: Path, **target: float) -> MasterResult:
    goal = LoudnessTarget(**target)  # type: ignore[arg-type]  # whole numbers where they must be
    job = MasterJob(source, source.with_suffix(".out.mp3"), source.with_suffix(".peaks"), goal, 0.5)
    told: list[float] = []
    result = master(told.append, job)
    assert told == sorted(told)
    assert told[-1] == 1.0
    return result


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


@pytest.mark.parametrize("kind", INPUTS)
def test_every_kind_of_speech_lands(kind: str, speech: Wave, tmp_path: Path) -> None:
    wave = INPUTS[kind](speech[:, : 24_000 * 12]).astype(np.float32)
    source = write(tmp_path / "take.wav", wave, 24_000)
    result = mastered(source)
    loudness, _, peak = ebur128(tmp_path / "take.out.mp3")
    assert loudness == pytest.approx(-16.0, abs=0.15)
    assert peak <= -1.0 + 0.05  # the two meters interpolate differently
    assert result.sound.loudness_lufs == pytest.approx(-16.0, abs=0.1)
    assert result.sound.true_peak_dbtp is not None
    assert result.sound.true_peak_dbtp <= -1.0
    assert (result.sound.rate_hz, result.sound.channels) == (44_100, 1)
    assert result.sound.duration_s == pytest.approx(12.0, abs=1e-4)
    assert peaks.read(tmp_path / "take.peaks").duration_s == result.sound.duration_s
    assert len(result.strip) == 192


@pytest.mark.parametrize(
    "target",
    [
        {"channels": 2},
        {"lufs": -19.0, "bitrate_kbps": 96},
        {"lufs": -23.0, "rate_hz": 48_000, "bitrate_kbps": 192},
        {"lufs": -20.0, "max_true_peak_dbtp": -3.0, "bitrate_kbps": 64},
    ],
)
def test_every_target_is_reached(target: dict[str, float], speech: Wave, tmp_path: Path) -> None:
    goal = LoudnessTarget(**target)  # type: ignore[arg-type]
    result = mastered(write(tmp_path / "take.wav", speech[:, : 24_000 * 8], 24_000), **target)
    loudness, _, peak = ebur128(tmp_path / "take.out.mp3")
    assert loudness == pytest.approx(goal.lufs, abs=0.15)
    assert peak <= goal.max_true_peak_dbtp + 0.05
    assert (result.sound.rate_hz, result.sound.channels) == (goal.rate_hz, goal.channels)
    assert probe(tmp_path / "take.out.mp3").rate_hz == goal.rate_hz


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
from studio.engine.ports import MasterJob
folder = Path(sys.argv[1])
second = (np.sin(np.arange(24_000) / 20) * np.abs(np.sin(np.arange(24_000) / 9000)) * 0.3).astype(np.float32)
with FlacWriter(folder / "take.flac", 24_000) as out:
    for _ in range(240):
        out.write(second)
job = MasterJob(folder / "take.flac", folder / "m.mp3", folder / "m.peaks", LoudnessTarget(), 0.5)
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
    duration_s, peak_mib = json.loads(run.stdout)
    assert duration_s == 240
    assert peak_mib < 105  # the samples alone would be 40 MiB; Python, numpy and PyAV take 46


def test_the_mp3_plays_from_its_first_sample(speech: Wave, tmp_path: Path) -> None:
    wave = speech[:, : 24_000 * 5]
    mastered(write(tmp_path / "take.wav", wave, 24_000))
    found = joined(list(stream(tmp_path / "take.out.mp3", 24_000)))
    lag = np.argmax(np.correlate(found[0, 20_000:60_000], wave[0, 20_500:59_500], "valid")) - 500
    assert lag == 0
