"""Says how fast a recording is checked on one core, beside other meters, and how much memory ten hours take.

    OPENBLAS_NUM_THREADS=1 .venv/bin/python packaging/measure_sound.py speed SPEECH [--minutes 1] [--within 60]
    OPENBLAS_NUM_THREADS=1 .venv/bin/python packaging/measure_sound.py memory SPEECH [--hours 0.5 2 10]

SPEECH is any recording of speech. `speed` repeats it into three MP3s at 44.1 kHz (mono, stereo with two equal channels,
stereo with different ones). On each take turns: all checks but the hearing of words (`analyse` with everything that it
does, 16 kHz mono for the listeners, the voiceprint, the pace); the same without the voiceprint; `analyse` alone; the
peers, which are pyloudnorm on the decoded samples and FFmpeg's `ebur128` filter with its true peak on the same file;
decoding. There are as many rounds as begin within so many seconds, one at least, and of each the best counts, in
processor time of this process, so that what else runs matters less; the variable keeps it on one thread, as the workers
are. `beside the peers` is how often a check could be made in the time that both peers take.

`memory` analyses MP3s of so many hours at 44.1 kHz, each in a process of its own, first without and then with these
listeners, tells of each as soon as it is done, and says by how much the memory grows. As it stands it takes five
minutes on an idle core, and 300 MB of the disk.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np

from studio.audio.analysis import Listener, analyse
from studio.audio.decode import probe, stream
from studio.audio.encode import Mp3Writer
from studio.audio.samples import Samples
from studio.quality.pace import Pace
from studio.quality.voiceprint import VoiceEars

RATE_HZ = 44_100
PIECE_S = 600.0  # is encoded; a long file is that many times over
KBPS = 64  # of the long file

LONG = """
import json, resource, sys, time
from pathlib import Path
from studio.audio.analysis import analyse
from studio.quality.pace import Pace
from studio.quality.voiceprint import VoiceEars
started = time.process_time()
found = analyse(Path(sys.argv[1]), lambda _: None, listeners=[VoiceEars(), Pace()] if sys.argv[2:] else [])
seconds = time.process_time() - started
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
high_water = [int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")]
peak = high_water[0] if high_water else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps([found.sound.duration_s, seconds, peak]))
"""


def main() -> int:
    """Measure; print one JSON object with the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "memory"))
    parser.add_argument("speech", type=Path)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--within", type=float, default=60.0, help="seconds in which rounds begin")
    parser.add_argument("--hours", type=float, nargs="+", default=[0.5, 2.0, 10.0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "speed":
            figures = _speed(Path(folder), options.speech, options.minutes * 60, options.within)
        else:
            figures = _memory(Path(folder), options.speech, sorted(options.hours))
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _speed(folder: Path, speech: Path, seconds: float, within_s: float) -> dict[str, Any]:
    """How many times faster than real time each is, by kind of file."""
    began = time.monotonic()
    files, durations = {}, {}
    for name, channels, shift in (("mono", 1, 0), ("dual mono", 2, 0), ("two channels", 2, 441)):
        files[name] = folder / f"{name}.mp3"
        _write_mp3(files[name], speech, seconds, channels, shift, 128)
        durations[name] = sum(block.shape[1] for block in stream(files[name])) / probe(files[name]).rate_hz
    warm = folder / "warm.mp3"
    _write_mp3(warm, speech, 10.0, 1, 0, 128)
    for run in TAKES.values():  # whatever has to be loaded, is
        run(warm)
    best = {(kind, take): float("inf") for kind in files for take in TAKES}
    rounds = 0
    while not rounds or time.monotonic() - began < within_s:
        rounds += 1
        for kind, path in files.items():
            for take, run in TAKES.items():
                started = time.process_time()
                run(path)
                best[kind, take] = min(best[kind, take], time.process_time() - started)
    figures: dict[str, Any] = {"rounds": rounds}
    for kind, duration_s in durations.items():
        figures[kind] = {take: round(duration_s / best[kind, take], 1) for take in TAKES}
        peers_s = best[kind, "pyloudnorm"] + best[kind, "ebur128"]
        figures[kind]["both peers"] = round(duration_s / peers_s, 1)
        figures[kind]["beside the peers"] = {
            take: round(peers_s / best[kind, take], 2) for take in TAKES if take not in {"pyloudnorm", "ebur128"}
        }
    return figures


def _analysed(path: Path, *listeners: Listener) -> object:
    return analyse(path, lambda _: None, listeners=listeners)


def _pyloudnorm(path: Path) -> float:
    import pyloudnorm

    wave = np.concatenate(list(stream(path)), axis=1)
    return float(pyloudnorm.Meter(RATE_HZ).integrated_loudness(wave.T.astype(np.float64)))


def _ebur128(path: Path) -> str:
    with av.open(str(path)) as file:
        audio = file.streams.audio[0]
        audio.codec_context.thread_count = 1
        graph = av.filter.Graph()
        source, sink = graph.add_abuffer(template=audio), graph.add("abuffersink")
        meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        loudness = ""
        for frame in (*file.decode(audio), None):
            graph.push(frame)
            while True:
                try:
                    loudness = graph.pull().metadata.get("lavfi.r128.I", loudness)
                except (BlockingIOError, EOFError):
                    break
    return loudness


TAKES: dict[str, Callable[[Path], object]] = {
    "everything without ears, with the voiceprint": lambda path: _analysed(path, VoiceEars(), Pace()),
    "everything without ears and voiceprint": lambda path: _analysed(path, Pace()),
    "analyse": _analysed,
    "pyloudnorm": _pyloudnorm,
    "ebur128": _ebur128,
    "decode only": lambda path: sum(block.shape[1] for block in stream(path)),
}


def _memory(folder: Path, speech: Path, hours: Sequence[float]) -> dict[str, Any]:
    """The highest resident memory of processes that analyse long files, in MB."""
    piece, long = folder / "piece.mp3", folder / "long.mp3"
    _write_mp3(piece, speech, PIECE_S, 1, 0, KBPS)
    content = piece.read_bytes()
    figures: dict[str, Any] = {}
    for length in hours:
        with long.open("wb") as file:
            for _ in range(max(1, round(length * 3600 / PIECE_S))):
                file.write(content)
        for name, arguments in (("analyse", []), ("everything without ears", ["voice"])):
            command = [sys.executable, "-c", LONG, str(long), *arguments]
            run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (this Python)
            duration_s, seconds, peak_mb = json.loads(run.stdout)
            found = {
                "hours": round(duration_s / 3600, 2),
                "times real time": round(duration_s / seconds, 1),
                "peak MB": round(peak_mb, 1),
            }
            figures.setdefault(name, []).append(found)
            sys.stderr.write(f"{name}: {found}\n")
    if len(hours) > 1:
        for name, rows in [*figures.items()]:
            more_mb, more_h = (rows[-1][key] - rows[0][key] for key in ("peak MB", "hours"))
            figures[f"{name}, MB an hour"] = round(more_mb / more_h, 2)
    return figures


def _write_mp3(path: Path, speech: Path, seconds: float, channels: int, shift: int, kbps: int) -> None:
    with Mp3Writer(path, RATE_HZ, channels, kbps) as mp3:
        for block in _repeated(speech, RATE_HZ, channels, seconds):
            mp3.write(np.stack([np.roll(row, shift * number) for number, row in enumerate(block)]))


def _repeated(speech: Path, rate_hz: int, channels: int, seconds: float) -> Iterator[Samples]:
    left = round(seconds * rate_hz)
    while left > 0:
        for block in stream(speech, rate_hz, channels):
            yield block[:, :left]
            left -= block.shape[1]
            if left <= 0:
                return


if __name__ == "__main__":
    sys.exit(main())
