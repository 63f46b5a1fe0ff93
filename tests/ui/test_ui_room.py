"""Little room: dialogs that fit the screen, words that stay whole, tables without a bar, and a window that scrolls."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QBoxLayout, QDialog, QLabel, QPushButton, QScrollArea, QWidget

from studio.domain.episode import Stage, State
from studio.ui import money_tables
from studio.ui.commands import Do
from studio.ui.figures import Column, Figure, FigureTable, Sheet
from studio.ui.frame import LEAST
from studio.ui.keys_sheet import KeysSheet
from studio.ui.main_window import MainWindow
from studio.ui.money_panels import FigurePanel
from studio.ui.notice_list import NoticeList, Said
from studio.ui.parts import EDGE, GAP, KeyButton, button
from studio.ui.plots import Bars
from studio.ui.script_flow import ScriptFlow
from studio.ui.script_steps import Step
from studio.ui.theme import Theme
from tests.ui.hands import named, said, whole
from tests.ui.memory_studio import Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.parametrize("do", [Do.SETTINGS, Do.KEYS, Do.VOICE, Do.LEXICON, Do.PROJECTS, Do.UNCLEAR, Do.NEW_PROJECT])
def test_no_dialog_is_larger_than_the_screen(opened: Open, run: Run, do: Do) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT))
        at.window.commands[do].trigger()
        await at.settle()
        (dialog,) = (each for each in at.window.findChildren(QDialog) if each.isVisible())
        room = dialog.screen().availableSize()  # 800 by 600 here
        assert dialog.width() <= room.width() - EDGE
        assert dialog.height() <= room.height() - EDGE
        ways = [each for each in dialog.findChildren(QPushButton) if each.text() in {"Close", "Cancel", "Save", "Keep"}]
        assert ways
        for way in ways:
            corner = way.mapTo(dialog, way.rect().bottomRight())
            assert dialog.rect().contains(corner), way.text()
        dialog.reject()
        await at.close()

    run(story())


def test_the_columns_of_keys_stand_under_each_other_where_there_is_no_room(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT))
        at.window.commands[Do.KEYS].trigger()
        await at.settle()
        (sheet,) = at.window.findChildren(KeysSheet)
        whole(sheet)
        scroll = sheet.findChild(QScrollArea)
        assert scroll is not None
        for width, beside in ((1300, True), (672, False), (1300, True)):
            sheet.resize(width, 402)
            await at.settle()
            QApplication.processEvents()
            heads = [label for label in sheet.findChildren(QLabel) if label.text() in {"Batch", "Review", "Window"}]
            assert len({head.mapTo(sheet, head.pos()).x() for head in heads}) == (3 if beside else 1)
            assert scroll.horizontalScrollBar().maximum() == 0
        sheet.reject()
        await at.close()

    run(story())


def test_a_window_on_a_small_screen_scrolls_and_loses_nothing(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT))
        holder = at.window.centralWidget()
        assert isinstance(holder, QScrollArea)
        whole = holder.widget()
        assert whole is not None
        at.window.resize(720, 450)  # a screen of 1440 by 900 at 200%
        await at.settle()
        assert at.window.size() == QSize(720, 450)
        assert whole.size() == LEAST
        assert holder.horizontalScrollBar().maximum() >= LEAST.width() - 720
        at.window.resize(1440, 900)
        await at.settle()
        assert holder.horizontalScrollBar().maximum() == holder.verticalScrollBar().maximum() == 0
        assert whole.size() == QSize(1440, 900)
        await at.close()

    run(story())


def test_words_come_before_the_key(qapp: QApplication, theme: Theme) -> None:
    key = KeyButton("Play", "Space")
    words, cap = key.findChildren(QLabel)
    key.resize(key.sizeHint())
    key.show()
    assert cap.isVisibleTo(key)
    key.resize(key.sizeHint().width() - 20, 32)
    assert not cap.isVisibleTo(key)
    assert "(Space)" in key.toolTip()
    key.resize(400, 32)
    key.set_words("Play the place that is wrong, and then the next one, until there are no more of them")
    assert not cap.isVisibleTo(key)  # also where the words change, and not the width
    assert words.text().startswith("Play the place")
    key.set_words("Play")
    assert cap.isVisibleTo(key)


def test_an_icon_keeps_clear_of_its_words(qapp: QApplication, theme: Theme) -> None:
    icon = QPixmap(16, 16)
    icon.fill("#123456")
    ours, plain = button("Words"), QPushButton("Words")
    for each in (ours, plain):
        theme.dress(each)
        each.setIcon(QIcon(icon))
        each.ensurePolished()
    assert ours.sizeHint().width() == plain.sizeHint().width() + GAP
    ours.setText("")
    plain.setText("")
    assert ours.sizeHint() == plain.sizeHint()  # alone it stays in the middle


def sheet(columns: int, empty: int = 0) -> Sheet:
    names = tuple(Column(f"A column {number}") for number in range(columns))
    cells = tuple(Figure("—" if number < empty else "$1,234.00", number, number) for number in range(columns))
    return Sheet(names, (cells, cells))


def test_columns_without_anything_are_left_out_and_come_back(qapp: QApplication, theme: Theme) -> None:
    table = FigureTable("Figures")
    table.show_sheet(sheet(6, empty=4), sort=0, descending=False)
    assert [table.isColumnHidden(number) for number in range(6)] == [True] * 4 + [False] * 2
    assert len(table.as_shown()[0]) == 6  # a file has them all
    table.show_sheet(sheet(6), sort=0, descending=False)
    assert not any(table.isColumnHidden(number) for number in range(6))


def test_thirteen_columns_need_no_bar_in_a_narrow_window(qapp: QApplication, theme: Theme) -> None:
    names = [Column("A voice whose name is as long as a name can be in any table", number=False)]
    names += [*money_tables._SUM_COLUMNS, *money_tables._MORE_COLUMNS]
    cells = [Figure(each, 1, 1) for each in ("A voice whose name is as long", "$1,234.56", "$12.34", "1,234 min")]
    cells += [Figure(each, 1, 1) for each in ("1,120 min", "$0.0845", "$0.0912", "$1.20 (3 calls)", "$2.10", "$34.56")]
    cells += [Figure(each, 1, 1) for each in ("1,234", "1,234,567", "125")]
    panel = FigurePanel(theme, "Money", "Export", sort=0)
    theme.dress(panel)
    panel.resize(1166, 500)  # as it is in a window of 1280 pixels
    panel.show_sheet("Money", Bars((), (), (), str, 1.0, ""), Sheet(tuple(names), (tuple(cells),) * 9))
    panel.show()
    QApplication.processEvents()
    table = panel.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.columnWidth(0) < table.sizeHintForColumn(0)
    panel.resize(2400, 500)
    QApplication.processEvents()
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)


@pytest.mark.parametrize(("columns", "beside"), [(3, True), (10, False)])
def test_a_wide_table_stands_under_its_plot(qapp: QApplication, theme: Theme, columns: int, beside: bool) -> None:
    panel = FigurePanel(theme, "Money", "Export", sort=0)
    theme.dress(panel)
    panel.resize(1140, 400)
    panel.show_sheet("Money", Bars((), (), (), str, 1.0, ""), sheet(columns))
    panel.show()
    way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
    assert panel._row.direction() == way
    QApplication.processEvents()
    assert panel.table.horizontalScrollBar().maximum() == 0


def test_the_steps_keep_their_numbers_where_there_is_no_room_for_words(qapp: QApplication, theme: Theme) -> None:
    flow = ScriptFlow(theme)
    flow.show_counts({Step.ALL: 3, Step.WAITING: 3})
    page = QWidget()  # a window of its own would be as wide as its words
    theme.dress(page)
    flow.setParent(page)
    page.show()
    for width, words in ((1200, True), (flow.minimumSizeHint().width(), False), (1200, True)):
        flow.resize(width, 32)
        QApplication.processEvents()
        assert ("Topics 3" in said(flow)) is words
        assert flow._chips[Step.WAITING].accessibleName() == "Topics: 3 episodes"
        assert flow.sizeHint().width() <= width


def test_a_single_message_needs_no_heading(qapp: QApplication, theme: Theme) -> None:
    notices = NoticeList(theme)
    notices.resize(800, 200)
    notices.tell([Said("One thing happened.", "It is cured.")])
    assert "1 message" not in said(notices)
    close = named(notices, "Close the messages")
    notices.tell([Said("Another thing happened.")])
    QApplication.processEvents()  # it moves to the heading
    assert "2 messages" in said(notices)
    assert named(notices, "Close the messages") is close


def test_the_window_is_no_larger_than_the_screen(qapp: QApplication, theme: Theme, tmp_path: Path) -> None:
    window = MainWindow(theme, library=tmp_path, samples=())
    room = window.screen().availableSize()  # 800 by 800 here
    assert (window.width(), window.height()) == (min(1440, room.width()), min(900, room.height()))
    window.machine.stop()
    window.deleteLater()


def test_the_menu_of_the_project_reads_from_the_left(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT))
        menu = at.window.menus.main
        # Else Qt gives it the direction of the button that opens it, whose arrow stands behind the name.
        assert menu.testAttribute(Qt.WidgetAttribute.WA_SetLayoutDirection)
        assert menu.isLeftToRight()
        await at.close()

    run(story())


def test_a_finished_episode_says_where_its_folder_is(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT, folder="/out/001-on-subject-1"))
        at.window.page.table.choose(1)
        await at.settle()
        assert "/out/001-on-subject-1" in said(at.window)
        await at.close()

    run(story())
