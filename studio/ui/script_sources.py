"""Where a script comes from, beside it: who wrote it and how, and the passages of the sources that it rests on."""

from collections.abc import Collection
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QPlainTextEdit,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.domain.research import Excerpt
from studio.domain.writing import Citation, Provenance
from studio.ui import theme as look
from studio.ui.episode_model import Index
from studio.ui.parts import button, label
from studio.ui.theme import Theme
from studio.ui.wording import count_of, isolated, money

HEIGHT: Final = 58
_ROOT: Final = QPersistentModelIndex()
HANDED_IN: Final = "This script was handed in as it is. What the studio writes from topics shows its sources here."


class ExcerptRows(QAbstractListModel):
    """The excerpts in their order, how often each is cited, and which of them the sentence at the caret rests on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.excerpts: tuple[Excerpt, ...] = ()
        self.cited: dict[int, int] = {}
        self.here: frozenset[int] = frozenset()

    def show(self, excerpts: tuple[Excerpt, ...], citations: Collection[Citation]) -> None:
        """Another script's."""
        self.beginResetModel()
        self.excerpts, self.here, self.cited = excerpts, frozenset(), {}
        for each in citations:
            self.cited[each.excerpt] = self.cited.get(each.excerpt, 0) + 1
        self.endResetModel()

    def mark(self, here: frozenset[int]) -> None:
        """The sentence at the caret rests on these."""
        if here != self.here and self.excerpts:
            self.here = here
            self.dataChanged.emit(self.index(0), self.index(len(self.excerpts) - 1))

    def used(self, row: int) -> str:
        """How much an excerpt is used."""
        count = self.cited.get(row, 0)
        if row in self.here:
            return "under this sentence"
        return f"cited {count_of(count, 'time')}" if count else "not cited"

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Qt: how many rows."""
        return 0 if parent.isValid() else len(self.excerpts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: one row, in one role."""
        if not index.isValid():
            return None
        excerpt = self.excerpts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return isolated(excerpt.source.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{index.row() + 1}, {excerpt.source.title}, {self.used(index.row())}. {excerpt.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{excerpt.source.title}\n{excerpt.source.address}"
        return None


class _Passage(QStyledItemDelegate):
    """Number and title, its place and use, and how it begins."""

    def __init__(self, theme: Theme, rows: ExcerptRows, parent: QWidget) -> None:
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
        theme, row = self._theme, index.row()
        excerpt, here = self._rows.excerpts[row], row in self._rows.here
        chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        if chosen or shown.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("selection" if chosen else "hover"))
        if here:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        room = rect.adjusted(look.M, 5, -look.S, -5)
        used = " · ".join(filter(None, (excerpt.place, excerpt.source.published[:10], self._rows.used(row))))
        for top, text, size, colour, medium in (
            (0, f"{row + 1}  {isolated(excerpt.source.title)}", look.SECONDARY, "text", True),
            (16, used, look.SMALL, "accent" if here else "muted", here),
            (31, isolated(" ".join(excerpt.text[:300].split())), look.SECONDARY, "muted", False),
        ):
            painter.setFont(look.font(size, look.MEDIUM) if medium else look.font(size))
            painter.setPen(theme.colour(colour))
            line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            place = QRect(room.left(), room.top() + top, room.width(), 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)


class _List(QListView):
    def keyboardSearch(self, _search: str) -> None:
        """Qt: typing would search; letters are the window's keys."""


class ScriptSources(QWidget):
    """The list follows the caret, and the text shows what rests on the chosen excerpt."""

    chosen = Signal(int)  # excerpt
    open_asked = Signal(str)  # the address of a source

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head, self._how = label("Sources", "heading"), label("", "muted", wrap=True)
        self.rows = ExcerptRows(self)
        self.list = _List()
        self._text = QPlainTextEdit()
        self._where = label("", "small", wrap=True)
        self._open = button("Open the source", "quiet")
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._following = False
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_Passage(theme, self.rows, self))
        self.list.setObjectName("scriptSources")
        self.list.setAccessibleName("Passages of the sources")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("The chosen passage")
        self._build()
        self.list.selectionModel().currentRowChanged.connect(lambda now, _before: self._take(now.row()))
        self._open.clicked.connect(self._ask)
        theme.changed.connect(self.list.viewport().update)
        self.show_provenance(None)

    def show_provenance(self, provenance: Provenance | None, *, handed_in: str = HANDED_IN) -> None:
        """Where the script in front comes from; None for one that was handed in, or is not written yet."""
        excerpts = provenance.excerpts if provenance else ()
        same = excerpts == self.rows.excerpts
        row = self.list.currentIndex().row() if same else -1
        self._following = True
        self.rows.show(excerpts, provenance.citations if provenance else ())
        self._split.setVisible(bool(excerpts))
        if row >= 0:
            self.list.setCurrentIndex(self.rows.index(row))
        elif excerpts:
            self.list.setCurrentIndex(self.rows.index(0))
        self._following = False
        self._how.setText(_told(provenance) if provenance else handed_in)
        self._head.setText(f"Sources · {count_of(len(excerpts), 'passage')}" if excerpts else "Sources")

    def follow(self, here: frozenset[int]) -> None:
        """The sentence at the caret rests on these excerpts: bring the first of them into view."""
        self.rows.mark(here)
        if here and self.list.currentIndex().row() not in here:
            self._following = True
            self.list.setCurrentIndex(self.rows.index(min(here)))
            self._following = False

    def _take(self, row: int) -> None:
        if not 0 <= row < len(self.rows.excerpts):
            self._text.clear()
            return
        excerpt = self.rows.excerpts[row]
        self._text.setPlainText(excerpt.text)
        source = excerpt.source
        dates = [f"published {source.published[:10]}"] if source.published else []
        dates += [f"read {source.fetched_at[:10]}"] if source.fetched_at else []
        self._where.setText("\n".join(filter(None, (source.address, " · ".join(dates)))))
        if not self._following:
            self.chosen.emit(row)

    def _ask(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.rows.excerpts):
            self.open_asked.emit(self.rows.excerpts[row].source.address)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.M, look.M, look.S)
        column.setSpacing(look.S)
        column.addWidget(self._head)
        column.addWidget(self._how)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, look.S, 0, 0)
        inner.setSpacing(look.XS)
        inner.addWidget(self._text, 1)
        inner.addWidget(self._where)
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addStretch(1)
        inner.addLayout(row)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(3)
        self._split.addWidget(self.list)
        self._split.addWidget(below)
        self._split.setSizes([300, 220])
        column.addWidget(self._split, 1)
        column.addStretch(0)


def _told(provenance: Provenance) -> str:
    """Who wrote it and how, what that cost, and what should be known of it."""
    how = ", ".join(f"{name} {value}" for name, value in provenance.written_with if value)
    cost = f" Writing it cost {money(provenance.cost_micro)}." if provenance.cost_micro else ""
    head = f"Written by {provenance.writer}.{cost}"
    return "\n".join(
        (f"{head} {how[:1].upper()}{how[1:]}." if how else head, *(f"• {each}" for each in provenance.notes))
    )
