"""The one QObject that hears the engine. Everything that the widgets know arrives here."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.episode import Episode, Stage, State
from studio.engine.events import (
    BudgetReached,
    Doing,
    EpisodeAdded,
    EpisodeChanged,
    EpisodeRemoved,
    Eta,
    Event,
    Events,
    Notice,
    Progress,
    PurchasesChanged,
    RunChanged,
    WorkerLost,
)

SAMPLE_MS = 100  # progress is shown at 10 Hz


class Bridge(QObject):
    """Turns the engine's events into Qt signals: rows of one turn of the loop together, progress and doings at 10 Hz.

    Of several changes of one row in one turn only the last is handed on; a change of state is never dropped.
    """

    added = Signal(object)  # list[Episode]
    changed = Signal(object)  # list[Episode]
    removed = Signal(object)  # list[int]
    progressed = Signal(object)  # dict[int, tuple[Stage, float]]
    doing = Signal(object)  # dict[int, str]
    purchases_changed = Signal(object)  # PurchasesChanged
    run_changed = Signal(bool, bool)  # running, paused
    eta_changed = Signal(object)  # Eta
    noticed = Signal(object)  # Notice
    worker_lost = Signal(object)  # WorkerLost
    budget_reached = Signal(object)  # BudgetReached, which is also noticed

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._added: dict[int, Episode] = {}
        self._changed: dict[int, Episode] = {}
        self._removed: list[int] = []
        self._progress: dict[int, tuple[Stage, float]] = {}
        self._doing: dict[int, str] = {}
        self._unsubscribe: Callable[[], None] | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.flush)
        self._sample = QTimer(self, singleShot=True, interval=SAMPLE_MS)
        self._sample.timeout.connect(self._hand_on_samples)

    def listen(self, events: Events) -> None:
        """Hear `events` from now on."""
        self.deafen()
        self._unsubscribe = events.subscribe(self.hear)

    def deafen(self) -> None:
        """Hear nothing more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def hear(self, event: Event) -> None:
        """Take one event in; cheap."""
        match event:
            case Progress(episode_id, stage, fraction):
                self._progress[episode_id] = (stage, fraction)
                self._sample_soon()
            case Doing(episode_id, text):
                self._doing[episode_id] = text
                self._sample_soon()
            case EpisodeAdded(episode):
                self._added[episode.id] = episode
                self._turn.start()
            case EpisodeChanged(episode):
                self._note_change(episode)
                self._turn.start()
            case EpisodeRemoved(episode_id):
                self._forget(episode_id)
                self._turn.start()
            case RunChanged(running, paused):
                self.flush()  # rows first, so that nobody counts old ones
                self.run_changed.emit(running, paused)
            case PurchasesChanged():
                self.purchases_changed.emit(event)
            case Eta():
                self.eta_changed.emit(event)
            case WorkerLost():
                self.worker_lost.emit(event)
            case BudgetReached():
                self.budget_reached.emit(event)
                self.noticed.emit(event)
            case Notice():
                self.noticed.emit(event)

    def flush(self) -> None:
        """Hand on all rows that are held; happens by itself at the end of the turn."""
        added, self._added = list(self._added.values()), {}
        changed, self._changed = list(self._changed.values()), {}
        removed, self._removed = self._removed, []
        if removed:
            self.removed.emit(removed)
        if added:
            self.added.emit(added)
        if changed:
            self.changed.emit(changed)

    def _note_change(self, episode: Episode) -> None:
        if episode.state is not State.WORKING:
            self._progress.pop(episode.id, None)
            self._doing.pop(episode.id, None)
        if episode.id in self._added:
            self._added[episode.id] = episode
        else:
            self._changed[episode.id] = episode

    def _forget(self, episode_id: int) -> None:
        self._progress.pop(episode_id, None)
        self._doing.pop(episode_id, None)
        self._changed.pop(episode_id, None)
        if self._added.pop(episode_id, None) is None:
            self._removed.append(episode_id)

    def _sample_soon(self) -> None:
        if not self._sample.isActive():
            self._sample.start()

    def _hand_on_samples(self) -> None:
        sampled, self._progress = self._progress, {}
        doings, self._doing = self._doing, {}
        if doings:
            self.doing.emit(doings)
        if sampled:
            self.progressed.emit(sampled)
