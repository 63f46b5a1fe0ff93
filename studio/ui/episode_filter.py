"""Which episodes of the batch are shown, by group of states and by text, and in which order."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.domain.episode import Episode, State
from studio.ui.columns import COLUMNS, SortKey
from studio.ui.episode_model import AT_ONCE, EpisodeModel, Index, runs
from studio.ui.live import Live

_ROOT: Final = QPersistentModelIndex()


class Group(Enum):
    """States that a person looks for together, with the words on the chip."""

    ALL = ("All", frozenset(State))
    NEEDS_YOU = ("Needs you", frozenset({State.NEEDS_YOU}))
    WAITING = ("Waiting", frozenset({State.QUEUED}))
    WORKING = ("Working", frozenset({State.WORKING}))
    DONE = ("Done", frozenset({State.DONE}))
    FAILED = ("Failed", frozenset({State.FAILED}))
    ASIDE = ("Put aside", frozenset({State.REJECTED, State.CANCELLED}))

    def __init__(self, words: str, states: frozenset[State]) -> None:
        self.words = words
        self.states = states


class EpisodeFilter(QAbstractTableModel):
    """The rows in one group whose title, source or reason holds every word that was typed, sorted by one column.

    Qt's own proxy asks Python twice for every comparison and several times for every cell. This one keeps the shown
    episodes in a list, so that sorting is one call of `sorted` and a cell one look into the list.
    """

    def __init__(self, model: EpisodeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._group = Group.ALL
        self._words: list[str] = []
        self._key: SortKey | None = None
        self._descending = False
        self._shown: list[Episode] = []
        self._rows: dict[int, int] = {}
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._end_reset)
        model.rowsInserted.connect(self._take_inserted)
        model.rowsAboutToBeRemoved.connect(self._take_leaving)
        model.dataChanged.connect(self._take_changed)
        self._fill()

    @property
    def group(self) -> Group:
        """The group that is shown."""
        return self._group

    @property
    def narrowed(self) -> bool:
        """Whether anything is held back."""
        return self._group is not Group.ALL or bool(self._words)

    def show_group(self, group: Group) -> None:
        """Show one group of states."""
        if group is not self._group:
            self.beginResetModel()
            self._group = group
            self._end_reset()

    def show_text(self, text: str) -> None:
        """Show what holds every word of `text`; upper and lower case are the same."""
        words = text.casefold().split()
        if words != self._words:
            self.beginResetModel()
            self._words = words
            self._end_reset()

    def at(self, row: int) -> Episode:
        """The episode in a shown row."""
        return self._shown[row]

    def episode_at(self, index: Index) -> Episode:
        """The episode that a shown index belongs to."""
        return self._shown[index.row()]

    def live_of(self, episode: Episode) -> Live:
        """What is known of the stage that `episode` is in."""
        return self._model.live_of(episode)

    def index_of(self, episode_id: int, column: int = 0) -> QModelIndex:
        """Where an id is shown; an invalid index where it is not."""
        row = self._rows.get(episode_id)
        return QModelIndex() if row is None else self.index(row, column)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell, in one role."""
        return self._model.say(self._shown[index.row()], index.column(), role) if index.isValid() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a column's title, help or alignment."""
        return self._model.headerData(section, orientation, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: by a column, equal ones by their numbers; by number alone where `column` is none."""
        self._key = COLUMNS[column].sort if 0 <= column < len(COLUMNS) else None
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._resort()

    def _accepts(self, episode: Episode) -> bool:
        if episode.state not in self._group.states:
            return False
        if not self._words:
            return True
        text = f"{episode.number:03d} {episode.title} {episode.source} {episode.reason}".casefold()
        return all(word in text for word in self._words)

    def _order(self) -> None:
        self._shown.sort(key=lambda episode: episode.number)
        if self._key is not None:
            self._shown.sort(key=self._key, reverse=self._descending)
        self._rows = {episode.id: row for row, episode in enumerate(self._shown)}

    def _number(self) -> None:
        self._rows = {episode.id: row for row, episode in enumerate(self._shown)}

    def _fill(self) -> None:
        self._shown = [episode for episode in self._model if self._accepts(episode)]
        self._order()

    def _end_reset(self) -> None:
        self._fill()
        self.endResetModel()

    def _resort(self) -> None:
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._shown[index.row()].id) for index in self.persistentIndexList()]
        self._order()
        self.changePersistentIndexList(
            [index for index, _ in held],
            [self.index(self._rows[episode_id], index.column()) for index, episode_id in held],
        )
        self.layoutChanged.emit()

    def _take_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._enter([self._model.episode_at(row) for row in range(first, last + 1)])

    def _take_leaving(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._leave([self._model.episode_at(row).id for row in range(first, last + 1)])

    def _take_changed(self, top_left: QModelIndex, bottom_right: QModelIndex) -> None:
        changed: list[int] = []
        entering: list[Episode] = []
        leaving: list[int] = []
        moved = False
        for source in range(top_left.row(), bottom_right.row() + 1):
            episode = self._model.episode_at(source)
            row = self._rows.get(episode.id)
            if row is None:
                if self._accepts(episode):
                    entering.append(episode)
                continue
            if not self._accepts(episode):
                leaving.append(episode.id)
                continue
            moved = moved or (self._key is not None and self._key(self._shown[row]) != self._key(episode))
            self._shown[row] = episode
            changed.append(row)
        for low, high in runs(sorted(changed)):
            self.dataChanged.emit(self.index(low, top_left.column()), self.index(high, bottom_right.column()))
        if leaving:
            self._leave(leaving)
        if entering:
            self._enter(entering)
        elif moved:
            self._resort()

    def _leave(self, ids: Sequence[int]) -> None:
        stretches = list(runs(sorted(self._rows[gone] for gone in ids if gone in self._rows)))
        if len(stretches) > AT_ONCE:
            kept = set(self._rows) - set(ids)
            self.beginResetModel()
            self._shown = [episode for episode in self._shown if episode.id in kept]
            self._number()
            self.endResetModel()
            return
        for low, high in reversed(stretches):
            self.beginRemoveRows(QModelIndex(), low, high)
            del self._shown[low : high + 1]
            self._number()
            self.endRemoveRows()

    def _enter(self, episodes: Sequence[Episode]) -> None:
        accepted = [episode for episode in episodes if self._accepts(episode)]
        if not accepted:
            return
        # At the end, where new episodes belong anyway; what belongs elsewhere is then moved there.
        last = self._shown[-1] if self._shown else None
        self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown) + len(accepted) - 1)
        self._shown.extend(accepted)
        self._number()
        self.endInsertRows()
        if self._key is not None or (last is not None and last.number > accepted[0].number):
            self._resort()
