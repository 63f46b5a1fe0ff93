"""One finding as a card: what it is, where, what was said against what was meant."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from studio.domain.findings import Finding
from studio.domain.hearing import TimedWord
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.parts import label
from studio.ui.theme import SEVERITY_TONES, Theme
from studio.ui.word_marks import compared


class FindingCard(QFrame):
    """Pressed, by mouse or Return, it asks to be heard. The list of cards is the text form of the marked wave."""

    pressed = Signal(int)  # index of the finding in the report

    def __init__(self, theme: Theme, index: int, finding: Finding, words: Sequence[TimedWord]) -> None:
        super().__init__()
        self.index = index
        self._theme = theme
        self._tone = SEVERITY_TONES[finding.severity]
        self._chosen = False
        self._placed = finding.start_s is not None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._placed else Qt.FocusPolicy.NoFocus)
        if self._placed:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Play this place")
        name = wording.FINDING_NAMES[finding.kind]
        where = wording.place(finding.start_s)
        sure = "" if finding.sure is None else f"{finding.sure:.0%} sure"
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M + 1, 9, look.M - 1, 9)
        column.setSpacing(3)
        head = QHBoxLayout()
        self._name = label(name, "strong")
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(label(f"{sure} · {where}" if sure else where, "small"))
        column.addLayout(head)
        lines = compared(finding, words)
        if lines.said or lines.script:
            column.addLayout(_two_lines(lines.said, lines.script))
        if finding.detail:
            column.addWidget(label(f"{wording.LEFT_TO_RIGHT}{finding.detail}", "muted", wrap=True))
        heard = f", said “{finding.said}”, script “{finding.script}”" if lines.said or lines.script else ""
        self.setAccessibleName(f"{name} at {where}{f', {sure}' if sure else ''}{heard}. {finding.detail}")
        theme.changed.connect(self._colour)
        self._colour()

    def choose(self, chosen: bool) -> None:
        """Show that this is the place that the keys are about."""
        self._chosen = chosen
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: the ground, and a bar in the colour of its weight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._theme.colour("accent" if self.hasFocus() else "line"), 1))
        painter.setBrush(self._theme.colour("selection" if self._chosen else "background"))
        painter.drawRoundedRect(box, look.RADIUS, look.RADIUS)
        painter.setClipRect(QRectF(0, 0, 3.5, self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(self._tone))
        painter.drawRoundedRect(QRectF(0, 0, 14, self.height()), look.RADIUS, look.RADIUS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: a click asks to be heard."""
        if self._placed and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: so does Return."""
        if self._placed and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.pressed.emit(self.index)
        else:
            super().keyPressEvent(event)

    def _colour(self) -> None:
        self._name.setStyleSheet(f"color: {self._theme.colour(self._tone).name()};")
        self.update()


def _two_lines(said: str, script: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.S)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for row, (name, text) in enumerate((("said", said), ("script", script))):
        words = QLabel(f"{wording.LEFT_TO_RIGHT}{text}")
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setWordWrap(True)
        caption = label(name, "small")
        caption.setFixedWidth(34)
        grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, row, 1)
    return grid
