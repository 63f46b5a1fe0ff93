"""The peaks file: a waveform kept beside its audio, read in milliseconds without numpy (the window's process reads it).

Little-endian: magic `BCPK`, version (u16), number of levels (u16), bytes of payload (u32), CRC-32 of all that follows
(u32); then the duration (f64), length of the loudness curve (u32) and per level the seconds a bin (f64) and number of
bins (u32); then the payload: of each level the low and the high bytes, then the curve.
"""

import struct
import zlib
from contextlib import suppress
from pathlib import Path

from studio.audio.failures import not_written
from studio.domain.errors import AudioError
from studio.domain.sound import PeakLevel, Peaks

_MAGIC = b"BCPK"
_VERSION = 1
_HEAD = struct.Struct("<4sHHII")
_WHOLE = struct.Struct("<dI")
_LEVEL = struct.Struct("<dI")
_CURE = "Master the episode again to make a new one."


def write(path: Path, peaks: Peaks) -> None:
    """Write `peaks` to `path`. Raises `AudioError` when that cannot be done."""
    table = _WHOLE.pack(peaks.duration_s, len(peaks.loudness))
    table += b"".join(_LEVEL.pack(level.bin_s, len(level.low)) for level in peaks.levels)
    payload = b"".join(part for level in peaks.levels for part in (level.low, level.high)) + peaks.loudness
    check = zlib.crc32(payload, zlib.crc32(table))
    head = _HEAD.pack(_MAGIC, _VERSION, len(peaks.levels), len(payload), check)
    try:
        path.write_bytes(head + table + payload)
    except OSError as error:
        with suppress(OSError):  # nothing there, perhaps not even a folder
            path.unlink()
        raise not_written(path, error) from error


def read(path: Path) -> Peaks:
    """Read what `write` wrote. Raises `AudioError` for a missing, damaged or newer file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AudioError(f"The waveform file “{path.name}” cannot be read: {error.strerror}.", _CURE) from error
    if len(content) < _HEAD.size or not content.startswith(_MAGIC):
        raise AudioError(f"“{path.name}” is not a waveform file.", _CURE)
    _, version, count, payload, check = _HEAD.unpack_from(content)
    if version != _VERSION:
        raise AudioError(
            f"The waveform file “{path.name}” has version {version}, which this program cannot read.", _CURE
        )
    body = memoryview(content)[_HEAD.size :]
    if len(body) != _WHOLE.size + count * _LEVEL.size + payload or zlib.crc32(body) != check:
        raise AudioError(f"The waveform file “{path.name}” is damaged.", _CURE)
    duration_s, seconds = _WHOLE.unpack_from(body)
    offset = _WHOLE.size + count * _LEVEL.size
    levels = []
    for bin_s, bins in _LEVEL.iter_unpack(body[_WHOLE.size : offset]):
        levels.append(PeakLevel(bin_s, bytes(body[offset : offset + bins]), bytes(body[offset + bins :][:bins])))
        offset += 2 * bins
    return Peaks(duration_s, tuple(levels), bytes(body[offset : offset + seconds]))
