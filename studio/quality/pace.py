"""Where words take longer than they should: something was said there that the ears passed over."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from studio.audio.gathered import Gathered
from studio.audio.mono import RATE_HZ, Mono
from studio.domain.hearing import HeardWord
from studio.quality.align import Piece

_FRAME: Final = RATE_HZ // 50
_SILENT: Final = 1e-3  # of the power of the loud frames
_LOUD: Final = 99  # percentile
_SHORTEST_S: Final = 0.37  # ears write “learn learn” as one, and a short word takes no less
_LEFT_S: Final = 0.25  # of it, together with the words around them


class Pace:
    """A listener that keeps, for every 20 ms, whether there is sound. 10 hours are 7 MB."""

    def __init__(self) -> None:
        self._power = Gathered()  # float32
        self._rest = np.zeros(0, np.float32)

    def feed(self, samples: Mono) -> None:
        """The next samples, 16 kHz mono."""
        joined = np.concatenate((self._rest, samples))
        count = len(joined) // _FRAME
        self._power.add(np.square(joined[: count * _FRAME]).reshape(count, _FRAME).mean(axis=1).tobytes())
        self._rest = joined[count * _FRAME :].copy()

    def finish(self) -> None:
        """There are no more."""

    def stretched(self, heard: Sequence[HeardWord], pieces: Sequence[Piece]) -> list[int]:
        """Numbers of the pieces that, with the one behind them, take longer by a word than such words take.

        Only where both were heard right; figures say nothing about how long they take.
        """
        power = np.frombuffer(self._power.all(), np.float32)
        if not len(power) or not heard:
            return []
        loud = power > _SILENT * np.percentile(power, _LOUD)
        sounding = np.concatenate(([0.0], np.cumsum(loud))) * (_FRAME / RATE_HZ)

        def length_s(start_s: float, end_s: float) -> float:
            first, last = (min(len(loud), round(time_s * RATE_HZ / _FRAME)) for time_s in (start_s, end_s))
            return float(sounding[last] - sounding[first])

        spoken_s = sum(length_s(word.start_s, word.end_s) for word in heard)
        per_letter_s = spoken_s / sum(len(word.text) + 1 for word in heard)

        def longer_s(first: int, last: int) -> float:
            """How much longer than usual the pieces from `first` to `last` take."""
            words = heard[pieces[first].heard[0] : pieces[last].heard[1]]
            letters = sum(len(word.text) + 1 for word in words)
            return length_s(pieces[first].start_s, pieces[last].end_s) - per_letter_s * letters

        found: list[int] = []
        for index, (piece, after) in enumerate(pairwise(pieces)):
            words = heard[piece.heard[0] : after.heard[1]]
            if piece.wrong or after.wrong or any(sign.isdecimal() for word in words for sign in word.text):
                continue
            if longer_s(index, index + 1) < _SHORTEST_S or (found and found[-1] == index - 1):
                continue
            # Where a word's end was only placed wrongly, its neighbours are as much too short.
            if longer_s(max(0, index - 1), min(len(pieces) - 1, index + 2)) >= _LEFT_S:
                found.append(index)
        return found
