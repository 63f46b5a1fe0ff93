"""A table of figures beside a plot: sorted by any column, read aloud cell by cell, and handed out as it is shown."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from studio.ui import theme as look
from studio.ui.wording import NOTHING

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Plain: TypeAlias = str | int | float | None

ROW = 28
WIDEST = 260
LEAST = 110  # pixels of a first column that has to give way
_MARK = 12  # pixels that the mark of the sorted column takes
AT_ONCE = 7  # rows that are seen without scrolling


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands above it, the words that explain it, and its name in a file (with the unit)."""

    name: str
    tip: str = ""
    plain_name: str = ""
    number: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell: as it is shown, as it is sorted, and as it stands in a file."""

    text: str
    value: str | int | float
    plain: Plain


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Figure, ...], ...] = ()


class FigureModel(QAbstractTableModel):
    """Holds a sheet, and its rows in the order that was asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = Sheet()
        self._order: list[int] = []
        self._by = (0, False)  # which column, and whether the largest comes first

    @property
    def sheet(self) -> Sheet:
        """What is shown, in the order in which it was given."""
        return self._sheet

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet; where only figures have changed, whatever is selected stays selected."""
        if sheet == self._sheet:
            return
        if sheet.columns == self._sheet.columns and len(sheet.rows) == len(self._sheet.rows):
            self._sheet = sheet
            self._order = self._ordered()
            if sheet.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(sheet.rows) - 1, len(sheet.columns) - 1))
            return
        self.beginResetModel()
        self._sheet = sheet
        self._order = self._ordered()
        self.endResetModel()

    def as_shown(self) -> list[list[Plain]]:
        """The rows in their present order, for a file."""
        return [[figure.plain for figure in self._sheet.rows[place]] for place in self._order]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: order the rows; of equal ones the order stays."""
        self._by = (column, order is Qt.SortOrder.DescendingOrder)
        before, after = self._order, self._ordered()
        if before == after:
            return
        self.layoutAboutToBeChanged.emit()
        self._order = after
        moved = {place: row for row, place in enumerate(after)}
        old = self.persistentIndexList()
        self.changePersistentIndexList(old, [self.index(moved[before[each.row()]], each.column()) for each in old])
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self._sheet.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (likewise)
        return 0 if parent.isValid() else len(self._sheet.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one aspect of a cell."""
        if not index.isValid():
            return None
        figure, column = self._sheet.rows[self._order[index.row()]][index.column()], self._sheet.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return figure.text
            case Qt.ItemDataRole.ToolTipRole:
                return figure.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.name}: {figure.text}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what stands above a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._sheet.columns):
            return None
        column = self._sheet.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.name
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip or column.name
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case _:
                return None

    def _ordered(self) -> list[int]:
        column, largest_first = self._by
        if not 0 <= column < len(self._sheet.columns):
            return list(range(len(self._sheet.rows)))
        rows = self._sheet.rows
        return sorted(range(len(rows)), key=lambda place: rows[place][column].value, reverse=largest_first)


class _Header(QHeaderView):
    """As wide as its words and the mark of the sorted column: Qt keeps more than twice that room beside every name."""

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N802, N803  (Qt's own names)
        """Qt: how large a column's heading is."""
        words = self.model().headerData(logicalIndex, self.orientation())
        width = QFontMetrics(look.font(look.SECONDARY)).horizontalAdvance(words) + 2 * look.S + _MARK
        return QSize(width, super().sectionSizeFromContents(logicalIndex).height())


class FigureTable(QTableView):
    """Shows a sheet; Tab leads on, the arrows walk its cells, a press on a heading sorts."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._figures = FigureModel(self)
        self._first = 0  # pixels that the first column needs
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self))
        self.setModel(self._figures)
        self.setSortingEnabled(True)
        self.setShowGrid(False)
        self.setStyleSheet(
            "QTableView { background: transparent; } QTableView::item { padding: 0 5px; } "
            "QAbstractScrollArea::corner { background: none; }"
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFont(look.font(look.SECONDARY))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMaximumSectionSize(WIDEST)
        header.setResizeContentsPrecision(30)  # rows that are looked at for the width of a column
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def show_sheet(self, sheet: Sheet, *, sort: int, descending: bool) -> None:
        """Show a sheet; one with other columns is sorted by column `sort` at first."""
        other = sheet.columns != self._figures.sheet.columns
        self._figures.show_sheet(sheet)
        if other:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            self.sortByColumn(sort, order)
        self._leave_out_empty()
        if other:
            self.resizeColumnsToContents()
            self._first = self.columnWidth(0)
            self._fit_first()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: where not all columns have room, the names give way first."""
        super().resizeEvent(event)
        self._fit_first()

    def sizeHint(self) -> QSize:
        """Qt: every column, and some rows."""
        there = max(1, self._figures.rowCount())
        rows = min(AT_ONCE, there)
        bar = self.verticalScrollBar().sizeHint().width() if there > rows else 0
        wide = self._first + self._beside_first() + bar + 2 * self.frameWidth()
        return QSize(wide, self.horizontalHeader().sizeHint().height() + rows * ROW + 2 * self.frameWidth())

    def _beside_first(self) -> int:
        return self.horizontalHeader().length() - self.columnWidth(0)

    def _fit_first(self) -> None:
        room = self.viewport().width() - self._beside_first()
        self.setColumnWidth(0, max(min(self._first, LEAST), min(self._first, room)))

    def _leave_out_empty(self) -> None:
        """Columns in which nothing stands are left out; a file has them all the same."""
        sheet = self._figures.sheet
        for number in range(len(sheet.columns)):
            self.setColumnHidden(number, bool(sheet.rows) and all(row[number].text == NOTHING for row in sheet.rows))

    def as_shown(self) -> tuple[list[str], list[list[Plain]]]:
        """The header and the rows in their present order, for a file."""
        header = [column.plain_name or column.name for column in self._figures.sheet.columns]
        return header, self._figures.as_shown()


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
