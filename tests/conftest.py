"""What tests of several rooms share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def tidy_qt() -> Iterator[None]:
    """Free what a window leaves behind before another test's threads can: there Qt's objects must not be freed."""
    from PySide6.QtCore import QCoreApplication, QEvent

    from studio.ui.garbage import GarbageCollector

    collector = GarbageCollector()
    yield
    gc.unfreeze()
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    collector.deleteLater()
    gc.enable()
