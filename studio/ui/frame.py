"""Where the parts of the window stand: bar, rail, messages, page, dock, panel, status line."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QScrollArea, QSplitter, QVBoxLayout, QWidget

from studio.ui import theme as look

PANEL_WIDTH = 318
LEAST: Final = QSize(1040, 640)  # pixels in which everything has its place
SMALLEST: Final = QSize(480, 320)


class Frame:
    """Places them once, and shows or hides those that belong to the sound of an episode."""

    def __init__(
        self,
        window: QMainWindow,
        top_bar: QWidget,
        rail: QWidget,
        notices: QWidget,
        pages: QWidget,
        dock: QWidget,
        panel: QWidget,
        status: QWidget,
    ) -> None:
        self._dock, self._panel = dock, panel
        self._splits = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        # Above whichever page is in front: what must not be overlooked is not for one of them.
        held = QWidget()
        held_row = QHBoxLayout(held)
        held_row.setContentsMargins(look.M, 0, look.M, 0)
        notices.setProperty("held", True)  # which keeps it clear of the bar above
        held_row.addWidget(notices)
        front = QWidget()
        front_column = QVBoxLayout(front)
        front_column.setContentsMargins(0, 0, 0, 0)
        front_column.setSpacing(0)
        front_column.addWidget(held)
        front_column.addWidget(pages, 1)
        middle, across = self._splits
        middle.setHandleWidth(3)
        middle.setChildrenCollapsible(False)
        middle.addWidget(front)
        middle.addWidget(dock)
        middle.setStretchFactor(0, 1)
        middle.setSizes([560, 280])
        across.setHandleWidth(3)
        across.setChildrenCollapsible(False)
        across.addWidget(middle)
        across.addWidget(panel)
        across.setStretchFactor(0, 1)
        across.setSizes([1050, PANEL_WIDTH])
        panel.setMinimumWidth(296)
        panel.setMaximumWidth(520)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(rail)
        body.addWidget(across, 1)
        central = QWidget()
        central.setMinimumSize(LEAST)
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top_bar)
        column.addLayout(body, 1)
        column.addWidget(status)
        # A screen that holds less, as one of 1440 by 900 at 200%, shows a part of it, and bars to get at the rest.
        holder = QScrollArea()
        holder.setWidgetResizable(True)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder.setWidget(central)
        window.setCentralWidget(holder)
        window.setMinimumSize(SMALLEST)
        dock.hide()

    def show_sound(self, *, with_page: bool, any_sound: bool) -> None:
        """Whether the page in front has dock and panel beside it, and whether there are episodes to hear."""
        shown = with_page, with_page and any_sound
        if shown != (not self._panel.isHidden(), not self._dock.isHidden()):
            self._panel.setVisible(shown[0])
            self._dock.setVisible(shown[1])
            for split in self._splits:  # now: Qt would do it after a page was laid out in the room that there was
                split.refresh()
