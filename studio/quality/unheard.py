"""Whether words are missing from the sound, or only from what was heard of it.

Ears that know one language make nothing of another. Where the script has words, the sound goes on for as long as they
take, and no words were made of it, nothing can be said: neither that they are there nor that they are not.
"""

from collections.abc import Sequence
from typing import Final

from studio.domain.duration import SpeakingRate
from studio.domain.hearing import HeardWord
from studio.domain.sound import SoundReport, Span
from studio.domain.spoken import SpokenWord
from studio.quality.align import Piece

_SHARE: Final = 0.6  # of the time that the words take, that must be filled with sound
_LEAST_S: Final = 2.0  # a shorter stretch of sound may be anything
_HEARD: Final = 0.2  # of the words at most, or the ears did make something of it


def only_unheard(
    part: Sequence[Piece],
    words: Sequence[SpokenWord],
    heard: Sequence[HeardWord],
    sound: SoundReport,
    rate: SpeakingRate,
) -> bool:
    """Whether there is sound enough for the script's words in `part`, of which the ears made next to nothing."""
    first, last = part[0].heard[0], part[-1].heard[1]
    meant = words[part[0].meant[0] : part[-1].meant[1]]
    if last - first > _HEARD * len(meant):
        return False
    start = heard[first - 1].end_s if first else 0.0
    end = heard[last].start_s if last < len(heard) else sound.duration_s
    filled = (end - start) - sum(_overlap(silence, start, end) for silence in sound.silences)
    takes = sum(len(word.text) + 1 for word in meant) / rate.characters_per_s
    return filled >= max(_LEAST_S, _SHARE * takes)


def _overlap(silence: Span, start_s: float, end_s: float) -> float:
    return max(0.0, min(silence.end_s, end_s) - max(silence.start_s, start_s))
