"""What a drop will become, as rows: first what makes no episode, then the episodes, in the order they were found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.domain.money import bound_usd
from studio.engine.drafts import Refusal
from studio.engine.quote import Estimate
from studio.engine.reception import Candidate, Looked
from studio.ui import theme as look
from studio.ui.episode_model import Index
from studio.ui.theme import Theme, Tone
from studio.ui.wording import NOTHING, isolated, length, money, voice_name

_ROOT: Final = QPersistentModelIndex()


class Column(IntEnum):
    """What a row says."""

    TITLE = 0
    BECOMES = 1
    CHARACTERS = 2
    LENGTH = 3
    COST = 4


HEADERS: Final = {
    Column.TITLE: ("Title", "What the episode will be called"),
    Column.BECOMES: ("Becomes", "A new episode, or why not"),
    Column.CHARACTERS: ("Characters", "Of the text that will be spoken, before numbers are written out"),
    Column.LENGTH: ("Length", "About how long it will be"),
    Column.COST: ("Cost", "About what its speech will cost; Start shows the exact price before anything is bought"),
}
_FIGURES: Final = frozenset({Column.CHARACTERS, Column.LENGTH, Column.COST})


@dataclass(slots=True)
class _Row:
    looked: Looked
    length_s: float | None = None
    cost_micro: int | None = None
    characters: int | None = None


class DropModel(QAbstractTableModel):
    """Rows of `Looked`; figures arrive with an estimate."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[_Row] = []
        self._troubled = 0  # rows at the top that make no episode

    @property
    def new(self) -> list[Candidate]:
        """What would become an episode, in order."""
        return [row.looked for row in self._rows[self._troubled :] if isinstance(row.looked, Candidate)]

    @property
    def refused(self) -> list[Refusal]:
        """What cannot be used."""
        return [row.looked for row in self._rows[: self._troubled] if isinstance(row.looked, Refusal)]

    @property
    def twice(self) -> list[Candidate]:
        """What is here already."""
        return [row.looked for row in self._rows[: self._troubled] if isinstance(row.looked, Candidate)]

    def add(self, looked: Sequence[Looked]) -> None:
        """Show some more."""
        troubled = [_Row(each) for each in looked if not _is_new(each)]
        fresh = [_Row(each) for each in looked if _is_new(each)]
        for place, rows in ((self._troubled, troubled), (len(self._rows) + len(troubled), fresh)):
            if rows:
                self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
                self._rows[place:place] = rows
                self._troubled += len(rows) if rows is troubled else 0
                self.endInsertRows()

    def leave_out(self, rows: Sequence[int]) -> None:
        """Take rows off the drop."""
        for row in sorted(set(rows), reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self._troubled -= row < self._troubled
            self.endRemoveRows()

    def show_estimate(self, estimate: Estimate) -> None:
        """The figures of the first new ones, as many as were estimated."""
        rows = self._rows[self._troubled :]
        figures = zip(estimate.lengths_s, estimate.costs_micro, estimate.characters, strict=True)
        for row, (length_s, cost_micro, characters) in zip(rows, figures, strict=False):
            row.length_s, row.cost_micro, row.characters = length_s, cost_micro, characters
        if rows:
            last = len(self._rows) - 1
            self.dataChanged.emit(self.index(self._troubled, Column.CHARACTERS), self.index(last, Column.COST))

    def forget_figures(self) -> None:
        """They cannot be had for what was chosen."""
        for row in self._rows:
            row.length_s = row.cost_micro = row.characters = None
        if self._rows:
            self.dataChanged.emit(self.index(0, Column.CHARACTERS), self.index(len(self._rows) - 1, Column.COST))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: what a column is called, and what it means."""
        if orientation is not Qt.Orientation.Horizontal or section not in HEADERS:
            return None
        name, meaning = HEADERS[Column(section)]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name
            case Qt.ItemDataRole.ToolTipRole:
                return meaning
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(Column(section))
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row.looked)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{HEADERS[column][0]}: {self._text(row, column)}"
            case _:
                return self._look(row, column, role)

    def _look(self, row: _Row, column: Column, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.DecorationRole if column is Column.BECOMES:
                name, tone = _icon(row.looked)
                return self._theme.icon(name, tone)
            case Qt.ItemDataRole.ForegroundRole if column is not Column.TITLE:
                return self._theme.colour(Tone.NEUTRAL)
            case Qt.ItemDataRole.FontRole if column is Column.TITLE:
                return look.font(look.TEXT, look.MEDIUM)
            case _:
                return None

    def _text(self, row: _Row, column: Column) -> str:
        looked = row.looked
        match column:
            case Column.TITLE:
                return title_of(looked)
            case Column.BECOMES:
                return becomes(looked)
            case _ if isinstance(looked, Refusal):
                return ""
            case Column.CHARACTERS:
                return f"{row.characters or looked.size.characters:,}"
            case Column.LENGTH if looked.is_new:
                return NOTHING if row.length_s is None else f"~{length(row.length_s)}"
            case Column.COST if looked.is_new:
                return about(row.cost_micro, most=looked.draft.script.unwritten)
            case _:
                return ""


def about(cost_micro: int | None, *, most: bool = False) -> str:
    """An estimated price; with `most` an upper bound."""
    if cost_micro is None:
        return NOTHING
    if not cost_micro:
        return "free"
    if most:
        return f"≤ ${bound_usd(cost_micro):,.2f}"
    words = money(cost_micro)
    return words if words.startswith("<") else f"~{words}"


def title_of(looked: Looked) -> str:
    """What it will be called; of what is refused, the file or the address without its folders."""
    if isinstance(looked, Refusal):
        return looked.source.rstrip("/").rsplit("/", 1)[-1] or looked.source
    return looked.draft.script.title


def becomes(looked: Looked) -> str:
    """What it becomes, or in one sentence why not."""
    if isinstance(looked, Refusal):
        return looked.message
    if looked.number is not None:
        return f"Already here as {looked.number:03d}"
    if looked.twin:
        return f"The same text as {isolated(looked.twin)} in this drop"
    own = voice_of(looked)
    new = "New episode, to be written" if looked.draft.script.unwritten else "New episode"
    return f"{new}, {own}" if own else new


def voice_of(candidate: Candidate) -> str:
    """The voice that a row of a table names for itself; empty where it has none of its own."""
    values = json.loads(candidate.draft.values) if candidate.draft.values else {}
    return voice_name(values["voice"]) if "voice" in values else ""


def _is_new(looked: Looked) -> bool:
    return isinstance(looked, Candidate) and looked.is_new


def _icon(looked: Looked) -> tuple[str, Tone]:
    if isinstance(looked, Refusal):
        return "triangle-alert", Tone.LOOK
    return ("plus", Tone.GOOD) if looked.is_new else ("check", Tone.NEUTRAL)


def _tip(looked: Looked) -> str:
    if isinstance(looked, Refusal):
        return f"{looked.message}\n{looked.remedy}\n{looked.source}"
    script = looked.draft.script
    lines = [script.title, becomes(looked), script.source]
    if looked.draft.note:
        lines.append(looked.draft.note)
    if script.skipped:
        kinds = sorted({each.why for each in script.skipped})
        lines.append(f"Not spoken: {', '.join(kinds)}")
    return "\n".join(lines)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in _FIGURES else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
