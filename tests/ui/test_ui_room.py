"""Little room: dialogs that fit the screen, words that stay whole, tables without a bar, and a window that scrolls."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QBoxLayout, QDialog, QLabel, QPushButton, QScrollArea, QWidget

from studio.domain.episode import Stage, State
from studio.ui.commands import Do
from studio.ui.figures import Column, Figure, FigureTable, Sheet
from studio.ui.frame import LEAST
from studio.ui.money_panels import FigurePanel
from studio.ui.notice_list import NoticeList, Said
from studio.ui.parts import EDGE, GAP, KeyButton, button
from studio.ui.plots import Bars
from studio.ui.script_flow import ScriptFlow
from studio.ui.script_steps import Step
from studio.ui.theme import Theme
from tests.ui.hands import named, said
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


@pytest.mark.parametrize(("columns", "beside"), [(3, True), (8, False)])
def test_a_wide_table_stands_under_its_plot(qapp: QApplication, theme: Theme, columns: int, beside: bool) -> None:
    panel = FigurePanel(theme, "Money", "Export", sort=0)
    panel.resize(1140, 400)
    panel.show_sheet("Money", Bars((), (), (), str, 1.0, ""), sheet(columns))
    panel.show()
    way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
    assert panel._row.direction() == way
    QApplication.processEvents()
    assert panel.table.horizontalScrollBar().maximum() == 0


def test_the_steps_keep_their_numbers_where_there_is_no_room_for_words(qapp: QApplication, theme: Theme) -> None:
    flow = ScriptFlow(theme)
    flow.count([an_episode(number, State.QUEUED, Stage.PREPARE) for number in range(1, 4)])
    page = QWidget()  # a window of its own would be as wide as its words
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
