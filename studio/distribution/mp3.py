"""The MP3 of a folder: a tag in front of the master's own bytes."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from studio.distribution.tags import tag_length
from studio.domain.errors import ExportError

_BLOCK: Final = 1 << 20
_SYNC: Final = 0xFFE0  # the eleven bits that every MPEG audio frame starts with


def write_tagged(source: BinaryIO, target: Path, tag: bytes, report: Callable[[float], None]) -> str:
    """Write `tag` and then every byte of `source` behind its own tag, unchanged; returns the sha256 (hex) of `source`.

    The Xing/LAME frame thus stays the first frame, right behind the tag. Raises `ExportError` when there is no frame.
    """
    size = max(os.fstat(source.fileno()).st_size, 1)
    whole = hashlib.sha256()
    skip = tag_length(source.read(10))
    source.seek(0)
    for _ in range(skip // _BLOCK):
        whole.update(source.read(_BLOCK))
    whole.update(source.read(skip % _BLOCK))
    with target.open("xb") as out:
        out.write(tag)
        first = source.read(_BLOCK)
        if int.from_bytes(first[:2]) & _SYNC != _SYNC:
            raise ExportError("The mastered file is not an MP3.", "Have the episode mastered again.")
        block = first
        while block:
            whole.update(block)
            out.write(block)
            report(min(source.tell() / size, 1.0))
            block = source.read(_BLOCK)
        out.flush()
        os.fsync(out.fileno())
    return whole.hexdigest()
