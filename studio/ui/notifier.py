"""When the desktop is told something: a batch has ended, or waits for the user, while the window is not in front."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio.domain.episode import State
from studio.engine.events import BudgetReached, PurchasesChanged
from studio.ui import desktop, wording
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.purchases import Purchases
from studio.ui.standing import Standing
from studio.ui.wording import isolated

SPENT: Final = 1.0


class Notifier(QObject):
    """Hears what ends or blocks a batch. Nobody who looks at the window is told what stands there."""

    told = Signal(str, str)  # title, sentence

    def __init__(
        self,
        bridge: Bridge,
        desk: Desk,
        standing: Standing,
        purchases: Purchases,
        send: Callable[[str, str], None] = desktop.send,
    ) -> None:
        super().__init__(desk)
        self._desk = desk
        self._standing = standing
        self._running = False
        self._stopped = ""
        self.told.connect(send)
        bridge.run_changed.connect(self._take_run)
        bridge.budget_reached.connect(self._take_budget)
        purchases.changed.connect(self._take_purchases)

    def _take_run(self, running: bool, _paused: bool) -> None:
        ended, self._running = self._running and not running, running
        if not ended or self._desk.project is None:
            return
        tally = self._standing.tally()
        held = next((each for each in self._desk.model if each.state is State.QUEUED and each.reason), None)
        if held is not None:
            self._tell("The batch is held up", f"{wording.reason(held)} {held.remedy}".rstrip())
            return
        parts = [f"{tally.done:,} of {tally.total:,} done"]
        parts += [f"{tally.needs_you:,} to hear"] if tally.needs_you else []
        parts += [f"{wording.count_of(tally.scripts, 'script')} to read"] if tally.scripts else []
        parts += [f"{tally.failed:,} failed"] if tally.failed else []
        self._tell("The batch has ended", " · ".join(parts))

    def _take_budget(self, reached: BudgetReached) -> None:
        if reached.mark >= SPENT:
            self._tell("A budget is used up", f"{reached.message} {reached.remedy}".rstrip())

    def _take_purchases(self, now: PurchasesChanged) -> None:
        fresh, self._stopped = now.stopped != self._stopped, now.stopped
        if now.stopped and fresh:
            self._tell("Buying is stopped", now.stopped)

    def _tell(self, title: str, sentence: str) -> None:
        if QApplication.activeWindow() is None:
            project = self._desk.project
            self.told.emit(f"{isolated(project.name)}: {title[0].lower()}{title[1:]}" if project else title, sentence)
