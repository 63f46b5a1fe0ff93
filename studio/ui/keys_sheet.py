"""The sheet of keys, shown by `?`: every command by group, searchable; a key can be pressed anew there."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui import theme as look
from studio.ui.commands import COMMANDS, Command, CommandSet, Do
from studio.ui.parts import button, fit, label

WAVE_KEYS = (
    ("Wheel, pinch", "Zoom at the pointer"),
    ("Shift+wheel", "Move; or drag the ruler"),
    ("Drag", "Mark a stretch; Shift+click extends it"),
    ("Click", "Go there"),
    ("Double-click", "Hear a place, or mark a word"),
    ("Left, Right", "Back or on, 5 s or a tenth of the view"),
    ("Ctrl+arrow", "From word to word"),
    ("Shift+arrow", "Mark a stretch; with Ctrl by words"),
    ("Page Up, Down", "Turn the page"),
)
STACKS = (("Batch", "Scripts", "Voice and money"), ("Review", "Sound"), ("Window", "Wave"))
MOST = 640  # pixels of keys; more are scrolled
_BESIDE, _BELOW = 64, 130  # pixels of margins, and of what stands above and below the keys
_ALONE = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta})


class KeyCap(QPushButton):
    """The key of a command. Pressed, it waits for another one; Escape keeps what it is."""

    caught = Signal(str)  # a key, in portable writing

    def __init__(self) -> None:
        super().__init__()
        self._key = ""
        self.setProperty("kind", "cap")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.toggled.connect(self._show)

    def show_key(self, key: str) -> None:
        """The key as it is."""
        self._key = key
        self.setChecked(False)
        self._show()

    def event(self, event: QEvent) -> bool:
        """Qt: while it waits, Tab is a key as well."""
        if self.isChecked() and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._catch(event)
            return True
        return super().event(event)

    def _catch(self, event: QKeyEvent) -> None:
        if event.key() in _ALONE:
            return
        if event.key() == Qt.Key.Key_Escape:
            self.setChecked(False)
            return
        self.caught.emit(written(event))

    def _show(self) -> None:
        self.setText("Press a key…" if self.isChecked() else self._key or "—")


def written(event: QKeyEvent) -> str:
    """A pressed key in portable writing. A sign that is typed with Shift is that sign, as `?`."""
    combination = event.keyCombination()
    sign = event.text()
    shifted = combination.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier
    if shifted and sign.strip() and sign.isprintable() and not sign.isalpha():
        return QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText)
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)


class KeysSheet(QDialog):
    """Every command and its key, in columns."""

    def __init__(self, parent: QWidget, commands: CommandSet) -> None:
        super().__init__(parent)
        self._commands = commands
        self._wanted: tuple[Do, str] | None = None  # a key that another command has, pressed once
        self._caps: dict[Do, KeyCap] = {}
        self._backs: dict[Do, QPushButton] = {}
        self._rows: list[tuple[str, tuple[QWidget, ...], QWidget]] = []  # words, widgets of a row, its group
        self._search = QLineEdit()
        self._said = label("", "muted", wrap=True)
        self._all = button("All keys as they were")
        self._body = QWidget()
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        commands.changed.connect(self._show_keys)
        self._show_keys()
        wanted = self._body.sizeHint()
        fit(self, wanted.width() + _BESIDE, min(wanted.height(), MOST) + _BELOW)
        self._search.setFocus()

    def _show_keys(self) -> None:
        for do, cap in self._caps.items():
            command = next(each for each in COMMANDS if each.do is do)
            key = self._commands.key(do)
            cap.show_key(key)
            cap.setAccessibleName(f"{command.words}: {key or 'no key'}")
            cap.setToolTip("Press it, then the key that you want")
            self._backs[do].setVisible(self._commands.is_changed(do))
            self._backs[do].setEnabled(self._commands.is_changed(do))
        self._all.setVisible(any(map(self._commands.is_changed, self._caps)))
        for stack in STACKS:  # of one width, so that the words of a column begin at one place
            caps = [self._caps[command.do] for command in COMMANDS if command.group in stack]
            for cap in caps:
                cap.setMinimumWidth(0)
                cap.ensurePolished()
            widest = max(cap.sizeHint().width() for cap in caps)
            for cap in caps:
                cap.setMinimumWidth(widest)

    def _take(self, do: Do, key: str) -> None:
        other = self._commands.of_key(key)
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        if other is not None and other is not do and self._wanted != (do, key):
            self._wanted = (do, key)
            words = next(each.words for each in COMMANDS if each.do is other)
            self._said.setText(
                f"{shown} is the key of “{words}”. Press it once more to move it here, Esc keeps it there."
            )
            return
        self._wanted = None
        self._commands.set_key(do, key)
        lost = (
            f"; “{next(each.words for each in COMMANDS if each.do is other)}” has none now"
            if other not in {None, do}
            else ""
        )
        self._said.setText(f"{shown} it is{lost}." if lost else "Kept. It is the same at the next start.")

    def _begin(self, do: Do, waits: bool) -> None:
        if waits:
            self._wanted = None
            self._said.setText("Press the key that you want, Esc keeps the one that it has.")
            for other, cap in self._caps.items():
                if other is not do:
                    cap.setChecked(False)

    def _reset(self, do: Do | None) -> None:
        self._wanted = None
        self._commands.reset(do)
        self._said.setText("As it was shipped." if do else "All keys are as they were shipped.")

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        shown: set[QWidget] = set()
        for words, widgets, group in self._rows:
            key = " ".join(each.text() for each in widgets if isinstance(each, QPushButton | QLabel))
            fits = all(word in f"{words} {key}".casefold() for word in wanted)
            for each in widgets:
                each.setVisible(fits and (each.isEnabled() or not isinstance(each, QPushButton)))
            if fits:
                shown.add(group)
        for group in {group for *_, group in self._rows}:
            group.setVisible(group in shown)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(look.M)
        self._search.setPlaceholderText("Search the keys")
        self._search.setAccessibleName("Search the keys")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._narrow)
        column.addWidget(self._search)
        groups = QHBoxLayout(self._body)
        groups.setContentsMargins(0, 0, look.M, 0)
        groups.setSpacing(36)
        for stack in STACKS:
            stacked = QVBoxLayout()
            stacked.setSpacing(look.L)
            for name in stack:
                stacked.addWidget(self._group(name))
            stacked.addStretch(1)
            groups.addLayout(stacked)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        column.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        self._all.clicked.connect(lambda: self._reset(None))
        row.addWidget(self._all)
        close = button("Close")
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def _group(self, name: str) -> QWidget:
        group = QWidget()
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.S)
        column.addWidget(label(name, "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.S)
        grid.setVerticalSpacing(look.XS)
        grid.setColumnStretch(1, 1)
        if name == "Wave":
            for number, (key, words) in enumerate(WAVE_KEYS):
                cap, said = label(key, "key"), label(words)
                grid.addWidget(cap, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(said, number, 1)
                self._rows.append((words, (cap, said), group))
        else:
            for number, command in enumerate(each for each in COMMANDS if each.group == name):
                self._add_command(grid, number, command, group)
        column.addLayout(grid)
        return group

    def _add_command(self, grid: QGridLayout, number: int, command: Command, group: QWidget) -> None:
        do, cap, said, back = command.do, KeyCap(), label(command.words), button("Reset", "quiet")
        cap.caught.connect(lambda key: self._take(do, key))
        cap.toggled.connect(lambda waits: self._begin(do, waits))
        back.setAccessibleName(f"Reset the key of “{command.words}”")
        back.clicked.connect(lambda: self._reset(do))
        self._caps[do], self._backs[do] = cap, back
        grid.addWidget(cap, number, 0)
        grid.addWidget(said, number, 1)
        grid.addWidget(back, number, 2)
        self._rows.append((command.words, (cap, said, back), group))
