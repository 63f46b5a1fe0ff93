"""Whatever names a key names the one that the command has now: keys can be changed."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from itertools import product
from string import ascii_uppercase
from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget

from studio.domain.episode import Stage, State
from studio.ui.commands import COMMANDS, Do
from studio.ui.pages import PAGES
from tests.ui.hands import until
from tests.ui.memory_studio import Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

TIP = Qt.ItemDataRole.ToolTipRole
# Keys that could be nothing else in a sentence: those with a modifier, and Escape.
SHIPPED = {key for command in COMMANDS for key in command.keys if ("+" in key and len(key) > 1) or key == "Esc"}
OLD = re.compile("|".join(rf"(?<![\w+]){re.escape(key)}(?![\w+])" for key in sorted(SHIPPED, key=len, reverse=True)))
MODIFIERS = ("Ctrl+Alt+", "Alt+Shift+", "Ctrl+Alt+Shift+")


def words_of(widget: QWidget) -> Iterator[str]:
    """Everything that a person may read on a widget, or when resting the mouse on it."""
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QTableView):
        yield from _of_model(widget.model())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal, TIP))
        for row in range(min(3, model.rowCount())):
            yield str(model.index(row, column).data(TIP))


def test_no_key_is_named_that_was_given_away(opened: Open, run: Run) -> None:
    async def story() -> None:
        rows = (
            an_episode(1, State.QUEUED, Stage.PREPARE, priority=3),
            an_episode(2, State.NEEDS_YOU, Stage.REVIEW),
            an_episode(3, State.DONE, Stage.EXPORT),
        )
        at = await opened(*rows)
        window = at.window
        keys = map("".join, product(MODIFIERS, ascii_uppercase))
        for command in COMMANDS:
            window.commands.set_key(command.do, next(keys))
        seen: set[str] = set()
        for page in PAGES:
            window.commands[page.do].trigger()
            await asyncio.sleep(0.02)
            await at.settle()
            window.page.table.selectAll()
            await until(lambda: not window.page.bulk.isHidden())
            for widget in window.findChildren(QWidget):
                if widget.isVisible() or widget.isVisibleTo(window):
                    seen.update(words_of(widget))
        window.commands[Do.BATCH_PAGE].trigger()
        window.page._search.setText("nothing is like that")
        await asyncio.sleep(0.02)
        seen.update(each.text() for each in window.page.findChildren(QLabel))
        window.panel.acts.ask_reason()
        seen.add(window.panel.acts.reason.placeholderText())
        seen.update(each.text() for each in window.panel.acts.editor.findChildren(QLabel))
        assert sorted(text for text in seen if OLD.search(text)) == []
        mine = window.commands.key(Do.ESCAPE)
        assert any(f"{mine} shows all of them" in text for text in seen)
        assert any(f"{mine} keeps it" in text for text in seen)
        assert any(f"Choose only one again ({mine})" in text for text in seen)
        assert any(f"({window.commands.key(Do.SYSTEM_PAGE)})" in text for text in seen)
        assert any(text.endswith(f"Key: {window.commands.key(Do.FIND)}") for text in seen)
        window.commands.reset()
        await at.close()

    run(story())
