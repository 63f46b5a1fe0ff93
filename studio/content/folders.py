"""Where scripts lie: what a path is, which files of a folder are scripts, in which order people count them."""

import errno
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from studio.domain.errors import InputError

LooksInside: TypeAlias = Callable[[Path], bool]
"""Whether a file is one of ours by what is in it. May raise `OSError`."""

_LINK: Final = re.compile(r"(https?|ftp):/{1,2}")  # a path has one slash of two
# What lies beside scripts in a folder, but is none. Dropped by itself it is taken.
_ABOUT_THE_FOLDER: Final = re.compile(r"(?:readme|licen[cs]e|changelog|contributing|code_of_conduct)\b", re.IGNORECASE)
_SIDE_FOLDERS: Final = frozenset({"__MACOSX", "node_modules"})
_PAGE_FILES: Final = re.compile(r"(.+)[_-](?:files|Dateien|fichiers|archivos)$")  # what a saved page needs
_LOCK: Final = "~$"  # Word's, beside a document that is open


class Search:
    """Searches folders to the bottom.

    Args:
        suffixes: The endings of scripts, in small letters.
        unsure: The endings of files that may be anything, and how to tell.
    """

    def __init__(self, suffixes: Collection[str], unsure: Mapping[str, LooksInside]) -> None:
        self._suffixes = suffixes
        self._unsure = unsure

    def files(self, folder: Path) -> Iterator[Path]:
        """The scripts at any depth; links to folders are not followed, so that no circle is walked.

        A folder inside that cannot be opened is one of them, so that reading it says so. Raises `InputError` where
        `folder` itself cannot be opened.
        """
        waiting = [iter(opened(folder))]
        while waiting:
            entry = next(waiting[-1], None)
            if entry is None:
                waiting.pop()
                continue
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                try:
                    waiting.append(iter(opened(path)))
                except InputError:
                    yield path  # becomes a row that says so
            elif self._is_script(path):
                yield path

    def _is_script(self, path: Path) -> bool:
        suffix = path.suffix.lower()
        if suffix in self._suffixes:
            return not _ABOUT_THE_FOLDER.match(path.name)
        looks_inside = self._unsure.get(suffix)
        if looks_inside is None:
            return False
        try:
            return path.is_file() and looks_inside(path)  # a pipe would be waited for
        except OSError:
            return False


def opened(folder: Path) -> Sequence[os.DirEntry[str]]:
    """What of a folder may be a script or hold some, none for a finished distribution folder. Raises `InputError`."""
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError as error:
        raise InputError(
            f"The folder “{shown(folder)}” cannot be opened ({_why(error)}).",
            "Check its permissions, or copy the scripts elsewhere.",
        ) from error
    names = {entry.name for entry in inside}
    if {"SHA256SUMS", "metadata.json"} <= names:
        return ()  # its transcript is no script
    return [entry for entry in inside if not _is_aside(entry.name, names)]


def _is_aside(name: str, beside: Collection[str]) -> bool:
    page = _PAGE_FILES.match(name)
    of_a_page = page is not None and (f"{page[1]}.html" in beside or f"{page[1]}.htm" in beside)
    return of_a_page or name.startswith((".", _LOCK)) or name in _SIDE_FOLDERS


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts names the way people count: digits by their value, letters without regard to case, folder by folder."""
    key: list[tuple[int, int, str]] = []
    for part in path.parts:
        for digits, other in re.findall(r"(\d{1,18})|(\D+)", part):
            key.append((0, int(digits), "") if digits else (1, 0, other.casefold()))
        key.append((-1, 0, part))  # ends a name, so that “a/b” comes before “a1”; tells “A” from “a”
    return tuple(key)


def shown(path: Path, *, name: bool = False) -> str:
    """A path, or just its name, as text that can be printed and stored, whatever bytes the file system holds."""
    return os.fsencode(path.name if name else path).decode("utf-8", "replace")


def mode_of(path: Path) -> int:
    """The file's mode, links followed. Raises `InputError` when nothing is there."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.is_symlink():
            raise InputError(
                f"“{shown(path)}” is a link to a file that is gone.", "Mend the link, or drop the file itself."
            ) from error
        link = _LINK.match(str(path))
        if link:
            raise InputError(
                f"“{link[1]}://{shown(path)[link.end() :]}” is an address, not a file.",
                "Drop it on the window, which reads addresses, or save the page as a file.",
            ) from error
        raise InputError(f"There is no “{shown(path)}”.", "Check the name and the folder.") from error
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise InputError(f"“{shown(path)!r}” is no file name.", "Check the name.") from error


def content_of(path: Path, largest: int) -> bytes:
    """The bytes of a file, at most one more than `largest`. Raises `InputError` with its name and a cure."""
    mode = mode_of(path)
    if stat.S_ISDIR(mode):
        opened(path)
        raise InputError(f"“{shown(path)}” is a folder, not a script.", "Drop the folder itself, or one file of it.")
    if not stat.S_ISREG(mode):
        raise InputError(f"“{shown(path)}” is a device or a pipe, not a file.", "Copy the text into a file.")
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> InputError:
    """That a file is there, but cannot be read."""
    looped = error.errno == errno.ELOOP
    cure = (
        "Mend the link, or drop what it should lead to." if looped else "Check its permissions, or copy it elsewhere."
    )
    return InputError(
        f"“{shown(path)}” cannot be read ({_why(error)}).",
        cure,
    )


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
