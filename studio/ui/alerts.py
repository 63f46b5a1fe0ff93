"""What runs short, told once: a sentence and its cure, for as long as it is so."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from studio.domain.episode import Stage, State
from studio.engine.events import PurchasesChanged, WorkerLost
from studio.engine.space import KEPT_FREE, bytes_needed
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.machine import Load, Machine
from studio.ui.notice_list import Said
from studio.ui.purchases import Purchases
from studio.ui.wording import count_of, isolated, size

IN_A_ROW: Final = 3  # readings: what is over again in a few seconds is nobody's business
SHORT: Final = 0.08  # of the memory
ENOUGH: Final = 0.12
ROOMY: Final = 1.15  # times what is needed

_AT: Final = {
    Stage.WRITE: "written",
    Stage.PREPARE: "prepared",
    Stage.SYNTHESIZE: "spoken",
    Stage.MASTER: "mastered",
    Stage.CHECK: "listened to",
    Stage.EXPORT: "exported",
}


def is_short_of_memory(load: Load) -> bool:
    """Whether the machine is near the end of its memory."""
    return bool(load.memory_total) and load.memory_free < SHORT * load.memory_total


class Alerts(QObject):
    """Watches machine, vendor and workers. The figures in a sentence are those of when it was first told."""

    stood = Signal(str, object)  # under which key, Said | None

    def __init__(self, bridge: Bridge, desk: Desk, machine: Machine, purchases: Purchases) -> None:
        super().__init__(desk)
        self._desk = desk
        self._standing: set[str] = set()
        self._row: dict[str, int] = {}
        self._lost = 0
        machine.measured.connect(self.take_load)
        purchases.changed.connect(self._take_purchases)
        bridge.worker_lost.connect(self._take_lost)

    @property
    def workers_lost(self) -> int:
        """How many workers ended unexpectedly since the start."""
        return self._lost

    def needed(self) -> int:
        """Bytes that the batch will still write."""
        project = self._desk.project
        if project is None or not self._desk.model.count(State.QUEUED, State.WORKING):
            return 0
        return bytes_needed(self._desk.model, project.settings)

    def take_load(self, load: Load) -> None:
        """Look at one reading."""
        needed = self.needed()
        short = load.disk_free < needed + KEPT_FREE
        over = load.disk_free > ROOMY * needed + KEPT_FREE
        if self._begins("disk", holds=short, is_over=over):
            self.stood.emit("disk", self._of_disk(load, needed))
        share = load.memory_free / load.memory_total if load.memory_total else 1.0
        if self._begins("memory", holds=is_short_of_memory(load), is_over=share > ENOUGH):
            said = f"The machine has {size(load.memory_free)} of memory left; Batchcast holds {size(load.memory)}."
            self.stood.emit(
                "memory", Said(said, "Close other programs, or pause the batch until there is more; nothing is lost.")
            )

    def _of_disk(self, load: Load, needed: int) -> Said:
        left = f"The disk of the library has {size(load.disk_free)} left"
        cure = "Free some space there. Where it runs out, the batch waits and everything finished is kept."
        if not needed:
            return Said(f"{left}: no new episode will be made on it.", cure)
        waiting = self._desk.model.count(State.QUEUED, State.WORKING)
        return Said(f"{left}; {count_of(waiting, 'episode')} of this batch still need about {size(needed)}.", cure)

    def _begins(self, key: str, *, holds: bool, is_over: bool) -> bool:
        """Whether something is to be told now; what is over is taken away."""
        self._row[key] = self._row.get(key, 0) + 1 if holds else 0
        if key in self._standing:
            if is_over:
                self._standing.discard(key)
                self.stood.emit(key, None)
            return False
        if self._row[key] < IN_A_ROW:
            return False
        self._standing.add(key)
        return True

    def _take_purchases(self, now: PurchasesChanged) -> None:
        # That they are stopped for good is told where the voice is chosen.
        paused = now.paused and not now.stopped
        said = Said(now.paused, "It is tried again by itself, and everything else goes on.") if paused else None
        if said is not None or "circuit" in self._standing:
            self._standing.add("circuit")
            self.stood.emit("circuit", said)
        if said is None:
            self._standing.discard("circuit")

    def _take_lost(self, lost: WorkerLost) -> None:
        self._lost += 1
        cure = "If that goes on, close other programs: memory is the usual reason."
        if self._lost > 1:
            message = f"{self._lost:,} worker processes ended unexpectedly; others took their places and do it again."
        else:
            episode = self._desk.model.episode(lost.episode_id)
            title = f"“{isolated(episode.title)}”" if episode else "an episode"
            doing = _AT.get(lost.stage, "worked on")
            message = f"A worker process ended unexpectedly while {title} was {doing}; another does that again."
        self.stood.emit("worker", Said(message, cure))
