"""A review in the real window on the real engine, by keys alone: hear, edit, accept, take back."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from studio.domain.episode import State
from studio.domain.findings import FindingKind
from studio.domain.settings import Settings
from studio.engine.ports import Details
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.ui.hands import said
from tests.whole.test_window import HARD, until
from tests.whole.windows import Run, window_on

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

BETTER = "Nobody could read the second part aloud, so somebody wrote it anew."

FIRST = "The harbour was quiet before the boats came home, and the keeper of the light had gone to bed early."
SECOND = "A good map tells you where the roads are, how steep the hills will be, and which bridge was washed away."


def hit(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


async def gone_to(window: MainWindow, episode_id: int, word: str) -> None:
    """Press N until the keys are about the place with this word in this episode."""
    while True:
        place = window.wishes.review.current
        if place is not None and window.choice.id == episode_id and word in place.finding.script:
            return
        hit(window, Qt.Key.Key_N)
        await window.desk.settle()
        await asyncio.sleep(0.05)


def edited(details: Details) -> None:
    """Take and script have the sentence that was written, and what was done is told at its place."""
    assert details.take is not None
    assert details.report is not None
    assert (details.episode.take, details.take.parent) == (2, 1)
    assert BETTER in details.script.text
    assert "Zxqv" not in details.script.text
    assert FindingKind.MENDED in {finding.kind for finding in details.report.findings}


def test_a_flagged_episode_is_reviewed_by_keys_alone(
    theme: Theme,
    run: Run,
    tmp_path: Path,
) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier

    async def story() -> None:
        async with window_on(theme, tmp_path, Settings(review_share=0.0, repairs=0)) as (window, studio):
            project = window.desk.project
            assert project is not None
            # Of their own as far as it takes to be no copy of the other.
            for number, more in enumerate((FIRST, SECOND), 1):
                text = HARD.replace("Hard Words", f"Hard Words {number}")
                await studio.add_text(project, f"{text}\n\n{more}\n", f"{number}.md")
            await studio.start([project])
            await studio.run.finished()
            await window.desk.settle()
            one, two = (episode.id for episode in await studio.episodes(project.id))

            # The page, the first place of the first one in the queue, what a repair costs.
            hit(window, Qt.Key.Key_3, ctrl)
            await gone_to(window, one, "qwrt")
            await until(lambda: "Repair · free" in said(window.panel))

            # The sentences that nobody can say are written anew, and spoken: nothing else.
            hit(window, Qt.Key.Key_W)
            field = QApplication.focusWidget()
            assert isinstance(field, QPlainTextEdit)
            assert field.toPlainText().startswith("Zxqv brrgh wlkt")
            hit(window, Qt.Key.Key_A, ctrl)
            QTest.keyClicks(field, BETTER)
            hit(window, Qt.Key.Key_Return)
            await until(lambda: window.choice.id == two)  # the next one, meanwhile
            await window.desk.settle()
            await studio.run.finished()
            await window.desk.settle()
            edited(await studio.details(one))

            # The other one is let through as it is, and that is taken back: its folder goes too.
            hit(window, Qt.Key.Key_A)
            await window.desk.settle()
            await studio.run.finished()
            folder = Path((await studio.details(two)).episode.folder)
            assert (folder / "SHA256SUMS").is_file()
            while window.sitting.done[-1].words.startswith("Accepted"):
                hit(window, Qt.Key.Key_Z, ctrl)
                await window.desk.settle()
            assert (await studio.details(two)).episode.state is State.NEEDS_YOU
            assert not folder.exists()  # noqa: ASYNC240  (a test may wait for the disk)
            assert window.choice.id == two
            window.close()
            await window.until_closed()

    run(story())
