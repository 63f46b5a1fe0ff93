"""What the tests have the workers do. A module of its own: the other process imports it by name."""

import os
import signal
import threading
import time
from pathlib import Path

from studio.domain.errors import AudioError
from studio.engine.ports import Report


class OddError(Exception):
    """Pickles, but cannot be made again: its constructor wants two arguments, its `args` hold one."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def add(report: Report, first: int, second: int = 0) -> int:
    return first + second


def sleep(report: Report, seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def who(report: Report) -> int:
    return os.getpid()


def niceness(report: Report) -> int:
    return os.nice(0)


def scheduling(report: Report) -> int:
    return os.sched_getscheduler(0)


def begin(report: Report, flag: str, seconds: float = 60) -> None:
    Path(flag).write_text(str(os.getpid()), "ascii")
    time.sleep(seconds)


def begin_native(report: Report, flag: str) -> None:
    """Busy in native code that lets other threads run, as the models do."""
    import numpy as np

    Path(flag).write_text(str(os.getpid()), "ascii")
    matrix = np.ones((3000, 3000))
    while True:
        matrix = np.tanh(matrix @ matrix)


def die(report: Report, how: str) -> None:
    if how == "exit":
        os._exit(7)
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(60)


def die_soon(report: Report) -> int:
    """Ends well, and takes its process with it when that is idle."""
    threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    return os.getpid()


def count(report: Report, steps: int, pause_s: float) -> int:
    for step in range(1, steps + 1):
        report(step / steps)
        time.sleep(pause_s)
    return steps


def raise_ours(report: Report) -> None:
    raise AudioError("The file is not audio.", "Give another.")


def raise_plain(report: Report) -> None:
    raise KeyError("nothing of that name")


def raise_odd(report: Report) -> None:
    raise OddError("this", "that")


def return_lambda(report: Report) -> object:
    return lambda: None


def environment(report: Report, name: str) -> str | None:
    return os.environ.get(name)


def threads_of_numpy(report: Report) -> int:
    """Threads of this process after numpy has multiplied."""
    import numpy as np

    matrix = np.ones((600, 600))
    assert float((matrix @ matrix)[0, 0]) == 600
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("Threads:")[1].split()[0])


def hoard(report: Report, megabytes: int) -> int:
    hoarded.append(bytearray(os.urandom(1 << 20)) * megabytes)
    return os.getpid()


def echo(report: Report, content: bytes) -> bytes:
    return content


hoarded: list[bytearray] = []
