"""The script in front: read with all that is known of it, checked while it is typed, saved, heard, written anew."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.episode import Episode
from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.scripts import Dossier, Proof
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.unsaved import Typed, Unsaved

PROVE_MS: Final = 300  # after the last key


def as_shown(text: str) -> str:
    """A stored text as an editor has it: every line ends alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class ScriptDesk(QObject):
    """Asks the engine. What comes late, of a script or a text that was left meanwhile, is dropped."""

    opened = Signal(object, object)  # Dossier, Typed | None: what was typed for it and not saved
    checking = Signal()  # what was said of the text holds no more
    proved = Signal(object)  # Proof of the text as it stands
    refused = Signal(str)  # why the text as it stands is no script: a sentence and its cure
    troubled = Signal(str)  # the same of anything else that went wrong
    saved = Signal(int)

    def __init__(self, bridge: Bridge, desk: Desk, unsaved: Unsaved, text: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._unsaved = unsaved
        self._text = text
        self.dossier: Dossier | None = None
        self._id: int | None = None
        self._wanted = self._answered = 0  # texts that were asked about
        self._proving = False
        self._settings: Settings | None = None  # by which the text was checked last
        self._asked = self._shown = 0  # readings, by number; what was asked for before the one that is shown is older
        self._soon = QTimer(self, singleShot=True, interval=PROVE_MS)
        self._soon.timeout.connect(self._take_text)
        bridge.changed.connect(self._take_changed)
        desk.opening.connect(self.leave)
        desk.project_changed.connect(self._take_project)
        unsaved.collecting.connect(self.keep)

    @property
    def id(self) -> int | None:
        """The episode whose script is in front."""
        return self._id

    @property
    def stored(self) -> str:
        """The text that is stored."""
        return as_shown(self.dossier.script.text) if self.dossier else ""

    def open(self, episode_id: int) -> None:
        """Bring another script to the front."""
        if episode_id != self._id:
            self.keep()
            self._soon.stop()
            self._id, self.dossier = episode_id, None
            self._wanted += 1
        self._read(episode_id)

    def leave(self) -> None:
        """No script is in front."""
        self.keep()
        self._soon.stop()
        self._id = self.dossier = self._settings = None
        self._wanted += 1

    def type(self) -> None:
        """The text is another one now: what was said of it holds no more."""
        self._wanted += 1
        self.checking.emit()
        self._soon.start()

    def prove(self) -> None:
        """Have the text as it stands checked, now."""
        self._wanted += 1
        self.checking.emit()
        self._take_text()

    def keep(self) -> None:
        """Remember what is typed and not saved."""
        if self._soon.isActive() and self._id is not None and self.dossier is not None:
            self._keep(self._text())

    def save(self, then: Callable[[], None] = lambda: None) -> None:
        """Store the text; `then` is called once it is stored."""
        project, episode_id = self._desk.project, self._id
        if project is not None and episode_id is not None:
            self.do(self._save(project, episode_id, self._text(), then))

    def discard(self) -> None:
        """Go back to the text that is stored."""
        if self._id is not None and self.dossier is not None:
            self._soon.stop()
            self._unsaved.forget(self._id)
            self.opened.emit(self.dossier, None)

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work; what goes wrong in it is said on the page."""
        self._desk.spawn(work, self._say_trouble)

    def _say_trouble(self, error: BatchcastError) -> bool:
        self.troubled.emit(f"{error.message} {error.remedy}".strip())
        return True

    def _read(self, episode_id: int) -> None:
        self._asked += 1
        self.do(self._load(episode_id, self._asked))

    async def _load(self, episode_id: int, asked: int) -> None:
        try:
            dossier = await self._desk.door().scripts.dossier(episode_id)
        except LookupError:
            return  # it was removed meanwhile
        typed = await self._unsaved.of(episode_id)
        if typed is not None and typed.text == as_shown(dossier.script.text):
            self._unsaved.forget(episode_id)
            typed = None
        if episode_id == self._id and asked > self._shown:
            self._shown = asked
            self.dossier = dossier
            self.opened.emit(dossier, typed)
            # What was asked of it before another one came to the front for a moment went unanswered.
            if self._answered != self._wanted and not (self._soon.isActive() or dossier.script.unwritten):
                self._take_text()

    def _take_text(self) -> None:
        self._soon.stop()
        if self._id is None or self.dossier is None:
            return
        self._keep(self._text())
        if not self._proving and self._desk.project is not None:
            self._proving = True
            self.do(self._prove())

    def _keep(self, text: str) -> None:
        if self._id is not None:
            if text == self.stored:
                self._unsaved.forget(self._id)
            else:
                self._unsaved.keep(self._id, Typed(text, self.stored))

    async def _prove(self) -> None:
        """Until an answer is about the text that stands there; one question at a time."""
        try:
            while self._answered != self._wanted:
                asked, episode_id, project = self._wanted, self._id, self._desk.project
                if episode_id is None or project is None or self.dossier is None:
                    return
                text, self._settings = self._text(), project.settings
                proof: Proof | None = None
                trouble = ""
                try:
                    proof = await self._desk.door().scripts.proof(project, episode_id, text)
                except LookupError:  # it was removed meanwhile; another one may be in front by now
                    if episode_id == self._id:
                        return
                except BatchcastError as error:
                    trouble = f"{error.message} {error.remedy}".strip()
                self._answered = asked
                if asked == self._wanted:
                    if proof is not None:
                        self.proved.emit(proof)
                    else:
                        self.refused.emit(trouble)
                elif self._soon.isActive():
                    return  # it is still being typed; the pause after it asks again
        finally:
            self._proving = False

    async def _save(self, project: Project, episode_id: int, text: str, then: Callable[[], None]) -> None:
        await self._desk.door().scripts.save(project, episode_id, text)
        if self._id != episode_id or self._text() == text:
            self._unsaved.forget(episode_id)
        self.saved.emit(episode_id)
        then()

    def _take_project(self, project: Project, _known: object) -> None:
        """By other settings it is another check, and has another price."""
        if self.dossier is not None and self._settings is not None and project.settings != self._settings:
            self.prove()

    def _take_changed(self, episodes: list[Episode]) -> None:
        if any(episode.id == self._id for episode in episodes) and self._id is not None:
            self._read(self._id)
