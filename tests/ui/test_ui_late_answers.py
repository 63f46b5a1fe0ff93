"""Answers that come late or in another order, and keys that are pressed before them: nothing is lost, nothing stale."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import StoreError
from studio.domain.findings import Finding
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.stage_times import StageTime, stage_times
from studio.engine.ports import Details
from studio.engine.review import Offered
from studio.engine.scripts import Proof
from studio.ui.commands import Do
from studio.ui.intake import Handed
from studio.ui.main_window import MainWindow
from studio.ui.system_page import SystemPage
from studio.ui.unsaved import Typed
from tests.ui.hands import said, until
from tests.ui.memory_studio import MemoryReception, MemoryReview, MemoryStudio, Opened, an_episode
from tests.ui.test_ui_review import flagged
from tests.ui.test_ui_scripts_page import MemoryScripts, checked, page_of, type_into, waiting

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]


class Late:
    """Calls that are held until they are let go, each by itself."""

    def __init__(self) -> None:
        self.held: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        self.held.append(asyncio.get_running_loop().create_future())
        await self.held[-1]

    async def let_go(self, *numbers: int) -> None:
        """In this order, each seen to its end before the next."""
        for number in numbers:
            await until(partial(self._holds, number))
            self.held[number].set_result(None)
            for _ in range(20):
                await asyncio.sleep(0)

    def _holds(self, number: int) -> bool:
        return len(self.held) > number


def hit(window: MainWindow, key: Qt.Key, *, ctrl: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


@pytest.fixture
def with_scripts(opened: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A window whose engine knows scripts."""
    made = MemoryStudio.__init__

    def make(self: MemoryStudio, episodes: Sequence[Episode] = ()) -> None:
        made(self, episodes)
        self.scripts = MemoryScripts(self)
        self.run.on = True

    monkeypatch.setattr(MemoryStudio, "__init__", make)
    return opened


# What is chosen


def test_details_that_come_late_do_not_replace_newer_ones(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(an_episode(1))
        late, read = Late(), MemoryStudio.details

        async def slow(self: MemoryStudio, episode_id: int) -> Details:
            known = await read(self, episode_id)
            await late.wait()
            return known

        monkeypatch.setattr(MemoryStudio, "details", slow)
        shown: list[str] = []
        at.window.choice.details_changed.connect(lambda details: shown.append(details.episode.title))
        for title in ("Older", "Newer"):
            at.studio.change([1], title=title)
            at.window.bridge.flush()
            await asyncio.sleep(0.01)
        await late.let_go(1, 0)
        assert shown == ["Newer"]
        # In their order, both are shown: of a row that goes on changing something is always seen.
        for title in ("Third", "Fourth"):
            at.studio.change([1], title=title)
            at.window.bridge.flush()
            await asyncio.sleep(0.01)
        await late.let_go(2, 3)
        assert shown == ["Newer", "Third", "Fourth"]
        monkeypatch.undo()
        await at.close()

    run(story())


def test_a_decision_that_is_under_way_is_the_one_that_is_taken_back(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is pressed twice decides once; the key after it finds what it did."""

    async def story() -> None:
        at = await opened(flagged(1), flagged(2), flagged(3))
        late, approve = Late(), MemoryStudio.approve
        await at.choose(1)
        hit(at.window, Qt.Key.Key_A)
        await at.settle()
        assert at.window.choice.id == 2

        async def slow(self: MemoryStudio, ids: Sequence[int]) -> None:
            await late.wait()
            await approve(self, ids)

        monkeypatch.setattr(MemoryStudio, "approve", slow)
        hit(at.window, Qt.Key.Key_A)
        hit(at.window, Qt.Key.Key_A)
        hit(at.window, Qt.Key.Key_Z, ctrl=True)
        await asyncio.sleep(0.05)
        assert [at.state_of(each) for each in (1, 2, 3)] == [State.DONE, State.NEEDS_YOU, State.NEEDS_YOU]
        await late.let_go(0)
        await at.settle()
        assert len(late.held) == 1
        assert [at.state_of(each) for each in (1, 2, 3)] == [State.DONE, State.NEEDS_YOU, State.NEEDS_YOU]
        assert at.window.choice.id == 2
        assert [each.words for each in at.window.sitting.done] == ["Accepted “\u2068On subject 1\u2069”"]
        await at.close()

    run(story())


def test_a_repair_is_ordered_once_and_again_when_it_could_not_be(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(flagged(1))
        await at.choose(1)
        await until(lambda: "Repair · " in said(at.window.panel))
        late, mend, broken = Late(), MemoryStudio.mend, [True]

        async def slow(self: MemoryStudio, episode_id: int, places: Any) -> None:
            await late.wait()
            if broken.pop(0):
                raise StoreError("The library is locked.", "Try again.")
            await mend(self, episode_id, places)

        monkeypatch.setattr(MemoryStudio, "mend", slow)
        at.window.commands[Do.REPAIR].trigger()
        at.window.commands[Do.REPAIR].trigger()
        await late.let_go(0)
        await at.settle()
        assert len(late.held) == 1
        assert "The library is locked." in said(at.window.notices)
        # It is as it was: the same key orders it again.
        await until(lambda: at.window.repairs._offered is not None)
        broken.append(False)
        at.window.commands[Do.REPAIR].trigger()
        at.window.commands[Do.REPAIR].trigger()
        await late.let_go(1)
        await at.settle()
        assert len(late.held) == 2
        assert at.state_of(1) is State.QUEUED
        # And where it comes back with the take that it had, it can be ordered again.
        at.studio.change([1], state=State.NEEDS_YOU, stage=Stage.REVIEW)
        await at.settle()
        await until(lambda: at.window.repairs._offered is not None)
        await at.close()

    run(story())


def test_a_sentence_is_opened_whatever_else_is_asked_about_its_place(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed at once after going to a place, and with the answer late: it opens, and the repair keeps its price."""

    async def story() -> None:
        at = await opened(flagged(1), an_episode(2, State.DONE, Stage.EXPORT))
        late, offered = Late(), MemoryReview.offered
        asked: list[Any] = []

        async def slow(self: MemoryReview, project: Project, episode_id: int, where: Any) -> Offered:
            asked.append(where)
            await late.wait()
            return await offered(self, project, episode_id, where)

        await at.choose(1)
        monkeypatch.setattr(MemoryReview, "offered", slow)
        at.window.repairs.look()
        at.window.commands[Do.EDIT].trigger()
        await asyncio.sleep(0.2)  # longer than it waits before it asks by itself
        await late.let_go(*range(len(late.held)))
        await at.settle()
        assert at.window.panel.acts.editor.isVisible()
        assert isinstance(asked[0], Finding)
        at.window.panel.acts.close_fields()
        assert "Repair · " in said(at.window.panel)
        monkeypatch.undo()
        await at.close()

    run(story())


# Projects


def test_the_project_that_was_asked_for_last_is_the_one_that_is_shown(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(an_episode(1))
        desk, studio = at.window.desk, at.studio
        second = await studio.create_project("Second", Path("/nowhere/second"), Settings())
        third = await studio.create_project("Third", Path("/nowhere/third"), Settings())
        for number, project in ((2, second), (3, third)):
            studio.rows[number] = an_episode(number, project_id=project.id)
        read = MemoryStudio.episodes

        async def slow(self: MemoryStudio, project_id: int) -> Sequence[Episode]:
            await asyncio.sleep(0.1 if project_id == second.id else 0)
            return await read(self, project_id)

        monkeypatch.setattr(MemoryStudio, "episodes", slow)
        desk.open_project(second)
        desk.open_project(third)
        await at.settle()
        assert desk.project == third
        assert [episode.id for episode in desk.model] == [3]
        await at.close()

    run(story())


def test_changes_of_a_project_at_once_all_hold_and_leave_open_what_is_open(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(an_episode(1))
        desk, studio, update = at.window.desk, at.studio, MemoryStudio.update_project
        first = desk.project
        assert first is not None
        second = await studio.create_project("Second", Path("/nowhere/second"), Settings())

        async def slow(self: MemoryStudio, project: Project) -> None:
            await asyncio.sleep(0.03)
            await update(self, project)

        monkeypatch.setattr(MemoryStudio, "update_project", slow)
        # Two dialogs, or an undo beside one: each knows the project as it was when it opened.
        desk.save_settings(first.settings.with_values({"budget_usd": 12.5}), first)
        desk.save_settings(first.settings.with_values({"show": "The Show"}), first)
        desk.open_project(second)
        desk.save_settings(first.settings.with_values({"slots": 3}), first)
        await at.settle()
        stored = {each.id: each.settings for each in studio.known}
        changed = stored[first.id]
        assert (changed.budget_usd, changed.show, changed.slots) == (12.5, "The Show", 3)
        assert stored[second.id] == Settings()
        assert desk.project == second
        assert [episode.id for episode in desk.model] == []
        await at.close()

    run(story())


# What is dropped


def test_a_drop_whose_reading_fails_is_not_read_for_ever(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(an_episode(1))

        async def locked(*_args: Any, **_more: Any) -> Any:
            raise StoreError("The library is locked.", "Close the other program.")
            yield  # a generator, as what it stands for

        monkeypatch.setattr(MemoryReception, "look", locked)
        at.window.receiving.take(Handed(paths=(Path("/nowhere/one.md"),)))
        await at.settle()
        assert "The library is locked." in said(at.window.notices)
        assert not at.window.receiving.leave()  # there is nothing to leave
        monkeypatch.undo()
        at.window.receiving.take(Handed(paths=(Path("/nowhere/two.md"),)))
        await at.settle()
        assert len(at.studio.rows) == 2
        await at.close()

    run(story())


# Scripts


def test_a_script_that_is_removed_while_it_is_checked_does_not_keep_the_next_from_its_check(
    with_scripts: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2))
        page, scripts = await page_of(at)
        prove = scripts.proof

        async def proof(project: Project, episode_id: int, text: str) -> Proof:
            made = await prove(project, episode_id, text)
            if episode_id == 1:
                raise LookupError("there is no episode 1")
            return made

        monkeypatch.setattr(scripts, "proof", proof)
        page.open(1)
        await at.settle()
        scripts.gate.clear()
        page.desk.prove()
        await asyncio.sleep(0.01)
        page.open(2)
        await asyncio.sleep(0.05)
        scripts.gate.set()
        await checked(at, page)
        assert page.acts.proof is not None
        assert page.pane.can_approve
        await at.close()

    run(story())


def test_other_settings_are_another_check_and_another_price(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1))
        page, scripts = await page_of(at)
        assert "free" in said(page.pane)
        scripts.price_micro = 420_000
        asked = len(scripts.proofs)
        desk = at.window.desk
        assert desk.project is not None
        desk.save_settings(desk.project.settings.with_values({"voice": "elevenlabs:21m00Tcm4TlvDq8ikWAM"}))
        await checked(at, page)
        assert len(scripts.proofs) == asked + 1
        assert "$0.42" in said(page.pane)
        await at.close()

    run(story())


def test_a_changed_script_is_approved_by_what_becomes_of_it_and_not_by_what_it_was(
    with_scripts: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else is told of its row before it is stored is no check of it; one that cannot be stored is not meant."""

    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2))
        page, scripts = await page_of(at)
        late, save, broken = Late(), scripts.save, [True, False]

        async def slow(project: Project, episode_id: int, text: str, title: str = "") -> Episode:
            await late.wait()
            if broken.pop(0):
                raise StoreError("The library is locked.", "Try again.")
            return await save(project, episode_id, text, title)

        monkeypatch.setattr(scripts, "save", slow)
        for number, state in ((0, State.NEEDS_YOU), (1, State.QUEUED)):
            page.open(1)
            await checked(at, page)
            type_into(page, "More. ")
            await checked(at, page)
            page.approve()
            at.studio.change([1], priority=number + 1)
            await asyncio.sleep(0.1)  # it has been told of the row
            assert not at.studio.rows[1].script_approved
            await late.let_go(number)
            at.studio.change([1], priority=number + 7)
            await at.settle()
            assert at.state_of(1) is state
        assert at.studio.rows[1].script_approved
        assert scripts.texts[1].startswith("More. More. ")
        await at.close()

    run(story())


def test_what_was_given_up_does_not_come_back_from_the_disk(
    with_scripts: Open, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2))
        unsaved = at.window.unsaved
        at.window.unsaved.keep(1, Typed("Typed.", "Stored."))
        unsaved.flush()
        await at.settle()
        assert (tmp_path / "unsaved" / "script-1.json").is_file()
        # It is read again while the file is being taken away.
        unlink, gone = Path.unlink, asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(self: Path, *, missing_ok: bool = False) -> None:
            loop.call_soon_threadsafe(gone.set)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.1), loop).result()
            unlink(self, missing_ok=missing_ok)

        monkeypatch.setattr(Path, "unlink", slow)
        unsaved.forget(1)
        unsaved.flush()
        await gone.wait()
        assert await unsaved.of(1) is None
        await at.settle()
        assert await unsaved.of(1) is None
        monkeypatch.undo()
        # What an earlier start left is given up, too, where it was never opened in this one.
        left = tmp_path / "unsaved" / "script-2.json"
        left.write_text('{"text": "Old.", "over": "Older."}')
        unsaved.forget(2)
        unsaved.flush()
        await at.settle()
        assert await unsaved.of(2) is None
        assert not left.exists()
        await at.close()

    run(story())


# The machine


def test_stages_are_counted_once_more_where_rows_changed_while_they_were_counted(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, timings=((Stage.MASTER, 7.0),)))
        begun, go_on = asyncio.Event(), threading.Event()
        loop, first = asyncio.get_running_loop(), [True]

        def slow(rows: Sequence[Episode]) -> tuple[StageTime, ...]:
            if first.pop() if first else False:
                loop.call_soon_threadsafe(begun.set)
                go_on.wait(30)
            return stage_times(rows)

        monkeypatch.setattr("studio.ui.system_page.stage_times", slow)
        at.window.commands[Do.SYSTEM_PAGE].trigger()
        await begun.wait()
        page = at.window.pages.currentWidget()
        assert isinstance(page, SystemPage)
        other = await at.studio.create_project("Second", Path("/nowhere/second"), Settings())
        at.studio.rows[2] = an_episode(2, project_id=other.id, timings=((Stage.CHECK, 9.0),))
        at.window.desk.open_project(other)
        await until(lambda: at.window.desk.project == other)
        go_on.set()
        await at.settle()
        await until(lambda: [row[0] for row in page._table.as_shown()[1]] == ["check"])
        await at.close()

    run(story())
