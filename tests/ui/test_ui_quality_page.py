"""Quality over time in the real window, on the real engine and a real library."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio import app
from studio.domain.episode import Clearance, Stage, State
from studio.domain.findings import Verdict
from studio.domain.measures import Line, Measure
from studio.domain.project import Project
from studio.domain.sampling import RandomReview
from studio.domain.settings import Settings
from studio.domain.trend import trend
from studio.engine.drift import Course, ProjectTrend, quality
from studio.engine.ports import NewEpisode
from studio.store.library import Library
from studio.ui import quality_words as words
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.quality_legend import Legend
from studio.ui.quality_page import QualityPage
from studio.ui.theme import Theme
from studio.ui.trend_table import TrendModel, TrendRow
from tests.domain.test_quality_control import CHECK
from tests.store.quick_library import open_quick
from tests.store.store_samples import script
from tests.ui.course_library import Told, create, fill, finish, steady
from tests.ui.hands import choose, nameless, press, said, until

Run = Callable[[Coroutine[Any, Any, None]], None]
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture(autouse=True)
def closing_a_window_is_not_the_end(qapp: QApplication) -> None:
    """As the program itself has it: the engine has to be closed after the window."""
    qapp.setQuitOnLastWindowClosed(False)


def falling(count: int, since: int, by: float = 0.02) -> list[Told]:
    """As usual, and from number `since` (from 1) on worse."""
    rng = Random(4)
    found = [steady(rng) for _ in range(count)]
    return [replace(each, accuracy=each.accuracy - by * (place >= since)) for place, each in enumerate(found, start=1)]


async def made(root: Path, *projects: Sequence[Told]) -> list[Project]:
    library = await open_quick(root)
    rows = []
    for number, told in enumerate(projects, start=1):
        rows.append(await create(library, f"Show {number}"))
        await fill(library, rows[-1], told, title=lambda place: f"On subject {place + 1}")
    await library.close()
    return rows


@asynccontextmanager
async def shown(theme: Theme, root: Path) -> AsyncIterator[tuple[MainWindow, QualityPage]]:
    async with app.opened_studio(root) as studio:
        window = MainWindow(theme, library=root, samples=())
        window.resize(1440, 900)
        window.show()
        project = next(iter(await studio.projects()), None) or await studio.create_project("Show", root, Settings())
        await window.attach(studio, project, root)
        try:
            window.commands[Do.QUALITY_PAGE].trigger()
            page = window.pages.currentWidget()
            assert isinstance(page, QualityPage)
            await window.desk.settle()
            yield window, page
            window.close()
            await window.until_closed()
        finally:
            window.machine.stop()
            window.deleteLater()


def test_without_episodes_it_says_what_it_is_for(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with shown(theme, tmp_path) as (_, page):
            assert "No episode has been checked yet" in said(page)

    run(story())


def test_twelve_are_learned_from(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await made(tmp_path, falling(12, 99))
        async with shown(theme, tmp_path) as (_, page):
            text = said(page)
            assert "Learning, 12 of 25" in text
            assert "After 13 more episodes" in text
            assert "None of 12 episodes is under the line of 94%." in text
            assert not nameless(page)

    run(story())


def test_a_drift_is_told_and_its_episode_is_a_key_away(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await made(tmp_path, falling(60, 46))
        async with shown(theme, tmp_path) as (window, page):
            text = said(page)
            assert "Drifting" in text
            assert "Words heard by “Heart” have drifted down since episode 046: 97.3% against 99.3%." in text
            assert "Hear one of them beside an earlier one." in text
            assert not nameless(page)
            plot = page._plot
            assert plot is not None
            assert not plot.getPlotItem().getViewBox().menuEnabled()
            plot.setFocus()
            for key in (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left):
                QTest.keyClick(plot, key)
            assert "058" in plot.accessibleName()
            assert "below usual" in plot.accessibleName()
            QTest.keyClick(plot, Qt.Key.Key_Return)
            await window.desk.settle()
            assert window.pages.page.do is Do.BATCH_PAGE
            chosen = window.desk.model.episode(window.page.table.current_id() or 0)
            assert chosen is not None
            assert chosen.number == 58

    run(story())


def test_a_click_on_a_point_shows_its_episode(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await made(tmp_path, falling(40, 99))
        async with shown(theme, tmp_path) as (window, page):
            plot = page._plot
            assert plot is not None
            QApplication.processEvents()
            at = plot.position_of(16).toPoint()
            assert plot.point_at(plot.position_of(16)) == 16
            QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
            await window.desk.settle()
            chosen = window.desk.model.episode(window.page.table.current_id() or 0)
            assert chosen is not None
            assert chosen.number == 17

    run(story())


def test_an_episode_of_another_project_is_shown_there(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        _, second = await made(tmp_path, falling(40, 30, by=0.04), falling(3, 99))
        async with shown(theme, tmp_path) as (window, page):
            assert window.desk.project is not None
            assert window.desk.project.id == second.id
            assert "since episode 030 of “\u2068Show 1\u2069”" in said(page)
            page._open_place(31)
            await window.desk.settle()
            assert window.desk.project.name == "Show 1"
            chosen = window.desk.model.episode(window.page.table.current_id() or 0)
            assert chosen is not None
            assert chosen.number == 32
            assert window.pages.page.do is Do.BATCH_PAGE

    run(story())


def test_other_measures_and_what_is_remembered(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        await made(tmp_path, [replace(each, loudness=-16.3) for each in falling(30, 99)])
        async with shown(theme, tmp_path) as (window, page):
            for measure in Measure:
                choose(page, "Measure", words.NAMES[measure])
                await window.desk.settle()
                if measure is Measure.BRAND:
                    assert "No episode was held against a brand file." in said(page)
                else:
                    assert "As usual" in said(page), measure
                if measure is Measure.LOUDNESS:
                    assert "30 of 30 are outside −16.10 LUFS to −15.90 LUFS." in said(page)
            assert not nameless(page)
            theme.follow(Qt.ColorScheme.Dark)
            theme.follow(Qt.ColorScheme.Light)
        async with shown(theme, tmp_path) as (_, page):
            assert words.MEANINGS[Measure.LIMITING] in said(page)

    run(story())


def test_what_is_checked_meanwhile_is_there_without_asking(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        (project,) = await made(tmp_path, falling(24, 99))
        async with shown(theme, tmp_path) as (window, page):
            assert "Learning, 24 of 25" in said(page)
            assert legend(page) == ["an episode", "learned from"]
            studio = window.desk.door()
            library: Library = studio._rooms.projects  # type: ignore[assignment]  # `finish` asks for its `projects`
            await studio._rooms.projects.add(project, [NewEpisode(script(99, 4))])
            row = (await studio.episodes(project.id))[-1]
            await finish(_Half(library), row, Told(0.993))  # type: ignore[arg-type]
            window.bridge.added.emit(list(await studio.episodes(project.id)))
            await until(lambda: "As usual" in said(page) and "None of 25 episodes" in said(page))

    run(story())


def legend(page: QWidget) -> list[str]:
    """The words that the chart's legend explains."""
    (found,) = page.findChildren(Legend)
    return [line.split(":")[0] for line in found.toolTip().splitlines()]


class _Half:
    """A library of which only the projects are at hand."""

    def __init__(self, projects: Any) -> None:
        self.projects = projects


def test_the_way_from_the_list(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        told = falling(40, 99)
        told[30] = replace(told[30], accuracy=0.90)
        await made(tmp_path, told)
        async with shown(theme, tmp_path) as (window, page):
            assert "Episode 031 stands out: words heard 90.0%, where " in said(page)
            assert "1 of 40 is under the line of 94%." in said(page)
            assert legend(page) == ["an episode", "learned from", "limits", "moving average", "stands out"]
            press(page, "Show episode 031")
            await window.desk.settle()
            chosen = window.desk.model.episode(window.page.table.current_id() or 0)
            assert chosen is not None
            assert chosen.number == 31
            assert (chosen.state, chosen.stage, chosen.clearance) == (State.DONE, Stage.EXPORT, Clearance.NOT_NEEDED)

    run(story())


def test_plots_are_loaded_with_the_first_page_that_has_them() -> None:
    code = "import sys, studio.ui.main_window, studio.ui.quality_page; print('pyqtgraph' in sys.modules)"
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_the_model_of_the_projects(qapp: QApplication) -> None:
    model = TrendModel()
    tester = QAbstractItemModelTester(model, FATAL)
    values = tuple(0.99 - place / 1000 for place in range(60))
    row = TrendRow("Show", Line(least=0.94), ProjectTrend(1, values, trend(values)))
    model.show_rows(Measure.WORDS, [row, replace(row, name="שלום", line=Line())])
    assert [model.index(0, column).data() for column in range(3)] == ["Show", "60", "9"]
    assert model.index(1, 2).data() == "—"
    assert model.worse(0)
    model.show_rows(Measure.WORDS, [])
    assert model.rowCount() == 0
    tester.deleteLater()


def course_of(*accuracies: float, measure: Measure = Measure.WORDS) -> Course:
    checks = [
        replace(CHECK, number=number, title=f"Nr {number}", word_accuracy=accuracy, verdict=Verdict.PASS)
        for number, accuracy in enumerate(accuracies, start=1)
    ]
    course = quality(checks, {}, measure, None).course
    assert course is not None
    return course


def test_a_drift_that_is_over_and_one_for_the_better_ask_for_nothing() -> None:
    usual = [0.97 + (place % 5) / 1000 for place in range(25)]
    over = course_of(*usual, *([0.93] * 4), *([0.972] * 20))
    (signal,) = [each for each in over.chart.signals if each.rule.value == "drift"]
    assert words.sentence(over, signal, "“Heart”").endswith("93.0% against 97.2%. That is over.")
    assert words.cure(over, signal).startswith("Nothing needs to be done now")
    better = course_of(*usual, *([0.999] * 4))
    assert words.state_words(better) == "Better than usual"
    assert words.cure(better, better.chart.signals[0]) == "It is better than before, so nothing needs to be done."


@pytest.mark.parametrize(
    ("review", "part"),
    [
        (None, "Nothing has passed yet"),
        (RandomReview(100, 0, 0), "39 episodes heard without a bad one would prove that at most 5% are bad"),
        (RandomReview(100, 10, 0), "at most 24 (24.0%) are bad. 29 more without a bad one would prove at most 5%."),
        (RandomReview(1, 1, 0), "1 of 1 passed episode was heard at random and none was bad."),
        (RandomReview(1000, 100, 2), "2 were bad."),
        (RandomReview(100, 60, 0), "are bad."),
    ],
)
def test_what_the_random_review_proves(review: RandomReview | None, part: str) -> None:
    assert part in words.review_words(review)


def test_series_are_told_apart_by_what_differs() -> None:
    checks = [
        replace(CHECK, voice="elevenlabs:v1", model="flash", spoken_as='{"speed":1.0,"stability":0.5}'),
        replace(CHECK, voice="elevenlabs:v1", model="flash", spoken_as='{"speed":1.1,"stability":0.5}', ears="base"),
        CHECK,
    ]
    found = quality(checks, {}, Measure.WORDS, None)
    names = [words.series_name(each, found.series, {"elevenlabs:v1": "Rachel"}) for each in found.series]
    assert names == [
        "Heart (Built-in voice)",
        "Rachel (ElevenLabs) · speed 1.1 · heard by base",
        "Rachel (ElevenLabs) · speed 1.0 · heard by tiny.en",
    ]


def test_reading_ten_thousand_does_not_hold_up_the_loop(theme: Theme) -> None:
    rng = Random(1)
    checks = [
        replace(CHECK, number=number, episode_id=number, word_accuracy=0.98 + rng.gauss(0, 0.004))
        for number in range(1, 10_001)
    ]
    course = quality(checks, {}, Measure.WORDS, None).course
    assert course is not None
    assert len(course.usual) == 10_000
    assert len(course.average) == 10_000 - 25
