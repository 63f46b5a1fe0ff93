"""The window: places its parts and ties them together. It decides nothing."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from studio.domain.project import Project
from studio.engine.ports import Details
from studio.ui.alerts import Alerts
from studio.ui.batch_page import BatchPage
from studio.ui.bridge import Bridge
from studio.ui.buying import Buying
from studio.ui.choice import Choice
from studio.ui.commands import CommandSet, Do
from studio.ui.desk import Desk
from studio.ui.dialogs import ask
from studio.ui.dock import Dock
from studio.ui.drop_overlay import DropOverlay
from studio.ui.drops import Drops
from studio.ui.frame import Frame
from studio.ui.guidance import Tally
from studio.ui.machine import Machine
from studio.ui.memory import Memory
from studio.ui.menus import Menus
from studio.ui.notice_list import NoticeList
from studio.ui.notifier import Notifier
from studio.ui.offers import offer
from studio.ui.orders import Orders
from studio.ui.pages import PAGES, Page, PageContext, Pages
from studio.ui.permitted import review_queue
from studio.ui.places import Place
from studio.ui.player import Player
from studio.ui.projects import Projects
from studio.ui.purchases import Purchases
from studio.ui.qa_panel import QaPanel
from studio.ui.rail import Rail
from studio.ui.receiving import Receiving
from studio.ui.reorder import QUEUE_KEYS, Reorder
from studio.ui.repairs import Repairs
from studio.ui.sitting import Sitting
from studio.ui.slices import Slices
from studio.ui.standing import Standing
from studio.ui.status_strip import StatusStrip
from studio.ui.take_switch import TakeSwitch
from studio.ui.theme import Theme
from studio.ui.top_bar import TopBar
from studio.ui.unsaved import Unsaved
from studio.ui.wishes import Wishes
from studio.ui.wording import voice_name

if TYPE_CHECKING:
    from studio.engine.batch import Studio

TOOLS = ((Do.SETTINGS, "Settings", "settings-2"), (Do.KEYS, "Keys", "keyboard"))


class MainWindow(QMainWindow):
    """One frame: bar, rail, page, dock, panel, status line."""

    painted = Signal()  # once, after the first paint
    leaving = Signal()  # nothing new is taken on from here

    def __init__(self, theme: Theme, *, library: Path, samples: Sequence[Path]) -> None:
        super().__init__()
        self.setWindowTitle("Batchcast")
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.theme = theme
        self.memory = Memory(library / "window.json", self)
        self._samples = tuple(samples)
        self._leaving = False
        self._gone = asyncio.Event()
        self._shown_once = False
        self._details: Details | None = None
        self.bridge = Bridge(self)
        self.desk = Desk(self.bridge, self)
        self.standing = Standing(self.bridge, self.desk, self)
        self.choice = Choice(self.bridge, self.desk, self)
        self.commands = CommandSet(self, theme, self.memory)
        self.sitting = Sitting(self.desk)
        self.unsaved = Unsaved(self.desk, library / "unsaved")
        undo_key = partial(self.commands.key, Do.UNDO)
        self.orders = Orders(self.bridge, self.desk, self.standing, self.choice, self.sitting, undo_key)
        self.purchases = Purchases(self.bridge, self)
        self.notifier = Notifier(self.bridge, self.desk, self.standing, self.purchases)
        self.player = Player(self)
        self.machine = Machine(library, self)
        self.alerts = Alerts(self.bridge, self.desk, self.machine, self.purchases)
        self.top_bar = TopBar(theme)
        self.rail = Rail(theme, [(page.do, page.word, page.icon) for page in PAGES], TOOLS)
        self.notices = NoticeList(theme)
        self.page = BatchPage(theme, self.desk.model, self.memory, self.commands, samples=bool(samples))
        self.reorder = Reorder(self.bridge, self.desk, self.page, self.sitting, undo_key)
        self.dock = Dock(theme, self.player, TakeSwitch(self.desk, self.player), self.memory, self.commands)
        self.panel = QaPanel(theme)
        self.status = StatusStrip(theme)
        self.wishes = Wishes(
            self, self.desk, self.choice, self.orders, self.page, self.notices, self.panel, self.player
        )
        self.repairs = Repairs(
            self.desk,
            self.choice,
            self.standing,
            self.wishes.review,
            self.player,
            self.panel.acts,
            self.sitting,
        )
        self.buying = Buying(self, theme, self.desk, self.orders, self.page, self.notices, self.purchases)
        self.receiving = Receiving(self, theme, self.desk, self.orders, self.sitting, undo_key)
        self.drops = Drops(self, DropOverlay(theme, self), self.desk)
        self.pages = Pages(
            PageContext(
                theme,
                self.memory,
                self.bridge,
                self.desk,
                self.standing,
                self.choice,
                self.orders,
                self.purchases,
                self.player,
                self.machine,
                self.alerts,
                self.commands,
                self.sitting,
                self.wishes.approval,
                self.unsaved,
            ),
            self.page,
        )
        self.projects = Projects(self, theme, self.desk, self.drops)
        self.menus = Menus(self, self.commands)
        self._frame = Frame(self, self.top_bar, self.rail, self.notices, self.pages, self.dock, self.panel, self.status)
        self.top_bar.show_project("Batchcast", "")
        self._connect_engine()
        self._connect_parts()
        self._connect_commands()
        theme.dress(self)

    async def attach(self, studio: "Studio", project: Project | None, default_dir: Path) -> None:
        """Show what `studio` holds. Failures are told in the window."""
        self.projects.set_home(default_dir)
        await self.desk.attach(studio, project, default_dir)
        self.standing.count()
        self.wishes.begin()

    async def until_closed(self) -> None:
        """Return when the user has closed the window and the engine has kept everything."""
        await self._gone.wait()

    def show_dead_end(self, message: str, remedy: str) -> None:
        """The engine cannot be had: say why, and what helps."""
        self.page.show_dead_end(message, remedy)
        self.panel.hide()
        self.status.say("The library is not open")

    def show_nothing_chosen(self) -> None:
        """No episode is chosen: the panel speaks of the batch."""
        self._details = None
        self.wishes.review.load(None)
        self.repairs.show_details(None)
        self.dock.show_nothing("Choose an episode to see and hear it." if len(self.desk.model) else "")
        self.panel.show_batch(self.standing.tally())

    # What arrives from the engine, by way of the desk

    def _show_details(self, details: Details | None) -> None:
        if details is None or self.desk.project is None:
            self.show_nothing_chosen()
            return
        fresh = self._details is None or self._details.episode.id != details.episode.id
        self._details = details
        self.wishes.review.load(details)
        self.dock.show_details(details)
        self._refresh_panel()
        self.repairs.show_details(details)
        self.wishes.review.show_first(fresh=fresh)

    def _refresh_panel(self) -> None:
        details, project = self._details, self.desk.project
        if details is None or project is None:
            self.panel.show_batch(self.standing.tally())
        else:
            live = self.desk.model.live_of(details.episode)
            startable = self.standing.is_startable(details.episode)
            position = self.wishes.review.position
            self.panel.show_details(details, project.settings, live, position, startable=startable)
        waiting = review_queue(self.desk.model)
        here = details.episode.id if details is not None else None
        self.panel.acts.show_unclear(self.buying.unclear_of(here))
        self.panel.acts.show_others(sum(item != here for item in waiting))

    def _show_tally(self, tally: Tally) -> None:
        self.top_bar.show_tally(tally)
        self.wishes.purpose, offered = offer(tally, self.desk.project)
        self.top_bar.show_offer(offered)
        self.page.refresh()
        self._refresh_panel()
        self._show_frame()

    def _show_frame(self) -> None:
        self._frame.show_sound(with_page=self.pages.page.with_sound, any_sound=len(self.desk.model) > 0)

    def _show_page(self, page: Page) -> None:
        self.rail.show_page(page.do)
        self.wishes.focus_list()

    def _show_project(self, project: Project, known: list[Project]) -> None:
        self.setWindowTitle(f"{project.name} · Batchcast")
        self.top_bar.show_project(project.name, project.out_dir)
        self._show_voice()
        self.menus.show_projects(known, project)

    def _show_voice(self) -> None:
        project, studio = self.desk.project, self.desk.studio
        if project is not None and studio is not None:
            self.status.show_studio(voice_name(project.settings.voice, self.desk.voice_names), studio.run.slots)

    def _show_run(self, running: bool, paused: bool) -> None:
        self.top_bar.show_run(running=running, paused=paused)

    def _take_progress(self, sampled: dict[int, object]) -> None:
        if self._details is not None and self._details.episode.id in sampled:
            self._refresh_panel()

    def _play_place(self, place: Place) -> None:
        self.dock.play_place(place)
        self._choose_place(place)

    def _show_place(self, place: Place) -> None:
        self.dock.show_place(place)
        self._choose_place(place)

    def _choose_place(self, place: Place) -> None:
        self.panel.choose_place(place.index)
        self._refresh_panel()
        self.repairs.look()

    # Qt's own events

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: after the first paint, what the first paint can do without."""
        super().showEvent(event)
        if not self._shown_once:
            self._shown_once = True
            QTimer.singleShot(0, self._after_first_paint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the overlay covers everything."""
        super().resizeEvent(event)
        self.drops.cover()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: say what a drop would do."""
        self.drops.offer(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Qt: it went away."""
        self.drops.withdraw()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: take it."""
        self.drops.take(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: with work under way, ask first; then keep everything, then go."""
        if self._leaving:
            event.ignore()
            return
        event.ignore()
        if self.desk.running:
            ask(
                self,
                "Work is under way",
                "Stop and keep everything: what is bought and made stays, and Batchcast goes on from there next time.",
                yes=("Stop and keep everything", self._begin_leaving),
                no="Stay",
            )
        else:
            self._begin_leaving()

    def _begin_leaving(self) -> None:
        if not self._leaving:
            self._leaving = True
            self.leaving.emit()
            self.setEnabled(False)
            self.status.say("Keeping everything…")
            self.desk.spawn(self._leave())

    async def _leave(self) -> None:
        try:
            self.player.shut()
            self.machine.stop()
            self.standing.stop()
            self.purchases.stop()
            await self.desk.leave()
            await asyncio.to_thread(self.memory.write)
        finally:
            self.hide()
            self._gone.set()

    def _after_first_paint(self) -> None:
        self.painted.emit()
        self.commands.draw_icons()
        Slices(self).begin(map(QWidget.ensurePolished, self.dock.findChildren(QWidget)))  # it comes with the episodes
        self.machine.start()
        QTimer.singleShot(300, self.player.wake)

    # Placing and connecting

    def _connect_engine(self) -> None:
        desk, bridge = self.desk, self.bridge
        desk.project_changed.connect(self._show_project)
        self.menus.project_chosen.connect(desk.open_project)
        self.choice.details_changed.connect(self._show_details)
        self.standing.changed.connect(self._show_tally)
        desk.costs_changed.connect(self.top_bar.show_costs)
        desk.unclear_changed.connect(lambda _attempts: self._refresh_panel())
        desk.voices_learned.connect(self._show_voice)
        self.purchases.changed.connect(self.status.buying.show_purchases)
        desk.told.connect(self.notices.tell)
        desk.said.connect(self.status.say)
        self.orders.queued.connect(self.top_bar.focus_primary)
        self.choice.asked.connect(self.wishes.choose)
        bridge.run_changed.connect(self._show_run)
        bridge.eta_changed.connect(self.top_bar.show_eta)
        bridge.progressed.connect(self._take_progress)
        bridge.doing.connect(self._take_progress)
        self.machine.measured.connect(self.status.machine.show_load)
        self.alerts.stood.connect(self.notices.stand)

    def _connect_parts(self) -> None:
        wishes, panel = self.wishes, self.panel
        self.page.table.current_changed.connect(self.choice.choose)
        self.page.bulk.acted.connect(wishes.act_on_chosen)
        self.page.menu_asked.connect(lambda at: wishes.menu(self.commands, at))
        self.page.empty.files_asked.connect(self.commands[Do.ADD_FILES].trigger)
        self.page.empty.folder_asked.connect(self.commands[Do.ADD_FOLDER].trigger)
        self.page.empty.topics_asked.connect(self.commands[Do.TOPICS].trigger)
        self.page.empty.samples_asked.connect(lambda: self.orders.add(self._samples, then_start=True))
        self.drops.given.connect(self.receiving.take)
        self.top_bar.primary_pressed.connect(wishes.primary)
        self.top_bar.pause_pressed.connect(self.orders.pause_or_resume)
        self.pages.turning.connect(lambda _page: self._show_frame())
        self.pages.shown.connect(self._show_page)
        self.rail.page_chosen.connect(lambda key: self.commands[Do(key)].trigger())
        self.rail.tool_pressed.connect(lambda key: self.commands[Do(key)].trigger())
        self.dock.place_chosen.connect(wishes.review.choose)
        panel.place_pressed.connect(wishes.review.choose)
        panel.acts.asked.connect(wishes.press)
        panel.acts.rejected.connect(wishes.reject)
        panel.acts.left.connect(wishes.focus_list)
        self.sitting.returned.connect(wishes.choose)
        self.leaving.connect(self.unsaved.flush)
        wishes.review.played.connect(self._play_place)
        wishes.review.shown.connect(self._show_place)

    def _escape(self) -> None:
        if not self.receiving.leave():
            self.wishes.escape()

    def _connect_commands(self) -> None:
        commands = self.commands
        for page in PAGES:
            commands[page.do].triggered.connect(lambda _checked=False, do=page.do: self.pages.show_page(do))
        served = self.buying.serves(self.top_bar.budget) | self.reorder.serves() | self.repairs.serves()
        served |= self.receiving.serves()
        served |= {Do.UNDO: self.sitting.undo, Do.TOPICS: self.pages.add_topics}
        served[Do.ESCAPE] = self._escape
        self.wishes.serve(commands, {**served, **self.dock.serves(), **self.projects.serves()})
        commands[Do.ESCAPE].triggered.connect(lambda: self.dock.wave.select(None))
        self.top_bar.budget.clicked.connect(commands[Do.MONEY].trigger)
        self.status.machine.clicked.connect(commands[Do.SYSTEM_PAGE].trigger)
        self.status.buying.clicked.connect(lambda: self.buying.popup.open_at(self.status.buying))
        self.notices.asked.connect(lambda do: commands[do].trigger())
        self.panel.acts.follow_keys(commands)
        self.rail.follow_keys(commands)
        commands.follow(Do.PRIMARY, self.top_bar.show_key)
        commands.follow(Do.ESCAPE, self.notices.show_key)
        commands.follow(Do.SYSTEM_PAGE, self.status.machine.show_key)
        self.page.setFocusProxy(self.page.table)
        self.wishes.home = self.pages.currentWidget
        for do in (Do.OPEN, Do.REMOVE, *QUEUE_KEYS):  # in a text field, or on a button, these keys mean something else
            self.removeAction(commands[do])
            commands[do].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.page.table.addAction(commands[do])
        self.page.set_add_menu(self.menus.adding)
        self.top_bar.set_menu(self.menus.main)
