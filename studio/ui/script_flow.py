"""The way from topic to speech as a row of chips: how many episodes are at each step, and which step is shown."""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QWidget

from studio.domain.episode import Episode
from studio.ui import theme as look
from studio.ui.parts import button
from studio.ui.script_steps import LOOKS, WAY, Step, step_of
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of

NARROW_SPACE = "\N{THIN SPACE}"


class ScriptFlow(QWidget):
    """One chip is pressed at a time; arrows stand between the steps of the way."""

    chosen = Signal(object)  # Step

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: Counter[Step] = Counter()
        self._chips: dict[Step, QPushButton] = {}
        self._arrows: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.XS)
        one_of = QButtonGroup(self)
        for step in (Step.ALL, *WAY, Step.STOPPED):
            chip = button("", "chip")
            chip.setCheckable(True)
            chip.setChecked(step is Step.ALL)
            chip.setIconSize(theme.icon_size(12))
            chip.clicked.connect(lambda _checked=False, step=step: self.chosen.emit(step))
            one_of.addButton(chip)
            self._chips[step] = chip
            if step in WAY[1:]:
                arrow = QLabel()
                self._arrows.append(arrow)
                row.addWidget(arrow)
            elif step is not Step.ALL:
                row.addSpacing(look.S)
            row.addWidget(chip)
        theme.changed.connect(self._draw)
        self._draw()

    def count(self, episodes: Iterable[Episode]) -> None:
        """How many there are now."""
        counts = Counter(map(step_of, episodes))
        counts[Step.ALL] = counts.total()
        if counts != self._counts:
            self._counts = counts
            self._draw()
        self._chips[Step.STOPPED].setVisible(counts[Step.STOPPED] > 0 or self._chips[Step.STOPPED].isChecked())

    def mark(self, step: Step) -> None:
        """That step is shown; nobody is told."""
        self._chips[step].setChecked(True)

    def _draw(self) -> None:
        scale = self.devicePixelRatioF()
        for arrow in self._arrows:
            arrow.setPixmap(self._theme.pixmap("chevron-right", Tone.FAINT, 12, scale))
        for step, chip in self._chips.items():
            icon, tone = LOOKS[step]
            count = self._counts[step]
            if step is not Step.ALL:
                chip.setIcon(self._theme.icon(icon, tone if count else Tone.FAINT, 12))
            lead = "" if step is Step.ALL else NARROW_SPACE
            chip.setText(f"{lead}{step.words} {count:,}")
            chip.setToolTip(f"{step.means}: {count:,}")
            chip.setAccessibleName(f"{step.words}: {count_of(count, 'episode')}")
