"""Rows of the batch table that are dragged to another place in the queue."""

import json
from collections.abc import Collection, Sequence

from PySide6.QtCore import QMimeData, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QDropEvent, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QTableView

from studio.domain.episode import Episode, State
from studio.ui import theme as look
from studio.ui.episode_filter import EpisodeFilter
from studio.ui.theme import Theme
from studio.ui.wording import count_of

MIME = "application/x-batchcast-episodes"
EDGE = 28  # pixels from the edge within which the table scrolls along
SCROLL_MS = 30


class RowDrag(QObject):
    """What is dragged, where it would land, and the line that shows it. What is not from the table is not its own."""

    moved = Signal(object, object)  # list[int], int | None: put these before that one; at the end of the queue

    def __init__(self, table: QTableView, shown: EpisodeFilter, theme: Theme) -> None:
        super().__init__(table)
        self._table = table
        self._shown = shown
        self._theme = theme
        self._line: int | None = None  # the row above which the dragged ones would land
        self._pace = 0
        self._scroll = QTimer(self, interval=SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)
        table.setDragEnabled(True)
        table.setAcceptDrops(True)

    def begin(self, chosen: Sequence[Episode]) -> None:
        """Take up those of the chosen rows that wait."""
        ids = [episode.id for episode in chosen if episode.state is State.QUEUED]
        if not ids:
            return
        drag = QDrag(self._table)
        drag.setMimeData(carried(ids))
        drag.setPixmap(self._picture(count_of(len(ids), "episode")))
        drag.setHotSpot(QPoint(-10, -6))
        drag.exec(Qt.DropAction.MoveAction)
        self.withdraw()

    def offer(self, event: QDropEvent) -> bool:
        """Something hovers; whether it is rows of this table."""
        if not event.mimeData().hasFormat(MIME):
            return False
        at = event.position().toPoint()
        self._line = self._row_at(at.y())
        height = self._table.viewport().height()
        self._pace = -1 if at.y() < EDGE else 1 if at.y() > height - EDGE else 0
        if self._pace and not self._scroll.isActive():
            self._scroll.start()
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self._table.viewport().update()
        return True

    def take(self, event: QDropEvent) -> bool:
        """It was let go; whether it was rows of this table."""
        if not self.offer(event):
            return False
        ids = [int(each) for each in json.loads(event.mimeData().data(MIME).toStdString())]
        row = self._line if self._line is not None else 0
        self.withdraw()
        self.moved.emit(ids, self._before(row, set(ids)))
        return True

    def withdraw(self) -> None:
        """It went away."""
        self._line = None
        self._scroll.stop()
        self._table.viewport().update()

    def draw(self, painter: QPainter) -> None:
        """The line where the rows would land."""
        if self._line is None:
            return
        top = self._table.rowViewportPosition(self._line)
        if self._line >= self._shown.rowCount():
            top = self._table.rowViewportPosition(self._line - 1) + look.ROW_HEIGHT
        painter.fillRect(QRect(0, max(0, top - 1), self._table.viewport().width(), 2), self._theme.colour("accent"))

    def _row_at(self, y: int) -> int:
        row = self._table.rowAt(y)
        if row < 0:
            return self._shown.rowCount()
        return row + (y - self._table.rowViewportPosition(row) > look.ROW_HEIGHT // 2)

    def _before(self, row: int, ids: Collection[int]) -> int | None:
        """Who is to come directly after the dragged ones, of all that wait, also of those that a filter hides."""
        for each in range(row, self._shown.rowCount()):
            episode = self._shown.at(each)
            if episode.state is State.QUEUED and episode.id not in ids:
                return episode.id
        line = self._shown.source.line
        for each in range(row - 1, -1, -1):
            episode = self._shown.at(each)
            if episode.state is State.QUEUED and episode.id not in ids:
                behind = line.from_place(line.place(episode.id) + 1)
                return next((other for other in behind if other not in ids), None)
        return None

    def _scroll_on(self) -> None:
        if self._line is None or not self._pace:
            self._scroll.stop()
            return
        bar = self._table.verticalScrollBar()
        bar.setValue(bar.value() + self._pace * look.ROW_HEIGHT // 2)

    def _picture(self, text: str) -> QPixmap:
        font = look.font(look.SECONDARY, look.MEDIUM)
        size = QSize(QFontMetrics(font).horizontalAdvance(text) + 24, look.CHIP_HEIGHT + 4)
        scale = self._table.devicePixelRatioF()
        made = QPixmap(size * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour("raised"))
        painter.setPen(self._theme.colour("accent"))
        painter.drawRoundedRect(QRect(QPoint(0, 0), size).adjusted(0, 0, -1, -1), look.RADIUS, look.RADIUS)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(QRect(QPoint(0, 0), size), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return made


def carried(ids: Sequence[int]) -> QMimeData:
    """These episodes, as they are dragged."""
    data = QMimeData()
    data.setData(MIME, json.dumps(list(ids)).encode())
    return data
