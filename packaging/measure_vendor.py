"""Runs `batchcast batch --voice elevenlabs:...` against the local server of the tests and says how well it bought.

    .venv/bin/python packaging/measure_vendor.py slots     how full the slots are, by the server's own books
    .venv/bin/python packaging/measure_vendor.py pace      whether a limit of requests a minute is ever met by a refusal
    .venv/bin/python packaging/measure_vendor.py memory    the main process with 30 bodies at once, small and large
    .venv/bin/python packaging/measure_vendor.py long      texts around a model's limit: calls, joins, marks

Prints one JSON object. The server, the program and this script are three processes that share the machine, so the
figures are those of a slower one. Libraries and folders are made anew in a temporary place, and removed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fakes.program import ServerProgram, server_program  # noqa: E402  (the line above is what finds it)
from tests.fakes.prose import prose, write_scripts  # noqa: E402

VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
EVERY_S = 0.05
FAST = 0.25  # what a character takes with a fast model, for the server's figure of 1


@dataclass
class Watched:
    """A run of the program that is over."""

    status: int
    seconds: float
    main_peak_mb: float
    document: dict[str, Any] = field(repr=False)


def main() -> int:
    """Measure one thing; print one JSON object with the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("slots", "pace", "memory", "long"))
    parser.add_argument("--episodes", type=int, default=300, help="of slots and pace (default: 300)")
    parser.add_argument("--mean", type=float, default=2.0, help="seconds that a call takes on average (default: 2)")
    parser.add_argument("--speech", action="store_true", help="slots, long: real speech, and the whole pipeline")
    options = parser.parse_args()
    measures: dict[str, Callable[[argparse.Namespace, Path], dict[str, Any]]] = {
        "slots": slots,
        "pace": pace,
        "memory": memory,
        "long": long,
    }
    with tempfile.TemporaryDirectory(prefix="batchcast-") as folder:
        figures = measures[options.what](options, Path(folder))
    json.dump({"cores": os.cpu_count(), **figures}, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def slots(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The mean number of requests in work against the slots, with few and many slots, even and heavy-tailed."""
    characters = 120
    scripts = write_scripts(folder / "scripts", options.episodes, characters)
    runs = []
    for width, sigma in ((10, 0.6), (10, 1.0), (30, 0.6), (30, 1.0)):
        server_options = latency(options.mean, characters, sigma)
        if options.speech:
            server_options += ["--speech"]
        with server_program("--plan", "business", *server_options) as server:
            out = folder / f"{width}-{sigma}"
            until = [] if options.speech else ["--until", "synthesize"]
            command = ["--concurrency", str(width), "--requests-per-minute", "10000", "--repairs", "0", *until]
            run = batch(server, out, [scripts], *command)
            books = server.books()
        runs.append(
            {
                "slots": width,
                "sigma": sigma,
                "calls": sum(books.outcomes.values()),
                "most_in_flight": books.peak,
                "mean_in_flight": round(books.mean, 2),
                "share": round(books.mean / width, 4),
                "outcomes": books.outcomes,
                "seconds": round(run.seconds, 1),
                "exit_status": run.status,
            }
        )
    return {"episodes": options.episodes, "mean_call_s": options.mean, "whole_pipeline": options.speech, "runs": runs}


def pace(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """A server that refuses more than so many requests in any minute, and a program that is told the same figure."""
    episodes, per_minute = min(options.episodes, 125), 100
    scripts = write_scripts(folder / "scripts", episodes, 300)
    limits = ["--per-minute", str(per_minute), "--base", "0.2", "--per-character", "0", "--time-scale", "1"]
    with server_program("--plan", "business", *limits) as server:
        command = ["--concurrency", "30", "--requests-per-minute", str(per_minute), "--until", "synthesize"]
        run = batch(server, folder / "out", [scripts], *command)
        books = server.books()
    return {
        "episodes": episodes,
        "per_minute": per_minute,
        "seconds": round(run.seconds, 1),
        "outcomes": books.outcomes,
        "exit_status": run.status,
    }


def memory(_options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Peak resident memory of the main process while 30 bodies arrive at the same time."""
    scripts = write_scripts(folder / "scripts", 30, 2_600)
    runs = []
    for form in ("mp3_44100_64", "mp3_44100_192", "wav_44100"):
        with server_program("--plan", "business", "--time-scale", "1", "--base", "4", "--per-character", "0") as server:
            command = ["--format", form, "--concurrency", "30", "--requests-per-minute", "10000"]
            run = batch(server, folder / form, [scripts], *command, "--until", "synthesize")
            books = server.books()
        sizes = [path.stat().st_size for path in (folder / form / "library/artifacts").glob(f"*/*.{form[:3]}")]
        runs.append(
            {
                "format": form,
                "body_mb": round(sum(sizes) / max(1, len(sizes)) / 1e6, 2),
                "most_in_flight": books.peak,
                "main_peak_mb": round(run.main_peak_mb, 1),
                "exit_status": run.status,
            }
        )
    return {"runs": runs}


def long(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Texts at and above a model's limit: how many calls, and whether the joins can be found."""
    runs = []
    model, limit = ("eleven_multilingual_v2", 10_000) if options.speech else ("eleven_flash_v2_5", 40_000)
    for characters in (limit, limit + 1, 25_000 if options.speech else 138_988):
        script = folder / f"text-{characters}.txt"
        script.write_text(prose(characters, characters), encoding="utf-8")
        server_options = ["--time-scale", "0.01", *(["--speech"] if options.speech else [])]
        with server_program("--plan", "business", *server_options) as server:
            out = folder / str(characters)
            run = batch(server, out, [script], "--model", model, "--until", "synthesize")
            books = server.books()
        runs.append(
            {
                "characters": characters,
                "model": model,
                "calls": [charge["characters"] for charge in books.charges],
                "seconds": round(run.seconds, 1),
                "exit_status": run.status,
                **_take(out / "library", script.read_text("utf-8"), limit),
            }
        )
    return {"real_speech": options.speech, "runs": runs}


def _take(library: Path, text: str, limit: int) -> dict[str, Any]:
    """Length and marks of the one take in a library, and what the checks of joins find in it."""
    import asyncio

    from studio import app
    from tests.whole.joins import found_at_joins, planned

    async def look() -> dict[str, Any]:
        async with app.opened_studio(library, at_work=False) as studio:
            (project,) = await studio.projects()
            (episode,) = await studio.episodes(project.id)
            details = await studio.details(episode.id)
        if details.audio is None:
            return {"problem": episode.reason}
        gaps = [later.start_s - earlier.end_s for earlier, later in pairwise(details.marks)]
        return {
            "duration_s": round(episode.duration_s or 0, 1),
            "marks": len(details.marks),
            "longest_gap_s": round(max(gaps, default=0.0), 2),
            "overlaps": sum(gap < 0 for gap in gaps),
            "found_at_joins": [
                {"kind": each.kind, "value": round(each.value, 2), "usual": round(each.usual, 2)}
                for each in found_at_joins(details.audio, details.marks, planned(text, limit), library)
            ],
        }

    return asyncio.run(look())


def latency(mean_s: float, characters: int, sigma: float) -> list[str]:
    """Options of the server: calls that take so long on average, a fifth of it whatever is asked for."""
    per_character = 0.8 * mean_s / characters / FAST
    return [
        "--time-scale",
        "1",
        "--base",
        str(0.2 * mean_s),
        "--per-character",
        str(per_character),
        "--sigma",
        str(sigma),
    ]


def batch(server: ServerProgram, out: Path, scripts: list[Path], *more: str) -> Watched:
    """Run `batchcast batch` with a library of its own, in a process of its own."""
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "studio.cli", "batch", *map(str, scripts), "--out", str(out / "folders")]
    command += ["--voice", VOICE, "--json", *more]
    environment = {**os.environ, **server.environment, "BATCHCAST_HOME": str(out / "library")}
    result = out / "result.json"
    began = time.monotonic()
    with result.open("w") as stdout:
        run = subprocess.Popen(command, stdout=stdout, env=environment, cwd=ROOT)  # noqa: S603  (our own program)
        peak = _watch(run)
    seconds = time.monotonic() - began
    return Watched(run.returncode, seconds, peak / 1e6, json.loads(result.read_text() or "{}"))


def _watch(run: subprocess.Popen[bytes]) -> int:
    """Peak resident bytes of the main process, until it ends."""
    process, peak = psutil.Process(run.pid), 0
    while run.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break  # it ended between two looks
        time.sleep(EVERY_S)
    run.wait()
    return peak


if __name__ == "__main__":
    sys.exit(main())
