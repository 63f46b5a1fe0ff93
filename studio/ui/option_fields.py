"""Editors of settings, made from their declarations: label, help, range, unit, choices."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from studio.domain.settings import Option, Settings, Value, option
from studio.ui.parts import Chooser, label

NO_END: Final = 2**31 - 1
_CHOICE_WORDS: Final = {
    "mp3_44100_64": "MP3, 64 kbit/s",
    "mp3_44100_96": "MP3, 96 kbit/s",
    "mp3_44100_128": "MP3, 128 kbit/s",
    "mp3_44100_192": "MP3, 192 kbit/s",
    "wav_24000": "WAV, 24 kHz",
    "wav_44100": "WAV, 44.1 kHz",
}


Take = Callable[[Mapping[str, Value]], None]
"""Takes values of settings by their names."""


class _Editor(NamedTuple):
    widget: QWidget
    changed: SignalInstance
    read: Callable[[], Value]
    write: Callable[[Any], None]


class Field:
    """One setting's editor, and how to read and write it."""

    def __init__(self, name: str, value: Value) -> None:
        self.name = name
        self.declared = option(name)
        # By what the setting is, not by what it happens to hold: 20 may stand for 20.0.
        self.widget, self.changed, self.read, self.write = _editor(self.declared, getattr(Settings(), name))
        self.write(value)
        self.widget.setAccessibleName(self.declared.label)
        self.widget.setAccessibleDescription(self.declared.help)
        self.widget.setToolTip(_range(self.declared))

    @property
    def words(self) -> str:
        """What a search looks through."""
        return f"{self.name} {self.declared.label} {self.declared.help}".casefold()

    def texts(self) -> QWidget:
        """Its label and its help, one under the other."""
        made = QWidget()
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(1)
        lines.addWidget(label(self.declared.label))
        lines.addWidget(label(self.declared.help, "muted", wrap=True))
        return made

    def place(self, grid: QGridLayout, row: int, width: int) -> list[QWidget]:
        """Put texts and editor into a row of `grid`; returns what stands there."""
        texts = self.texts()
        self.widget.setFixedWidth(width)
        grid.addWidget(texts, row, 0)
        grid.addWidget(self.widget, row, 1, Qt.AlignmentFlag.AlignTop)
        return [texts, self.widget]


class WheelGuard(QObject):
    """The wheel scrolls the form; it changes only what has the keyboard."""

    def guard(self, field: Field) -> None:
        """Watch over an editor."""
        field.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: swallow the wheel over what has no focus."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _editor(declared: Option, like: Value) -> _Editor:
    if isinstance(like, bool):
        switch = Chooser()
        switch.addItems(["Off", "On"])
        changed = switch.currentIndexChanged
        return _Editor(
            switch, changed, lambda: switch.currentIndex() == 1, lambda new: switch.setCurrentIndex(int(new))
        )
    if declared.choices:
        choice = Chooser()
        for each in declared.choices:
            choice.addItem(_CHOICE_WORDS.get(each, each), each)
        changed = choice.currentIndexChanged
        return _Editor(choice, changed, choice.currentData, lambda new: choice.setCurrentIndex(choice.findData(new)))
    if isinstance(like, int):
        whole = QSpinBox()
        _spin(whole, declared, int(declared.low or 0), int(NO_END if declared.high is None else declared.high))
        return _Editor(whole, whole.valueChanged, whole.value, whole.setValue)
    if isinstance(like, float):
        number = QDoubleSpinBox()
        number.setDecimals(2)
        number.setSingleStep(0.01 if declared.high is not None and declared.high <= 1 else 0.1)
        low, high = declared.low, declared.high
        _spin(number, declared, -NO_END if low is None else low, NO_END if high is None else high)
        return _Editor(number, number.valueChanged, lambda: round(number.value(), 2), number.setValue)
    line = QLineEdit()
    return _Editor(line, line.textChanged, line.text, line.setText)


def _spin(box: Any, declared: Option, low: float, high: float) -> None:
    box.setRange(low, high)
    box.setSuffix(f" {declared.unit}" if declared.unit else "")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setGroupSeparatorShown(True)
    box.lineEdit().setTextMargins(10, 0, 10, 0)


def _range(declared: Option) -> str:
    if declared.low is None or declared.high is None:
        return declared.help
    return f"{declared.help}\nFrom {declared.low:g} to {declared.high:g} {declared.unit}".rstrip()
