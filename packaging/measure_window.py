"""Says how quickly the window appears, and whether it ever waits while a batch is made.

    .venv/bin/python packaging/measure_window.py [start] [stalls] [pages] [rows] [signals] [first]
                                                 [--episodes N] [--seconds S] [--rows N]

With a display, or QT_QPA_PLATFORM=offscreen. Without names all are measured; one JSON document comes out.

*start*: from the start of a process to the first paint, five times; the time that each package's own modules take to
import; the heavy ones among them, of which there must be none.
*stalls*: the turns of the window's loop while N short scripts are made with the built-in voice and the table scrolls
and is sorted. Of those over 33 ms is said what each was at, of those over 16 what they were at together, and of what
parts they consist (see `heartbeat.py`); *steps* are what asyncio ran in one piece for over 5 ms. Beside it stand the
same beat in the idle window before, and the gaps that a process of its own, which does nothing but sleep, sees on this
machine during the batch.
*pages*: the same for each thing that a hand does in a library of 10,000 episodes (see `measure_pages.py`).
*rows*: how long a library of 10,000 episodes takes to be read and shown, and what the process holds then.
*signals*: 5,000 signals through the bridge.
*first*: from “Make the sample batch” in a new library to the first finished episode.
"""

import argparse
import asyncio
import collections
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import measure_table
import psutil
from heartbeat import Bystander, Heartbeat, watched_steps
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio import app
from studio.domain.episode import Episode, Stage, State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Progress
from studio.ui.application import create_application, run
from studio.ui.bridge import Bridge
from studio.ui.main_window import MainWindow
from studio.ui.readiness import Readiness
from studio.ui.shell import open_window

ROUNDS = 5
IDLE_S = 8.0
READY_S = 8.0  # from the first paint until everything is loaded that is shown later
LONGEST_S = 170.0  # of the first run; it has failed then
HEAVY = ("numpy", "scipy", "pyqtgraph", "av", "onnxruntime", "faster_whisper", "sqlite3", "PySide6.QtMultimedia")
OPENINGS = (
    "The lamp was lit at dusk.",
    "Nobody knew the hour.",
    "The pump stood in the street.",
    "A letter came by boat.",
)
ENDINGS = (
    "It burned until the morning.",
    "Every town had its own noon.",
    "Its handle was gone.",
    "It was never answered.",
)


def start() -> dict[str, object]:
    """Time to the first paint, and what is imported on the way."""
    command = [sys.executable, "-c", _ONCE]
    runs = [_output(command).stdout.split() for _ in range(ROUNDS + 1)][1:]  # the first may still have had to compile
    seconds, cpu = (sorted(round(float(run[place]), 3) for run in runs) for place in (0, 1))
    importing = "import studio.app, studio.ui.application, studio.ui.shell, sys; print(*sys.modules)"
    told = _output([sys.executable, "-X", "importtime", "-c", importing])
    own: collections.Counter[str] = collections.Counter()
    for line in told.stderr.splitlines():
        cells = line.removeprefix("import time:").split("|")
        if len(cells) == 3 and cells[0].strip().isdigit():
            own[cells[2].strip().split(".")[0]] += int(cells[0])
    loaded = set(told.stdout.split())
    return {
        "first_paint_s": {"shortest": seconds[0], "median": median(seconds), "longest": seconds[-1]},
        "first_paint_cpu_s": {"shortest": cpu[0], "median": median(cpu), "longest": cpu[-1]},
        "imports_ms": {name: round(micros / 1000, 1) for name, micros in own.most_common(12)},
        "imports_all_ms": round(sum(own.values()) / 1000, 1),
        "modules": len(loaded),
        "heavy": [name for name in HEAVY if name in loaded],
    }


def _output(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    here = {**os.environ, "PYTHONPATH": str(Path(importlib.util.find_spec("studio").origin).parents[1])}  # type: ignore[union-attr, arg-type]
    here.pop("PYTHONDONTWRITEBYTECODE", None)  # a second start finds its modules compiled
    return subprocess.run(command, capture_output=True, text=True, check=True, env=here)  # noqa: S603


_ONCE = """
import gc, sys, tempfile, time
from pathlib import Path
from studio import app, cli
gc.disable()  # as app.run_window
from studio.ui.application import create_application, run
from studio.ui.shell import open_window

def say():
    at, cpu = time.time(), time.process_time()
    import psutil
    print(at - psutil.Process().create_time(), cpu)
    window.close()

application = create_application(sys.argv[:1])
with tempfile.TemporaryDirectory() as library:
    window = open_window(application, app.resources(), library=Path(library))
    window.resize(1440, 900)
    window.painted.connect(say)
    run(window.until_closed)
"""


async def stalls(application: QApplication, library: Path, episodes: int, seconds: float) -> dict[str, object]:
    """Turns of the loop while a batch is made and the table scrolls and is sorted."""
    scripts = library / "scripts"
    scripts.mkdir()
    for number in range(1, episodes + 1):
        text = f"# Part {number}\n\n{OPENINGS[number % 4]} {ENDINGS[number % 4]}\n"
        (scripts / f"{number:03d}.md").write_text(text, "utf-8")
    window = open_window(application, app.resources(), library=library)
    window.resize(1440, 900)
    async with app.opened_studio(library, behind_window=True) as studio:
        project = await studio.create_project("Batch", library / "out", Settings(repairs=0))
        await window.attach(studio, project, library)
        Readiness(window.pages).begin()  # as the program does
        window.orders.add([scripts])
        await window.desk.settle()
        await asyncio.sleep(READY_S)
        idle = Heartbeat()
        idle.begin()
        await asyncio.sleep(IDLE_S)
        resting = idle.end()
        beside = Bystander(seconds + 30)
        busy = Heartbeat()
        busy.begin()
        with watched_steps() as steps:
            window.orders.start()
            await _use(window, studio, seconds)
            working = {**busy.end(), "steps": steps()}
        rows = await studio.episodes(project.id)
        states = collections.Counter(str(row.state) for row in rows)
        failed = {row.title: row.reason for row in rows if row.state is State.FAILED}
        machine = beside.end()
        await _leave(window)
    return {"episodes": dict(states), "failed": failed, "idle": resting, "batch": working, "machine": machine}


async def _use(window: MainWindow, studio: Studio, seconds: float) -> None:
    """Scroll by notches of the wheel, sort, choose, narrow: what a hand does while a batch goes on."""
    table, dice, ends = window.page.table, random.Random(1), time.perf_counter() + seconds  # noqa: S311
    await asyncio.sleep(1.0)
    turn = 0
    while time.perf_counter() < ends and studio.run.running:
        bar = table.verticalScrollBar()
        bar.setValue((bar.value() + 108) % max(1, bar.maximum()))
        turn += 1
        if turn % 120 == 0:
            table.columns.sort(dice.choice(("title", "state", "length", "words", "")))
        if turn % 75 == 0:
            table.choose(dice.choice(list(window.desk.model)).id)
        await asyncio.sleep(1 / 60)


async def _leave(window: MainWindow) -> None:
    window.player.shut()
    window.machine.stop()
    window.standing.stop()
    await window.desk.leave()


async def rows(application: QApplication, library: Path) -> dict[str, object]:
    """A large library, shown."""
    process = psutil.Process()
    empty = process.memory_info().rss
    async with measure_table.opened(application, library) as (window, studio, project):
        await asyncio.sleep(1.0)
        began, cpu = time.perf_counter(), time.process_time()
        await window.attach(studio, project, library)
        window.page.table.viewport().repaint()
        shown, spent = time.perf_counter() - began, time.process_time() - cpu
        await asyncio.sleep(1.0)
        return {
            "rows": len(window.desk.model),
            "shown_s": round(shown, 3),
            "cpu_s": round(spent, 3),
            "rss_mb": round(process.memory_info().rss / 1e6, 1),
            "rss_before_mb": round(empty / 1e6, 1),
        }


def signals(count: int = 5000) -> dict[str, object]:
    """Events through the bridge, one signal each."""
    bridge, heard = Bridge(), collections.Counter[str]()
    bridge.changed.connect(lambda _rows: heard.update(["changed"]))
    bridge.progressed.connect(lambda _rows: heard.update(["progressed"]))
    began = time.perf_counter()
    for number in range(count):
        bridge.hear(
            EpisodeChanged(Episode(number, 1, number, "One", "one.md", State.WORKING, Stage.CHECK, characters=9))
        )
        bridge.hear(Progress(number, Stage.CHECK, 0.5))
        bridge.flush()
    return {"sent": count, "heard": dict(heard), "s": round(time.perf_counter() - began, 2)}


async def first(application: QApplication, library: Path) -> dict[str, object]:
    """A first run: the button of the empty window, and the wait for the first folder."""
    samples = sorted((app.resources() / "samples").glob("*.md"))
    window = open_window(application, app.resources(), library=library, samples=samples)
    window.resize(1440, 900)
    async with app.opened_studio(library, behind_window=True) as studio:
        await window.attach(studio, None, library)
        began = time.perf_counter()
        window.page.empty.samples_asked.emit()
        through = 0
        while not through and time.perf_counter() - began < LONGEST_S:
            await asyncio.sleep(0.1)
            through = window.desk.model.count(State.DONE) + window.desk.model.count(State.NEEDS_YOU)
        took = time.perf_counter() - began
        workers = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
        await _leave(window)
    return {
        "finished": through,
        "after_s": round(took, 1),
        "workers_cpu_s": round(sum(each.user + each.system for each in workers), 1),
        "processors": psutil.cpu_count(),
    }


async def _pages(application: QApplication, library: Path) -> dict[str, object]:
    """Everything that a hand does."""
    import measure_pages  # with numpy: the other parts say what the program itself holds

    return await measure_pages.measure(application, library)


def main() -> int:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["start", "stalls", "pages", "rows", "signals", "first", []])
    parser.add_argument("--episodes", type=int, default=125)
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    wanted = options.what or ["start", "signals", "rows", "pages", "first", "stalls"]
    if len(wanted) > 1:  # each in a process of its own, as a user would meet it
        more = ["--episodes", str(options.episodes), "--seconds", str(options.seconds), "--rows", str(options.rows)]
        found: dict[str, object] = {}
        for name in wanted:
            found |= json.loads(_output([sys.executable, __file__, name, *more]).stdout)
    else:
        found = {wanted[0]: _one(wanted[0], options)}
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _one(name: str, options: argparse.Namespace) -> dict[str, object]:
    if name == "start":
        return start()
    application = create_application(sys.argv[:1])
    application.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    if name == "signals":
        return signals()
    with tempfile.TemporaryDirectory() as home:
        library = Path(home) / "library"
        library.mkdir()
        if name in {"rows", "pages"}:
            asyncio.run(measure_table.fill(library, options.rows))
            return run(lambda: rows(application, library) if name == "rows" else _pages(application, library))
        if name == "first":
            return run(lambda: first(application, library))
        return run(lambda: stalls(application, library, options.episodes, options.seconds))


if __name__ == "__main__":
    sys.exit(main())
