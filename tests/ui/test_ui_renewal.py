"""A voice that has changed for good: its baseline is learned anew, nothing is lost, and it can be taken back."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from studio.domain.control import LEARNED
from studio.domain.measures import Measure, Renewal, Series
from studio.engine.drift import quality
from studio.engine.ports import NewEpisode
from studio.ui import quality_words as words
from studio.ui.commands import Do
from studio.ui.dialogs import Question
from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme
from tests.domain.test_quality_control import CHECK
from tests.store.quick_library import open_quick
from tests.store.store_samples import script
from tests.ui.course_library import finish, steady
from tests.ui.hands import named, press, said
from tests.ui.test_ui_quality_page import falling, made, shown

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(autouse=True)
def closing_a_window_is_not_the_end(qapp: QApplication) -> None:
    """As the program itself has it: the engine has to be closed after the window."""
    qapp.setQuitOnLastWindowClosed(False)


async def answer(window: MainWindow, words_: str) -> str:
    """Press a button of the question that is open; what it asked."""
    (question,) = (each for each in window.findChildren(Question) if each.isVisible())
    text = said(question)
    press(question, words_)
    await window.desk.settle()
    return text


def test_a_new_level_becomes_the_usual_one_and_the_old_course_stays(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        (project,) = await made(tmp_path, falling(60, 46))
        async with shown(theme, tmp_path) as (window, page):
            press(page, "Learn anew…")
            asked = await answer(window, "Learn it anew")
            assert "Learn anew what is usual of “Heart”?" in asked
            assert "The episodes from 046 on, where the drift began, become what is usual of “Heart”" in asked
            assert (
                "Until 25 of them are checked, and 5 accepted, the old baseline holds, and nothing is deleted." in asked
            )
            await window.desk.settle()
            assert "Drifting · learning anew, 15 of 25" in said(page)

            window.commands[Do.UNDO].trigger()
            await window.desk.settle()
            assert "learning anew" not in said(page)
            assert "Drifting" in said(page)

            press(page, "Learn anew…")
            await answer(window, "Learn it anew")
            await window.desk.settle()
            press(page, "Keep the old baseline")  # as good as taking it back, also days later
            await window.desk.settle()
            assert "learning anew" not in said(page)

            press(page, "Learn anew…")
            await answer(window, "Keep the old baseline")
            assert "learning anew" not in said(page)
            press(page, "Learn anew…")
            await answer(window, "Learn it anew")

        library = await open_quick(tmp_path)
        rng = Random(9)
        fresh = [NewEpisode(replace(script(100 + number, 4), title="Later")) for number in range(10)]
        for episode, _ in await library.projects.add(project, fresh):
            await finish(library, episode, steady(rng, 0.973))
        await library.close()

        async with shown(theme, tmp_path) as (window, page):
            assert "As usual" in said(page)
            voice = named(page, "Voice")
            assert voice.count() == 2
            assert "from 20" in voice.itemText(0)
            assert "before it was learned anew" in voice.itemText(1)
            voice.setCurrentIndex(1)
            await window.desk.settle()
            assert page._seen is not None
            assert page._seen.quality.course is not None
            assert len(page._seen.quality.course.checks) == 45  # the old course, up to where the new one begins
            assert "learning anew" not in said(page)

    run(story())


def checks(count: int, **more: Any) -> list[Any]:
    """So many checks, a minute apart."""
    return [
        replace(CHECK, episode_id=number, number=number, at=f"2026-05-01T00:{number:02d}:00.000Z", **more)
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("since", "parts", "pending", "renewed"),
    [
        ((), [""], None, 0),
        ((10,), ["10", ""], None, 0),  # the last 40 make a baseline
        ((30,), [""], 30, 20),  # the last 20 do not yet
        ((25,), ["25", ""], None, 0),
        ((10, 40), ["10", ""], 40, 10),
        ((24, 25), ["25", ""], None, 0),  # the part between is too short for a course of its own
        ((0,), ["0"], None, 0),
        ((99,), [""], 99, 0),
    ],
)
def test_parts_of_a_course(since: tuple[int, ...], parts: list[str], pending: int | None, renewed: int) -> None:
    def at(number: int) -> str:
        return f"2026-05-01T00:{number:02d}:00.000Z"

    of_voice = [Renewal(each, CHECK.voice, CHECK.model, at(each)) for each in since]
    others = [Renewal(100, CHECK.voice, "another", at(20)), Renewal(101, "another", CHECK.model, at(20))]
    renewals = sorted([*of_voice, *others], key=lambda each: each.since)
    found = quality(checks(50), {}, Measure.WORDS, None, renewals)
    assert [each.since for each in found.series] == [at(int(each)) if each else "" for each in parts]
    assert found.course is not None
    assert found.course.series == found.series[0]
    assert (found.course.renewal.id if found.course.renewal else None) == pending
    assert found.course.renewed == renewed
    told = [len(quality(checks(50), {}, Measure.WORDS, each, renewals).course.checks) for each in found.series]  # type: ignore[union-attr]
    assert sum(told) == 50
    assert all(count >= LEARNED or not each.since for count, each in zip(told, found.series, strict=True))


def test_courses_are_told_apart() -> None:
    old = Series("builtin:heart", "hibari", "", "", "tiny.en")
    new = replace(old, since="2026-05-01T10:00:00.000Z")
    other = replace(old, ears="base.en")
    names = [words.series_name(each, (new, old, other), {"builtin:heart": "Heart"}) for each in (new, old, other)]
    assert len(set(names)) == 3
    assert "before it was learned anew" in names[1]
    assert "before" not in names[2]
