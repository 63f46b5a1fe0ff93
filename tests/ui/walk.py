"""A walk through the whole window: every page, sheet, dialog and command, and a look at each."""

import asyncio
import pkgutil
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

import studio.ui
from studio.domain.revision import ChangeKind, SentenceChange
from studio.engine.revision import Comparison
from studio.ui.commands import Do
from studio.ui.dialogs import ask
from studio.ui.main_window import MainWindow
from studio.ui.pages import PAGES
from studio.ui.script_compare import ScriptCompare
from studio.ui.start_sheet import StartSheet
from studio.ui.unclear_dialog import UnclearDialog
from studio.ui.views import Views
from studio.ui.views_menu import NameDialog
from tests.ui.hands import press, whole

# These set work going, or leave the program for the desktop's; what they open is opened by hand below.
NOT_PRESSED = {Do.PRIMARY, Do.EXPORT, Do.RETRY, Do.RETAKE, Do.REPAIR, Do.OPEN_FOLDER}
SHEETS = ("Sheet", "Popup")


def of_ours(base: type) -> set[type]:
    """Every class of `studio.ui` that comes from `base`."""
    for module in pkgutil.iter_modules(studio.ui.__path__, "studio.ui."):
        import_module(module.name)
    found: set[type] = set()
    kinds = [base]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("studio.ui."):
            found.add(kind)
    return found


def windows_of_ours() -> set[str]:
    """The names of every dialog, sheet and popup."""
    return {kind.__name__ for kind in of_ours(QWidget) if issubclass(kind, QDialog) or kind.__name__.endswith(SHEETS)}


class Walk:
    """Goes from place to place, and looks at everything that is on the screen there."""

    def __init__(self, window: MainWindow, look: Callable[[QWidget, str], Awaitable[None]]) -> None:
        """`look` is called with every window that is open, and the words of the step that led there."""
        self.window = window
        self.look = look
        self.seen: set[str] = set()

    async def step(self, where: str) -> None:
        """Let it appear, look, and close what lies over the window."""
        await asyncio.sleep(0.02)
        await self.window.desk.settle()
        for top in QApplication.topLevelWidgets():
            if not top.isVisible() or isinstance(top, QFileDialog):
                continue
            whole(top)
            shown = [top, *(each for each in top.findChildren(QWidget) if each.isVisible())]
            self.seen |= {type(each).__name__ for each in shown}
            await self.look(top, where)
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible():
                top.reject()
            elif isinstance(top, QMenu):
                top.close()

    async def press(self, do: Do) -> None:
        """Ask for one thing."""
        self.window.commands[do].trigger()
        await self.step(do.value)


async def pages(walk: Walk) -> None:
    """Every page, as it comes."""
    for page in PAGES:
        await walk.press(page.do)


async def everything(walk: Walk, home: Path) -> None:
    """Every page, with an episode chosen and without one; every command; every sheet that needs more than a command."""
    window = walk.window
    await pages(walk)
    window.page.table.selectAll()
    await walk.step("several are chosen")
    window.page.table.choose(next(iter(window.desk.model)).id)
    await pages(walk)
    window.commands[Do.BATCH_PAGE].trigger()
    for do in Do:
        if do not in NOT_PRESSED:
            await walk.press(do)
            if do is Do.TOPICS:
                press(window.pages, "Close")  # the field for topics, which would stay open over the steps that follow
            if do is Do.BATCH_PAGE:
                window.page.table.choose(next(iter(window.desk.model)).id)
    window.commands[Do.BATCH_PAGE].trigger()
    script = home / "script.md"
    script.write_text("# A script\n\nIt has one sentence.\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(script)), QUrl.fromLocalFile(str(home / "none.md"))])
    QGuiApplication.clipboard().setMimeData(data)
    await walk.press(Do.PASTE)
    QGuiApplication.clipboard().clear()
    desk = window.desk
    changed = SentenceChange(ChangeKind.CHANGED, "It was so.", "It is so.")
    ScriptCompare(window, window.theme, "Part 1", "newer.md", Comparison((changed,), 0.9, 0, 60.0)).open()
    await walk.step("a newer text")
    StartSheet(
        window, window.theme, desk, [episode.id for episode in desk.model], lambda *_: None, lambda _: None
    ).open()
    await walk.step("start")
    UnclearDialog(window, desk).open()
    await walk.step("unclear calls")
    NameDialog(window, "Name", "", "One", Views(window.memory), lambda _name: None).open()
    await walk.step("name of a view")
    ask(window, "Really?", "It is a question.", yes=("Yes", lambda: None), no="No")
    await walk.step("question")
