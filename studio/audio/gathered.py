"""Bytes that become more and more, in pieces that never move."""

from typing import Final

_PIECE: Final = 65_536


class Gathered:
    """What grows as one piece of memory is moved again and again, and the gaps that it leaves behind add up."""

    def __init__(self) -> None:
        self._whole: list[bytes] = []
        self._open = bytearray()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, more: bytes) -> None:
        """Append."""
        self._open += more
        self._size += len(more)
        if len(self._open) >= _PIECE:
            self._whole.append(bytes(self._open))
            self._open = bytearray()

    def all(self) -> bytes:
        """Everything so far, as a copy."""
        return b"".join((*self._whole, self._open))
