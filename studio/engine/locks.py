"""Locks on open files that end with the process that holds them, however it ends."""

import errno
import sys
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading what is locked, so the lock lies behind anything that the file will ever hold.
    _PLACE = 2**30

    def lock(file: IO[Any], *, wait: bool) -> None:
        """Lock an open file until it is closed. Raises `OSError`, where another has it and `wait` is not asked for."""
        file.seek(_PLACE)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError as error:
                if not wait or error.errno != errno.EDEADLOCK:  # it gives up waiting after ten seconds
                    raise
            else:
                return

else:
    import fcntl

    def lock(file: IO[Any], *, wait: bool) -> None:
        """Lock an open file until it is closed. Raises `OSError`, where another has it and `wait` is not asked for."""
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
