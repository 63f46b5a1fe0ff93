"""A long file: constant memory, and the last minute is looked at as the first was."""

import json
import subprocess
import sys
from pathlib import Path

import hibari
import numpy as np
from scipy.signal import resample_poly

from studio.audio.encode import FlacWriter

RATE_HZ = 8_000
MINUTES = 60
TEXT = "It was a bright cold day in April, and the clocks were striking thirteen."
CLICK_S = 41.25  # of the last minute, where nobody speaks

CODE = """
import json, resource, sys
from pathlib import Path
from studio.audio.analysis import analyse
from studio.quality.pace import Pace
from studio.quality.voiceprint import VoiceEars

def peak():
    # Not ru_maxrss on Linux: that one begins with the size of the process that started this one.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    high_water = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return high_water[0] if high_water else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

peaks = []
sound = analyse(
    Path(sys.argv[1]), lambda done: peaks.append((done, peak())), listeners=[VoiceEars(), Pace()]
).sound
early = [high for done, high in peaks if done <= 0.25][-1]
clicks = [spot.start_s for spot in sound.spots if spot.kind == "click"]
silences = [(silence.start_s, silence.end_s) for silence in sound.silences]
print(json.dumps([sound.duration_s, early, peak(), clicks, silences]))
"""


def test_an_hour_takes_no_more_memory_than_a_quarter_and_its_last_minute_is_right(tmp_path: Path) -> None:
    voice = resample_poly(np.concatenate(list(hibari.Hibari().stream(TEXT, seed=7))), 1, 3).astype(np.float32)
    minute = 3e-4 * np.random.default_rng(1).standard_normal(60 * RATE_HZ).astype(np.float32)
    minute[RATE_HZ : RATE_HZ + len(voice)] += voice
    last = minute.copy()
    last[round(CLICK_S * RATE_HZ)] += 0.3
    path = tmp_path / "hour.flac"
    with FlacWriter(path, RATE_HZ) as out:
        for number in range(MINUTES):
            out.write(last if number == MINUTES - 1 else minute)
    run = subprocess.run([sys.executable, "-c", CODE, str(path)], capture_output=True, text=True, check=True)
    duration_s, early_mib, peak_mib, clicks, silences = json.loads(run.stdout)
    start_s = 60.0 * (MINUTES - 1)
    assert duration_s == 60.0 * MINUTES
    assert peak_mib - early_mib < 12  # the samples of the 45 minutes between would be 86
    assert peak_mib < 150
    assert len(clicks) == 1
    assert abs(clicks[0] - (start_s + CLICK_S)) < 0.005
    assert len(silences) > MINUTES
    spoken_until_s = start_s + 1.0 + len(voice) / RATE_HZ
    assert abs(silences[-1][0] - spoken_until_s) < 0.5
    assert silences[-1][1] == duration_s
