"""The machine in the status strip: workers, CPU, memory, disk. Pressed, it leads to the page with everything."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.ui import theme as look
from studio.ui.alerts import is_short_of_memory
from studio.ui.machine import Load
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, size

LOW_DISK = 2_000_000_000
GAP = 16


class MachineLine(QAbstractButton):
    """Figures side by side; where there is no room, the last ones are left out. The tool tip has all of them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._workers = ""
        self._key = ""  # of the page with everything
        self._figures: list[tuple[str, Tone]] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(look.font(look.SMALL))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName("This machine")
        theme.changed.connect(self.update)

    def show_workers(self, count: int) -> None:
        """How many processes speak, master and listen at the same time."""
        self._workers = count_of(count, "worker")
        self._show(self._figures[1:] if self._figures else [])

    def show_load(self, load: Load) -> None:
        """How busy the machine is; what runs short is said in another tone, and in words as an alert."""
        figures = [
            (f"CPU {load.cpu_percent:.0f}%", Tone.NEUTRAL),
            (f"Memory {size(load.memory)}", Tone.BAD if is_short_of_memory(load) else Tone.NEUTRAL),
            (f"Disk {size(load.disk_free)} free", Tone.BAD if load.disk_free < LOW_DISK else Tone.NEUTRAL),
        ]
        if not load.online:
            figures.append(("No network", Tone.LOOK))
        self._show(figures)

    def show_key(self, key: str) -> None:
        """The key of the page with everything."""
        self._key = key
        self._explain()

    def _explain(self) -> None:
        key = f" ({self._key})" if self._key else ""
        self.setToolTip(
            f"{self.text()}\nMemory is what Batchcast and its workers hold together. Press for more{key}.".lstrip()
        )

    def _show(self, figures: list[tuple[str, Tone]]) -> None:
        self._figures = [(self._workers, Tone.NEUTRAL), *figures]
        said = ", ".join(words for words, _ in self._figures if words)
        if said == self.text():
            return
        self.setText(said)
        self.setAccessibleName(f"This machine: {said}")
        self._explain()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: all figures."""
        return QSize(sum(self._width(words) for words, _ in self._figures if words), 22)

    def minimumSizeHint(self) -> QSize:
        """Qt: the first of them."""
        return QSize(80, 22)

    def _width(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words) + GAP

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: the figures; underlined while it has the mouse or the keyboard."""
        painter = QPainter(self)
        painter.setFont(self.font())
        left = 0
        for words, tone in self._figures:
            width = self._width(words) - GAP
            if not words or left + width > self.width():
                continue
            painter.setPen(self._theme.colour(tone))
            painter.drawText(QRect(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            left += width + GAP
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawLine(0, self.height() - 4, max(0, left - GAP), self.height() - 4)
