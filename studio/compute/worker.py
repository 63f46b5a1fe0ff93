"""The worker's side of the pool: what runs in the other process."""

import ctypes
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread

import psutil

PROGRESS_EVERY_S = 0.1
NICENESS = 5

# The pool is as wide as the machine; a library that starts threads of its own would only get in the others' way.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True, slots=True)
class Received:
    """A job has reached the worker; from here on it counts as begun."""


@dataclass(frozen=True, slots=True)
class Advanced:
    """A job is `fraction` (0 to 1) through."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Done:
    """A job came to its end."""

    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """A job raised; `trace` is the traceback as text, which does not cross by itself."""

    error: Exception
    trace: str


def serve(connection: Connection, *, last: bool = False) -> None:
    """Do jobs until the pool hangs up. Each comes as a pickle of function, arguments and keyword arguments.

    With `last` they get the processor when nothing else wants it.
    """
    os.environ.update(ONE_THREAD)
    _give_way(last=last)
    # Ctrl+C goes to every process of the terminal; what it means is decided by the one that has the window.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    while True:
        try:
            request = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(pickle.dumps(Received()))
        connection.send_bytes(_answer(request, _Reporter(connection)))
        _give_back_memory()


def _give_way(*, last: bool) -> None:
    """Let the window, and whatever else a person works with, have the processor first; all that is left is used."""
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    os.nice(NICENESS)
    if last and sys.platform == "linux":
        # A nice process still runs to the end of its slice when the window wakes, one of this class does not: it takes
        # a third as much of the window's time, and as much of a processor that is free.
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


class _Reporter:
    """A job's `report`: sends at most ten a second, and always the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = 0.0
        self._lock = Lock()  # a job may report from threads of its own

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now < self._next and fraction < 1:
            return
        with self._lock:
            self._next = now + PROGRESS_EVERY_S
            self._connection.send_bytes(pickle.dumps(Advanced(fraction)))


def _answer(request: bytes, report: Callable[[float], None]) -> bytes:
    try:
        job, args, kwargs = pickle.loads(request)  # noqa: S301  (from our own parent process)
        return pickle.dumps(Done(job(report, *args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001  (it is raised in the caller)
        trace = "".join(traceback.format_exception(error))
        return pickle.dumps(Failed(_portable(error), trace))


def _give_back_memory() -> None:
    """Hand what the job has freed back to the system; glibc keeps hundreds of megabytes of it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)


def _portable(error: Exception) -> Exception:
    """The error itself where it survives the journey, else its name and text."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (made one line above)
    except Exception:  # noqa: BLE001  (an error's own pickling may raise anything)
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went and whatever native code is doing."""
    parent = parent_process()
    assert parent is not None  # noqa: S101  (only ever run in a child)
    wait([parent.sentinel])
    os._exit(1)
