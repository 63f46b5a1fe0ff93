"""What the checks found in a script, a line each, the heaviest first; what can be cured has its cure beside it."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.domain.script_report import Check, ScriptFinding
from studio.ui import theme as look
from studio.ui.episode_model import Index
from studio.ui.script_steps import SEVERITY_LOOKS, WEIGHT
from studio.ui.theme import SEVERITY_TONES, Theme, Tone

HEIGHT: Final = 30
WIDEST_CURE: Final = 0.45  # of the list
_ROOT: Final = QPersistentModelIndex()
CHECKS: Final = {
    Check.LENGTH: "Length",
    Check.LIMIT: "Limit of the model",
    Check.STRUCTURE: "Structure",
    Check.CLAIM: "Claim without a source",
    Check.DUPLICATE: "Like another episode",
    Check.REPETITION: "Repeated",
    Check.READING: "Reading level",
    Check.SENTENCE: "Long sentence",
    Check.BRAND: "Brand",
    Check.FORBIDDEN: "Forbidden word",
    Check.UNSPEAKABLE: "Cannot be spoken",
    Check.MISREADING: "May be misread",
    Check.SSML: "Mark-up",
    Check.BREAKS: "Pauses",
    Check.LANGUAGE: "Language",
}


class FindingRows(QAbstractListModel):
    """Findings by weight, then by place; `number` is the place in the report."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[int, ScriptFinding]] = []

    def show(self, findings: Sequence[ScriptFinding]) -> None:
        """These were found."""
        self.beginResetModel()
        rows = list(enumerate(findings))
        self.rows = sorted(rows, key=lambda row: (WEIGHT[row[1].severity], row[1].start or 0))
        self.endResetModel()

    def row_of(self, number: int) -> int | None:
        """Where a finding of the report is shown."""
        return next((row for row, each in enumerate(self.rows) if each[0] == number), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one row, in one role."""
        if not index.isValid():
            return None
        _, finding = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{CHECKS[finding.check]}: {finding.detail}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cure = f" Cure: {finding.cure.label}." if finding.cure else ""
            return f"{SEVERITY_LOOKS[finding.severity][1]}. {CHECKS[finding.check]}: {finding.detail}{cure}"
        if role == Qt.ItemDataRole.ToolTipRole:
            cure = f"\nCure: {finding.cure.label}" if finding.cure else ""
            return f"{SEVERITY_LOOKS[finding.severity][1]} · {CHECKS[finding.check]}\n{finding.detail}{cure}"
        return None


class _Line(QStyledItemDelegate):
    """Icon, word, what it is, and at the right the cure, which a click applies."""

    cured = Signal(int)  # row

    def __init__(self, theme: Theme, rows: FindingRows, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: all of one height."""
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one row."""
        shown: Any = option  # its fields are not in PySide's types
        rect: QRect = shown.rect
        theme, finding = self._theme, self._rows.rows[index.row()][1]
        chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        if chosen or shown.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("selection" if chosen else "hover"))
        icon, word = SEVERITY_LOOKS[finding.severity]
        tone = SEVERITY_TONES[finding.severity]
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.left() + look.S, rect.center().y() - 6, theme.pixmap(icon, tone, 14, scale))
        room = rect.adjusted(look.S + 20, 0, -look.S, 0)
        pill = self._pill(rect, finding)
        if pill is not None:
            room.setRight(pill.left() - look.S)
            self._draw_pill(painter, pill, finding.cure.label if finding.cure else "")
        for text, colour, weight in (
            (f"{word} · {CHECKS[finding.check]}", str(tone), look.MEDIUM),
            (finding.detail, "text", None),
        ):
            painter.setFont(look.font(look.SECONDARY) if weight is None else look.font(look.SECONDARY, weight))
            painter.setPen(theme.colour(colour))
            line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
            room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(line) + look.S)

    def editorEvent(
        self, event: QEvent, _model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Qt: a click on the cure applies it."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            shown: Any = option
            pill = self._pill(shown.rect, self._rows.rows[index.row()][1])
            if pill is not None and pill.contains(event.position().toPoint()):
                self.cured.emit(index.row())
                return True
        return False

    def _pill(self, rect: QRect, finding: ScriptFinding) -> QRect | None:
        if finding.cure is None:
            return None
        metrics = QFontMetrics(look.font(look.SECONDARY))
        wide = min(metrics.horizontalAdvance(finding.cure.label) + 34, round(rect.width() * WIDEST_CURE))
        return QRect(rect.right() - wide - look.S + 1, rect.top() + 3, wide, HEIGHT - 6)

    def _draw_pill(self, painter: QPainter, pill: QRect, words: str) -> None:
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line")))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(pill).adjusted(0.5, 0.5, -0.5, -0.5), look.RADIUS, look.RADIUS)
        scale = painter.device().devicePixelRatioF()
        icon = theme.pixmap("wand-sparkles", Tone.ACCENT, 13, scale)
        painter.drawPixmap(pill.left() + look.S, pill.center().y() - 6, icon)
        painter.setFont(look.font(look.SECONDARY))
        painter.setPen(theme.colour("text"))
        room = pill.adjusted(26, 0, -6, 0)
        line = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
        painter.restore()


class ScriptFindings(QListView):
    """Says which finding was gone to, and which is to be cured, by their numbers in the report."""

    went = Signal(int)
    cured = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = FindingRows(self)
        self.setModel(self.found)
        self.setObjectName("scriptFindings")
        self.setAccessibleName("Findings in this script")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = _Line(theme, self.found, self)
        line.cured.connect(lambda row: self.cured.emit(self.found.rows[row][0]))
        self.setItemDelegate(line)
        self.clicked.connect(lambda index: self.went.emit(self.found.rows[index.row()][0]))
        theme.changed.connect(self.viewport().update)

    def choose(self, number: int) -> None:
        """Put the cursor on a finding."""
        row = self.found.row_of(number)
        if row is not None:
            self.setCurrentIndex(self.found.index(row))

    def current(self) -> int | None:
        """The finding under the cursor."""
        row = self.currentIndex().row()
        return self.found.rows[row][0] if 0 <= row < len(self.found.rows) else None

    def keyboardSearch(self, _search: str) -> None:
        """Qt: typing would search; letters are the window's keys."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Return goes to the place."""
        number = self.current()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            event.setAccepted(plain and number is not None)
            if plain and number is not None:
                self.went.emit(number)
        else:
            super().keyPressEvent(event)
