"""The Scripts page on the real engine: topics, texts that are edited and approved, a sentence heard, a newer text."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import Qt  # before qasync, which takes the first binding that is loaded

# isort: on
import av
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from studio import app
from studio.domain.episode import Episode, Stage, State
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.writing import Citation, Provenance
from studio.engine.batch import Studio
from studio.engine.drafts import topic_drafts
from studio.engine.ports import Written
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.script_compare import ScriptCompare
from studio.ui.scripts_page import ScriptsPage
from studio.ui.theme import Theme
from tests.ui.hands import named, press, said, until
from tests.whole.windows import Run, shown

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]


@asynccontextmanager
async def page_on(theme: Theme, home: Path, *paths: Path) -> AsyncIterator[tuple[MainWindow, Studio, ScriptsPage]]:
    """The page of a project in which every script waits for a person."""
    async with app.opened_studio(home / "library") as studio:
        settings = Settings(approve_scripts="all", review_share=0.0, repairs=0)
        project = await studio.create_project("Show", home / "out", settings)
        await studio.add(project, list(paths))
        async with shown(theme, studio, project, home) as window:
            window.commands[Do.SCRIPTS_PAGE].trigger()
            page = window.pages.currentWidget()
            assert isinstance(page, ScriptsPage)
            yield window, studio, page


def two(scripts: Path) -> list[Path]:
    return [scripts / "second-wind.md", scripts / "third-rail.txt"]


def row(window: MainWindow, number: int) -> Episode:
    return window.desk.model.episode_at(number - 1)


async def opened(page: ScriptsPage, episode_id: int) -> None:
    page.open(episode_id)
    await until(lambda: page.desk.dossier is not None and page.desk.dossier.episode.id == episode_id)
    await until(lambda: page.acts.proof is not None)


def ctrl_return(window: MainWindow) -> None:
    focused: QWidget | None = window.focusWidget()
    QTest.keyClick(focused or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_script_is_read_changed_heard_approved_and_only_then_spoken(
    theme: Theme, run: Run, scripts: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path, *two(scripts)) as (window, studio, page):
            project = window.desk.project
            assert project is not None
            press(page, "Check 2 scripts")
            await until(lambda: all(row(window, number).awaits_approval for number in (1, 2)))
            await studio.run.finished()
            first = row(window, 1)
            await opened(page, first.id)
            words = said(page)
            assert "nothing to pay, the voice is built in" in words
            assert page.acts.proof is not None
            before_s = page.acts.proof.seconds
            # A sentence is heard: the file is sound, of about as long as a sentence takes.
            window.commands[Do.HEAR].trigger()
            heard: list[Path] = []
            page.acts.orders.heard.connect(heard.append)
            await until(lambda: bool(heard))
            with av.open(str(heard[0])) as sound:
                assert sound.duration is not None
                assert 0.3e6 < sound.duration < 20e6
            # A change is checked while it is typed, and saved.
            page.pane.editor.setFocus()
            cursor = page.pane.editor.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            cursor.insertText("And one sentence more, which makes all of this a little longer than it was.\n")
            await until(lambda: page.acts.proof is not None and page.acts.proof.seconds > before_s)
            window.commands[Do.SAVE_SCRIPT].trigger()
            await until(lambda: not page._dirty and row(window, 1).awaits_approval)
            await studio.run.finished()
            stored = (await studio.scripts.dossier(first.id)).script.text
            assert stored.endswith("longer than it was.\n")
            # Approved, it waits for Start; taken back, it waits for a word again.
            await opened(page, first.id)
            ctrl_return(window)
            await until(lambda: row(window, 1).script_approved)
            assert row(window, 1).state is State.QUEUED
            assert row(window, 1).stage is Stage.SYNTHESIZE
            assert not studio.run.running
            window.sitting.undo()
            await until(lambda: row(window, 1).awaits_approval)
            await opened(page, first.id)
            ctrl_return(window)
            await until(lambda: row(window, 1).script_approved)
            # Only what was approved is spoken.
            await studio.start([project])
            await studio.run.finished()
            window.bridge.flush()
            assert row(window, 1).takes == 1
            assert not row(window, 1).awaits_approval
            assert row(window, 2).awaits_approval
            assert not row(window, 2).takes

    run(story())


def test_nothing_is_spoken_of_what_is_only_written_and_checked(
    theme: Theme, run: Run, scripts: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path) as (window, studio, _page):
            project = window.desk.project
            assert project is not None
            # Now nothing waits for a person by itself.
            await studio.update_project(replace(project, settings=replace(project.settings, approve_scripts="faults")))
            project = (await studio.projects())[0]
            await studio.add(project, two(scripts))
            ids = [episode.id for episode in await studio.episodes(project.id)]
            await studio.scripts.write(project, ids)
            # One more is saved while the others are being prepared: that is no start, either.
            await studio.scripts.save(project, ids[0], "# Another\n\nThis is another text, and it is read as well.\n")
            await studio.run.finished()
            rows = await studio.episodes(project.id)
            assert {(each.state, each.stage) for each in rows} == {(State.QUEUED, Stage.SYNTHESIZE)}
            # Of these, a start of some speaks only those.
            await studio.start([project], only=[ids[0]])
            await studio.run.finished()
            rows = await studio.episodes(project.id)
            assert [each.state for each in rows] == [State.DONE, State.QUEUED]
            window.bridge.flush()

    run(story())


def test_citations_go_with_the_text_that_is_changed(theme: Theme, run: Run, scripts: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path, scripts / "second-wind.md") as (window, studio, page):
            press(page, "Check 1 script")
            await until(lambda: row(window, 1).awaits_approval)
            await studio.run.finished()
            rooms, episode = studio.scripts._rooms, row(window, 1)
            script = await rooms.projects.script(episode.id)
            sentence = "On a good day a clipper made 300 miles."
            at = script.text.index(sentence)
            source = Source(SourceKind.FILE, "/notes/clippers.md", "Clippers", "0" * 64)
            known = Provenance(
                "built-in digest",
                (Excerpt(source, "A clipper made three hundred miles on a good day.", 0, 49),),
                (Citation(at, at + len(sentence), 0),),
            )
            script = replace(script, topic=Topic("Second Wind", "", 0.7))
            page.desk.leave()
            page.acts.proof = None
            await rooms.projects.save(episode, None, Written(script, known))
            await opened(page, episode.id)
            assert "Written by built-in digest." in said(page.sources)
            cursor = page.pane.editor.textCursor()
            cursor.setPosition(script.text.index("Sailors"))
            page.acts.proof = None
            cursor.insertText("It blew. ")
            await until(lambda: page.acts.proof is not None)
            cursor.setPosition(page.pane.editor.text().index("clipper"))
            page.pane.editor.setTextCursor(cursor)
            await until(lambda: page.sources.rows.here == {0})
            window.commands[Do.SAVE_SCRIPT].trigger()
            await until(lambda: not page._dirty)
            await studio.run.finished()
            kept = (await studio.scripts.dossier(episode.id)).provenance
            assert kept is not None
            text = (await studio.scripts.dossier(episode.id)).script.text
            assert text[kept.citations[0].start : kept.citations[0].end] == sentence

    run(story())


def test_a_script_left_for_a_moment_while_it_was_checked_is_checked(
    theme: Theme, run: Run, scripts: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path, *two(scripts)) as (window, studio, page):
            press(page, "Check 2 scripts")
            await until(lambda: all(row(window, number).awaits_approval for number in (1, 2)))
            await studio.run.finished()
            first, second = row(window, 1).id, row(window, 2).id
            await opened(page, first)
            page.acts.proof = None
            page.desk.prove()
            page.open(second)
            page.open(first)
            await until(lambda: page.acts.proof is not None)
            assert page.pane.can_approve

    run(story())


def test_a_newer_text_buys_only_what_differs(theme: Theme, run: Run, scripts: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path, scripts / "third-rail.txt") as (window, studio, page):
            project = window.desk.project
            assert project is not None
            press(page, "Check 1 script")
            await until(lambda: row(window, 1).awaits_approval)
            await studio.run.finished()
            await studio.scripts.approve([row(window, 1).id])
            await studio.start([project])
            await studio.run.finished()
            window.bridge.flush()
            assert row(window, 1).takes == 1
            await opened(page, row(window, 1).id)
            assert page.pane.editor.isReadOnly()
            newer = tmp_path / "newer.txt"
            newer.write_text((scripts / "third-rail.txt").read_text().replace("about 750 volts", "about 800 volts"))
            page.acts.orders.compare(newer)
            await until(lambda: window.findChild(ScriptCompare) is not None)
            sheet = window.findChild(ScriptCompare)
            assert sheet is not None
            words = said(sheet)
            assert "1 changed of " in words
            assert "of the sound is kept" in words
            take = named(sheet, "Take it over")
            assert take.isEnabled()
            press(sheet, "Take it over")
            await until(lambda: row(window, 1).takes == 2 and not studio.run.running)
            assert "800 volts" in (await studio.scripts.dossier(row(window, 1).id)).script.text
            await until(lambda: "800 volts" in page.pane.editor.text())

    run(story())


def test_topics_wait_and_say_why_they_could_not_be_written(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with page_on(theme, tmp_path) as (window, studio, page):
            project = window.desk.project
            assert project is not None
            field = named(page, "Topics, one to a line")
            field.setPlainText("The tides: why there are two a day\nThe moon")
            press(page, "Add 2 topics")
            await until(lambda: len(window.desk.model) == 2)
            assert [each.stage for each in await studio.episodes(project.id)] == [Stage.WRITE, Stage.WRITE]
            # The same again is no second topic.
            _, twice = await studio.reception.queue(project, topic_drafts("The moon", 10))
            assert len(twice) == 1
            press(page, "Write 2 scripts")  # from nothing: there are no sources
            await until(lambda: row(window, 1).state is State.FAILED and row(window, 2).state is State.FAILED)
            await studio.run.finished()
            assert row(window, 1).reason
            page.open(row(window, 1).id)
            await until(lambda: "why there are two a day" in said(page))
            await until(lambda: row(window, 1).reason in said(page))

    run(story())
