"""What MP3 and WAV files state about their length, and FFmpeg does not pass on."""

from pathlib import Path

_STREAMED = 0x7FFF0000  # from here on, a RIFF size means that the writer did not know it


def stated_length(path: Path, about_s: float) -> float | None:
    """The seconds that an MP3 or WAV file states, or None where it states none.

    `about_s` is FFmpeg's figure. Of an MP3 that is what the Xing or Info header states, and worth nothing without one;
    of a WAV it follows what is there, not what should be there.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head.startswith(b"RIFF"):
            whole = int.from_bytes(head[4:8], "little") + 8
            size = path.stat().st_size
            return about_s * max(1.0, whole / size) if 8 < whole < _STREAMED else about_s
        if head.startswith(b"ID3"):
            size = 0
            for byte in head[6:10]:
                size = size << 7 | byte & 0x7F
            file.seek(10 + size)
        else:
            file.seek(0)
        first_frame = file.read(2048)
    return about_s if b"Xing" in first_frame or b"Info" in first_frame else None
