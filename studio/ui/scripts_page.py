"""The Scripts page: from topic to a script worth speaking, and a person's word before anything is bought."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Verdict
from studio.engine.scripts import Dossier, Proof
from studio.ui import theme as look
from studio.ui.commands import Do
from studio.ui.empty_state import steps
from studio.ui.intake import handed
from studio.ui.pages import PageContext
from studio.ui.parts import KeyButton, button, label
from studio.ui.permitted import Act, next_in_queue, script_queue
from studio.ui.script_acts import ScriptActs
from studio.ui.script_approval import up_to
from studio.ui.script_desk import ScriptDesk, as_shown
from studio.ui.script_flow import ScriptFlow
from studio.ui.script_pane import ScriptPane
from studio.ui.script_shelf import ScriptShelf
from studio.ui.script_sources import ScriptSources
from studio.ui.script_steps import Step, is_open, step_of
from studio.ui.theme import Tone
from studio.ui.topics_panel import TopicsPanel
from studio.ui.unsaved import Typed
from studio.ui.wording import count_of

_SIZES: Final = (284, 590, 300)
_KEPT_AS: Final = "scripts/sizes"
_STEPS: Final = (
    ("1", "Write down topics", "A line each, or a table. Sources are files, folders, pages and feeds of your choice"),
    ("2", "Read what is written", "Every script comes with its sources beside it, and with what the checks found"),
    ("3", "Approve", "Only then is it spoken: what that costs stands on the button"),
)
_NOT_WRITTEN: Final = "It is not written yet. The passages that its script rests on will stand here."


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    return ScriptsPage(context)


class ScriptsPage(QWidget):
    """Ties list, text and sources together. What is chosen here is chosen everywhere."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        theme, commands = context.theme, context.commands
        self.shelf = ScriptShelf(theme, context.desk.model)
        self.pane = ScriptPane(theme, commands)
        self.sources = ScriptSources(theme)
        self.flow = ScriptFlow(theme)
        self.topics = TopicsPanel(partial(commands.key, Do.PRIMARY))
        self.desk = ScriptDesk(context.bridge, context.desk, context.unsaved, self.pane.editor.text, self)
        self.acts = ScriptActs(self, context, self.desk, self.pane)
        self._shown: tuple[int, str] | None = None  # whose text the editor has, and as what it was stored
        self._add, self._write = KeyButton("Add topics", ""), button("")
        self._icon = QLabel()
        self._above = QWidget()  # holds the field for topics
        self._alone = False  # it was opened because there was nothing else to show
        self._stack = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self.setAccessibleName(commands[Do.SCRIPTS_PAGE].text())
        self.setFocusProxy(self.shelf.list)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self._draw()
        self._refresh()

    def chosen(self) -> list[Episode]:
        """What is chosen, while this page is in front."""
        return self.shelf.list.chosen() if self.isVisible() else []

    def show_topics(self) -> None:
        """Open the field for topics."""
        self._above.show()
        self.topics.take_focus()

    def open(self, episode_id: int) -> None:
        """Bring a script to the front, here and everywhere; the keyboard stays where it is."""
        focused: QWidget | None = self.window().focusWidget()
        self.desk.open(episode_id)
        self.shelf.list.choose(episode_id)
        if episode_id != self._context.choice.id:
            self._context.choice.asked.emit(episode_id)
        if focused is not None and self.isAncestorOf(focused):
            focused.setFocus()

    def approve(self) -> None:
        """Let the script in front be spoken, and go to the next that waits; with faults after a second press."""
        episode_id = self.desk.id
        if episode_id is None or not self.pane.arm():
            return
        following = next_in_queue(script_queue(self._context.desk.model), episode_id)
        if self._dirty:
            faulty = self.acts.proof is not None and self.acts.proof.report.verdict is Verdict.FAIL
            self.desk.save(lambda: self.acts.mean(episode_id, with_faults=faulty))
        else:
            self._context.orders.act(Act.APPROVE_SCRIPT, [episode_id])
        if following is not None:
            self.open(following)

    # Qt's own events

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: what happened while it was hidden; the script that is chosen elsewhere comes to the front."""
        super().showEvent(event)
        self._refresh()
        self._follow()

    def event(self, event: QEvent) -> bool:
        """Qt: the key of the blue button is, over a script that waits, that of its approval."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._approves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: approve."""
        if self._approves(event):
            self.approve()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: one file over the text is a newer text of it; anything else is the window's."""
        inside = self.pane.rect().contains(self.pane.mapFrom(self, event.position().toPoint()))
        if inside and self._newer(event) is not None:
            self._context.desk.said.emit("Drop to compare with the script in front")
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: it was let go."""
        path = self._newer(event)
        if path is not None:
            event.acceptProposedAction()
            self.acts.orders.compare(path)

    # What arrives

    def _refresh(self) -> None:
        model = self._context.desk.model
        if not self.isVisible():
            return
        self.flow.show_counts(self.shelf.steps.counts)
        self.shelf.refresh()
        self._stack.setCurrentIndex(1 if len(model) else 0)
        self.topics.offer_close(len(model) > 0)
        if self._alone is not (not len(model)):
            self._alone = not len(model)
            self._above.setVisible(self._alone)
        self._refresh_writing()

    def _refresh_writing(self) -> None:
        waiting = self._writable()
        self._write.setVisible(bool(waiting))
        topics = sum(episode.stage is Stage.WRITE for episode in waiting)
        words = f"Write {count_of(topics, 'script')}" if topics else f"Check {count_of(len(waiting), 'script')}"
        self._write.setText(words)

    def _follow(self) -> None:
        model, chosen = self._context.desk.model, self._context.choice.id
        wanted = chosen if chosen is not None and model.episode(chosen) is not None else None
        wanted = wanted or next(iter(script_queue(model)), None)
        if wanted is None and len(model):
            wanted = model.episode_at(0).id
        if wanted is None:
            return
        if self.shelf.rows.row_of(wanted) is None:
            self.flow.mark(Step.ALL)
            self.shelf.filter.clear()
            self.shelf.show_step(Step.ALL)
        self.open(wanted)

    def _show(self, dossier: Dossier, typed: Typed | None) -> None:
        stored = as_shown(dossier.script.text)
        here = self._shown is not None and self._shown[0] == dossier.episode.id
        kept = here and (self.pane.editor.text() == stored or (self._shown or (0, ""))[1] == stored)
        fresh = dossier.script.unwritten or not kept
        if fresh and here and typed is None and self._dirty:
            typed = Typed(self.pane.editor.text(), (self._shown or (0, ""))[1])  # it was changed elsewhere meanwhile
        self._shown = (dossier.episode.id, stored)
        if fresh:
            self.acts.player.load(None)
            self.pane.banner.hide()
            self.acts.proof = None
        text = typed.text if typed else stored
        self.pane.show_dossier(dossier, text, fresh=fresh, dirty=self._dirty or typed is not None)
        self.pane.show_again(
            dossier.script.topic is not None and not dossier.script.unwritten and is_open(dossier.episode)
        )
        handed = {"handed_in": _NOT_WRITTEN} if dossier.script.unwritten else {}
        self.sources.show_provenance(dossier.provenance, **handed)
        if not fresh:
            self._take_caret(self.pane.editor.place())
        if fresh and not dossier.script.unwritten:
            self._say_state(dossier.episode, typed, stored)
            self.desk.prove()
            if typed is None and dossier.report is not None and stored == dossier.script.text:
                self.pane.show_report(dossier.report)

    def _say_state(self, episode: Episode, typed: Typed | None, stored: str) -> None:
        say = self.pane.banner.say
        if typed is not None:
            other = " It was changed elsewhere since." if typed.over != stored else ""
            words = f"What you typed here is not saved yet.{other}"
            say(words, "pencil", Tone.LOOK, "Go back to the saved text", self._discard)
        elif not is_open(episode):
            is_said = step_of(episode) is Step.SPOKEN
            now = "It is spoken: a newer text is compared with it, and only what differs is bought again."
            say(now if is_said else "It is being spoken now; its text is not changed meanwhile.", "audio-lines")
        elif episode.state is State.FAILED:
            say(f"{episode.reason} {episode.remedy}".strip(), "octagon-alert", Tone.BAD)

    def _discard(self) -> None:
        self._shown = None  # the text is to be put there anew
        self.desk.discard()

    def _take_typed(self) -> None:
        self.pane.show_checking()
        self.acts.proof = None
        self.desk.type()
        self.pane.show_state(dirty=True)

    def _take_proof(self, proof: Proof) -> None:
        self.acts.proof = proof
        self.pane.show_proof(proof, up_to(proof.cost_micro), dirty=self._dirty)
        self.sources.show_provenance(proof.provenance)
        self._take_caret(self.pane.editor.place())

    def _take_caret(self, place: int) -> None:
        """The passages under the sentence at the caret."""
        cited = self.acts.proof.provenance.citations if self.acts.proof and self.acts.proof.provenance else ()
        self.sources.follow(frozenset(each.excerpt for each in cited if each.start <= place <= each.end))

    def _take_excerpt(self, row: int) -> None:
        """What rests on a passage."""
        cited = self.acts.proof.provenance.citations if self.acts.proof and self.acts.proof.provenance else ()
        spans = [(each.start, each.end) for each in cited if each.excerpt == row]
        self.pane.editor.tint(spans)
        if spans:
            self.pane.editor.go_to(spans[0][0])

    # Placing and connecting

    @property
    def _dirty(self) -> bool:
        return self._shown is not None and self.pane.editor.text() != self._shown[1]

    def _approves(self, event: QKeyEvent) -> bool:
        keys = self._context.commands[Do.PRIMARY].shortcuts()
        focused: QWidget | None = self.window().focusWidget()
        in_topics = focused is not None and self.topics.isAncestorOf(focused)
        return self.pane.can_approve and not in_topics and QKeySequence(event.keyCombination()) in keys

    def _newer(self, event: QDropEvent) -> Path | None:
        """The one file that is held over the page, where there is a script to compare it with."""
        given = handed(event.mimeData())
        alone = len(given.paths) == 1 and not given.links
        return given.paths[0] if alone and self.desk.dossier is not None else None

    def _writable(self) -> list[Episode]:
        """Topics to be written and scripts to be checked: those that are chosen, or else all."""
        chosen = self.shelf.list.chosen()
        if len(chosen) > 1:
            return [each for each in chosen if each.state is State.QUEUED and step_of(each) is Step.WAITING]
        return [each for each in self.shelf.steps.at(Step.WAITING) if each.state is State.QUEUED]

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(look.M, look.S, look.M, look.S)
        head.setSpacing(look.S)
        head.addWidget(self.flow, 1)
        head.addWidget(self._add)
        head.addWidget(self._write)
        self._write.setToolTip("Read the sources, write and check; nothing is spoken before you approve it")
        column = QVBoxLayout(self._above)
        column.setContentsMargins(look.M, 0, look.M, look.S)
        column.addWidget(self.topics)
        self._above.hide()
        for part in (self.shelf, self.pane, self.sources):
            self._split.addWidget(part)
        self._split.setHandleWidth(3)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(1, 1)
        kept = self._context.memory.read(_KEPT_AS, [])
        self._split.setSizes(kept if len(kept) == len(_SIZES) and all(type(each) is int for each in kept) else _SIZES)
        self.shelf.setMinimumWidth(200)
        self.pane.setMinimumWidth(360)
        self.sources.setMinimumWidth(200)
        self._stack.addWidget(_empty(self._icon))
        self._stack.addWidget(self._split)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._above)
        whole.addWidget(self._stack, 1)

    def _draw(self) -> None:
        self._write.setIcon(self._context.theme.icon("pen-line"))
        self._icon.setPixmap(self._context.theme.pixmap("scroll-text", Tone.ACCENT, 48, self.devicePixelRatioF()))

    def _connect(self) -> None:
        context, pane, shelf, desk = self._context, self.pane, self.shelf, self.desk
        context.standing.changed.connect(lambda _tally: self._refresh())
        context.bridge.progressed.connect(lambda sampled: shelf.rows.show_progress(list(sampled)))
        context.desk.opening.connect(self._begin)
        context.desk.project_changed.connect(lambda project, _known: self.topics.show_settings(project.settings))
        context.theme.changed.connect(self._draw)
        context.approval.priced.connect(shelf.show_price)
        context.approval.chosen = self.chosen
        context.commands.explain(self._add, Do.TOPICS, "Write topics down")
        context.commands.follow(Do.TOPICS, self._add.set_key)
        self._add.clicked.connect(self.show_topics)
        self._write.clicked.connect(lambda: self.acts.orders.write([each.id for each in self._writable()]))
        self.flow.chosen.connect(shelf.show_step)
        shelf.list.current_changed.connect(self.open)
        shelf.list.chosen_changed.connect(self._refresh_writing)
        shelf.approve_asked.connect(context.approval.approve)
        shelf.again_asked.connect(self.acts.ask_again)
        shelf.price_asked.connect(context.approval.price)
        pane.approve_asked.connect(self.approve)
        pane.write_asked.connect(lambda: self.acts.orders.write([desk.id]) if desk.id is not None else None)
        pane.editor.typed.connect(self._take_typed)
        pane.editor.caret_rested.connect(self._take_caret)
        desk.opened.connect(self._show)
        desk.proved.connect(self._take_proof)
        desk.refused.connect(pane.show_refusal)
        desk.checking.connect(pane.show_checking)
        desk.troubled.connect(lambda words: pane.banner.say(words, "triangle-alert", Tone.LOOK))
        self.sources.chosen.connect(self._take_excerpt)
        self.sources.open_asked.connect(self.acts.open_source)
        self.topics.added.connect(lambda drafts: self.acts.add_topics(drafts, self.topics))
        self.topics.table_pasted.connect(context.commands[Do.PASTE].trigger)
        self.topics.settings_asked.connect(context.commands[Do.SETTINGS].trigger)
        self.topics.closed.connect(self._above.hide)
        self._split.splitterMoved.connect(lambda *_: context.memory.keep(_KEPT_AS, self._split.sizes()))
        if context.desk.project is not None:
            self.topics.show_settings(context.desk.project.settings)

    def _begin(self) -> None:
        """Another project."""
        self._shown = None
        self.acts.meant.clear()
        self.acts.proof = None
        self.pane.clear()
        self.sources.show_provenance(None)


def _empty(icon: QLabel) -> QWidget:
    """What stands below the field for topics while the project has no episode: the steps from here on."""
    empty = QWidget()
    column = QVBoxLayout(empty)
    column.setSpacing(look.S)
    column.addStretch(1)
    head = label("From a topic to a script worth speaking", "title")
    for line in (icon, head):
        line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(line)
    column.addSpacing(look.L)
    column.addLayout(steps(_STEPS))
    column.addStretch(2)
    return empty
