"""What a person orders from the engine: queue scripts, start, pause, decide."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.domain.project import Project
from studio.engine.batch import Refusal
from studio.ui.bridge import Bridge
from studio.ui.choice import Choice
from studio.ui.desk import Desk
from studio.ui.notice_list import Said
from studio.ui.permitted import Act
from studio.ui.standing import Standing
from studio.ui.wording import count_of


class Orders(QObject):
    """Gives them, one task each, and says in passing what came of them."""

    queued = Signal()  # a drop or paste made new rows

    def __init__(self, bridge: Bridge, desk: Desk, standing: Standing, choice: Choice) -> None:
        super().__init__(desk)
        self._bridge = bridge
        self._desk = desk
        self._standing = standing
        self._choice = choice

    def add(self, paths: Sequence[Path], *, then_start: bool = False) -> None:
        """Queue files and folders."""
        project = self._desk.project
        if project is not None:
            self._desk.spawn(self._add(project, self._desk.door().add(project, paths), then_start=then_start))

    def add_text(self, text: str) -> None:
        """Queue pasted text."""
        project = self._desk.project
        if project is not None:
            adding = self._desk.door().add_text(project, text, "Pasted text")
            self._desk.spawn(self._add(project, adding, then_start=False))

    def start(self) -> None:
        """Work on everything that is queued."""
        if self._desk.project is not None:
            self._desk.spawn(self._start(self._desk.project))

    def pause_or_resume(self) -> None:
        """Hold new work back, or let it go on."""
        if self._desk.studio is None:
            return
        run = self._desk.studio.run
        if run.paused:
            run.unpause()
        elif run.running:
            run.pause()

    def act(self, act: Act, ids: Sequence[int], reason: str = "") -> None:
        """Do something to episodes; after a decision the next one that needs ears is chosen."""
        if ids and self._desk.studio is not None:
            self._desk.spawn(self._act(act, list(ids), reason))

    async def _start(self, project: Project) -> None:
        self._standing.take_on(episode.id for episode in self._standing.startable())
        await self._desk.door().start([project])

    async def _add(self, project: Project, adding: Coroutine[Any, Any, Sequence[Refusal]], *, then_start: bool) -> None:
        before = len(self._desk.model)
        refused = await adding
        if refused:
            said = [Said(item.message, item.remedy, item.source, known=item.known) for item in refused]
            self._desk.told.emit(said)
        self._bridge.flush()
        fresh = len(self._desk.model) - before
        if fresh > 0:
            self._desk.said.emit(f"{count_of(fresh, 'episode')} queued")
            self._standing.count()  # now: the blue button is to be there when it gets the focus
            self._choice.asked.emit(self._desk.model.episode_at(before).id)
            self.queued.emit()
        if then_start:
            await self._start(project)

    async def _act(self, act: Act, ids: list[int], reason: str) -> None:
        deciding = act in {Act.APPROVE, Act.REJECT, Act.RETAKE} and ids == [self._choice.id]
        following = self._choice.next_that_needs_you() if deciding else None
        studio = self._desk.door()
        doings: dict[Act, Callable[[], Coroutine[Any, Any, object]]] = {
            Act.APPROVE: lambda: studio.approve(ids),
            Act.REJECT: lambda: studio.reject(ids, reason),
            Act.RETAKE: lambda: studio.retake(ids),
            Act.RETRY: lambda: studio.retry(ids),
            Act.CANCEL: lambda: studio.cancel(ids),
            Act.REMOVE: lambda: studio.remove(ids),
            Act.EXPORT: lambda: studio.export(ids),
        }
        self._standing.take_on(ids)  # what a person sets going again belongs to the run
        await doings[act]()
        self._bridge.flush()
        self._desk.said.emit(f"{_DONE_WORDS[act]} {count_of(len(ids), 'episode')}")
        if following is not None:
            self._choice.asked.emit(following)


_DONE_WORDS = {
    Act.APPROVE: "Accepted",
    Act.REJECT: "Rejected",
    Act.RETAKE: "Retake queued for",
    Act.RETRY: "Queued again:",
    Act.CANCEL: "Cancelled",
    Act.REMOVE: "Removed",
    Act.EXPORT: "Exported",
}
