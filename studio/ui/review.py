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
        self._awaited: dict[int, Place] = {}  # of episodes that went back to work: the place that it was about
        self._returned = self._play_next = False

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
        if take is not None and found and take[0] in self._awaited:
            self._current = _nearest(found, self._awaited.pop(take[0]))
            self._returned = True

    def await_back(self, episode_id: int, place: Place) -> None:
        """When an episode comes back with another take, the keys are about this place again."""
        self._awaited[episode_id] = place

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

    @property
    def at_end(self) -> bool:
        """Whether no place comes after the current one."""
        return not self._places or self._current == len(self._places) - 1

    def next(self) -> None:
        """Play the next place; after the last comes the first."""
        self._step(1)

    def play_when_shown(self) -> None:
        """Play the first place of the episode that is loaded next."""
        self._play_next = True

    def previous(self) -> None:
        """Play the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self._places:
            start = -1 if self._current is None and by > 0 else self._current or 0
            self._current = (start + by) % len(self._places)
            self.played.emit(self._places[self._current])

    def show_first(self, *, fresh: bool) -> None:
        """Bring the first place of a `fresh` episode into view, or the one that was awaited back.

        Without a sound, unless it was asked for.
        """
        if not self._places or not (self._returned or (fresh and self._current is None)):
            return
        self._current = self._current or 0
        asked = self.played if self._play_next else self.shown
        self._returned = self._play_next = False
        asked.emit(self._places[self._current])


def _nearest(found: tuple[Place, ...], before: Place) -> int:
    """Which place is where another one was: by the script, where both have a place in it, else by the time."""

    def distance(place: Place) -> float:
        mine, other = place.finding.source_start, before.finding.source_start
        if mine is not None and other is not None:
            end = place.finding.source_end or mine
            return 0.0 if mine <= other <= end else float(min(abs(mine - other), abs(end - other)))
        return abs(place.start_s - before.start_s)

    return min(range(len(found)), key=lambda number: distance(found[number]))
