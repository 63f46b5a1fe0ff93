"""The pool's side of one worker: its process, and the thread that talks to it."""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

import psutil

from studio.compute.worker import Advanced, Done, Failed, Received, serve


@dataclass(frozen=True, slots=True)
class Call:
    """A function to be run elsewhere."""

    job: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Listener(Protocol):
    """Who hears of a worker. Called on the worker's thread."""

    def advanced(self, link: "WorkerLink", fraction: float) -> None:
        """The job is that far."""

    def answered(self, link: "WorkerLink", answer: Done | Failed, memory: int) -> None:
        """The job ended; the process is idle again and holds `memory` bytes."""

    def ended(self, link: "WorkerLink", reason: str, *, untouched: bool) -> None:
        """The process is gone. `untouched` says that the job it was given last never reached it."""


class WorkerLink:
    """One process, started by its own thread, so that starting does not hold up the loop."""

    def __init__(self, listener: Listener, *, last: bool = False) -> None:
        self._listener = listener
        self._last = last
        self._inbox: SimpleQueue[Call | None] = SimpleQueue()
        self._process: SpawnProcess | None = None
        self._warm = False
        self._received = False
        self.condemned = False
        self._thread = Thread(target=self._live, name="worker-link", daemon=True)
        self._thread.start()

    def give(self, call: Call) -> None:
        """Hand over a job. Only while the worker is idle."""
        self._inbox.put(call)

    def retire(self) -> None:
        """Let the process end; it is idle."""
        self.condemned = True
        self._inbox.put(None)

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self.retire()
        # Either the process is seen here, or its thread sees `condemned` right after it has started it.
        if self._process is not None:
            self._process.kill()

    def memory(self) -> int:
        """Bytes that the process holds (resident), 0 if it is not there."""
        if self._process is None or self._process.pid is None:
            return 0
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def join(self) -> None:
        """Wait for the thread's end."""
        self._thread.join()

    def _live(self) -> None:
        reason = ""
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        try:
            self._start(theirs)
            theirs.close()  # so that its end shows here as the end of the pipe
            while (call := self._inbox.get()) is not None:
                self._received = False
                self._perform(ours, call)
                self._warm = True
        except (EOFError, OSError) as error:
            reason = str(error)
        finally:
            ours.close()
            # It may have ended while it was idle. One that never did a job is not believed: the next would end as well.
            self._listener.ended(self, self._bury() or reason, untouched=self._warm and not self._received)

    def _start(self, theirs: Connection) -> None:
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(theirs,), kwargs={"last": self._last}, daemon=True
        )
        if os.name == "posix":
            # A child inherits the mask of the thread that starts it: Ctrl+C cannot hit it while it is still importing.
            # The tracker comes first, because starting it takes the mask away again.
            resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        process.start()
        self._process = process
        if self.condemned:
            process.kill()

    def _perform(self, connection: Connection, call: Call) -> None:
        try:
            request = pickle.dumps((call.job, call.args, call.kwargs), pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001  (an object's own pickling may raise anything; the caller gets it)
            self._listener.answered(self, Failed(error, ""), self.memory())
            return
        connection.send_bytes(request)
        while True:
            message = connection.recv_bytes()
            try:
                answer = pickle.loads(message)  # noqa: S301  (from our own child process)
            except Exception as error:  # noqa: BLE001  (as above)
                answer = Failed(error, "")
            match answer:
                case Received():
                    self._received = True
                case Advanced(fraction):
                    self._listener.advanced(self, fraction)
                case _:
                    self._listener.answered(self, answer, self.memory())
                    return

    def _bury(self) -> str:
        """Wait for the process's end; returns how it ended."""
        process = self._process
        if process is None:
            return ""
        with suppress(ProcessLookupError):
            process.kill()
        process.join()
        code = process.exitcode or 0
        return f"signal {-code}" if code < 0 else f"exit status {code}"
