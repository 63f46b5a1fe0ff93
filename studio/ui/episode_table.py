"""The table of episodes: rows of one height, columns that fill the width, and nothing that reacts to typing."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio.domain.episode import Episode
from studio.ui import theme as look
from studio.ui.columns import COLUMNS, Look, fitted
from studio.ui.delegates import delegate_for
from studio.ui.episode_filter import EpisodeFilter
from studio.ui.episode_model import Index
from studio.ui.strip import StripPainter
from studio.ui.theme import Theme


class EpisodeTable(QTableView):
    """Says which episode the cursor is on, by id. Letters are the window's keys, so typing does not search."""

    current_changed = Signal(object)  # int | None

    def __init__(self, theme: Theme, shown: EpisodeFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._own_widths = False
        self._fitting = False
        self.setModel(shown)
        self.setAccessibleName("Episodes")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(look.ROW_HEIGHT)
        self._set_up_header()
        strips = StripPainter(theme, self)
        kinds = {kind: delegate_for(kind, theme, strips, self) for kind in Look}
        for number, column in enumerate(COLUMNS):
            self.setItemDelegateForColumn(number, kinds[column.look])
        theme.changed.connect(self.viewport().update)

    def current_id(self) -> int | None:
        """The id under the cursor."""
        index = self.currentIndex()
        return self._shown.episode_at(index).id if index.isValid() else None

    def chosen(self) -> list[Episode]:
        """All selected episodes, in the order shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._shown.episode_at(self._shown.index(row, 0)) for row in rows]

    def choose(self, episode_id: int) -> bool:
        """Put the cursor on an episode and bring it into view; False where it is not shown."""
        index = self._shown.index_of(episode_id)
        if not index.isValid():
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)
        return True

    def keyboardSearch(self, _search: str) -> None:
        """Qt: typing would search; here letters are keys of the window."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Qt: the cursor moved."""
        super().currentChanged(current, previous)
        self.current_changed.emit(self._shown.episode_at(current).id if current.isValid() else None)

    def selectionChanged(self, chosen: QItemSelection, dropped: QItemSelection) -> None:
        """Qt: draw whole rows anew, as the bar at their head belongs to them."""
        super().selectionChanged(chosen, dropped)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the columns fill the width, until someone has set them by hand."""
        super().resizeEvent(event)
        if not self._own_widths:
            self._fit()

    def _fit(self) -> None:
        self._fitting = True
        for number, width in enumerate(fitted(self.viewport().width())):
            self.setColumnWidth(number, width)
        self._fitting = False

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setFixedHeight(32)
        header.setMinimumSectionSize(40)
        header.sectionResized.connect(self._take_width)
        self.setSortingEnabled(True)
        header.setSortIndicatorClearable(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as they are numbered

    def _take_width(self) -> None:
        if not self._fitting:
            self._own_widths = True
