"""Which episode is chosen, everything that is known of it, and which one asks for a person next."""

from PySide6.QtCore import QObject, Signal

from studio.domain.episode import Episode
from studio.ui.bridge import Bridge
from studio.ui.desk import Desk
from studio.ui.permitted import next_in_queue, review_queue


class Choice(QObject):
    """Reads the details of the chosen episode, and reads them anew when it changes."""

    details_changed = Signal(object)  # Details | None
    asked = Signal(int)  # put the cursor on this episode

    def __init__(self, bridge: Bridge, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._id: int | None = None
        self._asked = self._shown = 0  # readings, by number; what was asked for before the one that is shown is older
        desk.opening.connect(lambda: self.choose(None))
        bridge.changed.connect(self._take_changed)

    @property
    def id(self) -> int | None:
        """The chosen episode."""
        return self._id

    def choose(self, episode_id: int | None) -> None:
        """Show another episode."""
        self._id = episode_id
        if episode_id is None:
            self.details_changed.emit(None)
        else:
            self._asked += 1
            self._desk.spawn(self._load(episode_id, self._asked))

    def next_that_needs_you(self) -> int | None:
        """The next one in the review queue after the chosen one."""
        return next_in_queue(review_queue(self._desk.model), self._id)

    def _take_changed(self, episodes: list[Episode]) -> None:
        if any(episode.id == self._id for episode in episodes):
            self.choose(self._id)

    async def _load(self, episode_id: int, asked: int) -> None:
        try:
            details = await self._desk.door().details(episode_id)
        except LookupError:
            return  # it was removed meanwhile
        if self._id == episode_id and asked > self._shown:
            self._shown = asked
            self.details_changed.emit(details)
