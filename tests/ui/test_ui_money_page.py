"""The Money page in the real window, on the real engine and a real library: figures, plots, tables, files, alerts."""

import asyncio
import csv
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from studio import app
from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Stage
from studio.domain.money import Price
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.domain.voice import SpeechSettings, VoiceRef
from studio.engine.batch import Studio
from studio.engine.budget import Balance, BudgetWatch
from studio.engine.events import BudgetReached
from studio.engine.ports import Checked
from studio.engine.trade import Purchase
from studio.store.library import Library
from studio.ui.budget_bar import UseBar
from studio.ui.commands import Do
from studio.ui.figures import Column, Figure, FigureModel, Sheet
from studio.ui.main_window import MainWindow
from studio.ui.money_page import MoneyPage
from studio.ui.plots import BarPlot, steps
from studio.ui.theme import DARK, LIGHT, Theme
from tests.store.quick_library import SOUND
from tests.store.store_samples import NO_LIMITS, TERMS, chunk, master, report, take, working
from tests.ui.hands import choose, named, nameless, press, said, until

pytestmark = pytest.mark.window

Run = Callable[[Coroutine[Any, Any, None]], None]
FORMULA = '=HYPERLINK("http://example.org")'
RACHEL, HEART = "elevenlabs:rachel", "builtin:heart"
NOW = datetime.now(UTC)


@dataclass
class Seen:
    """The window at the Money page, and the engine behind it."""

    window: MainWindow
    studio: Studio
    page: MoneyPage

    async def settle(self) -> None:
        """Let it read and draw what it was asked for."""
        for _ in range(3):
            await self.window.desk.settle()
            await asyncio.sleep(0.02)

    async def choose(self, name: str, words: str) -> None:
        choose(self.page, name, words)
        named(self.page, name).activated.emit(named(self.page, name).currentIndex())
        await self.settle()

    @property
    def tiles(self) -> list[str]:
        return [each.accessibleName() for each in self.page._tiles.findChildren(QWidget) if each.accessibleName()]


async def spend(
    library: Library, project: Project, key: str, micro: int, days_ago: int = 0, end: str = "settle"
) -> None:
    """Buy something for the first episode of a project, some days ago."""
    library.ledger._clock = lambda: NOW - timedelta(days=days_ago)
    episode = (await library.projects.episodes(project.id))[0]
    how = SpeechSettings(VoiceRef.parse(RACHEL), "flash")
    wanted = Purchase(project.id, episode.id, chunk(key), how, TERMS, Price(micro, micro), NO_LIMITS)
    attempt = await library.ledger.reserve(wanted)
    if end == "hold":
        return
    await library.ledger.sent(attempt)
    if end == "doubt":
        await library.ledger.unclear(attempt, "cut", Receipt())
        return
    await library.ledger.received(attempt, Receipt())
    await library.ledger.stored(attempt, SOUND)
    await library.ledger.settle(attempt, Receipt(), micro)


async def speak(library: Library, project: Project, voice: str, minutes: int, number: int, cost: int = 0) -> None:
    """Let an episode be spoken and checked, today."""
    episode = await working(library, project, number)
    audio = await library.artifacts.keep_bytes(f"{project.id} {number}".encode(), ".flac")
    now = replace(episode, stage=Stage.CHECK, take=1, takes=1, cost_micro=cost)
    for product in (
        replace(take(audio), voice=voice, model="flash", duration_s=60.0 * minutes),
        master(audio, audio),
        Checked(1, report()),
    ):
        await library.projects.save(now, product=product)


async def paid(library: Library, home: Path) -> None:
    """Two projects that bought speech from one vendor, and one of them some of its own."""
    show = await library.projects.create("Walden", home / "out", Settings(voice=RACHEL, budget_usd=20.0))
    other = await library.projects.create(FORMULA, home / "other", Settings(voice=RACHEL))
    await speak(library, show, RACHEL, 10, 1, cost=2_500_000)
    await speak(library, show, HEART, 30, 2)
    await working(library, other)
    await library.projects.save(replace(await working(library, show, 3), expected_duration_s=300.0))
    await spend(library, show, "a", 1_500_000, days_ago=3)
    await spend(library, show, "b", 1_000_000, days_ago=1)
    await spend(library, show, "c", 250_000, days_ago=40)
    await spend(library, other, "d", 5_000_000, days_ago=2)


@asynccontextmanager
async def money(
    theme: Theme, home: Path, fill: Callable[[Library, Path], Coroutine[Any, Any, None]]
) -> AsyncIterator[Seen]:
    """The page on a library that `fill` has filled; its first project is open."""
    library = await Library.open(home / "library")
    await fill(library, home)
    await library.close()
    async with app.opened_studio(home / "library") as studio:
        window = MainWindow(theme, library=home, samples=())
        window.resize(1440, 900)
        window.show()
        first = min(await studio.projects(), key=lambda project: project.id, default=None)
        await window.attach(studio, first, home / "out")
        window.commands[Do.MONEY_PAGE].trigger()
        page = window.pages.currentWidget()
        assert isinstance(page, MoneyPage)
        seen = Seen(window, studio, page)
        await until(lambda: page._days.plot._plot is not None)
        await seen.settle()
        try:
            yield seen
        finally:
            window.machine.stop()
            window.close()
            await window.until_closed()
            window.deleteLater()


def test_the_page_says_what_the_ledger_says(theme: Theme, run: Run, tmp_path: Path, qtmodeltester: Any) -> None:
    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            assert seen.tiles == [
                "Spent: $2.50 in 30 days",
                "Held: — nothing is promised",
                "Burn rate: ~$0.62 a day",
                "At completion: ~$4.00 with 1 more",
                "A finished minute: $0.25 10 min finished",
                "An accepted minute: — none accepted yet",
            ]
            shown = said(seen.page)
            assert "Budgets of \u2068Walden\u2069" in shown
            assert "$2.75 spent, $17.25 left of $20.00 for the project" in shown
            header, rows = seen.page._groups.table.as_shown()
            assert header[:4] == ["Voice", "Spent (USD)", "Held (USD)", "Finished (minutes)"]
            assert [row[:4] for row in rows] == [
                ["ElevenLabs: rachel", "2.500000", "0.000000", "10.00"],
                ["Built-in voice: Heart", "0.000000", "0.000000", "30.00"],
            ]
            assert seen.page._groups.table.model().index(1, 1).data() == "costs nothing"
            press(seen.page, "All")
            await seen.settle()
            assert seen.tiles[0] == "Spent: $2.75 since the beginning"
            await seen.choose("Which projects", "All projects")
            await seen.choose("Split", "By project")
            assert seen.tiles[0] == "Spent: $7.75 since the beginning"
            _, rows = seen.page._groups.table.as_shown()
            assert [row[:2] for row in rows] == [[FORMULA, "5.000000"], ["Walden", "2.750000"]]
            costs = await seen.studio.costs()
            _, days = seen.page._days.table.as_shown()
            assert sum(round(float(str(row[1])) * 1_000_000) for row in days) == costs.settled_micro
            assert nameless(seen.page) == []
            qtmodeltester.check(seen.page._groups.table.model())
            qtmodeltester.check(seen.page._days.table.model())

    run(story())


def test_the_plot_shows_the_figures_of_the_table_and_tells_them_in_words(
    theme: Theme, run: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            await seen.choose("Which projects", "All projects")
            await seen.choose("Split", "By project")
            plot = seen.page._days.plot
            assert plot._bars is not None
            assert [series.name for series in plot._bars.series] == [FORMULA, "Walden"]
            heights = [sum(values) for values in zip(*(each.values for each in plot._bars.series), strict=True)]
            assert len(heights) == 30
            assert sorted(value for value in heights if value) == [1_000_000, 1_500_000, 5_000_000]
            drawn = [item for item in plot._plot.getPlotItem().items if type(item).__name__ == "BarGraphItem"]
            assert [tuple(item.opts["height"]) for item in drawn] == [each.values for each in plot._bars.series]
            view, widget = plot._plot.getViewBox(), plot._plot
            scene = view.mapViewToScene(QPointF(27, 1_000_000))  # two days ago
            at = QPointF(widget.mapTo(plot, widget.mapFromScene(scene)))
            tip = plot.tip_at(at)
            assert "$5.00 spent" in tip
            assert f"\u2068{FORMULA}\u2069: $5.00" in tip
            assert plot.tip_at(QPointF(1, 1)) == ""
            assert "for each of 30 days" in plot.accessibleDescription()

    run(story())


def test_nothing_but_the_page_answers_the_mouse_on_a_plot(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            plot = seen.page._days.plot
            before = plot._plot.getViewBox().viewRange()
            middle = plot.rect().center()
            QTest.mouseClick(plot, Qt.MouseButton.RightButton, pos=middle)
            QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=middle)
            QTest.mouseMove(plot, middle + QPoint(80, 20))
            QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle + QPoint(80, 20))
            assert QApplication.activePopupWidget() is None
            assert plot.childAt(middle) is None  # the mouse goes through to the page, which scrolls
            assert plot._plot.getViewBox().viewRange() == before
            assert plot._plot.getPlotItem().buttonsHidden

    run(story())


def test_a_table_is_written_as_it_is_shown_and_runs_nothing(
    theme: Theme, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QFileDialog] = []

    def note(dialog: QFileDialog) -> None:
        asked.append(dialog)

    monkeypatch.setattr(QFileDialog, "open", note)

    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            await seen.choose("Which projects", "All projects")
            await seen.choose("Split", "By project")
            seen.page._groups.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
            press(seen.page, "Export the totals as CSV")
            out = tmp_path / "tåble.csv"
            passing: list[str] = []
            seen.window.desk.said.connect(passing.append)
            asked.pop().fileSelected.emit(str(out))
            await seen.settle()
            assert out.read_bytes().startswith(b"\xef\xbb\xbfProject,Spent (USD),")
            with out.open(encoding="utf-8-sig", newline="") as file:
                header, *rows = csv.reader(file)
            assert [row[:2] for row in rows] == [["Walden", "2.500000"], [f"'{FORMULA}", "5.000000"]]
            shown = seen.page._groups.table.as_shown()[0]
            assert header == shown
            assert passing == ["2 rows written to \u2068tåble.csv\u2069"]
            press(seen.page, "Export the days as CSV")
            asked.pop().fileSelected.emit(str(tmp_path / "no" / "such" / "days.csv"))
            await seen.settle()
            assert "cannot be written" in said(seen.page)

    run(story())
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["tåble.csv"]


def test_free_speech_shows_its_minutes_and_that_it_costs_nothing(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def free(library: Library, home: Path) -> None:
        show = await library.projects.create("Free", home / "out", Settings())
        await speak(library, show, HEART, 12, 1)

    async def story() -> None:
        async with money(theme, tmp_path, free) as seen:
            assert seen.tiles[0] == "Spent: $0.00 in 30 days"
            assert seen.tiles[4] == "A finished minute: Free the built-in voice"
            assert "Minutes finished, day by day: the built-in voice costs nothing" in said(seen.page)
            bars = seen.page._days.plot._bars
            assert bars is not None
            assert max(bars.series[0].values) == 12.0
            assert not named(seen.page, "Measure").isEnabled()
            assert named(seen.page, "Measure").currentText() == "Minutes"

    run(story())


def test_an_empty_library_teaches(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def nothing(library: Library, home: Path) -> None:
        await library.projects.create("New", home / "out", Settings())

    async def story() -> None:
        async with money(theme, tmp_path, nothing) as seen:
            shown = said(seen.page)
            assert "Nothing was spent or made in this time" in shown
            assert "None is set" in shown
            assert "Export CSV…" not in shown

    run(story())


def test_held_money_is_not_spent_and_unclear_calls_are_said_to_be(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def held(library: Library, home: Path) -> None:
        show = await library.projects.create("Walden", home / "out", Settings(voice=RACHEL))
        await working(library, show)
        await spend(library, show, "a", 300_000, end="doubt")

    async def story() -> None:
        async with money(theme, tmp_path, held) as seen:
            assert seen.tiles[:2] == ["Spent: $0.00 in 30 days", "Held: $0.30 $0.30 of it unclear"]
            assert "$0.30 is held for unclear calls" in said(seen.page)
            bars = seen.page._days.plot._bars
            assert bars is not None
            assert [(each.name, sum(each.values)) for each in bars.series] == [
                ("ElevenLabs: rachel", 0),
                ("Held, not spent", 300_000),
            ]
            assert seen.page._groups.table.model().index(0, 7).data() == "$0.30 (1 call)"

    run(story())


def test_what_was_chosen_is_there_at_the_next_start_and_nonsense_is_not(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            await seen.choose("Split", "By model")
            await seen.choose("Measure", "Minutes")
            press(seen.page, "The last 90 days")
            await seen.settle()
        async with again(theme, tmp_path) as page:
            assert named(page, "Split").currentText() == "By model"
            assert named(page, "Measure").currentText() == "Minutes"
            assert named(page, "The last 90 days").isChecked()
            for name, value in (("split", "no such"), ("measure", "x"), ("period", 12)):
                page._memory.keep(f"money/{name}", value)
        async with again(theme, tmp_path) as page:
            assert named(page, "Split").currentText() == "By voice"
            assert named(page, "The last 30 days").isChecked()

    run(story())


@asynccontextmanager
async def again(theme: Theme, home: Path) -> AsyncIterator[MoneyPage]:
    async def nothing(library: Library, home: Path) -> None:
        """It is filled."""

    async with money(theme, home, nothing) as seen:
        yield seen.page


def test_both_schemes_draw_in_their_own_colours(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with money(theme, tmp_path, paid) as seen:
            for scheme, tokens in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
                theme.follow(scheme)
                await seen.settle()
                plot = seen.page._days.plot
                image = plot.grab().toImage()
                assert image.pixelColor(image.width() // 2, 3).name() == tokens.raised
                colours = {
                    image.pixelColor(x, y).name()
                    for x in range(0, image.width(), 2)
                    for y in range(0, image.height(), 4)
                }
                assert tokens.accent in colours

    run(story())


def test_a_budget_that_is_used_up_is_told_in_the_window_once(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        reached: list[BudgetReached] = []
        async with money(theme, tmp_path, paid) as seen:
            project = seen.window.desk.project
            assert project is not None
            tight = replace(project, settings=Settings(voice=RACHEL, budget_usd=3.0))
            seen.window.bridge.budget_reached.connect(reached.append)
            rooms = seen.studio._rooms
            for _ in range(2):  # a watch knows nothing of what another one has told
                watch = BudgetWatch(rooms.ledger, rooms.books, rooms.clock, seen.studio.events)
                await watch.look(tight, Balance())
            await seen.settle()
            assert [(event.mark, event.use.settled) for event in reached] == [(0.8, 2_750_000)]
            seen.window.commands[Do.BATCH_PAGE].trigger()
            told = said(seen.window.notices)
            assert told.count("91% of the budget of the project “Walden” ($3.00) is spent or promised") == 1

    run(story())


def test_drawing_is_loaded_when_the_page_is_shown_and_not_before() -> None:
    code = (
        "import sys, studio.ui.main_window, studio.ui.money_page; "
        "print(*{'pyqtgraph', 'numpy', 'studio.engine.books'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["studio.engine.books"]


def test_rows_are_sorted_and_stay_selected_where_they_go(qtmodeltester: Any) -> None:
    model = FigureModel()
    qtmodeltester.check(model)
    columns = (Column("Name", number=False), Column("Spent"))

    def sheet(*values: int) -> Sheet:
        return Sheet(
            columns,
            tuple((Figure(f"n{value}", f"n{value}", None), Figure(f"${value}", value, value)) for value in values),
        )

    model.show_sheet(sheet(5, 30, 4))
    assert [row[1] for row in model.as_shown()] == [30, 4, 5]  # by their names
    chosen = QPersistentModelIndex(model.index(1, 0))
    words = chosen.data()
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row[1] for row in model.as_shown()] == [30, 5, 4]
    assert chosen.data() == words
    model.show_sheet(sheet(50, 3, 40))  # other figures, as many rows
    assert [row[1] for row in model.as_shown()] == [50, 40, 3]
    model.show_sheet(sheet(1))
    assert [row[1] for row in model.as_shown()] == [1]
    qtmodeltester.check(model)


@pytest.mark.parametrize(
    ("top", "unit", "most", "marks"),
    [
        (0.0, 1e6, 5, [0.0, 1e6]),
        (2.1e6, 1e6, 5, [0.0, 5e5, 1e6, 1.5e6, 2e6, 2.5e6]),
        (950.0, 1e6, 2, [0.0, 500.0, 1000.0]),
        (7.0, 1.0, 4, [0.0, 2.0, 4.0, 6.0, 8.0]),
        (5e9, 1e6, 5, [0.0, 1e9, 2e9, 3e9, 4e9, 5e9]),
    ],
)
def test_an_axis_has_round_marks(top: float, unit: float, most: int, marks: list[float]) -> None:
    assert steps(top, unit, most) == pytest.approx(marks)


def test_a_plot_without_its_library_says_that_it_is_drawing(theme: Theme) -> None:
    plot = BarPlot(theme, "Plot")
    assert "Drawing" in said(plot)
    assert plot.tip_at(QPointF(5, 5)) == ""


def test_a_budget_bar_has_notches_where_the_user_is_told(theme: Theme) -> None:
    bar = UseBar(theme)
    bar.resize(200, 8)
    bar.show_use(BudgetUse(Scope.BATCH, 100, 60, 10))
    image = bar.grab().toImage()
    colours = [image.pixelColor(x, 4).name() for x in range(200)]
    ground = theme.colour("panel").name()
    notched = [x for x, colour in enumerate(colours) if colour == ground]
    assert {100, 160} <= set(notched)
    assert all(min(abs(x - mark) for mark in (100, 160)) <= 1 for x in notched)
