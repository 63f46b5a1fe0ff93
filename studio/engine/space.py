"""How much disk a batch needs that is not made yet."""

from collections.abc import Iterable
from typing import Final

from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.settings import Settings

CHARACTERS_PER_S: Final = 15.0
TAKE_BYTES_PER_S: Final = 26_000  # 24 kHz mono as FLAC; what a vendor sends as MP3 is less
KEPT_FREE: Final = 256 * 2**20  # the library stops before it takes the last of a disk

_ACTIVE: Final = frozenset({State.QUEUED, State.WORKING})


def bytes_needed(episodes: Iterable[Episode], settings: Settings) -> int:
    """What the episodes that are queued or under way will still write: their takes, their masters, their folders."""
    mp3 = settings.bitrate_kbps * 125
    needed = 0.0
    for episode in episodes:
        if episode.state not in _ACTIVE:
            continue
        seconds = episode.duration_s or episode.expected_duration_s or episode.characters / CHARACTERS_PER_S
        ahead = STAGES.index(episode.stage)
        takes = TAKE_BYTES_PER_S * (ahead <= STAGES.index(Stage.SYNTHESIZE))
        masters = mp3 * (ahead <= STAGES.index(Stage.MASTER))
        needed += seconds * (takes + masters + mp3)  # the last is the folder's
    return round(needed)
