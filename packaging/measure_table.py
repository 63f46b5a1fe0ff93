"""Says what the batch table costs with ten thousand episodes in a real library, shown in the real window.

    .venv/bin/python packaging/measure_table.py [--rows N] [--json]    (with a display, or QT_QPA_PLATFORM=offscreen)

Measured: reading the rows from the library; putting them into the table until it is painted; the memory that takes,
with the strips of all rows drawn once; the keys of the filter, the headers, choosing all; and the longest turn of the
loop while the table scrolls, while twenty rows a second change, and both together. Turns are given in processor time
of the window's thread, so that a busy machine does not blur them, and on the clock.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio import app
from studio.domain.episode import STAGES, Episode, Stage, State, StripFault
from studio.domain.findings import Severity, Verdict
from studio.domain.project import Project
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.events import EpisodeChanged, Progress
from studio.engine.ports import NewEpisode
from studio.store import episodes as stored
from studio.store.database import Database
from studio.store.health import DATABASE
from studio.store.projects import ProjectStore
from studio.ui.application import create_application, run
from studio.ui.episode_filter import Group
from studio.ui.main_window import MainWindow
from studio.ui.shell import open_window
from studio.ui.theme import ROW_HEIGHT

CHANGES_A_SECOND = 20
WATCHED_S = 5.0
TITLES = (
    "On the nature of matter",
    "The existence of matter, and what we may know of it",
    "مسألة العالم الخارجي",
    "Idealism",
)


@dataclass
class Turns:
    """Lengths of the turns of the loop, in milliseconds."""

    cpu: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)

    def said(self) -> dict[str, float]:
        """The longest, and how many were longer than a frame lasts, and than two."""
        return {
            "longest_cpu_ms": round(max(self.cpu), 1),
            "over_16_cpu": sum(each > 16 for each in self.cpu),
            "over_33_cpu": sum(each > 33 for each in self.cpu),
            "longest_ms": round(max(self.clock), 1),
            "over_16": sum(each > 16 for each in self.clock),
            "over_33": sum(each > 33 for each in self.clock),
        }


class Pulse(QObject):
    """Beats in every turn of the loop."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: Turns | None = None
        self._last = (0.0, 0.0)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._beat)

    async def during(self, work: Callable[[], Awaitable[None]]) -> Turns:
        """The turns while `work` goes on."""
        self._turns = turns = Turns()
        self._last = (time.thread_time(), time.perf_counter())
        self._timer.start()
        await work()
        self._timer.stop()
        return turns

    def _beat(self) -> None:
        now = (time.thread_time(), time.perf_counter())
        if self._turns is not None:
            self._turns.cpu.append((now[0] - self._last[0]) * 1000)
            self._turns.clock.append((now[1] - self._last[1]) * 1000)
        self._last = now


async def fill(library: Path, count: int) -> None:
    """Put `count` episodes in every state into a new library, as a long batch would have left them."""
    database = await Database.open(library / DATABASE)
    try:
        projects = ProjectStore(database)
        project = await projects.create("Ten thousand", library / "out", Settings())
        for start in range(1, count + 1, 1000):
            numbers = range(start, min(start + 1000, count + 1))
            fresh = [
                NewEpisode(Script(_title(number), f"talks/{number:05d}.md", _text(number), ())) for number in numbers
            ]
            made = [episode for episode, _ in await projects.add(project, fresh)]
            await database.write(partial(_age, made))
    finally:
        await database.close()


def _age(made: Iterable[Episode], connection: sqlite3.Connection) -> None:
    for episode in made:
        old = aged(episode)
        for state in _way(old.state):
            stored.save(connection, replace(old, state=state))


def _way(state: State) -> tuple[State, ...]:
    """The legal moves from the queue to a state."""
    if state is State.QUEUED:
        return (State.QUEUED,)
    if state is State.REJECTED:
        return (State.WORKING, State.NEEDS_YOU, State.REJECTED)
    return (State.WORKING, state)


def aged(episode: Episode) -> Episode:
    """`episode` as it may stand in the middle of a long batch."""
    dice = random.Random(episode.number)  # noqa: S311  (the same rows each time, not a secret)
    state = dice.choice([each for each in State if each is not State.WORKING])
    stage = dice.choice(STAGES[:4])
    if state in {State.NEEDS_YOU, State.REJECTED}:
        stage = Stage.REVIEW
    elif state is State.DONE:
        stage = Stage.EXPORT
    expected = dice.uniform(200, 5000)
    base = replace(episode, state=state, stage=stage, characters=int(expected * 15), expected_duration_s=expected)
    if state is State.FAILED:
        return replace(
            base, reason="The vendor refused the text: it is too long.", remedy="Shorten it.", cost_micro=1000
        )
    if stage not in {Stage.REVIEW, Stage.EXPORT}:
        return base
    start = dice.random() * 0.9
    return replace(
        base,
        duration_s=expected * dice.uniform(0.95, 1.05),
        verdict=dice.choice(list(Verdict)),
        word_accuracy=dice.uniform(0.9, 1.0),
        voice_consistency=dice.uniform(0.8, 1.0),
        brand_alignment=dice.uniform(0.7, 1.0),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.5,
        findings=2,
        calls=3,
        take=1,
        takes=1,
        cost_micro=dice.randrange(2_000_000),
        strip=dice.randbytes(640),
        strip_faults=(StripFault(start, start + 0.02, Severity.FAULT),),
        timings=tuple((each, dice.uniform(0.1, 90)) for each in STAGES[:4]),
    )


def _title(number: int) -> str:
    return f"{TITLES[number % len(TITLES)]}, part {number}"


def _text(number: int) -> str:
    return f"# {_title(number)}\n\nThis is the text of part {number}. It is short, as only the rows are looked at."


@asynccontextmanager
async def opened(application: QApplication, library: Path) -> AsyncIterator[tuple[MainWindow, Studio, Project]]:
    """The real window on the real library."""
    window = open_window(application, app.resources(), library=library)
    window.resize(1440, 900)
    async with app.opened_studio(library, behind_window=True) as studio:
        (project,) = await studio.projects()
        try:
            yield window, studio, project
        finally:
            window.player.shut()
            window.machine.stop()
            window.standing.stop()
            await asyncio.sleep(1)  # what waits for a quiet moment has its turn
            await window.desk.settle()
            await window.desk.leave()


class Bench:
    """The window under measurement, and what is done to it."""

    def __init__(self, window: MainWindow, studio: Studio) -> None:
        self.window = window
        self.studio = studio
        self.pulse = Pulse()
        self._dice = random.Random(1)  # noqa: S311  (the same changes each time, not a secret)

    async def scroll(self) -> None:
        """A notch of the wheel in each frame."""
        bar, ends = self.window.page.table.verticalScrollBar(), time.perf_counter() + WATCHED_S
        while time.perf_counter() < ends:
            bar.setValue((bar.value() + 3 * ROW_HEIGHT) % max(1, bar.maximum()))
            await asyncio.sleep(1 / 60)

    async def change(self) -> None:
        """Twenty rows a second begin or end their stage, and say how far they are."""
        model, ends = self.window.desk.model, time.perf_counter() + WATCHED_S
        known = [episode for episode in model if episode.state in {State.QUEUED, State.WORKING}]
        while time.perf_counter() < ends:
            for _ in range(2):
                place = self._dice.randrange(len(known))
                state = State.WORKING if known[place].state is State.QUEUED else State.QUEUED
                known[place] = replace(known[place], state=state, stage=Stage.CHECK)
                self.studio.events.say(EpisodeChanged(known[place]))
                self.studio.events.say(Progress(known[place].id, Stage.CHECK, self._dice.random()))
            await asyncio.sleep(2 / CHANGES_A_SECOND)

    async def scroll_while_changing(self) -> None:
        """Both."""
        await asyncio.gather(self.scroll(), self.change())

    async def show_every_row(self) -> None:
        """Page by page from the first to the last, as fast as they can be painted."""
        table = self.window.page.table
        for value in range(0, table.verticalScrollBar().maximum(), table.viewport().height()):
            table.verticalScrollBar().setValue(value)
            await asyncio.sleep(0)

    async def took(self, doing: Callable[[], object]) -> float:
        """The longest turn, in processor time, of doing it and of what follows: painting, counting."""

        async def once() -> None:
            doing()
            await asyncio.sleep(0.15)

        return (await self.pulse.during(once)).said()["longest_cpu_ms"]

    async def keys(self) -> dict[str, float]:
        """What a key or a click costs."""
        page, table = self.window.page, self.window.page.table
        found = {f"filter {text!r}": await self.took(partial(page.shown.show_text, text)) for text in _TYPED}
        for group in (*Group, Group.ALL):
            found[f"group {group.words}"] = await self.took(partial(page.show_group, group))
        for key in ("", *_SORTED):
            found[f"sort {key}"] = await self.took(partial(table.columns.sort, key))
        found["choose all"] = await self.took(table.selectAll)
        return found


async def measure(application: QApplication, library: Path) -> dict[str, object]:
    """All the figures."""
    process = psutil.Process()
    async with opened(application, library) as (window, studio, project):
        await asyncio.sleep(1.0)  # what starts with the window is over
        bench, table = Bench(window, studio), window.page.table
        found: dict[str, object] = {}
        before = process.memory_info().rss
        started = time.perf_counter()
        found["rows"] = len(await studio.episodes(project.id))
        found["read_s"] = round(time.perf_counter() - started, 3)
        started = time.perf_counter()
        loading = await bench.pulse.during(lambda: window.attach(studio, project, library))
        found["shown_s"] = round(time.perf_counter() - started, 3)
        found["loading"] = loading.said()
        await asyncio.sleep(1.5)  # the filter has looked into every row
        found["rss_growth_mb"] = round((process.memory_info().rss - before) / 1e6, 1)
        found["scrolling"] = (await bench.pulse.during(bench.scroll)).said()
        found["changing"] = (await bench.pulse.during(bench.change)).said()
        found["both"] = (await bench.pulse.during(bench.scroll_while_changing)).said()
        table.columns.sort("queue")
        found["both_sorted_by_queue"] = (await bench.pulse.during(bench.scroll_while_changing)).said()
        table.columns.sort("")
        found["every_row_once"] = (await bench.pulse.during(bench.show_every_row)).said()
        found["rss_growth_all_drawn_mb"] = round((process.memory_info().rss - before) / 1e6, 1)
        found["rss_mb"] = round(process.memory_info().rss / 1e6, 1)
        found["keys_cpu_ms"] = await bench.keys()
        return found


_TYPED = ("m", "ma", "matter", "matter verdict:fail", "cost>1", "")
_SORTED = ("title", "state", "length", "words", "cost", "queue", "now")


def main() -> int:
    """Fill a library, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    application = create_application(sys.argv[:1])
    application.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    with tempfile.TemporaryDirectory() as home:
        library = Path(home)
        asyncio.run(fill(library, options.rows))
        found = run(lambda: measure(application, library))
    if options.json:
        json.dump(found, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return 0
    for name, value in found.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, figure in parts:
            sys.stdout.write(f"{name} {part}: {figure}\n".replace(" :", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
