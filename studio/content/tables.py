"""A table of episodes, CSV or tab-separated: every row with a script becomes a draft, with settings of its own."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from studio.content.columns import NAMES, Meaning, meant, value_of
from studio.content.titles import short_title
from studio.domain.errors import BatchcastError, InputError
from studio.domain.script import Script
from studio.domain.settings import Settings, Value
from studio.engine.drafts import Draft, Refusal

SUFFIXES: Final = (".csv", ".tsv", ".tab")
LARGEST: Final = 50_000_000
"""Characters of one table: thousands of hours. More is something else."""

_DELIMITERS: Final = (",", "\t", ";", "|")
_SEP_LINE: Final = re.compile(r"sep=(.)\n", re.IGNORECASE)  # what some spreadsheets write above everything
_FIRST: Final = 20_000  # characters in which the first row ends
_COLUMNS: Final = "Name the columns in its first row: title, script; voice, model, brand and priority may follow."
_PUT_SCRIPT: Final = "Put a script into its row, or drop the script as a file of its own."


ReadText: TypeAlias = Callable[[str, str], Script]
"""`ScriptIntake.read_text`."""


@dataclass(frozen=True, slots=True)
class _Header:
    """What each column of a table means, None where nobody knows, and what divides them."""

    delimiter: str
    names: tuple[str, ...]
    meanings: tuple[Meaning | None, ...]

    @property
    def is_sure(self) -> bool:
        """Whether text that does not call itself a table begins with this: two names and nothing else."""
        return None not in self.meanings and len(self.meanings) > 1 and bool({*self.meanings} & NAMES)


class Reader:
    """Reads the rows of one table.

    Args:
        read_text: Makes a script of a cell. Raises `InputError`.
        name: What the table is called in sentences.
        source: Where it is from; the number of the row is added to it.
        folder: What the paths of brand files are relative to; None where there is no such place.
    """

    def __init__(self, read_text: ReadText, name: str, source: str, folder: Path | None) -> None:
        self._read_text = read_text
        self._name = name
        self._source = source
        self._folder = folder

    def read(self, text: str) -> Sequence[Draft | Refusal]:
        """The rows in their order. Raises `InputError` where the whole is no table of episodes."""
        text = text.lstrip("\ufeff")
        header = _header(text)
        if header is None or not {*header.meanings} & NAMES:
            raise InputError(f"“{self._name}” has no column called title or script.", _COLUMNS)
        rows = _rows(text, header.delimiter, self._name)
        made = [made for number, cells in rows if (made := self._row(header, number, cells)) is not None]
        if not made:
            raise InputError(f"“{self._name}” has no rows under its first one.", "Put one episode into each row.")
        unused = [name for name, meaning in zip(header.names, header.meanings, strict=True) if _unused(name, meaning)]
        if not unused:
            return made
        columns = ", ".join(f"“{name}”" for name in unused)
        note = f"Not used of the table: {columns}"
        return [replace(each, note=note) if isinstance(each, Draft) else each for each in made]

    def _row(self, header: _Header, number: int, cells: Sequence[str]) -> Draft | Refusal | None:
        if not any(cell.strip() for cell in cells):
            return None
        source = f"{self._source}, row {number}"
        over = [cell for cell in cells[len(header.names) :] if cell.strip()]
        if over:
            # A cell that was not quoted went on into the next one: words would be lost without a sound.
            message = f"Row {number} of “{self._name}” has more cells than its first row has columns."
            return Refusal(source, message, "Put text that holds the separator into quotation marks.")
        held: dict[Meaning, str] = {}
        for meaning, cell in zip(header.meanings, cells, strict=False):
            if meaning is not None and cell.strip():
                held.setdefault(meaning, cell)
        title, script = held.get(Meaning.TITLE, "").strip(), held.get(Meaning.SCRIPT, "")
        if not script:
            what = (
                f"“{short_title(title)}”, row {number} of “{self._name}”,"
                if title
                else f"Row {number} of “{self._name}”"
            )
            return Refusal(source, f"{what} has no script.", _PUT_SCRIPT)
        try:
            return self._draft(held, title, script, source, number)
        except BatchcastError as error:
            message = (
                error.message if self._name in error.message else f"Row {number} of “{self._name}”: {error.message}"
            )
            return Refusal(source, message, error.remedy)

    def _draft(self, held: Mapping[Meaning, str], title: str, script: str, source: str, number: int) -> Draft:
        values: dict[str, Value] = {}
        priority = 0
        for meaning, cell in held.items():
            if meaning is Meaning.PRIORITY:
                priority = int(value_of(meaning, cell))
            elif meaning.setting:
                values[meaning.setting] = value_of(meaning, cell)
        if "brand" in values:
            values["brand"] = str(self._brand(str(values["brand"])))
        Settings().with_values(values)
        read = self._read_text(script, f"Row {number} of {self._name}")
        read = replace(read, title=short_title(title) if title else read.title, source=source)
        return Draft(read, json.dumps(values, sort_keys=True) if values else "", priority, tabled=True)

    def _brand(self, written: str) -> Path:
        path = Path(written).expanduser()
        if self._folder is not None:
            path = (self._folder / path).absolute()
        if "\0" in written or not path.is_absolute() or not path.is_file():
            raise InputError(f"There is no brand file “{written}”.", "Give its path, as seen from the table's folder.")
        return path


def is_table(text: str) -> bool:
    """Whether text that might be a script is a table of episodes beyond doubt: a first row of such names, and more."""
    header = _header(text)
    return header is not None and header.is_sure and "\n" in text.strip()


def begins_a_table(text: str) -> bool:
    """Whether a file that calls itself a table has the columns of episodes, by its first row."""
    header = _header(text)
    return header is not None and bool({*header.meanings} & NAMES)


def _header(text: str) -> _Header | None:
    text = text.lstrip("\ufeff")
    given = _SEP_LINE.match(text)
    start = text[given.end() if given else 0 :][:_FIRST]
    headers = []
    for delimiter in (given[1],) if given else _DELIMITERS:
        names = tuple(name.strip() for name in next(csv.reader(io.StringIO(start), delimiter=delimiter), ()))
        while names and not names[-1]:
            names = names[:-1]
        if names:
            headers.append(_Header(delimiter, names, tuple(map(meant, names))))
    # The separator by which most of the names are known; of two the one that divides more.
    return max(headers, key=lambda each: (sum(map(bool, each.meanings)), len(each.names)), default=None)


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows under the first one, with their numbers as a spreadsheet counts them (the first one is 1)."""
    given = _SEP_LINE.match(text)
    body = text[given.end() if given else 0 :]
    if csv.field_size_limit() < LARGEST:
        csv.field_size_limit(LARGEST)  # a limit of the process: a cell may hold a whole script
    _check_quotes(body, delimiter, name)
    for number, cells in enumerate(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter), 1):
        if number > 1:
            yield number, cells


def _check_quotes(body: str, delimiter: str, name: str) -> None:
    """A quotation mark that is never closed would make everything behind it one cell."""
    number = 0
    try:
        for _ in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True):
            number += 1
    except csv.Error as error:
        if "end of data" in str(error):
            raise InputError(
                f"A quotation mark in row {number + 1} of “{name}” is never closed.",
                "Close it, or write it twice where it is part of the text.",
            ) from None


def _unused(name: str, meaning: Meaning | None) -> bool:
    return bool(name) and (meaning is None or meaning is Meaning.MINUTES)
