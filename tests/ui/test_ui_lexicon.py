# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""The pronunciations in the window: edited, heard, and kept once it is known what a change touches. A real engine."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import InputError
from studio.domain.project import Project
from studio.domain.pronunciations import Entry
from studio.domain.settings import Settings, option
from studio.engine.batch import Studio
from studio.engine.lexicon import Changes, Touched
from studio.engine.rooms import Rooms
from studio.engine.runner import RunOptions
from studio.ui.commands import Do
from studio.ui.dialogs import Question
from studio.ui.lexicon_dialog import LexiconDialog
from studio.ui.lexicon_model import Column, LexiconRows, Line, lines_of
from studio.ui.lexicon_touch import head_of
from studio.ui.lexicon_touch import lines_of as sentences_of
from studio.ui.main_window import MainWindow
from studio.ui.parts import Chooser
from studio.ui.player import NO_DEVICE
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.theme import Theme
from tests.ui.hands import named, nameless, press, said, until
from tests.ui.memory_studio import an_episode
from tests.whole.flawed import opened

Run = Callable[[Coroutine[Any, Any, None]], None]

TEXT = "# The harbour\n\nThe harbour was quiet before Nguyen came. She read slowly.\n\nNguyen’s house was old and dry."
OTHER = "# A farm\n\nEvery spring the swallows came back to the same barn. The teacher left the room."
LISTED = "Goethe=Ger-tuh /ˈɡɜːtə/; Hylas=High-las"


@asynccontextmanager
async def shown(theme: Theme, home: Path) -> AsyncIterator[tuple[MainWindow, Studio, Rooms]]:
    """The window on a show with a list of its own, beside a library with one word."""
    async with opened(home / "library") as (studio, rooms):
        settings = Settings(review_share=0.0, pronunciations=LISTED)
        project = await studio.create_project("Harbours", home / "out", settings)
        await studio.lexicon.apply(None, Changes((Entry("buoy", "boo-ee"),)))
        window = MainWindow(theme, library=home, samples=())
        window.resize(1440, 900)
        window.show()
        await window.attach(studio, project, home)
        try:
            yield window, studio, rooms
        finally:
            window.close()
            await window.until_closed()
            window.deleteLater()


async def dialog_of(window: MainWindow) -> LexiconDialog:
    window.commands[Do.LEXICON].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LexiconDialog)
    await until(lambda: len(rows_of(dialog)) > 0)
    return dialog


def rows_of(dialog: LexiconDialog) -> LexiconRows:
    rows = named(dialog, "Pronunciations").model()
    assert isinstance(rows, LexiconRows)
    return rows


def text_of(dialog: LexiconDialog) -> list[list[str]]:
    rows = rows_of(dialog)
    return [[rows.data(rows.index(row, column)) for column in Column] for row in range(rows.rowCount())]


def field(dialog: LexiconDialog) -> QLineEdit:
    """What is being typed in."""
    editor = dialog.focusWidget()
    assert isinstance(editor, QLineEdit)
    return editor


def write(into: QLineEdit, text: str) -> None:
    """Type any letters, as an input method does."""
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    QApplication.sendEvent(into, typed)


async def gone(dialog: LexiconDialog) -> None:
    """It is closed."""
    await until(lambda: not isValid(dialog) or not dialog.isVisible())


async def looked(dialog: LexiconDialog) -> None:
    """It is known what the draft touches."""
    await until(lambda: named(dialog, "Keep").isEnabled())


async def add(dialog: LexiconDialog, *cells: str) -> None:
    """Type a new line, with Tab from cell to cell."""
    press(dialog, "Add")
    for number, cell in enumerate(cells):
        if number:
            QTest.keyClick(field(dialog), Qt.Key.Key_Tab)
            await asyncio.sleep(0.01)
        write(field(dialog), cell)
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    await asyncio.sleep(0.01)


async def with_episode(studio: Studio, project: Project, text: str, until_stage: Stage) -> Episode:
    assert not await studio.add_text(project, text, f"{len(await studio.episodes(project.id))}.md")
    await studio.start([project], RunOptions(until=until_stage))
    await studio.run.finished()
    return list(await studio.episodes(project.id))[-1]


async def heard(rooms: Rooms, episode: Episode) -> None:
    """As it stands when it was listened to, without the listening."""
    waits = replace(episode, state=State.NEEDS_YOU, stage=Stage.REVIEW)
    await rooms.projects.save(replace(waits, state=State.WORKING))
    await rooms.projects.save(waits)


@pytest.mark.window
def test_both_lists_are_shown_found_in_edited_where_they_stand_and_kept(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, studio, _):
            dialog = await dialog_of(window)
            assert text_of(dialog) == [
                ["buoy", "boo-ee", "", "Every show"],
                ["Goethe", "Ger-tuh", "ˈɡɜːtə", "This show"],
                ["Hylas", "High-las", "", "This show"],
            ]
            assert not named(dialog, "Keep").isEnabled()
            assert not nameless(dialog)
            QTest.keyClicks(named(dialog, "Find a word"), "high")
            assert "1 of 3 entries" in said(dialog)
            table = named(dialog, "Pronunciations")
            QTest.keyClick(named(dialog, "Find a word"), Qt.Key.Key_Down)
            table.setCurrentIndex(table.model().index(0, Column.SPOKEN))
            QTest.keyClick(table, Qt.Key.Key_Return)
            write(field(dialog), "Hee-las /ˈhaɪləs/")
            QTest.keyClick(field(dialog), Qt.Key.Key_Return)
            await asyncio.sleep(0.01)
            assert dialog.isVisible()  # Return ended the field, and pressed nothing
            assert text_of(dialog) == [["Hylas", "Hee-las", "ˈhaɪləs", "This show"]]
            await add(dialog, "Nguyen", "", "wɪn")
            assert "4 entries" in said(dialog)  # the filter went
            assert text_of(dialog)[0] == ["Nguyen", "win", "wɪn", "This show"]  # how it is said without IPA
            table.setCurrentIndex(table.model().index(0, Column.WHERE))
            QTest.keyClick(table, Qt.Key.Key_F2)
            await asyncio.sleep(0.05)  # its list opens by itself
            places = named(table, "Where").view()
            QTest.keyClick(places, Qt.Key.Key_Down)
            QTest.keyClick(places, Qt.Key.Key_Return)
            await asyncio.sleep(0.05)
            assert text_of(dialog)[0] == ["Nguyen", "win", "wɪn", "Every show"]
            assert not table.findChildren(Chooser)
            table.setCurrentIndex(table.model().index(1, 0))
            assert table.model().line(1).written == "buoy"
            QTest.keyClick(table, Qt.Key.Key_Delete)
            await looked(dialog)
            assert "No episode is touched" in said(dialog)
            assert await studio.lexicon.entries(None) == [Entry("buoy", "boo-ee")]  # nothing is stored yet
            QTest.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            await gone(dialog)
            assert await studio.lexicon.entries(None) == [Entry("Nguyen", "", "wɪn")]
            project = window.desk.project
            assert project is not None
            assert project.settings.pronunciations == "Goethe=Ger-tuh /ˈɡɜːtə/; Hylas=Hee-las /ˈhaɪləs/"
            assert (await studio.projects())[0].settings == project.settings

    run(story())


@pytest.mark.window
def test_what_cannot_be_spoken_is_said_under_the_field_as_it_is_typed(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, _, _):
            dialog = await dialog_of(window)
            table = named(dialog, "Pronunciations")
            press(dialog, "Add")
            assert "Say which word this is about." in said(dialog)
            write(field(dialog), "Zoë")
            assert "Say how “\u2068Zoë\u2069” is spoken." in said(table)
            QTest.keyClick(field(dialog), Qt.Key.Key_Tab)
            await asyncio.sleep(0.01)
            write(field(dialog), "5")
            assert "“Zoë” cannot be spoken as “5”." in said(table)
            assert "1 entry cannot be kept as it is." in said(dialog)
            assert not named(dialog, "Keep").isEnabled()
            at = table.currentIndex()
            assert "cannot be spoken" in at.data(Qt.ItemDataRole.ToolTipRole)
            assert "cannot be spoken" in at.data(Qt.ItemDataRole.AccessibleTextRole)
            QTest.keyClick(field(dialog), Qt.Key.Key_Backspace)
            write(field(dialog), "zoh-ee")
            assert "spoken" not in said(table)
            QTest.keyClick(field(dialog), Qt.Key.Key_Escape)  # takes back what was typed into this cell
            await asyncio.sleep(0.01)
            assert text_of(dialog)[0][1] == ""
            QTest.keyClick(table, Qt.Key.Key_Delete)
            assert not rows_of(dialog).is_changed
            # A word twice in one place, and one that a show's list cannot hold.
            await add(dialog, "Hylas", "Hilla")
            assert "“\u2068Hylas\u2069” is listed twice for this show." in said(dialog)
            rows_of(dialog).setData(table.model().index(0, Column.WHERE), 1)
            await looked(dialog)
            rows_of(dialog).setData(table.model().index(0, Column.WRITTEN), "a=b")
            await looked(dialog)
            rows_of(dialog).setData(table.model().index(0, Column.WHERE), 0)
            await until(lambda: "“a=b” cannot be in the list of a project." in said(dialog))
            assert not named(dialog, "Keep").isEnabled()
            # Esc asks before it throws anything away.
            QTest.keyClick(table, Qt.Key.Key_Escape)
            question = QApplication.activeModalWidget()
            assert isinstance(question, Question)
            press(question, "Go on editing")
            assert dialog.isVisible()
            press(dialog, "Cancel")
            question = QApplication.activeModalWidget()
            assert isinstance(question, Question)
            press(question, "Leave")
            await gone(dialog)
            project = window.desk.project
            assert project is not None
            assert project.settings.pronunciations == LISTED

    run(story())


@pytest.mark.model
@pytest.mark.window
@pytest.mark.parametrize("anew", [False, True])
def test_what_a_change_touches_is_said_before_and_done_as_it_was_said(
    theme: Theme, run: Run, tmp_path: Path, anew: bool
) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, studio, rooms):
            project = window.desk.project
            assert project is not None
            spoken = await with_episode(studio, project, TEXT, Stage.SYNTHESIZE)
            await heard(rooms, spoken)
            prepared = await with_episode(studio, project, TEXT.replace("harbour", "port"), Stage.PREPARE)
            await with_episode(studio, project, OTHER, Stage.PREPARE)
            dialog = await dialog_of(window)
            await add(dialog, "Nguyen", "Win")
            assert "Looking which episodes this touches…" in said(dialog)
            await looked(dialog)
            words = said(dialog)
            assert "Touches 1 queued and 1 finished episodes." in words
            assert "What is queued is prepared with it, which costs nothing." in words
            assert "Speaking 2 sentences of the finished anew costs nothing." in words
            studio.run.begin(RunOptions(until=Stage.SYNTHESIZE), [project], only=[spoken.id])
            press(dialog, "Keep and speak anew" if anew else "Keep")
            await gone(dialog)
            await studio.run.finished()
            after = {each.id: each for each in await studio.episodes(project.id)}
            assert after[spoken.id].takes == (2 if anew else 1)
            if anew:
                take = await rooms.projects.take(spoken.id, 2)
                assert take is not None
                assert len(take.mends) == 2
            assert (after[prepared.id].state, after[prepared.id].stage) == (State.QUEUED, Stage.PREPARE)
            await studio.start(await studio.projects(), RunOptions(until=Stage.PREPARE))
            await studio.run.finished()
            form = await rooms.projects.spoken(prepared.id)
            assert form is not None
            assert any("Win" in utterance.text for utterance in form.utterances)

    run(story())


@pytest.mark.model
@pytest.mark.window
def test_a_word_is_heard_as_the_draft_has_it_or_the_reason_is_said(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, _, _):
            dialog = await dialog_of(window)
            files: list[Path] = []
            dialog._asks.heard.connect(files.append)
            seconds = []
            for spoken in ("Win", "the captain of the old and very slow sailing ship"):
                await add(dialog, "Nguyen", spoken)
                table = named(dialog, "Pronunciations")
                QTest.keyClick(table, Qt.Key.Key_Space)
                await until(lambda: bool(files))
                with av.open(str(files.pop())) as sound:
                    assert sound.duration is not None
                    seconds.append(sound.duration / 1e6)
                if dialog._player.playing:
                    press(dialog, "Stop")
                else:  # this machine has nothing to play it on
                    assert NO_DEVICE in said(dialog)
                table.selectRow(0)
                QTest.keyClick(table, Qt.Key.Key_Delete)
            assert 0.3 < seconds[0] < seconds[1]
            dialog.done(0)

    run(story())


@pytest.mark.window
def test_a_lexicon_comes_in_with_what_cannot_be_used_and_goes_out(theme: Theme, run: Run, tmp_path: Path) -> None:
    entries = """<lexeme><grapheme>Minh</grapheme><alias>Min</alias></lexeme>
        <lexeme><grapheme>Hylas</grapheme><alias>Hilla</alias></lexeme>
        <lexeme><grapheme>odd</grapheme><alias>!</alias></lexeme>"""
    words = tmp_path / "words.pls"
    words.write_text(
        '<lexicon version="1.0" alphabet="ipa" xml:lang="en-GB" '
        f'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">{entries}</lexicon>'
    )

    def choose(dialog: LexiconDialog, of: str, place: str, file: Path) -> None:
        menu = next(each for each in dialog.findChildren(QPushButton) if each.text() == of).menu()
        next(each for each in menu.actions() if each.text().endswith(f"{place}…")).trigger()
        chooser = dialog.findChildren(QFileDialog)[-1]
        chooser.filesSelected.emit([str(file)])
        chooser.close()

    async def story() -> None:
        async with shown(theme, tmp_path) as (window, studio, _):
            dialog = await dialog_of(window)
            choose(dialog, "Import…", "this show", words)
            await until(lambda: len(rows_of(dialog)) == 4)
            assert "2 entries of \u2068words.pls\u2069, for en-GB: 1 new, 1 in place of others." in said(dialog)
            assert "1 entry of \u2068words.pls\u2069 cannot be used:" in said(dialog)
            assert "odd" in named(dialog, "What cannot be used of the file").toPlainText()
            await looked(dialog)
            press(dialog, "Keep")
            await gone(dialog)
            project = window.desk.project
            assert project is not None
            assert set(await studio.lexicon.entries(project)) == {
                Entry("Goethe", "Ger-tuh", "ˈɡɜːtə"),
                Entry("Hylas", "Hilla"),
                Entry("Minh", "Min"),
            }
            dialog = await dialog_of(window)
            out = tmp_path / "out.pls"
            choose(dialog, "Export…", "this show", out)
            await until(lambda: "out.pls is written." in said(dialog))
            assert set((await studio.lexicon.import_pls(out)).entries) == set(await studio.lexicon.entries(project))
            choose(dialog, "Import…", "every show", out)
            await until(lambda: len(rows_of(dialog)) == 7)
            # What is no lexicon, and a place that is none: a sentence, and the window goes on.
            out.write_text("<html></html>")
            choose(dialog, "Import…", "every show", out)
            await until(lambda: "is no pronunciation lexicon." in said(dialog))
            shutil.rmtree(tmp_path / "gone", ignore_errors=True)
            choose(dialog, "Export…", "every show", tmp_path / "gone" / "all.pls")
            await until(lambda: "gone" in said(dialog))
            assert not len(window.notices)
            dialog.done(0)

    run(story())


@pytest.mark.window
def test_the_settings_open_it_and_take_over_what_was_kept(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, _, _):
            window.commands[Do.SETTINGS].trigger()
            settings = QApplication.activeModalWidget()
            assert isinstance(settings, SettingsDialog)
            settings.take({"pronunciations": "Hylas=Hilla"})
            press(settings, "Pronunciations…")
            assert "save the settings first" in said(settings)
            settings.take({"pronunciations": LISTED})
            press(settings, "Pronunciations…")
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, LexiconDialog)
            await until(lambda: len(rows_of(dialog)) == 3)
            await add(dialog, "Minh", "Min")
            await looked(dialog)
            press(dialog, "Keep")
            await gone(dialog)
            press(settings, "Save")
            project = window.desk.project
            assert project is not None
            assert project.settings.pronunciations == f"{LISTED}; Minh=Min"

    run(story())


@pytest.mark.window
def test_a_change_that_cannot_be_looked_at_may_be_kept_all_the_same(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (window, studio, _):
            project = window.desk.project
            assert project is not None
            brand = tmp_path / "brand.toml"
            brand.write_text("[pronunciation]\n")
            changed = replace(project, settings=project.settings.with_values({"brand": str(brand)}))
            await window.desk.keep(changed, "")
            await with_episode(studio, changed, TEXT, Stage.PREPARE)
            brand.unlink()
            dialog = await dialog_of(window)
            await add(dialog, "Nguyen", "Win")
            await looked(dialog)
            assert "brand.toml" in said(dialog)
            press(dialog, "Keep")
            await gone(dialog)
            with pytest.raises(InputError):
                await studio.lexicon.preview(changed, Changes((Entry("Nguyen", "Wen"),)))
            assert window.desk.project is not None
            assert window.desk.project.settings.pronunciations == f"{LISTED}; Nguyen=Win"

    run(story())


def touched(number: int, cost: int | None = 0, *, spoken: bool = True, why: str = "", **more: Any) -> Touched:
    episode = an_episode(number, State.DONE if spoken else State.QUEUED, **more)
    return Touched(episode, 2, ((0, 1), (3, 5)) if spoken else (), characters=90, cost_micro=cost, why=why)


def test_what_is_touched_is_said_in_sentences() -> None:
    assert head_of([]).startswith("No episode is touched")
    assert sentences_of([]) == []
    assert head_of([touched(1, spoken=False)]) == "Touches 1 queued episode."
    working = Touched(an_episode(3, State.WORKING), 1)
    several = [touched(1, spoken=False), touched(2, 120_000, project_id=2), working]
    assert head_of(several) == "Touches 1 queued, 1 under way and 1 finished episodes in 2 shows."
    assert sentences_of(several)[1:] == [
        "What is under way stays as it is until it is through.",
        "Speaking 3 sentences of the finished anew costs at most $0.12.",
    ]
    gone = touched(4, None, why="The voice is gone.")
    assert sentences_of([gone]) == [
        "Speaking 3 sentences of the finished anew has no price that can be told now. The voice is gone."
    ]
    assert "at most $0.12, and what one episode costs cannot be told now." in sentences_of([several[1], gone])[0]


def test_the_rows_are_a_sound_model_and_tell_what_is_to_be_stored(theme: Theme, qtmodeltester: Any) -> None:
    rows = LexiconRows(theme)
    qtmodeltester.check(rows)
    show, everywhere = [Entry("b", "bee"), Entry("c", "", "siː")], [Entry("a", "ay"), Entry("b", "bay")]
    rows.show_lines(lines_of(show, everywhere))
    qtmodeltester.check(rows)
    assert not rows.is_changed
    assert [rows.line(row).key for row in range(4)] == [(True, "a"), (False, "b"), (True, "b"), (False, "c")]
    for column, value in ((Column.SPOKEN, "bea"), (Column.SPOKEN, "bee"), (Column.WHERE, 1), (Column.WHERE, 0)):
        assert rows.setData(rows.index(1, column), value)
    assert not rows.is_changed  # as it was
    rows.setData(rows.index(1, Column.WHERE), 1)
    assert [rows.problem(line) != "" for line in rows.wrong] == [True]  # every show has it already
    rows.remove([2])
    assert rows.changes() == (Changes(gone=("b",)), Changes((Entry("b", "bee"),)))
    rows.setData(rows.index(0, Column.WRITTEN), "A  b")
    assert rows.changes()[1] == Changes((Entry("b", "bee"), Entry("A b", "ay")), ("a",))
    assert rows.take([Entry("d", "dee"), Entry("c", "sea"), Entry("b", "bee")], everywhere=False) == (2, 1)
    qtmodeltester.check(rows)
    rows.narrow("every")
    assert rows.rowCount() == 2
    rows.add()
    assert rows.wrong == [rows.line(0)]
    rows.remove([0])
    assert set(rows.changes()[0].entries) == {Entry("b", "bee"), Entry("c", "sea"), Entry("d", "dee")}
    qtmodeltester.check(rows)


@pytest.mark.parametrize("typed", ["/ˈɡɜːtə/", "[ˈɡɜːtə]", " ˈɡɜːtə "])
def test_sounds_are_understood_with_their_signs(typed: str) -> None:
    assert Line("Goethe", "", typed).read() == Entry("Goethe", "", "ˈɡɜːtə")


def test_the_setting_says_that_ipa_can_be_written() -> None:
    assert "Goethe=Ger-tuh /ˈɡɜːtə/" in option("pronunciations").help


def test_many_rows(theme: Theme, qtbot: QtBot) -> None:
    """A large library is found in without a loop over widgets."""
    rows = LexiconRows(theme)
    rows.show_lines(lines_of([], [Entry(f"word{number}", "a word") for number in range(20_000)]))
    rows.narrow("word19999")
    assert rows.rowCount() == 1
