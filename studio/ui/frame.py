"""Where the parts of the window stand: bar, rail, page, dock, panel, status line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

PANEL_WIDTH = 318


class Frame:
    """Places them once, and shows or hides those that belong to the sound of an episode."""

    def __init__(
        self,
        window: QMainWindow,
        top_bar: QWidget,
        rail: QWidget,
        pages: QWidget,
        dock: QWidget,
        panel: QWidget,
        status: QWidget,
    ) -> None:
        self._dock, self._panel = dock, panel
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setHandleWidth(3)
        middle.setChildrenCollapsible(False)
        middle.addWidget(pages)
        middle.addWidget(dock)
        middle.setStretchFactor(0, 1)
        middle.setSizes([560, 280])
        across = QSplitter(Qt.Orientation.Horizontal)
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
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top_bar)
        column.addLayout(body, 1)
        column.addWidget(status)
        window.setCentralWidget(central)
        dock.hide()

    def show_sound(self, *, with_page: bool, any_sound: bool) -> None:
        """Whether the page in front has dock and panel beside it, and whether there are episodes to hear."""
        self._panel.setVisible(with_page)
        self._dock.setVisible(with_page and any_sound)
