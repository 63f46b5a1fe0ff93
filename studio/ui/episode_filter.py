"""Which episodes of the batch are shown: by group of states, and by text."""

from enum import Enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from studio.domain.episode import Episode, State
from studio.ui.episode_model import SORT_ROLE, EpisodeModel

_ROWS = QSortFilterProxyModel.Direction.Rows


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


class EpisodeFilter(QSortFilterProxyModel):
    """The rows in one group whose title, source or reason holds every word that was typed."""

    def __init__(self, model: EpisodeModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._group = Group.ALL
        self._words: list[str] = []
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

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
        self.beginFilterChange()
        self._group = group
        self.endFilterChange(_ROWS)

    def show_text(self, text: str) -> None:
        """Show what holds every word of `text`; upper and lower case are the same."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(_ROWS)

    def episode_at(self, index: QModelIndex | QPersistentModelIndex) -> Episode:
        """The episode that a shown index belongs to."""
        return self._model.episode_at(self.mapToSource(index).row())

    def index_of(self, episode_id: int, column: int = 0) -> QModelIndex:
        """Where an id is shown; an invalid index where it is not."""
        row = self._model.row_of(episode_id)
        return QModelIndex() if row is None else self.mapFromSource(self._model.index(row, column))

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Qt: whether a row of the source is shown."""
        episode = self._model.episode_at(row)
        if episode.state not in self._group.states:
            return False
        if not self._words:
            return True
        text = f"{episode.number:03d} {episode.title} {episode.source} {episode.reason}".casefold()
        return all(word in text for word in self._words)
