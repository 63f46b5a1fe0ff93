"""The sound as the ears hear it, kept on disk until every place that has to be heard again has been."""

import errno
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from studio.audio.mono import RATE_HZ, Mono
from studio.domain.errors import AudioError, DiskFullError
from studio.domain.sound import Span

_FULL_SCALE: Final = 32_767


class KeptSound:
    """A listener that keeps what it is fed in a file that nobody else sees: 16 bits, 115 MB an hour.

    To be closed, or used in a `with`. Raises `DiskFullError` where there is no room and `AudioError` where the disk
    fails.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0, prefix="batchcast-")  # noqa: SIM115 (closed in __exit__)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def feed(self, samples: Mono) -> None:
        """The next samples, 16 kHz mono."""
        self._write((np.clip(samples, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes())

    def finish(self) -> None:
        """There are no more."""

    def excerpt(self, span: Span) -> Mono:
        """The samples of a stretch, shape (n,); fewer, or none, where the sound ends before."""
        first, end = round(span.start_s * RATE_HZ), round(span.end_s * RATE_HZ)
        self._file.seek(2 * first)
        return np.frombuffer(self._file.read(2 * max(0, end - first)), "<i2").astype(np.float32) / np.float32(
            _FULL_SCALE
        )

    def _write(self, data: bytes) -> None:
        folder = Path(tempfile.gettempdir())
        try:
            full = self._file.write(data) < len(data)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            if not full:
                raise AudioError(
                    f"The sound that is being checked could not be kept in {folder} ({error.strerror}).",
                    "Make that folder writable, or set TMPDIR to another.",
                ) from error
        if full:
            raise DiskFullError(
                f"There is no room in {folder} for the sound that is being checked.", "Free some space there."
            )
