"""The marks as a list: the wave in words, for those who do not see it and for those who would rather read."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from studio.ui.marks import ICONS, Mark
from studio.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex


class MarkModel(QAbstractListModel):
    """Changes only the rows that change, so that a reader's place in the list is kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: tuple[Mark, ...] = ()
        theme.changed.connect(self._redraw)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these instead."""
        old, new = self._marks, tuple(marks)
        most = min(len(old), len(new))
        head = next((at for at in range(most) if old[at] != new[at]), most)
        tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
        if len(old) - head - tail > 0:
            self.beginRemoveRows(QModelIndex(), head, len(old) - tail - 1)
            self._marks = (*old[:head], *old[len(old) - tail :])
            self.endRemoveRows()
        if len(new) - head - tail > 0:
            self.beginInsertRows(QModelIndex(), head, len(new) - tail - 1)
            self._marks = new
            self.endInsertRows()

    @property
    def all(self) -> tuple[Mark, ...]:
        """Every mark, by time."""
        return self._marks

    def mark(self, row: int) -> Mark:
        """The mark of a row."""
        return self._marks[row]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Qt: how many; a row has none of its own."""
        return 0 if parent.isValid() else len(self._marks)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the line, the icon, and what is read aloud."""
        if not index.isValid():
            return None
        mark = self._marks[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return mark.line
            case Qt.ItemDataRole.AccessibleTextRole:
                return mark.spoken
            case Qt.ItemDataRole.DecorationRole:
                return self._theme.icon(ICONS[mark.kind], mark.tone)
            case _:
                return None

    def _redraw(self) -> None:
        if self._marks:
            last = self.index(len(self._marks) - 1)
            self.dataChanged.emit(self.index(0), last, [Qt.ItemDataRole.DecorationRole])


class MarkList(QListView):
    """Return, or a click, goes to a mark."""

    chosen = Signal(object)  # Mark

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = MarkModel(theme, self)
        self.setModel(self._marks)
        self.setObjectName("marks")
        self.setAccessibleName("Marks: findings, chapters and the marked stretch")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.clicked.connect(lambda index: self.chosen.emit(self._marks.mark(index.row())))
        self.activated.connect(lambda index: self.chosen.emit(self._marks.mark(index.row())))

    @property
    def marks(self) -> MarkModel:
        """What it shows."""
        return self._marks

    def take_focus(self) -> None:
        """Bring the keyboard here, to the row where it was last."""
        if not self.currentIndex().isValid() and self._marks.rowCount():
            self.setCurrentIndex(self._marks.index(0))
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
