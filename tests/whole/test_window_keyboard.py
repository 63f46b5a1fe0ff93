"""From a paste to the folder with nothing but keys, on the real engine: no mouse, no method of the window's own."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import Qt  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.domain.episode import Clearance, State
from studio.domain.settings import Settings
from studio.ui.keys_sheet import KeysSheet
from studio.ui.main_window import MainWindow
from studio.ui.pages import PAGES
from studio.ui.theme import Theme
from tests.whole.test_window import HARD, until
from tests.whole.windows import Run, window_on

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def closing_a_window_is_not_the_end(qapp: QApplication) -> None:
    """As the program itself has it: the engine has to be closed after the window."""
    qapp.setQuitOnLastWindowClosed(False)


def key(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


async def look_around(window: MainWindow) -> None:
    """Every page, and the sheet of keys, while the episode is made."""
    for place, page in enumerate(PAGES):
        key(window, Qt.Key(Qt.Key.Key_1 + place), CTRL)
        assert window.pages.page is page
    key(window, Qt.Key.Key_1, CTRL)
    key(window, Qt.Key.Key_F1)
    (sheet,) = window.findChildren(KeysSheet)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    window.activateWindow()  # as every desktop does when a dialog closes
    await until(window.isActiveWindow)


def test_from_a_paste_to_the_folder(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, tmp_path, Settings(review_share=0.0, repairs=0)) as (window, studio):
            await window.desk.settle()
            QGuiApplication.clipboard().setText(HARD)
            key(window, Qt.Key.Key_V, CTRL)
            await until(lambda: len(window.desk.model) == 1)
            await window.desk.settle()
            key(window, Qt.Key.Key_Return)  # the blue button has the keyboard
            await until(lambda: window.desk.running)

            await look_around(window)
            await studio.run.finished()
            await window.desk.settle()
            row = next(iter(window.desk.model))
            assert row.state is State.NEEDS_YOU

            key(window, Qt.Key.Key_G)
            await window.desk.settle()
            await until(lambda: window.wishes.review.position[1] > 0)
            key(window, Qt.Key.Key_N)
            key(window, Qt.Key.Key_Space)
            assert window.wishes.review.current is not None
            key(window, Qt.Key.Key_W)
            await until(lambda: not window.panel.acts.editor.isHidden())
            key(window, Qt.Key.Key_Escape)
            assert window.panel.acts.editor.isHidden()
            key(window, Qt.Key.Key_R)
            assert window.panel.acts.reason.hasFocus()
            key(window, Qt.Key.Key_Escape)
            assert window.panel.acts.reason.isHidden()
            key(window, Qt.Key.Key_A)
            await window.desk.settle()
            await studio.run.finished()
            await window.desk.settle()
            (done,) = await studio.episodes(row.project_id)
            assert (done.state, done.clearance) == (State.DONE, Clearance.APPROVED)
            folder = Path(done.folder)
            assert (folder / "SHA256SUMS").is_file()

            (folder / "SHA256SUMS").unlink()
            key(window, Qt.Key.Key_E, CTRL)
            await window.desk.settle()
            await studio.run.finished()
            assert (folder / "SHA256SUMS").is_file()
            QGuiApplication.clipboard().clear()
            window.close()
            await window.until_closed()

    run(story())
