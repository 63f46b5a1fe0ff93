"""Review as a person does it: the queue, repair with its price, an edit, undo, and keys that are one's own."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from studio.domain.episode import Episode, Stage, State, StripFault
from studio.domain.findings import Finding, FindingKind, Severity, Verdict
from studio.engine.ports import Details
from studio.ui.commands import COMMANDS, Do
from studio.ui.finding_card import FindingCard
from studio.ui.keys_sheet import KeysSheet, written
from studio.ui.main_window import MainWindow
from studio.ui.memory import Memory
from studio.ui.review_page import ReviewPage
from studio.ui.review_queue import ReviewQueue, waiting
from studio.ui.theme import Theme
from tests.ui.hands import nameless, press, said, until
from tests.ui.memory_studio import MemoryReview, MemoryStudio, Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]


def flagged(number: int, **more: Any) -> Episode:
    return an_episode(number, State.NEEDS_YOU, Stage.REVIEW, **more)


def drawn(number: int) -> Episode:
    return flagged(number, verdict=Verdict.PASS, drawn=True, strip_faults=())


QUEUE = (drawn(1), flagged(2), an_episode(3), flagged(4), an_episode(5, State.DONE, Stage.EXPORT))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the window remembers, in place of a file."""
    held: dict[str, Any] = {}
    monkeypatch.setattr(Memory, "read", lambda _self, name, default: held.get(name, default))
    monkeypatch.setattr(Memory, "keep", lambda _self, name, value: held.update({name: value}))
    monkeypatch.setattr(Memory, "forget", lambda _self, name: held.pop(name, None))
    return held


def hit(window: MainWindow, key: Qt.Key, *, ctrl: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def page_of(window: MainWindow) -> ReviewPage:
    window.commands[Do.REVIEW_PAGE].trigger()
    page = window.pages.currentWidget()
    assert isinstance(page, ReviewPage)
    return page


def rows(page: ReviewPage) -> list[list[str]]:
    model = page.queue
    return [
        [str(model.data(model.index(row, column))).strip("\u2068\u2069") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_queue_says_why_each_is_there_and_how_long_it_takes(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*QUEUE)
        page = page_of(at.window)
        await at.settle()
        assert rows(page) == [
            ["002", "On subject 2", "1 fault was heard", "1", "under a minute"],
            ["004", "On subject 4", "1 fault was heard", "1", "under a minute"],
            ["001", "On subject 1", "Drawn at random, every check passed", "—", "about 1 min"],
        ]
        words = said(page)
        assert "3 episodes need your ears · about 2 min" in words
        assert "2 flagged by the checks, then 1 drawn at random, so that what the checks miss is found" in words
        assert "Space plays the place" in words
        assert at.window.dock.isVisible()
        assert at.window.panel.isVisible()
        assert nameless(page) == []
        # Choosing here chooses everywhere, and the other way round.
        page.table.selectRow(1)
        await at.settle()
        assert (at.window.choice.id, at.window.page.table.current_id()) == (4, 4)
        at.window.choice.asked.emit(1)
        await at.settle()
        assert page.table.currentIndex().row() == 2
        await at.close()

    run(story())


def test_a_queue_that_is_empty_says_what_will_come(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1), an_episode(2, State.WORKING, Stage.CHECK))
        page = page_of(at.window)
        await at.settle()
        words = said(page)
        assert "Nothing needs your ears" in words
        assert "2 episodes are still to be made." in words
        assert "one of every ten" in words
        at.studio.change([2], **{name: getattr(flagged(2), name) for name in ("state", "stage", "verdict")})
        await at.settle()
        assert "1 episode needs your ears" in said(page)
        await at.close()

    run(story())


def test_why_and_how_long() -> None:
    place = StripFault(0.3, 0.31, Severity.REVIEW)
    one = waiting(flagged(1, verdict=Verdict.REVIEW, strip_faults=(place, place), duration_s=600.0))
    assert (one.why, one.places) == ("Something may be wrong", 2)
    assert one.seconds == pytest.approx(2 * (6 + 2 + 8))
    assert waiting(flagged(1, strip_faults=())).why == "Wrong as a whole"
    assert waiting(flagged(1, verdict=Verdict.INCONCLUSIVE)).why == "The checks could not decide"
    told = waiting(flagged(1, reason="It was not mended."))
    assert told.why == "1 fault was heard · It was not mended."
    short = waiting(replace(drawn(1), duration_s=20.0))
    assert short.seconds == pytest.approx(28.0)


def test_the_queue_keeps_the_rules_of_a_model(theme: Theme) -> None:
    queue = ReviewQueue(theme)
    QAbstractItemModelTester(queue, QAbstractItemModelTester.FailureReportingMode.Fatal)
    queue.show([flagged(2), flagged(4), drawn(1)])
    queue.show([flagged(4), drawn(1)])
    queue.show([flagged(4, reason="Held."), drawn(1)])
    assert queue.rows[0].why.endswith("Held.")
    queue.show([flagged(number) for number in range(40)])
    assert queue.row_of(39) == 39
    queue.show([])
    assert queue.rowCount() == 0


def test_next_goes_on_to_the_next_episode_and_around(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(flagged(1), flagged(2))
        window = at.window
        seen = []
        for _ in range(5):
            hit(window, Qt.Key.Key_N)
            await at.settle()
            place = window.wishes.review.current
            assert place is not None
            seen.append((window.choice.id, window.wishes.review.position[0]))
            assert window.player.position == pytest.approx(place.from_s)
        assert seen == [(1, 2), (2, 1), (2, 2), (1, 1), (1, 2)]
        await at.close()

    run(story())


def test_repair_carries_its_price_and_asks_for_nothing_else(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(flagged(1), flagged(2))
        window = at.window
        await at.choose(1)
        hit(window, Qt.Key.Key_N)
        await until(lambda: "Repair · $0.03" in said(window.panel))
        hit(window, Qt.Key.Key_E)
        await at.settle()
        assert at.studio.asked == [("mend", [(5, 6)])]
        assert at.state_of(1) is State.QUEUED
        assert window.choice.id == 2  # the next one, while it is at work
        assert "Repair of sentence 6 in" in window.sitting.done[-1].words
        # It comes back, and its place is in front again when it is chosen.
        at.studio.change([1], state=State.NEEDS_YOU, stage=Stage.REVIEW, take=2)
        await at.choose(1)
        assert window.wishes.review.position == (2, 2)
        await at.close()

    run(story())


def test_what_is_built_in_is_free_and_what_is_at_work_is_not_repaired(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(flagged(1), an_episode(2, State.WORKING, Stage.CHECK))
        at.studio.review.price_micro = 0
        await at.choose(1)
        at.window.wishes.review.next()
        await until(lambda: "Repair · free" in said(at.window.panel))
        await at.choose(2)
        await at.settle()
        assert "Repair" not in said(at.window.panel)
        assert "Edit sentence" not in said(at.window.panel)
        hit(at.window, Qt.Key.Key_E)
        hit(at.window, Qt.Key.Key_W)
        await at.settle()
        assert at.studio.asked == []
        await at.close()

    run(story())


def test_a_sentence_is_edited_with_its_price_beside_it(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(flagged(1))
        window = at.window
        await at.choose(1)
        await until(lambda: "Repair · $0.03" in said(window.panel))
        hit(window, Qt.Key.Key_W)
        field = QApplication.focusWidget()
        assert isinstance(field, QPlainTextEdit)
        assert field.toPlainText() == "We are immediately aware."
        assert "Edit sentence 6" in said(window.panel)
        assert "25 characters" in said(window.panel)
        QTest.keyClicks(field, " And more.")
        assert "35 characters" in said(window.panel)
        await until(lambda: "up to $0.03" in said(window.panel))
        hit(window, Qt.Key.Key_Escape)
        assert not field.isVisible()
        assert at.studio.asked == []
        assert QApplication.focusWidget() is window.page.table
        hit(window, Qt.Key.Key_W)
        field.clear()
        hit(window, Qt.Key.Key_Return)
        assert "nothing left to speak" in said(window.panel)
        assert field.isVisible()
        QTest.keyClicks(field, "We know.")
        hit(window, Qt.Key.Key_Return)
        await at.settle()
        assert at.studio.asked == [("edit", "We know.")]
        assert not field.isVisible()
        await at.close()

    run(story())


def test_decisions_are_taken_back_one_by_one(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(flagged(1), flagged(2), an_episode(3))
        window = at.window
        page = page_of(window)
        await at.choose(1)
        hit(window, Qt.Key.Key_A)
        await at.settle()
        assert window.status._said.text() == "Accepted “\u2068On subject 1\u2069” · Ctrl+Z takes it back"
        assert window.choice.id == 2
        hit(window, Qt.Key.Key_R)
        assert isinstance(QApplication.focusWidget(), QLineEdit)
        hit(window, Qt.Key.Key_Return)
        await at.settle()
        await at.choose(3)
        window.commands[Do.REMOVE].trigger()
        await at.settle()
        assert 3 not in at.studio.rows
        assert "3 decided in this sitting" in said(page)
        hit(window, Qt.Key.Key_Z, ctrl=True)
        await at.settle()
        assert at.state_of(3) is State.QUEUED
        assert window.choice.id == 3
        hit(window, Qt.Key.Key_Z, ctrl=True)
        await at.settle()
        assert at.state_of(2) is State.NEEDS_YOU
        assert window.choice.id == 2
        press(page, "Take back: Accepted “\u2068On subject 1\u2069”")
        await at.settle()
        assert at.state_of(1) is State.NEEDS_YOU
        assert "decided in this sitting" not in said(page)
        hit(window, Qt.Key.Key_Z, ctrl=True)
        await at.settle()
        assert window.status._said.text() == "There is nothing to take back"
        await at.close()

    run(story())


def test_a_mended_place_is_called_mended(theme: Theme) -> None:
    note = "Sentence 6 spoken anew (25 of 1,600 characters). Before: heard twice"
    card = FindingCard(theme, 0, Finding(FindingKind.MENDED, Severity.NOTE, note, 3.0, 3.9), ())
    assert card.accessibleName().startswith("Mended at 00:03.0")
    assert note in said(card)


def test_a_word_that_only_a_pronunciation_cures_is_asked_for(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = MemoryStudio.details

    async def details(self: MemoryStudio, episode_id: int) -> Details:
        found = await shown(self, episode_id)
        assert found.report is not None
        text = "“Zoltan” was heard as “zol”; add Zoltan=SPOKEN to “Pronunciations”."
        cure = Finding(FindingKind.MISREAD_WORDS, Severity.REVIEW, text, 1.0, 1.5, "zol", "Zoltan", 0, 6)
        return replace(found, report=replace(found.report, findings=(cure,)))

    async def pronounce(self: Any, project: Any, _id: int, places: Any, word: str, spoken: str) -> Any:
        self._studio.asked.append(("pronounce", (word, spoken, tuple(places))))
        return replace(project, settings=project.settings.with_values({"pronunciations": f"{word}={spoken}"}))

    async def story() -> None:
        monkeypatch.setattr(MemoryStudio, "details", details)
        monkeypatch.setattr(MemoryReview, "pronounce", pronounce)
        at = await opened(flagged(1))
        window = at.window
        await until(lambda: "Say how “Zoltan” is spoken" in said(window.panel))
        await until(lambda: "Repair · $0.03" in said(window.panel))
        hit(window, Qt.Key.Key_Y)
        field = QApplication.focusWidget()
        assert isinstance(field, QPlainTextEdit)
        QTest.keyClicks(field, "Z8")
        hit(window, Qt.Key.Key_Return)
        assert "cannot be spoken as" in said(window.panel)
        field.selectAll()
        QTest.keyClicks(field, "Zoll-tun")
        hit(window, Qt.Key.Key_Return)
        await at.settle()
        assert at.studio.asked == [("pronounce", ("Zoltan", "Zoll-tun", ((5, 6),)))]
        assert at.studio.known[0].settings.pronunciations == "Zoltan=Zoll-tun"
        await at.close()

    run(story())


def test_keys_are_searched_pressed_anew_and_kept(opened: Open, run: Run, kept: dict[str, Any]) -> None:
    async def story() -> None:
        at = await opened(flagged(1), flagged(2))
        window = at.window
        await at.choose(1)
        window.commands[Do.KEYS].trigger()
        sheet = window.findChild(KeysSheet)
        assert sheet is not None
        assert nameless(sheet) == []
        shown = said(sheet)
        assert all(command.words in shown for command in COMMANDS)
        await until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        QTest.keyClicks(QApplication.focusWidget() or sheet, "accept")
        assert "Accept the episode" in said(sheet)
        assert "Add scripts…" not in said(sheet)
        # A key that is free is taken at once; one that is not, when it is pressed again.
        press(sheet, "Accept the episode: A")
        QTest.keyClick(cap(sheet), Qt.Key.Key_F9)
        press(sheet, "Accept the episode: F9")
        QTest.keyClick(cap(sheet), Qt.Key.Key_R)
        assert "R is the key of “Reject with a reason”." in said(sheet)
        assert window.commands.key(Do.ACCEPT) == "F9"
        QTest.keyClick(cap(sheet), Qt.Key.Key_R)
        assert window.commands.key(Do.ACCEPT) == "R"
        assert window.commands.key(Do.REJECT) == ""
        assert kept["keys"] == {"accept": ["R"], "reject": []}
        press(sheet, "Accept the episode: R")
        QTest.keyClick(cap(sheet), Qt.Key.Key_Escape)
        assert window.commands.key(Do.ACCEPT) == "R"
        sheet.accept()
        await at.settle()
        # Button, tool tip and the key itself follow.
        assert at.window.panel.acts._keys[Do.ACCEPT].toolTip() == "Accept episode (R)"
        assert at.window.panel.acts._keys[Do.REJECT].toolTip() == "Reject"
        window.activateWindow()  # there is no window manager that would
        await at.settle()
        hit(window, Qt.Key.Key_A)
        hit(window, Qt.Key.Key_R)
        await at.settle()
        assert at.state_of(1) is State.DONE
        window.commands.reset()
        assert "keys" not in kept
        assert window.commands.key(Do.REJECT) == "R"
        await at.close()

    def cap(sheet: QWidget) -> QWidget:
        (waits,) = [each for each in sheet.findChildren(QWidget) if getattr(each, "isChecked", bool)()]
        return waits

    run(story())


def test_keys_of_the_last_start_hold_and_nonsense_is_passed_over(opened: Open, run: Run, kept: dict[str, Any]) -> None:
    kept["keys"] = {"accept": ["J"], "gone": ["X"], "reject": "R", "retake": ["J"], "find": [7]}

    async def story() -> None:
        at = await opened(flagged(1))
        commands = at.window.commands
        assert [commands.key(do) for do in (Do.ACCEPT, Do.REJECT, Do.RETAKE, Do.FIND)] == ["J", "R", "S", "Ctrl+F"]
        assert all(commands.of_key("J") is Do.ACCEPT for _ in COMMANDS)
        await at.close()

    run(story())


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "expected"),
    [
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?", "?"),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, "A", "Shift+A"),
        (Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier, "", "Ctrl+F9"),
    ],
)
def test_a_pressed_key_is_written_as_it_is_bound(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, expected: str
) -> None:
    assert written(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == expected


def test_shipped_keys_are_given_once() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
