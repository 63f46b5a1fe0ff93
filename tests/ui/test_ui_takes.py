"""The dock on a real library: real takes with real MP3s and waveforms, one against the other, from the keyboard."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio import app
from studio.domain.findings import Verdict
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.ports import Details
from studio.engine.takes import Reason, Takes, TakeSound, attenuation_db, why_in_use
from studio.ui import take_words
from studio.ui.commands import Do
from studio.ui.frame import LEAST
from studio.ui.main_window import MainWindow
from studio.ui.selection import Selection
from studio.ui.theme import Theme
from tests.ui.hands import named, nameless, said, until
from tests.ui.two_takes import Spoken, add_spoken

Run = Callable[[Coroutine[Any, Any, None]], None]

TWO, ONE = 1, 2  # the episodes, by their takes
FAST, SLOW = Spoken(wrong=(3, 12)), Spoken(pace=1.4, lufs=-19.0, wrong=(12,))


@pytest.fixture(autouse=True)
def goes_on(qapp: QApplication) -> Iterator[None]:
    """The program outlives its window: the engine is closed after it."""
    qapp.setQuitOnLastWindowClosed(False)
    yield
    qapp.setQuitOnLastWindowClosed(True)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with an episode of two takes, the second in use, and one with a single take."""
    home = tmp_path_factory.mktemp("takes")

    async def make() -> None:
        async with app.opened_studio(home) as studio:
            project = await studio.create_project("Problems", home / "out", Settings())
            await add_spoken(studio, project, "Appearance", (FAST, SLOW), 2)
            await add_spoken(studio, project, "Reality", (Spoken(pace=1.1),), 1)

    asyncio.run(make())
    return home


@asynccontextmanager
async def window_on(theme: Theme, library: Path, home: Path) -> AsyncIterator[tuple[MainWindow, Studio]]:
    """The window on that library, which keeps what it remembers at `home`."""
    async with app.opened_studio(library) as studio:
        (project,) = await studio.projects()
        window = MainWindow(theme, library=home, samples=())
        window.resize(1440, 900)
        window.show()
        await window.attach(studio, project, home)
        await until(lambda: window.page.table.choose(ONE))
        try:
            yield window, studio
        finally:
            window.player.shut()
            window.machine.stop()
            await window.desk.leave()
            await window.desk.settle()
            window.deleteLater()


async def chosen(window: MainWindow, episode_id: int) -> None:
    assert window.page.table.choose(episode_id)
    await settled(window)


async def settled(window: MainWindow) -> None:
    for _ in range(3):
        await asyncio.sleep(0.02)
        await window.desk.settle()


def press(window: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, keys)


def test_x_goes_to_the_same_word_of_the_other_take(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, studio):
            await chosen(window, TWO)
            dock, player = window.dock, window.player
            fast, slow = await studio.takes.all(TWO)
            assert "Take 2 of 2" in said(dock)
            assert "Take 2 sounds, and is in use: less of it is wrong than of take 1." in said(dock)
            word = slow.words[20]
            player.seek((word.start_s + word.end_s) / 2)
            dock.wave.show_span(word.start_s, word.end_s)
            dock.wave.select(Selection(word.start_s, word.end_s))
            press(window, Qt.Key.Key_X)
            await settled(window)
            twin = fast.words[20]
            assert player.position == pytest.approx((twin.start_s + twin.end_s) / 2, abs=0.01)
            assert dock.wave.selection is not None
            assert dock.wave.selection.start_s == pytest.approx(twin.start_s, abs=0.01)
            assert dock.wave.scale.start < twin.start_s < twin.end_s < dock.wave.scale.end
            assert "Take 1 of 2" in said(dock)
            assert "Take 1 sounds, in place of take 2, which is in use" in said(dock)
            # The other take has findings of its own; the louder one is played softer.
            assert dock.marks.marks.rowCount() == 2 + 2 + 1
            assert player._trim_db == pytest.approx(-3.0, abs=0.3)
            # Something else happens to the episode: what sounds stays.
            window.choice.choose(TWO)
            await settled(window)
            assert "Take 1 of 2" in said(dock)
            press(window, Qt.Key.Key_X)
            await settled(window)
            assert player.position == pytest.approx((word.start_s + word.end_s) / 2, abs=0.01)
            assert player._trim_db == 0.0
            # The review is about the take in use: its places bring it back.
            press(window, Qt.Key.Key_X)
            await settled(window)
            press(window, Qt.Key.Key_Space)
            assert "Take 2 of 2" in said(dock)
            place = slow.words[12]
            assert player.position == pytest.approx(max(0.0, place.start_s - 1.2), abs=0.01)

    run(story())


def test_x_counts_before_the_takes_are_there_and_twice_is_there_and_back(
    theme: Theme, run: Run, library: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, _):
            await chosen(window, ONE)
            other, pressed = window.commands[Do.OTHER_TAKE], list[int]()

            def at_once(details: Details | None) -> None:
                if details is not None and details.episode.id == TWO and not pressed:
                    pressed.append(TWO)
                    other.trigger()

            window.choice.details_changed.connect(at_once)
            await chosen(window, TWO)
            await until(lambda: "Take 1 sounds" in said(window.dock))
            for _ in range(3):
                other.trigger()
            await settled(window)
            await until(lambda: "Take 2 sounds" in said(window.dock))

    run(story())


def test_the_smallest_window_holds_the_longest_row(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, _):
            await chosen(window, TWO)
            row, volume = window.dock._transport, named(window.dock, "Volume")
            row.show_take(10, 12)
            row.show_position(36_000.1, 39_600.2)
            row.show_title("And on and on " * 40)
            window.resize(LEAST)
            await settled(window)
            assert window.width() == 1040
            parts = [part for part in row.findChildren(QWidget) if part.isVisible()]
            assert not volume.isVisible()
            assert max(part.geometry().right() for part in parts) < row.width()
            places = sorted((part.x(), part.geometry().right()) for part in parts)
            assert all(left[1] < right[0] for left, right in pairwise(places))
            window.resize(1440, 900)
            await settled(window)
            assert volume.isVisible()

    run(story())


def test_a_single_take_has_none_to_be_heard_against(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, _):
            await chosen(window, TWO)
            await chosen(window, ONE)
            assert "Take" not in said(window.dock)
            press(window, Qt.Key.Key_X)
            await settled(window)
            assert "There is only one take" in said(window.dock)
            await chosen(window, TWO)
            assert "only one take" not in said(window.dock)

    run(story())


def test_the_sound_is_worked_with_from_the_keyboard(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, studio):
            await chosen(window, TWO)
            dock, player = window.dock, window.player
            marks = dock.marks.marks.all
            assert [mark.kind for mark in marks] == ["chapter", "finding", "chapter"]
            player.seek(0.0)
            for mark in marks:
                press(window, Qt.Key.Key_Period)
                assert player.position == mark.start_s
                assert mark.line in said(dock)
            press(window, Qt.Key.Key_Period)
            assert "no further mark" in said(dock)
            press(window, Qt.Key.Key_Comma)
            assert player.position == marks[1].start_s
            # A stretch between two presses, said with its words; looped, looked at, and let go.
            words = (await studio.takes.all(TWO))[1].words
            player.seek(words[2].start_s - 0.01)
            press(window, Qt.Key.Key_BracketLeft)
            player.seek(words[4].end_s + 0.01)
            press(window, Qt.Key.Key_BracketRight)
            assert f"“\u2068{' '.join(word.text for word in words[2:5])}\u2069”" in said(dock)
            press(window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
            assert named(dock, "Loop the marked stretch, or the place that is played").isChecked()
            press(window, Qt.Key.Key_K)
            assert player.stretch is not None
            assert player.stretch.again
            assert player.stretch.until_s == pytest.approx(words[4].end_s + 0.01)
            press(window, Qt.Key.Key_Z)
            assert dock.wave.scale.end - dock.wave.scale.start < 2.5
            press(window, Qt.Key.Key_0)
            assert dock.wave.scale.all_in_view
            press(window, Qt.Key.Key_D)
            assert QApplication.focusWidget() is dock.wave
            press(window, Qt.Key.Key_Escape)
            assert dock.wave.selection is None
            assert "Marked" not in said(dock)
            # The list of marks: there, walked, gone to; remembered.
            press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
            assert QApplication.focusWidget() is dock.marks
            assert dock.marks.isVisible()
            press(window, Qt.Key.Key_End)
            press(window, Qt.Key.Key_Return)
            assert player.position == marks[2].start_s
            assert window.memory.read("sound/marks", False) is True
            press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
            assert not dock.marks.isVisible()
            assert nameless(dock) == []
            # Another episode begins anew.
            await chosen(window, ONE)
            assert (player.position, dock.wave.selection) == (0.0, None)

    run(story())


def test_speed_and_volume_are_kept(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (window, _):
            await chosen(window, TWO)
            speed, volume = named(window.dock, "Speed"), named(window.dock, "Volume")
            assert (speed.currentText(), volume.value()) == ("1×", 100)
            speed.setCurrentIndex(2)
            volume.setValue(60)
            assert window.player.speed == 1.5
            press(window, Qt.Key.Key_J)
            assert speed.currentText() == "1.25×"
            window.memory.write()
            again = MainWindow(theme, library=tmp_path, samples=())
            again.dock._transport.show_sound(True)
            assert again.player.speed == 1.25
            assert again.dock._transport._speed.currentText() == "1.25×"
            assert again.dock._transport._volume.value() == 60
            again.machine.stop()
            again.deleteLater()

    run(story())


@pytest.mark.parametrize(
    ("fast", "slow", "in_use", "because"),
    [
        ({"verdict": Verdict.PASS, "findings": ()}, {}, 1, "its verdict is better (pass, take 2: fail)"),
        ({}, {}, 2, "less of it is wrong than of take 1"),
        ({}, {}, 1, "it was chosen by hand; the checks put take 2 before it"),
        ({"findings": ()}, {"findings": ()}, 2, "more of its words were heard right (97.1%, take 1: 94.2%)"),
    ],
)
def test_why_a_take_is_in_use(
    pair: tuple[TakeSound, TakeSound], fast: dict[str, Any], slow: dict[str, Any], in_use: int, because: str
) -> None:
    sounds = [
        replace(sound, report=replace(sound.report, **changes))  # type: ignore[type-var]
        for sound, changes in zip(pair, (fast, slow), strict=True)
    ]
    assert because in take_words.said(1, in_use, sounds)


def test_what_was_not_checked_or_measured_is_said_so(pair: tuple[TakeSound, TakeSound]) -> None:
    one, two = pair
    assert why_in_use(2, [one, replace(two, report=None)]).reason is Reason.UNCHECKED
    assert why_in_use(1, [one, replace(two, report=None)]).reason is Reason.ONLY
    unmeasured = replace(two, master=None)
    assert attenuation_db(one, [unmeasured]) == 0.0
    assert "not matched" in take_words.said(1, 2, [one, unmeasured])
    assert attenuation_db(one, [two]) == pytest.approx(-3.0, abs=0.3)
    assert attenuation_db(two, [one]) == 0.0
    course = asyncio.run(Takes.course(replace(one, report=None), two))  # by the voice's marks
    first = one.take.marks[1], two.take.marks[1]
    assert course.to_there(first[0].start_s) == pytest.approx(first[1].start_s)


@pytest.fixture(scope="module")
def pair(library: Path) -> tuple[TakeSound, TakeSound]:
    async def read() -> tuple[TakeSound, ...]:
        async with app.opened_studio(library, at_work=False) as studio:
            return await studio.takes.all(TWO)

    one, two = asyncio.run(read())
    return one, two


def test_details_are_those_of_the_take_in_use(theme: Theme, run: Run, library: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, library, tmp_path) as (_, studio):
            details = await studio.details(TWO)
            sound = (await studio.takes.all(TWO))[1]
            assert details.audio == sound.audio
            assert (details.take, details.master, details.report) == (sound.take, sound.master, sound.report)
            assert [title for _, title in details.chapters] == ["Part 1", "Part 3"]
            assert [at for at, _ in details.chapters] == [sound.take.marks[0].start_s, sound.take.marks[2].start_s]
            assert await studio.takes.sound(TWO, 9) is None

    run(story())
