"""The MP3 of a folder: a tag in front of the master's own bytes, and the proof that it plays."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import av
import av.error

from studio.distribution.tags import tag_length
from studio.domain.errors import ExportError

_BLOCK: Final = 1 << 20
_SYNC: Final = 0xFFE0  # the eleven bits that every MPEG audio frame starts with


@dataclass(frozen=True, slots=True)
class Played:
    """What a decoder makes of a finished MP3: seconds of sound, bits a second, chapter starts in milliseconds."""

    duration_s: float
    bit_rate: int
    rate_hz: int
    channels: int
    chapter_starts_ms: tuple[int, ...]


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


def play(path: Path, expected_s: float, report: Callable[[float], None]) -> Played:
    """Decode all of `path` and count. Raises `ExportError` where a decoder stumbles."""
    samples, told = 0, 0.0
    try:
        # A handle and a named format: no file name can be mistaken for an address or another format.
        with path.open("rb") as handle, av.open(handle, mode="r", format="mp3") as container:
            stream = container.streams.audio[0]
            rate = stream.codec_context.sample_rate
            for frame in container.decode(stream):
                samples += frame.samples
                if samples - told >= rate * 60:
                    told = samples
                    report(min(samples / rate / max(expected_s, 1e-3), 1.0))
            starts = tuple(
                round(chapter["start"] * (chapter["time_base"] or 1) * 1000) for chapter in container.chapters()
            )
            return Played(samples / rate, stream.codec_context.bit_rate or 0, rate, stream.channels, starts)
    except (av.error.FFmpegError, IndexError) as error:
        raise ExportError("The tagged MP3 cannot be decoded.", "Have the episode mastered again.") from error
