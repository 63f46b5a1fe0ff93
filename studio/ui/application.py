"""The Qt application and the one event loop that Qt and asyncio share."""

import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

# isort: off
# PySide6 before qasync: qasync takes the first Qt binding that is loaded.
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
import qasync

# isort: on
from studio.ui.garbage import GarbageCollector

T = TypeVar("T")

# How long another thread keeps Python's lock while the window wants it. It wants it many times in a turn: for every
# row that it paints, for every event. With Python's own 5 ms a turn beside a busy thread takes up to 70.
LOCK_HELD_S: Final = 0.0005


def create_application(argv: Sequence[str]) -> QApplication:
    """The application object, before anything else of Qt."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(list(argv))
    app.setApplicationName("Batchcast")
    app.setApplicationDisplayName("Batchcast")
    app.setDesktopFileName("batchcast")
    # The window closes only after the engine has kept everything; the main coroutine ends the loop then.
    app.setQuitOnLastWindowClosed(False)
    sys.setswitchinterval(LOCK_HELD_S)
    collector = GarbageCollector(app)
    collector.set_aside()
    app.applicationStateChanged.connect(collector.take_state)
    return app


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the program's main coroutine on a loop that is both Qt's and asyncio's; returns what it returns."""
    result: T = qasync.run(main())
    return result
