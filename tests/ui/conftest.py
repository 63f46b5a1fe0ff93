"""A window on an engine that lives in memory."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtWidgets import QApplication  # before qasync, which takes the first binding that is loaded
import qasync

# isort: on
import pytest

from studio.domain.episode import Episode
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.ui.memory_studio import MemoryStudio, Opened

RESOURCES = Path(__file__).parents[2] / "resources"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def tidy(qapp: QApplication, tidy_qt: None) -> None:
    """Around every test here."""


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The look, once for all tests: Qt keeps fonts and style for the whole process."""
    return Theme(qapp, RESOURCES)


@pytest.fixture
def run(qapp: QApplication) -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run a coroutine on a loop that is both Qt's and asyncio's."""

    def run_it(work: Coroutine[Any, Any, T]) -> T:
        loop = qasync.QEventLoop(qapp, already_running=False)
        asyncio.set_event_loop(loop)
        try:
            result: T = loop.run_until_complete(asyncio.wait_for(work, 60))
            return result
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    return run_it


@pytest.fixture
def opened(theme: Theme, tmp_path: Path) -> Iterator[Callable[..., Coroutine[Any, Any, Opened]]]:
    """Open a window on the given episodes."""
    windows: list[MainWindow] = []

    async def open_it(*episodes: Episode, samples: Sequence[Path] = ()) -> Opened:
        window = MainWindow(theme, library=tmp_path, samples=samples)
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        made = Opened(window, MemoryStudio(episodes))
        await window.attach(made.studio, made.studio.project, Path("/nowhere"))
        await made.settle()
        return made

    yield open_it
    for window in windows:
        window.machine.stop()  # where the test failed before it closed the window
        window.deleteLater()
