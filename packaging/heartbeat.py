"""Watches the window's thread: how long each turn of its loop takes, of what that time consists, and what it was at.

A timer beats every millisecond. A turn is the time from beat to beat, and it consists of four parts:

*cpu*: the thread's own processor time. *machine*: it was ready to run, and the machine ran something else (Linux only,
from schedstat). *lock*: what is left over; it waited for Python's lock, which another thread held, or for a file. Of
that, up to a millisecond is the sleep until the next beat. *ours* is cpu and lock together: all that this program can
be blamed for, and can cure.
"""

import asyncio
import collections
import faulthandler
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer

SMOOTH_MS, STALL_MS = 16.0, 33.0
LOOK_S = 0.004
LOOK_FROM_MS = 9.0
LONG_STEP_MS = 5.0
PLACES = 12


class Turn(NamedTuple):
    """One turn of the loop, in milliseconds."""

    clock: float
    cpu: float
    machine: float

    @property
    def ours(self) -> float:
        """Without what the machine did for others."""
        return self.clock - self.machine

    @property
    def lock(self) -> float:
        """Waiting, for Python's lock or a file."""
        return max(0.0, self.ours - self.cpu)

    def said(self) -> dict[str, float]:
        """Rounded."""
        parts = {"ms": self.clock, "cpu_ms": self.cpu, "lock_ms": self.lock, "machine_ms": self.machine}
        return {name: round(value, 1) for name, value in parts.items()}


class Heartbeat(QObject):
    """Beats in the window's thread, and has another thread look what a late beat waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[Turn] = []
        self.seen: dict[int, collections.Counter[str]] = {}
        self._collections: list[tuple[int, float]] = []  # generation, milliseconds
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
        gc.callbacks.append(self._collected)
        self._last = self._now()
        self._timer.start()
        self._witness.start()

    def end(self) -> dict[str, object]:
        """Stop; what was found."""
        self._timer.stop()
        self._over.set()
        self._witness.join()
        gc.callbacks.remove(self._collected)
        return {
            "clock": spread([turn.clock for turn in self.turns]),
            "cpu": spread([turn.cpu for turn in self.turns]),
            "ours": spread([turn.ours for turn in self.turns]),
            "stalls": self.late(STALL_MS),
            "over_16": self.places(),
            "collections": {
                "count": len(self._collections),
                "whole": sum(generation == 2 for generation, _ in self._collections),
                "longest_ms": round(max((took for _, took in self._collections), default=0.0), 1),
            },
        }

    def late(self, limit_ms: float) -> list[dict[str, object]]:
        """The turns that took longer on the clock, the worst of ours first, and what they were at."""
        late = [index for index, turn in enumerate(self.turns) if turn.clock > limit_ms]
        return [
            {**self.turns[index].said(), "at": [place for place, _ in self._places_of(index).most_common(2)]}
            for index in sorted(late, key=lambda index: -self.turns[index].ours)[:PLACES]
        ]

    def places(self) -> list[dict[str, object]]:
        """What the turns were at that were not smooth, taken together by place; what cost most of ours first."""
        found: dict[str, list[Turn]] = {}
        for index, turn in enumerate(self.turns):
            if turn.clock >= SMOOTH_MS:
                place = self._places_of(index).most_common(1)
                found.setdefault(place[0][0].partition(" | ")[0] if place else "?", []).append(turn)
        ordered = sorted(found.items(), key=lambda item: -sum(turn.ours for turn in item[1]))
        return [
            {
                "at": place,
                "turns": len(turns),
                **Turn(*(sum(column) for column in zip(*turns, strict=True))).said(),
                "longest_ours_ms": round(max(turn.ours for turn in turns), 1),
            }
            for place, turns in ordered[:PLACES]
        ]

    def _places_of(self, index: int) -> "collections.Counter[str]":
        return self.seen.get(index, collections.Counter())

    def _beat(self) -> None:
        now = self._now()
        self.turns.append(Turn(*((after - before) * 1000 for after, before in zip(now, self._last, strict=True))))
        self._last = now

    def _now(self) -> tuple[float, float, float]:
        """The clock, this thread's processor time, and how long it waited for a processor so far; seconds."""
        waited = int(os.pread(self._waits, 99, 0).split()[1]) / 1e9 if self._waits >= 0 else 0.0
        return time.perf_counter(), time.thread_time(), waited

    def _collected(self, phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            self._gc_began = time.thread_time()
        else:
            self._collections.append((told["generation"], (time.thread_time() - self._gc_began) * 1000))

    def _look(self) -> None:
        # By faulthandler, which makes no frame objects: those would keep what a paint event holds beyond its end.
        with tempfile.TemporaryFile() as page:
            while not self._over.wait(LOOK_S):
                turn, began = len(self.turns), self._last[0]
                if (time.perf_counter() - began) * 1000 <= LOOK_FROM_MS:
                    continue
                page.seek(0)
                page.truncate()
                faulthandler.dump_traceback(page)
                if turn == len(self.turns):
                    page.seek(0)
                    place = _place(page.read().decode(), self._thread_id)
                    self.seen.setdefault(turn, collections.Counter())[place] += 1


_CALL = re.compile(r'File "(.*?)", line (\d+) in (.*)')
_RESTING = {"wait", "get", "_recv", "_look", "_connection_worker_thread", "poll", "select", "_try_wait", "_worker", "?"}


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


def spread(lengths: Sequence[float]) -> dict[str, float]:
    """How long turns are."""
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


@contextmanager
def watched_steps() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """While it lasts, what asyncio runs in one piece is timed; gives what says which pieces took over 5 ms, by name.

    A piece is what a task does from one await to the next, or a callback. Processor time of the window's thread.
    """
    took: dict[str, list[float]] = collections.defaultdict(list)
    plain = asyncio.Handle._run

    def timed(handle: Any) -> None:
        began = time.thread_time()
        plain(handle)
        spent = (time.thread_time() - began) * 1000
        if spent > LONG_STEP_MS:
            took[_name(handle)].append(spent)

    def said() -> list[dict[str, object]]:
        ordered = sorted(took.items(), key=lambda item: -max(item[1]))
        return [
            {"step": name, "times": len(spent), "longest_ms": round(max(spent), 1), "ms": round(sum(spent), 1)}
            for name, spent in ordered[:PLACES]
        ]

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
    try:
        yield said
    finally:
        asyncio.Handle._run = plain  # type: ignore[method-assign]


def _name(handle: Any) -> str:
    """Of a task its coroutine, and where that waits now; else the function."""
    callback = handle._callback
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return str(getattr(callback, "__qualname__", callback))
    names, inner = [], task.get_coro()
    while inner is not None:
        name, frame = getattr(inner, "__qualname__", ""), getattr(inner, "cr_frame", None)
        if name:
            names.append(f"{name}:{frame.f_lineno}" if frame is not None else name)
        inner = getattr(inner, "cr_await", None)
    return " > ".join(names)


_BYSTANDER = """
import json, sys, time
gaps, last = [], time.perf_counter()
print("ready", flush=True)
end = last + float(sys.argv[1])
while last < end and sys.stdin not in __import__("select").select([sys.stdin], [], [], 0.001)[0]:
    now = time.perf_counter(); gaps.append((now - last) * 1000); last = now
print(json.dumps(gaps))
"""


class Bystander:
    """A process that only sleeps, and notes how late this machine wakes it."""

    def __init__(self, seconds: float) -> None:
        command = [sys.executable, "-S", "-c", _BYSTANDER, str(seconds)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)  # noqa: S603

    def end(self) -> dict[str, float]:
        """Stop; the gaps that it saw."""
        told = self._process.communicate("stop\n")[0]
        return spread(json.loads(told.splitlines()[-1]))
