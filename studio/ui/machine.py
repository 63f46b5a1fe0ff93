"""How busy this machine is, read on a thread of its own."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

EVERY_MS = 2000


@dataclass(frozen=True, slots=True)
class Load:
    """CPU in percent of all cores; bytes that this program and its workers hold; bytes free on the library's disk."""

    cpu_percent: float
    memory: int
    disk_free: int


class _Probe(QObject):
    measured = Signal(object)  # Load

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    @Slot()
    def begin(self) -> None:
        """Measure now, and every two seconds; runs on the probe's thread."""
        import psutil

        self._psutil = psutil
        psutil.cpu_percent()  # the first reading is the ground of the next
        timer = QTimer(self, interval=EVERY_MS)
        timer.timeout.connect(self._measure)
        timer.start()
        self._measure()

    def _measure(self) -> None:
        ours = self._psutil.Process()
        held = 0
        for process in (ours, *ours.children(recursive=True)):
            try:
                held += process.memory_info().rss
            except self._psutil.Error:
                continue  # it ended between being listed and being asked
        folder = self._folder
        while not folder.exists():
            folder = folder.parent
        free = self._psutil.disk_usage(str(folder)).free
        self.measured.emit(Load(self._psutil.cpu_percent(), held, free))


class Machine(QObject):
    """Says every two seconds how busy the machine is."""

    measured = Signal(object)  # Load

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._probe = _Probe(folder)
        self._probe.moveToThread(self._thread)
        self._probe.measured.connect(self.measured)
        self._thread.started.connect(self._probe.begin)
        self._thread.finished.connect(self._probe.deleteLater)

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start(QThread.Priority.LowPriority)

    def stop(self) -> None:
        """End the thread."""
        self._thread.quit()
        self._thread.wait()
