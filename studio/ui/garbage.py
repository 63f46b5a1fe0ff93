"""Python's cyclic garbage, collected where Qt's objects may be freed."""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500


class GarbageCollector(QObject):
    """Collects cyclic garbage on the thread that it lives on, and nowhere else.

    Left to itself, Python collects in whichever thread happens to allocate: the database's, a pool's. A Qt object that
    is freed there, such as a timer in a closed dialog, takes the whole process with it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Collect what Python itself would collect now."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, limit) in enumerate(counts) if count > limit > 0]
        if due:
            gc.collect(max(due))
