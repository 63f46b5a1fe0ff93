"""Where Qt's objects are freed."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.ui import garbage
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


def cycle() -> "weakref.ref[Loop]":
    loop = Loop()
    loop.timer.stop()
    return weakref.ref(loop)


def test_what_was_read_is_set_aside_and_looked_through_when_nobody_waits(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = GarbageCollector()
    try:
        gc.collect()
        before, lost = gc.get_freeze_count(), cycle()
        read = [[number] for number in range(2 * garbage.MANY)]
        collector.look()
        assert gc.get_freeze_count() - before > len(read)  # none of it is looked at again
        gc.collect()
        assert lost() is not None
        collector.take_state(Qt.ApplicationState.ApplicationInactive)
        assert lost() is not None  # a moment ago all was looked through
        monkeypatch.setattr(garbage, "RARELY_S", 0.0)
        collector.take_state(Qt.ApplicationState.ApplicationActive)
        assert lost() is not None
        collector.take_state(Qt.ApplicationState.ApplicationInactive)
        assert lost() is None
    finally:
        gc.unfreeze()


def test_garbage_never_comes_together_without_end(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "MOST", 3 * garbage.MANY)
    collector = GarbageCollector()
    try:
        gc.collect()
        lost, held = cycle(), []
        for _ in range(4):
            held.append([[number] for number in range(garbage.MANY + 100)])
            collector.look()
        assert lost() is None
    finally:
        gc.unfreeze()
