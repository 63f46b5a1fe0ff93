"""Editors of settings, made from their declarations: label, help, range, unit, choices."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.domain.errors import SettingError
from studio.domain.settings import Option, Settings, Value, check, option
from studio.ui import theme as look
from studio.ui.number_box import NumberBox
from studio.ui.parts import Chooser, button, label

_EMPTY: Final = "nothing"
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
    """One setting's editor with its help, its default and the way back to it; what cannot be is said as it is typed."""

    def __init__(self, name: str, value: Value) -> None:
        self.name = name
        self.declared = option(name)
        declared: Any = Settings.__dataclass_fields__[name]
        self.default: Value = declared.default  # from there: to make a `Settings` is to check all of them
        # By what the setting is, not by what it happens to hold: 20 may stand for 20.0.
        self.widget, self.changed, self.read, self.write = _editor(self.declared, self.default)
        self.write(value)
        self.widget.setAccessibleName(self.declared.label)
        self.widget.setAccessibleDescription(self.declared.help)
        self.widget.setToolTip(_range(self.declared))
        self._wrong = label("", "wrong", wrap=True)
        self._back = button("Reset", "reset")
        self._back.setToolTip(f"Back to {self.default_words}")
        self._back.setAccessibleName(f"Reset “{self.declared.label}” to {self.default_words}")
        self._back.clicked.connect(self.reset)
        self.changed.connect(self._follow)
        self._follow()

    @property
    def words(self) -> str:
        """What a search looks through."""
        choices = " ".join(_CHOICE_WORDS.get(each, each) for each in self.declared.choices)
        declared = self.declared
        return f"{self.name} {declared.label} {declared.help} {declared.unit} {choices}".casefold()

    @property
    def default_words(self) -> str:
        """The default as a person would write it."""
        default, declared = self.default, self.declared
        if isinstance(default, bool):
            return "On" if default else "Off"
        if isinstance(default, str):
            return _CHOICE_WORDS.get(default, default) or _EMPTY
        return f"{default:,g} {declared.unit}".rstrip()

    @property
    def problem(self) -> str:
        """Why it cannot be what stands there, in sentences; empty where it can."""
        try:
            check(self.name, self.read())
        except SettingError as error:
            return str(error)
        return ""

    def reset(self) -> None:
        """Go back to the default."""
        self.write(self.default)
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)  # the button is about to go

    def say(self, problem: str) -> None:
        """Say a sentence beside the editor; none where it is empty."""
        self._wrong.setText(problem)
        self._wrong.setVisible(bool(problem))
        described = self.declared.help
        self.widget.setAccessibleDescription(f"{problem} {described}" if problem else described)

    def place(self, grid: QGridLayout, row: int, width: int) -> list[QWidget]:
        """Put texts and editor into a row of `grid`; returns what stands there."""
        texts, editing = self._texts(), self._editing(width)
        grid.addWidget(texts, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(editing, row, 1, Qt.AlignmentFlag.AlignTop)
        return [texts, editing]

    def _texts(self) -> QWidget:
        """Its label and its help, one under the other."""
        made = QWidget()
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(look.S)
        head.addWidget(label(self.declared.label))
        head.addWidget(self._back)
        head.addStretch(1)
        lines.addLayout(head)
        lines.addWidget(label(f"{self.declared.help} Default: {self.default_words}.", "muted", wrap=True))
        return made

    def _editing(self, width: int) -> QWidget:
        """The editor, and under it what is wrong with what stands in it."""
        made = QWidget()
        made.setFixedWidth(width)
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(look.XS)
        lines.addWidget(self.widget)
        lines.addWidget(self._wrong)
        return made

    def _follow(self) -> None:
        self.say(self.problem)
        self._back.setVisible(self.read() != self.default)


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
    if isinstance(like, int | float):
        number = NumberBox(declared.low, declared.high, declared.unit, whole=isinstance(like, int))
        return _Editor(number, number.edited, number.typed, number.setValue)
    line = QLineEdit()
    return _Editor(line, line.textChanged, line.text, line.setText)


def _range(declared: Option) -> str:
    if declared.low is None or declared.high is None:
        return declared.help
    return f"{declared.help}\nFrom {declared.low:g} to {declared.high:g} {declared.unit}".rstrip()
