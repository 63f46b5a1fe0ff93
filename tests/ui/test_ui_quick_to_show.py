"""What makes the window quick is right, too: counts that are kept, sheets that grow, one style for a whole window."""

import random
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMainWindow, QWidget

from studio.domain.episode import STAGES, Stage, State
from studio.ui.commands import COMMANDS, Do
from studio.ui.episode_model import EpisodeModel
from studio.ui.keys_sheet import KeysSheet
from studio.ui.live import NOTHING_LIVE
from studio.ui.script_list import ScriptList, ScriptRows
from studio.ui.script_steps import Step, step_of
from studio.ui.slices import Slices
from studio.ui.step_index import StepIndex
from studio.ui.theme import DARK, LIGHT, Theme
from tests.ui.hands import said, until
from tests.ui.memory_studio import Opened, an_episode

pytestmark = pytest.mark.window

Run = Callable[[Coroutine[Any, Any, None]], None]
Open = Callable[..., Coroutine[Any, Any, Opened]]
MOVES = ("change", "add", "remove", "reset")


def a_state(dice: random.Random) -> dict[str, Any]:
    """How an episode may stand."""
    return {"state": dice.choice(list(State)), "stage": dice.choice(STAGES), "takes": dice.choice((0, 0, 1))}


def test_steps_are_counted_right_whatever_comes_and_goes(qapp: QApplication) -> None:
    dice, model = random.Random(7), EpisodeModel()
    index = StepIndex(model, model)
    fresh = iter(range(1, 10_000))
    model.reset([replace(an_episode(next(fresh)), **a_state(dice)) for _ in range(40)])
    for _ in range(300):
        there = list(model)
        match dice.choice(MOVES) if there else "add":
            case "change":
                model.change([replace(each, **a_state(dice)) for each in dice.choices(there, k=dice.randrange(1, 9))])
            case "add":
                model.add([replace(an_episode(next(fresh)), **a_state(dice)) for _ in range(dice.randrange(1, 9))])
            case "remove":
                model.remove([each.id for each in dice.choices(there, k=dice.randrange(1, 5))])
            case _:
                model.reset(there[::2] or there)
        if dice.random() < 0.4:  # nobody asks after every change
            continue
        counts = {step: count for step, count in index.counts.items() if count}
        assert counts == {**Counter(map(step_of, model)), **({Step.ALL: len(model)} if len(model) else {})}
        for step in Step:
            assert index.at(step) == [each for each in model if step is Step.ALL or step_of(each) is step]


def test_home_and_end_go_through_all_scripts(qapp: QApplication, theme: Theme) -> None:
    rows = ScriptRows(lambda _episode: NOTHING_LIVE)
    rows.show([an_episode(number, State.NEEDS_YOU, Stage.PREPARE) for number in range(1, 301)])
    table = ScriptList(theme, rows, lambda _episode: NOTHING_LIVE)
    table.resize(300, 400)
    table.show()
    gone: list[int] = []
    table.current_changed.connect(gone.append)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(table, key)
    assert gone == [300, 1, 2, 1]
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert [each.id for each in table.chosen()] == list(range(1, 301))
    table.close()


def test_a_dialog_over_a_window_has_its_colours_and_follows_them(qapp: QApplication, theme: Theme) -> None:
    window, before = QMainWindow(), theme.tokens
    theme.dress(window)
    dialog = QDialog(window)
    QLabel("Words", dialog).setProperty("role", "muted")
    dialog.resize(80, 60)
    dialog.show()
    try:
        for scheme, tokens in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
            theme.follow(scheme)
            assert dialog.grab().toImage().pixelColor(60, 50) == QColor(tokens.background)
            (words,) = dialog.findChildren(QLabel)
            assert words.palette().color(words.foregroundRole()) == QColor(tokens.muted)
    finally:
        theme.follow(Qt.ColorScheme.Dark if before.dark else Qt.ColorScheme.Light)
        window.deleteLater()


def test_a_window_that_is_gone_is_dressed_no_more(qapp: QApplication, theme: Theme) -> None:
    window = QWidget()
    theme.dress(window)
    window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()
    now = theme.tokens.dark
    theme.follow(Qt.ColorScheme.Light if now else Qt.ColorScheme.Dark)
    theme.follow(Qt.ColorScheme.Dark if now else Qt.ColorScheme.Light)


def test_the_sheet_of_keys_opens_at_once_and_searches_what_comes_later(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.KEYS].trigger()
        (sheet,) = at.window.findChildren(KeysSheet)
        assert sheet.isVisible()
        there = len(sheet._rows)
        assert there < len(COMMANDS)
        size, places = sheet.size(), {row.words: row.cap.x() for row in sheet._rows}
        sheet._search.setText("archive")  # typed before its row is there
        (making,) = sheet.findChildren(Slices)
        await until(lambda: not making._timer.isActive())
        shown = {row.words for row in sheet._rows if row.cap.isVisibleTo(sheet)}
        assert shown == {command.words for command in COMMANDS if "archive" in command.words.casefold()}
        assert shown
        sheet._search.clear()
        words = said(sheet)
        assert all(command.words in words for command in COMMANDS)
        assert sheet.size() == size
        assert {name: row.cap.x() for row in sheet._rows if (name := row.words) in places} == places
        sheet.reject()
        await at.close()

    run(story())


def test_a_sheet_that_is_closed_before_it_is_whole_leaves_nothing_behind(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.KEYS].trigger()
        (sheet,) = at.window.findChildren(KeysSheet)
        sheet.reject()
        await until(lambda: not at.window.findChildren(KeysSheet))
        await at.close()

    run(story())


def test_menus_have_their_icons_soon_after_the_first_picture(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        await until(lambda: all(not action.icon().isNull() for action in at.window.commands))
        before = {do: at.window.commands[do].icon().cacheKey() for do in Do}
        at.window.theme.changed.emit()
        await until(lambda: all(at.window.commands[do].icon().cacheKey() != before[do] for do in Do))
        await at.close()

    run(story())
