"""A list that is folded up under its own heading until someone wants to see it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, clear_layout, label
from studio.ui.theme import Theme
from studio.ui.wording import LEFT_TO_RIGHT

MOST = 200  # lines; more are counted


class Folded(QWidget):
    """A heading that opens and shuts what is under it. The lines become widgets only when it is opened."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: Sequence[str] = ()
        self._heading = button("", "fold")
        self._heading.setCheckable(True)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(look.M + 2, 2, 0, look.S)
        self._column.setSpacing(look.S - 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)
        self._body.hide()
        self._heading.toggled.connect(self._fold)
        theme.changed.connect(self._draw)
        self._draw()

    def show_lines(self, heading: str, lines: Sequence[str]) -> None:
        """Say something else, folded up; nothing at all where there are no lines."""
        self._lines = lines
        self._heading.setText(heading)
        self._heading.setAccessibleName(heading)
        self._heading.setChecked(False)
        clear_layout(self._column)
        self.setVisible(bool(lines))

    def _fold(self, opened: bool) -> None:
        clear_layout(self._column)
        if opened:
            for line in self._lines[:MOST]:
                self._column.addWidget(label(f"{LEFT_TO_RIGHT}{line}", "muted", wrap=True))
            if len(self._lines) > MOST:
                self._column.addWidget(label(f"and {len(self._lines) - MOST:,} more", "muted"))
        self._body.setVisible(opened)
        self._draw()

    def _draw(self) -> None:
        self._heading.setIcon(self._theme.icon("minus" if self._heading.isChecked() else "plus"))
