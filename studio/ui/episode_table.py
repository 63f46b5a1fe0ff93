"""The table of episodes: rows of one height, columns that fill the width, and nothing that reacts to typing."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QItemSelectionRange, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio.domain.episode import Episode
from studio.ui import theme as look
from studio.ui.cells import CellPainter, cell_painters
from studio.ui.columns import COLUMNS
from studio.ui.episode_filter import EpisodeFilter
from studio.ui.episode_model import Index, runs
from studio.ui.row_drag import RowDrag
from studio.ui.stamps import Stamps
from studio.ui.table_columns import TableColumns
from studio.ui.theme import Theme

_ADD = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class EpisodeTable(QTableView):
    """Says which episode the cursor is on, by id. Letters are the window's keys, so typing does not search."""

    current_changed = Signal(object)  # int | None
    chosen_changed = Signal()

    def __init__(self, theme: Theme, shown: EpisodeFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
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
        self.columns = TableColumns(self, shown.source)
        self.drag = RowDrag(self, shown, theme)
        self._cells = cell_painters(theme, COLUMNS, Stamps(theme, self))
        self._theme = theme
        self._under_mouse = -1
        self._held: tuple[int | None, list[int]] = (None, [])
        self.entered.connect(lambda index: self._light(index.row()))
        self.viewportEntered.connect(lambda: self._light(-1))
        shown.modelAboutToBeReset.connect(self._hold)
        shown.modelReset.connect(self._take_up)
        theme.changed.connect(self.viewport().update)

    def current_id(self) -> int | None:
        """The id under the cursor."""
        index = self.currentIndex()
        return self._shown.episode_at(index).id if index.isValid() else None

    def chosen(self) -> list[Episode]:
        """All selected episodes, in the order shown."""
        return [self._shown.at(row) for row in self._chosen_rows()]

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: draw the rows that are to be drawn.

        Done here and not by delegates: those would be handed a copy of the view's options for every cell, which costs
        more than the cell.
        """
        painter = QPainter(self.viewport())
        header, damage = self.horizontalHeader(), event.rect()
        spans = [
            (header.sectionViewportPosition(column), header.sectionSize(column), cell)
            for column, cell in enumerate(self._cells)
        ]
        # A hidden column has no width, and its text would run to the left, over its neighbour's.
        spans = [
            (left, wide, cell)
            for left, wide, cell in spans
            if wide and left <= damage.right() and left + wide > damage.left()
        ]
        first, last = self.rowAt(damage.top()), self.rowAt(damage.bottom())
        if first < 0:
            return
        chosen = self._stretches()
        for row in range(first, (last if last >= 0 else self._shown.rowCount() - 1) + 1):
            self._draw_row(painter, row, spans, chosen=any(top <= row <= bottom for top, bottom in chosen))
        self.drag.draw(painter)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Qt: rows were taken up."""
        self.drag.begin(self.chosen())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: rows of this table may land on it; files are the window's."""
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt: show where they would land."""
        if not self.drag.offer(event):
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Qt: they went away."""
        self.drag.withdraw()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: they were let go."""
        if not self.drag.take(event):
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt: the mouse is elsewhere."""
        super().leaveEvent(event)
        self._light(-1)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Qt: the cursor moved."""
        super().currentChanged(current, previous)
        self.current_changed.emit(self._shown.episode_at(current).id if current.isValid() else None)

    def selectionChanged(self, chosen: QItemSelection, dropped: QItemSelection) -> None:
        """Qt: draw whole rows anew, as the bar at their head belongs to them."""
        super().selectionChanged(chosen, dropped)
        self.viewport().update()
        self.chosen_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the columns fill the width, but for those that someone has set by hand."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.columns.fit()

    def _draw_row(
        self, painter: QPainter, row: int, spans: Sequence[tuple[int, int, CellPainter]], *, chosen: bool
    ) -> None:
        top, width = self.rowViewportPosition(row), self.viewport().width()
        if chosen or row == self._under_mouse:
            ground = self._theme.colour("selection" if chosen else "hover")
            painter.fillRect(0, top, width, look.ROW_HEIGHT, ground)
        painter.fillRect(0, top + look.ROW_HEIGHT - 1, width, 1, self._theme.colour("line", 150))
        if chosen:
            painter.fillRect(0, top, 3, look.ROW_HEIGHT - 1, self._theme.colour("accent"))
        episode = self._shown.at(row)
        live = self._shown.source.live_of(episode)
        for left, wide, cell in spans:
            room = QRect(left + look.S, top, wide - 2 * look.S, look.ROW_HEIGHT - 1)
            cell.draw(painter, room, episode, live)

    def _chosen_rows(self) -> list[int]:
        return sorted({row for first, last in self._stretches() for row in range(first, last + 1)})

    def _stretches(self) -> list[tuple[int, int]]:
        """First and last row of what is chosen: an index for each of ten thousand would take a third of a second."""
        chosen = self.selectionModel().selection()
        return [(chosen.at(place).top(), chosen.at(place).bottom()) for place in range(chosen.count())]

    def _light(self, row: int) -> None:
        for each in {self._under_mouse, row} - {-1}:
            self.viewport().update(0, self.rowViewportPosition(each), self.viewport().width(), look.ROW_HEIGHT)
        self._under_mouse = row

    def _hold(self) -> None:
        self._held = (self.current_id(), [episode.id for episode in self.chosen()])

    def _take_up(self) -> None:
        """After other rows are shown, choose what was chosen; where the cursor's row is gone, the first one."""
        current, ids = self._held
        self._under_mouse = -1
        if current is None:
            return
        if not self.choose(current):
            if not (self._shown.rowCount() and self.choose(self._shown.at(0).id)):
                self.current_changed.emit(None)
            return
        again = QItemSelection()
        for first, last in runs(sorted(index.row() for each in ids if (index := self._shown.index_of(each)).isValid())):
            again.append(QItemSelectionRange(self._shown.index(first, 0), self._shown.index(last, 0)))
        self.selectionModel().select(again, _ADD)
