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
STACKS = (("Batch",), ("Review",), ("Voice and money", "Window", "Wave"))


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
        shown = {
            group: [(_shown(command.keys), command.words) for command in COMMANDS if command.group == group]
            for group in dict.fromkeys(command.group for command in COMMANDS)
        }
        shown["Wave"] = list(WAVE_KEYS)
        for stack in STACKS:
            groups.addLayout(_stack(*((name, shown[name]) for name in stack)))
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
    return column


def _stack(*groups: tuple[str, list[tuple[str, str]]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look.L)
    for name, rows in groups:
        column.addLayout(_group(name, rows))
    column.addStretch(1)
    return column
