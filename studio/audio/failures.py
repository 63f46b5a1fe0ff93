"""What the disk says while sound is written, as our errors."""

import errno
from pathlib import Path

from studio.domain.errors import AudioError, BatchcastError, DiskFullError

# EFBIG is a limit on the size of a file: to a writer that is the same thing.
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def not_written(path: Path, error: OSError) -> BatchcastError:
    """The error for a file that could not be written, by what the system said."""
    if error.errno in _NO_ROOM:
        return DiskFullError(
            f"There is no room left on the disk for “{path}”.", "Free some space there, then go on: nothing is lost."
        )
    return AudioError(f"“{path.name}” cannot be written: {error.strerror}.", "Check the folder and its permissions.")
