"""A paragraph that is too long to be laid out at every key stands in an editor as several, and is one in its text.

Qt lays a paragraph out as a whole whenever a letter of it changes: 140,000 characters take 40 ms. Such a one is broken
behind a sentence now and then, as an editor wraps a line. The separator that Qt needs there carries in its format what
it stands for, so that undoing and redoing bring it back as what it was.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from studio.ui.text_offsets import Offsets

MOST: Final = 4000  # characters that are laid out together: 5 ms
_LEAST: Final = MOST // 2
_SEPARATOR: Final = "\N{PARAGRAPH SEPARATOR}"
_SPACES: Final = QTextFormat.Property.UserProperty.value + 1  # how many a break stands for: one, or none
_ENDS: Final = (". ", "? ", "! ", "… ", " ")
_JOINING: Final = "\u200c\u200d"


class SoftBreaks(QObject):
    """Where a document is broken and its text is not. A break stands for the space in its place, or for nothing."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._breaks: list[tuple[int, str]] = []  # the position of each separator, as Qt counts, and what it stands for
        self._empty: list[int] = []  # the positions of those that stand for nothing
        self._offsets: Offsets | None = None
        document.contentsChange.connect(self._follow)

    def fill(self, text: str) -> None:
        """Make this the text of the document; what was done to it before cannot be undone."""
        if all(len(line) <= MOST for line in text.split("\n")):
            self._document.setPlainText(text)
            return
        self._document.setUndoRedoEnabled(False)
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        self.insert(cursor, text)
        self._document.setUndoRedoEnabled(True)

    def insert(self, cursor: QTextCursor, text: str) -> None:
        """Put a text in the place of what is selected, as one step."""
        plain = QTextCharFormat()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        joint = ""
        for number, (piece, following) in enumerate(_pieces(text)):
            if number:
                cursor.insertBlock(QTextBlockFormat(), plain if joint == "\n" else _soft(joint))
            cursor.insertText(piece, plain)
            joint = following
        cursor.endEditBlock()

    def text(self) -> str:
        """The whole text, as it was typed: Qt's own `toPlainText` makes spaces of those that do not break."""
        return self._joined(self._document.toRawText(), 0, self._document.characterCount())

    def selected(self, cursor: QTextCursor) -> str:
        """The text that is selected."""
        return self._joined(cursor.selectedText(), cursor.selectionStart(), cursor.selectionEnd())

    @property
    def characters(self) -> int:
        """How many the text has, as Qt counts them: at once, however long it is."""
        return self._document.characterCount() - 1 - len(self._empty)

    def offset(self, position: int) -> int:
        """Where in the text a position of the document is, as Python counts."""
        return self._numbers().from_qt(position - bisect_left(self._empty, position))

    def position(self, offset: int) -> int:
        """Where in the document an offset of the text is, as Qt counts."""
        at = self._numbers().to_qt(offset)
        return at + bisect_right(self._empty, at, key=lambda place: place - bisect_left(self._empty, place))

    def _numbers(self) -> Offsets:
        if self._offsets is None:
            self._offsets = Offsets(self.text())
        return self._offsets

    def _joined(self, raw: str, start: int, end: int) -> str:
        """What stands from one position to another: `raw`, as Qt has it, without the breaks."""
        breaks = self._breaks[bisect_left(self._breaks, (start,)) : bisect_left(self._breaks, (end,))]
        if not breaks:
            return raw.replace(_SEPARATOR, "\n")
        pieces = raw.split(_SEPARATOR)
        joints = [*("\n" * (len(pieces) - 1)), ""]
        first = self._document.findBlock(start).blockNumber()
        for at, stands_for in breaks:
            joints[self._document.findBlock(at).blockNumber() - first] = stands_for
        return "".join(chain.from_iterable(zip(pieces, joints, strict=True)))

    def _follow(self, at: int, removed: int, added: int) -> None:
        """Characters were put in the place of others."""
        self._offsets = None
        low, high = bisect_left(self._breaks, (at,)), bisect_left(self._breaks, (at + removed,))
        behind = [(place + added - removed, stands_for) for place, stands_for in self._breaks[high:]]
        self._breaks[low:] = [*self._among(at, at + added), *behind]
        self._empty = [place for place, stands_for in self._breaks if not stands_for]

    def _among(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        block = self._document.findBlock(start).next()
        while block.isValid() and block.position() <= end:
            shape = block.charFormat()
            if shape.hasProperty(_SPACES):
                yield block.position() - 1, " " * shape.property(_SPACES)
            block = block.next()


def _soft(joint: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setProperty(_SPACES, len(joint))
    return made


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Pieces that are short enough, each with what stands between it and the next: a new line, a space or nothing."""
    for line in text.split("\n"):
        start = 0
        while len(line) - start > MOST:
            end, joint = _break(line, start)
            yield line[start:end], joint
            start = end + len(joint)
        yield line[start:], "\n"


def _break(line: str, start: int) -> tuple[int, str]:
    """Where a piece that begins at `start` should end, and what stands there."""
    for ending in _ENDS:
        found = line.rfind(ending, start + _LEAST, start + MOST)
        if found >= 0:
            return found + len(ending) - 1, " "
    end = start + MOST
    while end > start + _LEAST and _holds_on(line[end - 1], line[end]):
        end -= 1
    return end, ""


def _holds_on(one: str, other: str) -> bool:
    """Whether two characters make one sign, and must stay together."""
    return (
        bool(unicodedata.combining(other))
        or unicodedata.category(other) == "Mc"
        or one in _JOINING
        or other in _JOINING
    )
