"""Puts a finished folder in its place so that it is whole or absent at any moment, and tidies up after a crash.

Beside the folder `NAME` two hidden ones may stand for a while:

- `.NAME.partial-x` is being built. Its maker holds a lock on it, which the system lets go when the maker dies.
- `.NAME.spare-x` is whole: the new folder just before it takes the place of the old one, the old one just after.

Both are recognised by name alone, so nothing has to be remembered across a crash.
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SUMS: Final = "SHA256SUMS"
METADATA: Final = "metadata.json"
QA_REPORT: Final = "qa-report.json"
_ALWAYS: Final = {METADATA, QA_REPORT}  # a list that lacks one of them is not ours
_NAME: Final = r"\d{3,}-[a-z0-9-]+"
_HIDDEN: Final = re.compile(rf"\.({_NAME})\.(partial|spare)-[0-9a-f]{{8}}")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


@contextmanager
def alone_in(parent: Path) -> Iterator[None]:
    """Keep every other export out of `parent` for the moment, those of other processes too. Leaves no file behind."""
    handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def partial_folder(parent: Path, name: str) -> Iterator[Path]:
    """A hidden folder to build in. Whatever is still there under its name at the end is removed."""
    path = parent / f".{name}.partial-{secrets.token_hex(4)}"
    with alone_in(parent):  # or another export might find it before it is locked
        path.mkdir()
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        _lock(handle, fcntl.LOCK_EX)
    try:
        yield path
    finally:
        os.close(handle)
        shutil.rmtree(path, ignore_errors=True)


def recover(parent: Path) -> None:
    """Tidy up what dead exports left in `parent`. Call it alone there."""
    spares = []
    for hidden in sorted(parent.iterdir()):
        found = _HIDDEN.fullmatch(hidden.name)
        if not found or not _is_folder(hidden):
            continue
        if found[2] == "spare":
            spares.append((hidden, parent / found[1]))
        elif _is_abandoned(hidden):
            shutil.rmtree(hidden)
    # First a folder gets its name back, then what is left over goes into it.
    for spare, final in spares:
        if not os.path.lexists(final) and is_whole(spare):
            spare.rename(final)
    for spare, final in spares:
        if _is_folder(spare) and _is_folder(final):
            retire(spare, final)


def publish(partial: Path, final: Path) -> None:
    """Give the whole folder `partial` the name `final`, in the place of any that has it. Call it alone there."""
    if not _is_folder(final):
        partial.rename(final)
        sync_folder(final.parent)
        return
    spare = _spare(final)
    partial.rename(spare)
    try:
        exchanged = _exchange(spare, final)
    except OSError:
        spare.rename(partial)
        raise
    if not exchanged:
        # Without an exchange there is a moment without `final`. Both folders are whole then, and `recover` knows them.
        aside = _spare(final)
        final.rename(aside)
        spare.rename(final)
        spare = aside
    sync_folder(final.parent)
    retire(spare, final)
    sync_folder(final.parent)


def supersede(previous: Path, final: Path) -> None:
    """Take away the folder that an episode had under an older title, if it is one of ours. Call it alone there."""
    if re.fullmatch(_NAME, previous.name) and _is_folder(previous) and (previous / SUMS).is_file():
        spare = _spare(final.parent / previous.name)
        previous.rename(spare)
        retire(spare, final)
        sync_folder(final.parent)


def retire(old: Path, new: Path) -> None:
    """Delete what we wrote into `old`; whatever else is in there, or was changed since, moves over to `new`.

    A file that meets its like in `new` is kept beside it, as `NAME.kept.SUFFIX`. May be repeated after a crash.
    """
    ours, replacing = read_sums(old), read_sums(new)
    for entry in sorted(old.iterdir()):
        if entry.name == SUMS:
            continue
        found = digest(entry)
        if found is not None and found in {ours.get(entry.name), replacing.get(entry.name)}:
            entry.unlink()
        else:
            entry.rename(_free_name(new, entry.name))
    sync_folder(new)
    (old / SUMS).unlink(missing_ok=True)  # last: it tells what is ours
    old.rmdir()


def is_whole(folder: Path) -> bool:
    """Whether nothing was taken out of the folder: every file that its list names is there, edited or not."""
    there = {entry.name for entry in folder.iterdir()}
    return bool(there) and there >= read_sums(folder).keys()


def read_sums(folder: Path) -> dict[str, str]:
    """File names and sha256 (hex) from `SHA256SUMS`; empty where there is none, or where somebody else made it."""
    try:
        lines = (folder / SUMS).read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    found = (re.fullmatch(r"([0-9a-f]{64})  ([^/]+)", line) for line in lines)
    sums = {line[2]: line[1] for line in found if line}
    return sums if sums.keys() >= _ALWAYS else {}


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` on the disk, not only in memory."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _spare(final: Path) -> Path:
    return final.parent / f".{final.name}.spare-{secrets.token_hex(4)}"


def digest(path: Path) -> str | None:
    """sha256 of a plain file; None for anything else. A link is never followed."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _free_name(folder: Path, name: str) -> Path:
    wanted, number = folder / name, 1
    stem, suffix = Path(name).stem, Path(name).suffix
    while os.path.lexists(wanted):
        wanted = folder / f"{stem}.kept{'' if number == 1 else f'-{number}'}{suffix}"
        number += 1
    return wanted


def _is_abandoned(partial: Path) -> bool:
    handle = os.open(partial, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(handle)


def _lock(handle: int, how: int) -> bool:
    """Lock a folder; False where somebody else has it, or where the file system knows no locks (some network disks)."""
    try:
        fcntl.flock(handle, how)
    except OSError:
        return False
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux renameat2); False where system or file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
