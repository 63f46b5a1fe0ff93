"""What is built a few milliseconds at a time is whole for whoever needs it, and made ready before anybody asks."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.domain.episode import Episode, Stage, State
from studio.domain.settings import Settings
from studio.ui import readiness, slices
from studio.ui.commands import Do
from studio.ui.pages import PAGES
from studio.ui.readiness import Readiness
from studio.ui.setting_groups import GROUPS
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.slices import Slices
from tests.ui.memory_studio import Opened

pytestmark = pytest.mark.window

Run = Callable[[Coroutine[Any, Any, None]], None]
Open = Callable[..., Coroutine[Any, Any, Opened]]


def counted(made: list[int], many: int = 6) -> Iterator[None]:
    """Pieces that take longer than a slice each."""
    for number in range(many):
        time.sleep(slices.SLICE_S * 1.5)
        made.append(number)
        yield


def test_a_piece_in_a_turn_and_all_in_the_end(qapp: QApplication, qtbot: QtBot) -> None:
    made: list[int] = []
    parent = QObject()
    work = Slices(parent)
    work.begin(counted(made))
    assert made == [0]  # what is needed first is there at once
    qapp.processEvents()
    assert 1 < len(made) < 6
    qtbot.waitUntil(lambda: len(made) == 6)
    qapp.processEvents()
    assert made == list(range(6))


def test_who_needs_all_has_all_and_a_new_work_ends_the_old(qapp: QApplication) -> None:
    made: list[int] = []
    parent = QObject()
    work = Slices(parent)
    work.begin(counted(made))
    work.finish()
    assert made == list(range(6))
    other: list[int] = []
    work.begin(counted(made))
    work.begin(counted(other))
    work.finish()
    assert made == [*range(6), 0]
    assert other == list(range(6))


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One piece in a turn."""
    monkeypatch.setattr(slices, "SLICE_S", 0.0)


def settings_of(at: Opened) -> SettingsDialog:
    at.window.commands[Do.SETTINGS].trigger()
    return at.window.findChildren(SettingsDialog)[-1]


def names_in(dialog: SettingsDialog) -> int:
    return len(dialog._fields)


@pytest.mark.usefixtures("slowly")
def test_the_settings_are_there_before_all_of_them_are(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(Episode(1, 1, 1, "One", "one.md", State.QUEUED, Stage.PREPARE))
        dialog = settings_of(at)
        every = sum(len(group.names) for group in GROUPS)
        assert dialog.isVisible()
        assert 0 < names_in(dialog) < every
        async with asyncio.timeout(20):
            while names_in(dialog) < every:  # noqa: ASYNC110  (Qt has no event for it)
                await asyncio.sleep(0.01)
        order = [section.y() for section in dialog._sections.values()]
        assert order == sorted(order)
        assert list(dialog._sections) == list(dialog._jumps)
        dialog.reject()
        await at.close()

    run(story())


@pytest.mark.usefixtures("slowly")
@pytest.mark.parametrize("way", ["write", "save", "find", "jump", "leave"])
def test_whoever_is_quick_misses_no_setting(opened: Open, run: Run, way: str) -> None:
    async def story() -> None:
        at = await opened(Episode(1, 1, 1, "One", "one.md", State.QUEUED, Stage.PREPARE))
        dialog = settings_of(at)
        last = GROUPS[-1].names[-1]
        assert last not in dialog._fields
        match way:
            case "write":
                line = dialog.editor(last)
                assert isinstance(line, QLineEdit)
                line.setText("Nobody")
                dialog.accept()
                await at.settle()
                assert at.window.desk.project is not None
                assert getattr(at.window.desk.project.settings, last) == "Nobody"
            case "save":
                dialog.accept()
                await at.settle()
                assert at.window.desk.project is not None
                assert at.window.desk.project.settings == Settings()
            case "find":
                field = next(
                    each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Find a setting"
                )
                field.setText("author")
                assert dialog.editor("author").isVisible()
                assert not dialog.editor("voice").isVisible()
            case "jump":
                dialog.show_group(GROUPS[-1].title)
                assert last in dialog._fields
            case _:
                dialog.reject()
                await asyncio.sleep(0.05)
                assert last not in dialog._fields  # nothing is made for nobody
        await at.close()

    run(story())


def test_pages_and_dialogs_are_ready_before_they_are_asked_for(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "QUIET_MS", 10)
    monkeypatch.setattr(readiness, "APART_MS", 1)

    async def story() -> None:
        at = await opened(Episode(1, 1, 1, "One", "one.md", State.QUEUED, Stage.PREPARE))
        pages = at.window.pages
        assert set(pages._built) == {Do.BATCH_PAGE}
        Readiness(pages).begin()
        async with asyncio.timeout(30):
            while len(pages._built) < len(PAGES):  # noqa: ASYNC110  (Qt has no event for it)
                await asyncio.sleep(0.01)
        assert pages.page.do is Do.BATCH_PAGE  # and nothing has changed in front
        assert pages.currentWidget() is pages._built[Do.BATCH_PAGE]
        before: dict[Do, QWidget] = dict(pages._built)
        for page in PAGES:
            at.window.commands[page.do].trigger()
            await at.settle()
            assert pages.currentWidget() is before[page.do]
        await at.close()

    run(story())
