"""Takes a folder back that was written for distribution: its episode is not cleared any more."""

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Final

from studio.distribution import replace
from studio.domain.errors import ExportError
from studio.engine.ports import Report

_NAME: Final = re.compile(r"\d{3,}-[a-z0-9-]+")


def withdraw_folder(_report: Report, folder: Path) -> None:
    """Remove what we wrote as `folder`. What else lies in it, or was changed since, stays there.

    One that is gone already, or is not ours, is left alone. Without anything foreign in it, it goes in one step.
    Raises `ExportError` where the system does not let us.
    """
    parent = folder.parent
    try:
        if not _NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            return
        with replace.alone_in(parent):
            ours = replace.read_sums(folder)
            if not ours:
                return
            kept = [entry for entry in folder.iterdir() if entry.name != replace.SUMS and not _is_ours(entry, ours)]
            if kept:
                # First the list, which says that the folder is whole.
                for name in (replace.SUMS, *ours):
                    if folder / name not in kept:
                        (folder / name).unlink(missing_ok=True)
            else:
                # Should this not come to its end, the next export sweeps what is left under that name.
                hidden = parent / f".{folder.name}.partial-{secrets.token_hex(4)}"
                folder.rename(hidden)
                shutil.rmtree(hidden)
            replace.sync_folder(parent)
    except OSError as error:
        raise ExportError(
            f"The folder “{folder}” cannot be taken back ({error.strerror or os.strerror(error.errno or 0)}).",
            "Close what has it open and make it writable, then take the decision back once more.",
        ) from error


def _is_ours(entry: Path, sums: dict[str, str]) -> bool:
    return entry.name in sums and replace.digest(entry) == sums[entry.name]
