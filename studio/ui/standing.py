"""How the batch stands: how many episodes are where, and which of them wait for Start."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.episode import Episode, Stage, State
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.guidance import Tally

TALLY_MS = 50


class Standing(QObject):
    """Counts the rows anew after each burst of changes, and knows which of the queued ones the run has taken on."""

    changed = Signal(object)  # Tally

    def __init__(self, bridge: Bridge, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = desk.model
        self._taken_on: set[int] = set()
        self._soon = QTimer(self, singleShot=True, interval=TALLY_MS)
        self._soon.timeout.connect(self.count)
        desk.opening.connect(self._begin)
        bridge.run_changed.connect(self._take_run)
        for told in (bridge.added, bridge.changed, bridge.removed):
            told.connect(self._count_soon)

    def tally(self) -> Tally:
        """How many are where."""
        ready, count = self.startable(), self._model.count
        return Tally(
            total=len(self._model),
            startable=len(ready),
            to_export=sum(episode.stage is Stage.EXPORT for episode in ready),
            working=count(State.WORKING) + count(State.QUEUED) - len(ready),
            needs_you=count(State.NEEDS_YOU) - self._model.scripts,
            scripts=self._model.scripts,
            failed=count(State.FAILED),
            done=count(State.DONE),
        )

    def startable(self) -> list[Episode]:
        """Queued, and not part of the run that is under way."""
        if not self._model.count(State.QUEUED):
            return []
        waits, taken_on = State.QUEUED, self._taken_on  # ten thousand are gone through: no calls
        return [each for each in self._model if each.state is waits and each.id not in taken_on]

    def is_startable(self, episode: Episode) -> bool:
        """Whether it waits for Start."""
        return episode.state is State.QUEUED and episode.id not in self._taken_on

    def take_on(self, ids: Iterable[int]) -> None:
        """These belong to the run from now on."""
        self._taken_on.update(ids)
        self._count_soon()

    def count(self) -> None:
        """Say how the batch stands, now."""
        self.changed.emit(self.tally())

    def stop(self) -> None:
        """Count nothing more."""
        self._soon.stop()

    def _begin(self) -> None:
        self._taken_on.clear()
        self._count_soon()

    def _take_run(self, running: bool, _paused: bool) -> None:
        if not running:
            self._taken_on.clear()
        self._count_soon()

    def _count_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()
