"""The pages of the window. Each is built when it is first shown, so that the start pays for one."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.ui.alerts import Alerts
from studio.ui.bridge import Bridge
from studio.ui.choice import Choice
from studio.ui.commands import CommandSet, Do
from studio.ui.desk import Desk
from studio.ui.machine import Machine
from studio.ui.memory import Memory
from studio.ui.orders import Orders
from studio.ui.player import Player
from studio.ui.purchases import Purchases
from studio.ui.script_approval import ScriptApproval
from studio.ui.sitting import Sitting
from studio.ui.standing import Standing
from studio.ui.theme import Theme
from studio.ui.unsaved import Unsaved


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page is built from: the parts of the window that it may read, hear and order through."""

    theme: Theme
    memory: Memory
    bridge: Bridge
    desk: Desk
    standing: Standing
    choice: Choice
    orders: Orders
    purchases: Purchases
    player: Player
    machine: Machine
    alerts: Alerts
    commands: CommandSet
    sitting: Sitting
    approval: ScriptApproval
    unsaved: Unsaved


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the command that shows it, its word and icon on the rail, and the module whose `build` makes it.

    `build(context: PageContext) -> QWidget`. Beside a page `with_sound` stand the dock and the panel of the chosen
    episode.
    """

    do: Do
    word: str
    icon: str
    module: str
    with_sound: bool = False


PAGES = (
    Page(Do.BATCH_PAGE, "Batch", "layout-list", "", with_sound=True),
    Page(Do.SCRIPTS_PAGE, "Scripts", "scroll-text", "studio.ui.scripts_page"),
    Page(Do.REVIEW_PAGE, "Review", "ear", "studio.ui.review_page", with_sound=True),
    Page(Do.MONEY_PAGE, "Money", "wallet", "studio.ui.money_page"),
    Page(Do.QUALITY_PAGE, "Quality", "chart-line", "studio.ui.quality_page"),
    Page(Do.SYSTEM_PAGE, "System", "activity", "studio.ui.system_page"),
)


class Pages(QStackedWidget):
    """Shows one page at a time; the first, the table of the batch, is there from the start."""

    turning = Signal(object)  # Page: before it is there, so that it is laid out once, in the room that it will have
    shown = Signal(object)  # Page

    def __init__(self, context: PageContext, batch: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.page = PAGES[0]  # the one in front
        self._built: dict[Do, QWidget] = {Do.BATCH_PAGE: batch}
        self.addWidget(batch)

    def show_page(self, do: Do) -> QWidget:
        """Bring a page to the front."""
        built = self.make(do)
        self.page = next(each for each in PAGES if each.do is do)
        self.turning.emit(self.page)
        self.setCurrentWidget(built)
        self.updateGeometry()
        self.shown.emit(self.page)
        return built

    def make(self, do: Do) -> QWidget:
        """Build a page where it is not there yet."""
        if do not in self._built:
            page = next(each for each in PAGES if each.do is do)
            build: Callable[[PageContext], QWidget] = import_module(page.module).build
            self._built[do] = build(self._context)
            self.addWidget(self._built[do])
        return self._built[do]

    def minimumSizeHint(self) -> QSize:
        """Qt: what the page in front needs; the others are not there."""
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()

    def add_topics(self) -> None:
        """Bring the page Scripts to the front, with its field for topics."""
        from studio.ui.scripts_page import ScriptsPage

        page = self.show_page(Do.SCRIPTS_PAGE)
        if isinstance(page, ScriptsPage):
            page.show_topics()
