"""What a stage of an episode is bound by, and how many go on at the same time."""

from typing import Final

from studio.domain.episode import Episode, Stage
from studio.domain.errors import SettingError, VoiceError
from studio.domain.settings import Settings
from studio.engine.ports import Lane
from studio.engine.rooms import Rooms

# Episodes at the vendor for each of its slots: the governor has someone at hand when a call ends, and those whose call
# is being looked up in the history stand in nobody's way.
AT_THE_VENDOR: Final = 3


class Lanes:
    """Knows it by the voice and the writer that settings name. `slots` are the calls to vendors at the same time."""

    def __init__(self, rooms: Rooms, slots: int) -> None:
        self._rooms = rooms
        self.slots = slots

    def width(self, lane: Lane) -> int:
        """How many stages a lane takes at present."""
        return AT_THE_VENDOR * self.slots if lane is Lane.NETWORK else self._rooms.compute.slots

    def of(self, episode: Episode, settings: Settings) -> Lane:
        """The lane of the stage that an episode is queued for."""
        match episode.stage:
            case Stage.REVIEW:
                return Lane.NONE
            case Stage.WRITE:
                return self._of_writer(settings)
            case Stage.SYNTHESIZE:
                return self.of_voice(settings)
            case _:
                return Lane.CPU

    def of_voice(self, settings: Settings) -> Lane:
        """The lane of speaking. Of a voice that cannot be had there is none: the stage will say so of the episode."""
        try:
            return self._rooms.voices.voice(settings).lane
        except VoiceError:
            return Lane.NONE

    def _of_writer(self, settings: Settings) -> Lane:
        try:
            return self._rooms.writers.writer(settings).lane
        except SettingError:
            return Lane.NONE
