"""The program started again while its window is open: two real processes, one library, one window."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtWidgets import QApplication, QLabel  # before qasync, which takes the first binding that is loaded

# isort: on
from studio import app
from studio.domain.settings import Settings
from studio.ui.main_window import MainWindow
from studio.ui.second_start import Doorman, Request, hand_over
from studio.ui.theme import Theme
from tests.whole.conftest import Program
from tests.whole.windows import Run

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

HANDED_OVER = "Batchcast is open already; its window has come to the front.\n"
LIMIT_S = 60.0


@pytest.fixture(autouse=True)
def private(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sockets of these tests lie by themselves, and the folder's name is short enough for one."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    yield
    os.environ.pop("XDG_ACTIVATION_TOKEN", None)


def wait_until_open(home: Path) -> None:
    """Until the window on the library at `home` answers."""
    begun = time.monotonic()
    while not hand_over(home, Request()):
        assert time.monotonic() - begun < LIMIT_S
        time.sleep(0.1)


def notices_of(window: MainWindow) -> str:
    return " ".join(each.accessibleName() for each in window.notices.findChildren(QLabel))


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


def test_a_second_start_ends_with_a_sentence_and_a_killed_first_leaves_the_way_free(program: Program) -> None:
    first = program.start(display=True)
    try:
        wait_until_open(program.home)
        assert ended(program.start(display=True)) == (0, HANDED_OVER, "")
        assert first.poll() is None
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
        # Its socket is still there, and its lease is gone: the next start is the first one again.
        third = program.start(display=True)
        try:
            wait_until_open(program.home)
            assert third.poll() is None
        finally:
            os.kill(third.pid, signal.SIGKILL)
            third.communicate()
    finally:
        if first.poll() is None:
            first.kill()
            first.communicate()


def test_two_starts_at_the_same_moment_make_one_window(program: Program) -> None:
    both = [program.start(display=True) for _ in range(2)]
    try:
        wait_until_open(program.home)
        begun = time.monotonic()
        while all(each.poll() is None for each in both) and time.monotonic() - begun < LIMIT_S:
            time.sleep(0.1)
        (through,) = [each for each in both if each.poll() is not None]
        status, out, err = ended(through)
        assert (status, out) == (0, HANDED_OVER)
        assert "Traceback" not in err  # it had a window for a moment, of which this platform says what it cannot do
    finally:
        for each in both:
            if each.poll() is None:
                each.kill()
                each.communicate()


def test_a_project_and_files_are_handed_over_and_go_the_way_of_a_drop(
    program: Program, scripts: Path, run: Run, qapp: QApplication
) -> None:
    files = sorted(scripts.iterdir())

    async def story() -> None:
        async with app.opened_studio(program.home) as studio:
            await studio.create_project("Walden", program.home / "a", Settings())
            archived = await studio.create_project("Civil & disobedient", program.home / "b", Settings())
            await studio.shelf.archive(archived)
            window = MainWindow(Theme(qapp, app.resources()), library=program.home, samples=())
            window.show()
            await window.attach(studio, None, program.home)
            assert window.desk.project is not None
            assert window.desk.project.name == "Walden"
            given: list[Any] = []
            window.drops.given.connect(given.append)
            doorman = Doorman(program.home, window)
            doorman.asked.connect(window.projects.take_from_another_start)
            window.showMinimized()

            async def start(*arguments: str | Path) -> tuple[int, str, str]:
                second = program.start(*arguments, display=True)
                answer = await asyncio.to_thread(ended, second)
                await asyncio.sleep(0.1)
                await window.desk.settle()
                return answer

            assert await start("open", "--project", "Civil & disobedient", scripts) == (0, HANDED_OVER, "")
            assert not window.isMinimized()
            assert window.desk.project.name == "Civil & disobedient"
            assert [each.name for each in await studio.projects()] == ["Civil & disobedient", "Walden"]
            assert [each.paths for each in given] == [(scripts,)]
            # As a desktop calls it for files that are dropped on the icon; the folder where it was called counts.
            assert await start(*files) == (0, HANDED_OVER, "")
            assert given[-1].paths == tuple(files)
            # A project that is not there adds nothing to another one.
            assert await start("open", "--project", "Waldne", *files) == (0, HANDED_OVER, "")
            assert len(given) == 2
            assert "There is no project “\u2068Waldne\u2069”, so nothing was added." in notices_of(window)
            status, out, err = await start("open", "nowhere.md")
            assert (status, out) == (2, "")
            assert "There is no file or folder “nowhere.md”." in err
            doorman.close()
            window.machine.stop()
            window.close()
            await window.until_closed()
            window.deleteLater()

    run(story())


def test_what_is_no_start_of_this_program_is_sent_away(tmp_path: Path, run: Run) -> None:
    async def story() -> None:
        doorman = Doorman(tmp_path)
        asked: list[Request] = []
        doorman.asked.connect(asked.append)

        def say(words: bytes) -> bytes:
            with socket.socket(socket.AF_UNIX) as stranger:
                stranger.settimeout(20)
                stranger.connect(doorman._server.fullServerName())
                stranger.sendall(words)
                return stranger.recv(100)

        for words in (b"hello\n", b"[]\n", b'{"project": 1}\n', b'{"project":"","paths":["zz"],"token":""}\n'):
            assert await asyncio.to_thread(say, words) == b""
        relative = b'{"project":"","paths":["%s"],"token":""}\n' % b"a.md".hex().encode()
        assert await asyncio.to_thread(say, relative) == b""
        assert not asked
        odd = Request("Ünïcode", (Path(os.fsdecode(b"/somewhere/\xff.md")), Path("/somewhere/a b.md")))
        assert await asyncio.to_thread(say, odd.to_line()) == b"taken\n"
        assert asked == [odd]
        doorman.close()

    if sys.platform == "win32":
        pytest.skip("the socket is a named pipe there")
    run(story())


def test_another_library_is_another_window(tmp_path: Path) -> None:
    doorman = Doorman(tmp_path / "one")
    assert not hand_over(tmp_path / "two", Request())
    doorman.close()
    assert not hand_over(tmp_path / "one", Request())
