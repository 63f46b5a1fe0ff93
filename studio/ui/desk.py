"""Which project is open: its rows as they are, its settings and costs, and the way to the engine behind it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.episode import Episode, State
from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.voice import BUILTIN, VoiceCard, VoiceRef
from studio.engine.events import Notice
from studio.ui.bridge import Bridge
from studio.ui.episode_model import EpisodeModel
from studio.ui.notice_list import Said
from studio.ui.tasks import Tasks

if TYPE_CHECKING:
    from studio.engine.batch import Studio

COSTS_MS = 700


class Desk(QObject):
    """Holds the model that the bridge fills. Everything slow is awaited in tasks; what they tell comes as a signal."""

    opening = Signal()  # another project, whose rows come next
    project_changed = Signal(object, object)  # Project, list[Project]: the open one, and all
    costs_changed = Signal(object, object)  # Costs, Sequence[BudgetUse]
    unclear_changed = Signal(object)  # Sequence[Attempt]
    voices_learned = Signal()
    told = Signal(object)  # list[Said]
    said = Signal(str)  # what just happened, in passing

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = EpisodeModel(self)
        self._bridge = bridge
        self._tasks = Tasks(self._tell)
        self._studio: Studio | None = None
        self._project: Project | None = None
        self._turn = asyncio.Lock()  # projects are opened and changed in the order in which that was asked for
        self.voice_names: dict[str, str] = {}  # of voices whose address is no name
        self._costs_timer = QTimer(self, singleShot=True, interval=COSTS_MS)
        self._costs_timer.timeout.connect(lambda: self.spawn(self._load_costs()))
        bridge.added.connect(self._take_added)
        bridge.changed.connect(self.model.change)
        bridge.removed.connect(self.model.remove)
        bridge.progressed.connect(self.model.set_progress)
        bridge.doing.connect(self.model.set_doings)
        bridge.noticed.connect(self._tell)
        for told in (bridge.added, bridge.changed, bridge.removed, bridge.purchases_changed):
            told.connect(self._load_costs_soon)

    @property
    def studio(self) -> "Studio | None":
        """The engine, once it is there."""
        return self._studio

    @property
    def project(self) -> Project | None:
        """The project that is shown."""
        return self._project

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._studio is not None and self._studio.run.running

    def door(self) -> "Studio":
        """The engine. Raises `BatchcastError` while it is not there yet."""
        if self._studio is None:
            raise BatchcastError("The library is not open yet.", "Wait a moment, then try again.")
        return self._studio

    def spawn(self, work: Coroutine[Any, Any, None], trouble: Callable[[BatchcastError], bool] | None = None) -> None:
        """Start work whose failures are told: above the page, where `trouble` does not say that it has told them."""
        self._tasks.spawn(work, trouble)

    async def settle(self) -> None:
        """Wait until no task is under way."""
        await self._tasks.settle()

    async def attach(self, studio: "Studio", project: Project | None, default_dir: Path) -> None:
        """Show `project`; without one the last worked on, or a first one whose folders go to `default_dir`."""
        self._studio = studio
        self._bridge.listen(studio.events)
        try:
            await self.show_project(project or await last_used(studio, default_dir))
        except BatchcastError as error:
            self._tell(Notice(error.message, error.remedy))

    async def leave(self) -> None:
        """Stop and keep everything."""
        self._costs_timer.stop()
        if self._studio is not None:
            await self._studio.close()
        await self._tasks.end()  # before the library is closed under them
        self._bridge.deafen()

    def open_project(self, project: Project) -> None:
        """Show another project."""
        self.spawn(self.show_project(project))

    def save_settings(self, settings: Settings, before: Project | None = None) -> None:
        """Keep what differs in `settings` from the project as it was `before`: the open one, where that is not said."""
        before = before or self._project
        if before is not None:
            self.spawn(self._save_settings(settings, before))

    def learn_voices(self, cards: Sequence[VoiceCard]) -> None:
        """Remember what voices are called."""
        self.voice_names.update({card.ref: card.name for card in cards})
        self.voices_learned.emit()

    async def refresh_costs(self) -> None:
        """Read what is spent, what is left and what is unclear."""
        await self._load_costs()

    async def show_project(self, project: Project) -> None:
        """Show another project, once its rows are read."""
        studio = self.door()
        async with self._turn:
            await studio.shelf.use(project)
            known = list(await studio.projects())
            project = next((each for each in known if each.id == project.id), project)
            # Last of all: what is told of these rows later finds them in the model.
            episodes = await studio.episodes(project.id)
            self._project = project
            self._bridge.flush()
            self.opening.emit()
            self.model.reset(episodes)
            self.project_changed.emit(project, known)
            self._bridge.run_changed.emit(studio.run.running, studio.run.paused)
        await self._load_costs()
        self.spawn(self._ask_names(project))

    async def list_projects(self) -> None:
        """The list of projects is another one; the open one stays."""
        if self._project is not None:
            self.project_changed.emit(self._project, list(await self.door().projects()))

    async def keep(self, project: Project, words: str) -> None:
        """Store a project as it is here, and say so in passing."""
        await self.change(project.id, lambda _: project, words)

    async def change(self, project_id: int, change: Callable[[Project], Project], words: str) -> None:
        """Store a change of a project, made to it as it is by then, and say so in passing.

        Of two changes that are asked for at once neither undoes the other, and what is open stays open.
        """
        async with self._turn:
            shown = self._project is not None and self._project.id == project_id
            known = [self._project] if self._project is not None and shown else await self.door().shelf.all()
            project = change(next(each for each in known if each.id == project_id))
            await self.door().update_project(project)
            if shown:
                self._project = project
            await self.list_projects()
        await self._load_costs()
        self.said.emit(words)

    async def _save_settings(self, settings: Settings, before: Project) -> None:
        old, new = asdict(before.settings), asdict(settings)
        changed = {name: value for name, value in new.items() if value != old[name]}
        await self.change(
            before.id, lambda now: replace(now, settings=now.settings.with_values(changed)), "Settings saved"
        )
        if self._project is not None and self._project.id == before.id:
            await self._ask_names(self._project)

    async def _load_costs(self) -> None:
        project = self._project
        if project is None:
            return
        studio = self.door()
        costs, budgets = await studio.costs(project.id), await studio.market.budgets(project)
        # While its episode is under way, the engine itself still looks for the call; nobody is asked before that.
        unclear = [each for each in await studio.market.unclear() if not self._under_way(each.episode_id)]
        if project is self._project:
            self.costs_changed.emit(costs, budgets)
            self.unclear_changed.emit(unclear)

    async def _ask_names(self, project: Project) -> None:
        """What the voices of the project's vendor are called; where it does not say, their addresses do."""
        voice, market = project.settings.voice, self.door().market
        with suppress(BatchcastError):
            provider = VoiceRef.parse(voice).provider
            if provider != BUILTIN and voice not in self.voice_names and await market.keys.has(provider):
                self.learn_voices(await market.voices(provider))

    def _under_way(self, episode_id: int) -> bool:
        episode = self.model.episode(episode_id)
        return episode is not None and episode.state is State.WORKING

    def _load_costs_soon(self) -> None:
        if not self._costs_timer.isActive():
            self._costs_timer.start()

    def _take_added(self, episodes: list[Episode]) -> None:
        self.model.add([episode for episode in episodes if self._project and episode.project_id == self._project.id])

    def _tell(self, notice: Notice) -> None:
        self.told.emit([Said(notice.message, notice.remedy)])


async def last_used(studio: "Studio", default_dir: Path) -> Project:
    """The project that was used last; where none is listed, a first one, whose folders go to `default_dir`."""
    known = await studio.projects()
    if known:
        return known[0]
    taken = {project.name for project in await studio.shelf.all()}
    names = ("My show", *(f"My show ({count})" for count in range(2, len(taken) + 3)))
    name = next(name for name in names if name not in taken)
    return await studio.create_project(name, default_dir, Settings())
