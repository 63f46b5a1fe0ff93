"""The table of pronunciations: edited where they stand, with what is wrong said under the field as it is typed."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio.ui.lexicon_model import PLACES, Column, Index, LexiconRows
from studio.ui.parts import Chooser, label
from studio.ui.theme import ROW_HEIGHT, S

_WIDTHS: Final = {Column.SPOKEN: 190, Column.PHONEMES: 160, Column.WHERE: 118}
_HINT_WIDTH: Final = 380


class LexiconTable(QTableView):
    """Return or F2 edits a cell, Tab goes on to the next, Space hears, Del removes, Insert adds."""

    hear_asked = Signal()
    remove_asked = Signal()
    add_asked = Signal()
    current_changed = Signal()

    def __init__(self, rows: LexiconRows) -> None:
        super().__init__()
        self.setObjectName("lexicon")
        self._rows = rows
        self._hint = label("", "wrong", wrap=True)
        self._hint.setParent(self.viewport())
        self._hint.setObjectName("hint")
        self._hint.setContentsMargins(S, S - 2, S, S - 2)
        self._hint.hide()
        self.setModel(rows)
        self.setItemDelegate(_Cells(rows, self))
        self.setAccessibleName("Pronunciations")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(Column.WRITTEN, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.selectionModel().currentRowChanged.connect(self._follow)
        rows.modelReset.connect(self._follow)
        rows.changed.connect(self._say)
        self.verticalScrollBar().valueChanged.connect(self._say)

    @property
    def chosen(self) -> list[int]:
        """The rows that are chosen."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def edit_row(self, row: int, column: Column = Column.WRITTEN) -> None:
        """Bring the keyboard into a cell."""
        index = self._rows.index(row, column)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: what its rows are for; any other key begins to type."""
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        asked: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: self.hear_asked.emit,
            Qt.Key.Key_Delete: self.remove_asked.emit,
            Qt.Key.Key_Insert: self.add_asked.emit,
            Qt.Key.Key_Return: self._edit_current,
            Qt.Key.Key_Enter: self._edit_current,
        }
        if plain and event.key() in asked and self.state() is not QAbstractItemView.State.EditingState:
            asked[event.key()]()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Qt: nothing is said under a field that is not there."""
        super().closeEditor(editor, hint)
        self._say()

    def _edit_current(self) -> None:
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def _follow(self) -> None:
        self._say()
        self.current_changed.emit()

    def _say(self) -> None:
        """What is wrong with the line that is being typed, under its field, or above it where there is no room."""
        at = self.currentIndex()
        typed = at.isValid() and self.state() is QAbstractItemView.State.EditingState
        words = self._rows.problem(self._rows.line(at.row())) if typed else ""
        if not words:
            self._hint.hide()
            return
        self._hint.setText(words)
        field, room = self.visualRect(at), self.viewport().rect()
        width = min(_HINT_WIDTH, room.width())
        height = self._hint.heightForWidth(width)
        below = field.bottom() + 3
        top = below if below + height <= room.bottom() else max(0, field.top() - height - 2)
        self._hint.setGeometry(min(field.left(), room.width() - width), top, width, height)
        self._hint.show()
        self._hint.raise_()


class _Cells(QStyledItemDelegate):
    """Editors whose text counts while it is typed: nothing waits for Return, and Esc takes it back."""

    def __init__(self, rows: LexiconRows, table: LexiconTable) -> None:
        super().__init__(table)
        self._rows = rows
        self._before: tuple[QPersistentModelIndex, Any] | None = None
        self.closeEditor.connect(self._end)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: the icon that stands with a word stands behind it; the cell of the keyboard has a frame."""
        shown: Any = option  # its fields are not in PySide's types
        shown.decorationPosition = QStyleOptionViewItem.Position.Right
        super().paint(painter, option, index)
        if shown.state & QStyle.StateFlag.State_HasFocus:  # where typing would go
            painter.setPen(shown.palette.color(QPalette.ColorRole.Accent))
            painter.drawRect(shown.rect.adjusted(0, 0, -1, -1))

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Qt: a field, or the two places to choose from."""
        self._before = (QPersistentModelIndex(index), index.data(Qt.ItemDataRole.EditRole))
        at = self._before[0]
        title = str(self._rows.headerData(index.column(), Qt.Orientation.Horizontal))
        if index.column() == Column.WHERE:
            chooser = Chooser(parent)
            chooser.addItems(PLACES)
            chooser.setAccessibleName(title)
            chooser.currentIndexChanged.connect(lambda place: self._rows.setData(at, place))
            chooser.activated.connect(lambda _place: self._leave(chooser))
            QTimer.singleShot(0, chooser, chooser.showPopup)
            return chooser
        field = QLineEdit(parent)
        field.setAccessibleName(title)
        field.textEdited.connect(lambda text: self._rows.setData(at, text))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Qt: what stands in the cell; the caret stays where it is while that is typed."""
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QLineEdit) and editor.text() != value:
            editor.setText(value)
        elif isinstance(editor, Chooser):
            editor.setCurrentIndex(int(value))

    def setModelData(self, _editor: QWidget, _model: object, index: Index) -> None:
        """Qt: it is there already; what can be read is shown in our spelling of it."""
        self._rows.tidy(index.row())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Qt: the list of the two places takes the focus from its field, which stays."""
        if isinstance(editor, Chooser) and event.type() is QEvent.Type.FocusOut and editor.view().isVisible():
            return False
        return super().eventFilter(editor, event)

    def _leave(self, chooser: Chooser) -> None:
        self.commitData.emit(chooser)
        self.closeEditor.emit(chooser, QAbstractItemDelegate.EndEditHint.NoHint)

    def _end(self, _editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        before, self._before = self._before, None
        if before is not None and hint is QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self._rows.setData(before[0], before[1])
