"""The batch as a table model: one row an episode, narrow changes, nothing read from disk."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.domain.episode import Episode, Stage, State
from studio.ui.columns import COLUMNS, Column, Look
from studio.ui.live import NOTHING_LIVE, Live
from studio.ui.permitted import Kind, kind_of
from studio.ui.queue_line import QueueLine

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_LIVE_COLUMNS = [
    index for index, column in enumerate(COLUMNS) if column.look in {Look.STAGE, Look.STRIP} or column.key == "now"
]

AT_ONCE = 20  # stretches of rows that go one by one; more are a new table
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QPersistentModelIndex()


_ROLES: Final[dict[int, Callable[[Column, Episode, Live], Any]]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, episode, live: column.said(episode, live),
    Qt.ItemDataRole.ToolTipRole: lambda column, episode, live: column.tip(episode, live),
    Qt.ItemDataRole.TextAlignmentRole: lambda column, _episode, _live: _RIGHT if column.right else _LEFT,
    Qt.ItemDataRole.AccessibleTextRole: (lambda column, episode, live: f"{column.title}: {column.said(episode, live)}"),
}


class EpisodeModel(QAbstractTableModel):
    """Episodes in the order of their numbers. Changes come from the bridge only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._episodes: list[Episode] = []
        self._rows: dict[int, int] = {}
        self._live: dict[int, tuple[Stage, Live]] = {}
        self._kinds: Counter[Kind] = Counter()
        self.line = QueueLine()

    def reset(self, episodes: Sequence[Episode]) -> None:
        """Show `episodes` instead of what was shown."""
        self.beginResetModel()
        self._episodes = list(episodes)
        self._number_rows()
        self._live = {each: known for each, known in self._live.items() if each in self._rows}
        ways = attrgetter("state", "stage")  # on which alone its kind depends; ten thousand would take 5 ms
        like = dict(zip(map(ways, self._episodes), self._episodes, strict=True))
        self._kinds = Counter()
        for way, count in Counter(map(ways, self._episodes)).items():
            self._kinds[kind_of(like[way])] += count
        self.line.reset(self._episodes)
        self.endResetModel()

    def add(self, episodes: Sequence[Episode]) -> None:
        """Take in rows, by their numbers; one that is known already is changed instead."""
        fresh = [episode for episode in episodes if episode.id not in self._rows]
        self.change([episode for episode in episodes if episode.id in self._rows])
        if not fresh:
            return
        if self._episodes and min(episode.number for episode in fresh) < self._episodes[-1].number:
            # What was removed comes back, to its place.
            self.reset(sorted([*self._episodes, *fresh], key=lambda episode: episode.number))
            return
        first = len(self._episodes)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._episodes.extend(fresh)
        for row, episode in enumerate(fresh, start=first):
            self._rows[episode.id] = row
            self.line.take(episode)
        self._kinds.update(map(kind_of, fresh))
        self.endInsertRows()

    def change(self, episodes: Iterable[Episode]) -> None:
        """Put new rows in place of old ones. An id that is not shown (of another project) is passed over."""
        rows = []
        for episode in episodes:
            row = self._rows.get(episode.id)
            if row is None:
                continue
            self._kinds[kind_of(self._episodes[row])] -= 1
            self._kinds[kind_of(episode)] += 1
            self._episodes[row] = episode
            self.line.take(episode)
            if episode.state is not State.WORKING:
                self._live.pop(episode.id, None)
            rows.append(row)
        for first, last in runs(sorted(rows)):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def remove(self, ids: Iterable[int]) -> None:
        """Take rows out."""
        gone = {each for each in ids if each in self._rows}
        stretches = list(runs(sorted(self._rows[each] for each in gone)))
        if len(stretches) > AT_ONCE:
            self.reset([episode for episode in self._episodes if episode.id not in gone])
            return
        for first, last in reversed(stretches):
            self.beginRemoveRows(QModelIndex(), first, last)
            for episode in self._episodes[first : last + 1]:
                self._live.pop(episode.id, None)
                self.line.drop(episode.id)
                self._kinds[kind_of(episode)] -= 1
            del self._episodes[first : last + 1]
            self._number_rows()
            self.endRemoveRows()

    def set_progress(self, sampled: dict[int, tuple[Stage, float]]) -> None:
        """Show how far stages are."""
        for episode_id, (stage, fraction) in sampled.items():
            episode = self.episode(episode_id)
            if episode is not None:
                doing = self.live_of(episode).doing if stage is episode.stage else ""
                self._set_live(episode, stage, Live(fraction, doing))

    def set_doings(self, doings: dict[int, str]) -> None:
        """Show what stages are at; an empty text takes the last one away."""
        for episode_id, doing in doings.items():
            episode = self.episode(episode_id)
            if episode is not None:
                self._set_live(episode, episode.stage, Live(self.live_of(episode).fraction, doing))

    def episode(self, episode_id: int) -> Episode | None:
        """The row of that id."""
        row = self._rows.get(episode_id)
        return None if row is None else self._episodes[row]

    def episode_at(self, row: int) -> Episode:
        """The episode in `row`."""
        return self._episodes[row]

    def row_of(self, episode_id: int) -> int | None:
        """Where an id is shown."""
        return self._rows.get(episode_id)

    def live_of(self, episode: Episode) -> Live:
        """What is known of the stage that `episode` is in, or of its place in the queue."""
        if episode.state is State.QUEUED:
            return Live(place=self.line.place(episode.id), of=len(self.line))
        stage, live = self._live.get(episode.id, (None, NOTHING_LIVE))
        return live if stage is episode.stage else NOTHING_LIVE

    def count(self, *states: State) -> int:
        """How many episodes are in one of `states`."""
        return sum(self._kinds[state, of_a_script] for state in states for of_a_script in (False, True))

    @property
    def scripts(self) -> int:
        """How many scripts wait for a person's approval."""
        return self._kinds[State.NEEDS_YOU, True]

    def __iter__(self) -> Iterator[Episode]:
        return iter(self._episodes)

    def __len__(self) -> int:
        return len(self._episodes)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self._episodes)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def say(self, episode: Episode, column: int, role: int) -> Any:
        """What `episode` says in a column, in one of Qt's roles; None in those that it does not know."""
        said = _ROLES.get(role)
        return None if said is None else said(COLUMNS[column], episode, self.live_of(episode))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell, in one role."""
        return self.say(self._episodes[index.row()], index.column(), role) if index.isValid() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a column's title, help or alignment."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.help
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column.right else _LEFT
            case _:
                return None

    def _set_live(self, episode: Episode, stage: Stage, live: Live) -> None:
        if episode.state is not State.WORKING:
            return
        self._live[episode.id] = (stage, live)
        for column in _LIVE_COLUMNS:
            index = self.index(self._rows[episode.id], column)
            self.dataChanged.emit(index, index)

    def _number_rows(self) -> None:
        self._rows = {episode.id: row for row, episode in enumerate(self._episodes)}


def runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of neighbouring rows, so that a burst of changes is a few signals."""
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] > rows[place - 1] + 1:
            yield rows[start], rows[place - 1]
            start = place
