"""The Qt application and the one event loop that Qt and asyncio share."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

# isort: off
# PySide6 before qasync: qasync takes the first Qt binding that is loaded.
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
import qasync

# isort: on
from studio.ui.garbage import GarbageCollector

T = TypeVar("T")


def create_application(argv: Sequence[str]) -> QApplication:
    """The application object, before anything else of Qt."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(list(argv))
    app.setApplicationName("Batchcast")
    app.setApplicationDisplayName("Batchcast")
    app.setDesktopFileName("batchcast")
    # The window closes only after the engine has kept everything; the main coroutine ends the loop then.
    app.setQuitOnLastWindowClosed(False)
    GarbageCollector(app)
    return app


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the program's main coroutine on a loop that is both Qt's and asyncio's; returns what it returns."""
    result: T = qasync.run(main())
    return result
