"""The list of scripts: which are shown, a row of two lines each, and what is chosen of them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio.domain.episode import Episode
from studio.ui import theme as look
from studio.ui.episode_model import Index, runs
from studio.ui.live import Live
from studio.ui.script_steps import Said, Step, said_aloud, said_of, step_of
from studio.ui.theme import Theme
from studio.ui.wording import isolated

HEIGHT: Final = 46
AT_ONCE: Final = 20  # rows that go one by one; more are another list
_ROOT: Final = QPersistentModelIndex()
_SELECT = QItemSelectionModel.SelectionFlag
_Cursor = QAbstractItemView.CursorAction


class ScriptRows(QAbstractTableModel):
    """The episodes that are shown, by number."""

    def __init__(self, live_of: Callable[[Episode], Live], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live_of = live_of
        self._rows: dict[int, int] = {}
        self.episodes: list[Episode] = []

    def show(self, episodes: Sequence[Episode]) -> None:
        """These are shown now. Rows that went are taken out; what is else different, where it is."""
        if len(episodes) < len(self.episodes):
            self._take_out({episode.id for episode in episodes})
        changed = [row for row, (old, new) in enumerate(zip(self.episodes, episodes, strict=False)) if old is not new]
        others = any(self.episodes[row].id != episodes[row].id for row in changed)
        if others or len(episodes) != len(self.episodes):
            self.beginResetModel()
            self.episodes = list(episodes)
            self._number()
            self.endResetModel()
            return
        self.episodes = list(episodes)
        stretches = list(runs(changed))
        for first, last in stretches if len(stretches) <= AT_ONCE else [(changed[0], changed[-1])]:
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def row_of(self, episode_id: int | None) -> int | None:
        """Where an episode is shown."""
        return None if episode_id is None else self._rows.get(episode_id)

    def said(self, row: int) -> Said:
        """What a row says."""
        episode = self.episodes[row]
        return said_of(episode, self._live_of(episode))

    def show_progress(self, ids: Sequence[int]) -> None:
        """These are further than they were."""
        for episode_id in ids:
            row = self._rows.get(episode_id)
            if row is not None:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self.episodes)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: one."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one row, in one role."""
        if not index.isValid():
            return None
        episode = self.episodes[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return isolated(episode.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                return said_aloud(episode, self.said(index.row()))
            case Qt.ItemDataRole.ToolTipRole:
                said = self.said(index.row())
                lines = [isolated(episode.title), f"{said.word}: {said.line}".rstrip(": "), step_of(episode).means]
                return "\n".join(lines)
            case _:
                return None

    def _take_out(self, wanted: Collection[int]) -> None:
        gone = [row for row, each in enumerate(self.episodes) if each.id not in wanted]
        if len(gone) <= AT_ONCE:
            for row in reversed(gone):
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.episodes[row]
                self.endRemoveRows()
            self._number()

    def _number(self) -> None:
        self._rows = {episode.id: row for row, episode in enumerate(self.episodes)}


class _TwoLines(QStyledItemDelegate):
    """Number and title, and under them an icon, its word and a line about now; a bar where it is under way."""

    def __init__(self, theme: Theme, rows: ScriptRows, live_of: Callable[[Episode], Live], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._live_of = live_of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: all of one height."""
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one row."""
        shown: Any = option  # its fields are not in PySide's types
        rect: QRect = shown.rect
        chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        theme, episode, said = self._theme, self._rows.episodes[index.row()], self._rows.said(index.row())
        if chosen or shown.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("selection" if chosen else "hover"))
        if shown.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        room = rect.adjusted(look.M, 6, -look.M, -6)
        upper = QRect(room.left(), room.top(), room.width(), 17)
        lower = QRect(room.left(), room.bottom() - 15, room.width(), 16)
        painter.setFont(look.font(look.SMALL))
        painter.setPen(theme.colour("muted"))
        number = f"{episode.number:03d}"
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, number)
        across = painter.fontMetrics().horizontalAdvance(number) + look.S
        self._line(painter, upper.adjusted(across, 0, 0, 0), isolated(episode.title), look.TEXT, "text", medium=True)
        icon = theme.pixmap(said.icon, said.tone, 13, painter.device().devicePixelRatioF())
        painter.drawPixmap(lower.left(), lower.top() + 2, icon)
        painter.setFont(look.font(look.SECONDARY, look.MEDIUM))
        painter.setPen(theme.colour(said.tone))
        word = lower.adjusted(18, 0, 0, 0)
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said.word)
        after = 18 + painter.fontMetrics().horizontalAdvance(said.word) + look.S
        self._line(painter, lower.adjusted(after, 0, 0, 0), said.line, look.SECONDARY, "muted")
        fraction = self._live_of(episode).fraction if step_of(episode) is Step.UNDER_WAY else None
        if fraction is not None:
            whole = QRect(rect.left(), rect.bottom() - 1, rect.width(), 2)
            painter.fillRect(whole, theme.colour("line"))
            painter.fillRect(whole.left(), whole.top(), round(whole.width() * fraction), 2, theme.colour("accent"))

    def _line(self, painter: QPainter, room: QRect, text: str, size: int, colour: str, *, medium: bool = False) -> None:
        painter.setFont(look.font(size, look.MEDIUM) if medium else look.font(size))
        painter.setPen(self._theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class ScriptList(QTableView):
    """Says which episode the cursor is on, and that the choice is another one. Letters are the window's keys.

    A table of one column: Qt's own list asks for every row before it shows the first.
    """

    current_changed = Signal(int)
    chosen_changed = Signal()

    def __init__(self, theme: Theme, rows: ScriptRows, live_of: Callable[[Episode], Live]) -> None:
        super().__init__()
        self._shown = rows
        self._held: tuple[int | None, list[int]] = (None, [])
        self._following = False
        self.setModel(rows)
        self.setItemDelegate(_TwoLines(theme, rows, live_of, self))
        self.setObjectName("scriptList")
        self.setAccessibleName("Scripts")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        rows.modelAboutToBeReset.connect(self._hold)
        rows.modelReset.connect(self._take_up)
        theme.changed.connect(self.viewport().update)

    def chosen(self) -> list[Episode]:
        """All that are selected, in the order shown."""
        rows = {row for first, last in self._stretches() for row in range(first, last + 1)}
        return [self._shown.episodes[row] for row in sorted(rows)]

    def current_id(self) -> int | None:
        """The episode under the cursor."""
        row = self.currentIndex().row()
        return self._shown.episodes[row].id if 0 <= row < len(self._shown.episodes) else None

    def choose(self, episode_id: int) -> bool:
        """Put the cursor on an episode, without telling; False where it is not shown."""
        row = self._shown.row_of(episode_id)
        if row is None:
            return False
        index = self._shown.index(row, 0)
        if self.currentIndex() != index or self._stretches() != [(row, row)]:
            self._following = True
            self.selectionModel().setCurrentIndex(index, _SELECT.ClearAndSelect)
            self._following = False
            self.scrollTo(index)
        return True

    def keyboardSearch(self, _search: str) -> None:
        """Qt: typing would search."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: keys with Ctrl and Return are the page's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: _Cursor, keys: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N802  (its name)
        """Qt: Home and End go through the list; in a table they would go through the row."""
        last = len(self._shown.episodes) - 1
        if action in {_Cursor.MoveHome, _Cursor.MoveEnd} and last >= 0:
            return self._shown.index(0 if action is _Cursor.MoveHome else last, 0)
        return super().moveCursor(action, keys)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Qt: the cursor moved."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._following:
            self.current_changed.emit(self._shown.episodes[current.row()].id)

    def selectionChanged(self, chosen: QItemSelection, dropped: QItemSelection) -> None:
        """Qt: other rows are selected."""
        super().selectionChanged(chosen, dropped)
        self.chosen_changed.emit()

    def _stretches(self) -> list[tuple[int, int]]:
        """First and last row of what is chosen; an index for each row would take long."""
        chosen = self.selectionModel().selection()
        return [(chosen.at(place).top(), chosen.at(place).bottom()) for place in range(chosen.count())]

    def _hold(self) -> None:
        self._held = self.current_id(), [episode.id for episode in self.chosen()]

    def _take_up(self) -> None:
        current, ids = self._held
        rows = sorted(row for each in ids if (row := self._shown.row_of(each)) is not None)
        self._following = True
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self._shown.index(first, 0), self._shown.index(last, 0))
        row = self._shown.row_of(current)
        if row is not None:
            self.selectionModel().setCurrentIndex(self._shown.index(row, 0), _SELECT.NoUpdate)
        self.selectionModel().select(selection, _SELECT.ClearAndSelect)
        self._following = False
