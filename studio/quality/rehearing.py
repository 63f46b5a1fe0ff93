"""Windows in which the ears lost their way, heard again until they find it, or until it has cost enough.

What is a guess, or breaks off, is heard as Whisper has learned to hear, filled up to 30 s, and cut at a pause where not
even that helps: one word that nobody can hear does not cost them the rest. A refrain makes them loop as long as it is
heard in one go with hardly any quiet behind it, so it is cut first.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from studio.quality.batches import LEAST_S, WHOLE_S, Batches, Heard, encoded_s
from studio.quality.windows import Window, halves

_CUT_S: Final = 3.0  # of sound sped up; a window that is shorter is not cut any further
_REFRAIN_S: Final = 20.0  # to which a half of a refrain is filled up: a third less work than 30 s, and as well heard
_AGAIN: Final = 4.0  # seconds that are encoded again for every second that was heard, at most
_ALWAYS_S: Final = 300.0  # are encoded again in any case

Part: TypeAlias = tuple[Window, Heard]


class Rehearing:
    """Hears windows, and those again in which the ears lost their way, side by side.

    What that costs is bounded by the length of the sound: in song, in noise or in another language the ears lose their
    way all the time. What stays lost is a doubt, for the second hearing.
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._left_s = _ALWAYS_S  # that may be encoded again

    def hear(self, windows: Sequence[Window]) -> list[list[Part]]:
        """The surest hearing of each of `windows`, in one part or in several in order. Raises `EarsError`."""
        self._left_s += _AGAIN * sum(window.length_s for window in windows)
        return self._surest(windows)

    def _surest(self, windows: Sequence[Window]) -> list[list[Part]]:
        first = self._batches.hear(windows)
        found: list[list[Part]] = [[part] for part in zip(windows, first, strict=True)]
        refrains = self._cut(windows, [index for index, heard in enumerate(first) if heard.repeating], _REFRAIN_S)
        both = [half for pair in refrains.values() for half in pair]
        parts = iter(zip(both, self._batches.hear(both, _REFRAIN_S), strict=True))
        for index in refrains:
            found[index] = min(found[index], [next(parts), next(parts)], key=_doubt)
        doubtful = [index for index, parts in enumerate(found) if any(_is_open(heard) for _, heard in parts)]
        chosen = [index for index in doubtful if self._may(WHOLE_S)]
        close = self._batches.hear([windows[index] for index in chosen], WHOLE_S)
        for index, whole in zip(chosen, close, strict=True):
            found[index] = min(found[index], [(windows[index], whole)], key=_doubt)
        lost = [index for index in doubtful if any(heard.lost and _is_open(heard) for _, heard in found[index])]
        cut = self._cut(windows, lost, LEAST_S)
        heard = iter(self._surest([half for pair in cut.values() for half in pair]) if cut else ())
        for index in cut:
            found[index] = min(found[index], [*next(heard), *next(heard)], key=_doubt)
        return found

    def _cut(
        self, windows: Sequence[Window], chosen: Sequence[int], filled_s: float
    ) -> dict[int, tuple[Window, Window]]:
        """The halves of those of the `chosen` windows that are long enough, and may be heard again in halves."""
        cut = {index: halves(windows[index]) for index in chosen if windows[index].length_s >= _CUT_S}
        return {
            index: both for index, both in cut.items() if self._may(sum(encoded_s(half, filled_s) for half in both))
        }

    def _may(self, seconds: float) -> bool:
        """Whether so many seconds may be encoded again; if so, they are taken from what is left."""
        if seconds > self._left_s:
            return False
        self._left_s -= seconds
        return True


def _is_open(heard: Heard) -> bool:
    """Whether there is more to find: a refrain that is heard surely and to its end is said so often."""
    return heard.doubtful and not (heard.refrain and heard.sure)


def _doubt(parts: Sequence[Part]) -> tuple[float, float, float]:
    """How much of a hearing is lost, in seconds, how much of a loop that is, and how unsure the least sure part is."""
    lost = [(window, heard) for window, heard in parts if heard.lost]
    return (
        sum(window.length_s for window, _ in lost),
        max((heard.compression for _, heard in lost), default=0.0),
        -min(heard.log_probability for _, heard in parts),
    )
