"""ID3v2.3 tags, written byte by byte (id3.org, "ID3 tag version 2.3.0" and "ID3v2 Chapter Frame Addendum 1.0").

Text is UTF-16 with a byte order mark, the only Unicode that version 2.3 knows; numbers are Latin-1, as it demands.
"""

from collections.abc import Sequence

from studio.distribution.chapters import ChapterTime
from studio.distribution.wording import DISCLOSURE, one_line
from studio.domain.release import Release

_LATIN1, _UTF16 = b"\x00", b"\x01"
_NOWHERE = b"\xff" * 4  # a byte offset that is not given: readers go by the times
_ORDERED, _TOP_LEVEL = 0x01, 0x02
_ENTRIES = 255  # that one table of contents can hold
_SYNCHSAFE_BITS = 7


def id3_tag(release: Release, chapters: Sequence[ChapterTime]) -> bytes:
    """The whole tag, ready to stand in front of the first MP3 frame. What the release leaves empty is left out."""
    named = (("TIT2", release.title), ("TPE1", release.author), ("TALB", release.show), ("TSSE", release.generator))
    frames = [_frame(name, _UTF16 + _utf16(one_line(value))) for name, value in named if one_line(value)]
    frames += [
        _frame("TRCK", _LATIN1 + str(release.number).encode()),
        _frame("TLEN", _LATIN1 + str(chapters[-1].end_ms).encode()),
        _frame("TCON", _UTF16 + _utf16("Podcast")),
        _frame("COMM", _UTF16 + b"eng" + _utf16("") + b"\0\0" + _utf16(DISCLOSURE)),
        _custom("AI-CONTENT", "true"),
        _custom("AI-VOICE", release.take.voice),
    ]
    frames += _contents(len(chapters))
    frames += [_chapter(number, chapter) for number, chapter in enumerate(chapters)]
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _synchsafe(len(body)) + body


def tag_length(head: bytes) -> int:
    """Bytes that the ID3v2 tag at the start of `head` (10 bytes suffice) takes, or 0 where there is none."""
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << _SYNCHSAFE_BITS | byte & 0x7F
    footer = 10 if head[5] & 0x10 else 0
    return 10 + size + footer


def _frame(name: str, content: bytes) -> bytes:
    return name.encode() + len(content).to_bytes(4) + b"\0\0" + content


def _custom(name: str, value: str) -> bytes:
    return _frame("TXXX", _UTF16 + _utf16(name) + b"\0\0" + _utf16(one_line(value)))


def _chapter(number: int, chapter: ChapterTime) -> bytes:
    times = chapter.start_ms.to_bytes(4) + chapter.end_ms.to_bytes(4) + _NOWHERE * 2
    return _frame("CHAP", _chapter_id(number) + times + _frame("TIT2", _UTF16 + _utf16(chapter.title)))


def _contents(chapters: int) -> list[bytes]:
    """The table of contents; more chapters than one can hold are listed in tables of their own below it."""
    entries = [_chapter_id(number) for number in range(chapters)]
    if chapters <= _ENTRIES:
        return [_table(b"toc\0", _ORDERED | _TOP_LEVEL, entries)]
    parts = [entries[start : start + _ENTRIES] for start in range(0, chapters, _ENTRIES)]
    names = [f"toc{number}\0".encode() for number in range(len(parts))]
    below = [_table(name, _ORDERED, part) for name, part in zip(names, parts, strict=True)]
    return [_table(b"toc\0", _ORDERED | _TOP_LEVEL, names), *below]


def _table(name: bytes, flags: int, entries: Sequence[bytes]) -> bytes:
    return _frame("CTOC", name + bytes([flags, len(entries)]) + b"".join(entries))


def _chapter_id(number: int) -> bytes:
    return f"chp{number}\0".encode()


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def _synchsafe(size: int) -> bytes:
    """28 bits in four bytes, the highest bit of each clear, so that no player mistakes it for a frame of sound."""
    return bytes(size >> _SYNCHSAFE_BITS * place & 0x7F for place in (3, 2, 1, 0))
