"""How the batch table is arranged: kept between starts, opened from the header, saved and chosen as named views."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.ui import column_menu, views_menu
from studio.ui.column_layout import Layout
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_table import EpisodeTable
from studio.ui.memory import Memory
from studio.ui.views import View, Views

_LAYOUT_KEPT_AS = "table/layout"
_VIEW_KEPT_AS = "table/view"


class Arrangement(QObject):
    """Remembers the layout of the columns, and which view was chosen last. What is filtered begins anew each time."""

    chosen = Signal(object)  # View: show its group and its text

    def __init__(self, table: EpisodeTable, shown: EpisodeFilter, memory: Memory, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._table = table
        self._shown = shown
        self._memory = memory
        self._name = str(memory.read(_VIEW_KEPT_AS, ""))
        self.views = Views(memory, self)
        table.columns.use(Layout.from_json(memory.read(_LAYOUT_KEPT_AS, {})))
        table.columns.changed.connect(self._keep)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.open_columns(header.mapToGlobal(at), header.logicalIndexAt(at))
        )

    @property
    def view(self) -> View:
        """What is shown, under the name of the view that was chosen last."""
        name = self._name if self._name in self.views else ""
        return View(name, self._shown.group, self._shown.text, self._table.columns.layout)

    @property
    def name(self) -> str:
        """The name of the view that is shown as it was saved; empty where something was changed since, or none was."""
        now = self.view
        return now.name if now.name and self.views[now.name] == now else ""

    def show(self, view: View | None) -> None:
        """Show a view; everything, and the columns by themselves, where there is none."""
        view = view or View("", Group.ALL, "", Layout())
        self._name = view.name
        self._memory.keep(_VIEW_KEPT_AS, view.name)
        self._table.columns.use(view.layout)
        self.chosen.emit(view)

    def open_views(self, at: QPoint) -> QMenu:
        """The menu of the named views, at a place of the screen."""
        return views_menu.open_menu(self.views, self.view, self._parent, at, self.show)

    def open_columns(self, at: QPoint, number: int = -1) -> QMenu:
        """The menu of the columns; with the `number` of one, what can be done with it comes first."""
        return column_menu.open_menu(self._table.columns, self._parent, at, number)

    def _keep(self) -> None:
        self._memory.keep(_LAYOUT_KEPT_AS, self._table.columns.layout.to_json())
