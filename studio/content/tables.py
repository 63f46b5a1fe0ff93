"""A table of episodes, CSV or tab-separated: every row becomes a draft by its script or its topic."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio.content.columns import NAMES, Meaning, meant
from studio.content.entries import ReadText, draft_of, noted
from studio.domain.errors import BatchcastError, InputError
from studio.engine.drafts import Draft, Refusal

SUFFIXES: Final = (".csv", ".tsv", ".tab")
LARGEST: Final = 50_000_000
"""Characters of one table: thousands of hours. More is something else."""

_DELIMITERS: Final = (",", "\t", ";", "|")
_SEP_LINE: Final = re.compile(r"sep=(.)\n", re.IGNORECASE)  # what some spreadsheets write above everything
_FIRST: Final = 20_000  # characters in which the first row ends
_COLUMNS: Final = (
    "Name the columns in its first row: title and script, or title, brief, minutes and sources; voice, model, brand "
    "and priority may follow."
)


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
        folder: What the paths of brand files and sources are relative to; None where there is no such place.
    """

    def __init__(self, read_text: ReadText, name: str, source: str, folder: Path | None) -> None:
        self._read_text = read_text
        self._name = name
        self._source = source
        self._folder = folder

    def read(self, text: str) -> Sequence[Draft | Refusal]:
        """The rows in their order. Raises `InputError` where the whole is no table of episodes."""
        text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        header = _header(text)
        if header is None or not {*header.meanings} & NAMES:
            raise InputError(f"“{self._name}” has no column called title or script.", _COLUMNS)
        rows = _rows(text, header.delimiter, self._name)
        made = [made for number, cells in rows if (made := self._row(header, number, cells)) is not None]
        if not made:
            raise InputError(f"“{self._name}” has no rows under its first one.", "Put one episode into each row.")
        unused = [name for name, meaning in zip(header.names, header.meanings, strict=True) if name and meaning is None]
        if not unused:
            return made
        columns = ", ".join(f"“{name}”" for name in unused)
        note = f"Not used of the table: {columns}"
        return [noted(each, note) if isinstance(each, Draft) else each for each in made]

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
        if not held.keys() & NAMES:
            message = f"Row {number} of “{self._name}” has neither a title nor a script."
            return Refusal(source, message, "Put one of them into the row, or take it out.")
        try:
            return draft_of(held, self._read_text, f"Row {number} of {self._name}", source, self._folder)
        except BatchcastError as error:
            message = (
                error.message if self._name in error.message else f"Row {number} of “{self._name}”: {error.message}"
            )
            return Refusal(source, message, error.remedy)


def is_table(text: str) -> bool:
    """Whether text that might be a script is a table of episodes beyond doubt: a first row of such names, and more."""
    header = _header(text)
    return header is not None and header.is_sure and "\n" in text.strip()


def begins_a_table(text: str) -> bool:
    """Whether a file that calls itself a table is one of episodes, by its first row: nobody was asked about it.

    A column with scripts says so; titles alone may be of anything, unless most of the other columns are known.
    """
    header = _header(text)
    if header is None:
        return False
    known = sum(meaning is not None for meaning in header.meanings)
    return Meaning.SCRIPT in header.meanings or (
        bool({*header.meanings} & NAMES) and 2 * known > sum(map(bool, header.names))
    )


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
