"""Which suspect place of the chosen episode the keys are about."""

from PySide6.QtCore import QObject, Signal

from studio.engine.ports import Details
from studio.ui.places import Place, places


class Review(QObject):
    """Goes through the places of one episode, by time. Says which one is to be shown, and which to be played."""

    shown = Signal(object)  # Place
    played = Signal(object)  # Place

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[Place, ...] = ()
        self._current: int | None = None
        self._take: tuple[int, int] | None = None

    @property
    def current(self) -> Place | None:
        """The place that the keys are about."""
        return None if self._current is None else self._places[self._current]

    @property
    def position(self) -> tuple[int, int]:
        """Which one of how many, from 1; 0 before the first was chosen."""
        return (0 if self._current is None else self._current + 1), len(self._places)

    def load(self, details: Details | None) -> None:
        """Take another episode, or a newer state of this one (the place is kept while the take is the same)."""
        take = None if details is None else (details.episode.id, details.episode.take)
        found = places(details.report) if details else ()
        if take != self._take or found != self._places:
            self._take, self._places, self._current = take, found, None

    def choose(self, index: int) -> None:
        """Play the finding with that index in the report."""
        for number, place in enumerate(self._places):
            if place.index == index:
                self._current = number
                self.played.emit(place)

    def play(self) -> bool:
        """Play the current place, or the first; False where there is none."""
        if not self._places:
            return False
        self._current = self._current or 0
        self.played.emit(self._places[self._current])
        return True

    def next(self) -> None:
        """Play the next place; after the last comes the first."""
        self._step(1)

    def previous(self) -> None:
        """Play the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._places:
            start = -1 if self._current is None and by > 0 else self._current or 0
            self._current = (start + by) % len(self._places)
            self.played.emit(self._places[self._current])

    def show_first(self) -> None:
        """Bring the first place into view without a sound."""
        if self._places and self._current is None:
            self._current = 0
            self.shown.emit(self._places[0])
