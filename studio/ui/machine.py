"""How busy this machine is, read on a thread of its own."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

EVERY_MS = 2000
KEPT = 150  # readings: five minutes

_TEMPORARY = ("scratch", "incoming")  # the folders of a library that are empty when nothing is under way
_NO_WORKER = "resource_tracker"  # Python's own helper beside the workers


@dataclass(frozen=True, slots=True)
class Load:
    """One reading. CPU in percent of all cores, the rest in bytes.

    `memory` is what this program and its workers hold, `memory_free` what the machine could still give; `disk_free` is
    that of the library's disk, `temporary` what lies in the library for as long as it is being worked on. `workers` are
    the processes that are there now. `sent` and `received` are bytes a second of the whole machine, `online` whether
    any network is connected.
    """

    cpu_percent: float
    memory: int
    disk_free: int
    memory_free: int = 0
    memory_total: int = 0
    disk_total: int = 0
    temporary: int = 0
    workers: int = 0
    sent: float = 0.0
    received: float = 0.0
    online: bool = True


class _Probe(QObject):
    measured = Signal(object)  # Load

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._helpers: dict[int, bool] = {}  # by process: whether it is no worker

    @Slot()
    def begin(self) -> None:
        """Measure now, and every two seconds; runs on the probe's thread."""
        import psutil

        self._psutil = psutil
        psutil.cpu_percent()  # the first reading is the ground of the next
        self._wire = (monotonic(), *self._counted())
        timer = QTimer(self, interval=EVERY_MS)
        timer.timeout.connect(self._measure)
        timer.start()
        self._measure()

    def _measure(self) -> None:
        folder = self._folder
        while not folder.exists():
            folder = folder.parent
        disk, memory = self._psutil.disk_usage(str(folder)), self._psutil.virtual_memory()
        held, workers = self._processes()
        sent, received = self._traffic()
        self.measured.emit(
            Load(
                cpu_percent=self._psutil.cpu_percent(),
                memory=held,
                disk_free=disk.free,
                memory_free=memory.available,
                memory_total=memory.total,
                disk_total=disk.total,
                temporary=sum(_size_of(self._folder / name) for name in _TEMPORARY),
                workers=workers,
                sent=sent,
                received=received,
                online=self._is_online(),
            )
        )

    def _processes(self) -> tuple[int, int]:
        """Bytes that this program and its workers hold, and how many workers there are."""
        ours = self._psutil.Process()
        held = ours.memory_info().rss
        workers = 0
        for process in ours.children(recursive=True):
            try:
                held += process.memory_info().rss
                if process.pid not in self._helpers:
                    self._helpers[process.pid] = any(_NO_WORKER in word for word in process.cmdline())
            except self._psutil.Error:
                continue  # it ended between being listed and being asked
            workers += not self._helpers[process.pid]
        return held, workers

    def _traffic(self) -> tuple[float, float]:
        """Bytes a second, out and in, since the last reading."""
        (then, sent_before, received_before), self._wire = self._wire, (monotonic(), *self._counted())
        now, sent, received = self._wire
        passed = max(now - then, 1e-3)
        # A network that goes away takes its count with it.
        return max(0, sent - sent_before) / passed, max(0, received - received_before) / passed

    def _counted(self) -> tuple[int, int]:
        """Bytes out and in since the machine's start."""
        wires = [each for name, each in self._psutil.net_io_counters(pernic=True).items() if not _is_own(name)]
        return sum(each.bytes_sent for each in wires), sum(each.bytes_recv for each in wires)

    def _is_online(self) -> bool:
        """Whether any network but the machine's own is up."""
        return any(each.isup and not _is_own(name) for name, each in self._psutil.net_if_stats().items())


def _is_own(wire: str) -> bool:
    """Whether a network is the one of the machine with itself."""
    return wire == "lo" or wire.lower().startswith(("lo0", "loopback"))


def _size_of(folder: Path) -> int:
    """Bytes in the files of a folder; what goes away meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


class Machine(QObject):
    """Says every two seconds how busy the machine is, and remembers the last minutes."""

    measured = Signal(object)  # Load

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: deque[Load] = deque(maxlen=KEPT)
        self._thread = QThread(self)
        self._probe = _Probe(folder)
        self._probe.moveToThread(self._thread)
        self._probe.measured.connect(self._keep)
        self._thread.started.connect(self._probe.begin)
        self._thread.finished.connect(self._probe.deleteLater)

    @property
    def history(self) -> Sequence[Load]:
        """The readings of the last minutes, the oldest first."""
        return self._kept

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start(QThread.Priority.LowPriority)

    def stop(self) -> None:
        """End the thread."""
        self._thread.quit()
        self._thread.wait()

    @Slot(object)
    def _keep(self, load: Load) -> None:
        self._kept.append(load)
        self.measured.emit(load)
