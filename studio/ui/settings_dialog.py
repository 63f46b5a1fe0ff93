"""The settings of a project, made from their declarations: label, help, range, unit, choices."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Option, Settings, Value, option
from studio.ui import theme as look
from studio.ui.parts import Chooser, button, label

NO_END = 2**31 - 1


class Field:
    """One setting's editor and how to read it."""

    def __init__(self, name: str, value: Value) -> None:
        self.name = name
        self.declared = option(name)
        self.widget, self.read = _editor(self.declared, value)
        self.widget.setAccessibleName(self.declared.label)
        self.widget.setAccessibleDescription(self.declared.help)
        self.widget.setToolTip(_range(self.declared))


class SettingsDialog(QDialog):
    """Shows every setting; `save` gets the changed ones, valid as a whole."""

    def __init__(self, parent: QWidget, project: Project, save: Callable[[Settings], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Settings of {project.name}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 640)
        self._settings = project.settings
        self._save = save
        self._fields = [Field(item.name, getattr(project.settings, item.name)) for item in fields(Settings)]
        self._rows: list[tuple[str, list[QWidget]]] = []
        self._wrong = label("", "muted", wrap=True)
        self._search = QLineEdit()
        self._build(project)

    def accept(self) -> None:
        """Qt: take the values, or say which one cannot be."""
        try:
            changed = self._settings.with_values({item.name: item.read() for item in self._fields})
        except BatchcastError as error:
            self._wrong.setText(str(error))
            return
        if changed != self._settings:
            self._save(changed)
        super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the wheel scrolls the form; it changes only what has the keyboard."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def editor(self, name: str) -> QWidget:
        """The widget of one setting."""
        return next(item.widget for item in self._fields if item.name == name)

    def _build(self, project: Project) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        head = QHBoxLayout()
        head.addWidget(label(f"Settings of {project.name}", "heading"))
        head.addStretch(1)
        self._search.setPlaceholderText("Find a setting")
        self._search.setAccessibleName("Find a setting")
        self._search.setFixedWidth(200)
        self._search.textChanged.connect(self._narrow)
        head.addWidget(self._search)
        column.addLayout(head)
        column.addWidget(self._form(), 1)
        column.addWidget(label("They hold for what is started from now on; what is made already stays.", "muted"))
        row = QHBoxLayout()
        row.addWidget(self._wrong, 1)
        cancel, save = button("Cancel"), button("Save", "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        row.addWidget(cancel)
        row.addWidget(save)
        column.addLayout(row)

    def _form(self) -> QScrollArea:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, look.S, 0)
        grid.setHorizontalSpacing(look.L)
        grid.setVerticalSpacing(look.M)
        grid.setColumnStretch(0, 1)
        for row, item in enumerate(self._fields):
            texts = QWidget()
            lines = QVBoxLayout(texts)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(1)
            lines.addWidget(label(item.declared.label))
            lines.addWidget(label(item.declared.help, "muted", wrap=True))
            item.widget.setFixedWidth(210)
            item.widget.installEventFilter(self)
            grid.addWidget(texts, row, 0)
            grid.addWidget(item.widget, row, 1, Qt.AlignmentFlag.AlignTop)
            words = f"{item.name} {item.declared.label} {item.declared.help}".casefold()
            self._rows.append((words, [texts, item.widget]))
        grid.setRowStretch(len(self._fields), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        return scroll

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        for words, widgets in self._rows:
            for widget in widgets:
                widget.setVisible(all(word in words for word in wanted))


def _editor(declared: Option, value: Value) -> tuple[QWidget, Callable[[], Value]]:
    if isinstance(value, bool):
        switch = Chooser()
        switch.addItems(["Off", "On"])
        switch.setCurrentIndex(int(value))
        return switch, lambda: switch.currentIndex() == 1
    if declared.choices:
        choice = Chooser()
        choice.addItems(declared.choices)
        choice.setCurrentText(str(value))
        return choice, choice.currentText
    if isinstance(value, int):
        whole = QSpinBox()
        _spin(whole, declared, value, int(declared.low or 0), int(NO_END if declared.high is None else declared.high))
        return whole, whole.value
    if isinstance(value, float):
        number = QDoubleSpinBox()
        number.setDecimals(2)
        number.setSingleStep(0.01 if declared.high is not None and declared.high <= 1 else 0.1)
        low, high = declared.low, declared.high
        _spin(number, declared, value, -NO_END if low is None else low, NO_END if high is None else high)
        return number, lambda: round(number.value(), 2)
    line = QLineEdit(str(value))
    return line, line.text


def _spin(box: Any, declared: Option, value: float, low: float, high: float) -> None:
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(f" {declared.unit}" if declared.unit else "")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setGroupSeparatorShown(True)
    box.lineEdit().setTextMargins(10, 0, 10, 0)


def _range(declared: Option) -> str:
    if declared.low is None or declared.high is None:
        return declared.help
    return f"{declared.help}\nFrom {declared.low:g} to {declared.high:g} {declared.unit}".rstrip()
