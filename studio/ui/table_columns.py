"""The header of the batch table: shows, hides, moves, sorts and sizes the columns as they were arranged."""

from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QTableView

from studio.ui.column_layout import Layout
from studio.ui.columns import COLUMNS, NUMBERS
from studio.ui.episode_model import EpisodeModel

SETTLED_MS = 200  # a column that is being dragged changes its width with every pixel


class TableColumns(QObject):
    """Keeps the header and the layout the same, whichever of them changed. Widths follow that of the table."""

    changed = Signal()  # the layout, by a person's hand

    def __init__(self, table: QTableView, model: EpisodeModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._layout = Layout()
        self._filled: set[str] = set()
        self._visible: frozenset[str] = frozenset()
        self._arranging = False
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.changed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setFixedHeight(32)
        header.setMinimumSectionSize(40)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # as they are numbered
        table.setSortingEnabled(True)
        # Whatever is chosen is rows. Of the table's own choice the header would ask every row, each time it is painted.
        header.setSelectionModel(QItemSelectionModel(table.model(), self))
        header.sectionResized.connect(self._take_width)
        header.sectionMoved.connect(self._take_order)
        header.sortIndicatorChanged.connect(self._take_sort)
        model.modelReset.connect(self._begin)
        model.rowsInserted.connect(self._take_inserted)
        model.dataChanged.connect(self._take_changed)
        self._begin()

    @property
    def layout(self) -> Layout:
        """As it is now."""
        return self._layout

    @property
    def visible(self) -> tuple[str, ...]:
        """The columns that are shown, from left to right."""
        return tuple(key for key in self._layout.keys if key in self._visible)

    def use(self, layout: Layout) -> None:
        """Arrange the columns like this."""
        self._layout = layout
        self._arranging = True
        header = self._table.horizontalHeader()
        for place, key in enumerate(layout.keys):
            header.moveSection(header.visualIndex(NUMBERS[key]), place)
        order = Qt.SortOrder.DescendingOrder if layout.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(NUMBERS.get(layout.sort, -1), order)
        self._arranging = False
        self.fit()
        self._settled.start()

    def fit(self) -> None:
        """Show what there is room for, and fill the width of the table."""
        width = self._table.viewport().width()
        self._visible = self._layout.visible(width, self._filled)
        widths = self._layout.fitted(width, self._visible)
        self._arranging = True  # to Qt, coming and going is a change of width
        for number, column in enumerate(COLUMNS):
            self._table.setColumnHidden(number, column.key not in self._visible)
            if column.key in self._visible:
                self._table.setColumnWidth(number, widths[column.key])
        self._arranging = False

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide one."""
        self.use(self._layout.showing(key, shown=shown))

    def move(self, key: str, by: int) -> None:
        """Move one to the right, past so many of those that are shown; to the left below 0."""
        self.use(self._layout.moved(key, by, self._visible))

    def sort(self, key: str, *, descending: bool = False) -> None:
        """Sort by one; by number where `key` is empty."""
        self.use(replace(self._layout, sort=key, descending=descending))

    def reset(self) -> None:
        """As the table arranges them by itself."""
        self.use(Layout())

    def _take_width(self, number: int, _old: int, width: int) -> None:
        if not self._arranging and width:
            key = COLUMNS[number].key
            self._layout = replace(self._layout, widths={**self._layout.widths, key: width})
            self._settled.start()

    def _take_order(self) -> None:
        if not self._arranging:
            header = self._table.horizontalHeader()
            order = tuple(COLUMNS[header.logicalIndex(place)].key for place in range(len(COLUMNS)))
            self._layout = replace(self._layout, order=order)
            self._settled.start()

    def _take_sort(self, number: int, order: Qt.SortOrder) -> None:
        if not self._arranging:
            key = COLUMNS[number].key if 0 <= number < len(COLUMNS) else ""
            self._layout = replace(self._layout, sort=key, descending=order is Qt.SortOrder.DescendingOrder)
            self._settled.start()

    def _begin(self) -> None:
        """Other rows: what is in them decides anew."""
        self._filled.clear()
        self.fit()
        self._reveal(0, len(self._model) - 1)

    def _take_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._reveal(first, last)

    def _take_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._reveal(first.row(), last.row())

    def _reveal(self, first: int, last: int) -> None:
        """Show the columns that have something in them now."""
        empty = [column for column in COLUMNS if column.there is not None and column.key not in self._filled]
        if not empty:
            return
        episodes = [self._model.episode_at(row) for row in range(first, last + 1)]
        full = {each.key for each in empty if each.there and any(map(each.there, episodes))}
        if full:
            self._filled |= full
            self.fit()
