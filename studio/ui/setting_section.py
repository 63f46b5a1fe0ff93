"""One group of settings: its heading, what stands beside it, its rows, and what a change of them means."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio.domain.settings import Value
from studio.ui import theme as look
from studio.ui.option_fields import Field, WheelGuard
from studio.ui.parts import label
from studio.ui.setting_groups import SettingGroup

EDITOR_WIDTH = 220


class SettingSection(QWidget):
    """Holds the settings that `group` names, as they are added; what stands beside its heading sets several at once."""

    changed = Signal()

    def __init__(self, group: SettingGroup, guard: WheelGuard) -> None:
        super().__init__()
        self.group = group
        self._guard = guard
        self._fields: list[Field] = []
        self._before: dict[str, Value] = {}
        self._rows: dict[str, Sequence[QWidget]] = {}
        self._effect = label("", "strong", wrap=True)
        self._effect.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, look.L + look.S)
        self._grid.setHorizontalSpacing(look.L)
        self._grid.setVerticalSpacing(look.M)
        self._grid.setColumnStretch(0, 1)
        head = QVBoxLayout()
        head.setSpacing(1)
        head.addWidget(label(group.title, "heading"))
        head.addWidget(label(group.about, "muted", wrap=True))
        head.addWidget(self._effect)
        self._grid.addLayout(head, 0, 0)

    def add(self, field: Field) -> None:
        """One more setting, under the others."""
        self._fields.append(field)
        self._before[field.name] = field.read()
        self._guard.guard(field)
        self._rows[field.name] = field.place(self._grid, len(self._fields), EDITOR_WIDTH)
        field.changed.connect(lambda *_: self.changed.emit())

    def add_beside(self, widget: QWidget) -> None:
        """What sets several of them."""
        widget.setFixedWidth(EDITOR_WIDTH)
        self._grid.addWidget(widget, 0, 1, Qt.AlignmentFlag.AlignTop)

    @property
    def changed_names(self) -> list[str]:
        """The settings that are not as they were."""
        return [field.name for field in self._fields if field.read() != self._before[field.name]]

    def say_effect(self, words: str) -> None:
        """Say what the change means; nothing where it is empty."""
        self._effect.setText(words)
        self._effect.setVisible(bool(words))

    def narrow(self, wanted: Sequence[str]) -> int:
        """Show only what has all of these words; returns how many settings that are."""
        shown = 0
        title = f"{self.group.title} {self.group.about}".casefold()
        for field in self._fields:
            fits = all(word in field.words or word in title for word in wanted)
            shown += fits
            for widget in self._rows[field.name]:
                widget.setVisible(fits)
        self.setVisible(shown > 0)
        return shown

    def focus_first(self) -> None:
        """Bring the keyboard to the first setting."""
        self._fields[0].widget.setFocus(Qt.FocusReason.OtherFocusReason)
