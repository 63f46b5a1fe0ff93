"""Work that would hold the window up, done a few milliseconds at a time."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

SLICE_S: Final = 0.006
FRAME_S: Final = 0.016


async def painted() -> None:
    """Let the window paint what was shown so far, so that it and what comes next are not one turn of its loop."""
    await asyncio.sleep(FRAME_S)


class Slices(QObject):
    """Takes piece after piece from an iterator: some at once, and some in each turn of the loop until none is left."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: Iterator[object] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    def begin(self, pieces: Iterable[object]) -> None:
        """Do this now, instead of what is left of the last."""
        self._pieces = iter(pieces)
        self._timer.start()
        self._go_on()

    def finish(self) -> None:
        """Do all that is left: somebody needs it."""
        for _ in self._pieces:
            pass
        self._timer.stop()

    def _go_on(self) -> None:
        until = time.perf_counter() + SLICE_S
        for _ in self._pieces:
            if time.perf_counter() > until:
                return
        self._timer.stop()
