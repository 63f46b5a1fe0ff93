"""The episodes that wait for a person's ears, as a table: why each is there, how many places, how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.domain.episode import Episode
from studio.domain.findings import Severity, Verdict
from studio.ui import wording
from studio.ui.places import LEAD_S, TAIL_S
from studio.ui.theme import Theme, Tone

DECIDING_S: Final = 8.0  # for a place
STRETCH_S: Final = 60.0  # to listen to of an episode without a place
AT_ONCE: Final = 20  # rows that go one by one; more are another table
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QPersistentModelIndex()
_TITLES: Final = ("#", "Episode", "Why it is here", "Places", "To hear")
_HELP: Final = (
    "Its number in the project",
    "Its title",
    "What the checks say, or that it was drawn at random",
    "Marked places to hear; none where it is about the whole or was drawn",
    "How long it takes to hear each place once, with a little around it, and to decide",
)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row."""

    episode: Episode
    why: str
    icon: str
    tone: Tone
    seconds: float  # that a review takes

    @property
    def places(self) -> int:
        """Marked places to hear."""
        return len(self.episode.strip_faults)


def waiting(episode: Episode) -> Waiting:
    """What the row of an episode says."""
    length_s, faults = episode.duration_s or 0.0, episode.strip_faults
    seconds = sum((each.end - each.start) * length_s + LEAD_S + TAIL_S + DECIDING_S for each in faults)
    why, icon, tone = _why(episode)
    return Waiting(episode, why, icon, tone, seconds or min(length_s or STRETCH_S, STRETCH_S) + DECIDING_S)


def _why(episode: Episode) -> tuple[str, str, Tone]:
    if episode.verdict is Verdict.PASS:
        return ("Drawn at random, every check passed" if episode.drawn else "Waits for your word"), "shuffle", Tone.INFO
    bad = sum(each.severity is Severity.FAULT for each in episode.strip_faults)
    own = f" · {wording.reason(episode)}" if episode.reason else ""
    match episode.verdict:
        case Verdict.FAIL:
            what = wording.count_of(bad, "fault was heard", "faults were heard") if bad else "Wrong as a whole"
            return f"{what}{own}", "triangle-alert", Tone.BAD
        case Verdict.INCONCLUSIVE:
            return f"The checks could not decide{own}", "ear", Tone.INFO
        case _:
            return f"Something may be wrong{own}", "ear", Tone.LOOK


def minutes(seconds: float) -> str:
    """As a person would say it."""
    if seconds < 50:
        return "under a minute"
    whole = max(1, round(seconds / 60))
    return f"about {whole} min" if whole < 120 else f"about {round(whole / 60):,} hours"


class ReviewQueue(QAbstractTableModel):
    """Rows in the order in which they are to be heard."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[Waiting] = []

    def show(self, episodes: Sequence[Episode]) -> None:
        """These wait now. Rows that went are taken out; what is else different, where it is."""
        wanted = {episode.id for episode in episodes}
        gone = [row for row, each in enumerate(self.rows) if each.episode.id not in wanted]
        if len(gone) <= AT_ONCE:
            for row in reversed(gone):
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.rows[row]
                self.endRemoveRows()
        if [each.episode.id for each in self.rows] != [episode.id for episode in episodes]:
            self.beginResetModel()
            self.rows = [waiting(episode) for episode in episodes]
            self.endResetModel()
            return
        for row, episode in enumerate(episodes):
            if self.rows[row].episode is not episode:  # a changed row is another object
                self.rows[row] = waiting(episode)
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(_TITLES) - 1))

    def row_of(self, episode_id: int | None) -> int | None:
        """Where an episode is."""
        return next((row for row, each in enumerate(self.rows) if each.episode.id == episode_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: columns."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: titles, and what they mean."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(_TITLES):
            match role:
                case Qt.ItemDataRole.DisplayRole:
                    return _TITLES[section]
                case Qt.ItemDataRole.ToolTipRole:
                    return _HELP[section]
                case Qt.ItemDataRole.TextAlignmentRole:
                    return _RIGHT if section in {0, 3, 4} else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a cell says."""
        if not self.checkIndex(index, QAbstractTableModel.CheckIndexOption.IndexIsValid):
            return None
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                said = self._said(row)[column]
                return said if role == Qt.ItemDataRole.DisplayRole else f"{_TITLES[column]}: {said}"
            case Qt.ItemDataRole.ToolTipRole:
                return row.episode.title if column == 1 else row.why if column == 2 else _HELP[column]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in {0, 3, 4} else _LEFT
            case Qt.ItemDataRole.DecorationRole if column == 2:
                return self._theme.icon(row.icon, row.tone)
            case Qt.ItemDataRole.ForegroundRole if column != 1:
                return self._theme.colour("muted" if column in {0, 3, 4} else row.tone)
        return None

    def _said(self, row: Waiting) -> tuple[str, ...]:
        number = f"{row.episode.number:03d}"
        places = f"{row.places:,}" if row.places else wording.NOTHING
        return number, wording.isolated(row.episode.title), row.why, places, minutes(row.seconds)
