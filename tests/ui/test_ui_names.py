"""Whatever can get the focus, anywhere in the window, has a name that can be read aloud, and every model keeps Qt's
rules. New pages, sheets, dialogs and models are found by themselves; one that this walk does not reach fails it."""

from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFileDialog, QWidget

from studio import app
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.store.quick_library import open_quick
from tests.ui.course_library import Told, create, fill
from tests.ui.hands import nameless
from tests.ui.walk import Walk, everything, of_ours, windows_of_ours

Run = Callable[[Coroutine[Any, Any, None]], None]


class Listener:
    """Hears the name of whatever is on the screen, and holds its models to Qt's rules."""

    def __init__(self) -> None:
        self.nameless: set[str] = set()
        self.models: dict[QAbstractItemModel, QAbstractItemModelTester] = {}

    def test_models(self, models: Iterable[QAbstractItemModel]) -> None:
        """From now on a change that breaks a rule of Qt's ends the test at once."""
        for model in models:
            if type(model).__module__.startswith("studio.ui.") and model not in self.models:
                tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
                self.models[model] = tester

    async def look(self, top: QWidget, where: str) -> None:
        """Look at one window."""
        self.test_models(top.findChildren(QAbstractItemModel))
        self.test_models(each.model() for each in top.findChildren(QAbstractItemView))
        for each in nameless(top):
            parents = " in ".join(type(parent).__name__ for parent in (each, each.parentWidget()) if parent)
            self.nameless.add(f"{where}: {parents} {each.objectName()}".rstrip())


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
            listener = Listener()
            listener.test_models([window.desk.model])
            walk = Walk(window, listener.look)
            try:
                window.show()
                await walk.step("before the library is open")
                await window.attach(studio, project, tmp_path)
                await everything(walk, tmp_path)
                assert sorted(listener.nameless) == []
                assert windows_of_ours() - walk.seen == set()
                assert of_ours(QAbstractItemModel) - {type(model) for model in listener.models} == set()
                window.close()
                await window.until_closed()
            finally:
                window.machine.stop()
                window.deleteLater()

    run(story())
