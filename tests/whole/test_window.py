"""The real window on the real engine: drop files, run, select, play a finding, decide, export, close."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from studio.domain.episode import Clearance, State
from studio.domain.settings import Settings
from studio.ui.dialogs import Question
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.whole.windows import Run, window_on

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

# Said exactly as written, but the ears will stumble over it: a finding to be looked at.
HARD = """# Hard Words

The first part of this is plain, and everybody will hear it as it stands here.

Zxqv brrgh wlkt, fnord mxyzptlk qwrt zzyzx. Hgnn vrrp skdt mbwl trrk. Pfft grzl nkkt vlop zrrk bnnt.

The last part of this is plain as well, and it ends as every story should.
"""


def drop(window: MainWindow, *paths: Path) -> None:
    """Let go of files over the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(700, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


async def until(said: Callable[[], bool]) -> None:
    while not said():  # noqa: ASYNC110  (what a person sees is no event)
        await asyncio.sleep(0.05)


def test_from_a_drop_to_the_folders_with_the_keyboard(theme: Theme, run: Run, scripts: Path, tmp_path: Path) -> None:
    (scripts / "hard-words.md").write_text(HARD)
    (scripts / "empty.md").write_text("")

    async def story() -> None:
        async with window_on(theme, tmp_path, Settings(review_share=0.0, repairs=0)) as (window, studio):
            drop(window, scripts)
            await until(lambda: window.receiving.sheet is not None)
            await window.desk.settle()
            press(window, Qt.Key.Key_Return)  # one of them cannot be used, which is shown before
            await until(lambda: len(window.desk.model) == 4)
            await window.desk.settle()
            # The bad file is told in the window, by name; the others are queued.
            told = [line.text() for line in window.notices.findChildren(QLabel)]
            assert any("empty.md" in line for line in told), told
            # The blue button has the focus: Return starts.
            press(window, Qt.Key.Key_Return)
            await until(lambda: window.desk.running)
            await studio.run.finished()
            await window.desk.settle()
            assert window.desk.project is not None
            rows = {row.title: row for row in await studio.episodes(window.desk.project.id)}
            assert {title for title, row in rows.items() if row.state is State.DONE} == {
                "First Light",
                "Second Wind",
                "Third Rail",
            }
            flagged = rows["Hard Words"]
            assert flagged.state is State.NEEDS_YOU
            assert flagged.findings

            # Choose it, play its first suspect place, and let it through.
            window.page.table.choose(flagged.id)
            await window.desk.settle()
            await until(lambda: window.wishes.review.position[1] > 0)
            press(window, Qt.Key.Key_N)
            press(window, Qt.Key.Key_Space)
            place = window.wishes.review.current
            assert place is not None
            assert place.start_s - 3 <= window.player.position <= place.end_s
            await window.desk.settle()
            details = await studio.details(flagged.id)
            assert details.report is not None
            places = [f.start_s for f in details.report.findings if f.start_s is not None]
            assert places
            press(window, Qt.Key.Key_A)
            await window.desk.settle()
            await studio.run.finished()
            exported = (await studio.episodes(window.desk.project.id))[flagged.number - 1]
            assert (exported.state, exported.clearance) == (State.DONE, Clearance.APPROVED)
            metadata = json.loads((Path(exported.folder) / "metadata.json").read_text())
            assert metadata["clearance"] == "approved"
            window.close()
            await window.until_closed()

    run(story())
    folders = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert folders == ["001-first-light", "002-hard-words", "003-second-wind", "004-third-rail"]
    assert all((tmp_path / "out" / folder / "SHA256SUMS").is_file() for folder in folders)


def test_closing_at_work_asks_keeps_everything_and_goes_on_next_time(
    theme: Theme, run: Run, scripts: Path, tmp_path: Path
) -> None:
    async def begin() -> None:
        async with window_on(theme, tmp_path, Settings(review_share=0.0)) as (window, studio):
            drop(window, scripts)
            await until(lambda: len(window.desk.model) == 3)
            await window.desk.settle()
            press(window, Qt.Key.Key_Return)
            await until(lambda: any(row.state is State.WORKING for row in window.desk.model))
            window.close()
            question = window.findChild(Question)
            assert question is not None
            assert studio.run.running
            question.accept()
            await window.until_closed()
            assert not studio.run.running

    async def go_on() -> None:
        async with window_on(theme, tmp_path, Settings()) as (window, studio):
            assert window.desk.project is not None
            assert {row.state for row in await studio.episodes(window.desk.project.id)} <= {State.QUEUED, State.DONE}
            window.top_bar.primary_pressed.emit()
            await until(lambda: window.desk.running)
            await studio.run.finished()
            assert {row.state for row in await studio.episodes(window.desk.project.id)} == {State.DONE}
            window.close()
            await window.until_closed()

    run(begin())
    run(go_on())
