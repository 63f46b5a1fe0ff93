"""Says how quickly the window appears, and whether it ever waits while a batch is made.

    .venv/bin/python packaging/measure_window.py [start] [stalls] [rows] [signals] [first] [--episodes N] [--seconds S]

With a display, or QT_QPA_PLATFORM=offscreen. Without names all are measured; one JSON document comes out.

*start*: from the start of a process to the first paint, five times; the time that each package's own modules take to
import; the heavy ones among them, of which there must be none.
*stalls*: a timer beats every millisecond in the window's thread while N short scripts are made with the built-in voice
and the table scrolls and is sorted. A turn is the time from beat to beat. Beside it stand the same beat in the idle
window before, and the gaps that a process of its own, which does nothing but sleep, sees on this machine during the
batch; *cpu* is the processor time of the window's thread alone, and *ours* the turn without the time in which that
thread was ready and the machine ran something else (Linux only; it holds waiting for Python's lock and for files). Of
the turns over 33 ms is said what they were at, seen from another thread.
*rows*: how long a library of 10,000 episodes takes to be read and shown, and what the process holds then.
*signals*: 5,000 signals through the bridge.
*first*: from “Make the sample batch” in a new library to the first finished episode.
"""

import argparse
import asyncio
import collections
import faulthandler
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import measure_table
import psutil
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio import app
from studio.domain.episode import Episode, Stage, State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Progress
from studio.ui.application import create_application, run
from studio.ui.bridge import Bridge
from studio.ui.main_window import MainWindow
from studio.ui.shell import open_window

ROUNDS = 5
SMOOTH_MS, STALL_MS = 16.0, 33.0
IDLE_S = 8.0
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


class Heartbeat(QObject):
    """Beats every millisecond in the window's thread, and has another thread look what a late beat waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[tuple[float, float, float]] = []  # milliseconds on the clock, of the processor, and ours
        self.seen: dict[int, collections.Counter[str]] = {}
        self._thread_id = threading.get_ident()
        waits = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        self._waits = os.open(waits, os.O_RDONLY) if sys.platform == "linux" else -1
        self._last = self._now()
        self._over = threading.Event()
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._witness = threading.Thread(target=self._look, daemon=True)

    def begin(self) -> None:
        """Beat from now on."""
        self._last = self._now()
        self._timer.start()
        self._witness.start()

    def end(self) -> dict[str, object]:
        """Stop; what was found."""
        self._timer.stop()
        self._over.set()
        self._witness.join()
        late = [index for index, turn in enumerate(self.turns) if turn[0] > STALL_MS]
        stalls = [
            {
                **dict(zip(("ms", "cpu_ms", "ours_ms"), (round(each, 1) for each in self.turns[index]), strict=True)),
                "at": [place for place, _ in self.seen.get(index, collections.Counter()).most_common(2)],
            }
            for index in sorted(late, key=lambda index: -self.turns[index][2])[:12]
        ]
        clock, cpu, ours = zip(*self.turns, strict=True)
        return {"clock": _spread(clock), "cpu": _spread(cpu), "ours": _spread(ours), "stalls": stalls}

    def _beat(self) -> None:
        now = self._now()
        clock, cpu, waited = ((after - before) * 1000 for after, before in zip(now, self._last, strict=True))
        self.turns.append((clock, cpu, clock - waited))
        self._last = now

    def _now(self) -> tuple[float, float, float]:
        """The clock, this thread's processor time, and how long it waited for a processor so far; seconds."""
        waited = int(os.pread(self._waits, 99, 0).split()[1]) / 1e9 if self._waits >= 0 else 0.0
        return time.perf_counter(), time.thread_time(), waited

    def _look(self) -> None:
        # By faulthandler, which makes no frame objects: those would keep what a paint event holds beyond its end.
        with tempfile.TemporaryFile() as page:
            while not self._over.wait(0.004):
                turn, began = len(self.turns), self._last[0]
                if (time.perf_counter() - began) * 1000 <= SMOOTH_MS:
                    continue
                page.seek(0)
                page.truncate()
                faulthandler.dump_traceback(page)
                if turn == len(self.turns):
                    page.seek(0)
                    place = _place(page.read().decode(), self._thread_id)
                    self.seen.setdefault(turn, collections.Counter())[place] += 1


_CALL = re.compile(r'File "(.*?)", line (\d+) in (.*)')
_RESTING = {"wait", "get", "_recv", "_look", "_connection_worker_thread", "poll", "select", "_try_wait", "?"}


def _place(told: str, thread_id: int) -> str:
    """The innermost calls of a thread, and what other threads are at, from what faulthandler tells of all of them."""
    mine, others = "?", []
    for block in told.split("\n\n"):
        calls = _CALL.findall(block)
        first = calls[0][2] if calls else "?"
        own = [f"{Path(file).stem}.{name}:{line}" for file, line, name in calls if f"{os.sep}studio{os.sep}" in file]
        said = " < ".join([f"{Path(calls[0][0]).stem}.{first}" if calls else first, *own[:4]])
        if f"{thread_id:#018x}" in block:
            mine = said
        elif first not in _RESTING:
            others.append(said)
    return " | beside: ".join([mine, *others])


def _spread(lengths: Sequence[float]) -> dict[str, float]:
    ordered = sorted(lengths)
    count = len(ordered)
    return {
        "turns": count,
        "median_ms": round(median(ordered), 2),
        "p999_ms": round(ordered[max(0, int(count * 0.999) - 1)], 1),
        "longest_ms": round(ordered[-1], 1),
        "share_under_16_ms": round(sum(each < SMOOTH_MS for each in ordered) / count, 5),
        "over_33_ms": sum(each > STALL_MS for each in ordered),
    }


_BYSTANDER = """
import json, sys, time
gaps, last = [], time.perf_counter()
print("ready", flush=True)
end = last + float(sys.argv[1])
while last < end and sys.stdin not in __import__("select").select([sys.stdin], [], [], 0.001)[0]:
    now = time.perf_counter(); gaps.append((now - last) * 1000); last = now
print(json.dumps(gaps))
"""


def bystander(seconds: float) -> "subprocess.Popen[str]":
    """A process that only sleeps, and notes how late this machine wakes it."""
    command = [sys.executable, "-S", "-c", _BYSTANDER, str(seconds)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603


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
import sys, tempfile, time
from pathlib import Path
from studio import app
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
    async with app.opened_studio(library) as studio:
        project = await studio.create_project("Batch", library / "out", Settings(repairs=0))
        await window.attach(studio, project, library)
        window.orders.add([scripts])
        await window.desk.settle()
        await asyncio.sleep(2.0)
        idle = Heartbeat()
        idle.begin()
        await asyncio.sleep(IDLE_S)
        resting = idle.end()
        beside = bystander(seconds + 30)
        busy = Heartbeat()
        busy.begin()
        window.orders.start()
        await _use(window, studio, seconds)
        working = busy.end()
        states = collections.Counter(str(row.state) for row in await studio.episodes(project.id))
        gaps = json.loads(beside.communicate("stop\n")[0].splitlines()[-1])
        await _leave(window)
    return {"episodes": dict(states), "idle": resting, "batch": working, "machine": _spread(gaps)}


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
    async with app.opened_studio(library) as studio:
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


def main() -> int:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["start", "stalls", "rows", "signals", "first", []])
    parser.add_argument("--episodes", type=int, default=125)
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    wanted = options.what or ["start", "signals", "rows", "first", "stalls"]
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
        if name == "rows":
            asyncio.run(measure_table.fill(library, options.rows))
            return run(lambda: rows(application, library))
        if name == "first":
            return run(lambda: first(application, library))
        return run(lambda: stalls(application, library, options.episodes, options.seconds))


if __name__ == "__main__":
    sys.exit(main())
