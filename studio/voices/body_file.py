"""A body on its way to the disk: in blocks, off the event loop, and never more than one of them in memory."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Final

from studio.domain.errors import BatchcastError, DiskFullError, StoreError

# EFBIG is a limit on the size of a file, of the process or of the file system: to a writer that is the same thing.
_NO_ROOM: Final = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_AT_ONCE: Final = 262_144  # bytes gathered before they are written: a thread is not worth fewer


class BodyFile:
    """A file that grows. `size` is in bytes, gathered ones included."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.size = 0
        self._path, self._file = path, file
        self._gathered = bytearray()

    async def write(self, data: bytes) -> None:
        """Add `data`. Raises `DiskFullError`, or `StoreError` for any other failure of the disk."""
        self._gathered += data
        self.size += len(data)
        if len(self._gathered) >= _AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        """Write what is gathered. A cancellation waits for the disk: the file must not be closed under its thread."""
        gathered, self._gathered = self._gathered, bytearray()
        writing = asyncio.ensure_future(asyncio.to_thread(self._write, gathered))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])
            if not writing.cancelled():
                writing.exception()  # nobody reads this file any more
            raise

    def _write(self, data: bytearray) -> None:
        try:
            left = memoryview(data)
            while left:  # a disk that is nearly full takes a part
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _told(self._path, error) from error


@asynccontextmanager
async def body_file(path: Path) -> AsyncIterator[BodyFile]:
    """A new file at `path` to write a body into. Raises `DiskFullError` or `StoreError`.

    Where the body ends in an error, what was written stays.
    """
    try:
        file = await asyncio.to_thread(path.open, "wb", buffering=0)
    except OSError as error:
        raise _told(path, error) from error
    try:
        body = BodyFile(path, file)
        yield body
        await body.flush()
    finally:
        file.close()


def _told(path: Path, error: OSError) -> BatchcastError:
    reason = error.strerror or type(error).__name__
    if error.errno in _NO_ROOM:
        return DiskFullError(
            f"The disk is full: {path.name} could not be written.",
            "Free some space, then start again; what was bought is fetched from the vendor's history.",
        )
    return StoreError(f"{path} cannot be written ({reason}).", "Check the folder's permissions and its disk.")
