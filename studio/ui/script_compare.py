"""A newer text of a script beside the one that is there, sentence by sentence, and what taking it over costs."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.domain.findings import percent
from studio.domain.revision import ChangeKind, SentenceChange
from studio.engine.revision import Comparison
from studio.ui import theme as look
from studio.ui.episode_model import Index
from studio.ui.parts import Tick, button, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, isolated, length, money

_ROOT: Final = QPersistentModelIndex()
_WORD_WIDTH: Final = 104
_LEAST: Final = 30  # pixels of a row
_LOOKS: Final = {
    ChangeKind.SAME: ("check", Tone.NEUTRAL, "Same"),
    ChangeKind.CHANGED: ("pencil", Tone.LOOK, "Changed"),
    ChangeKind.NEW: ("plus", Tone.GOOD, "New"),
    ChangeKind.GONE: ("minus", Tone.BAD, "Gone"),
}


class ChangeRows(QAbstractListModel):
    """Sentences; those that stay the same only where they are asked for."""

    def __init__(self, sentences: Sequence[SentenceChange], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = tuple(sentences)
        self.rows = self._those(every=False)

    def show(self, *, every: bool) -> None:
        """All sentences, or what differs."""
        self.beginResetModel()
        self.rows = self._those(every=every)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one row, in one role."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        change = self.rows[index.row()]
        word = _LOOKS[change.kind][2]
        match change.kind:
            case ChangeKind.CHANGED:
                return f"{word}. Before: {change.before} Now: {change.after}"
            case ChangeKind.NEW:
                return f"{word}: {change.after}"
            case _:
                return f"{word}: {change.before}"

    def _those(self, *, every: bool) -> tuple[SentenceChange, ...]:
        return self._all if every else tuple(each for each in self._all if each.kind is not ChangeKind.SAME)


class _SideBySide(QStyledItemDelegate):
    """What became of it, as icon and word; the sentence before, and as it is now."""

    def __init__(self, theme: Theme, rows: ChangeRows, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._view = parent
        self._metrics = QFontMetrics(look.font())

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt: as high as the longer side."""
        width = self._view.viewport().width()
        change, half = self._rows.rows[index.row()], self._half(width)
        high = max(self._height(change.before, half), self._height(change.after, half))
        return QSize(width, max(_LEAST, high + look.M))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one row."""
        shown: Any = option  # its fields are not in PySide's types
        rect: QRect = shown.rect
        theme, change = self._theme, self._rows.rows[index.row()]
        if shown.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        icon, tone, word = _LOOKS[change.kind]
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.left() + look.S, rect.top() + look.S, theme.pixmap(icon, tone, 14, scale))
        painter.setFont(look.font(look.SECONDARY, look.MEDIUM))
        painter.setPen(theme.colour(tone))
        painter.drawText(
            QRect(rect.left() + 28, rect.top() + 6, _WORD_WIDTH - 28, 18), Qt.AlignmentFlag.AlignLeft, word
        )
        half = self._half(rect.width())
        left = rect.left() + _WORD_WIDTH
        painter.setFont(look.font())
        same = change.kind is ChangeKind.SAME
        for place, text, colour in (
            (left, change.before, "muted"),
            (left + half + look.L, change.after, "muted" if same else "text"),
        ):
            painter.setPen(theme.colour(colour))
            room = QRect(place, rect.top() + 6, half, rect.height() - 6)
            painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, isolated(text))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _half(self, width: int) -> int:
        return max((width - _WORD_WIDTH - look.L - look.S) // 2, 80)

    def _height(self, text: str, width: int) -> int:
        return self._metrics.boundingRect(0, 0, width, 100_000, Qt.TextFlag.TextWordWrap, text).height() if text else 0


class ScriptCompare(QDialog):
    """Says what would be kept and what the rest costs, before anything is taken over."""

    agreed = Signal()

    def __init__(self, parent: QWidget, theme: Theme, title: str, name: str, comparison: Comparison) -> None:
        super().__init__(parent)
        self.setWindowTitle("A newer text")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(min(1060, parent.window().width() - 80), min(680, parent.window().height() - 80))
        self._rows = ChangeRows(comparison.sentences, self)
        self.list = QListView()
        self.list.setObjectName("scriptCompare")
        self.list.setAccessibleName("Sentences, before and now")
        self.list.setLayoutMode(QListView.LayoutMode.Batched)
        self.list.setBatchSize(60)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_SideBySide(theme, self._rows, self.list))
        differs = any(each.kind is not ChangeKind.SAME for each in comparison.sentences)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(look.S)
        column.addWidget(label(f"“{isolated(title)}” beside {isolated(name)}", "title", wrap=True))
        column.addWidget(label(summed(comparison), "muted", wrap=True))
        heads = QHBoxLayout()
        heads.setContentsMargins(_WORD_WIDTH, 0, 0, 0)
        heads.addWidget(label("Before", "strong"), 1)
        heads.addWidget(label("Now", "strong"), 1)
        column.addLayout(heads)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        every = Tick("Also what stays the same")
        every.toggled.connect(lambda on: self._rows.show(every=on))
        row.addWidget(every)
        row.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        take = button(taking(comparison) if differs else "Nothing differs", "primary")
        take.setEnabled(differs)
        take.clicked.connect(self._agree)
        row.addWidget(cancel)
        row.addWidget(take)
        column.addLayout(row)
        (take if differs else cancel).setFocus()

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit()


def summed(comparison: Comparison) -> str:
    """How many sentences changed, what of the sound is kept, and what the rest costs."""
    kinds = [each.kind for each in comparison.sentences]
    words = ((ChangeKind.CHANGED, "changed"), (ChangeKind.NEW, "new"), (ChangeKind.GONE, "gone"))
    parts = [f"{kinds.count(kind):,} {word}" for kind, word in words if kind in kinds]
    count = f"{', '.join(parts)} of {count_of(len(kinds), 'sentence')}" if parts else "Every sentence is the same"
    price = f"up to {money(comparison.cost_micro)}" if comparison.cost_micro else "nothing"
    kept = (
        f"{percent(comparison.kept_share)} of the sound is kept as it is, speaking the rest costs {price}"
        if comparison.kept_share
        else f"nothing of it is spoken yet, speaking it costs {price}"
    )
    return f"{count}; {kept}. It will be ~{length(comparison.seconds)} long."


def taking(comparison: Comparison) -> str:
    """What the button says: with the price, where there is one."""
    spends = f" for up to {money(comparison.cost_micro)}" if comparison.cost_micro and comparison.kept_share else ""
    return f"Take it over{spends}"
