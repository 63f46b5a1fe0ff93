"""Every page, sheet and dialog, in windows of several sizes, light and dark, with short and with long words: nothing is
cut, nothing lies over anything else, everything can be read, and Tab comes to what ends a dialog last."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio import app
from studio.ui.main_window import MainWindow
from studio.ui.parts import button, label, reach_last
from studio.ui.theme import Theme
from tests.store.quick_library import open_quick
from tests.ui.course_library import Told, create, fill
from tests.ui.eyes import cut_words, over_each_other, pale_words, shown, too_early, words_of
from tests.ui.walk import Walk, everything, pages

Run = Callable[[Coroutine[Any, Any, None]], None]

SIZES = (QSize(1280, 800), QSize(1040, 640), QSize(2560, 1440))
TITLES = (
    "Part one",
    "The existence of matter, and what we may know of it when nobody is there to look at it: a very long title indeed",
    "مسألة العالم الخارجي وما يمكن أن نعرفه عنه (١٣٧٧)",
    "Supercalifragilisticexpialidociousantidisestablishmentarianismpneumonoultramicroscopicsilicovolcanoconiosis",
)


class Critic:
    """Looks at whatever is on the screen, the main window in every size of `sizes`."""

    def __init__(self, sizes: Sequence[QSize]) -> None:
        self._sizes = sizes
        self.objections: set[str] = set()
        self._read: set[tuple[str, ...]] = set()
        self._known: set[tuple[str, ...]] = set()

    async def look(self, top: QWidget, where: str) -> None:
        """Look at one window."""
        state = tuple(f"{type(each).__name__} {words_of(each)}" for each in shown(top))
        if state in self._known:
            return
        self._known.add(state)
        sizes = self._sizes if isinstance(top, MainWindow) else (top.size(),)
        for size in sizes:
            top.resize(size)
            for _ in range(3):  # a part that finds out how wide it is tells the one around it
                await asyncio.sleep(0.002)
            found = [*cut_words(top), *over_each_other(top)]
            if isinstance(top, QDialog):
                found += too_early(top)
            if size == sizes[0]:
                found += pale_words(top, self._read)
            self.objections |= {f"{where}, {size.width()}x{size.height()}: {each}" for each in found}
        if len(sizes) > 1:
            top.resize(sizes[0])


@pytest.fixture(autouse=True)
def as_the_program_has_it(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is closed after the window; the desktop's file dialogs are not ours."""
    qapp.setQuitOnLastWindowClosed(False)
    monkeypatch.setattr(QFileDialog, "open", lambda _self: None)


@pytest.mark.slow
@pytest.mark.parametrize(  # the size of a part does not depend on the colours
    ("scheme", "sizes"), [(Qt.ColorScheme.Light, SIZES), (Qt.ColorScheme.Dark, SIZES[:1])], ids=["light", "dark"]
)
def test_nothing_is_cut_crooked_or_pale(
    theme: Theme, run: Run, tmp_path: Path, scheme: Qt.ColorScheme, sizes: Sequence[QSize]
) -> None:
    async def story() -> None:
        library = await open_quick(tmp_path)
        bare = await create(library, "An empty one")
        project = await create(library, "A show whose name is longer than any bar that has to hold it is wide")
        await fill(library, project, [Told(0.99), Told(0.91), Told(0.99), Told(0.95)], TITLES.__getitem__)
        await library.close()
        theme.follow(scheme)
        async with app.opened_studio(tmp_path) as studio:
            window = MainWindow(theme, library=tmp_path, samples=(Path("one.md"),))
            window.resize(SIZES[0])
            critic = Critic(sizes)
            walk = Walk(window, critic.look)
            try:
                window.show()
                await walk.step("before the library is open")
                await window.attach(studio, bare, tmp_path)
                await pages(walk)
                await window.attach(studio, project, tmp_path)
                await everything(walk, tmp_path)
                assert not critic.objections, "\n".join(sorted(critic.objections))
                window.close()
                await window.until_closed()
            finally:
                theme.follow(Qt.ColorScheme.Light)
                window.machine.stop()
                window.deleteLater()

    run(story())


def held(theme: Theme, *parts: QWidget) -> QWidget:
    """Some widgets in a row, on the screen."""
    page = QWidget()
    row = QHBoxLayout(page)
    for part in parts:
        row.addWidget(part)
    theme.dress(page)
    page.show()
    QApplication.processEvents()
    return page


def test_cut_words_are_seen(qapp: QApplication, theme: Theme) -> None:
    for part in (label("Words that are too long"), button("Words that are too long"), QPushButton("Words, too long")):
        page = held(theme, part)
        assert list(cut_words(page)) == []
        part.setFixedWidth(part.width() - 40)
        QApplication.processEvents()
        assert len(list(cut_words(page))) == 1, part
    wrapped = label("A sentence that goes on for longer than one line has room for.", wrap=True)
    page = held(theme, wrapped)
    wrapped.setFixedSize(120, 24)
    QApplication.processEvents()
    assert len(list(cut_words(page))) == 1


def test_what_lies_over_something_else_is_seen(qapp: QApplication, theme: Theme) -> None:
    one, other = QLabel("One"), QLabel("Other")
    page = held(theme, one, other)
    assert list(over_each_other(page)) == []
    other.move(one.pos())
    assert [each[:5] for each in over_each_other(page)] == ["over:"]
    other.move(page.width(), 0)
    assert [each[:8] for each in over_each_other(page)] == ["outside:"]


def test_pale_words_are_seen(qapp: QApplication, theme: Theme) -> None:
    text = label("Words")
    page = held(theme, text)
    assert list(pale_words(page, set())) == []
    text.setStyleSheet("color: #a0a0a0;")
    assert len(list(pale_words(page, set()))) == 1


def test_what_comes_after_the_last_row_is_seen(qapp: QApplication, theme: Theme) -> None:
    dialog = QDialog()
    column = QVBoxLayout(dialog)
    field, close = QLineEdit(), QPushButton("Close")
    column.addWidget(field)
    column.addWidget(close)
    dialog.show()
    assert list(too_early(dialog)) == []
    later = QLineEdit()
    column.insertWidget(1, later)
    QApplication.processEvents()
    assert len(list(too_early(dialog))) == 1
    reach_last(dialog, close)
    assert list(too_early(dialog)) == []
