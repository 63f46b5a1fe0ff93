"""The settings of a project, under headings, with a search over all of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.settings import Settings, Value, check
from studio.domain.voice import VoiceRef
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.key_section import TITLE, KeySection
from studio.ui.option_fields import Field, Take, WheelGuard
from studio.ui.parts import ElidedLabel, button, fit, label, reach_last
from studio.ui.preset_chooser import PresetChooser
from studio.ui.setting_effects import effect
from studio.ui.setting_groups import GROUPS, SettingGroup
from studio.ui.setting_section import EDITOR_WIDTH, SettingSection
from studio.ui.slices import Slices
from studio.ui.wording import count_of, isolated

_SETTLES_MS = 120  # after the last letter, what a change means is counted
_KEYS_AT = 1  # the place of the API keys: under the voices, which they are for


class SettingsDialog(QDialog):
    """Shows every setting of the open project; the desk gets the changed ones, valid as a whole.

    It is there with its first group; the others follow while the person looks at that, since all take a fifth of a
    second. Whoever needs one that is not there yet has all of them made.

    `choose_voice` is called with the settings as they stand here, and with what takes the ones that were chosen;
    `edit_words` with what takes the list of pronunciations once it is stored.
    """

    def __init__(
        self,
        parent: QWidget,
        project: Project,
        desk: Desk,
        choose_voice: Callable[[QWidget, Settings, Take], None],
        edit_words: Callable[[QWidget, Callable[[str], None]], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Settings of {project.name}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 820, 680)
        self._project = project
        self._settings = project.settings
        self._desk = desk
        self._choose_voice = choose_voice
        self._edit_words = edit_words
        self._fields: dict[str, Field] = {}
        self._sections: dict[str, SettingSection | KeySection] = {}
        self._making = Slices(self)
        self._jumps: dict[str, QWidget] = {}
        self._guard = WheelGuard(self)
        self._wrong = label("", "wrong", wrap=True)
        self._ways = button("Cancel"), button("Save", "primary")
        self._search = QLineEdit()
        self._scroll = QScrollArea()
        self._body = QWidget()
        self._nothing = label("No setting is called that.", "muted")
        self._settled = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._settled.timeout.connect(self._say_effects)
        self._build(project)

    def show_group(self, title: str) -> None:
        """Bring a group into view, and the keyboard to its first setting."""
        self._making.finish()
        section = self._sections[title]
        self._search.clear()
        # Its place is known only after the layout, which Qt puts off until the dialog is shown.
        self._body.adjustSize()
        self._scroll.verticalScrollBar().setValue(section.y())
        section.focus_first()

    def accept(self) -> None:
        """Qt: take the values, or go to the first that cannot be."""
        self._making.finish()
        wrong = [field for field in self._fields.values() if field.problem]
        if wrong:
            labels = ", ".join(field.declared.label for field in wrong)
            cannot = count_of(len(wrong), "setting cannot be kept as it is", "settings cannot be kept as they are")
            self._wrong.setText(f"{cannot}: {labels}.")
            self._search.clear()
            self._body.adjustSize()
            self._scroll.ensureWidgetVisible(wrong[0].widget)
            wrong[0].widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        changed = self._settings.with_values(self._values())
        if changed != self._settings:
            self._desk.save_settings(changed, replace(self._project, settings=self._settings))
        super().accept()

    def done(self, result: int) -> None:
        """Qt: whichever way it closes, a key that was typed is let go."""
        self._settled.stop()
        self._making.begin(())
        section = self._sections.get(TITLE)
        if isinstance(section, KeySection):
            section.shut()
        super().done(result)

    def editor(self, name: str) -> QWidget:
        """The widget of one setting."""
        self._making.finish()
        return self._fields[name].widget

    def take(self, values: Mapping[str, Value]) -> None:
        """Put `values` into their editors; they are kept with the rest."""
        self._making.finish()
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

    def _writer(self) -> Settings:
        """With the writer as it stands here. Raises `SettingError` where it cannot be."""
        self._making.finish()
        typed = {name: self._fields[name].read() for name in ("writer", "writer_model")}
        for name, value in typed.items():
            check(name, value)
        return self._settings.with_values(typed)

    def _follow(self) -> None:
        self._wrong.setText("")
        self._settled.start()

    def _say_effects(self) -> None:
        for section in self._sections.values():
            if isinstance(section, SettingSection):
                section.say_effect(effect(section.changed_names, self._desk.model))

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

    def _ask_words(self) -> None:
        if self._fields["pronunciations"].read() != self._settings.pronunciations:
            self._wrong.setText("The pronunciations were changed here: save the settings first.")
            return
        self._edit_words(self, self._take_words)

    def _take_words(self, listed: str) -> None:
        self._settings = self._settings.with_values({"pronunciations": listed})  # they are stored already
        self.take({"pronunciations": listed})

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
        form = self._form()
        middle = QHBoxLayout()
        middle.setSpacing(look.L)
        middle.addWidget(self._contents())
        middle.addWidget(form, 1)
        column.addLayout(middle, 1)
        row = QHBoxLayout()
        row.addWidget(self._wrong, 1)
        cancel, save = self._ways
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        row.addWidget(cancel)
        row.addWidget(save)
        column.addLayout(row)
        self._search.setFocus()

    def _contents(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        about = {group.title: group.about for group in GROUPS}
        titles = [group.title for group in GROUPS]
        titles.insert(_KEYS_AT, TITLE)
        for title in titles:
            jump = button(title, "jump")
            jump.setToolTip(about.get(title, ""))
            jump.setFixedWidth(112)
            jump.clicked.connect(lambda _checked=False, title=title: self.show_group(title))
            self._jumps[title] = jump
            column.addWidget(jump)
        column.addStretch(1)
        scroll = QScrollArea()  # for a screen that is lower than the list
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFixedWidth(112 + look.M)
        return scroll

    def _form(self) -> QScrollArea:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, look.S, 0)
        column.setSpacing(0)
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        self._making.begin(self._make_sections(column))
        return self._scroll

    def _make_sections(self, column: QVBoxLayout) -> Iterator[None]:
        """Group after group, setting after setting. Each is put where it stays first: Qt styles what moves anew."""
        for group in GROUPS:
            if len(self._sections) == _KEYS_AT:
                self._sections[TITLE] = KeySection(self._desk, self._writer)
                column.insertWidget(_KEYS_AT, self._sections[TITLE])
                yield
            section = SettingSection(group, self._guard)
            section.changed.connect(self._follow)
            column.insertWidget(len(self._sections), section)
            self._sections[group.title] = section
            for name in group.names:
                self._fields[name] = field = Field(name, getattr(self._settings, name))
                section.add(field)
                yield
            beside = self._beside(group)
            if beside is not None:
                section.add_beside(beside)
            yield
        reach_last(self, *self._ways)

    def _beside(self, group: SettingGroup) -> QWidget | None:
        """What stands beside the heading of a group, and sets what is in it."""
        if "voice" in group.names:
            choose = button("Choose and hear voices…")
            choose.clicked.connect(self._ask_voice)
            return choose
        if "pronunciations" in group.names:
            words = button("Pronunciations…")
            words.clicked.connect(self._ask_words)
            return words
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
        self._making.finish()
        wanted = text.casefold().split()
        found = {title: section.narrow(wanted) for title, section in self._sections.items()}
        nothing = not any(found.values())
        for title, shown in found.items():
            self._jumps[title].setVisible(shown > 0 or nothing)  # where nothing is found, they are the way on
        self._nothing.setVisible(nothing)
        self._scroll.verticalScrollBar().setValue(0)
