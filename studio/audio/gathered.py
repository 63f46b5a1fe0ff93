"""Bytes that become more and more, in constant memory: pieces that never move, and on disk what a long sound has."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from weakref import finalize

from studio.domain.errors import AudioError

_PIECE: Final = 65_536
_READ: Final = 16 * _PIECE
_IN_MEMORY: Final = 16  # pieces; of the levels of every 10 ms, one byte each, that is about three hours


class Gathered:
    """What grows as one piece of memory is moved again and again, and the gaps that it leaves behind add up.

    Past 1 MB it is put into a file in the folder for temporary ones, which nobody else sees and which goes with it;
    where there is no room on that disk, it stays in memory.
    """

    def __init__(self) -> None:
        self._whole: list[bytes] = []
        self._open = bytearray()
        self._size = 0
        self._file: int | None = None
        self._filed = 0  # bytes in that file

    def __len__(self) -> int:
        return self._size

    def add(self, more: bytes) -> None:
        """Append whole items, as `parts` is to give them again, of a size that is a power of two."""
        self._open += more
        self._size += len(more)
        if len(self._open) >= _PIECE:
            self._whole.append(bytes(self._open))
            self._open = bytearray()
            if len(self._whole) >= _IN_MEMORY:
                self._put_away()

    def parts(self) -> Iterator[bytes]:
        """Everything so far, in order, in parts of whole items and of about 1 MB at most.

        Raises `AudioError` where the file cannot be read any more.
        """
        for start in range(0, self._filed, _READ):
            yield self._read(start, min(_READ, self._filed - start))
        yield from self._whole
        if self._open:
            yield bytes(self._open)

    def all(self) -> bytes:
        """Everything so far, as a copy. Raises as `parts` does."""
        return b"".join(self.parts())

    def _put_away(self) -> None:
        with suppress(OSError):  # it stays where it is
            if self._file is None:
                self._file = _nameless()
                finalize(self, os.close, self._file)
            while self._whole and os.pwrite(self._file, self._whole[0], self._filed) == len(self._whole[0]):
                self._filed += len(self._whole.pop(0))

    def _read(self, start: int, size: int) -> bytes:
        assert self._file is not None  # noqa: S101  (something was put away)
        reason = "it is shorter than it was"
        try:
            part = os.pread(self._file, size, start)
        except OSError as error:
            part, reason = b"", str(error.strerror)
        if len(part) < size:
            raise AudioError(
                f"What was measured of a long sound cannot be read again from {tempfile.gettempdir()}: {reason}.",
                "Set TMPDIR to a folder on another disk.",
            )
        return part


def _nameless() -> int:
    """The descriptor of a new file that has no name any more."""
    descriptor, name = tempfile.mkstemp(prefix="batchcast-")
    Path(name).unlink()
    return descriptor
