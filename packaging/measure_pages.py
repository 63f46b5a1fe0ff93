"""Says what each thing that a hand does costs the window's thread, in a library of ten thousand episodes.

    .venv/bin/python packaging/measure_window.py pages [--rows N]    (with a display, or QT_QPA_PLATFORM=offscreen)

Every page shown for the first time and once more; the dialogs; the filters typed into; the table sorted by each column;
everything chosen, of the batch and of the scripts; every voice and metric of the quality page; the colours turned to
light and back; the window made smaller and larger; another project opened, and this one again; an episode of three
hours chosen; a script with one paragraph of 140,000 characters written in; a drop of 2,000 files, queued and undone. Of
each stand here the longest turn of the loop that came of it, in processor time of the window's thread
and of ours (see `heartbeat.py`), how many took over 33 ms of either, and what the worst were at. *over* names those
with a turn of over 33 ms of processor time, of which there must be none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import measure_table
from heartbeat import SMOOTH_MS, STALL_MS, Heartbeat
from long_library import add_long, add_paragraph, add_past, write_files
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QWidget

from studio.domain.episode import Episode
from studio.ui.columns import COLUMNS
from studio.ui.commands import Do
from studio.ui.intake import Handed
from studio.ui.main_window import MainWindow
from studio.ui.readiness import Readiness
from studio.ui.script_editor import ScriptEditor
from studio.ui.script_list import ScriptList

PAGES = (Do.SCRIPTS_PAGE, Do.REVIEW_PAGE, Do.MONEY_PAGE, Do.QUALITY_PAGE, Do.SYSTEM_PAGE, Do.BATCH_PAGE)
DIALOGS = (Do.SETTINGS, Do.KEYS, Do.LEXICON, Do.VOICE, Do.PROJECTS, Do.NEW_PROJECT)
POPUPS = (Do.COLUMNS, Do.VIEWS, Do.MONEY)
DROPPED = 2000
PARAGRAPH = 140_000  # characters
LISTED = 300  # words of the lexicon
KEY_S = 0.06
SETTLES_S = 0.7
PATIENCE_S = 60.0


async def measure(application: QApplication, library: Path) -> dict[str, object]:
    """All of it, in one window."""
    files = library.parent / "dropped"
    await asyncio.to_thread(write_files, files, DROPPED)
    await add_past(library)
    async with measure_table.opened(application, library) as (window, studio, project):
        long = await add_long(studio, project)
        written = await add_paragraph(studio, project, PARAGRAPH)
        listed = "; ".join(f"Hylas{number}=High-las" for number in range(LISTED))
        worded = replace(project, settings=project.settings.with_values({"pronunciations": listed}))
        await studio.update_project(worded)
        await asyncio.sleep(1.0)  # what starts with the window is over
        hand = Hand(window)
        await hand.does("the library shown", lambda: window.desk.spawn(window.attach(studio, worded, library)), 2.0)
        await hand.does("made ready in quiet", Readiness(window.pages).begin, 8.0)  # as the program does
        await _pages(hand)
        await _dialogs(hand)
        await _filters(hand)
        await _sorts(hand)
        await _choose_all(hand)
        await _quality(hand)
        await _looks(hand)
        await _other_project(hand)
        await _wave(hand, long)
        await _editor(hand, written)
        await _drop(hand, files)
        found = hand.found
    over = [name for name, each in found.items() if each["longest_cpu_ms"] > STALL_MS]
    rough = [name for name, each in found.items() if SMOOTH_MS < each["longest_cpu_ms"] <= STALL_MS]
    return {"over": over, "over_16": rough, "acts": found}


class Hand:
    """Does things in the window, and keeps what each cost."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.found: dict[str, dict[str, Any]] = {}

    async def does(self, name: str, doing: Callable[[], object], settles_s: float = SETTLES_S) -> None:
        """Do it, and wait for what comes of it."""

        async def acts() -> None:
            doing()
            await asyncio.sleep(settles_s)

        await self.watches(name, acts)

    async def watches(self, name: str, acts: Callable[[], Awaitable[None]]) -> None:
        """Let it happen."""
        beat = Heartbeat()
        beat.begin()
        await acts()
        beat.end()
        turns = beat.turns
        self.found[name] = {
            "longest_cpu_ms": round(max(turn.cpu for turn in turns), 1),
            "longest_ours_ms": round(max(turn.ours for turn in turns), 1),
            "over_33_cpu": sum(turn.cpu > STALL_MS for turn in turns),
            "over_33_ours": sum(turn.ours > STALL_MS for turn in turns),
            "worst": [each for each in beat.late(SMOOTH_MS) if each["cpu_ms"] > SMOOTH_MS / 2][:3],
        }

    async def types(self, name: str, where: QWidget, text: str) -> None:
        """Type, as fast as a person does."""

        async def acts() -> None:
            for letter in text:
                QTest.keyClicks(where, letter)
                await asyncio.sleep(KEY_S)
            await asyncio.sleep(SETTLES_S)

        await self.watches(name, acts)

    async def until(self, name: str, doing: Callable[[], object], reached: Callable[[], bool]) -> None:
        """Do it, and wait until it is so."""

        async def acts() -> None:
            doing()
            waited = 0.0
            while not reached() and waited < PATIENCE_S:
                await asyncio.sleep(0.1)
                waited += 0.1
            if not reached():
                raise TimeoutError(name)
            await asyncio.sleep(SETTLES_S)

        await self.watches(name, acts)


async def _pages(hand: Hand) -> None:
    commands = hand.window.commands
    for round_ in ("first", "again"):
        for do in PAGES:
            await hand.does(f"{do} {round_}", commands[do].trigger, 1.5)


async def _dialogs(hand: Hand) -> None:
    for do in DIALOGS:
        await hand.does(f"open {do}", hand.window.commands[do].trigger, 1.2)
        for dialog in _dialogs_open():
            await hand.does(f"close {do}", dialog.reject)
    for do in POPUPS:
        await hand.does(f"open {do}", hand.window.commands[do].trigger)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()


def _dialogs_open() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


async def _filters(hand: Hand) -> None:
    window = hand.window
    for name, page in (("Filter", window.page), ("Filter the scripts", None)):
        window.commands[Do.BATCH_PAGE if page else Do.SCRIPTS_PAGE].trigger()
        await asyncio.sleep(SETTLES_S)
        field = next(each for each in window.findChildren(QLineEdit) if each.accessibleName() == name)
        await hand.types(f"{name}: type", field, "matter part 77 verdict:fail")
        await hand.does(f"{name}: clear", field.clear)


async def _choose_all(hand: Hand) -> None:
    window = hand.window
    window.commands[Do.BATCH_PAGE].trigger()
    await asyncio.sleep(SETTLES_S)
    await hand.does("choose all", window.page.table.selectAll, 1.5)
    await hand.does("all to the end of the queue", window.commands[Do.QUEUE_LAST].trigger, 5.0)
    await hand.does("a context menu over all", lambda: window.page.menu_asked.emit(window.mapToGlobal(window.pos())))
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    window.commands[Do.SCRIPTS_PAGE].trigger()
    await asyncio.sleep(2 * SETTLES_S)
    (scripts,) = window.findChildren(ScriptList)
    await hand.does("choose all scripts", scripts.selectAll, 1.5)
    await hand.does("choose one script", lambda: scripts.setCurrentIndex(scripts.model().index(3, 0)))
    window.commands[Do.BATCH_PAGE].trigger()
    await asyncio.sleep(SETTLES_S)
    await hand.does("choose one", lambda: window.page.table.choose(window.desk.model.episode_at(40).id))


async def _sorts(hand: Hand) -> None:
    hand.window.commands[Do.BATCH_PAGE].trigger()
    await asyncio.sleep(SETTLES_S)
    columns = hand.window.page.table.columns
    for column in COLUMNS:
        await hand.does(f"sort by {column.key}", partial(columns.sort, column.key), 0.4)
    await hand.does("sort by number, backwards", partial(columns.sort, COLUMNS[0].key, descending=True), 0.4)
    await hand.does("sorted no more", partial(columns.sort, ""), 0.4)


async def _quality(hand: Hand) -> None:
    """Every voice, and every metric."""
    hand.window.commands[Do.QUALITY_PAGE].trigger()
    page = hand.window.pages.make(Do.QUALITY_PAGE)
    for name in ("Voice", "Measure"):
        (chooser,) = (each for each in page.findChildren(QComboBox) if each.accessibleName() == name)
        while not chooser.isVisible():  # noqa: ASYNC110  (Qt sets no event of ours)
            await asyncio.sleep(0.1)
        for place in [*range(1, chooser.count()), 0]:

            def choose(chooser: QComboBox = chooser, place: int = place) -> None:
                chooser.setCurrentIndex(place)
                chooser.activated.emit(place)

            await hand.does(f"quality: {chooser.itemText(place)}", choose, 1.0)


async def _looks(hand: Hand) -> None:
    """Other colours, and another size, with each page in front."""
    window = hand.window
    now, other = Qt.ColorScheme.Light, Qt.ColorScheme.Dark
    if window.theme.tokens.dark:
        now, other = other, now
    for do in (Do.BATCH_PAGE, Do.SCRIPTS_PAGE, Do.MONEY_PAGE):
        window.commands[do].trigger()
        await asyncio.sleep(2 * SETTLES_S)
        await hand.does(f"{do} in other colours", partial(window.theme.follow, other), 1.0)
        await hand.does(f"{do} in those before", partial(window.theme.follow, now), 1.0)
        await hand.does(f"{do} made smaller", partial(window.resize, 1180, 760))
        await hand.does(f"{do} made larger", partial(window.resize, 1440, 900))


async def _other_project(hand: Hand) -> None:
    window, studio = hand.window, hand.window.desk.door()
    here = window.desk.project
    if here is None:
        raise RuntimeError("no project is open")
    other = await studio.create_project("Another", Path(here.out_dir).with_name("another"), here.settings)
    window.commands[Do.BATCH_PAGE].trigger()
    await hand.does("another project opened", partial(window.desk.open_project, other), 1.5)
    await hand.does("this one opened again", partial(window.desk.open_project, here), 2.5)


async def _wave(hand: Hand, long: Episode) -> None:
    window = hand.window
    await hand.does("choose three hours", lambda: window.page.table.choose(long.id), 2.0)
    await hand.does("choose another", lambda: window.page.table.choose(window.desk.model.episode_at(41).id), 1.5)
    await hand.does("choose three hours again", lambda: window.page.table.choose(long.id), 2.0)
    for do in (Do.MARKS, Do.MARKS, Do.ZOOM_IN, Do.NEXT_MARK, Do.NEXT_PLACE):
        await hand.does(f"three hours: {do}", window.commands[do].trigger)


async def _editor(hand: Hand, written: Episode) -> None:
    window = hand.window
    await hand.does("choose the paragraph", lambda: window.page.table.choose(written.id))
    await hand.does("the paragraph shown", window.commands[Do.SCRIPTS_PAGE].trigger, 6.0)
    editor = next(each for each in window.findChildren(ScriptEditor) if each.objectName() == "script")
    if len(editor.text()) < PARAGRAPH:
        raise RuntimeError("the paragraph is not shown")
    editor.setFocus()
    await hand.does("the paragraph: its middle", lambda: editor.go_to(PARAGRAPH // 2))
    await hand.types("the paragraph: type", editor, "and so it is, of course")
    keys = {"Backspace": Qt.Key.Key_Backspace, "Return": Qt.Key.Key_Return, "Page down": Qt.Key.Key_PageDown}
    for name, key in keys.items():
        await hand.does(f"the paragraph: {name}", partial(QTest.keyClick, editor, key))
    await hand.does("the paragraph: undo", editor.undo)
    await hand.does("the paragraph: choose all", editor.selectAll)
    await hand.does("the paragraph: copy", editor.copy)
    await hand.does("the paragraph: cut", editor.cut, 2.0)
    await hand.does("the paragraph: paste", editor.paste, 4.0)
    await hand.does("the paragraph: to its beginning", lambda: editor.go_to(0))
    await hand.does("the paragraph: another width", lambda: window.resize(1300, 900))
    await hand.does("the paragraph: the width before", lambda: window.resize(1440, 900))
    await hand.does("the paragraph: another script", lambda: window.wishes.choose(window.desk.model.episode_at(3).id))
    window.commands[Do.BATCH_PAGE].trigger()


async def _drop(hand: Hand, files: Path) -> None:
    window = hand.window
    receiving, model = window.receiving, window.desk.model
    before = len(model)

    def read() -> bool:
        return receiving.sheet is not None and len(receiving.sheet.model.new) == DROPPED

    await hand.until("2,000 files dropped", lambda: receiving.take(Handed(paths=(files,))), read)

    def agree() -> None:
        if receiving.sheet is not None:
            receiving.sheet.agreed.emit()

    await hand.until("2,000 files queued", agree, lambda: len(model) == before + DROPPED)
    await hand.until("2,000 files undone", window.commands[Do.UNDO].trigger, lambda: len(model) == before)
