"""The text of a script: what was found stands underlined in it and as icons in its margin; typing never waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from studio.domain.editing import Edit
from studio.domain.script_report import ScriptFinding
from studio.ui import theme as look
from studio.ui.script_steps import SEVERITY_LOOKS, WEIGHT
from studio.ui.soft_breaks import SoftBreaks
from studio.ui.theme import SEVERITY_TONES, Theme

MARGIN: Final = 26
MOST: Final = 600  # findings that are marked in the text; all of them stand in the list
CARET_MS: Final = 120


@dataclass(slots=True)
class _Mark:
    """A finding with a place, in Qt's positions; it goes with the text while that is edited.

    No cursor of Qt's: to place one lays its whole line out.
    """

    number: int
    finding: ScriptFinding
    start: int
    end: int

    def shift(self, at: int, removed: int, added: int) -> None:
        """Characters were put in the place of others."""
        if self.start >= at + removed:
            self.start += added - removed
            self.end += added - removed
        elif self.end > at:
            self.start = min(self.start, at)
            self.end = max(self.end + added - removed, at + added)


class ScriptEditor(QPlainTextEdit):
    """Places are offsets as Python counts them. Only what is in view is highlighted, however long the text is."""

    typed = Signal()
    finding_asked = Signal(int)  # its number in the report
    caret_rested = Signal(int)  # offset

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: list[_Mark] = []
        self._tints: list[tuple[int, int]] = []  # what rests on the chosen excerpt
        self._lines: dict[int, _Mark] = {}  # the heaviest of each line in view
        self._chosen = -1
        self._breaks = SoftBreaks(self.document())
        self._margin = _Margin(self)
        self._filling = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._highlight)
        self._rest = QTimer(self, singleShot=True, interval=CARET_MS)
        self._rest.timeout.connect(lambda: self.caret_rested.emit(self.place()))
        self.setObjectName("script")
        self.setAccessibleName("Script")
        self.setTabChangesFocus(True)
        self.setFont(look.font(look.HEADING))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setViewportMargins(MARGIN, 0, 0, 0)
        self.document().setDocumentMargin(look.S)
        self.document().contentsChange.connect(self._take_change)
        self.updateRequest.connect(self._follow)
        self.cursorPositionChanged.connect(self._rest.start)
        theme.changed.connect(self._soon.start)

    # The text

    def text(self) -> str:
        """What stands in it, as it was typed."""
        return self._breaks.text()

    def show_text(self, text: str) -> None:
        """Show another text; what was done to the last one can no longer be undone."""
        self._filling = True
        self._drop_marks()
        self._breaks.fill(text)
        self._filling = False
        self._rest.start()

    @property
    def characters(self) -> int:
        """How many there are, as Qt counts them: at once, however long the text is."""
        return self._breaks.characters

    def place(self) -> int:
        """Where the caret is."""
        return self._breaks.offset(self.textCursor().position())

    def marked(self) -> tuple[int, int]:
        """What is selected; both ends alike where nothing is."""
        cursor = self.textCursor()
        return self._breaks.offset(cursor.selectionStart()), self._breaks.offset(cursor.selectionEnd())

    def apply(self, edit: Edit) -> bool:
        """Make a change, as one step that can be undone; False where the text is not what it was for."""
        end = edit.start + len(edit.was)
        if self.text()[edit.start : end] != edit.was or self.isReadOnly():
            return False
        cursor = self._cursor(edit.start, end)
        self._breaks.insert(cursor, edit.now)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def show_place(self, start: int, end: int) -> None:
        """Select a stretch and bring it to the middle of the view."""
        self.setTextCursor(self._cursor(start, end))
        self.centerCursor()

    def go_to(self, start: int) -> None:
        """Put the caret where a stretch begins, in the middle of the view."""
        self.setTextCursor(self._cursor(start, start))
        self.centerCursor()

    # What was found

    def show_findings(self, findings: Sequence[ScriptFinding]) -> None:
        """Mark what was found in the text as it stands now."""
        self._drop_marks()
        for number, finding in enumerate(findings):
            if finding.start is not None and finding.end is not None and len(self._marks) < MOST:
                start, end = (
                    self._breaks.position(finding.start),
                    self._breaks.position(max(finding.end, finding.start + 1)),
                )
                self._marks.append(_Mark(number, finding, start, end))
        self._marks.sort(key=lambda mark: mark.start)
        self._soon.start()

    def choose(self, number: int) -> None:
        """Go to a finding."""
        mark = next((each for each in self._marks if each.number == number), None)
        self._chosen = number
        if mark is not None:
            self.setTextCursor(self._between(mark.start, mark.end))
            self.centerCursor()
        self._soon.start()

    def next_finding(self, *, back: bool = False) -> int | None:
        """The finding after the caret, or before it; around the end."""
        if not self._marks:
            return None
        cursor = self.textCursor()
        at = cursor.selectionStart()
        chosen = next((place for place, each in enumerate(self._marks) if each.number == self._chosen), None)
        if chosen is not None and self._marks[chosen].start == at:
            return self._marks[(chosen + (-1 if back else 1)) % len(self._marks)].number
        if back:
            before = [each for each in self._marks if each.start < at]
            return (before or self._marks)[-1].number
        after = [each for each in self._marks if each.start >= at]
        return (after or self._marks)[0].number

    def tint(self, spans: Sequence[tuple[int, int]]) -> None:
        """Show these stretches as belonging to what is chosen beside the text."""
        self._tints = [(self._breaks.position(start), self._breaks.position(end)) for start, end in spans]
        self._soon.start()

    def mark_in(self, block: QTextBlock) -> _Mark | None:
        """The heaviest finding that begins in a line of the text that is in view."""
        return self._lines.get(block.blockNumber())

    # Qt's own events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the margin is as high as the text."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._margin.setGeometry(QRect(inner.left(), inner.top(), MARGIN, inner.height()))
        self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Ctrl+Return is the page's. Any other Return begins a paragraph, whatever the one before it is."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif plain is Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif not self.isReadOnly():
            cursor = self.textCursor()
            self._breaks.insert(cursor, "\n")
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Qt: files are for the page, which compares them."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Qt: paste, or a drop of text."""
        if not self.isReadOnly() and source.hasText():
            cursor = self.textCursor()
            self._breaks.insert(cursor, source.text().replace("\r\n", "\n").replace("\r", "\n"))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802  (its name)
        """Qt: copy, cut, or drag."""
        # Made by Qt: what Python made would be on the clipboard when the program ends, and Qt frees that too late.
        other = QPlainTextEdit("x")
        other.selectAll()
        made: QMimeData = other.createMimeDataFromSelection()
        made.text()  # it is filled when it is first asked; of a long selection Qt would make HTML, for 0.1 s
        made.clear()
        made.setText(self._breaks.selected(self.textCursor()))
        return made

    def paint_margin(self, event: QPaintEvent) -> None:
        """An icon beside every line in which something was found, in the tone and shape of the heaviest."""
        painter = QPainter(self._margin)
        painter.fillRect(event.rect(), self._theme.colour("field"))
        scale = self.devicePixelRatioF()
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > event.rect().bottom():
                break
            mark = self.mark_in(block)
            if mark is not None:
                severity = mark.finding.severity
                icon = self._theme.pixmap(SEVERITY_LOOKS[severity][0], SEVERITY_TONES[severity], 14, scale)
                painter.drawPixmap(look.S - 2, int(box.top()) + 3, icon)
            block = block.next()

    def block_at(self, y: int) -> QTextBlock:
        """The line of the text at a height of the margin."""
        return self.cursorForPosition(self.viewport().rect().topLeft() + _down(y)).block()

    def _follow(self, rect: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
            self._soon.start()
        else:
            self._margin.update(0, rect.y(), MARGIN, rect.height())

    def _take_change(self, at: int, removed: int, added: int) -> None:
        if not self._filling and (removed or added):
            for mark in self._marks:
                mark.shift(at, removed, added)
            self._tints = []  # they come again with the next look at the text
            self._soon.start()
            self.typed.emit()

    def _highlight(self) -> None:
        """Underline what is in view."""
        top = self.firstVisibleBlock().position()
        bottom_block = self.cursorForPosition(self.viewport().rect().bottomRight()).block()
        bottom = bottom_block.position() + bottom_block.length()

        marks = [mark for mark in self._marks if mark.end >= top and mark.start <= bottom]
        tints = [(start, end) for start, end in self._tints if end >= top and start <= bottom]
        tinted = QTextCharFormat()
        tinted.setBackground(self._theme.colour("selection"))
        shown = [_selection(self._between(start, end), tinted) for start, end in tints]
        shown += [_selection(self._between(mark.start, mark.end), self._underline(mark)) for mark in marks]
        self.setExtraSelections(shown)
        self._lines = {}
        for mark in sorted(marks, key=lambda mark: -WEIGHT[mark.finding.severity]):
            line = self.document().findBlock(mark.start).blockNumber()
            self._lines[line] = mark  # the heaviest comes last
        self._margin.update()

    def _underline(self, mark: _Mark) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        tone = SEVERITY_TONES[mark.finding.severity]
        made.setUnderlineColor(self._theme.colour(tone))
        if mark.number == self._chosen:
            made.setBackground(self._theme.colour(tone, 46))
        return made

    def _cursor(self, start: int, end: int) -> QTextCursor:
        return self._between(self._breaks.position(start), self._breaks.position(end))

    def _between(self, start: int, end: int) -> QTextCursor:
        """A selection by Qt's positions."""
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _drop_marks(self) -> None:
        self._marks, self._tints, self._lines = [], [], {}
        self._chosen = -1
        self.setExtraSelections([])
        self._margin.update()


class _Margin(QWidget):
    """The strip at the left; a click goes to the finding of the line."""

    def __init__(self, editor: ScriptEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Qt: its width."""
        return QSize(MARGIN, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the editor knows what stands where."""
        self._editor.paint_margin(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: go to the finding of this line."""
        mark = self._editor.mark_in(self._editor.block_at(int(event.position().y())))
        if mark is not None:
            self._editor.finding_asked.emit(mark.number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: say what was found there."""
        mark = self._editor.mark_in(self._editor.block_at(int(event.position().y())))
        self.setCursor(Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), mark.finding.detail if mark else "", self)


def _down(y: int) -> QPoint:
    return QPoint(0, y)


def _selection(cursor: QTextCursor, shape: QTextCharFormat) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor
    made.format = shape
    return made
