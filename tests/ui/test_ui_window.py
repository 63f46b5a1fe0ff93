"""The window as a person uses it: drop, start, hear, decide, close; from the keyboard."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea, QWidget

from studio.domain.episode import Stage, State
from studio.domain.errors import StoreError
from studio.domain.findings import Verdict
from studio.engine.events import Eta, Notice, Progress, RunChanged
from studio.ui.commands import Do
from studio.ui.dialogs import Question
from studio.ui.episode_filter import Group
from studio.ui.frame import LEAST
from studio.ui.keys_sheet import KeysSheet
from studio.ui.project_dialog import ProjectDialog
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.theme import Theme
from tests.ui.memory_studio import MemoryStudio, Opened, an_episode, as_fields

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

TO_REVIEW = (
    an_episode(1, State.DONE, Stage.EXPORT, verdict=Verdict.PASS),
    an_episode(2, State.NEEDS_YOU, Stage.REVIEW),
    an_episode(3, State.NEEDS_YOU, Stage.REVIEW, verdict=Verdict.PASS, drawn=True, findings=0),
    an_episode(4, State.NEEDS_YOU, Stage.REVIEW),
    an_episode(5, State.FAILED, Stage.PREPARE, reason="subject-5.md is empty.", remedy="Write something into it."),
)


def focused() -> QWidget:
    """What has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(window: QWidget, key: Qt.Key) -> None:
    """A key where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or window, key)


def visible_words(window: QWidget) -> set[str]:
    """What the buttons on the screen are called."""
    return {
        button.accessibleName() or button.text()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible()
    }


def test_an_empty_window_teaches_and_makes_the_samples(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(samples=(Path("one.md"), Path("two.md")))
        page = at.window.page
        assert page.empty.isVisible()
        assert "Make the sample batch" in visible_words(page)
        page.empty.samples_asked.emit()
        await at.settle()
        assert page.table.isVisible()
        assert len(at.window.desk.model) == 2
        assert ("start", [1]) in at.studio.asked
        await at.close()

    run(story())


def test_a_drop_queues_and_return_starts(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        window = at.window
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(f"/nowhere/{name}") for name in ("a.md", "empty.md", "b.md", "empty2.md")])
        action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(400, 300), action, data, buttons, keys)
        window.dragEnterEvent(enter)
        assert enter.isAccepted()
        assert window.drops.overlay.isVisible()
        window.dropEvent(QDropEvent(QPointF(400, 300), action, data, buttons, keys))
        await at.settle()
        assert not window.drops.overlay.isVisible()
        assert window.receiving.sheet is not None  # two of them cannot be used: that is to be seen before
        press(window, Qt.Key.Key_Return)
        await at.settle()
        assert [episode.title for episode in window.desk.model] == ["a", "b"]
        assert len(window.notices) == 2
        assert ("start", [1]) not in at.studio.asked
        assert "Start 2" in visible_words(window.top_bar)
        press(window, Qt.Key.Key_Return)
        await at.settle()
        assert at.studio.run.running
        assert "Pause" in visible_words(window.top_bar)
        assert "Start 2" not in visible_words(window.top_bar)
        window.commands[Do.PAUSE].trigger()
        await at.settle()
        assert "Resume" in visible_words(window.top_bar)
        window.commands[Do.ESCAPE].trigger()
        assert len(window.notices) == 0
        await at.close()

    run(story())


def test_text_files_and_links_can_be_pasted(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        clipboard = QGuiApplication.clipboard()
        clipboard.setText("Once upon a time.")
        at.window.commands[Do.PASTE].trigger()
        await at.settle()
        assert at.studio.asked == [("add_text", "Once upon a time.")]
        data = QMimeData()
        data.setUrls([QUrl("https://example.org/script.md")])
        clipboard.setMimeData(data)
        at.window.commands[Do.PASTE].trigger()
        await at.settle()
        assert len(at.window.notices) == 1
        clipboard.clear()
        await at.close()

    run(story())


def test_a_review_needs_no_mouse(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        window, table = at.window, at.window.page.table
        for expected in (2, 4, 3):  # flagged ones first, then the drawn one, and around
            assert table.current_id() == expected
            press(window, Qt.Key.Key_G)
            await at.settle()
        assert table.current_id() == 2
        assert window.wishes.review.position == (1, 2)
        assert len(window.panel._cards) == 3
        press(window, Qt.Key.Key_Space)
        assert window.player.position == pytest.approx(1.8)
        press(window, Qt.Key.Key_N)
        assert window.wishes.review.position == (2, 2)
        assert window.player.position == pytest.approx(58.8)
        press(window, Qt.Key.Key_P)
        assert window.wishes.review.position == (1, 2)
        press(window, Qt.Key.Key_A)
        await at.settle()
        assert at.studio.rows[2].state is State.DONE
        assert table.current_id() == 4
        press(window, Qt.Key.Key_R)
        reason = QApplication.focusWidget()
        assert isinstance(reason, QLineEdit)
        QTest.keyClicks(reason, "sounds tired")
        press(window, Qt.Key.Key_Return)
        await at.settle()
        assert (at.studio.rows[4].state, at.studio.rows[4].reason) == (State.REJECTED, "sounds tired")
        assert table.current_id() == 3
        assert "Drawn" in window.panel._heading.text()
        press(window, Qt.Key.Key_S)
        await at.settle()
        assert at.studio.rows[3].stage is Stage.SYNTHESIZE
        await at.close()

    run(story())


def test_only_legal_acts_are_offered(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        window = at.window
        await at.choose(5)
        assert "Retry" in visible_words(window.panel)
        assert "Accept episode" not in visible_words(window.panel)
        assert "Write something into it." in window.panel._text.text()
        press(window, Qt.Key.Key_A)
        await at.settle()
        assert at.state_of(5) is State.FAILED
        window.commands[Do.RETRY].trigger()
        await at.settle()
        assert at.state_of(5) is State.QUEUED
        await at.choose(1)
        window.commands[Do.EXPORT].trigger()
        await at.settle()
        assert at.studio.asked[-1] == ("export", [1])
        await at.close()

    run(story())


def test_return_goes_to_the_findings_and_a_card_is_heard(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        window = at.window
        await at.choose(2)
        window.page.table.setFocus()
        press(window, Qt.Key.Key_Return)
        card = QApplication.focusWidget()
        assert card is window.panel._cards[0]
        assert "Missing words" in card.accessibleName()
        press(window, Qt.Key.Key_Return)
        assert window.player.position == pytest.approx(1.8)
        QTest.mouseDClick(
            window.dock.wave, Qt.MouseButton.LeftButton, pos=QPoint(int(window.dock.wave.scale.x(3.4)), 60)
        )
        assert window.wishes.review.position[0] == 1
        window.dock.wave.show_all()
        assert window.dock.wave.scale.all_in_view
        window.commands[Do.ZOOM_IN].trigger()
        assert not window.dock.wave.scale.all_in_view
        await at.close()

    run(story())


def test_removing_what_has_sound_asks_first(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1), *TO_REVIEW[1:2], an_episode(3, State.WORKING, Stage.CHECK))
        window = at.window
        await at.choose(1)
        window.commands[Do.REMOVE].trigger()
        await at.settle()
        assert 1 not in at.studio.rows
        await at.choose(2)
        window.commands[Do.REMOVE].trigger()
        question = window.findChild(Question)
        assert question is not None
        assert 2 in at.studio.rows
        question.accept()
        await at.settle()
        assert 2 not in at.studio.rows
        await at.choose(3)
        window.commands[Do.REMOVE].trigger()
        await at.settle()
        assert at.studio.rows[3].state is State.CANCELLED
        await at.close()

    run(story())


def test_closing_with_work_under_way_asks_then_keeps_everything(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1))
        await at.studio.start([at.studio.project])
        at.window.close()
        question = at.window.findChild(Question)
        assert question is not None
        question.reject()
        await at.settle()
        assert at.window.isVisible()
        assert not at.studio.closed
        at.window.close()
        for asked in at.window.findChildren(Question):
            if asked.isVisible():
                asked.accept()
        await at.window.until_closed()
        assert at.studio.closed
        assert not at.window.isVisible()

    run(story())


def test_what_goes_wrong_is_told_and_nothing_stops(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)

        async def locked(self: MemoryStudio, ids: object) -> None:
            raise StoreError("The library is locked.", "Close the other program that uses it.")

        async def broken(self: MemoryStudio, ids: object) -> None:
            raise ZeroDivisionError("a bug")

        await at.choose(2)
        monkeypatch.setattr(MemoryStudio, "approve", locked)
        at.window.commands[Do.ACCEPT].trigger()
        await at.settle()
        monkeypatch.setattr(MemoryStudio, "retake", broken)
        at.window.commands[Do.RETAKE].trigger()
        await at.settle()
        said = [item.message for item in at.window.notices._said]
        assert said[-1] == "The library is locked."
        assert "ZeroDivisionError" in said[0]
        assert [record.levelname for record in caplog.records if record.name.startswith("studio")] == ["ERROR"]
        caplog.clear()
        at.studio.say(Notice("The disk is nearly full.", "Make room."))
        assert at.window.notices._said[0].message == "The disk is nearly full."
        await at.close()

    run(story())


def test_progress_and_forecast_reach_the_eye(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.WORKING, Stage.CHECK), an_episode(2))
        window = at.window
        at.studio.run.running = True
        at.studio.say(RunChanged(running=True, paused=False))
        at.studio.say(Eta(900, 1200))
        await at.choose(1)
        at.studio.say(Progress(1, Stage.CHECK, 0.62))
        await asyncio.sleep(0.2)
        assert "62%" in window.panel._text.text()
        assert window.top_bar._finish.text().startswith("finished ~")
        at.studio.change([1], **as_fields(an_episode(1, State.NEEDS_YOU, Stage.REVIEW)))
        await at.settle()
        assert "Needs your ears" in window.panel._heading.text()
        await at.close()

    run(story())


def test_filter_chips_and_search_narrow_and_escape_shows_all(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        page = at.window.page
        page.show_group(Group.NEEDS_YOU)
        assert page.shown.rowCount() == 3
        at.window.commands[Do.FIND].trigger()
        QTest.keyClicks(focused(), "nothing like it")
        assert page._nothing.isVisible()
        at.window.commands[Do.ESCAPE].trigger()
        assert page.shown.rowCount() == 5
        await at.close()

    run(story())


def test_settings_and_projects(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        window = at.window
        window.commands[Do.SETTINGS].trigger()
        settings = window.findChild(SettingsDialog)
        assert settings is not None
        budget: Any = settings.editor("budget_usd")
        budget.setValue(20)
        voice: Any = settings.editor("voice")
        assert voice.text() == "builtin:heart"
        settings.accept()
        await at.settle()
        assert at.studio.known[0].settings.budget_usd == 20
        window.commands[Do.NEW_PROJECT].trigger()
        await at.settle()
        dialog = window.findChild(ProjectDialog)
        assert dialog is not None
        QTest.keyClicks(dialog._name, "Walden")
        assert dialog._folder.text() == "/nowhere/Walden"
        dialog.accept()
        await at.settle()
        assert window.desk.project is not None
        assert window.desk.project.name == "Walden"
        window.commands[Do.KEYS].trigger()
        sheet = window.findChild(KeysSheet)
        assert sheet is not None
        sheet.accept()
        await at.close()

    run(story())


def test_everything_that_takes_the_focus_has_a_name(opened: Open, run: Run, theme: Theme) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        await at.choose(2)
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            theme.follow(scheme)
            assert not at.window.grab().isNull()
        nameless = [
            widget
            for widget in at.window.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
            and not widget.accessibleName()
            and not (isinstance(widget, QAbstractButton) and widget.text())
            and not widget.objectName().startswith("qt_")
        ]
        assert nameless == []
        await at.close()

    run(story())


def test_the_context_menu_names_how_many_each_act_is_about(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*TO_REVIEW)
        at.window.page.table.selectAll()
        at.window.wishes.menu(at.window.commands, QPoint(300, 300))
        menu = QApplication.activePopupWidget()
        assert menu is not None
        words = {action.text() for action in menu.actions() if action.text()}
        assert {"Accept 3 episodes", "Retry 1 episode", "Remove 5 episodes"} <= words
        menu.close()
        await at.close()

    run(story())


def test_a_title_of_any_length_leaves_the_window_as_it_is(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT, title="And on and on " * 40))
        window = at.window
        window.desk.project_changed.emit(replace(at.studio.project, name="A show & its seasons " * 20), [])
        await at.choose(1)
        holder = window.centralWidget()
        assert isinstance(holder, QScrollArea)
        whole = holder.widget()
        assert whole is not None
        assert whole.minimumSizeHint().width() <= LEAST.width()
        assert window.width() == 1440
        await at.close()

    run(story())


def test_what_an_earlier_run_left_is_said(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1), an_episode(2))
        at.window.projects.say_recovered()
        assert "queue" not in at.window.status._said.text()
        at.studio.salvage.episodes = [an_episode(1)]
        at.window.projects.say_recovered()
        assert at.window.status._said.text() == "1 episode that was under way is back in the queue"
        at.studio.salvage.episodes = [an_episode(1), an_episode(2)]
        at.window.projects.say_recovered()
        assert at.window.status._said.text() == "2 episodes that were under way are back in the queue"
        await at.settle()
        assert len(at.window.notices) == 0  # nothing is to be done but to press Start
        await at.close()

    run(story())


def test_every_editor_of_the_settings_can_be_read(opened: Open, run: Run, theme: Theme) -> None:
    """What is written in a field differs from its ground, in both schemes."""

    async def story() -> None:
        at = await opened()
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            theme.follow(scheme)
            at.window.commands[Do.SETTINGS].trigger()
            dialog = at.window.findChildren(SettingsDialog)[-1]
            await at.settle()
            for name in ("voice", "speed", "seed", "ears", "approve"):
                image = dialog.editor(name).grab().toImage()
                shades = [
                    image.pixelColor(x, y).lightness()
                    for x in range(8, image.width() // 2)
                    for y in range(6, image.height() - 6)
                ]
                assert max(shades) - min(shades) > 120, name
            dialog.reject()
            await at.settle()
        await at.close()

    run(story())


def test_the_wheel_scrolls_the_settings_and_changes_none(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        budget: Any = dialog.editor("budget_usd")
        where, turn = QPointF(5, 5), QPoint(0, 120)
        none, begun = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        keys = Qt.KeyboardModifier.NoModifier
        for expected in (0.0, 0.1):
            wheel = QWheelEvent(where, budget.mapToGlobal(where), QPoint(), turn, none, keys, begun, False)
            QApplication.sendEvent(budget, wheel)
            assert budget.value() == pytest.approx(expected)
            budget.setFocus()
            await at.settle()
        dialog.reject()
        await at.close()

    run(story())
