"""The program as a user starts it, in a process of its own; and what a window in this one needs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from studio.ui.theme import Theme

SCRIPTS = {
    "first-light.md": """# First Light

## The lamp

The lighthouse at Eddystone was lit on November 14, 1698. It burned sixty candles, and it cost its builder his life.

## The stone

John Smeaton rebuilt it in stone in 1759. His tower stood for 123 years. The sea, and not the stone, gave way at last.
""",
    "second-wind.md": """# Second Wind

Sailors of the age of sail knew the trade winds by name and by season. A crossing took about 40 days.

<break time="1.8s"/>

On a good day a clipper made 300 miles. On a bad one it made none at all, and the crew told stories.
""",
    "third-rail.txt": """Third Rail

Electric trains need a way to take up current. Some take it from a wire above the track. Others take it from a third
rail beside it, at about 750 volts. Nobody should ever step on it.
""",
}


@dataclass(frozen=True)
class Ended:
    """A command that is through."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


class Program:
    """Starts `batchcast` on the library at `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *arguments: str | Path, display: bool = False) -> subprocess.Popen[str]:
        """Start a command and leave it running, in a process group of its own, with a display or without."""
        environment = {**os.environ, "BATCHCAST_HOME": str(self.home), "NO_COLOR": "1"}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            environment.pop(name, None)
        if display:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        return subprocess.Popen(
            [sys.executable, "-m", "studio.cli", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )

    def run(self, *arguments: str | Path) -> Ended:
        """Run a command to its end."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return Ended(process.returncode, out, err)

    def run_killed(self, after_s: float, *arguments: str | Path) -> bool:
        """Start a command and `kill -9` it; False where it ended before that by itself."""
        process = self.start(*arguments)
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program with a new library."""
    return Program(tmp_path / "library")


@pytest.fixture
def another_program(tmp_path: Path) -> Callable[[str], Program]:
    """Gives more of them, each with a library of its own."""
    return lambda name: Program(tmp_path / name)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A folder of three short scripts."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# A window in this process. Qt is loaded where a test asks for it, and before qasync, which takes what it finds.

LONGEST_S = 240.0  # of one story


@pytest.fixture(scope="session")
def theme(qapp: "QApplication") -> "Theme":
    """The look, once for all tests: Qt keeps fonts and style for the whole process."""
    from studio import app
    from studio.ui.theme import Theme

    return Theme(qapp, app.resources())


@pytest.fixture
def run(qapp: "QApplication") -> Callable[[Coroutine[Any, Any, None]], None]:
    """Runs a coroutine on a loop that is both Qt's and asyncio's."""
    import asyncio

    import qasync

    def run_it(work: Coroutine[Any, Any, None]) -> None:
        qapp.setQuitOnLastWindowClosed(False)  # as the program has it: one window may be gone before the next one comes
        loop = qasync.QEventLoop(qapp, already_running=False)
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(asyncio.wait_for(work, LONGEST_S))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    return run_it
