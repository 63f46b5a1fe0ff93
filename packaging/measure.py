"""Runs `batchcast batch` on the given scripts and says how fast it was and how much memory it took.

    .venv/bin/python packaging/measure.py SCRIPTS... --out DIR

Memory is the peak resident set of the main process and of the largest worker, read ten times a second. The library of
the run is a new one inside of DIR, so that nothing comes from an earlier purchase.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

EVERY_S = 0.1


def main() -> int:
    """Run the batch; print one JSON object with the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "BATCHCAST_HOME": str(options.out / "library")}
    command = [sys.executable, "-m", "studio.cli", "batch", *options.scripts]
    command += ["--out", str(options.out / "folders"), "--approve", "passed", "--json"]
    started = time.monotonic()
    result_path = options.out / "result.json"
    with result_path.open("w") as result:
        run = subprocess.Popen(command, stdout=result, env=environment)  # noqa: S603  (our own program)
        main_peak, worker_peak = _watch(run)
    seconds = time.monotonic() - started
    document = json.loads(result_path.read_text())
    audio_s = sum(episode["duration_s"] or 0 for episode in document["episodes"])
    stages: dict[str, float] = {}
    for episode in document["episodes"]:
        for stage, taken in episode["timings"].items():
            stages[stage] = round(stages.get(stage, 0.0) + taken, 1)
    figures = {
        "cores": os.cpu_count(),
        "episodes": len(document["episodes"]),
        "audio_hours": round(audio_s / 3600, 2),
        "seconds": round(seconds, 1),
        "audio_hours_per_hour": round(audio_s / seconds, 1),
        "seconds_in_stage": stages,
        "main_peak_mb": round(main_peak / 1e6),
        "worker_peak_mb": round(worker_peak / 1e6),
        "exit_status": run.returncode,
        "quality_metrics": document["quality_metrics"],
    }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _watch(run: subprocess.Popen[bytes]) -> tuple[int, int]:
    """Peak resident bytes of the main process and of its largest child, until it ends."""
    process = psutil.Process(run.pid)
    main_peak = worker_peak = 0
    while run.poll() is None:
        try:
            main_peak = max(main_peak, process.memory_info().rss)
            for child in process.children(recursive=True):
                worker_peak = max(worker_peak, child.memory_info().rss)
        except psutil.NoSuchProcess:
            pass  # it ended between two looks
        time.sleep(EVERY_S)
    return main_peak, worker_peak


if __name__ == "__main__":
    sys.exit(main())
