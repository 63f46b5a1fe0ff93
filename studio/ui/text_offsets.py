"""Places in a text as Python counts them, and as Qt does: Qt counts what lies beyond the first plane twice (UTF-16)."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_FIRST_BEYOND: Final = "\U00010000"


class Offsets:
    """Of one text. Where nothing lies beyond the first plane, which is nearly always, both count alike."""

    def __init__(self, text: str) -> None:
        self._wide: Sequence[int] = ()  # the offsets of what Qt counts twice
        if text and max(text) >= _FIRST_BEYOND:
            self._wide = [at for at, character in enumerate(text) if character >= _FIRST_BEYOND]
        self._length = len(text)

    def to_qt(self, offset: int) -> int:
        """Where Qt has an offset of ours; beyond the end it is the end."""
        inside = min(max(offset, 0), self._length)
        return inside + bisect_left(self._wide, inside)

    def from_qt(self, position: int) -> int:
        """Where we have a position of Qt's."""
        low, high = 0, len(self._wide)
        while low < high:
            middle = (low + high) // 2
            if self._wide[middle] + middle < position:
                low = middle + 1
            else:
                high = middle
        return min(position - low, self._length)
