"""What a person orders from the engine: queue scripts, start, pause, decide."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.domain.episode import Episode
from studio.domain.project import Project
from studio.domain.settings import Value
from studio.engine.drafts import Refusal
from studio.ui.bridge import Bridge
from studio.ui.choice import Choice
from studio.ui.desk import Desk
from studio.ui.notice_list import Said
from studio.ui.offers import costs_money, to_be_spoken
from studio.ui.permitted import Act, permitted
from studio.ui.setting_groups import SPOKEN_BY
from studio.ui.sitting import Sitting
from studio.ui.standing import Standing
from studio.ui.wording import count_of, isolated


class Orders(QObject):
    """Gives them, one task each, and says in passing what came of them."""

    queued = Signal()  # a drop or paste made new rows
    quote_asked = Signal(object)  # list[int]: these wait for Start, and their speech is bought

    def __init__(
        self,
        bridge: Bridge,
        desk: Desk,
        standing: Standing,
        choice: Choice,
        sitting: Sitting,
        undo_key: Callable[[], str],
    ) -> None:
        super().__init__(desk)
        self._sitting = sitting
        self._undo_key = undo_key
        self._bridge = bridge
        self._desk = desk
        self._standing = standing
        self._choice = choice

    def add(self, paths: Sequence[Path], *, then_start: bool = False) -> None:
        """Queue files and folders."""
        project = self._desk.project
        if project is not None:
            self._desk.spawn(self._add(project, self._desk.door().add(project, paths), then_start=then_start))

    def show_queued(self, first_id: int) -> None:
        """New rows are there: put the cursor on the first of them, and the keyboard on the blue button."""
        self._bridge.flush()
        self._standing.count()  # now: the blue button is to be there when it gets the focus
        self._choice.asked.emit(first_id)
        self.queued.emit()

    def start(self) -> None:
        """Work on everything that waits for Start; where that costs money, ask for a quote first."""
        if self._desk.project is not None:
            self._desk.spawn(self._start(self._desk.project))

    def start_these(self, project: Project, ids: Sequence[int]) -> None:
        """Buy the speech of these; others that are to be spoken stay in the queue."""
        self._desk.spawn(self._start_these(project, list(ids)))

    def override(self, episodes: Sequence[Episode], values: Mapping[str, Value]) -> None:
        """Give episodes a voice of their own; without values, the project's."""
        self._desk.spawn(self._override(episodes, values))

    def look_again(self, attempt_ids: Sequence[int]) -> None:
        """Search the vendor's history for unclear calls."""
        self._desk.spawn(self._look_again(list(attempt_ids)))

    def buy_again(self, attempt_ids: Sequence[int]) -> None:
        """Count unclear calls as spent, and make them once more."""
        self._desk.spawn(self._buy_again(list(attempt_ids)))

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
        ready = self._standing.startable()
        if costs_money(project, ready):
            self.quote_asked.emit([episode.id for episode in ready if to_be_spoken(episode)])
            return
        self._standing.take_on(episode.id for episode in ready)
        await self._desk.door().start([project])

    async def _start_these(self, project: Project, ids: list[int]) -> None:
        ready = self._standing.startable()
        self._standing.take_on(each.id for each in ready if each.id in ids or not to_be_spoken(each))
        await self._desk.door().start([project], only=ids)

    async def _override(self, episodes: Sequence[Episode], values: Mapping[str, Value]) -> None:
        # What an episode has of its own beside its voice stays, and need not be the same for all of them.
        alike: dict[str, list[int]] = {}
        for episode in episodes:
            own = json.loads(episode.overrides) if episode.overrides else {}
            rest = {name: value for name, value in own.items() if name not in SPOKEN_BY}
            alike.setdefault(json.dumps(rest, sort_keys=True), []).append(episode.id)
        for rest_json, ids in alike.items():
            await self._desk.door().override(ids, {**json.loads(rest_json), **values})
        whose = "a voice of their own" if values else "the project's voice"
        self._desk.said.emit(f"{count_of(len(episodes), 'episode')} with {whose}")

    async def _look_again(self, ids: list[int]) -> None:
        await self._desk.door().market.look_again(ids)
        self._desk.said.emit(f"Looked again for {count_of(len(ids), 'call')}")
        await self._desk.refresh_costs()

    async def _buy_again(self, ids: list[int]) -> None:
        await self._desk.door().market.buy_again(ids)
        self._desk.said.emit(f"{count_of(len(ids), 'call')} will be bought again")
        await self._desk.refresh_costs()

    async def _add(self, project: Project, adding: Coroutine[Any, Any, Sequence[Refusal]], *, then_start: bool) -> None:
        before = len(self._desk.model)
        refused = await adding
        if refused:
            said = [Said(item.message, item.remedy, item.source, known=item.known) for item in refused]
            self._desk.told.emit(said)
        self._bridge.flush()
        if self._desk.project is None or self._desk.project.id != project.id:
            return  # another one was opened meanwhile, and these rows are not its
        fresh = len(self._desk.model) - before
        if fresh > 0:
            self._desk.said.emit(f"{count_of(fresh, 'episode')} queued")
            self.show_queued(self._desk.model.episode_at(before).id)
        if then_start:
            await self._start(project)

    async def _act(self, act: Act, asked: list[int], reason: str) -> None:
        """In the order of the keys; on what another key has decided meanwhile nothing more is done."""
        async with self._sitting.turn:
            rows = {each: self._desk.model.episode(each) for each in asked}
            ids = [each for each, row in rows.items() if row is None or act in permitted(row)]
            if ids:
                await self._do(act, ids, reason)

    async def _do(self, act: Act, ids: list[int], reason: str) -> None:
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
            Act.APPROVE_SCRIPT: lambda: studio.scripts.approve(ids),
        }
        project = self._desk.project
        if act is not Act.APPROVE_SCRIPT or (project is not None and studio.run.works_on(project.id)):
            self._standing.take_on(ids)  # what a person sets going again belongs to the run
        before = [episode for id_ in ids if (episode := self._desk.model.episode(id_)) is not None]
        await doings[act]()
        self._bridge.flush()
        self._note(act, before)
        if following is not None:
            self._choice.asked.emit(following)

    def _note(self, act: Act, before: list[Episode]) -> None:
        """Say what was done, and keep it where it was a decision; `before` are the rows as they were."""
        if not before:
            return
        what = f"“{isolated(before[0].title)}”" if len(before) == 1 else count_of(len(before), "episode")
        words = f"{_DONE_WORDS[act]} {what}"
        if act not in _DECISIONS:
            self._desk.said.emit(words)
            return
        review = self._desk.door().review

        async def reopen() -> None:
            for episode in before:
                await review.reopen(episode)

        async def restore() -> None:
            for episode in before:
                await review.restore(episode.id)
            self._bridge.flush()  # or the row that is to be chosen would not be there yet

        async def hold_back() -> None:
            held = await self._desk.door().scripts.hold_back([episode.id for episode in before])
            self._bridge.flush()
            if len(held) < len(before):
                gone = count_of(len(before) - len(held), "of them is spoken", "of them are spoken")
                self._desk.told.emit([Said(f"{gone} already and cannot be held back.", "Reject it in review.")])

        backs = {Act.APPROVE: reopen, Act.REJECT: reopen, Act.REMOVE: restore, Act.APPROVE_SCRIPT: hold_back}
        back = backs.get(act)
        ids = tuple(episode.id for episode in before)
        self._sitting.note(words, ids, _DECISIONS[act], back, self._undo_key())


_DECISIONS = {
    Act.APPROVE_SCRIPT: "scroll-text",
    Act.APPROVE: "check",
    Act.REJECT: "ban",
    Act.RETAKE: "refresh-cw",
    Act.REMOVE: "trash-2",
}
_DONE_WORDS = {
    Act.APPROVE_SCRIPT: "Script approved:",
    Act.APPROVE: "Accepted",
    Act.REJECT: "Rejected",
    Act.RETAKE: "Retake queued for",
    Act.RETRY: "Queued again:",
    Act.CANCEL: "Cancelled",
    Act.REMOVE: "Removed",
    Act.EXPORT: "Exported",
}
