"""The Batch page: chips and filter, and the table (or what to do first)."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.ui import search
from studio.ui import theme as look
from studio.ui.arrangement import Arrangement
from studio.ui.bulk_bar import BulkBar
from studio.ui.commands import CommandSet, Do
from studio.ui.empty_state import EmptyState
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.episode_table import EpisodeTable
from studio.ui.memory import Memory
from studio.ui.parts import button, label
from studio.ui.state_chips import StateChips
from studio.ui.theme import Theme, Tone
from studio.ui.views import View

NARROW, ROOMY = 760, 1000  # pixels


class BatchPage(QWidget):
    """Holds the table and what narrows it."""

    menu_asked = Signal(QPoint)  # global position

    def __init__(
        self,
        theme: Theme,
        model: EpisodeModel,
        memory: Memory,
        commands: CommandSet,
        *,
        samples: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self.shown = EpisodeFilter(model, self)
        self.table = EpisodeTable(theme, self.shown)
        self.arrangement = Arrangement(self.table, self.shown, memory, self)
        self.bulk = BulkBar(theme, commands)
        self.empty = EmptyState(theme, samples=samples)
        self._nothing = label("", "muted", wrap=True)
        self._search = QLineEdit()
        self._views = button("", "square")
        self._marked = False  # whether a named view is shown
        self._escape = ""  # the key that shows all of them
        self._columns = button("", "square")
        self._add = button("Add")
        self._chips = StateChips(theme)
        self._stack = QStackedLayout()
        self._bar = QWidget()
        self._build()
        self._connect(commands)
        self._draw_icons()
        self._bar.hide()
        self._nothing.setText("Opening the library…")
        self._stack.setCurrentIndex(2)

    def set_add_menu(self, menu: QMenu) -> None:
        """What opens under Add."""
        self._add.setMenu(menu)

    def focus_search(self) -> None:
        """Bring the keyboard to the filter."""
        self._search.setFocus()
        self._search.selectAll()

    def close_search(self) -> bool:
        """Show everything again; False where everything was shown."""
        narrowed = self.shown.narrowed
        self._search.clear()
        self._chips.press(Group.ALL)
        return narrowed

    def show_group(self, group: Group) -> None:
        """Press a chip."""
        self._chips.press(group)

    def open_views(self) -> None:
        """Choose, save, rename or delete a named view."""
        self.arrangement.open_views(below(self._views))

    def open_columns(self) -> None:
        """Show, hide, move and sort columns."""
        self.arrangement.open_columns(below(self._columns))

    def show_dead_end(self, message: str, remedy: str) -> None:
        """Nothing can be shown, for this reason."""
        self._bar.hide()
        self._nothing.setText(f"{message}\n\n{remedy}")
        self._stack.setCurrentIndex(2)

    def refresh(self) -> None:
        """Count the chips anew, and show the table or what stands in its place."""
        self._chips.count(self._model)
        self._bar.setVisible(len(self._model) > 0)
        if self._marked != (named := bool(self.arrangement.name)):
            self._marked = named
            self._draw_icons()
        if not len(self._model):
            if self._stack.currentIndex() != 0:
                self._stack.setCurrentIndex(0)
                self.empty.setFocus()  # Return begins
        elif self.shown.rowCount():
            self._stack.setCurrentIndex(1)
        else:
            key = self._escape
            self._nothing.setText(f"No episode is like that.{f' {key} shows all of them.' if key else ''}")
            self._stack.setCurrentIndex(2)

    def _take_escape(self, key: str) -> None:
        self._escape = key

    def _show_view(self, view: View) -> None:
        """The group and the text of a view, in one go."""
        self.shown.show_view(view.group, view.text)
        self._search.setText(view.text)
        self._chips.mark(view.group)
        self.refresh()

    def _show_chosen(self) -> None:
        self.bulk.show_chosen(self.table.chosen())

    def choose_one(self) -> bool:
        """Take the selection back to the row of the cursor; False where no more was chosen."""
        current = self.table.current_id()
        several = not self.bulk.isHidden()
        if several and current is not None:
            self.table.choose(current)
            self.table.setFocus()
        return several

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: where room is short, the plus says enough."""
        super().resizeEvent(event)
        width = event.size().width()
        self._add.setText("Add" if width > NARROW else "")
        self._search.setMaximumWidth(210 if width > ROOMY else 120)

    def _choose(self, group: Group) -> None:
        self.shown.show_group(group)
        self.refresh()

    def _narrow(self, text: str) -> None:
        self.shown.show_text(text)
        self.refresh()

    def _build(self) -> None:
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(look.M, look.S, look.M, look.S)
        row.setSpacing(look.S)
        row.addWidget(self._chips, 1)
        self._search.setPlaceholderText("Filter")
        self._search.setAccessibleName("Filter")
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(96)
        row.addWidget(self._search)
        self._add.setAccessibleName("Add")
        self._views.setAccessibleName("Views")
        self._columns.setAccessibleName("Columns")
        row.addWidget(self._views)
        row.addWidget(self._columns)
        row.addWidget(self._add)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.empty, self.table, self._nothing):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addLayout(self._stack, 1)
        column.addWidget(self.bulk)

    def _connect(self, commands: CommandSet) -> None:
        commands.follow(
            Do.FIND, lambda key: self._search.setToolTip(f"{search.HELP}\nKey: {key}" if key else search.HELP)
        )
        commands.explain(self._views, Do.VIEWS, "Named views: filter, sorting and columns together")
        commands.explain(self._columns, Do.COLUMNS, "Columns: which are shown, where, and sorted by which")
        commands.follow(Do.ESCAPE, self._take_escape)
        self._views.clicked.connect(self.open_views)
        self._columns.clicked.connect(self.open_columns)
        self.arrangement.chosen.connect(self._show_view)
        self._chosen_soon = QTimer(self, singleShot=True, interval=0)
        self._chosen_soon.timeout.connect(self._show_chosen)
        for told in (self.table.chosen_changed, self.shown.dataChanged, self.shown.rowsRemoved, self.shown.modelReset):
            told.connect(lambda *_: self._chosen_soon.start())
        self.bulk.cleared.connect(self.choose_one)
        self._search.textChanged.connect(self._narrow)
        self._chips.chosen.connect(self._choose)
        self.table.customContextMenuRequested.connect(
            lambda at: self.menu_asked.emit(self.table.viewport().mapToGlobal(at))
        )
        self._theme.changed.connect(self._draw_icons)

    def _draw_icons(self) -> None:
        self._add.setIcon(self._theme.icon("plus"))
        self._views.setIcon(self._theme.icon("bookmark", Tone.ACCENT if self._marked else Tone.TEXT))
        self._columns.setIcon(self._theme.icon("columns-3"))
        for action in self._search.findChildren(QAction):
            action.setIcon(self._theme.icon("x", Tone.NEUTRAL))


def below(widget: QWidget) -> QPoint:
    """Where a menu of `widget` opens, on the screen."""
    return widget.mapToGlobal(QPoint(0, widget.height() + 2))
