"""Who stands where in the queue, kept up to date row by row."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from studio.domain.episode import Episode, State
from studio.domain.queueing import turn

_Place = tuple[tuple[int, int, int], int]  # the episode's turn, then its id


class QueueLine:
    """The queued episodes in the order of their turns. A change costs a search in a sorted list, not a sort."""

    def __init__(self) -> None:
        self._line: list[_Place] = []
        self._of: dict[int, _Place] = {}

    def reset(self, episodes: Iterable[Episode]) -> None:
        """Begin anew with these."""
        self._of = {each.id: (turn(each), each.id) for each in episodes if each.state is State.QUEUED}
        self._line = sorted(self._of.values())

    def take(self, episode: Episode) -> None:
        """`episode` is new, or different."""
        place = (turn(episode), episode.id) if episode.state is State.QUEUED else None
        if self._of.get(episode.id) == place:
            return
        self.drop(episode.id)
        if place is not None:
            self._of[episode.id] = place
            insort(self._line, place)

    def drop(self, episode_id: int) -> None:
        """It waits no more."""
        place = self._of.pop(episode_id, None)
        if place is not None:
            del self._line[bisect_left(self._line, place)]

    def place(self, episode_id: int) -> int:
        """From 1; 0 where it does not wait."""
        place = self._of.get(episode_id)
        return 0 if place is None else bisect_left(self._line, place) + 1

    def from_place(self, place: int) -> Sequence[int]:
        """The ids of those who stand at `place` (from 1) and behind it."""
        return [episode_id for _, episode_id in self._line[place - 1 :]]

    def __len__(self) -> int:
        return len(self._line)
