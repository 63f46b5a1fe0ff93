"""The way from topic to speech as a row of chips: how many episodes are at each step, and which step is shown."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from studio.ui import theme as look
from studio.ui.parts import button
from studio.ui.script_steps import LOOKS, WAY, Step
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of

_LEAST = 62  # pixels of a chip without its word, and of the arrow beside it


class ScriptFlow(QWidget):
    """One chip is pressed at a time; arrows stand between the steps of the way.

    Where there is no room for words, icon and number stay, with the words in the tip.
    """

    chosen = Signal(object)  # Step

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: Mapping[Step, int] = {}
        self._chips: dict[Step, QPushButton] = {}
        self._arrows: list[QLabel] = []
        self._fitted = QTimer(self, singleShot=True, interval=0)
        self._fitted.timeout.connect(self._show_words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        row.addStretch(1)
        theme.changed.connect(self._draw)
        self._draw()

    def show_counts(self, counts: Mapping[Step, int]) -> None:
        """How many there are at each step now."""
        counts = {step: counts.get(step, 0) for step in self._chips}
        if counts != self._counts:
            self._counts = counts
            self._draw()
        self._chips[Step.STOPPED].setVisible(counts[Step.STOPPED] > 0 or self._chips[Step.STOPPED].isChecked())

    def minimumSizeHint(self) -> QSize:
        """Qt: the numbers must be seen; the words need not."""
        return QSize(len(self._chips) * _LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: as many words as there is room for."""
        super().resizeEvent(event)
        self._fitted.start()

    def mark(self, step: Step) -> None:
        """That step is shown; nobody is told."""
        self._chips[step].setChecked(True)

    def _draw(self) -> None:
        scale = self.devicePixelRatioF()
        for arrow in self._arrows:
            arrow.setPixmap(self._theme.pixmap("chevron-right", Tone.FAINT, 12, scale))
        for step, chip in self._chips.items():
            icon, tone = LOOKS[step]
            count = self._counts.get(step, 0)
            if step is not Step.ALL:
                chip.setIcon(self._theme.icon(icon, tone if count else Tone.FAINT, 12))
            chip.setToolTip(f"{step.words}: {count_of(count, 'episode')}\n{step.means}")
            chip.setAccessibleName(f"{step.words}: {count_of(count, 'episode')}")
        self._show_words()

    def _show_words(self) -> None:
        every, some = frozenset(self._chips), frozenset({Step.ALL, Step.TO_APPROVE, Step.STOPPED})
        for spoken in (every, some, frozenset({Step.ALL})):
            for step, chip in self._chips.items():
                words = f"{step.words} " if step in spoken or chip.isChecked() else ""
                chip.setText(f"{words}{self._counts.get(step, 0):,}")
            if self.sizeHint().width() <= self.width():
                break
