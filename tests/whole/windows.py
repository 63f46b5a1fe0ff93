"""The real window on the real engine, as long as a `with` lasts."""

import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from studio import app
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme

Run = Callable[[Coroutine[Any, Any, None]], None]
"""The fixture `run`: a coroutine on a loop that is both Qt's and asyncio's."""


@asynccontextmanager
async def shown(
    theme: Theme, studio: Studio, project: Project | None, home: Path, size: tuple[int, int] = (1440, 900)
) -> AsyncIterator[MainWindow]:
    """A window on this project; closed at the end, where that was not done before. What it remembers is in `home`."""
    window = MainWindow(theme, library=home, samples=())
    window.resize(*size)
    window.show()
    await window.attach(studio, project, home)
    try:
        yield window
        if window.isVisible():
            window.close()
            await window.until_closed()
    finally:
        window.machine.stop()
        window.deleteLater()


@asynccontextmanager
async def window_on(
    theme: Theme, home: Path, settings: Settings, size: tuple[int, int] = (1440, 900)
) -> AsyncIterator[tuple[MainWindow, Studio]]:
    """A start on the library in `home`, with its first project, or a new one with these settings."""
    async with app.opened_studio(home / "library") as studio:
        project = next(iter(await studio.projects()), None)
        if project is None:
            project = await studio.create_project("Show", home / "out", settings)
        async with shown(theme, studio, project, home, size) as window:
            yield window, studio
