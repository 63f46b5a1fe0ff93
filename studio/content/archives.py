"""ZIP archives from anywhere: nothing in them leads out, unpacks without an end, or hides another way in."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from studio.domain.errors import InputError

LARGEST: Final = 200_000_000
"""Bytes of one archive: a book with its pictures."""

_MOST_MEMBERS: Final = 10_000
_LARGEST_DIRECTORY: Final = 4_000_000  # bytes: what the list of the members takes, before any of it is read
_LARGEST_MEMBER: Final = 32_000_000  # bytes unpacked, of what is read
_LARGEST_TOTAL: Final = 1_000_000_000  # bytes unpacked, of all that there is
_RATIO: Final = 200  # unpacked to packed; text comes to 20, and a bomb to 1,000
_SMALL: Final = 1_000_000  # bytes below which no ratio is suspect
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x07"
_END_SIZE: Final = 22
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What the library lets through where an archive is not as it says it is (`RuntimeError` is one that is locked).
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError, RuntimeError),
)
_WRITE_AGAIN: Final = "Open it in the program that made it, and save it again."
_SUSPECT: Final = "Take it only from somebody you trust, and save it again before you use it."


class Archive:
    """The members of one archive.

    Args:
        data: The whole file, at most `LARGEST` bytes.
        name: What it is called in sentences.

    Raises `InputError` where it is damaged, encrypted, or built to do harm.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        _check_directory(data, name)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise _damaged(name) from error
        self._check_members()
        self._left = 4 * _LARGEST_MEMBER  # a member may be read twice, but not without an end

    @property
    def names(self) -> Collection[str]:
        """What is in it."""
        return self._zip.NameToInfo

    def read(self, member: str) -> bytes:
        """One member, unpacked. Raises `InputError` where it is not there, damaged or too large."""
        info = self._zip.NameToInfo.get(member)
        if info is None:
            raise InputError(f"“{self._name}” lacks a part of itself ({_plain(member)}).", _WRITE_AGAIN)
        if info.file_size > min(_LARGEST_MEMBER, self._left):
            raise InputError(
                f"“{self._name}” unpacks to more than {_LARGEST_MEMBER // 1_000_000} MB of text.",
                "Split it into several files.",
            )
        try:
            data = self._zip.read(info)
        except _BROKEN as error:
            raise _damaged(self._name) from error
        self._left -= len(data)
        return data

    def _check_members(self) -> None:
        members = self._zip.infolist()
        if len(members) > _MOST_MEMBERS:
            raise self._hostile(f"holds {len(members):,} files")
        if len(members) > len(self._zip.NameToInfo):
            raise self._hostile("holds two files of the same name")
        total = 0
        for info in members:
            path = info.filename.replace("\\", "/")
            total += info.file_size
            if path.startswith("/") or path[1:2] == ":" or ".." in PurePosixPath(path).parts:
                raise self._hostile(f"holds a file that leads out of it ({_plain(info.filename)})")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise self._hostile(f"holds a link to another place ({_plain(info.filename)})")
            if info.flag_bits & 0x1:
                raise protected(self._name)
            if info.compress_type not in _METHODS:
                raise InputError(f"“{self._name}” is packed in a way that is not read here.", _WRITE_AGAIN)
            if info.file_size > _SMALL and info.file_size > _RATIO * info.compress_size:
                raise self._hostile(f"unpacks to {info.file_size / max(1, info.compress_size):,.0f} times its size")
        if total > _LARGEST_TOTAL:
            raise self._hostile(f"unpacks to {total / 1e9:,.1f} GB")

    def _hostile(self, does: str) -> InputError:
        return InputError(f"“{self._name}” {does}; no document does that.", _SUSPECT)


def protected(name: str) -> InputError:
    """That a file is locked."""
    return InputError(
        f"“{name}” is protected with a password.", "Take the password off in the program that wrote it, and save it."
    )


def _check_directory(data: bytes, name: str) -> None:
    """The list of the members is read as a whole when an archive is opened, so that its size counts before that."""
    at = data.rfind(_END, -(_END_SIZE + 0xFFFF))
    if at < 0 or len(data) - at < _END_SIZE:
        raise _damaged(name)
    if _END_64 in data[max(0, at - 64) : at]:
        raise InputError(f"“{name}” is a ZIP of the kind for more than 4 GB; no document is.", _WRITE_AGAIN)
    (size,) = struct.unpack_from("<L", data, at + 12)
    if size > _LARGEST_DIRECTORY:
        raise InputError(f"“{name}” holds too many files to be a document.", _SUSPECT)


def _damaged(name: str) -> InputError:
    return InputError(f"“{name}” is damaged: it cannot be unpacked.", _WRITE_AGAIN)


def _plain(member: str) -> str:
    text = "".join(char if char.isprintable() else "\ufffd" for char in member)
    return text if len(text) <= 60 else f"{text[:60]}…"
