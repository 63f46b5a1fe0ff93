"""What the commands of the Scripts page do: save, go through the findings, cure, hear, write again, compare."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.domain.episode import Episode, State
from studio.domain.findings import Verdict
from studio.domain.project import Project
from studio.engine.drafts import Draft
from studio.engine.quote import Quote
from studio.engine.revision import Comparison
from studio.engine.scripts import Proof
from studio.ui.commands import Do
from studio.ui.dialogs import SCRIPTS, ask
from studio.ui.money_words import topics_words
from studio.ui.pages import PageContext
from studio.ui.permitted import Act
from studio.ui.player import Player
from studio.ui.script_desk import ScriptDesk
from studio.ui.script_orders import ScriptOrders
from studio.ui.script_pane import ScriptPane
from studio.ui.theme import Tone
from studio.ui.topics_panel import TopicsPanel
from studio.ui.wording import count_of, isolated


class ScriptActs(QObject):
    """Serves them while the page is in front."""

    def __init__(self, page: QWidget, context: PageContext, desk: ScriptDesk, pane: ScriptPane) -> None:
        super().__init__(page)
        self._page = page
        self._context = context
        self._desk = desk
        self._pane = pane
        self.orders = ScriptOrders(context.desk, context.unsaved, desk)
        self.player = Player(self)
        self.proof: Proof | None = None  # of the text as it stands
        self.meant: dict[int, bool] = {}  # approved before they were checked once more; True with their faults
        self._serve()
        pane.asked.connect(lambda do: context.commands[do].trigger())
        pane.compare_asked.connect(self.choose_newer)
        pane.findings.went.connect(self.go)
        pane.findings.cured.connect(self.cure)
        pane.editor.finding_asked.connect(self.go)
        context.bridge.changed.connect(self._take_changed)
        self.orders.heard.connect(self._play)
        self.orders.compared.connect(self._compare)
        self.orders.pronounced.connect(self._note)
        self.orders.quoted.connect(self._ask_price)
        self.player.troubled.connect(self._tell_silence)

    def save(self) -> None:
        """Store what is typed."""
        self._desk.save(lambda: self._context.desk.said.emit("Script saved; it is checked once more"))

    def mean(self, episode_id: int, *, with_faults: bool) -> None:
        """A script that is stored now is approved as soon as it is checked once more."""
        self._context.bridge.flush()  # so that its row is not the one from before
        self.meant[episode_id] = with_faults
        self._context.desk.said.emit("Saved; approved as soon as it is checked once more")
        row = self._context.desk.model.episode(episode_id)
        if row is not None:
            self._take_changed([row])

    def go(self, number: int) -> None:
        """Go to a finding, in the list and in the text."""
        self._pane.findings.choose(number)
        self._pane.editor.choose(number)

    def step(self, *, back: bool) -> None:
        """Go to the next finding, or the one before."""
        number = self._pane.editor.next_finding(back=back)
        if number is None:
            self._context.desk.said.emit("There is no place to go to: nothing was found in this text")
        else:
            self.go(number)
            self._pane.editor.setFocus()

    def cure(self, number: int | None = None) -> None:
        """Cure a finding, or the one that is in front."""
        wanted = self._pane.findings.current() if number is None else number
        if self.proof is None or wanted is None:
            self._context.desk.said.emit("Choose a finding first (F8)" if self.proof else "The text is being checked")
            return
        cure = self.proof.report.findings[wanted].cure
        if cure is None:
            self._context.desk.said.emit("This one has no cure by itself: change the text")
        elif cure.edit is not None:
            if not self._pane.editor.apply(cure.edit):
                self._context.desk.said.emit("The text is another one there by now, or is not to be changed")
        elif cure.pronounce is not None:
            self.orders.pronounce(*cure.pronounce)

    def hear(self) -> None:
        """Hear what is selected, or else the sentence at the caret; or stop."""
        if self.player.playing:
            self.player.pause()
            return
        start, end = self._pane.editor.marked()
        if start == end:
            start, end = self._sentence(start)
        text = self._pane.editor.text()[start:end]
        if text.strip():
            self._context.desk.said.emit("The built-in voice speaks it in a moment")
            self._context.player.pause()
            self.orders.hear(text)
        else:
            self._context.desk.said.emit("There is no sentence at this place")

    def ask_again(self, ids: list[int]) -> None:
        """Have scripts written anew, once that is agreed to."""
        self._desk.do(self._ask_again(ids))

    async def _ask_again(self, ids: list[int]) -> None:
        what = "this script" if len(ids) == 1 else count_of(len(ids), "script")
        goes = "The text as it is now goes, with what was changed in it; another one is written from the topic."
        quote = await self.orders.price(ids)
        price = f" {topics_words(quote)}" if quote is not None and quote.cost_micro else ""
        ask(
            self._page.window(),
            f"Write {what} again?",
            f"{goes}{price}",
            yes=("Write again", lambda: self.orders.write_again(ids)),
            no="Keep it",
        )

    def _ask_price(self, quote: Quote, ids: list[int]) -> None:
        """Have topics written, once what that costs is agreed to."""
        topics = count_of(quote.writing.topics, "topic")
        short = "" if quote.fits_all else f" {quote.sentence} What does not fit waits."
        doing: Callable[[], None] = lambda: self.orders.write_now(ids)  # noqa: E731
        ask(
            self._page.window(),
            f"Write {topics}?",
            f"{topics_words(quote)}{short}",
            yes=(f"Write {topics}", doing),
            no="Not yet",
        )

    def choose_newer(self) -> None:
        """Choose the file of a newer text."""
        dialog = QFileDialog(self._page.window(), "A newer text of this script", "", SCRIPTS)
        dialog.fileSelected.connect(lambda name: self.orders.compare(Path(name)))
        dialog.open()

    def open_source(self, address: str) -> None:
        """Show a source where the system shows such things: a page in the browser, a file in its program."""
        url = QUrl(address) if address.startswith(("https://", "http://")) else QUrl.fromLocalFile(address)
        if not QDesktopServices.openUrl(url):
            self._tell(f"“{address}” cannot be opened here.")

    def add_topics(self, drafts: list[Draft], panel: TopicsPanel) -> None:
        """Queue topics, as one thing that can be taken back."""
        if self._context.desk.project is not None:
            self._desk.do(self._add_topics(self._context.desk.project, drafts, panel))

    async def _add_topics(self, project: Project, drafts: list[Draft], panel: TopicsPanel) -> None:
        context, reception = self._context, self._context.desk.door().reception
        made, twice = await reception.queue(project, drafts)
        if twice:
            known = count_of(len(twice), "topic is in this project already", "topics are in this project already")
            self._tell(f"{known}; nothing was added for {'it' if len(twice) == 1 else 'them'}.", Tone.INFO)
        panel.clear()
        if made:
            ids = {episode.id for episode in made}
            context.bridge.flush()
            context.standing.count()
            words, key = f"Added {count_of(len(made), 'topic')}", context.commands.key(Do.UNDO)
            context.sitting.note(words, (), "list-plus", lambda: reception.take_back(project, ids), key)

    def _note(self, words: str, back: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Something that was done here and can be taken back."""
        self._context.sitting.note(words, (), "wand-sparkles", back, self._context.commands.key(Do.UNDO))

    def _take_changed(self, episodes: list[Episode]) -> None:
        for episode in episodes:
            if episode.id not in self.meant or episode.state in {State.QUEUED, State.WORKING}:
                continue
            with_faults = self.meant.pop(episode.id)
            if episode.awaits_approval and (with_faults or episode.script_verdict is not Verdict.FAIL):
                self._context.orders.act(Act.APPROVE_SCRIPT, [episode.id])
            elif episode.awaits_approval:
                self._context.desk.said.emit(f"“{isolated(episode.title)}” has faults now and was not approved")

    def _play(self, path: Path) -> None:
        self.player.load(path)
        self.player.play(0.0)

    def _compare(self, comparison: Comparison, text: str, name: str) -> None:
        from studio.ui.script_compare import ScriptCompare

        dossier = self._desk.dossier
        if dossier is None:
            return
        sheet = ScriptCompare(self._page.window(), self._context.theme, dossier.episode.title, name, comparison)
        said = self._context.desk.said
        sheet.agreed.connect(lambda: self.orders.take_over(text, lambda: said.emit(f"Took over {name}")))
        sheet.open()

    def _sentence(self, place: int) -> tuple[int, int]:
        """The sentence at a place of the text, or the next one; nothing where there is none, or while it is checked."""
        spoken = self.proof.spoken.utterances if self.proof else ()
        here = next((each for each in spoken if place < each.end), spoken[-1] if spoken else None)
        return (here.start, here.end) if here else (place, place)

    def _tell_silence(self, words: str) -> None:
        if words:
            self._tell(words)

    def _tell(self, words: str, tone: Tone = Tone.LOOK) -> None:
        self._pane.banner.say(words, "triangle-alert" if tone is Tone.LOOK else "info", tone)

    def _serve(self) -> None:
        served: dict[Do, Callable[[], object]] = {
            Do.SAVE_SCRIPT: self.save,
            Do.NEXT_FAULT: lambda: self.step(back=False),
            Do.PREVIOUS_FAULT: lambda: self.step(back=True),
            Do.CURE: self.cure,
            Do.HEAR: self.hear,
            Do.WRITE_AGAIN: lambda: self.ask_again([self._desk.id]) if self._desk.id is not None else None,
        }
        for do, doing in served.items():
            self._context.commands[do].triggered.connect(lambda _checked=False, doing=doing: self._do(doing))

    def _do(self, doing: Callable[[], object]) -> None:
        if self._page.isVisible():
            doing()
