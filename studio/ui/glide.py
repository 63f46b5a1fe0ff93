"""From one view of the sound to the next in an eyeblink, so that the eye can follow a zoom."""

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from studio.ui.time_scale import TimeScale

TAKES_MS = 110


class Glide(QObject):
    """Says every scale on the way; a new goal starts from wherever it is."""

    moved = Signal(object)  # TimeScale

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._from = self._to = TimeScale.whole(1.0, 1)
        self._motion = QVariantAnimation(self, duration=TAKES_MS, startValue=0.0, endValue=1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._step)

    def go(self, start: TimeScale, goal: TimeScale) -> None:
        """Begin."""
        self._motion.stop()
        self._from, self._to = start, goal
        self._motion.start()

    def stop(self) -> None:
        """Stay where it is."""
        self._motion.stop()

    def _step(self, share: object) -> None:
        if isinstance(share, float):
            self.moved.emit(self._from.toward(self._to, share))
