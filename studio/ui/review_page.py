"""The Review page: what needs a person's ears, how much of it is left, and what was decided in this sitting."""

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studio.domain.episode import State
from studio.domain.findings import Verdict
from studio.ui import theme as look
from studio.ui.commands import Do
from studio.ui.pages import PageContext
from studio.ui.parts import ElidedLabel, button, clear_layout, label
from studio.ui.permitted import review_queue
from studio.ui.review_queue import ReviewQueue, minutes
from studio.ui.sitting import Done
from studio.ui.theme import Tone
from studio.ui.wording import count_of

SHOWN = 30  # decisions that are listed
HEIGHT = 132  # of their list
_WIDTHS = (60, 0, 0, 84, 136)  # of the columns; 0 shares what is left
_STEPS = (
    (Do.PLAY_PLACE, "plays the place"),
    (Do.NEXT_PLACE, "goes to the next one"),
    (Do.REPAIR, "speaks the sentence anew"),
    (Do.ACCEPT, "accepts"),
    (Do.REJECT, "rejects"),
)


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    return ReviewPage(context)


class QueueTable(QTableView):
    """The queue. Letters are the window's keys, so typing does not search."""

    def keyboardSearch(self, _search: str) -> None:
        """Qt: typing would search."""


class ReviewPage(QWidget):
    """Choosing a row chooses the episode everywhere, and what is chosen elsewhere is chosen here."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.theme
        self.queue = ReviewQueue(context.theme, self)
        self.table = QueueTable()
        self._head, self._order = label("", "title"), label("", "muted")
        self._icon, self._nothing, self._coming = QLabel(), label("", "title"), label("", "muted", wrap=True)
        self._keys = label("", "muted")
        self._decided, self._hint = label("Decided in this sitting", "heading"), label("", "muted")
        self._list = QVBoxLayout()
        self._below = QWidget()
        self._stack = QStackedLayout()
        self._choosing = False
        self.setAccessibleName(context.commands[Do.REVIEW_PAGE].text())
        self.setFocusProxy(self.table)
        self._placed = QTimer(self, singleShot=True, interval=0)
        self._placed.timeout.connect(self._show_row)
        self._build()
        context.standing.changed.connect(lambda _tally: self._refresh())
        context.choice.details_changed.connect(lambda _details: self._follow())
        context.sitting.changed.connect(self._show_decided)
        context.commands.changed.connect(self._show_keys)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._choose(now.row()))
        self.table.addAction(context.commands[Do.OPEN])
        self._theme.changed.connect(self._draw)
        self._draw()
        self._show_keys()
        self._refresh()
        self._show_decided()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: what happened while it was hidden."""
        super().showEvent(event)
        self._refresh()
        self._placed.start()

    def _show_row(self) -> None:
        """The chosen row in view: only after the page was shown does the dock take its room."""
        if (row := self.queue.row_of(self._context.choice.id)) is not None:
            self.table.scrollTo(self.queue.index(row, 0))

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        model = self._context.desk.model
        self._choosing = True  # rows that come and go choose nothing
        self.queue.show([episode for id_ in review_queue(model) if (episode := model.episode(id_)) is not None])
        self._choosing = False
        rows = self.queue.rows
        flagged = sum(each.episode.verdict is not Verdict.PASS for each in rows)
        drawn = len(rows) - flagged
        about = minutes(sum(each.seconds for each in rows))
        self._head.setText(f"{count_of(len(rows), 'episode needs', 'episodes need')} your ears · {about}")
        parts = [f"{flagged:,} flagged by the checks"] if flagged else []
        if drawn:
            parts.append(f"{drawn:,} drawn at random, so that what the checks miss is found")
        self._order.setText(", then ".join(parts))
        self._stack.setCurrentIndex(0 if rows else 1)
        self._say_what_comes()
        self._follow()

    def _say_what_comes(self) -> None:
        model = self._context.desk.model
        making = model.count(State.WORKING) + model.count(State.QUEUED)
        self._nothing.setText("Nothing needs your ears")
        coming = f"{count_of(making, 'episode is', 'episodes are')} still to be made. " if making else ""
        self._coming.setText(
            f"{coming}What the checks flag comes here by itself, and one of every ten that pass, drawn at random: "
            "a person hears those so that what the checks miss is found."
        )

    def _follow(self) -> None:
        """Put the cursor on the chosen episode."""
        row = self.queue.row_of(self._context.choice.id)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._choosing = True
        if row is None:
            self.table.clearSelection()
        elif row != self.table.currentIndex().row() or not self.table.selectionModel().isRowSelected(row):
            self.table.selectionModel().setCurrentIndex(self.queue.index(row, 0), flags)
        self._choosing = False

    def _choose(self, row: int) -> None:
        if not self._choosing and 0 <= row < len(self.queue.rows):
            self._context.choice.asked.emit(self.queue.rows[row].episode.id)

    def _show_keys(self) -> None:
        commands = self._context.commands
        self._keys.setText(" · ".join(f"{key} {words}" for do, words in _STEPS if (key := commands.key(do))))
        key = commands.key(Do.UNDO)
        self._hint.setText(f"{key} takes the last one back" if key else "")

    def _show_decided(self) -> None:
        done = self._context.sitting.done
        clear_layout(self._list)
        for each in reversed(done[-SHOWN:]):
            self._list.addWidget(self._line(each))
        self._below.setVisible(bool(done))
        self._decided.setText(f"{len(done):,} decided in this sitting")

    def _line(self, done: Done) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, look.S, 0)
        row.setSpacing(look.S)
        icon = QLabel()
        icon.setPixmap(self._theme.pixmap(done.icon, Tone.NEUTRAL, 14, self.devicePixelRatioF()))
        row.addWidget(icon)
        row.addWidget(ElidedLabel(done.words), 1)
        row.addWidget(label(f"{done.at:%H:%M}", "muted"))
        if done.back is not None:
            back = button("Take back", "quiet")
            back.setAccessibleName(f"Take back: {done.words}")
            back.clicked.connect(lambda: self._context.sitting.take_back(done))
            row.addWidget(back)
        line.setFixedHeight(32)
        return line

    def _build(self) -> None:
        table = self.table
        table.setModel(self.queue)
        table.setAccessibleName("Episodes that need your ears")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.setIconSize(QSize(16, 16))
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(look.ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        for section, wide in enumerate(_WIDTHS):
            fixed, stretched = QHeaderView.ResizeMode.Fixed, QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(section, fixed if wide else stretched)
            if wide:
                header.resizeSection(section, wide)
        head = QVBoxLayout()
        head.setContentsMargins(look.M + 2, look.M, look.M, look.S)
        head.setSpacing(2)
        head.addWidget(self._head)
        head.addWidget(self._order)
        head.addWidget(self._keys)
        queue = QWidget()
        column = QVBoxLayout(queue)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._stack, 1)
        whole.addWidget(self._decisions())
        # Only now: a stack shows its first widget at once, which without a parent would be a window.
        self._stack.addWidget(queue)
        self._stack.addWidget(self._empty())

    def _empty(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setSpacing(look.S)
        column.addStretch(2)
        for line in (self._icon, self._nothing, self._coming):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._coming.setFixedWidth(440)
        column.addWidget(self._icon)
        column.addWidget(self._nothing)
        middle = QHBoxLayout()  # an alignment would take the height of one line for all of them
        middle.addStretch(1)
        middle.addWidget(self._coming)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(3)
        return empty

    def _decisions(self) -> QWidget:
        column = QVBoxLayout(self._below)
        column.setContentsMargins(look.M + 2, look.S, look.M, look.S)
        column.setSpacing(look.XS)
        head = QHBoxLayout()
        head.addWidget(self._decided)
        head.addStretch(1)
        head.addWidget(self._hint)
        column.addLayout(head)
        inside = QWidget()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        held = QVBoxLayout(inside)
        held.setContentsMargins(0, 0, 0, 0)
        held.addLayout(self._list)
        held.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setMaximumHeight(HEIGHT)
        column.addWidget(scroll)
        return self._below

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("ear", Tone.ACCENT, 48, self.devicePixelRatioF()))
        self._show_decided()
        text = self._theme.colour("text").name()
        self.table.setStyleSheet(f"QTableView {{ selection-color: {text}; }} QTableView::item {{ padding: 0 5px; }}")
