"""The real window when something is taken away in the middle of the work: the output folder, a worker, the library."""

import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import Qt  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio import app
from studio.domain.episode import Stage, State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.ui.hands import said, until
from tests.whole.windows import Run

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

SCRIPT = (
    "# First Light\n\nThe lamp was lit before anybody had come down to the harbour, and it burned until the morning.\n"
)


@asynccontextmanager
async def at_work(qapp: QApplication, home: Path) -> AsyncIterator[tuple[MainWindow, Studio]]:
    """The window on a project that has one script in it."""
    async with app.opened_studio(home / "library") as studio:
        project = await studio.create_project("Show", home / "out", Settings(review_share=0.0))
        window = MainWindow(Theme(qapp, app.resources()), library=home, samples=())
        window.show()
        await window.attach(studio, project, home)
        path = home / "first-light.md"
        path.write_text(SCRIPT, encoding="utf-8")
        await studio.add(project, [path])
        await window.desk.settle()
        yield window, studio
        window.close()
        await window.until_closed()


def test_a_worker_that_is_killed_is_told_and_its_work_done_again(qapp: QApplication, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with at_work(qapp, tmp_path) as (window, studio):
            window.orders.start()
            model = window.desk.model
            await until(lambda: any(each.stage is Stage.CHECK and model.live_of(each).fraction for each in model))
            for worker in workers():
                worker.kill()
            await studio.run.finished()
            await window.desk.settle()
            (row,) = await studio.episodes(1)
            assert row.state is State.DONE  # by another worker, with nobody asked
            told = said(window.notices)
            assert "A worker process ended unexpectedly while “" in told
            assert "another does that again" in told
            assert "close other programs: memory is the usual reason" in told
            assert QApplication.activeModalWidget() is None

    run(story())


def workers() -> list[psutil.Process]:
    """The processes that do the heavy work; not the one that Python keeps beside them."""
    return [
        each for each in psutil.Process().children(recursive=True) if "resource_tracker" not in " ".join(each.cmdline())
    ]


def test_a_library_that_another_program_locks_is_one_sentence(qapp: QApplication, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with at_work(qapp, tmp_path) as (window, studio):
            connection = studio._rooms.checks._write.__self__._connection  # type: ignore[attr-defined]  # the library
            await connection.run(lambda own: own.execute("PRAGMA busy_timeout = 50"))  # a test does not wait as long
            second = tmp_path / "second.md"
            second.write_text(SCRIPT.replace("First", "Second").replace("lamp", "lantern"), encoding="utf-8")
            thief = sqlite3.connect(tmp_path / "library" / "library.db", isolation_level=None)
            thief.execute("BEGIN IMMEDIATE")
            window.orders.add([second])
            await window.desk.settle()
            told = said(window.notices)
            assert "is locked by another program." in told
            assert "Close the program that has it open (another Batchcast, a backup, a database viewer)" in told
            assert [row.title for row in window.desk.model] == ["First Light"]
            thief.execute("ROLLBACK")
            thief.close()
            window.orders.add([second])  # the same again, now that the way is free
            await window.desk.settle()
            assert [row.title for row in window.desk.model] == ["First Light", "Second Light"]

    run(story())


def test_an_output_folder_that_is_no_more_costs_nothing_but_a_key(qapp: QApplication, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        out = tmp_path / "out"
        async with app.opened_studio(tmp_path / "library") as studio:
            project = await studio.create_project("Show", out, Settings(review_share=0.0))
            window = MainWindow(Theme(qapp, app.resources()), library=tmp_path, samples=())
            window.show()
            await window.attach(studio, project, tmp_path)
            path = tmp_path / "first-light.md"
            path.write_text(SCRIPT, encoding="utf-8")
            out.write_text("a file where the folder should be", encoding="utf-8")
            await studio.add(project, [path])
            await window.desk.settle()
            window.orders.start()
            await window.desk.settle()
            await studio.run.finished()
            (row,) = await studio.episodes(project.id)
            assert row.state is State.FAILED
            assert row.reason == f"“{out}” is not a folder."
            assert row.remedy == "Choose another output folder."

            # What was made is kept: with the way free again, one key goes on where it stopped.
            out.unlink()
            await go_on(window, Qt.Key.Key_T)
            await studio.run.finished()
            (row,) = await studio.episodes(project.id)
            assert (row.state, row.takes) == (State.DONE, 1)
            folder = Path(row.folder)

            # Gone altogether: it is made anew.
            shutil.rmtree(out)
            await go_on(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
            await studio.run.finished()
            assert (folder / f"{folder.name}.mp3").is_file()
            window.close()
            await window.until_closed()

    run(story())


async def go_on(
    window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    await window.desk.settle()
    window.wishes.begin()
    await window.desk.settle()
    QTest.keyClick(window.page.table, key, modifier)
    await window.desk.settle()
