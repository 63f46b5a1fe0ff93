"""Between the window and the engine: what is open, what is chosen, and every wish carried to the engine's one door."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.episode import Episode, State
from studio.domain.errors import BatchcastError
from studio.domain.money import micro
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.events import Notice
from studio.ui.bridge import Bridge
from studio.ui.episode_model import EpisodeModel
from studio.ui.guidance import Tally
from studio.ui.notice_list import Said
from studio.ui.permitted import Act, next_in_queue, review_queue
from studio.ui.studio_door import Refused, Studio
from studio.ui.tasks import Tasks
from studio.ui.wording import count_of

TALLY_MS = 50
COSTS_MS = 700


class Desk(QObject):
    """Holds the model that the bridge fills. Everything slow is awaited in tasks; what they tell comes as a signal."""

    project_changed = Signal(object, object)  # Project, list[Project]: the open one, and all
    details_changed = Signal(object)  # Details | None
    tally_changed = Signal(object)  # Tally
    costs_changed = Signal(object, int)  # Costs, budget in micro-dollars
    told = Signal(object)  # list[Said]
    said = Signal(str)  # what just happened, in passing
    taken = Signal()  # a drop or paste was queued
    choose_asked = Signal(int)  # put the cursor on this episode

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = EpisodeModel(self)
        self._bridge = bridge
        self._tasks = Tasks(self._tell)
        self._studio: Studio | None = None
        self._project: Project | None = None
        self._chosen: int | None = None
        self._started: set[int] = set()
        self._tally_timer = QTimer(self, singleShot=True, interval=TALLY_MS)
        self._tally_timer.timeout.connect(lambda: self.tally_changed.emit(self.tally()))
        self._costs_timer = QTimer(self, singleShot=True, interval=COSTS_MS)
        self._costs_timer.timeout.connect(lambda: self.spawn(self._load_costs()))
        bridge.added.connect(self._take_added)
        bridge.changed.connect(self._take_changed)
        bridge.removed.connect(self._take_removed)
        bridge.progressed.connect(self.model.set_progress)
        bridge.run_changed.connect(self._take_run)
        bridge.noticed.connect(self._tell)

    @property
    def studio(self) -> Studio | None:
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

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work whose failures are told."""
        self._tasks.spawn(work)

    async def settle(self) -> None:
        """Wait until no task is under way."""
        await self._tasks.settle()

    async def attach(self, studio: Studio, project: Project | None, default_dir: Path) -> None:
        """Show `project`; without one the last worked on, or a first one whose folders go to `default_dir`."""
        self._studio = studio
        self._bridge.listen(studio.events)
        try:
            known = list(await studio.projects())
            if project is None:
                project = known[0] if known else await studio.create_project("My show", default_dir, Settings())
            await self._show_project(project)
        except BatchcastError as error:
            self._tell(Notice(error.message, error.remedy))

    async def leave(self) -> None:
        """Stop and keep everything."""
        self._tally_timer.stop()
        self._costs_timer.stop()
        if self._studio is not None:
            await self._studio.close()
        self._bridge.deafen()

    def tally(self) -> Tally:
        """How the batch stands."""
        count = self.model.count
        return Tally(
            total=len(self.model),
            startable=len(self.startable()),
            working=count(State.WORKING) + count(State.QUEUED) - len(self.startable()),
            needs_you=count(State.NEEDS_YOU),
            failed=count(State.FAILED),
            done=count(State.DONE),
        )

    def startable(self) -> list[Episode]:
        """Queued, and not part of the run that is under way."""
        if not self.model.count(State.QUEUED):
            return []
        return [item for item in self.model if self.is_startable(item)]

    def is_startable(self, episode: Episode) -> bool:
        """Whether it waits for Start."""
        return episode.state is State.QUEUED and episode.id not in self._started

    def choose(self, episode_id: int | None) -> None:
        """Show another episode."""
        self._chosen = episode_id
        if episode_id is None:
            self.details_changed.emit(None)
        else:
            self.spawn(self._load_details(episode_id))

    def add(self, paths: Sequence[Path], *, then_start: bool = False) -> None:
        """Queue files and folders."""
        self.spawn(self._add(paths, then_start=then_start))

    def add_text(self, text: str) -> None:
        """Queue pasted text."""
        self.spawn(self._add_text(text))

    def start(self) -> None:
        """Work on everything that is queued."""
        self.spawn(self._start())

    def pause_or_resume(self) -> None:
        """Hold new work back, or let it go on."""
        if self._studio is None:
            return
        run = self._studio.run
        if run.paused:
            run.unpause()
        elif run.running:
            run.pause()

    def act(self, act: Act, ids: Sequence[int], reason: str = "") -> None:
        """Do something to episodes; after a decision the next one that needs ears is chosen."""
        if ids and self._studio is not None:
            self.spawn(self._act(self._studio, act, list(ids), reason))

    def next_that_needs_you(self) -> int | None:
        """The next one in the review queue after the chosen one."""
        return next_in_queue(review_queue(self.model), self._chosen)

    def open_project(self, project: Project) -> None:
        """Show another project."""
        self.spawn(self._show_project(project))

    def create_project(self, name: str, out_dir: Path) -> None:
        """Make a project, with the settings of the open one, and show it."""
        self.spawn(self._create_project(name, out_dir))

    def save_settings(self, settings: Settings) -> None:
        """Keep changed settings of the open project."""
        self.spawn(self._save_settings(settings))

    async def _show_project(self, project: Project) -> None:
        studio = self._door()
        episodes = await studio.episodes(project.id)
        self._project = project
        self._started.clear()
        self._bridge.flush()
        self.model.reset(episodes)
        self.choose(None)
        self.project_changed.emit(project, list(await studio.projects()))
        self.tally_changed.emit(self.tally())
        self._bridge.run_changed.emit(studio.run.running, studio.run.paused)
        await self._load_costs()

    async def _start(self) -> None:
        if self._project is not None:
            self._started.update(episode.id for episode in self.startable())
            self._count_soon()
            await self._door().start([self._project])

    async def _create_project(self, name: str, out_dir: Path) -> None:
        settings = self._project.settings if self._project else Settings()
        await self._show_project(await self._door().create_project(name, out_dir, settings))

    async def _save_settings(self, settings: Settings) -> None:
        if self._project is None:
            return
        old = self._project
        project = Project(old.id, old.name, old.out_dir, settings, old.review_seed)
        await self._door().update_project(project)
        self._project = project
        self.project_changed.emit(project, list(await self._door().projects()))
        await self._load_costs()
        self.said.emit("Settings saved")

    async def _add(self, paths: Sequence[Path], *, then_start: bool) -> None:
        if self._project is None:
            return
        before = len(self.model)
        self._tell_refused(await self._door().add(self._project, paths))
        self._welcome(before)
        if then_start:
            await self._start()

    async def _add_text(self, text: str) -> None:
        if self._project is None:
            return
        before = len(self.model)
        self._tell_refused(await self._door().add_text(self._project, text, "Pasted text"))
        self._welcome(before)

    def _welcome(self, before: int) -> None:
        self._bridge.flush()
        fresh = len(self.model) - before
        if fresh > 0:
            self.said.emit(f"{count_of(fresh, 'episode')} queued")
            self.tally_changed.emit(self.tally())  # now: the blue button is to be there when it gets the focus
            self.choose_asked.emit(self.model.episode_at(before).id)
            self.taken.emit()

    async def _act(self, studio: Studio, act: Act, ids: list[int], reason: str) -> None:
        deciding = act in {Act.APPROVE, Act.REJECT, Act.RETAKE} and ids == [self._chosen]
        following = self.next_that_needs_you() if deciding else None
        doings: dict[Act, Callable[[], Coroutine[Any, Any, object]]] = {
            Act.APPROVE: lambda: studio.approve(ids),
            Act.REJECT: lambda: studio.reject(ids, reason),
            Act.RETAKE: lambda: studio.retake(ids),
            Act.RETRY: lambda: studio.retry(ids),
            Act.CANCEL: lambda: studio.cancel(ids),
            Act.REMOVE: lambda: studio.remove(ids),
            Act.EXPORT: lambda: studio.export(ids),
        }
        self._started.update(ids)  # what a person sets going again belongs to the run
        await doings[act]()
        self._bridge.flush()
        self.said.emit(f"{_DONE_WORDS[act]} {count_of(len(ids), 'episode')}")
        if following is not None:
            self.choose_asked.emit(following)

    async def _load_details(self, episode_id: int) -> None:
        try:
            details = await self._door().details(episode_id)
        except LookupError:
            return  # it was removed meanwhile
        if self._chosen == episode_id:
            self.details_changed.emit(details)

    async def _load_costs(self) -> None:
        if self._project is not None:
            costs = await self._door().costs(self._project.id)
            self.costs_changed.emit(costs, micro(self._project.settings.budget_usd))

    def _take_added(self, episodes: list[Episode]) -> None:
        ours = [episode for episode in episodes if self._project and episode.project_id == self._project.id]
        self.model.add(ours)
        self._count_soon()

    def _take_changed(self, episodes: list[Episode]) -> None:
        self.model.change(episodes)
        self._count_soon()
        if any(episode.id == self._chosen for episode in episodes):
            self.choose(self._chosen)

    def _take_removed(self, ids: list[int]) -> None:
        self.model.remove(ids)
        self._count_soon()

    def _take_run(self, running: bool, _paused: bool) -> None:
        if not running:
            self._started.clear()
        self._count_soon()

    def _count_soon(self) -> None:
        if not self._tally_timer.isActive():
            self._tally_timer.start()
        if not self._costs_timer.isActive():
            self._costs_timer.start()

    def _tell_refused(self, refused: Sequence[Refused]) -> None:
        if refused:
            self.told.emit([Said(item.message, item.remedy, item.source, known=item.known) for item in refused])

    def _tell(self, notice: Notice) -> None:
        self.told.emit([Said(notice.message, notice.remedy)])

    def _door(self) -> Studio:
        if self._studio is None:
            raise BatchcastError("The library is not open yet.", "Wait a moment, then try again.")
        return self._studio


_DONE_WORDS = {
    Act.APPROVE: "Accepted",
    Act.REJECT: "Rejected",
    Act.RETAKE: "Retake queued for",
    Act.RETRY: "Queued again:",
    Act.CANCEL: "Cancelled",
    Act.REMOVE: "Removed",
    Act.EXPORT: "Exported",
}
