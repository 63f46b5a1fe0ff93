"""The real window when something is taken away: the output folder, in the middle of the work."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import Qt  # before qasync, which takes the first binding that is loaded
import qasync

# isort: on
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio import app
from studio.domain.episode import State
from studio.domain.settings import Settings
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

SCRIPT = (
    "# First Light\n\nThe lamp was lit before anybody had come down to the harbour, and it burned until the morning.\n"
)


def test_an_output_folder_that_is_no_more_costs_nothing_but_a_key(qapp: QApplication, tmp_path: Path) -> None:
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

    loop = qasync.QEventLoop(qapp, already_running=False)
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(asyncio.wait_for(story(), 200))
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def go_on(
    window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    await window.desk.settle()
    window.wishes.begin()
    await window.desk.settle()
    QTest.keyClick(window.page.table, key, modifier)
    await window.desk.settle()
