"""The Batch page: chips and filter, messages, and the table (or what to do first)."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.ui import theme as look
from studio.ui.empty_state import EmptyState
from studio.ui.episode_filter import EpisodeFilter, Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.episode_table import EpisodeTable
from studio.ui.notice_list import NoticeList
from studio.ui.parts import button, label
from studio.ui.theme import Theme, Tone

NARROW_SPACE = "\N{THIN SPACE}"
ALWAYS = (Group.ALL, Group.NEEDS_YOU, Group.WORKING, Group.DONE)
_LOOKS = {
    Group.NEEDS_YOU: ("ear", Tone.LOOK),
    Group.WAITING: ("circle-dashed", Tone.NEUTRAL),
    Group.WORKING: ("audio-lines", Tone.ACCENT),
    Group.DONE: ("check", Tone.GOOD),
    Group.FAILED: ("x", Tone.BAD),
    Group.ASIDE: ("ban", Tone.NEUTRAL),
}


class BatchPage(QWidget):
    """Holds the table and what narrows it."""

    menu_asked = Signal(QPoint)  # global position

    def __init__(self, theme: Theme, model: EpisodeModel, *, samples: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self.shown = EpisodeFilter(model, self)
        self.table = EpisodeTable(theme, self.shown)
        self.notices = NoticeList(theme)
        self.empty = EmptyState(theme, samples=samples)
        self._nothing = label("", "muted", wrap=True)
        self._search = QLineEdit()
        self._add = button("Add")
        self._chips: dict[Group, QPushButton] = {}
        self._stack = QStackedLayout()
        self._bar = QWidget()
        self._build()
        self._connect()
        self._draw_icons()
        self._bar.hide()
        self._nothing.setText("Opening the library…")
        self._stack.setCurrentIndex(2)

    def set_add_menu(self, menu: QMenu) -> None:
        """What opens under Add."""
        self._add.setMenu(menu)

    def focus_search(self) -> None:
        """Bring the keyboard to the filter."""
        self._search.setFocus()
        self._search.selectAll()

    def close_search(self) -> bool:
        """Show everything again; False where everything was shown."""
        narrowed = self.shown.narrowed
        self._search.clear()
        self._chips[Group.ALL].click()
        return narrowed

    def show_group(self, group: Group) -> None:
        """Press a chip."""
        self._chips[group].click()

    def show_dead_end(self, message: str, remedy: str) -> None:
        """Nothing can be shown, for this reason."""
        self._bar.hide()
        self._nothing.setText(f"{message}\n\n{remedy}")
        self._stack.setCurrentIndex(2)

    def refresh(self) -> None:
        """Count the chips anew, and show the table or what stands in its place."""
        for group, chip in self._chips.items():
            count = len(self._model) if group is Group.ALL else self._model.count(*group.states)
            # The space stands between icon and words; the style sheet has no word for it.
            chip.setText(f"{NARROW_SPACE if group in _LOOKS else ''}{group.words} {count:,}")
            chip.setVisible(group in ALWAYS or count > 0 or chip.isChecked())
        self._bar.setVisible(len(self._model) > 0)
        if not len(self._model):
            self._stack.setCurrentIndex(0)
        elif self.shown.rowCount():
            self._stack.setCurrentIndex(1)
        else:
            self._nothing.setText("No episode is like that. Esc shows all of them.")
            self._stack.setCurrentIndex(2)

    def _choose(self, group: Group) -> None:
        self.shown.show_group(group)
        self.refresh()

    def _narrow(self, text: str) -> None:
        self.shown.show_text(text)
        self.refresh()

    def _build(self) -> None:
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(look.M, look.S, look.M, look.S)
        row.setSpacing(look.S)
        chips = QButtonGroup(self)
        for group in Group:
            chip = button("", "chip")
            chip.setCheckable(True)
            chip.setChecked(group is Group.ALL)
            chip.setIconSize(self._theme.icon_size(12))
            chip.clicked.connect(lambda _checked=False, group=group: self._choose(group))
            chips.addButton(chip)
            self._chips[group] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self._search.setPlaceholderText("Filter")
        self._search.setAccessibleName("Filter")
        self._search.setToolTip("Shows the episodes whose title, file or reason holds these words (Ctrl+F)")
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(120)
        self._search.setMaximumWidth(210)
        row.addWidget(self._search, 1)
        row.addWidget(self._add)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.empty, self.table, self._nothing):
            self._stack.addWidget(page)
        held = QWidget()
        held_row = QHBoxLayout(held)
        held_row.setContentsMargins(look.M, 0, look.M, 0)
        held_row.addWidget(self.notices)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(held)
        column.addLayout(self._stack, 1)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._narrow)
        self.table.customContextMenuRequested.connect(
            lambda at: self.menu_asked.emit(self.table.viewport().mapToGlobal(at))
        )
        self._theme.changed.connect(self._draw_icons)

    def _draw_icons(self) -> None:
        for group, chip in self._chips.items():
            if group in _LOOKS:
                icon, tone = _LOOKS[group]
                chip.setIcon(self._theme.icon(icon, tone, 12))
        self._add.setIcon(self._theme.icon("plus"))
        for action in self._search.findChildren(QAction):
            action.setIcon(self._theme.icon("x", Tone.NEUTRAL))
