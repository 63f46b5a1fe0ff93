"""Python's cyclic garbage, collected where Qt's objects may be freed, and so that nobody waits for it."""

import gc
import time
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

LOOK_MS: Final = 500
MANY: Final = 5_000  # objects that came since the last look: what was read, and no garbage; 1 ms
MOST: Final = 500_000  # that are set aside before all of them are looked through, whoever waits: 0.1 s
RARELY_S: Final = 60.0


class GarbageCollector(QObject):
    """Collects cyclic garbage on the thread that it lives on, and nowhere else.

    Left to itself, Python collects in whichever thread happens to allocate: the database's, a pool's. A Qt object that
    is freed there, such as a timer in a closed dialog, takes the whole process with it.

    And it would look through all that the program holds, which takes a tenth of a second with some thousand episodes.
    What has outlived a few looks is set aside instead; garbage in it is found when the person goes to another program.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._aside = 0  # about as many as came since all were looked through
        self._kept = 0  # as many were left then
        self._looked = time.monotonic()
        timer = QTimer(self, interval=LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Collect what Python itself would collect now, among what is young."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [place for place, (count, limit) in enumerate(zip(counts, limits, strict=True)) if count > limit > 0]
        if counts[0] > MANY:
            self.set_aside(counts[0])
        elif due:
            gc.collect(max(due))
            if max(due) == len(counts) - 1:
                self.set_aside(limits[0] * limits[1] * limits[2])

    def set_aside(self, about: int = 0) -> None:
        """Look no more at what there is now; `about` as many objects have come since the last time."""
        gc.freeze()
        self._aside += about
        if self._aside > MOST:
            self._aside = gc.get_freeze_count() - self._kept  # most of it may be gone again, and counting takes time
            if self._aside > MOST:
                self._look_through_all()

    def take_state(self, state: Qt.ApplicationState) -> None:
        """The person goes to another program, or comes back."""
        if state is not Qt.ApplicationState.ApplicationActive and time.monotonic() - self._looked > RARELY_S:
            self._look_through_all()

    def _look_through_all(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._aside, self._kept, self._looked = 0, gc.get_freeze_count(), time.monotonic()
