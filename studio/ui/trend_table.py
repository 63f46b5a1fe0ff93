"""How a measure goes in each project: a row a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from studio.domain.measures import SCALES, Line, Measure
from studio.domain.trend import Way
from studio.engine.drift import ProjectTrend
from studio.ui import quality_words as words
from studio.ui.sparkline import draw_sparkline
from studio.ui.theme import ROW_HEIGHT, Theme, Tone
from studio.ui.wording import NOTHING

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QPersistentModelIndex()
_COLUMNS: Final = (
    ("Project", "The project, the one last worked on first"),
    ("Episodes", "How many were checked, each as it was first spoken"),
    ("Miss the line", "How many miss the line of the project's settings"),
    ("Course", "Every episode in order of checking"),
    ("Trend", "From the first quarter of the episodes to the last, where the test of Mann and Kendall sees a trend"),
)
COURSE: Final = 3
_NUMBERS: Final = {1, 2}


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One project."""

    name: str
    line: Line
    found: ProjectTrend


class TrendModel(QAbstractTableModel):
    """Holds what it is given; nothing is computed here but words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._measure = Measure.WORDS
        self._rows: Sequence[TrendRow] = ()
        self._off: list[int] = []

    def show_rows(self, measure: Measure, rows: Sequence[TrendRow]) -> None:
        """Show these projects instead."""
        self.beginResetModel()
        self._measure, self._rows = measure, tuple(rows)
        self._off = [sum(not row.line.kept(value) for value in row.found.values) for row in rows]
        self.endResetModel()

    def row(self, number: int) -> TrendRow:
        """What a row shows."""
        return self._rows[number]

    def worse(self, number: int) -> bool:
        """Whether a project goes the wrong way."""
        way, better = self._rows[number].found.trend.way, SCALES[self._measure].better
        return (way is Way.FALLING and better >= 0) or (way is Way.RISING and better <= 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell, in one role."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._said(index.row(), index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{_COLUMNS[index.column()][0]}: {self._said(index.row(), index.column())}"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if index.column() in _NUMBERS else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a column's title and help."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_COLUMNS):
            return None
        title, help_ = _COLUMNS[section]
        side = Qt.AlignmentFlag.AlignRight if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft
        said = {
            Qt.ItemDataRole.DisplayRole: title,
            Qt.ItemDataRole.ToolTipRole: help_,
            Qt.ItemDataRole.TextAlignmentRole: int(side | Qt.AlignmentFlag.AlignVCenter),
        }
        return said.get(Qt.ItemDataRole(role))

    def _said(self, row: int, column: int) -> str:
        shown = self._rows[row]
        if column == 0:
            return shown.name
        if column == 1:
            return f"{len(shown.found.values):,}"
        if column == 2:
            return f"{self._off[row]:,}" if words.line_words(self._measure, shown.line) else NOTHING
        return words.trend_words(self._measure, shown.found.trend)


class _Course(QStyledItemDelegate):
    """Draws the course of a project."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: the ground of the cell, then the line."""
        model = index.model()
        room: Any = option.rect
        if isinstance(model, TrendModel):
            tone = Tone.LOOK if model.worse(index.row()) else Tone.ACCENT
            inner = QRectF(room).adjusted(8, 9, -8, -9)
            values = model.row(index.row()).found.values
            draw_sparkline(painter, inner, values, self._theme.colour(tone), _most_of(values))


def _most_of(values: Sequence[float]) -> tuple[float, float]:
    """Between what nineteen of twenty lie: one that lies far out would flatten all others."""
    ordered = sorted(values)
    out = len(ordered) // 40
    return ordered[out], ordered[-out - 1]


class TrendTable(QTableView):
    """Shows the model; the rows are read, not chosen."""

    def __init__(self, theme: Theme, model: TrendModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Trend of each project")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView { background: transparent; } QTableView::item { padding: 0 5px; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 76), (2, 92), (COURSE, 96), (4, 172)):
            header.resizeSection(column, width)
        self.setItemDelegateForColumn(COURSE, _Course(theme, self))
        theme.changed.connect(self.viewport().update)
