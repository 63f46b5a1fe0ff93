"""Where Qt's objects are freed."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from studio.ui.garbage import GarbageCollector


class Loop:
    """Garbage that only the collector finds, with a Qt object in it."""

    def __init__(self) -> None:
        self.me = self
        self.timer = QTimer(interval=1_000)
        self.timer.start()


def fill() -> None:
    """Allocate as a busy thread does: Python would collect here."""
    for _ in range(200):
        kept = [[number] for number in range(1_000)]
        assert len(kept) == 1_000


def test_qt_objects_are_freed_on_the_qt_thread_only(qapp: QApplication) -> None:
    parent = QObject()
    collector = GarbageCollector(parent)
    freed: list[str] = []
    loop = Loop()
    weakref.finalize(loop, lambda: freed.append(threading.current_thread().name))
    del loop
    other = threading.Thread(target=fill, name="other")
    other.start()
    other.join()
    assert freed == []
    for _ in range(gc.get_threshold()[0] + 100):
        cycle: list[object] = []
        cycle.append(cycle)
    collector.look()
    assert freed == ["MainThread"]
