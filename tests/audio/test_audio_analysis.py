"""The one pass: silences, waveform, strip, progress, and detectors that are plugged in."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.audio.samples import Samples
from studio.domain.sound import Span
from tests.audio.audio_samples import Wave, ebur128, sine, write


def nothing(_: float) -> None:
    """Nobody watches the progress."""


def with_pause(speech: Wave, at_s: float, length_s: float, noise: float = 0.0, dc: float = 0.0) -> Wave:
    at = round(at_s * 24_000)
    pause = np.zeros((1, round(length_s * 24_000)), np.float32)
    wave = np.concatenate((speech[:, :at], pause, speech[:, at:]), axis=1)
    return (wave + noise * np.random.default_rng(2).standard_normal(wave.shape) + dc).astype(np.float32)


@pytest.mark.parametrize(
    ("gain_db", "noise_db", "dc"), [(0, None, 0.0), (10, -60, 0.0), (-20, None, 0.0), (0, -58, 0.0), (0, None, 0.1)]
)
def test_a_pause_is_found_at_its_place(
    speech: Wave, gain_db: float, noise_db: float | None, dc: float, tmp_path: Path
) -> None:
    noise = 0.0 if noise_db is None else 10 ** (noise_db / 20)
    wave = with_pause(speech * 10 ** (gain_db / 20), 4.0, 2.0, noise, dc)
    found = analyse(write(tmp_path / "pause.wav", wave, 24_000), nothing, 1.5).sound.silences
    assert len(found) == 1
    assert found[0].start_s == pytest.approx(4.0, abs=0.35)  # the words around it may end softly
    assert 1.95 <= found[0].length_s <= 2.7


def test_speech_without_long_pauses_has_none(speech: Wave, tmp_path: Path) -> None:
    assert analyse(write(tmp_path / "speech.wav", speech, 24_000), nothing, 1.5).sound.silences == ()


def test_a_click_does_not_end_a_silence_but_a_word_does(tmp_path: Path) -> None:
    wave = sine(24_000, [(-20.0, 2.0), (-150.0, 4.0), (-20.0, 2.0)], 300.0, channels=1)
    wave[0, 4 * 24_000] = 0.5
    path = write(tmp_path / "click.wav", wave, 24_000)
    assert [round(span.length_s, 1) for span in analyse(path, nothing, 1.5).sound.silences] == [4.0]
    wave[0, 96_000:98_400] = wave[0, :2400]
    assert len(analyse(write(tmp_path / "word.wav", wave, 24_000), nothing, 1.5).sound.silences) == 2


@pytest.mark.parametrize("rate_hz", [22_050, 48_000])
def test_silence_alone(rate_hz: int, tmp_path: Path) -> None:
    path = write(tmp_path / "silence.wav", np.zeros((1, rate_hz * 3 + 7), np.float32), rate_hz)
    found = analyse(path, nothing, 1.5)
    assert found.sound.loudness_lufs is None
    assert found.sound.true_peak_dbtp is None
    assert found.sound.silences == (Span(0.0, found.sound.duration_s),)
    assert found.strip == bytes(192)
    assert found.peaks.loudness == b"\xff" * 3


def test_the_pyramid_keeps_every_extreme(tmp_path: Path) -> None:
    wave = sine(44_100, [(-12.0, 40.0)], 1000.0)
    wave[1, 1_000_000], wave[0, 500_000] = 0.9, -0.95
    found = analyse(write(tmp_path / "wave.wav", wave, 44_100), nothing)
    levels = found.peaks.levels
    assert [len(level.low) for level in levels] == [4000, 1000, 250]
    assert [level.bin_s for level in levels] == [0.01, 0.04, 0.16]
    for level in levels:
        low, high = np.frombuffer(level.low, np.int8), np.frombuffer(level.high, np.int8)
        assert low.argmin() == int(500_000 / 44_100 / level.bin_s)
        assert high.argmax() == int(1_000_000 / 44_100 / level.bin_s)
        assert (low.min(), high.max()) == (-121, 115)
        assert np.median(high) == 32
    strip = np.frombuffer(found.strip, np.int8).reshape(96, 2)
    # The strip holds means: 42 bins at 32, and one of them the extreme.
    assert (strip.min(), strip.max()) == (round((-32 * 41 - 121) / 42), round((32 * 41 + 115) / 42))
    assert np.median(strip, axis=0).tolist() == [-32, 32]
    assert len(found.peaks.loudness) == 40
    assert set(found.peaks.loudness[2:-2]) == {24}  # -12 dBFS in both channels is -12 LUFS


def test_report_agrees_with_an_independent_meter(speech: Wave, tmp_path: Path) -> None:
    path = write(tmp_path / "speech.flac", speech, 24_000, "flac")
    told: list[float] = []
    sound = analyse(path, told.append).sound
    integrated, loudness_range, peak = ebur128(path)
    assert sound.loudness_lufs == pytest.approx(integrated, abs=0.05)
    assert sound.loudness_range_lu == pytest.approx(loudness_range, abs=0.3)
    assert sound.true_peak_dbtp == pytest.approx(peak, abs=0.2)
    assert sound.max_short_term_lufs is not None
    assert sound.max_short_term_lufs > integrated
    assert (sound.rate_hz, sound.channels) == (24_000, 1)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


class Counter:
    """A detector that counts."""

    def __init__(self) -> None:
        self.samples = 0
        self.finished = False

    def feed(self, block: Samples) -> None:
        self.samples += block.shape[1]

    def finish(self) -> None:
        self.finished = True


def test_a_detector_hears_every_sample(speech: Wave, tmp_path: Path) -> None:
    counter = Counter()
    analyse(write(tmp_path / "speech.wav", speech, 24_000), nothing, detectors=(counter,))
    assert counter.samples == speech.shape[1]
    assert counter.finished


LONG = """
import json, resource, sys
from pathlib import Path
import numpy as np
from studio.audio.analysis import analyse
from studio.audio.encode import FlacWriter

def peak():
    # Not ru_maxrss on Linux: that one begins with the size of the process that started this one.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    high_water = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return high_water[0] if high_water else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

path = Path(sys.argv[1])
random = np.random.default_rng(3)
second = np.sin(np.arange(8000) / 9) * np.abs(np.sin(np.arange(8000) / 3000)) * 0.3
second = (second + 0.01 * random.standard_normal(8000)).astype(np.float32)
with FlacWriter(path, 8000) as out:
    for _ in range(1200):
        out.write(second)
peaks = []
found = analyse(path, lambda done: peaks.append((done, peak())))
early = [high for done, high in peaks if done <= 0.25][-1]
heavy = [name for name in ("scipy.signal", "scipy.stats") if name in sys.modules]
print(json.dumps([found.sound.duration_s, early, peaks[-1][1], peak(), heavy]))
"""


def test_twenty_minutes_need_no_more_memory_than_five(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LONG, str(tmp_path / "long.flac")], capture_output=True, text=True, check=True
    )
    duration_s, early_mib, late_mib, peak_mib, heavy = json.loads(run.stdout)
    assert duration_s == 1200
    assert late_mib - early_mib < 6  # the samples of the 15 minutes between would be 27
    assert peak_mib < 100  # of which Python, numpy and PyAV take 55
    assert heavy == []  # would be 80 more
