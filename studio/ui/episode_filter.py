"""Which episodes of the batch are shown, by group of states and by text, and in which order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.domain.episode import Episode, State
from studio.ui.columns import COLUMNS
from studio.ui.episode_model import AT_ONCE, EpisodeModel, Index, runs
from studio.ui.row_order import Place, RowOrder
from studio.ui.search import Search
from studio.ui.word_index import WordIndex

_ROOT: Final = QPersistentModelIndex()


class Group(Enum):
    """States that a person looks for together, with the words on the chip."""

    ALL = ("All", frozenset(State))
    NEEDS_YOU = ("Needs you", frozenset({State.NEEDS_YOU}))
    SCRIPTS = ("Scripts", frozenset({State.NEEDS_YOU}))
    WAITING = ("Waiting", frozenset({State.QUEUED}))
    WORKING = ("Working", frozenset({State.WORKING}))
    DONE = ("Done", frozenset({State.DONE}))
    FAILED = ("Failed", frozenset({State.FAILED}))
    ASIDE = ("Put aside", frozenset({State.REJECTED, State.CANCELLED}))

    def __init__(self, words: str, states: frozenset[State]) -> None:
        self.words = words
        self.states = states

    def holds(self, episode: Episode) -> bool:
        """Whether an episode belongs to it: one whose script waits for a person does not need ears."""
        if episode.state is State.NEEDS_YOU and self is not Group.ALL:
            return self is (Group.SCRIPTS if episode.awaits_approval else Group.NEEDS_YOU)
        return episode.state in self.states and self is not Group.SCRIPTS

    def count(self, model: EpisodeModel) -> int:
        """How many of the batch belong to it."""
        if self is Group.SCRIPTS:
            return model.scripts
        without = model.scripts if self is Group.NEEDS_YOU else 0
        return len(model) if self is Group.ALL else model.count(*self.states) - without


class EpisodeFilter(QAbstractTableModel):
    """The rows in one group that have everything that was typed (`search`), sorted by one column.

    Qt's own proxy asks Python twice for every comparison and several times for every cell. This one keeps the shown
    episodes in their order (`row_order`): a cell is one look into a list.
    """

    def __init__(self, model: EpisodeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._group = Group.ALL
        self._text = ""
        self._search = Search()
        self._words = WordIndex(model, self)
        self._order = RowOrder()
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._begin)
        model.rowsInserted.connect(self._take_inserted)
        model.rowsAboutToBeRemoved.connect(self._take_leaving)
        model.dataChanged.connect(self._take_changed)
        self.show_view(self._group, self._text)

    @property
    def group(self) -> Group:
        """The group that is shown."""
        return self._group

    @property
    def narrowed(self) -> bool:
        """Whether anything is held back."""
        return self._group is not Group.ALL or not self._search.empty

    @property
    def text(self) -> str:
        """What was typed."""
        return self._text

    @property
    def source(self) -> EpisodeModel:
        """The whole batch."""
        return self._model

    def show_group(self, group: Group) -> None:
        """Show one group of states."""
        if group is not self._group:
            self.beginResetModel()
            self._group = group
            self._end_reset()

    def show_text(self, text: str) -> None:
        """Show what has everything that `text` asks for; upper and lower case are the same."""
        if text != self._text:
            self.beginResetModel()
            self._text, self._search = text, Search(text)
            self._end_reset()

    def show_view(self, group: Group, text: str) -> None:
        """Show a group and a text in one go."""
        self.beginResetModel()
        self._group, self._text, self._search = group, text, Search(text)
        self._end_reset()

    def at(self, row: int) -> Episode:
        """The episode in a shown row."""
        return self._order[row]

    def episode_at(self, index: Index) -> Episode:
        """The episode that a shown index belongs to."""
        return self.at(index.row())

    def index_of(self, episode_id: int, column: int = 0) -> QModelIndex:
        """Where an id is shown; an invalid index where it is not."""
        episode = self._model.episode(episode_id)
        row = None if episode is None else self._order.row(self._order.place(episode))
        return QModelIndex() if row is None else self.index(row, column)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell, in one role."""
        return self._model.say(self.at(index.row()), index.column(), role) if index.isValid() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a column's title, help or alignment."""
        return self._model.headerData(section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: what waits can be dragged to another place in the queue."""
        known = super().flags(index)
        waits = index.isValid() and self.at(index.row()).state is State.QUEUED
        return known | Qt.ItemFlag.ItemIsDragEnabled if waits else known

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: by a column, equal ones by their numbers; by number alone where `column` is none."""
        key = COLUMNS[column].sort if 0 <= column < len(COLUMNS) else None
        with self._moving():
            self._order.sort_by(key, descending=order is Qt.SortOrder.DescendingOrder)

    def _accepts(self, episode: Episode) -> bool:
        if not self._group.holds(episode):
            return False
        return self._search.empty or self._search.accepts(episode, self._words.of(episode))

    def _begin(self) -> None:
        self._order.forget()
        self._words.begin()
        self._end_reset()

    def _end_reset(self) -> None:
        of_group = self._model if self._group is Group.ALL else filter(self._group.holds, self._model)
        self._order.line_up(self._search.among(of_group, self._words.of))
        self.endResetModel()

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """While rows change places: what is chosen goes with them."""
        self.layoutAboutToBeChanged.emit()
        held = [(index, self.at(index.row()).id) for index in self.persistentIndexList()]
        yield
        now = [self.index_of(episode_id, index.column()) for index, episode_id in held]
        self.changePersistentIndexList([index for index, _ in held], now)
        self.layoutChanged.emit()

    def _take_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._enter([self._model.episode_at(row) for row in range(first, last + 1)])

    def _take_leaving(self, _parent: QModelIndex, first: int, last: int) -> None:
        gone = [self._model.episode_at(row) for row in range(first, last + 1)]
        self._leave([row for each in gone if (row := self._order.row(self._order.last_place(each))) is not None])

    def _take_changed(self, top_left: QModelIndex, bottom_right: QModelIndex) -> None:
        changed: list[int] = []
        entering: list[Episode] = []
        leaving: list[int] = []
        moving: list[tuple[Place, Episode]] = []
        for source in range(top_left.row(), bottom_right.row() + 1):
            episode = self._model.episode_at(source)
            self._words.forget(episode.id)
            old = self._order.last_place(episode)
            row = self._order.row(old)
            if not self._accepts(episode):
                if row is not None:
                    leaving.append(row)
            elif row is None:
                entering.append(episode)
            elif self._order.replace(row, episode):
                changed.append(row)
            else:
                moving.append((old, episode))
        for low, high in runs(sorted(changed)):
            self.dataChanged.emit(self.index(low, top_left.column()), self.index(high, bottom_right.column()))
        self._leave(leaving)
        self._move(moving)
        self._enter(entering)

    def _leave(self, rows: Sequence[int]) -> None:
        stretches = list(runs(sorted(rows)))
        if len(stretches) > AT_ONCE:
            self.beginResetModel()
            self._order.drop_all(rows)
            self.endResetModel()
            return
        for first, last in reversed(stretches):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._order.drop(first, last)
            self.endRemoveRows()

    def _move(self, moving: Sequence[tuple[Place, Episode]]) -> None:
        """Rows that are sorted elsewhere now, each with the place that it had."""
        if not moving:
            return
        with self._moving():
            for old, _ in moving:
                row = self._order.row(old)
                if row is not None:
                    self._order.drop(row, row)
            for _, episode in moving:
                self._order.put([episode])

    def _enter(self, episodes: Sequence[Episode]) -> None:
        accepted = [episode for episode in episodes if self._accepts(episode)]
        if not accepted:
            return
        row = self._order.gap(accepted)
        if row is not None:
            self.beginInsertRows(QModelIndex(), row, row + len(accepted) - 1)
            self._order.put(accepted)
            self.endInsertRows()
        elif len(accepted) <= AT_ONCE:
            for episode in accepted:
                self._enter([episode])
        else:
            self.beginResetModel()
            self._order.line_up([*self._order, *accepted])
            self.endResetModel()
