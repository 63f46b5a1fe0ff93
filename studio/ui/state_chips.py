"""The chips over the batch table: how many episodes are in which group of states, and which group is shown."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.ui import theme as look
from studio.ui.episode_filter import Group
from studio.ui.episode_model import EpisodeModel
from studio.ui.parts import button
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of

ALWAYS = (Group.ALL, Group.NEEDS_YOU, Group.WORKING, Group.DONE)
_LOOKS = {
    Group.NEEDS_YOU: ("ear", Tone.LOOK),
    Group.SCRIPTS: ("scroll-text", Tone.LOOK),
    Group.WAITING: ("circle-dashed", Tone.NEUTRAL),
    Group.WORKING: ("audio-lines", Tone.ACCENT),
    Group.DONE: ("check", Tone.GOOD),
    Group.FAILED: ("x", Tone.BAD),
    Group.ASIDE: ("ban", Tone.NEUTRAL),
}


class StateChips(QWidget):
    """One is pressed at a time. Where there is no room for words, icon and number stay, with the words in the tip."""

    chosen = Signal(object)  # Group

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts = dict.fromkeys(Group, 0)
        self._chips: dict[Group, QPushButton] = {}
        self._fitted = QTimer(self, singleShot=True, interval=0)
        self._fitted.timeout.connect(self._show_words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        one_of = QButtonGroup(self)
        for group in Group:
            chip = button("", "chip")
            chip.setCheckable(True)
            chip.setChecked(group is Group.ALL)
            chip.setIconSize(theme.icon_size(12))
            chip.clicked.connect(lambda _checked=False, group=group: self.chosen.emit(group))
            one_of.addButton(chip)
            self._chips[group] = chip
            row.addWidget(chip)
        row.addStretch(1)
        theme.changed.connect(self._show_words)

    def press(self, group: Group) -> None:
        """As if somebody pressed it."""
        self._chips[group].click()

    def mark(self, group: Group) -> None:
        """That group is shown; nobody is told."""
        self._chips[group].setChecked(True)

    def count(self, model: EpisodeModel) -> None:
        """How many there are now."""
        counts = {group: group.count(model) for group in Group}
        if counts != self._counts:
            self._counts = counts
            self._show_words()
        for group, chip in self._chips.items():
            chip.setVisible(group in ALWAYS or counts[group] > 0 or chip.isChecked())

    def minimumSizeHint(self) -> QSize:
        """Qt: the numbers must be seen; the words need not."""
        shown = sum(not chip.isHidden() for chip in self._chips.values())
        return QSize(shown * 54, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: as many words as there is room for."""
        super().resizeEvent(event)
        self._fitted.start()

    def _show_words(self) -> None:
        every, some = frozenset(Group), frozenset({Group.NEEDS_YOU, Group.SCRIPTS, Group.FAILED})
        for with_icons, with_words, whole in (
            (True, every, True),
            (False, every, True),
            (True, some, True),
            (True, frozenset[Group](), True),
            (True, frozenset[Group](), False),
        ):
            for group, chip in self._chips.items():
                self._show_chip(group, chip, with_icons=with_icons, with_words=group in with_words, whole=whole)
            space = look.S if whole else look.XS
            self._row.setSpacing(space)
            wanted = sum(chip.sizeHint().width() + space for chip in self._chips.values() if not chip.isHidden())
            if wanted <= self.width() + space:
                break

    def _show_chip(self, group: Group, chip: QPushButton, *, with_icons: bool, with_words: bool, whole: bool) -> None:
        icon, tone = _LOOKS.get(group, ("", Tone.NEUTRAL))
        drawn = bool(icon) and with_icons
        words = f"{group.words} " if with_words or not icon or (whole and chip.isChecked()) else ""
        count = self._counts[group]
        chip.setText(f"{words}{f'{count:,}' if whole else short(count)}")
        chip.setStyleSheet("" if whole else "padding: 0 5px;")
        chip.setIcon(self._theme.icon(icon, tone, 12) if drawn else QIcon())
        said = f"{group.words}: {count_of(count, 'episode')}"
        chip.setToolTip(said)
        chip.setAccessibleName(said)


def short(count: int) -> str:
    """`940`, `1.4k`, `12k`: rounded down, for where there is no room."""
    if count < 1000:
        return str(count)
    return f"{count // 100 / 10:.1f}k" if count < 10_000 else f"{count // 1000}k"
