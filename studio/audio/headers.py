"""What MP3 and WAV files state about their length, and FFmpeg does not pass on."""

from pathlib import Path

_STREAMED = 0x7FFF0000  # from here on, a RIFF size means that the writer did not know it
_APPENDED = 1 / 16  # of its size that an MP3 is larger than it states, from where on FFmpeg takes it for several


def stated_length(path: Path, about_s: float) -> float | None:
    """The seconds that an MP3 or WAV file states, or None where it states none.

    `about_s` is FFmpeg's figure. Of an MP3 that is what the Xing or Info header states, and worth nothing without one,
    nor where others were appended; of a WAV it follows what is there, not what should be there.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head.startswith(b"RIFF"):
            whole = int.from_bytes(head[4:8], "little") + 8
            return about_s * max(1.0, whole / size) if 8 < whole < _STREAMED else about_s
        begin = 0
        if head.startswith(b"ID3"):
            for byte in head[6:10]:
                begin = begin << 7 | byte & 0x7F
            begin += 10
        file.seek(begin)
        first_frame = file.read(2048)
    at = max(first_frame.find(b"Xing"), first_frame.find(b"Info"))
    if at < 0:
        return None
    whole = _xing_bytes(first_frame[at:])
    return None if whole and size - begin > (1 + _APPENDED) * whole else about_s


def _xing_bytes(header: bytes) -> int:
    """The size of the file that a Xing or Info header states, 0 where it states none."""
    flags = int.from_bytes(header[4:8], "big")
    at = 12 if flags & 1 else 8
    return int.from_bytes(header[at : at + 4], "big") if flags & 2 else 0
