"""The settings of a project, under headings, with a search over all of them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Settings, Value
from studio.domain.voice import VoiceRef
from studio.ui import theme as look
from studio.ui.option_fields import Field, Take, WheelGuard
from studio.ui.parts import ElidedLabel, button, label
from studio.ui.preset_chooser import PresetChooser
from studio.ui.setting_groups import GROUPS, SettingGroup
from studio.ui.wording import isolated

EDITOR_WIDTH = 210


class SettingsDialog(QDialog):
    """Shows every setting; `save` gets the changed ones, valid as a whole.

    `choose_voice` is called with the settings as they stand here, and with what takes the ones that were chosen.
    """

    def __init__(
        self,
        parent: QWidget,
        project: Project,
        save: Callable[[Settings], None],
        choose_voice: Callable[[QWidget, Settings, Take], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Settings of {project.name}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 680)
        self._settings = project.settings
        self._save = save
        self._choose_voice = choose_voice
        names = [name for group in GROUPS for name in group.names]
        self._fields = {name: Field(name, getattr(project.settings, name)) for name in names}
        self._rows: dict[str, list[QWidget]] = {}
        self._sections: dict[SettingGroup, QWidget] = {}
        self._guard = WheelGuard(self)
        self._wrong = label("", "muted", wrap=True)
        self._search = QLineEdit()
        self._jumps = QButtonGroup(self)
        self._scroll = QScrollArea()
        self._body = QWidget()
        self._nothing = label("No setting is called that.", "muted")
        self._build(project)

    def show_group(self, title: str) -> None:
        """Bring a group into view, and the keyboard to its first setting."""
        group = next(group for group in GROUPS if group.title == title)
        self._search.clear()
        # Its place is known only after the layout, which Qt puts off until the dialog is shown.
        self._body.adjustSize()
        self._scroll.verticalScrollBar().setValue(self._sections[group].y())
        self._fields[group.names[0]].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Qt: take the values, or say which one cannot be."""
        try:
            changed = self._settings.with_values(self._values())
        except BatchcastError as error:
            self._wrong.setText(str(error))
            return
        if changed != self._settings:
            self._save(changed)
        super().accept()

    def editor(self, name: str) -> QWidget:
        """The widget of one setting."""
        return self._fields[name].widget

    def take(self, values: Mapping[str, Value]) -> None:
        """Put `values` into their editors; they are kept with the rest."""
        for name, value in values.items():
            self._fields[name].write(value)

    def _values(self) -> dict[str, Value]:
        return {name: field.read() for name, field in self._fields.items()}

    def _current(self) -> Settings | None:
        """The settings as they stand here; None while they cannot be."""
        try:
            return self._settings.with_values(self._values())
        except BatchcastError:
            return None

    def _ask_brand(self) -> None:
        known = str(self._fields["brand"].read())
        path, _ = QFileDialog.getOpenFileName(self, "Choose a brand file", known, "Brand files (*.toml)")
        if path:
            self._fields["brand"].write(path)

    def _ask_voice(self) -> None:
        try:
            current = self._settings.with_values(self._values())
            VoiceRef.parse(current.voice)
        except BatchcastError as error:
            self._wrong.setText(str(error))
            return
        self._choose_voice(self, current, self.take)

    def _build(self, project: Project) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        head = QHBoxLayout()
        head.setSpacing(look.L)
        head.addWidget(ElidedLabel(f"Settings of {isolated(project.name)}", "heading"), 1)
        self._search.setPlaceholderText("Find a setting")
        self._search.setAccessibleName("Find a setting")
        self._search.setFixedWidth(EDITOR_WIDTH)
        self._search.textChanged.connect(self._narrow)
        head.addWidget(self._search)
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setSpacing(look.L)
        middle.addLayout(self._contents())
        middle.addWidget(self._form(), 1)
        column.addLayout(middle, 1)
        column.addWidget(label("They hold for what is started from now on; what is made already stays.", "muted"))
        row = QHBoxLayout()
        row.addWidget(self._wrong, 1)
        cancel, save = button("Cancel"), button("Save", "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        row.addWidget(cancel)
        row.addWidget(save)
        column.addLayout(row)
        self._search.setFocus()

    def _contents(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        for group in GROUPS:
            jump = button(group.title, "jump")
            jump.setToolTip(group.about)
            jump.setFixedWidth(112)
            jump.clicked.connect(lambda _checked=False, title=group.title: self.show_group(title))
            self._jumps.addButton(jump)
            column.addWidget(jump)
        column.addStretch(1)
        return column

    def _form(self) -> QScrollArea:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, look.S, 0)
        column.setSpacing(0)
        for group in GROUPS:
            section = self._section(group)
            self._sections[group] = section
            column.addWidget(section)
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        return self._scroll

    def _section(self, group: SettingGroup) -> QWidget:
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(0, 0, 0, look.L)
        grid.setHorizontalSpacing(look.L)
        grid.setVerticalSpacing(look.M)
        grid.setColumnStretch(0, 1)
        head = QVBoxLayout()
        head.setSpacing(1)
        head.addWidget(label(group.title, "heading"))
        head.addWidget(label(group.about, "muted", wrap=True))
        grid.addLayout(head, 0, 0)
        beside = self._beside(group)
        if beside is not None:
            beside.setFixedWidth(EDITOR_WIDTH)
            grid.addWidget(beside, 0, 1, Qt.AlignmentFlag.AlignTop)
        for row, name in enumerate(group.names, start=1):
            field = self._fields[name]
            self._guard.guard(field)
            self._rows[name] = field.place(grid, row, EDITOR_WIDTH)
        return section

    def _beside(self, group: SettingGroup) -> QWidget | None:
        """What stands beside the heading of a group, and sets what is in it."""
        if "voice" in group.names:
            choose = button("Choose and hear voices…")
            choose.clicked.connect(self._ask_voice)
            return choose
        if "brand" in group.names:
            find = button("Choose a file…")
            find.clicked.connect(self._ask_brand)
            return find
        if "loudness_lufs" in group.names:
            presets = PresetChooser(self._current, self.take)
            presets.installEventFilter(self._guard)
            for name in group.names:
                self._fields[name].changed.connect(presets.follow)
            return presets
        return None

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        found = 0
        for group, section in self._sections.items():
            shown = 0
            for name in group.names:
                fits = all(word in f"{self._fields[name].words} {group.title.casefold()}" for word in wanted)
                shown += fits
                for widget in self._rows[name]:
                    widget.setVisible(fits)
            section.setVisible(shown > 0)
            found += shown
        self._nothing.setVisible(not found)
