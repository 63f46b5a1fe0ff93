"""The System page: how the machine, the network and the workers are, and what takes how long."""

import asyncio

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.domain.stage_times import StageTime, stage_times
from studio.ui import system_words as words
from studio.ui import theme as look
from studio.ui.commands import Do
from studio.ui.figures import FigureTable
from studio.ui.machine import EVERY_MS, KEPT, Load
from studio.ui.pages import PageContext
from studio.ui.parts import label
from studio.ui.sparkline import Sparkline
from studio.ui.theme import Theme

ACROSS = 12  # columns that four and three tiles share
SOON_MS = 1000


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    return SystemPage(context)


class Gauge(QFrame):
    """A name, a value, what it means, and the last minutes of it."""

    def __init__(self, theme: Theme, name: str, *, line: bool = False) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._name = name
        self._value, self._about = label("", "heading"), label("", "muted", wrap=True)
        self._line = Sparkline(theme) if line else None
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, 10, look.M, 10)
        column.setSpacing(3)
        column.addWidget(label(name, "small"))
        column.addWidget(self._value)
        column.addWidget(self._about)
        column.addStretch(1)
        if self._line is not None:
            minutes = KEPT * EVERY_MS // 60_000
            self._line.setToolTip(f"The last {minutes} minutes")
            column.addWidget(self._line)

    def show_words(self, value: str, about: str) -> None:
        """Say how it is."""
        self._value.setText(value)
        self._about.setText(about)
        self.setAccessibleName(f"{self._name}: {value}, {about}")

    def show_line(self, values: list[float], top: float) -> None:
        """Draw the last minutes, from nothing up to `top`."""
        if self._line is not None:
            self._line.show_values(values, (0.0, max(top, 1e-9)))


class SystemPage(QScrollArea):
    """Kept up to date while it is in front."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setAccessibleName(context.commands[Do.SYSTEM_PAGE].text())
        self._context = context
        theme = context.theme
        self._cpu = Gauge(theme, "Processor", line=True)
        self._memory = Gauge(theme, "Memory", line=True)
        self._disk = Gauge(theme, "Disk of the library", line=True)
        self._network = Gauge(theme, "Network", line=True)
        self._provider = Gauge(theme, "Voice")
        self._workers = Gauge(theme, "Workers")
        self._temporary = Gauge(theme, "Temporary space")
        self._slowest = QLabel()
        self._slowest.setWordWrap(True)
        self._table = FigureTable("What takes how long")
        self._counting = self._again = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._count)
        self._build()
        context.machine.measured.connect(self._show_load)
        context.purchases.changed.connect(lambda _now: self._show_provider())
        context.desk.project_changed.connect(self._show_all)
        for told in (context.bridge.added, context.bridge.changed, context.bridge.removed):
            told.connect(self._count_soon)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: how it is now."""
        super().showEvent(event)
        self._show_all()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: nobody looks."""
        super().hideEvent(event)
        self._soon.stop()

    def _show_all(self) -> None:
        if not self.isVisible():
            return
        self._show_provider()
        if self._context.machine.history:
            self._show_load(self._context.machine.history[-1])
        self._count()

    def _show_load(self, load: Load) -> None:
        if not self.isVisible():
            return
        context, history = self._context, list(self._context.machine.history)
        studio = context.desk.studio
        self._cpu.show_words(f"{load.cpu_percent:.0f}%", "of all cores, by all programs")
        self._cpu.show_line([each.cpu_percent for each in history], 100.0)
        self._memory.show_words(*words.memory_words(load))
        self._memory.show_line([float(each.memory) for each in history], float(load.memory_total))
        self._disk.show_words(*words.disk_words(load, context.alerts.needed()))
        self._disk.show_line([float(each.disk_free) for each in history], float(load.disk_total))
        self._network.show_words(*words.network_words(load))
        traffic = [each.sent + each.received for each in history]
        self._network.show_line(traffic, max(traffic))
        self._workers.show_words(
            *words.worker_words(load, studio.run.slots if studio else 0, context.alerts.workers_lost)
        )
        self._temporary.show_words(*words.temporary_words(load))

    def _show_provider(self) -> None:
        project = self._context.desk.project
        now = self._context.purchases.now
        self._provider.show_words(*words.provider_words(now, project.settings if project else None))

    def _count_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _count(self) -> None:
        """Count anew; where that is under way, once more afterwards."""
        if self._counting:
            self._again = True
        elif self._context.desk.studio is not None:
            self._counting = True
            self._context.desk.spawn(self._count_stages())

    async def _count_stages(self) -> None:
        desk = self._context.desk
        try:
            # In a thread: with ten thousand rows it would hold up the window for a moment.
            times = await asyncio.to_thread(stage_times, list(desk.model))
        finally:
            self._counting, again, self._again = False, self._again, False
            if again:
                self._count()
        self._show_times(times)

    def _show_times(self, times: tuple[StageTime, ...]) -> None:
        desk = self._context.desk
        if desk.project is None or desk.studio is None:
            return
        self._slowest.setText(words.bottleneck_words(times, desk.studio.run.slots, desk.project.settings))
        self._table.setVisible(bool(times))
        self._table.show_sheet(words.stage_sheet(times), sort=0, descending=False)
        rows = self._table.verticalHeader().length() + self._table.horizontalHeader().sizeHint().height()
        self._table.setFixedHeight(rows + 4)

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(look.L, look.M, look.L, look.L)
        column.setSpacing(look.M)
        column.addWidget(label("This machine and the network", "title"))
        grid = QGridLayout()
        grid.setSpacing(look.M)
        watched = (self._cpu, self._memory, self._disk, self._network)
        told = (self._provider, self._workers, self._temporary)
        for row, gauges in enumerate((watched, told)):
            span = ACROSS // len(gauges)
            for number, gauge in enumerate(gauges):
                grid.addWidget(gauge, row, number * span, 1, span)
        for across in range(ACROSS):
            grid.setColumnStretch(across, 1)
        column.addLayout(grid)
        column.addSpacing(look.S)
        column.addWidget(label("What takes how long in this batch", "heading"))
        column.addWidget(self._slowest)
        column.addWidget(self._table)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
