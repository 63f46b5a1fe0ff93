"""The Scripts page: the way from topic to speech, a text that is never lost, what was found in it, and approval."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QTextCursor
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from studio.domain.budget import BudgetUse, Scope
from studio.domain.editing import Edit
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import SettingError
from studio.domain.findings import Severity, Verdict
from studio.domain.project import Project
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.revision import ChangeKind, SentenceChange
from studio.domain.script import Script, Topic
from studio.domain.script_report import Check, Cure, ScriptFinding, ScriptReport, judged
from studio.domain.spoken import SpokenForm, Utterance
from studio.domain.writing import Citation, Provenance
from studio.engine.drafts import topic_drafts
from studio.engine.revision import Comparison
from studio.engine.scripts import Dossier, Proof, Scripts
from studio.engine.topic_quote import Writing
from studio.ui import guidance, search, tips, wording
from studio.ui.commands import Do
from studio.ui.dialogs import Question
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.live import NOTHING_LIVE, Live
from studio.ui.main_window import MainWindow
from studio.ui.offers import Primary, offer
from studio.ui.permitted import Act, permitted, review_queue, script_queue
from studio.ui.script_compare import ChangeRows, ScriptCompare, summed
from studio.ui.script_editor import ScriptEditor
from studio.ui.script_list import ScriptRows
from studio.ui.script_steps import Step, said_of, step_of
from studio.ui.scripts_page import ScriptsPage
from studio.ui.strokes import strokes
from studio.ui.text_offsets import Offsets
from studio.ui.theme import Theme, Tone, state_look
from tests.ui.hands import named, nameless, press, said, until
from tests.ui.memory_studio import MemoryStudio, Opened, a_quote, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

TEXT = "The sea is wide. It has many tides.\n\nNobody counts them. A buoy is a float."


def waiting(number: int, verdict: Verdict = Verdict.PASS, **more: Any) -> Episode:
    """An episode whose script waits for a person."""
    base = an_episode(number, State.QUEUED, Stage.PREPARE, expected_duration_s=600.0, script_verdict=verdict)
    return replace(base, **{"state": State.NEEDS_YOU, "reason": "The script waits for your approval.", **more})


def topic(number: int, state: State = State.QUEUED) -> Episode:
    return an_episode(number, state, Stage.WRITE)


class MemoryScripts(Scripts):
    """Scripts of some words; a `bad` word is a fault with a cure, and `buoy` one that is pronounced."""

    def __init__(self, studio: MemoryStudio) -> None:
        self._studio = studio
        self.texts: dict[int, str] = {}
        self.provenances: dict[int, Provenance] = {}
        self.price_micro = 0
        self.gate = asyncio.Event()  # what is slow waits for it
        self.gate.set()
        self.proofs: list[str] = []

    async def dossier(self, episode_id: int) -> Dossier:
        episode = self._studio.rows[episode_id]
        if episode.stage is Stage.WRITE:
            about = Topic(episode.title, "What it is to be about", 12)
            return Dossier(episode, Script(episode.title, "Topics", episode.title, (), topic=about), None, None, None)
        script = Script(episode.title, episode.source, self.texts.get(episode_id, TEXT), ())
        return Dossier(episode, script, None, self.provenances.get(episode_id), None)

    async def proof(self, project: Project, episode_id: int, text: str) -> Proof:
        self.proofs.append(text)
        await self.gate.wait()
        found = []
        if (at := text.find("bad")) >= 0:
            cure = Cure("Write “good”", Edit(at, "bad", "good"))
            found.append(ScriptFinding(Check.FORBIDDEN, Severity.FAULT, "“bad” is forbidden.", at, at + 3, cure))
        if (at := text.find("buoy")) >= 0:
            cure = Cure("Say “boo-ee”", None, ("buoy", "boo-ee"))
            found.append(ScriptFinding(Check.MISREADING, Severity.NOTE, "“buoy” may be misread.", at, at + 4, cure))
        starts = [at for at, each in enumerate(text) if each.isupper()]
        spans = zip(starts, [*starts[1:], len(text)], strict=True)
        sentences = tuple(Utterance(text[a:b].strip(), a, a + len(text[a:b].rstrip()), ()) for a, b in spans)
        report = ScriptReport(judged(found), tuple(found), len(text.split()), len(text), 600.0, 720.0, 8.2)
        known = self.provenances.get(episode_id)
        return Proof(Script("", "", text, ()), SpokenForm("", sentences, ()), report, 600.0, self.price_micro, known)

    async def price(self, project: Project, ids: Sequence[int]) -> int:
        return self.price_micro * len(ids)

    async def approve(self, ids: Sequence[int]) -> None:
        new = {"state": State.QUEUED, "stage": Stage.SYNTHESIZE, "script_approved": True, "reason": ""}
        self._studio.change(ids, **new)

    async def hold_back(self, ids: Sequence[int]) -> Sequence[Episode]:
        self._studio.change(ids, state=State.NEEDS_YOU, stage=Stage.PREPARE, script_approved=False)
        return [self._studio.rows[each] for each in ids]

    async def save(self, project: Project, episode_id: int, text: str, title: str = "") -> Episode:
        self.texts[episode_id] = text
        verdict = Verdict.FAIL if "bad" in text else Verdict.PASS
        self._studio.change([episode_id], state=State.QUEUED)
        self._studio.change([episode_id], state=State.NEEDS_YOU, stage=Stage.PREPARE, script_verdict=verdict)
        return self._studio.rows[episode_id]

    async def write(self, project: Project, ids: Sequence[int]) -> None:
        self._studio.asked.append(("write", list(ids)))

    async def hear(self, project: Project, text: str) -> Path:
        self._studio.asked.append(("hear", text))
        return Path("/nowhere/preview.flac")

    async def compare(self, project: Project, episode_id: int, text: str) -> Comparison:
        self._studio.asked.append(("compare", text))
        return COMPARISON

    async def take_over(self, project: Project, episode_id: int, text: str) -> Episode:
        self._studio.asked.append(("take_over", text))
        return self._studio.rows[episode_id]


COMPARISON = Comparison(
    (
        SentenceChange(ChangeKind.SAME, "The sea is wide.", "The sea is wide."),
        SentenceChange(ChangeKind.CHANGED, "It has many tides.", "It has two tides."),
        SentenceChange(ChangeKind.GONE, "Nobody counts them.", ""),
        SentenceChange(ChangeKind.NEW, "", "The moon pulls."),
    ),
    0.82,
    400_000,
    610.0,
)


async def page_of(at: Opened) -> tuple[ScriptsPage, MemoryScripts]:
    scripts = at.studio.scripts
    assert isinstance(scripts, MemoryScripts)
    at.window.commands[Do.SCRIPTS_PAGE].trigger()
    page = at.window.pages.currentWidget()
    assert isinstance(page, ScriptsPage)
    await checked(at, page)
    return page, scripts


async def checked(at: Opened, page: ScriptsPage) -> None:
    """What is typed has been checked."""
    await at.settle()
    await until(lambda: page.desk.id is None or page.acts.proof is not None or page.pane.stack.currentIndex() == 1)
    await at.settle()


@pytest.fixture
def with_scripts(opened: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A window whose engine knows scripts."""
    made = MemoryStudio.__init__

    def init(self: MemoryStudio, episodes: Sequence[Episode] = ()) -> None:
        made(self, episodes)
        self.scripts = MemoryScripts(self)

    monkeypatch.setattr(MemoryStudio, "__init__", init)
    return opened


def type_into(page: ScriptsPage, words: str, *, at: int = 0) -> None:
    cursor = page.pane.editor.textCursor()
    cursor.setPosition(at)
    page.pane.editor.setTextCursor(cursor)
    page.pane.editor.setFocus()
    QTest.keyClicks(page.pane.editor, words)


def ctrl_return(window: MainWindow) -> None:
    focused: QWidget | None = window.focusWidget()
    QTest.keyClick(focused or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


# Where “needs you” means the script and not the ears


def test_a_script_that_waits_needs_no_ears() -> None:
    script, sound = waiting(1), an_episode(2, State.NEEDS_YOU, Stage.REVIEW)
    assert review_queue([script, sound]) == [2]
    assert script_queue([script, sound]) == [1]
    assert permitted(script) == {Act.APPROVE_SCRIPT, Act.REMOVE}
    assert Act.APPROVE_SCRIPT not in permitted(sound)
    assert {Act.APPROVE, Act.REJECT} <= permitted(sound)
    assert wording.state_word(script) == "Script"
    assert wording.now_sentence(script) == "The script waits for your approval."
    assert state_look(script) == ("scroll-text", Tone.LOOK)
    assert [stroke.tone for stroke in strokes(script, None)].index(Tone.LOOK) == 0
    assert [stroke.tone for stroke in strokes(sound, None)].index(Tone.LOOK) == 3
    assert "waits for your approval" in tips.stage(script, NOTHING_LIVE)
    found = search.Search("script")
    assert found.accepts(script, search.words_of(script))
    assert not search.Search("review").accepts(script, search.words_of(script))
    assert search.Search("script:pass").accepts(script, "")
    assert not search.Search("script:pass").accepts(sound, "")


def test_the_batch_counts_scripts_and_ears_apart() -> None:
    model = EpisodeModel()
    model.reset([waiting(1), waiting(2), an_episode(3, State.NEEDS_YOU, Stage.REVIEW), an_episode(4)])
    shown = EpisodeFilter(model)
    counts = {group: group.count(model) for group in (Group.ALL, Group.NEEDS_YOU, Group.SCRIPTS, Group.WAITING)}
    assert list(counts.values()) == [4, 1, 2, 1]
    for group, ids in ((Group.NEEDS_YOU, [3]), (Group.SCRIPTS, [1, 2]), (Group.WAITING, [4])):
        shown.show_group(group)
        assert [shown.at(row).id for row in range(shown.rowCount())] == ids
    shown.show_group(Group.SCRIPTS)
    model.change([replace(waiting(1), state=State.QUEUED, stage=Stage.SYNTHESIZE)])
    assert [shown.at(row).id for row in range(shown.rowCount())] == [2]
    assert model.scripts == 1


def test_the_blue_button_leads_to_the_scripts_when_nothing_else_can_be_started() -> None:
    tally = guidance.Tally(total=3, scripts=2, needs_you=1)
    assert offer(tally, None)[0] is Primary.READ_SCRIPTS
    assert offer(tally, None)[1].words == "Read 2 scripts"
    assert offer(replace(tally, startable=1), None)[0] is Primary.START
    assert "2 scripts wait" in guidance.of_batch(tally).text
    assert "ears" in guidance.of_batch(replace(tally, scripts=0)).heading.lower()


def test_panel_and_dock_show_the_script_and_its_price(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), an_episode(2))
        at.studio.scripts.price_micro = 1_230_000  # type: ignore[attr-defined]
        await at.choose(2)
        await at.choose(1)
        shown = said(at.window.panel)
        assert "Read its script" in shown
        assert named(at.window.panel, "Read the script").isVisible()
        assert named(at.window.panel, "Approve script · up to $1.23").isVisible()
        assert "Accept episode" not in shown
        assert named(at.window.dock, "The script, as it would be spoken").toPlainText() == "text"
        assert not at.window.dock.wave.isVisible()
        await at.choose(2)
        assert at.window.dock.wave.isVisible()
        await at.choose(1)
        press(at.window.panel, "Approve script · up to $1.23")
        await at.settle()
        question = at.window.findChild(Question)
        assert question is not None
        assert "up to $1.23" in said(question)
        assert at.state_of(1) is State.NEEDS_YOU  # nothing yet
        press(question, "Approve 1 script")
        await at.settle()
        assert at.studio.rows[1].script_approved
        await at.close()

    run(story())


# The way


def test_every_episode_is_at_one_step_of_the_way() -> None:
    steps = {
        Step.WAITING: [topic(1), an_episode(2)],
        Step.UNDER_WAY: [topic(1, State.WORKING), an_episode(2, State.WORKING, Stage.PREPARE)],
        Step.TO_APPROVE: [waiting(1)],
        Step.APPROVED: [an_episode(1, State.QUEUED, Stage.SYNTHESIZE)],
        Step.SPOKEN: [
            an_episode(1, State.DONE, Stage.EXPORT),
            an_episode(2, State.NEEDS_YOU, Stage.REVIEW),
            an_episode(3, State.QUEUED, Stage.PREPARE, takes=1),  # a retake
        ],
        Step.STOPPED: [topic(1, State.FAILED), an_episode(2, State.CANCELLED, Stage.SYNTHESIZE)],
    }
    for step, episodes in steps.items():
        for episode in episodes:
            assert step_of(episode) is step, episode
            words = said_of(episode, Live(0.4))
            assert words.word
            assert words.icon
    failing = waiting(1, Verdict.FAIL, reason="“bad” is forbidden.")
    assert said_of(failing, NOTHING_LIVE).word == "Has faults"
    assert "forbidden" in said_of(failing, NOTHING_LIVE).line
    assert "40%" in said_of(topic(1, State.WORKING), Live(0.4)).line


def test_the_list_keeps_what_is_chosen_while_rows_come_and_go(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(*(waiting(number) for number in range(1, 61)))
        page, _ = await page_of(at)
        QAbstractItemModelTester(page.shelf.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
        shelf = page.shelf
        for row in (2, 5):
            index = shelf.rows.index(row, 0)
            shelf.list.selectionModel().select(index, shelf.list.selectionModel().SelectionFlag.Select)
        before = [episode.id for episode in shelf.list.chosen()]
        assert {3, 6} <= set(before)
        at.studio.change([30], state=State.QUEUED, stage=Stage.SYNTHESIZE)
        await at.settle()
        assert [episode.id for episode in shelf.list.chosen()] == before
        page.flow._chips[Step.TO_APPROVE].click()
        assert shelf.rows.rowCount() == 59
        at.studio.change(range(31, 60), state=State.QUEUED, stage=Stage.SYNTHESIZE)  # too many to go one by one
        await at.settle()
        assert shelf.rows.rowCount() == 30
        assert [episode.id for episode in shelf.list.chosen()] == before
        shelf.filter.setText("007")
        assert [episode.id for episode in shelf.rows.episodes] == [7]
        shelf.filter.setText("no such thing")
        assert "Nothing is like that" in said(page)
        await at.close()

    run(story())


def test_an_empty_project_teaches_and_takes_topics(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts()
        page, _ = await page_of(at)
        words = said(page)
        assert "From a topic to a script worth speaking" in words
        assert "No sources yet" in words
        field = named(page, "Topics, one to a line")
        field.setFocus()
        field.setPlainText("- Tides: why there are two a day\n2. The moon\n\n   \ntides: why there are TWO a day")
        assert "2 topics, about 20 min in all" in said(page)
        named(page, "Minutes for each").setValue(5)
        assert "about 10 min" in said(page)
        named(page, "Minutes for each").setValue(0.1)
        assert not named(page, "Add 2 topics").isEnabled()
        named(page, "Minutes for each").setValue(5)
        ctrl_return(at.window)
        await at.settle()
        assert [row.title for row in at.studio.rows.values()] == ["Tides", "The moon"]
        assert field.toPlainText() == ""
        assert not field.isVisible()  # it made room for the list
        at.window.commands[Do.UNDO].trigger()
        await at.settle()
        assert not at.studio.rows
        assert not nameless(page)
        await at.close()

    run(story())


def test_a_pasted_table_goes_the_way_of_every_table(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts()
        page, _ = await page_of(at)
        field = named(page, "Topics, one to a line")
        table = "title,minutes\nTides,5\n"
        QApplication.clipboard().setText(table)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        await at.settle()
        assert field.toPlainText() == ""
        assert ("add_text", table) in at.studio.asked
        QApplication.clipboard().setText("Just a line")
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert field.toPlainText() == "Just a line"
        await at.close()

    run(story())


def test_topics_are_written_only_when_that_is_asked_for(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(topic(1), topic(2), waiting(3))
        page, _ = await page_of(at)
        page.open(1)
        await checked(at, page)
        assert "What it is to be about" in said(page)
        assert not [asked for asked in at.studio.asked if asked[0] in {"write", "start"}]
        press(page, "Write its script")
        await at.settle()
        press(page, "Write 2 scripts")
        await at.settle()
        assert [asked for asked in at.studio.asked if asked[0] == "write"] == [("write", [1]), ("write", [1, 2])]
        await at.close()

    run(story())


# The text


def test_what_topics_cost_is_said_before_any_of_them_is_written(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(topic(1), topic(2), waiting(3))
        page, _ = await page_of(at)
        writing = Writing(2, 24.0, 340_000, 2_000_000)
        budget = BudgetUse(Scope.BATCH, 10_000_000, 0, 0)
        at.studio.market.topics = a_quote(
            cost_micro=14_400_000, episodes=2, characters=20_300, writing=writing, fits=(1,), tightest=budget
        )
        for yes in (False, True):
            press(page, "Write 2 scripts")
            await at.settle()
            question = QApplication.activeModalWidget()
            assert isinstance(question, QWidget)
            words = said(question)
            for part in (
                "Write 2 topics?",
                "2 topics, 24 min: up to $2.00, usually about $0.34.",
                "at most 20,300 characters, for up to $12.40",
                "1 of 2 episodes fit",
            ):
                assert part in words
            assert not [asked for asked in at.studio.asked if asked[0] == "write"]
            press(question, "Write 2 topics" if yes else "Not yet")
            await at.settle()
        assert ("write", [1, 2]) in at.studio.asked
        assert ("topics_quote", [1, 2]) in at.studio.asked
        # What cannot be reckoned is not begun.
        at.studio.market.trouble = SettingError("What the model costs is not known.", "Give its prices.")
        press(page, "Write 2 scripts")
        await at.settle()
        assert "Give its prices." in said(page)
        assert [asked[0] for asked in at.studio.asked].count("write") == 1
        await at.close()

    run(story())


def test_what_is_found_stands_in_margin_and_list_and_is_cured_with_a_click(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1))
        scripts = at.studio.scripts
        assert isinstance(scripts, MemoryScripts)
        scripts.texts[1] = f"A bad start. {TEXT}"
        page, _ = await page_of(at)
        pane = page.pane
        assert "Has faults" in said(page)
        assert "1 fault · 1 note" in said(page)
        model = pane.findings.model()
        rows = [str(model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole)) for row in range(2)]
        assert rows[0] == "Fault. Forbidden word: “bad” is forbidden. Cure: Write “good”."
        assert rows[1].startswith("Note. May be misread")
        mark = pane.editor.mark_in(pane.editor.document().firstBlock())
        assert mark is not None
        assert mark.finding.severity is Severity.FAULT
        at.window.commands[Do.NEXT_FAULT].trigger()
        assert pane.editor.textCursor().selectedText() == "bad"
        at.window.commands[Do.NEXT_FAULT].trigger()
        assert pane.editor.textCursor().selectedText() == "buoy"
        at.window.commands[Do.PREVIOUS_FAULT].trigger()
        assert pane.editor.textCursor().selectedText() == "bad"
        # The cure of the row, where a mouse would press it.
        rect = pane.findings.visualRect(model.index(0, 0))
        pill = rect.topRight() + QPointF(-30, rect.height() / 2).toPoint()
        QTest.mouseClick(pane.findings.viewport(), Qt.MouseButton.LeftButton, pos=pill)
        assert pane.editor.text().startswith("A good start.")
        assert "Checking" in said(page)
        await checked(at, page)
        assert "Passes" in said(page)
        QTest.keyClick(pane.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert pane.editor.text().startswith("A bad start.")  # one step back
        await checked(at, page)
        page.acts.go(1)
        at.window.commands[Do.CURE].trigger()
        await at.settle()
        assert at.studio.known[0].settings.pronunciations == "buoy=boo-ee"
        await at.close()

    run(story())


def test_the_cure_of_a_word_is_among_what_can_be_taken_back(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1))
        page, scripts = await page_of(at)

        def listed() -> str:
            return at.studio.known[0].settings.pronunciations

        async def cure() -> None:
            page.acts.go(0)
            at.window.commands[Do.CURE].trigger()
            await until(lambda: "buoy=boo-ee" in listed())
            await checked(at, page)

        await cure()
        (done,) = at.window.sitting.done
        assert done.words == "“buoy” is spoken as “boo-ee” in this project"
        proofs = len(scripts.proofs)
        at.window.commands[Do.UNDO].trigger()
        await until(lambda: not listed())
        await checked(at, page)
        assert not at.window.sitting.done
        assert len(scripts.proofs) > proofs  # what it said of the text is asked anew

        # What was there before comes back, and what came beside it stays.
        settings = at.studio.known[0].settings
        await at.window.desk.keep(
            replace(at.studio.known[0], settings=settings.with_values({"pronunciations": "buoy=bwoy"})), ""
        )
        await cure()
        both = at.studio.known[0].settings.with_values({"pronunciations": "buoy=boo-ee; quay=key"})
        await at.window.desk.keep(replace(at.studio.known[0], settings=both), "")
        at.window.commands[Do.UNDO].trigger()
        await until(lambda: "bwoy" in listed())
        assert listed() == "quay=key; buoy=bwoy"
        await at.close()

    run(story())


def test_findings_move_with_the_text_and_no_verdict_is_stale(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1))
        page, scripts = await page_of(at)
        assert "Passes" in said(page)
        scripts.gate.clear()
        type_into(page, "bad ")
        assert "Checking" in said(page)
        assert "Passes" not in said(page.pane)
        assert f"{len(TEXT) + 4} characters" in said(page)  # that is known at once
        assert not page.pane.can_approve
        page.pane.editor.choose(0)
        assert page.pane.editor.textCursor().selectedText() == "buoy"
        await until(lambda: len(scripts.proofs) > 1)
        type_into(page, "X", at=0)  # while the answer to the text before is under way
        scripts.gate.set()
        await checked(at, page)
        assert scripts.proofs[-1].startswith("Xbad ")
        assert page.acts.proof is not None
        assert page.acts.proof.script.text.startswith("Xbad ")
        assert "Has faults" in said(page)
        await at.close()

    run(story())


def test_what_was_typed_survives_another_script_and_the_end_of_the_program(
    with_scripts: Open, run: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2))
        page, scripts = await page_of(at)
        type_into(page, "Mine. ")
        page.open(2)  # before any pause
        await checked(at, page)
        assert page.pane.editor.text() == TEXT
        page.open(1)
        await checked(at, page)
        assert page.pane.editor.text() == f"Mine. {TEXT}"
        assert "not saved yet" in page.pane.banner.words
        type_into(page, "More. ")
        await at.close()  # before any pause

        again = await with_scripts(waiting(1), waiting(2))
        page, scripts = await page_of(again)
        assert page.pane.editor.text() == f"More. Mine. {TEXT}"
        again.window.commands[Do.SAVE_SCRIPT].trigger()
        await checked(again, page)
        assert scripts.texts[1] == f"More. Mine. {TEXT}"
        await until(lambda: not list(tmp_path.glob("unsaved/*.json")))  # saved: nothing is kept beside it
        type_into(page, "Wrong. ")
        page.open(2)
        await checked(again, page)
        page.open(1)
        await checked(again, page)
        press(page, "Go back to the saved text")
        await checked(again, page)
        assert page.pane.editor.text() == f"More. Mine. {TEXT}"
        await again.close()

    run(story())


def test_a_half_written_file_is_no_text(with_scripts: Open, run: Run, tmp_path: Path) -> None:
    (tmp_path / "unsaved").mkdir()
    (tmp_path / "unsaved" / "script-1.json").write_text('{"text": "cut o')

    async def story() -> None:
        at = await with_scripts(waiting(1))
        page, _ = await page_of(at)
        assert page.pane.editor.text() == TEXT
        page.pane.editor.textCursor().insertText("\N{OLD PERSIAN SIGN A}")  # beyond the first plane
        page.desk.keep()
        at.window.unsaved.flush()
        await at.settle()
        kept = json.loads((tmp_path / "unsaved" / "script-1.json").read_text("utf-8"))
        assert kept["text"] == page.pane.editor.text()
        await at.close()

    run(story())


def test_a_text_that_is_spoken_is_read_and_not_changed(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(an_episode(1, State.DONE, Stage.EXPORT))
        page, _ = await page_of(at)
        assert page.pane.editor.isReadOnly()
        assert "newer text" in page.pane.banner.words
        type_into(page, "x")
        assert page.pane.editor.text() == TEXT
        assert not page.pane.editor.apply(Edit(0, "The", "A"))
        await at.close()

    run(story())


def test_spaces_that_do_not_break_and_letters_beyond_the_first_plane_stay(theme: Theme) -> None:
    editor = ScriptEditor(theme)
    text = "5\N{NO-BREAK SPACE}km \N{GRINNING FACE} then bad \N{GRINNING FACE}\n\N{LINE SEPARATOR}end\n"
    editor.show_text(text)
    assert editor.text() == text
    at = text.index("bad")
    editor.show_findings([ScriptFinding(Check.FORBIDDEN, Severity.FAULT, "x", at, at + 3)])
    editor.choose(0)
    assert editor.textCursor().selectedText() == "bad"
    assert editor.marked() == (at, at + 3)
    assert editor.apply(Edit(at, "bad", "good"))
    assert editor.text() == text.replace("bad", "good")
    assert not editor.apply(Edit(at, "bad", "good"))  # it stands there no more


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(0, 45))
def test_places_are_the_same_there_and_back(text: str, offset: int) -> None:
    numbers, inside = Offsets(text), min(offset, len(text))
    assert numbers.to_qt(offset) == len(text[:inside].encode("utf-16-le")) // 2
    assert numbers.from_qt(numbers.to_qt(offset)) == inside


@given(st.data())
def test_marks_go_with_the_text(qapp: QApplication, theme_once: Theme, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(["sea", "tide", "\N{GRINNING FACE}", "moon"]), min_size=1, max_size=8))
    text = f"{' '.join(words)} MARK {' '.join(words)}"
    editor = ScriptEditor(theme_once)
    editor.show_text(text)
    at = text.index("MARK")
    editor.show_findings([ScriptFinding(Check.FORBIDDEN, Severity.FAULT, "x", at, at + 4)])
    for _ in range(data.draw(st.integers(1, 5))):
        cursor = editor.textCursor()
        before = editor.text().index("MARK")
        cursor.setPosition(editor._breaks.position(data.draw(st.integers(0, before))))
        if data.draw(st.booleans()):
            cursor.insertText(data.draw(st.sampled_from(["x", "\N{GRINNING FACE}", "two words", "\n"])))
        elif cursor.position() < editor._breaks.position(before):
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
    editor.choose(0)
    assert editor.textCursor().selectedText() == "MARK"


@pytest.fixture(scope="module")
def theme_once(theme: Theme) -> Theme:
    """The same theme, under a scope that hypothesis lets a test have."""
    return theme


# The sources


def test_the_sentence_at_the_caret_shows_its_sources_and_the_other_way_round(with_scripts: Open, run: Run) -> None:
    source = Source(
        SourceKind.PAGE, "https://example.org/tides", "On tides", "0" * 64, "en", "2024-05-01", "2026-11-22"
    )
    excerpts = tuple(Excerpt(source, f"Passage {number}.", 0, 10, f"page {number}") for number in range(3))
    second = TEXT.index("It has")
    cited = (Citation(0, 16, 0), Citation(second, second + 18, 2))
    known = Provenance("model at host", excerpts, cited, ("One source could not be read.",), 20_000, (("model", "m"),))

    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2))
        scripts = at.studio.scripts
        assert isinstance(scripts, MemoryScripts)
        scripts.provenances[1] = known
        page, _ = await page_of(at)
        words = said(page.sources)
        assert "Written by model at host. Writing it cost $0.02." in words
        assert "One source could not be read." in words
        editor = page.pane.editor
        cursor = editor.textCursor()
        cursor.setPosition(second + 3)
        editor.setTextCursor(cursor)
        await until(lambda: page.sources.rows.here == {2})
        assert page.sources.list.currentIndex().row() == 2
        assert named(page, "The chosen passage").toPlainText() == "Passage 2."
        page.sources.list.setCurrentIndex(page.sources.rows.index(0))
        assert editor.place() == 0
        # What rests on that passage is tinted.
        await until(lambda: "The sea is wide." in [each.cursor.selectedText() for each in editor.extraSelections()])
        row = page.sources.rows.data(page.sources.rows.index(1), Qt.ItemDataRole.AccessibleTextRole)
        assert row == "2, On tides, not cited. Passage 1."
        page.open(2)
        await checked(at, page)
        assert "handed in as it is" in said(page.sources)
        await at.close()

    run(story())


# Approval


def test_ctrl_return_approves_and_goes_to_the_next_and_can_be_taken_back(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2), waiting(3))
        at.studio.scripts.price_micro = 1_230_000  # type: ignore[attr-defined]
        page, _ = await page_of(at)
        assert named(page, "Approve · up to $1.23").isEnabled()
        page.pane.editor.setFocus()
        ctrl_return(at.window)
        await checked(at, page)
        assert at.studio.rows[1].script_approved
        assert page.desk.id == 2
        assert at.window.focusWidget() is page.pane.editor  # so that it goes on with the same key
        ctrl_return(at.window)
        await checked(at, page)
        assert page.desk.id == 3
        assert not [asked for asked in at.studio.asked if asked[0] in {"start", "quote"}]
        at.window.sitting.undo()
        await at.settle()
        assert at.state_of(2) is State.NEEDS_YOU
        assert not at.studio.rows[2].script_approved
        assert at.studio.rows[1].script_approved
        await at.close()

    run(story())


def test_faults_take_a_second_step(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1, Verdict.FAIL), waiting(2))
        scripts = at.studio.scripts
        assert isinstance(scripts, MemoryScripts)
        scripts.texts[1] = f"A bad start. {TEXT}"
        page, _ = await page_of(at)
        ctrl_return(at.window)
        await at.settle()
        assert at.state_of(1) is State.NEEDS_YOU
        assert "1 fault" in page.pane.banner.words
        assert named(page, "Approve with 1 fault · free").isVisible()
        type_into(page, "x")  # another text is another decision
        await checked(at, page)
        ctrl_return(at.window)
        await at.settle()
        assert at.state_of(1) is State.NEEDS_YOU
        assert not at.studio.rows[1].script_approved
        ctrl_return(at.window)
        await checked(at, page)
        await until(lambda: at.studio.rows[1].script_approved)  # saved, checked once more, and approved as it was meant
        assert scripts.texts[1].startswith("x")
        await at.close()

    run(story())


def test_many_are_approved_at_once_but_for_those_with_faults(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), waiting(2, Verdict.FAIL), waiting(3), topic(4))
        at.studio.scripts.price_micro = 500_000  # type: ignore[attr-defined]
        page, _ = await page_of(at)
        page.shelf.list.selectAll()
        await until(lambda: "Approve 2 · up to $1.00" in said(page))
        assert "4 chosen · 2 can be approved · 1 has faults" in said(page)
        at.window.commands[Do.APPROVE_SCRIPT].trigger()
        await at.settle()
        question = at.window.findChild(Question)
        assert question is not None
        words = said(question)
        assert "up to $1.00" in words
        assert "It begins when you press Start." in words
        assert "1 has faults and is not among them" in words
        press(question, "Approve 2 scripts")
        await at.settle()
        assert [row.script_approved for row in at.studio.rows.values()] == [True, False, True, False]
        await at.close()

    run(story())


def test_a_sentence_is_heard_and_why_it_is_silent_is_said(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1))
        page, _ = await page_of(at)
        cursor = page.pane.editor.textCursor()
        cursor.setPosition(TEXT.index("many"))
        page.pane.editor.setTextCursor(cursor)
        at.window.commands[Do.HEAR].trigger()
        await at.settle()
        assert ("hear", "It has many tides.") in at.studio.asked
        page.pane.editor.show_place(0, 7)
        page.acts.player.pause()
        at.window.commands[Do.HEAR].trigger()
        await at.settle()
        assert ("hear", "The sea") in at.studio.asked
        page.acts.player.troubled.emit("No audio output was found. Connect one, then press play again.")
        assert "No audio output was found" in page.pane.banner.words
        await at.close()

    run(story())


# A newer text


def test_a_newer_text_is_compared_before_it_is_taken_over(with_scripts: Open, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        at = await with_scripts(an_episode(1, State.DONE, Stage.EXPORT))
        page, _ = await page_of(at)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "newer.md"))])
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        event = QDropEvent(QPointF(600, 400), Qt.DropAction.CopyAction, data, left, none)
        page.dropEvent(event)
        await at.settle()
        sheet = at.window.findChild(ScriptCompare)
        assert sheet is not None
        words = said(sheet)
        assert "1 changed, 1 new, 1 gone of 4 sentences" in words
        assert "82.0% of the sound is kept" in words
        assert sheet.list.model().rowCount() == 3
        press(sheet, "Also what stays the same")
        assert sheet.list.model().rowCount() == 4
        assert not [asked for asked in at.studio.asked if asked[0] == "take_over"]
        press(sheet, "Take it over for up to $0.40")
        await at.settle()
        assert ("take_over", "Words of newer.") in at.studio.asked
        await at.close()

    run(story())


def test_differences_are_said_aloud_as_pairs() -> None:
    rows = ChangeRows(COMPARISON.sentences)
    aloud = [rows.data(rows.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(rows.rowCount())]
    assert aloud == [
        "Changed. Before: It has many tides. Now: It has two tides.",
        "Gone: Nobody counts them.",
        "New: The moon pulls.",
    ]
    same = replace(COMPARISON, sentences=COMPARISON.sentences[:1], kept_share=0.0, cost_micro=0)
    assert summed(same).startswith("Every sentence is the same; nothing of it is spoken yet")


def test_models_are_sound(qtmodeltester: Any) -> None:
    rows = ScriptRows(lambda _episode: NOTHING_LIVE)
    rows.show([waiting(1), topic(2), an_episode(3, State.DONE, Stage.EXPORT)])
    qtmodeltester.check(rows)
    qtmodeltester.check(ChangeRows(COMPARISON.sentences))
    assert rows.rowCount(rows.index(0, 0)) == 0
    assert rows.data(QModelIndex()) is None


def test_a_line_is_a_topic() -> None:
    drafts = topic_drafts("Why: short\nThe ratio 3:16 in verse\n• A bullet: it says\n12) Numbered\n---\n", 7.5)
    made = [(draft.script.topic.title, draft.script.topic.brief) for draft in drafts if draft.script.topic]
    assert made == [("Why", "short"), ("The ratio 3:16 in verse", ""), ("A bullet", "it says"), ("Numbered", "")]
    assert all(draft.script.unwritten and draft.script.topic.minutes == 7.5 for draft in drafts if draft.script.topic)
    assert len({draft.script.text for draft in drafts}) == 4


def test_everything_is_reached_by_name_and_keyboard(with_scripts: Open, run: Run) -> None:
    async def story() -> None:
        at = await with_scripts(waiting(1), topic(2))
        page, _ = await page_of(at)
        at.window.commands[Do.TOPICS].trigger()
        assert isinstance(at.window.focusWidget(), QPlainTextEdit)
        assert not nameless(page)
        for name in ("Scripts", "Script", "Findings in this script", "Filter the scripts", "All: 2 episodes"):
            assert named(page, name).focusPolicy() is not Qt.FocusPolicy.NoFocus
        at.window.commands[Do.BATCH_PAGE].trigger()
        at.window.commands[Do.TOPICS].trigger()
        assert at.window.pages.currentWidget() is page
        await at.close()

    run(story())
