"""What is dropped on the real window with the real engine behind it: at once, or by way of the sheet; and back."""

import json
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel
from pytestqt.modeltest import ModelTester

from studio.domain.episode import State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.ui.commands import Do
from studio.ui.drop_model import Column, DropModel
from studio.ui.drop_sheet import DropSheet
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.ui.hands import named, nameless, said, until
from tests.whole.windows import Run, window_on

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

SOLD = Settings(voice="elevenlabs:abcdefghijklmnopqrst", budget_usd=1.0)


@pytest.fixture(autouse=True)
def nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor that is not there: prices come from the price book."""
    monkeypatch.setenv("ELEVENLABS_API_KEY", "made-up")
    monkeypatch.setenv("ELEVENLABS_BASE_URL", "http://127.0.0.1:9")


opened = partial(window_on, size=(1280, 800))


def a_script(folder: Path, number: int, words: int = 40) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"part-{number}.md"
    path.write_text(f"# Part {number}\n\nThis is part {number}. {'It goes on and on. ' * (words // 5)}\n")
    return path


def drop(window: MainWindow, *urls: Path | str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(url)) if isinstance(url, Path) else QUrl(url) for url in urls])
    where, action = QPointF(700, 400), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(where, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def the_sheet(window: MainWindow) -> DropSheet:
    assert window.receiving.sheet is not None
    return window.receiving.sheet


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def cells(model: DropModel, column: Column) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


async def rows(window: MainWindow, studio: Studio) -> dict[str, str]:
    """Title and own settings of every episode in the library."""
    assert window.desk.project is not None
    return {each.title: each.overrides for each in await studio.episodes(window.desk.project.id)}


def test_what_needs_no_decision_is_queued_at_once_and_taken_back_by_one_key(
    theme: Theme, run: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            drop(window, a_script(tmp_path / "in", 1), a_script(tmp_path / "in", 2))
            await window.desk.settle()
            assert window.receiving.sheet is None
            assert list(await rows(window, studio)) == ["Part 1", "Part 2"]
            QGuiApplication.clipboard().setText("Some more words that somebody copied.")
            window.commands[Do.PASTE].trigger()
            await window.desk.settle()
            assert len(await rows(window, studio)) == 3
            QGuiApplication.clipboard().clear()
            window.commands[Do.UNDO].trigger()
            await window.desk.settle()
            assert list(await rows(window, studio)) == ["Part 1", "Part 2"]
            window.commands[Do.UNDO].trigger()
            await window.desk.settle()
            assert await rows(window, studio) == {}
            drop(window, tmp_path / "in")  # what was taken back can come again
            await window.desk.settle()
            assert len(await rows(window, studio)) == 2

    run(story())


def test_taking_back_leaves_what_has_begun(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            drop(window, a_script(tmp_path / "in", 1), a_script(tmp_path / "in", 2))
            await window.desk.settle()
            first = next(iter(window.desk.model))
            await studio.cancel([first.id])
            assert await studio._rooms.projects.take_back([first.id]) == []  # nor where it began a moment ago
            window.commands[Do.UNDO].trigger()
            await window.desk.settle()
            assert list(await rows(window, studio)) == [first.title]
            told = [line.text() for line in window.notices.findChildren(QLabel)]
            assert any("1 episode had begun and stays" in line for line in told), told

    run(story())


def test_duplicates_and_refusals_are_shown_before_and_nothing_is_lost(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            folder = tmp_path / "in"
            first = a_script(folder, 1)
            drop(window, first)
            await window.desk.settle()
            a_script(folder, 2)
            (folder / "part-3.md").write_text((folder / "part-2.md").read_text())
            (folder / "empty.md").write_text("")
            drop(window, folder)
            await window.desk.settle()
            sheet = the_sheet(window)
            assert cells(sheet.model, Column.BECOMES) == [
                "“empty.md” is empty.",
                "Already here as 001",
                "The same text as \N{FIRST STRONG ISOLATE}Part 2\N{POP DIRECTIONAL ISOLATE} in this drop",
                "New episode",
            ]
            assert len(await rows(window, studio)) == 1  # nothing is queued before
            assert not nameless(sheet)
            press(window, Qt.Key.Key_Slash)  # a key of the window beneath: not while the sheet has the keyboard
            focused = QApplication.focusWidget()
            assert focused is not None
            assert sheet.isAncestorOf(focused)
            press(window, Qt.Key.Key_Escape)
            await window.desk.settle()
            assert window.receiving.sheet is None
            assert len(await rows(window, studio)) == 1
            drop(window, folder)
            await window.desk.settle()
            press(window, Qt.Key.Key_Return)
            await window.desk.settle()
            assert list(await rows(window, studio)) == ["Part 1", "Part 2"]
            assert "empty.md" in said(window.notices)
            assert named(window, "Start 2").hasFocus()

    run(story())


def test_where_money_is_spent_the_price_follows_every_choice(theme: Theme, run: Run, tmp_path: Path) -> None:
    brand = tmp_path / "house.toml"
    brand.write_text("")

    async def story() -> None:
        async with opened(theme, tmp_path, SOLD) as (window, studio):
            folder = tmp_path / "in"
            for number in range(3):
                a_script(folder, number, 2000)
            drop(window, folder)
            sheet = the_sheet(window)  # at once
            await window.desk.settle()
            automatic = sheet._figures["Cost"].text()
            assert automatic.startswith("~$")
            assert "fit the budget" in said(sheet) or "fits the budget" in said(sheet)
            model = named(sheet, "Model")
            model.addItem("Multilingual", "eleven_multilingual_v2")
            model.setCurrentIndex(model.count() - 1)
            model.activated.emit(model.currentIndex())
            await window.desk.settle()
            assert float(sheet._figures["Cost"].text()[2:]) == pytest.approx(2 * float(automatic[2:]), abs=0.02)
            sheet.terms._take_brand_file(str(brand))
            budget = named(sheet, "Budget of the project")
            assert isinstance(budget, QDoubleSpinBox)
            budget.setValue(50.0)
            await window.desk.settle()
            assert "the budget" not in said(sheet._warning)
            sheet._table.selectRow(0)
            press(window, Qt.Key.Key_Delete)
            await window.desk.settle()
            assert len(await rows(window, studio)) == 0
            sheet._table.setFocus()
            press(window, Qt.Key.Key_Return)
            await window.desk.settle()
            made = await rows(window, studio)
            assert list(made) == ["Part 1", "Part 2"]
            assert set(made.values()) == {
                json.dumps({"brand": str(brand), "model": "eleven_multilingual_v2"}, sort_keys=True)
            }
            assert (await studio.projects())[0].settings.budget_usd == 50.0
            window.commands[Do.UNDO].trigger()
            await window.desk.settle()
            assert await rows(window, studio) == {}
            assert (await studio.projects())[0].settings.budget_usd == 1.0

    run(story())


def test_a_table_becomes_episodes_with_settings_of_their_own(theme: Theme, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "topics.tsv"
    table.write_text(
        "Topic\tScript\tVoice\tPriority\tMinutes\tGuest\n"
        "One\tThe first of them is spoken.\tbuiltin:heart\thigh\t5\tAnn\n"
        "Two\t\t\t\t10\t\n"
        "Three\tThe third of them is spoken.\tnobody:knows\t\t\t\n"
        "Four\tThe fourth of them is spoken.\t\t\t\t\n"
    )

    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            drop(window, table)
            await window.desk.settle()
            sheet = the_sheet(window)
            trouble, *becomes = cells(sheet.model, Column.BECOMES)
            assert "nobody" in trouble
            assert "New episode, to be written" in becomes
            assert "Not used of the table: “Guest”" in said(sheet)
            press(window, Qt.Key.Key_Return)
            await window.desk.settle()
            own = '{"minutes": 5.0, "voice": "builtin:heart"}'
            assert await rows(window, studio) == {"One": own, "Two": "", "Four": ""}
            assert {row.title: row.priority for row in window.desk.model} == {"One": 10, "Two": 0, "Four": 0}

    run(story())


def test_what_topics_will_cost_is_said_before_they_are_added(theme: Theme, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "topics.tsv"
    table.write_text("Topic\tMinutes\nOne\t10\nTwo\t20\n")
    model = {"writer": "http://127.0.0.1:9/v1", "writer_prices": "0.15 / 0.60"}

    async def story() -> None:
        async with opened(theme, tmp_path, SOLD.with_values(model)) as (window, studio):
            drop(window, table)
            await window.desk.settle()
            words = said(the_sheet(window))
            assert "To be written first: 2 topics, 30 min: up to $" in words
            assert "usually about $0.0" in words
            characters, costs = (cells(the_sheet(window).model, each) for each in (Column.CHARACTERS, Column.COST))
            # At most: as fast as the voice speaks, without a pause.
            assert [
                int(each.replace(",", "")) >= minutes * 950 for each, minutes in zip(characters, (10, 20), strict=True)
            ]
            assert all(each.startswith("≤ $") for each in costs)
            assert cells(the_sheet(window).model, Column.LENGTH) == ["~10:00", "~20:00"]
            press(window, Qt.Key.Key_Return)
            await window.desk.settle()
            # And once more, for both together, before anything begins.
            project = window.desk.project
            assert project is not None
            quote = await studio.market.quote(project)
            assert (quote.episodes, quote.writing.topics, quote.writing.minutes) == (2, 2, 30.0)
            assert quote.cost_micro > quote.writing.most_micro > quote.writing.usual_micro > 0
            assert quote.characters >= 30 * 950
            assert sum(float(each.removeprefix("≤ $")) for each in costs) >= quote.cost_micro / 1e6 - 0.01
            # Those that do not fit are not begun.
            tight = replace(project, settings=project.settings.with_values({"budget_usd": quote.cost_micro / 1.5e6}))
            await studio.update_project(tight)
            assert len((await studio.market.quote(tight)).fits) == 1

    run(story())


def test_a_link_that_leads_nowhere_is_one_sentence(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            drop(window, "https://127.0.0.1:9/x.md")
            assert window.receiving.sheet is not None  # at once: a link may take its time
            await window.desk.settle()
            assert window.receiving.sheet is None
            assert "private network" in said(window.notices)
            assert await rows(window, studio) == {}

    run(story())


def test_thousands_are_read_beside_the_window_and_can_be_left(theme: Theme, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(1500):
        a_script(folder, number)

    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            drop(window, folder)
            await until(lambda: window.receiving.sheet is not None and window.receiving.sheet.model.rowCount() > 0)
            sheet = the_sheet(window)
            assert "of 1,500 so far" in said(sheet)
            assert not named(sheet, "Reading…").isEnabled()
            press(window, Qt.Key.Key_Return)  # not before all is read
            press(window, Qt.Key.Key_Escape)
            await window.desk.settle()
            assert window.receiving.sheet is None
            assert await rows(window, studio) == {}
            drop(window, folder)
            await window.desk.settle()
            drop(window, a_script(tmp_path / "more", 5000))  # onto the sheet that is there
            await window.desk.settle()
            assert "Add 1,501 episodes" in said(the_sheet(window))
            press(window, Qt.Key.Key_Return)
            await window.desk.settle()
            assert len(await rows(window, studio)) == 1501
            assert {row.state for row in window.desk.model} == {State.QUEUED}

    run(story())


def test_the_model_keeps_qts_rules(theme: Theme, run: Run, tmp_path: Path, qtmodeltester: ModelTester) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            folder = tmp_path / "in"
            for number in range(60):
                a_script(folder, number)
            assert window.desk.project is not None
            model = DropModel(theme, window)
            async for looked in studio.reception.look(window.desk.project, [folder, tmp_path / "gone"], titles={}):
                model.add(looked)
                qtmodeltester.check(model)  # type: ignore[no-untyped-call]
            model.leave_out([0, 5])
            qtmodeltester.check(model)  # type: ignore[no-untyped-call]
            assert model.rowCount() == 59

    run(story())
