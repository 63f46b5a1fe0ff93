"""The sheet of keys, shown by `?`."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.commands import COMMANDS
from studio.ui.parts import button, label

WAVE_KEYS = (
    ("Wheel", "Zoom at the pointer"),
    ("Shift+wheel, drag", "Move through the sound"),
    ("Click", "Go there"),
    ("Double-click", "Hear a marked place"),
    ("Left, Right", "5 s back or on (with Shift 1 s)"),
)


class KeysSheet(QDialog):
    """Every command and its key, in columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(look.L)
        groups = QHBoxLayout()
        groups.setSpacing(40)
        for group in dict.fromkeys(command.group for command in COMMANDS):
            rows = [(_shown(command.keys), command.words) for command in COMMANDS if command.group == group]
            if group == "Window":
                groups.addLayout(_group_pair((group, rows), ("Wave", list(WAVE_KEYS))))
            else:
                groups.addLayout(_group(group, rows))
        column.addLayout(groups)
        row = QHBoxLayout()
        row.addStretch(1)
        close = button("Close")
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)


def _shown(keys: tuple[str, ...]) -> str:
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def _group(name: str, rows: list[tuple[str, str]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look.S)
    column.addWidget(label(name, "heading"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.M)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for number, (key, words) in enumerate(rows):
        cap = label(key, "key")
        grid.addWidget(cap, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label(words), number, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column


def _group_pair(first: tuple[str, list[tuple[str, str]]], second: tuple[str, list[tuple[str, str]]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look.L)
    column.addLayout(_group(*first))
    column.addLayout(_group(*second))
    return column
