"""Scripts from files and folders."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from studio.content import tables
from studio.content.clean import cleaned_blocks
from studio.content.decoding import decode
from studio.content.markdown import read_blocks
from studio.content.titles import title_of
from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.engine.drafts import Draft, Refusal

SUFFIXES = (".md", ".markdown", ".txt")
LONGEST = 1_000_000
"""Characters of one script: some 17 hours of speech. More is a mistake, or a book that wants to be split."""
SHORTEST = 12
"""Characters below which hearing cannot judge what was spoken, so that nothing would stand behind the verdict."""

_KINDS = "Markdown (.md), plain text (.txt) and tables (.csv, .tsv)"
_SAVE_AS = "Save it as Markdown (.md) or plain text (.txt)."
# What lies beside scripts in a folder, but is none. Dropped by itself it is taken.
_ABOUT_THE_FOLDER = re.compile(r"(?:readme|licen[cs]e|changelog|contributing|code_of_conduct)\b", re.IGNORECASE)
_SIDE_FOLDERS = frozenset({"__MACOSX", "node_modules"})
# One of these is a word; of writing without spaces each character counts.
_WORDS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class ScriptIntake:
    """Finds and reads scripts: Markdown, plain text, and tables of them. Keeps the engine's `Intake` Protocol."""

    def find(self, paths: Sequence[Path]) -> Sequence[Path]:
        """The script files in `paths`, each once, in natural order (chapter-2 before chapter-10).

        Folders are searched to the bottom, without hidden files, read-me and licence files, and finished distribution
        folders. A file that cannot be read, and a folder inside that cannot be opened, are found all the same: `read`
        says what is wrong with them, and the others go on. Raises `InputError` for a path that is missing, a file of an
        unknown kind, and a folder that cannot be opened or holds no script.
        """
        found: dict[str, Path] = {}
        for path in paths:
            if _mode(path) is not None and path.is_dir():
                scripts = list(_search(path))
                if not scripts:
                    raise InputError(f"The folder “{shown(path)}” holds no scripts.", f"Scripts are {_KINDS} files.")
            else:
                _check_kind(path)
                scripts = [path]
            for script in scripts:
                found.setdefault(os.path.abspath(script), script)  # noqa: PTH100  (`resolve` would follow links)
        return sorted(found.values(), key=natural_key)

    def read(self, path: Path) -> Script:
        """One file as a script. Raises `InputError` with the file's name and a cure."""
        return _script(_text_of(path, LONGEST), shown(path), shown(path, name=True))

    def read_text(self, text: str, source: str) -> Script:
        """Text that was pasted or stored, as a script. Raises `InputError` where it cannot become an episode."""
        if "\0" in text:
            raise InputError(f"“{source}” does not hold text.", "Paste Markdown or plain text.")
        return _script(text.replace("\r\n", "\n").replace("\r", "\n"), source, source)

    def drafts(self, path: Path) -> Sequence[Draft | Refusal]:
        """What one file holds: a script, or the rows of a table, by its ending or beyond doubt by its first row.

        Raises `InputError` for the file as a whole.
        """
        name = shown(path, name=True)
        called_table = path.suffix.lower() in tables.SUFFIXES
        text = _text_of(path, tables.LARGEST if called_table else LONGEST)
        if called_table or tables.is_table(text):
            return tables.Reader(self.read_text, name, shown(path), path.parent).read(text)
        return [Draft(_script(text, shown(path), name))]

    def text_drafts(self, text: str, source: str) -> Sequence[Draft | Refusal]:
        """The same of text: cells that were copied from a spreadsheet are a table."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\0" not in plain and tables.is_table(plain):
            return tables.Reader(self.read_text, source, source, None).read(plain)
        return [Draft(self.read_text(text, source))]


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


def _script(text: str, source: str, name: str) -> Script:
    if len(text) > LONGEST:
        raise _too_long(name, f"{len(text):,} characters")
    if not text.strip("\ufeff \t\n\r\f\v\u00a0\u200b"):
        raise InputError(f"“{name}” holds nothing but white space.", "Put a script into it, or take it off the list.")
    # Half characters cannot be stored; one for one, so that every offset stays.
    text = _SURROGATES.sub("\ufffd", text)
    blocks, skipped = read_blocks(text)
    title = title_of(text, blocks, skipped, source)
    script = Script(title, source, text, blocks, skipped)
    _check_enough(script, name)
    return script


def _text_of(path: Path, longest: int) -> str:
    """The text of one file of at most `longest` characters. Raises `InputError` with its name and a cure."""
    mode, name = _mode(path), shown(path, name=True)
    if stat.S_ISDIR(mode):
        _opened(path)
        raise InputError(f"“{shown(path)}” is a folder, not a script.", "Drop the folder itself, or one file of it.")
    _check_kind(path)
    if not stat.S_ISREG(mode):
        raise InputError(f"“{shown(path)}” is a device or a pipe, not a file.", "Copy the text into a file.")
    try:
        with path.open("rb") as file:
            data = file.read(4 * longest + 5)  # no encoding takes more than four bytes a character
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > 4 * longest + 4:
        raise _too_long(name, f"over {4 * longest // 1_000_000} MB")
    if not data:
        raise InputError(f"“{name}” is empty.", "Put a script into it, or take it off the list.")
    return decode(data, name)


def _check_enough(script: Script, name: str) -> None:
    if not script.blocks:
        raise InputError(f"“{name}” has nothing in it to speak, only markup.", "Add the text that is to be spoken.")
    texts = [cleaned.text for _, cleaned in cleaned_blocks(script)]
    words = sum(len(_WORDS.findall(text)) for text in texts)
    characters = sum(len(" ".join(text.split())) for text in texts)
    if not words:
        raise InputError(f"“{name}” has nothing in it to speak.", "Add the text that is to be spoken.")
    if words < 2 or characters < SHORTEST:
        raise InputError(
            f"“{name}” is too short to be made and checked as an episode.", "Write at least a whole sentence."
        )


def _check_kind(path: Path) -> None:
    if _mode(path) is not None and path.suffix.lower() not in (*SUFFIXES, *tables.SUFFIXES):
        kind = f"a {shown(Path(path.suffix))} file" if path.suffix else "a file without an ending"
        raise InputError(f"“{shown(path, name=True)}” is {kind}; scripts are {_KINDS}.", _SAVE_AS)


def _search(folder: Path) -> Iterator[Path]:
    """Scripts and tables of scripts at any depth; links to folders are not followed, so that no circle is walked."""
    waiting = [iter(_opened(folder))]
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
            continue
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name in _SIDE_FOLDERS:
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                waiting.append(iter(_opened(path)))
            except InputError:
                yield path  # becomes a row that says so
        elif (path.suffix.lower() in SUFFIXES and not _ABOUT_THE_FOLDER.match(entry.name)) or _is_table(path):
            yield path


def _is_table(path: Path) -> bool:
    """Whether a table that lies in a folder is one of episodes: there it may be anything."""
    if path.suffix.lower() not in tables.SUFFIXES:
        return False
    try:
        with path.open("rb") as file:
            start = file.read(20_000)
    except OSError:
        return False
    for cut in range(4):  # the last character may be there in part
        with suppress(InputError):
            return tables.begins_a_table(decode(start[: len(start) - cut], path.name))
    return False


def _opened(folder: Path) -> Sequence[os.DirEntry[str]]:
    """The entries of a folder, none for a finished distribution folder: its transcript is no script."""
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError as error:
        raise InputError(
            f"The folder “{shown(folder)}” cannot be opened ({_why(error)}).",
            "Check its permissions, or copy the scripts elsewhere.",
        ) from error
    names = {entry.name for entry in inside}
    return () if {"SHA256SUMS", "metadata.json"} <= names else inside


def _mode(path: Path) -> int:
    """The file's mode, links followed. Raises `InputError` when nothing is there."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.is_symlink():
            raise InputError(
                f"“{shown(path)}” is a link to a file that is gone.", "Mend the link, or drop the file itself."
            ) from error
        raise InputError(f"There is no “{shown(path)}”.", "Check the name and the folder.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise InputError(f"“{shown(path)!r}” is no file name.", "Check the name.") from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"“{shown(path)}” cannot be read ({_why(error)}).", "Check its permissions, or copy it elsewhere."
    )


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _too_long(name: str, size: str) -> InputError:
    return InputError(
        f"“{name}” is too long for one episode: {size}, and at most {LONGEST:,} can be made.",
        "Split it into several scripts.",
    )
