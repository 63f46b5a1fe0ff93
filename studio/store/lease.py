"""Locks on files that end with the process that holds them, however it ends."""

from pathlib import Path
from typing import IO, Self

from studio.domain.errors import LibraryInUseError
from studio.engine.locks import lock
from studio.store.failures import file_failures


class FileLock:
    """A lock file that is held from `acquire` to `release`, or to the end of the process. The file stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self, *, wait: bool) -> bool:
        """Take the lock; False if another has it and `wait` is not asked for. Raises `StoreError`."""
        with file_failures(self.path):
            file = self.path.open("a+", encoding="utf-8")
            try:
                lock(file, wait=wait)
            except OSError as error:
                file.close()
                if not wait and isinstance(error, BlockingIOError | PermissionError):
                    return False
                raise
        self._file = file
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, note: str) -> None:
        """Leave a note in the file for others to read, while the lock is held."""
        assert self._file is not None  # noqa: S101  (the caller holds the lock)
        self._file.truncate(0)
        self._file.write(note)
        self._file.flush()

    def __enter__(self) -> Self:
        self.acquire(wait=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Lease:
    """The right to work in a library: only one running copy of the program has it."""

    def __init__(self, root: Path, process: int) -> None:
        self._lock = FileLock(root / "lease")
        self._process = process

    def acquire(self) -> None:
        """Take the lease. Raises `LibraryInUseError` when another copy has it."""
        if not self._lock.acquire(wait=False):
            holder = self._lock.path.read_text("utf-8").strip()
            raise LibraryInUseError(
                f"Another Batchcast{f' (process {holder})' if holder else ''} is at work in the library "
                f"“{self._lock.path.parent}”.",
                "Use that one, or wait until it ends; or set BATCHCAST_HOME to work in another library.",
            )
        self._lock.write(str(self._process))

    def release(self) -> None:
        """Let another copy have it."""
        self._lock.release()
