"""Whatever can get the focus, anywhere in the window, has a name that can be read aloud, and every model keeps Qt's
rules. New pages, sheets, dialogs and models are found by themselves; one that this walk does not reach fails it."""

import asyncio
import pkgutil
from collections.abc import Callable, Coroutine, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QFileDialog, QMenu, QWidget

import studio.ui
from studio import app
from studio.domain.revision import ChangeKind, SentenceChange
from studio.engine.revision import Comparison
from studio.ui.commands import Do
from studio.ui.dialogs import ask
from studio.ui.main_window import MainWindow
from studio.ui.pages import PAGES
from studio.ui.script_compare import ScriptCompare
from studio.ui.start_sheet import StartSheet
from studio.ui.theme import Theme
from studio.ui.unclear_dialog import UnclearDialog
from studio.ui.views import Views
from studio.ui.views_menu import NameDialog
from tests.store.quick_library import open_quick
from tests.ui.course_library import Told, create, fill
from tests.ui.hands import nameless, whole

Run = Callable[[Coroutine[Any, Any, None]], None]

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
    """Looks at everything that is on the screen, after each step."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.seen: set[str] = set()
        self.nameless: set[str] = set()
        self.models: dict[QAbstractItemModel, QAbstractItemModelTester] = {}
        self.test_models([window.desk.model])

    def test_models(self, models: Iterable[QAbstractItemModel]) -> None:
        """From now on a change that breaks a rule of Qt's ends the test at once."""
        for model in models:
            if type(model).__module__.startswith("studio.ui.") and model not in self.models:
                tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
                self.models[model] = tester

    async def step(self, where: str) -> None:
        """Let it appear, look, and close what lies over the window."""
        await asyncio.sleep(0.02)
        await asyncio.wait_for(self.window.desk.settle(), 5)
        for top in QApplication.topLevelWidgets():
            if not top.isVisible() or isinstance(top, QFileDialog):
                continue
            whole(top)
            shown = [top, *(each for each in top.findChildren(QWidget) if each.isVisible())]
            self.seen |= {type(each).__name__ for each in shown}
            self.test_models(top.findChildren(QAbstractItemModel))
            self.test_models(each.model() for each in top.findChildren(QAbstractItemView))
            for each in nameless(top):
                parents = " in ".join(type(parent).__name__ for parent in (each, each.parentWidget()) if parent)
                self.nameless.add(f"{where}: {parents} {each.objectName()}".rstrip())
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog) and top.isVisible():
                top.reject()
            elif isinstance(top, QMenu):
                top.close()

    async def press(self, do: Do) -> None:
        """Ask for one thing."""
        self.window.commands[do].trigger()
        await self.step(do.value)


@pytest.fixture(autouse=True)
def closing_a_window_is_not_the_end(qapp: QApplication) -> None:
    """As the program itself has it: the engine has to be closed after the window."""
    qapp.setQuitOnLastWindowClosed(False)


@pytest.fixture(autouse=True)
def own_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desktop's file dialogs are not ours."""
    monkeypatch.setattr(QFileDialog, "open", lambda _self: None)


def test_whatever_can_get_the_focus_has_a_name(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        library = await open_quick(tmp_path)
        project = await create(library, "Show")
        await fill(library, project, [Told(0.99), Told(0.91), Told(0.99)], lambda number: f"Part {number}")
        await library.close()
        async with app.opened_studio(tmp_path) as studio:
            window = MainWindow(theme, library=tmp_path, samples=(Path("one.md"),))
            window.resize(1280, 800)
            walk = Walk(window)
            try:
                window.show()
                await walk.step("before the library is open")
                await window.attach(studio, project, tmp_path)
                await everything(walk, tmp_path)
                assert sorted(walk.nameless) == []
                assert windows_of_ours() - walk.seen == set()
                assert of_ours(QAbstractItemModel) - {type(model) for model in walk.models} == set()
                window.close()
                await window.until_closed()
            finally:
                window.machine.stop()
                window.deleteLater()

    run(story())


async def everything(walk: Walk, home: Path) -> None:
    """Every page, with an episode chosen and without one; every command; every sheet that needs more than a command."""
    window = walk.window
    for page in PAGES:
        await walk.press(page.do)
    window.page.table.selectAll()
    await walk.step("several are chosen")
    window.page.table.choose(next(iter(window.desk.model)).id)
    for page in PAGES:
        await walk.press(page.do)
    window.commands[Do.BATCH_PAGE].trigger()
    for do in Do:
        if do not in NOT_PRESSED:
            await walk.press(do)
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
