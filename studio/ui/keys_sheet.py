"""The sheet of keys, shown by `?`: every command by group, searchable; a key can be pressed anew there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
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
from studio.ui.commands import COMMANDS, CommandSet, Do
from studio.ui.parts import button, fit, label, reach_last
from studio.ui.slices import Slices

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
_APART = 36  # pixels between two columns
_RESET = 80  # pixels of the button beside a key that was changed
_CAP = "capWidth"  # of a column
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A key and what it does; `do` where it can be changed."""

    words: str
    cap: QPushButton | QLabel
    said: QLabel
    group: QWidget
    do: Do | None = None


class KeysSheet(QDialog):
    """Every command and its key, in columns. It opens at once; its rows follow from the top, and none ever moves."""

    def __init__(self, parent: QWidget, commands: CommandSet) -> None:
        super().__init__(parent)
        self._commands = commands
        self._wanted: tuple[Do, str] | None = None  # a key that another command has, pressed once
        self._caps: dict[Do, KeyCap] = {}
        self._backs: dict[Do, QPushButton] = {}  # of the keys that were changed
        self._places: dict[Do, tuple[QGridLayout, int]] = {}
        self._rows: list[_Row] = []
        self._stacks = [QWidget() for _ in STACKS]
        self._making = Slices(self)
        self._search = QLineEdit()
        self._said = label("", "muted", wrap=True)
        self._all, self._close = button("All keys as they were"), button("Close")
        self._body = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        commands.changed.connect(self._show_keys)
        self._show_keys()
        fit(self, self._body.minimumSizeHint().width() + _BESIDE, MOST + _BELOW)
        self._making.begin(self._make_rows())
        self._search.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: columns that a small screen has no room for stand under each other."""
        super().resizeEvent(event)
        wide = sum(stack.minimumWidth() for stack in self._stacks) + (len(self._stacks) - 1) * _APART + look.M
        beside = self.width() >= wide + _BESIDE - look.L
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def done(self, result: int) -> None:
        """Qt: it closes."""
        self._making.begin(())
        super().done(result)

    def _show_keys(self) -> None:
        self._all.setVisible(any(self._commands.is_changed(command.do) for command in COMMANDS))
        self._widen()
        for do in self._caps:
            self._show_key(do)
        self._narrow()

    def _show_key(self, do: Do) -> None:
        cap, key = self._caps[do], self._commands.key(do)
        words = next(each.words for each in COMMANDS if each.do is do)
        cap.show_key(key)
        cap.setAccessibleName(f"{words}: {key or 'no key'}")
        if self._commands.is_changed(do) and do not in self._backs:
            self._backs[do] = back = button("Reset", "quiet")
            back.setAccessibleName(f"Reset the key of “{words}”")
            back.clicked.connect(lambda: self._reset(do))
            grid, number = self._places[do]
            grid.addWidget(back, number, 2)

    def _widen(self) -> None:
        """Give every column the width of its widest row, so that its words begin at one place from the start."""
        cap, key, room = KeyCap(), label("", "key"), self.fontMetrics()
        for probe in (cap, key):
            probe.setParent(self)
            probe.ensurePolished()
        for stack, names in zip(self._stacks, STACKS, strict=True):
            commands = [command for command in COMMANDS if command.group in names]
            caps = [_width(cap, self._commands.key(command.do) or "—") for command in commands]
            keys = [_width(key, keys) for keys, _ in WAVE_KEYS] if "Wave" in names else []
            said = [*(command.words for command in commands), *(words for _, words in WAVE_KEYS if keys)]
            reset = any(self._commands.is_changed(command.do) for command in commands)
            widest = max(map(room.horizontalAdvance, said)) + look.S + (_RESET if reset else 0)
            stack.setMinimumWidth(max([*caps, *keys]) + look.S + widest)
            stack.setProperty(_CAP, max(caps))
        for do, shown in self._caps.items():
            shown.setMinimumWidth(self._cap_width(do))
        for probe in (cap, key):
            probe.deleteLater()

    def _cap_width(self, do: Do) -> int:
        group = next(command.group for command in COMMANDS if command.do is do)
        place = next(place for place, names in enumerate(STACKS) if group in names)
        width: int = self._stacks[place].property(_CAP)
        return width

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

    def _narrow(self) -> None:
        found = set(self._show_found(self._rows))
        for group in {row.group for row in self._rows}:
            group.setVisible(group in found)

    def _show_found(self, rows: Sequence[_Row]) -> list[QWidget]:
        """Show those of these rows that have every word that was typed; returns their groups."""
        wanted = self._search.text().casefold().split()
        found = []
        for row in rows:
            fits = all(word in f"{row.words} {row.cap.text()}".casefold() for word in wanted)
            row.cap.setVisible(fits)
            row.said.setVisible(fits)
            back = self._backs.get(row.do) if row.do is not None else None
            if back is not None and row.do is not None:
                back.setVisible(fits and self._commands.is_changed(row.do))
            if fits:
                found.append(row.group)
        return found

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(look.M)
        self._search.setPlaceholderText("Search the keys")
        self._search.setAccessibleName("Search the keys")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _text: self._narrow())
        column.addWidget(self._search)
        groups = self._columns
        groups.setContentsMargins(0, 0, look.M, 0)
        groups.setSpacing(_APART)
        for stack in self._stacks:
            stacked = QVBoxLayout(stack)
            stacked.setContentsMargins(0, 0, 0, 0)
            stacked.setSpacing(look.L)
            stacked.addStretch(1)
            groups.addWidget(stack)
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
        self._close.clicked.connect(self.accept)
        row.addWidget(self._close)
        column.addLayout(row)

    def _make_rows(self) -> Iterator[None]:
        for stack, names in zip(self._stacks, STACKS, strict=True):
            for place, name in enumerate(names):
                group, grid = QWidget(stack), QGridLayout()
                column = QVBoxLayout(group)
                column.setContentsMargins(0, 0, 0, 0)
                column.setSpacing(look.S)
                column.addWidget(label(name, "heading"))
                grid.setHorizontalSpacing(look.S)
                grid.setVerticalSpacing(look.XS)
                grid.setColumnStretch(1, 1)
                column.addLayout(grid)
                stacked = stack.layout()
                if isinstance(stacked, QVBoxLayout):
                    stacked.insertWidget(place, group)
                for number, row in enumerate(_wave_rows(group) if name == "Wave" else self._command_rows(name, group)):
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    grid.addWidget(row.cap, number, 0, right if row.do is None else Qt.AlignmentFlag(0))
                    grid.addWidget(row.said, number, 1)
                    if row.do is not None:
                        self._places[row.do] = grid, number
                        self._show_key(row.do)
                    self._rows.append(row)
                    if self._search.text():
                        group.setVisible(bool(self._show_found([row])) or group.isVisibleTo(stack))
                    yield
        reach_last(self, self._all, self._close)

    def _command_rows(self, name: str, group: QWidget) -> Iterator[_Row]:
        for command in COMMANDS:
            if command.group == name:
                self._caps[command.do] = cap = KeyCap()
                cap.setMinimumWidth(self._cap_width(command.do))
                cap.setToolTip("Press it, then the key that you want")
                cap.caught.connect(lambda key, do=command.do: self._take(do, key))
                cap.toggled.connect(lambda waits, do=command.do: self._begin(do, waits))
                yield _Row(command.words, cap, label(command.words), group, command.do)


def _wave_rows(group: QWidget) -> Iterator[_Row]:
    for key, words in WAVE_KEYS:
        yield _Row(words, label(key, "key"), label(words), group)


def _width(part: QPushButton | QLabel, words: str) -> int:
    part.setText(words)
    return part.sizeHint().width()
