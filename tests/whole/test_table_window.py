"""The batch table in the real window on the real engine: arranged, searched, chosen from, put in another order."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import (
    QMimeData,
    QPoint,
    QPointF,
    Qt,
    QUrl,
)  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from studio import app
from studio.domain.episode import Episode, Stage, State, StripFault
from studio.domain.findings import Severity, Verdict
from studio.domain.queueing import turn
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.ports import NewEpisode
from studio.store import episodes as rows_of
from studio.store.database import Database
from studio.store.health import DATABASE
from studio.store.projects import ProjectStore
from studio.ui.columns import NUMBERS
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.row_drag import carried
from studio.ui.theme import Theme
from studio.ui.views_menu import NameDialog
from tests.ui.hands import nameless
from tests.whole.windows import Run

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]


WAITING = tuple((State.QUEUED, Stage.PREPARE) for _ in range(6))
MIXED = (
    (State.QUEUED, Stage.PREPARE),
    (State.NEEDS_YOU, Stage.REVIEW),
    (State.NEEDS_YOU, Stage.REVIEW),
    (State.FAILED, Stage.SYNTHESIZE),
    (State.CANCELLED, Stage.PREPARE),
    (State.DONE, Stage.EXPORT),
)
TITLES = (
    "Lamp",
    "Stone",
    "حجر البحر",
    "Wind & tide",
    "A title that is longer than any column would ever be " * 3,
    "Sail",
)


async def fill(home: Path, states: Sequence[tuple[State, Stage]]) -> None:
    """A library as an earlier session would have left it."""
    (home / "library").mkdir()
    database = await Database.open(home / "library" / DATABASE)
    try:
        projects = ProjectStore(database)
        project = await projects.create("Show", home / "out", Settings())
        scripts = [
            NewEpisode(Script(title, f"{at}.md", f"# {title}\n\nThis is number {at}.", ()))
            for at, title in enumerate(TITLES[: len(states)], start=1)
        ]
        for (state, stage), (episode, _) in zip(states, await projects.add(project, scripts), strict=True):
            old = replace(episode, stage=stage)
            if state in {State.NEEDS_YOU, State.DONE}:
                heard = replace(old, duration_s=90.0, verdict=Verdict.FAIL, word_accuracy=0.9, cost_micro=1_500_000)
                old = replace(heard, strip=bytes(80), strip_faults=(StripFault(0.1, 0.2, Severity.FAULT),))
            if state is State.FAILED:
                old = replace(old, reason="The text is too long.", remedy="Shorten it.")
            moves = (state,) if state in {State.QUEUED, State.CANCELLED} else (State.WORKING, state)
            for moved in [replace(old, state=move) for move in moves]:
                await database.write(partial(store, moved))
    finally:
        await database.close()


def store(row: Episode, connection: sqlite3.Connection) -> None:
    rows_of.save(connection, row)


@dataclass
class Opened:
    window: MainWindow
    studio: Studio

    async def settle(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0.03)
            self.window.bridge.flush()
            await self.window.desk.settle()

    async def rows(self) -> dict[int, State]:
        assert self.window.desk.project is not None
        return {row.number: row.state for row in await self.studio.episodes(self.window.desk.project.id)}

    async def line(self) -> list[int]:
        assert self.window.desk.project is not None
        rows = await self.studio.episodes(self.window.desk.project.id)
        return [row.number for row in sorted(rows, key=turn) if row.state is State.QUEUED]

    def shown(self) -> list[int]:
        shown = self.window.page.shown
        return [shown.at(row).number for row in range(shown.rowCount())]

    def choose(self, *numbers: int) -> None:
        table, shown = self.window.page.table, self.window.page.shown
        ids = {shown.at(row).number: shown.at(row).id for row in range(shown.rowCount())}
        assert table.choose(ids[numbers[0]])
        for number in numbers[1:]:
            row = shown.index_of(ids[number]).row()
            rect = table.visualRect(shown.index(row, 1))
            QTest.mouseClick(
                table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, rect.center()
            )

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.page.table, key, held)

    def button(self, words: str) -> Any:
        found = [
            each
            for each in self.window.page.findChildren(QWidget)
            if each.isVisible() and each.accessibleName().startswith(words)
        ]
        assert found, words
        return found[0]

    def press(self, words: str) -> None:
        QTest.mouseClick(self.button(words), Qt.MouseButton.LeftButton)


@asynccontextmanager
async def opened(theme: Theme, home: Path) -> AsyncIterator[Opened]:
    """The window of one start; what it remembers is in the library's folder."""
    async with app.opened_studio(home / "library") as studio:
        (project,) = await studio.projects()
        window = MainWindow(theme, library=home / "library", samples=())
        window.resize(1900, 900)
        window.show()
        await window.attach(studio, project, home)
        at = Opened(window, studio)
        await at.settle()
        window.page.table.setFocus()
        try:
            yield at
        finally:
            await at.settle()
            window.player.shut()
            window.machine.stop()
            window.standing.stop()
            window.memory.write()
            window.deleteLater()


def menu(name: str) -> QMenu:
    """The open menu of that name."""
    found = [
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, QMenu) and each.isVisible() and each.accessibleName() == name
    ]
    assert len(found) == 1, found
    return found[0]


def entry(of: QMenu, *words: str) -> QAction:
    """What stands in a menu, or in the menus inside of it."""
    (action,) = [each for each in of.actions() if each.text().replace("&&", "&") == words[0]]
    inner = action.menu()
    return entry(inner, *words[1:]) if words[1:] and isinstance(inner, QMenu) else action


async def pick(at: Opened, name: str, *words: str) -> None:
    """Choose an entry of the open menu."""
    shown = menu(name)
    action = entry(shown, *words)
    assert action.isEnabled()
    action.trigger()
    shown.close()
    await at.settle()


def test_columns_are_arranged_and_stand_so_at_the_next_start(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await fill(tmp_path, WAITING)
        async with opened(theme, tmp_path) as at:
            columns, commands = at.window.page.table.columns, at.window.commands
            assert columns.visible[:3] == ("number", "title", "state")
            commands[Do.COLUMNS].trigger()
            await pick(at, "Columns", "Stage")
            assert "stage" not in columns.visible
            commands[Do.COLUMNS].trigger()
            await pick(at, "Columns", "Loudness")
            commands[Do.COLUMNS].trigger()
            await pick(at, "Columns", "Move", "Cost", "To the front")
            header = at.window.page.table.horizontalHeader()
            at.window.page.arrangement.open_columns(QPoint(0, 0), NUMBERS["title"])
            await pick(at, "Columns", "Sort by Episode, downwards")
            assert at.shown() == [3, 4, 2, 6, 1, 5]
            header.resizeSection(NUMBERS["title"], 333)
            header.moveSection(header.visualIndex(NUMBERS["state"]), 0)
            await asyncio.sleep(0.3)
            arranged = columns.layout
        async with opened(theme, tmp_path) as at:
            columns, header = at.window.page.table.columns, at.window.page.table.horizontalHeader()
            assert columns.layout == arranged
            assert columns.visible[:2] == ("state", "cost")
            assert "loudness" in columns.visible
            assert "stage" not in columns.visible
            assert [header.visualIndex(NUMBERS[key]) for key in ("state", "cost")] == [0, 1]
            assert header.sectionSize(NUMBERS["title"]) == 333
            assert at.shown() == [3, 4, 2, 6, 1, 5]
            at.window.commands[Do.COLUMNS].trigger()
            await pick(at, "Columns", "Reset columns")
            assert columns.visible[:4] == ("number", "title", "state", "stage")
            assert at.shown() == [1, 2, 3, 4, 5, 6]
            assert nameless(at.window.page) == []
        async with opened(theme, tmp_path) as at:
            assert at.window.page.table.columns.visible[:4] == ("number", "title", "state", "stage")

    run(story())


def test_the_columns_stay_open_while_the_space_bar_ticks(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await fill(tmp_path, WAITING[:2])
        async with opened(theme, tmp_path) as at:
            at.window.commands[Do.COLUMNS].trigger()
            shown = menu("Columns")
            for words in ("Takes", "Characters"):
                shown.setActiveAction(entry(shown, words))
                QTest.keyClick(shown, Qt.Key.Key_Space)
                assert entry(shown, words).isChecked()
            assert shown.isVisible()
            assert {"takes", "characters"} <= set(at.window.page.table.columns.visible)
            rect = shown.actionGeometry(entry(shown, "Takes"))
            QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=rect.center())
            assert shown.isVisible()
            assert "takes" not in at.window.page.table.columns.visible
            shown.close()
            await at.settle()

    run(story())


def test_views_are_saved_chosen_renamed_and_deleted(theme: Theme, run: Run, tmp_path: Path) -> None:
    def name_it(name: str) -> None:
        (dialog,) = [
            each for each in QApplication.topLevelWidgets() if isinstance(each, NameDialog) and each.isVisible()
        ]
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(name)
        QTest.keyClick(field, Qt.Key.Key_Return)

    async def story() -> None:
        await fill(tmp_path, MIXED)
        async with opened(theme, tmp_path) as at:
            page, commands = at.window.page, at.window.commands
            search = at.button("Filter")
            search.setText("cost>1")
            page.show_group(next(group for group in type(page.shown.group) if group.words == "Needs you"))
            page.table.columns.sort("cost", descending=True)
            assert at.shown() == [2, 3]
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "Save what is shown…")
            name_it("Dear & doubtful")
            await at.settle()
            assert page.arrangement.name == "Dear & doubtful"
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "All episodes, usual columns")
            assert at.shown() == [1, 2, 3, 4, 5, 6]
            assert search.text() == ""
            assert page.arrangement.name == ""
        async with opened(theme, tmp_path) as at:
            page, commands = at.window.page, at.window.commands
            assert at.shown() == [1, 2, 3, 4, 5, 6]
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "Dear & doubtful")
            assert at.shown() == [2, 3]
            assert at.button("Filter").text() == "cost>1"
            assert page.table.columns.layout.sort == "cost"
            at.button("Filter").setText("cost>2")
            assert at.shown() == []
            assert page.arrangement.name == ""
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "Keep the changes in “Dear & doubtful”")
            assert page.arrangement.views["Dear & doubtful"].text == "cost>2"
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "Rename", "Dear & doubtful…")
            name_it("Doubtful")
            await at.settle()
            assert [view.name for view in page.arrangement.views] == ["Doubtful"]
            commands[Do.VIEWS].trigger()
            await pick(at, "Views", "Delete", "Doubtful")
            assert len(page.arrangement.views) == 0
            commands[Do.ESCAPE].trigger()
            assert sorted(at.shown()) == [1, 2, 3, 4, 5, 6]

    run(story())


def test_what_is_legal_can_be_done_with_all_that_are_chosen(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await fill(tmp_path, MIXED)
        async with opened(theme, tmp_path) as at:
            bar = at.window.page.bulk
            at.choose(1)
            await at.settle()
            assert not bar.isVisible()
            at.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            await at.settle()
            assert bar.isVisible()
            assert "6 selected · $4.50 spent" in bar.findChildren(type(at.button("6 selected")))[0].text()
            names = {each.accessibleName() for each in bar.findChildren(QWidget) if each.isVisible()}
            assert {"Accept 2 episodes", "Reject 2 episodes", "Retry 2 episodes", "Export 1 episode"} <= names
            assert {"To top 1 episode", "Cancel 1 episode", "Remove 6 episodes"} <= names
            assert nameless(bar) == []
            at.key(Qt.Key.Key_Escape)
            await at.settle()
            assert not bar.isVisible()
            assert [episode.number for episode in at.window.page.table.chosen()] == [1]

            at.choose(1, 3, 5)
            await at.settle()
            at.press("Cancel 1 episode")
            await at.settle()
            assert (await at.rows())[1] is State.CANCELLED
            names = {each.accessibleName() for each in bar.findChildren(QWidget) if each.isVisible()}
            assert "Retry 2 episodes" in names
            assert not any(name.startswith("Cancel") for name in names)
            at.choose(2, 3)
            await at.settle()
            at.press("Reject 2 episodes")
            await at.settle()
            reason = QApplication.focusWidget()
            assert isinstance(reason, QLineEdit)
            reason.setText("Both too sleepy.")
            QTest.keyClick(reason, Qt.Key.Key_Return)
            await at.settle()
            assert [(await at.rows())[each] for each in (2, 3)] == [State.REJECTED] * 2
            at.choose(4, 5)
            await at.settle()
            at.press("Remove 2 episodes")
            await at.settle()
            assert sorted(await at.rows()) == [1, 2, 3, 6]

    run(story())


def test_a_bad_episode_is_a_row_with_its_reason_and_the_cure(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await fill(tmp_path, MIXED)
        async with opened(theme, tmp_path) as at:
            shown = at.window.page.shown
            cell = shown.index(3, NUMBERS["now"])
            assert cell.data() == "The text is too long."
            assert "Shorten it." in cell.data(Qt.ItemDataRole.ToolTipRole)
            at.button("Filter").setText("state:failed long")
            assert at.shown() == [4]
            assert "verdict:fail" in at.button("Filter").toolTip()

    run(story())


def drag(at: Opened, numbers: Sequence[int], above: int) -> None:
    """Let go of rows over the upper half of another one."""
    table, shown = at.window.page.table, at.window.page.shown
    ids = {shown.at(row).number: shown.at(row).id for row in range(shown.rowCount())}
    rect = table.visualRect(shown.index_of(ids[above], 1))
    where = QPointF(rect.center().x(), rect.top() + 4)
    data = carried([ids[number] for number in numbers])
    about = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(where.toPoint(), *about),
        QDragMoveEvent(where.toPoint(), *about),
        QDropEvent(where, *about),
    ):
        QApplication.sendEvent(table.viewport(), event)
        assert event.isAccepted()


def test_rows_are_dragged_and_moved_by_keys_to_another_place_in_the_queue(
    theme: Theme, run: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        await fill(tmp_path, WAITING)
        async with opened(theme, tmp_path) as at:
            table = at.window.page.table
            before = await at.line()
            drag(at, [before[4], before[5]], before[1])
            await at.settle()
            moved = [before[0], before[4], before[5], before[1], before[2], before[3]]
            assert await at.line() == moved
            # They lie where they were let go: the table is sorted by the queue, whose column came by itself.
            assert at.shown() == moved
            assert "queue" in table.columns.visible
            assert table.columns.layout.sort == "queue"
            at.choose(before[2])
            alt = Qt.KeyboardModifier.AltModifier
            at.key(Qt.Key.Key_Up, alt)
            await at.settle()
            assert await at.line() == [before[0], before[4], before[5], before[2], before[1], before[3]]
            at.key(Qt.Key.Key_Home, alt)
            await at.settle()
            assert (await at.line())[0] == before[2]
            assert table.chosen()[0].number == before[2]
            at.key(Qt.Key.Key_Down, alt)
            await at.settle()
            assert (await at.line())[:2] == [before[0], before[2]]
            at.key(Qt.Key.Key_End, alt)
            await at.settle()
            last = await at.line()
            assert last[-1] == before[2]
            at.window.commands[Do.UNDO].trigger()
            await at.settle()
            assert (await at.line())[:2] == [before[0], before[2]]
            at.key(Qt.Key.Key_End, alt)
            await at.settle()
            assert await at.line() == last
        async with opened(theme, tmp_path) as at:
            assert await at.line() == last
            assert at.shown() == last
            tip = at.window.page.shown.index(1, NUMBERS["queue"]).data(Qt.ItemDataRole.ToolTipRole)
            assert "2 of 6 in the queue" in tip

    run(story())


def test_files_that_hover_over_the_table_are_the_windows(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await fill(tmp_path, WAITING[:2])
        async with opened(theme, tmp_path) as at:
            table = at.window.page.table
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.md"))])
            event = QDragMoveEvent(
                QPoint(40, 40),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            table.dragMoveEvent(event)
            assert not event.isAccepted()

    run(story())
