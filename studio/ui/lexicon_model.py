"""The pronunciations as rows: those of the open show and those of every show, as they are being edited."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio.domain.errors import SettingError
from studio.domain.pronunciations import Entry, entry
from studio.domain.respelling import respelled
from studio.engine.lexicon import Changes
from studio.ui.theme import Theme, Tone
from studio.ui.wording import isolated

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QPersistentModelIndex()
PLACES: Final = ("This show", "Every show")


class Column(IntEnum):
    """From left to right."""

    WRITTEN = 0
    SPOKEN = 1
    PHONEMES = 2
    WHERE = 3


_HEADS: Final = {
    Column.WRITTEN: ("Written", "The word, or several, as a script has it; in small letters it is found in any case"),
    Column.SPOKEN: ("Spoken as", "In letters that are read right: High-las. Where it is empty, it is made of the IPA"),
    Column.PHONEMES: ("IPA", "The sounds, for voices that understand them: ˈɡɜːtə"),  # noqa: RUF001  (these are they)
    Column.WHERE: ("Where", "In the open show alone, or in every show that says nothing else of the word"),
}


@dataclass(eq=False, slots=True)
class Line:
    """One entry as it is typed; `kept` is what is stored of it, and whether that is for every show."""

    written: str = ""
    spoken: str = ""
    phonemes: str = ""
    everywhere: bool = False
    kept: tuple[bool, Entry] | None = None

    @property
    def listed(self) -> str:
        """What is spoken as a list has it, whoever typed slashes or brackets around the sounds."""
        sounds = self.phonemes.strip(" /[]")
        return " ".join(filter(None, (self.spoken.strip(), f"/{sounds}/" if sounds else "")))

    @property
    def key(self) -> tuple[bool, str]:
        """A word is listed once in a place."""
        return self.everywhere, " ".join(self.written.split())

    def read(self) -> Entry:
        """What it says. Raises `SettingError`."""
        if not any(map(str.isalnum, self.written)):
            raise SettingError("Say which word this is about.", "It has a letter or a figure in it.")
        if not self.listed:
            how = "Give letters (High-las), its sounds in IPA, or both."
            raise SettingError(f"Say how “{isolated(self.written.strip())}” is spoken.", how)
        return entry(self.written, self.listed)


def lines_of(show: Iterable[Entry], everywhere: Iterable[Entry]) -> list[Line]:
    """Everything that is stored, by what is written."""
    lines = [_line(each, everywhere=False) for each in show] + [_line(each, everywhere=True) for each in everywhere]
    return sorted(lines, key=lambda line: (line.written.casefold(), line.written, line.everywhere))


def _line(each: Entry, *, everywhere: bool) -> Line:
    return Line(each.written, each.spoken, each.phonemes, everywhere, (everywhere, each))


class LexiconRows(QAbstractTableModel):
    """Holds what is edited beside what is stored, and tells the difference. Nothing is stored from here."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[Line] = []
        self._shown: list[Line] = []
        self._wanted: list[str] = []
        self._keys: Counter[tuple[bool, str]] = Counter()
        self._read: dict[
            Line, Entry | str
        ] = {}  # of those that are not as they are stored: an entry, or why it is none
        self._gone: set[tuple[bool, str]] = set()  # stored, and removed here
        theme.changed.connect(self._draw)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def is_changed(self) -> bool:
        """Whether anything is not as it is stored."""
        return bool(self._read or self._gone)

    @property
    def wrong(self) -> list[Line]:
        """The lines that cannot be kept as they are."""
        return [line for line in self._read if self.problem(line)]

    def line(self, row: int) -> Line:
        """What a row shows."""
        return self._shown[row]

    def row_of(self, line: Line) -> int:
        """Where a line is shown; -1 where it is not."""
        return self._shown.index(line) if line in self._shown else -1

    def problem(self, line: Line) -> str:
        """Why a line cannot be kept, and what helps; empty where it can."""
        read = self._read.get(line)
        if isinstance(read, str):
            return read
        if read is not None and self._keys[line.key] > 1:
            place = PLACES[line.everywhere].lower()
            return f"“{isolated(read.written)}” is listed twice for {place}. Keep one of them."
        return ""

    def changes(self) -> tuple[Changes, Changes]:
        """What is to be stored for the open show, and for every show. Nothing may be wrong."""
        entries: tuple[dict[str, Entry], dict[str, Entry]] = ({}, {})
        gone = set(self._gone)
        for line, read in self._read.items():
            if isinstance(read, Entry):
                entries[line.everywhere][read.written] = read
                if line.kept is not None:
                    gone.add((line.kept[0], line.kept[1].written))
        gone = {key for key in gone if not self._keys[key]}
        show, everywhere = (
            Changes(tuple(entries[place].values()), tuple(sorted(word for where, word in gone if where is place)))
            for place in (False, True)
        )
        return show, everywhere

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show what is stored."""
        self.beginResetModel()
        self._lines = list(lines)
        self._keys = Counter(line.key for line in lines)
        self._read.clear()
        self._gone.clear()
        self._shown = self._found()
        self.endResetModel()
        self.changed.emit()

    def narrow(self, text: str) -> None:
        """Show only what has all of these words in it."""
        self.beginResetModel()
        self._wanted = text.casefold().split()
        self._shown = self._found()
        self.endResetModel()

    def add(self) -> int:
        """One more line, to be filled in; returns its row."""
        line = Line()
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._lines.insert(0, line)
        self._shown.insert(0, line)
        self._keys[line.key] += 1
        self._note(line)
        self.endInsertRows()
        self.changed.emit()
        return 0

    def remove(self, rows: Iterable[int]) -> None:
        """Take lines out."""
        for row in sorted(rows, reverse=True):
            line = self._shown[row]
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._shown[row]
            self._lines.remove(line)
            self._keys[line.key] -= 1
            self._read.pop(line, None)
            if line.kept is not None:
                self._gone.add((line.kept[0], line.kept[1].written))
            self.endRemoveRows()
        self.changed.emit()

    def take(self, entries: Iterable[Entry], *, everywhere: bool) -> tuple[int, int]:
        """Entries of a file, in place of those of the same words; returns how many are new, and how many others."""
        known: Mapping[tuple[bool, str], Line] = {line.key: line for line in self._lines}
        new: list[Line] = []
        other = 0
        self.beginResetModel()
        for each in entries:
            line = known.get((everywhere, each.written))
            if line is None:
                line = Line(each.written, everywhere=everywhere)
                self._keys[line.key] += 1
                new.append(line)
            elif (line.spoken, line.phonemes) != (each.spoken, each.phonemes):
                other += 1
            line.spoken, line.phonemes = each.spoken, each.phonemes
            self._note(line)
        self._lines[:0] = new
        self._shown = self._found()
        self.endResetModel()
        self.changed.emit()
        return len(new), other

    def tidy(self, row: int) -> None:
        """Show what was typed in our own spelling of it; sounds that stand in the other column come into theirs."""
        line = self._shown[row]
        read = self._read.get(line)
        if isinstance(read, Entry):
            line.spoken, line.phonemes = read.spoken, read.phonemes
            self._keys[line.key] -= 1
            line.written = read.written
            self._keys[line.key] += 1
            self._tell(row)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many columns."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: every cell is edited where it stands."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one cell, in one role."""
        if not index.isValid():
            return None
        line, column = self._shown[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.EditRole:
                return line.everywhere if column is Column.WHERE else _field(line, column)
            case Qt.ItemDataRole.DisplayRole:
                return _said(line, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self.problem(line) or (MADE if _is_made(line, column) else _said(line, column))
            case Qt.ItemDataRole.AccessibleTextRole:
                about = ". ".join(filter(None, (self._standing(line), self.problem(line))))
                return f"{_HEADS[column][0]}: {_said(line, column)}" + (f". {about}" if about else "")
            case Qt.ItemDataRole.DecorationRole if column is Column.WRITTEN and line in self._read:
                wrong = bool(self.problem(line))
                return self._theme.icon("triangle-alert" if wrong else "pencil", Tone.BAD if wrong else Tone.ACCENT)
            case Qt.ItemDataRole.ForegroundRole if _is_made(line, column) or column is Column.WHERE:
                return self._theme.colour(Tone.NEUTRAL)
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt: what is typed into a cell."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        line = self._shown[index.row()]
        self._keys[line.key] -= 1
        match index.column():
            case Column.WRITTEN:
                line.written = str(value)
            case Column.SPOKEN:
                line.spoken = str(value)
            case Column.PHONEMES:
                line.phonemes = str(value)
            case _:
                line.everywhere = bool(value)
        self._keys[line.key] += 1
        self._note(line)
        self._tell(index.row())
        self.changed.emit()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: a column's title and help."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        title, help_ = _HEADS[Column(section)]
        said = {
            Qt.ItemDataRole.DisplayRole: title,
            Qt.ItemDataRole.ToolTipRole: help_,
            Qt.ItemDataRole.TextAlignmentRole: int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        }
        return said.get(Qt.ItemDataRole(role))

    def _note(self, line: Line) -> None:
        """Remember whether a line is as it is stored, and else what it says."""
        try:
            read: Entry | str = line.read()
        except SettingError as error:
            read = str(error)
        if line.kept == (line.everywhere, read):
            self._read.pop(line, None)
        else:
            self._read[line] = read

    def _standing(self, line: Line) -> str:
        return "" if line not in self._read else "New" if line.kept is None else "Changed"

    def _found(self) -> list[Line]:
        if not self._wanted:
            return list(self._lines)
        return [line for line in self._lines if all(word in _words(line) for word in self._wanted)]

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _draw(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(Column) - 1))


MADE: Final = "Made of the IPA, for voices that do not understand it"


def _words(line: Line) -> str:
    return f"{line.written} {line.spoken} {line.phonemes} {PLACES[line.everywhere]}".casefold()


def _field(line: Line, column: Column) -> str:
    return {Column.WRITTEN: line.written, Column.SPOKEN: line.spoken}.get(column, line.phonemes)


def _is_made(line: Line, column: Column) -> bool:
    return column is Column.SPOKEN and not line.spoken and bool(line.phonemes)


def _said(line: Line, column: Column) -> str:
    if column is Column.WHERE:
        return PLACES[line.everywhere]
    return respelled(line.phonemes.strip(" /[]")) if _is_made(line, column) else _field(line, column)
