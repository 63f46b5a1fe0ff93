"""How buying goes at the moment, as the engine said last, with the seconds to the next try counted down."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.events import PurchasesChanged
from studio.ui.bridge import Bridge

TICK_MS = 500


class Purchases(QObject):
    """One vendor at a time is shown: one that stands still before one that sells, else who spoke last."""

    changed = Signal(object)  # PurchasesChanged

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said: dict[str, tuple[PurchasesChanged, float]] = {}  # with when it was said
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._tell)
        bridge.purchases_changed.connect(self._take)

    @property
    def now(self) -> PurchasesChanged | None:
        """How it stands, or None before anything was bought."""
        if not self._said:
            return None
        said, at = max(self._said.values(), key=lambda each: (bool(each[0].stopped), bool(each[0].paused), each[1]))
        if said.probe_in_s is None:
            return said
        return replace(said, probe_in_s=max(0.0, said.probe_in_s - (time.monotonic() - at)))

    def stop(self) -> None:
        """Count nothing more."""
        self._tick.stop()

    def _take(self, said: PurchasesChanged) -> None:
        self._said[said.seller] = (said, time.monotonic())
        if any(each.probe_in_s is not None for each, _ in self._said.values()):
            self._tick.start()
        else:
            self._tick.stop()
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.now)
