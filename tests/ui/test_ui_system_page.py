"""The machine in the status bar, on its page, and in alerts: real readings, the real window."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio import app
from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.settings import Settings
from studio.domain.stage_times import StageTime, bottleneck, stage_times
from studio.engine.events import PurchasesChanged, SlotsNow, WorkerLost
from studio.engine.space import KEPT_FREE, bytes_needed
from studio.ui import system_words as words
from studio.ui.commands import Do
from studio.ui.machine import KEPT, Load, Machine
from studio.ui.main_window import MainWindow
from studio.ui.system_page import SystemPage
from studio.ui.theme import Theme
from tests.store.quick_library import open_quick
from tests.ui.course_library import create, fill, steady
from tests.ui.hands import nameless, said, until
from tests.ui.memory_studio import Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

GB = 10**9
FINE = Load(40.0, 2 * GB, 100 * GB, 8 * GB, 16 * GB, 500 * GB, workers=2)
PAUSED = PurchasesChanged(
    "elevenlabs",
    "creator",
    (SlotsNow("standard", 3, 10, 2),),
    30,
    100,
    0,
    paused="ElevenLabs cannot be reached: nothing is bought until that is over.",
    probe_in_s=9.0,
)


@pytest.fixture(autouse=True)
def closing_a_window_is_not_the_end(qapp: QApplication) -> None:
    """As the program itself has it: the engine has to be closed after the window."""
    qapp.setQuitOnLastWindowClosed(False)


def test_real_readings_come_and_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "scratch" / "one").mkdir(parents=True)
    (tmp_path / "scratch" / "one" / "take.wav").write_bytes(bytes(5000))
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "7.mp3").write_bytes(bytes(700))
    machine = Machine(tmp_path)
    with qtbot.waitSignal(machine.measured, timeout=20_000):
        machine.start()
    machine.stop()
    (load,) = machine.history
    assert load.temporary == 5700
    assert 0 < load.memory_free <= load.memory_total
    assert 0 < load.disk_free <= load.disk_total
    assert load.memory > 10**7
    assert (load.workers, load.sent, load.received) == (0, 0.0, 0.0) or load.workers == 0


def test_only_the_last_minutes_are_remembered(qapp: QApplication, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    for number in range(KEPT + 20):
        machine._keep(replace(FINE, cpu_percent=float(number)))
    assert [machine.history[0].cpu_percent, len(machine.history)] == [20.0, KEPT]


def test_the_status_bar_leads_to_the_page(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        library = await open_quick(tmp_path)
        rng = Random(2)
        await fill(library, await create(library), [steady(rng) for _ in range(12)])
        await library.close()
        async with app.opened_studio(tmp_path) as studio:
            window = MainWindow(theme, library=tmp_path, samples=())
            window.resize(1440, 900)
            window.show()
            await window.attach(studio, (await studio.projects())[0], tmp_path)
            try:
                line = window.status.machine
                await until(lambda: "CPU" in line.accessibleName())
                assert "workers" in line.accessibleName() or "1 worker," in line.accessibleName()
                line.setFocus()
                QTest.keyClick(line, Qt.Key.Key_Space)
                assert window.pages.page.do is Do.SYSTEM_PAGE
                await window.desk.settle()
                page = window.pages.currentWidget()
                assert isinstance(page, SystemPage)
                text = said(page)
                assert "“Check” takes longest, 48.2% of all the time. It is hearing every word again." in text
                assert "Built-in voice" in text
                assert "held by Batchcast" in text
                assert "nothing is waiting to be made" in text
                assert not nameless(page)
                table = page._table.model()
                assert [table.index(row, 0).data() for row in range(4)] == ["Read", "Speak", "Master", "Check"]
                window.close()
                await window.until_closed()
            finally:
                window.machine.stop()
                window.deleteLater()

    run(story())


def told(at: Opened) -> str:
    return said(at.window.notices)


def test_a_full_disk_is_told_once_and_taken_away(opened: Open, run: Run) -> None:
    async def story() -> None:
        waiting = [an_episode(number, characters=15_000) for number in range(1, 41)]
        at = await opened(*waiting)
        alerts, notices = at.window.alerts, at.window.notices
        needed = bytes_needed(waiting, Settings())
        short = replace(FINE, disk_free=needed // 2)
        alerts.take_load(short)
        alerts.take_load(short)
        alerts.take_load(FINE)  # that was nothing
        alerts.take_load(short)
        assert not len(notices)
        alerts.take_load(short)
        alerts.take_load(short)
        assert "40 episodes of this batch still need about" in told(at)
        assert "Free some space there." in told(at)
        first = told(at)
        for free in (needed // 3, needed // 4, needed + KEPT_FREE + 1):  # still short, then barely enough
            alerts.take_load(replace(FINE, disk_free=free))
            assert told(at) == first
        notices.clear()
        alerts.take_load(short)
        assert not len(notices)  # closed by the user: not told again
        alerts.take_load(FINE)
        for _ in range(3):
            alerts.take_load(short)
        assert len(notices) == 1  # it was over, and has come again
        alerts.take_load(FINE)
        assert not len(notices)
        await at.close()

    run(story())


def test_memory_near_its_end(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        for _ in range(3):
            at.window.machine.measured.emit(replace(FINE, memory_free=GB))
        assert "The machine has 1.0 GB of memory left; Batchcast holds 2.0 GB." in told(at)
        assert at.window.status.machine.accessibleName().startswith("This machine: 2 workers, CPU 40%")
        at.window.machine.measured.emit(replace(FINE, memory_free=3 * GB, online=False))
        assert not len(at.window.notices)
        assert "No network" in at.window.status.machine.accessibleName()
        await at.close()

    run(story())


def test_a_vendor_that_cannot_be_reached_is_told_until_it_can(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.studio.say(PAUSED)
        at.studio.say(replace(PAUSED, probe_in_s=5.0))
        assert told(at).count("ElevenLabs cannot be reached") == 1
        assert "It is tried again by itself" in told(at)
        at.studio.say(replace(PAUSED, paused="", probe_in_s=None))
        assert not len(at.window.notices)
        await at.close()

    run(story())


def test_lost_workers_are_one_message(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.WORKING, Stage.CHECK))
        at.studio.say(WorkerLost(1, Stage.CHECK))
        assert "A worker process ended unexpectedly while “\u2068On subject 1\u2069” was listened to" in told(at)
        at.studio.say(WorkerLost(1, Stage.CHECK))
        await at.settle()
        assert "2 worker processes ended unexpectedly" in told(at)
        assert len(at.window.notices) == 1
        at.window.commands[Do.SYSTEM_PAGE].trigger()
        at.window.machine._keep(FINE)
        await at.settle()
        assert "2 were lost and replaced since the start" in said(at.window.pages)
        await at.close()

    run(story())


def timed(number: int, *timings: tuple[Stage, float], **more: Any) -> Episode:
    return an_episode(number, State.DONE, Stage.EXPORT, timings=timings, **more)


def test_stages_add_up() -> None:
    rows = [
        timed(1, (Stage.SYNTHESIZE, 10.0), (Stage.CHECK, 30.0)),
        timed(2, (Stage.SYNTHESIZE, 20.0), (Stage.REVIEW, 9999.0)),
        timed(3, (Stage.SYNTHESIZE, 60.0), duration_s=None),
    ]
    speak, check = stage_times(rows)
    assert speak == StageTime(Stage.SYNTHESIZE, 3, 20.0, 90.0, 30 / (200 / 60), 0.75)
    assert (check.stage, check.episodes, check.share) == (Stage.CHECK, 1, 0.25)
    assert stage_times([]) == ()


def test_what_is_bought_at_many_at_once_holds_up_less() -> None:
    times = stage_times([timed(1, (Stage.SYNTHESIZE, 100.0), (Stage.MASTER, 20.0), (Stage.CHECK, 30.0))])
    stages = [bottleneck(times, 2, requests) for requests in (None, 1, 10)]
    assert [found.stage if found else None for found in stages] == [Stage.SYNTHESIZE, Stage.SYNTHESIZE, Stage.CHECK]
    assert bottleneck((), 2, None) is None


@given(some.sampled_from(STAGES), some.sampled_from(State), some.integers(0, 10**6))
def test_less_is_needed_the_farther_an_episode_is(stage: Stage, state: State, characters: int) -> None:
    here = bytes_needed([an_episode(1, state, stage, characters=characters, duration_s=None)], Settings())
    before = bytes_needed([an_episode(1, State.QUEUED, STAGES[0], characters=characters)], Settings())
    assert 0 <= here <= before


def test_a_batch_of_hours_needs_gigabytes() -> None:
    rows = [an_episode(number, characters=13_500) for number in range(1, 126)]  # 125 of 15 minutes
    assert 4 * GB < bytes_needed(rows, Settings()) < 8 * GB


@pytest.mark.parametrize(
    ("value", "words_"),
    [(0.04, "0.0 s"), (9.96, "10 s"), (41.4, "41 s"), (200.0, "3 min 20 s"), (3900.0, "1 h 05 min")],
)
def test_times_as_a_person_would_say_them(value: float, words_: str) -> None:
    assert words.seconds(value) == words_


def test_the_vendor_in_words() -> None:
    settings = Settings(voice="elevenlabs:v1")
    assert words.provider_words(None, settings)[0] == "ElevenLabs"
    assert words.provider_words(None, Settings())[0] == "Built-in voice"
    assert words.provider_words(PAUSED, settings) == (
        "Waiting",
        "Next try in 9 s: ElevenLabs cannot be reached: nothing is bought until that is over.",
    )
    value, about = words.provider_words(replace(PAUSED, paused="", probe_in_s=None), settings)
    assert value == "ElevenLabs, plan Creator"
    assert about == "3 of 10 in flight, 2 wait · 30 of 100 requests in the last minute"
    assert words.provider_words(replace(PAUSED, stopped="The key is refused."), settings)[0] == "Nothing is bought"
