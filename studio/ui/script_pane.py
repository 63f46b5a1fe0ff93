"""One script: its figures, its text, what was found in it, and what can be done; or the topic it is to come from."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from studio.domain.episode import Episode, State
from studio.domain.findings import Severity, Verdict
from studio.domain.script import Script, Topic
from studio.domain.script_report import ScriptFinding, ScriptReport
from studio.engine.scripts import Dossier, Proof
from studio.ui import theme as look
from studio.ui.banner import Banner
from studio.ui.commands import CommandSet, Do
from studio.ui.parts import ElidedLabel, KeyButton, button, label
from studio.ui.script_editor import ScriptEditor
from studio.ui.script_figures import ScriptFigures
from studio.ui.script_findings import ScriptFindings
from studio.ui.script_steps import Step, is_open, step_of
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, isolated, now_sentence

_FOUND_HEIGHT: Final = 132


class ScriptPane(QWidget):
    """Shows what it is told; says what is asked for. The text is the editor's."""

    asked = Signal(object)  # Do
    approve_asked = Signal()
    write_asked = Signal()
    compare_asked = Signal()

    def __init__(self, theme: Theme, commands: CommandSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._episode: Episode | None = None
        self._report: ScriptReport | None = None
        self._armed = False  # the first of the two steps that faults ask for is done
        self._price = ""
        self._title = ElidedLabel("", "heading")
        self.figures = ScriptFigures(theme)
        self.banner = Banner(theme)
        self.editor = ScriptEditor(theme)
        self.findings = ScriptFindings(theme)
        self._found = label("", "muted")
        self._below = QWidget()
        self._write = button("Write its script", "primary")
        self._topic_title, self._topic_text = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.stack = QStackedWidget()
        self._approve = KeyButton("Approve", "", primary=True)
        self._save = KeyButton("Save", "")
        self._hear = KeyButton("Hear the sentence", "")
        self._again = button("Write again", "quiet")
        self._compare = button("Compare with a file…", "quiet")
        self._compare.setToolTip(
            "Hold a newer text of this script beside it, sentence by sentence (or drop the file here)"
        )
        commands.explain(self._again, Do.WRITE_AGAIN, "Have it written anew from its topic")
        for do, key in ((Do.SAVE_SCRIPT, self._save), (Do.HEAR, self._hear), (Do.PRIMARY, self._approve)):
            commands.follow(do, key.set_key)
        self._build()
        self._write.clicked.connect(self.write_asked)
        self._approve.clicked.connect(self.approve_asked)
        self._save.clicked.connect(lambda: self.asked.emit(Do.SAVE_SCRIPT))
        self._hear.clicked.connect(lambda: self.asked.emit(Do.HEAR))
        self._again.clicked.connect(lambda: self.asked.emit(Do.WRITE_AGAIN))
        self._compare.clicked.connect(self.compare_asked)

    @property
    def faults(self) -> int:
        """How many faults the text has, as far as it is checked."""
        found = self._report.findings if self._report else ()
        return sum(finding.severity is Severity.FAULT for finding in found)

    @property
    def can_approve(self) -> bool:
        """Whether it waits for a person's word, and is checked as it stands."""
        episode = self._episode
        return episode is not None and episode.awaits_approval and self._report is not None

    def show_dossier(self, dossier: Dossier, text: str, *, fresh: bool, dirty: bool) -> None:
        """Show an episode; its text only where it is another one (`fresh`), so that caret and undo stay."""
        self._episode = dossier.episode
        self._title.set_words(f"{dossier.episode.number:03d}  {isolated(dossier.episode.title)}")
        if dossier.script.unwritten:
            self._show_topic(dossier.episode, dossier.script)
            return
        self.stack.setCurrentIndex(0)
        if fresh:
            self._armed = False
            self.editor.show_text(text)
            self._show_findings(())
        self.editor.setReadOnly(not is_open(dossier.episode))
        self.figures.show_count(self.editor.characters)
        self.show_state(dirty=dirty)

    def show_state(self, *, dirty: bool) -> None:
        """Which acts there are now; `dirty` is a text that is not saved."""
        episode = self._episode
        editable = episode is not None and is_open(episode)
        waits = episode is not None and episode.awaits_approval
        self._save.setVisible(editable and self.stack.currentIndex() == 0)
        self._save.setEnabled(dirty)
        self._approve.setVisible(waits)
        self._approve.setEnabled(self._report is not None)
        self._compare.setVisible(self.stack.currentIndex() == 0)
        self._hear.setVisible(self.stack.currentIndex() == 0)
        self._name_approval(dirty=dirty)

    def show_again(self, offered: bool) -> None:
        """Whether it can be written anew."""
        self._again.setVisible(offered)

    def show_checking(self) -> None:
        """The text is another one now."""
        self._report = None
        self._armed = False
        self.figures.show_checking()
        self.figures.show_count(self.editor.characters)
        self._approve.setEnabled(False)
        self._approve.set_words("Approve")
        self._found.setText("Checking what stands there now…")

    def show_report(self, report: ScriptReport) -> None:
        """What the checks said of the text as it is stored, until they have said it anew."""
        self.figures.show_report(report)
        self._show_findings(report.findings)

    def show_proof(self, proof: Proof, price: str, *, dirty: bool) -> None:
        """What the checks say of the text as it stands."""
        self._report, self._price = proof.report, price
        self.figures.show_proof(proof)
        self._show_findings(proof.report.findings)
        self.show_state(dirty=dirty)

    def show_refusal(self, why: str) -> None:
        """It is no script as it stands."""
        self.figures.show_refusal(why)
        self._show_findings(())
        self._found.setText(why)

    def arm(self) -> bool:
        """Whether the word may be given now: with faults only after it was asked for twice."""
        if not self.can_approve:
            return False
        failing = self._report is not None and self._report.verdict is Verdict.FAIL
        if failing and not self._armed:
            self._armed = True
            self._name_approval(dirty=False)
            self.banner.say(
                f"It has {count_of(self.faults, 'fault')}. Press once more to have it spoken as it is: {self._price}.",
                "octagon-alert",
                Tone.BAD,
            )
            return False
        return True

    def clear(self) -> None:
        """No script is in front."""
        self._episode = self._report = None
        self._title.set_words("")
        self.figures.clear()
        self.banner.hide()
        self.editor.show_text("")
        self.editor.setReadOnly(True)
        self._show_findings(())
        self.stack.setCurrentIndex(0)
        self.show_again(False)
        self.show_state(dirty=False)

    def _name_approval(self, *, dirty: bool) -> None:
        if self._report is None:
            return
        price = f" · {self._price}" if self._price else ""
        if self._armed:
            words = f"Approve with {count_of(self.faults, 'fault')}{price}"
        else:
            words = f"Save and approve{price}" if dirty else f"Approve{price}"
        self._approve.set_words(words, "Let it be spoken as it is, and go to the next script that waits")

    def _show_findings(self, findings: Sequence[ScriptFinding]) -> None:
        self.findings.found.show(findings)
        self.editor.show_findings(findings)
        self.findings.setVisible(bool(findings))
        if findings:
            parts = [
                count_of(count, one, many)
                for severity, one, many in (
                    (Severity.FAULT, "fault", "faults"),
                    (Severity.UNSURE, "undecided", "undecided"),
                    (Severity.REVIEW, "to look at", "to look at"),
                    (Severity.NOTE, "note", "notes"),
                )
                if (count := sum(finding.severity is severity for finding in findings))
            ]
            self._found.setText(" · ".join(parts))
        else:
            self._found.setText("The checks found nothing.")

    def _show_topic(self, episode: Episode, script: Script) -> None:
        topic = script.topic or Topic(script.title)
        self._report = None
        self.stack.setCurrentIndex(1)
        self.figures.clear()
        self.banner.hide()
        self._topic_title.setText(isolated(topic.title))
        self._write.setVisible(episode.state is State.QUEUED)
        minutes = f"About {topic.minutes:g} minutes." if topic.minutes else "As long as the settings say."
        sources = f"Its own sources: {', '.join(topic.sources)}." if topic.sources else ""
        state = f"{now_sentence(episode)}. {episode.remedy}".strip() if step_of(episode) is not Step.UNDER_WAY else ""
        wait = state or "It is being written; its text appears here."
        self._topic_text.setText(
            "\n\n".join(filter(None, (topic.brief, " ".join(filter(None, (minutes, sources))), wait)))
        )
        self.show_again(False)
        self.show_state(dirty=False)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.M, look.S)
        column.setSpacing(look.S - 2)
        head = QHBoxLayout()
        head.setSpacing(look.XS)
        head.addWidget(self._title, 1)
        head.addWidget(self._again)
        head.addWidget(self._compare)
        column.addLayout(head)
        column.addWidget(self.figures)
        column.addWidget(self.banner)
        inner = QVBoxLayout(self._below)
        inner.setContentsMargins(0, look.XS, 0, 0)
        inner.setSpacing(look.XS)
        inner.addWidget(self._found)
        inner.addWidget(self.findings, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(3)
        split.setChildrenCollapsible(False)
        split.addWidget(self.editor)
        split.addWidget(self._below)
        split.setStretchFactor(0, 1)
        split.setSizes([460, _FOUND_HEIGHT])
        self.editor.setMinimumHeight(120)
        topic = QWidget()
        words = QVBoxLayout(topic)
        words.setContentsMargins(look.L, look.L, look.L, look.L)
        words.addWidget(self._topic_title)
        words.addWidget(self._topic_text)
        words.addSpacing(look.S)
        words.addWidget(self._write, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        self.stack.addWidget(split)
        self.stack.addWidget(topic)
        column.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addWidget(self._hear)
        row.addStretch(1)
        row.addWidget(self._save)
        row.addWidget(self._approve)
        column.addLayout(row)
