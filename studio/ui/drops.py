"""What is dropped on the window."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from studio.ui.desk import Desk
from studio.ui.drop_overlay import DropOverlay
from studio.ui.intake import handed


class Drops(QObject):
    """Says over the whole window what a drop would do, and takes it; the window hands its events on to it."""

    given = Signal(object)  # Handed

    def __init__(self, window: QWidget, overlay: DropOverlay, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self.overlay = overlay
        window.setAcceptDrops(True)

    def cover(self) -> None:
        """The window has another size."""
        self.overlay.setGeometry(self._window.rect())

    def offer(self, event: QDragEnterEvent) -> None:
        """Something is held over the window: say what a drop would do."""
        given, project = handed(event.mimeData()), self._desk.project
        if given and project is not None:
            self.overlay.offer(given.offer, f"in “{project.name}” · nothing is spent before you press Start")
            event.acceptProposedAction()

    def withdraw(self) -> None:
        """It went away."""
        self.overlay.hide()

    def take(self, event: QDropEvent) -> None:
        """It was dropped."""
        self.overlay.hide()
        self.given.emit(handed(event.mimeData()))
        event.acceptProposedAction()
