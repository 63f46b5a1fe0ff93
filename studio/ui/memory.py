"""What the window remembers between starts: where columns stand, which view was open, keys that were changed."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings


class Memory(QObject):
    """Values under names like `table/columns`, each anything that JSON holds, in one small file of the library.

    What was written by another version, or by hand, and cannot be read counts as not there: it is comfort, not data.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = QSettings(str(path), QSettings.Format.IniFormat, self)

    def read(self, name: str, default: Any) -> Any:
        """What was kept under `name`, if it is of the kind of `default`; else `default`."""
        try:
            value = json.loads(str(self._kept.value(name, "")))
        except ValueError:
            return default
        return value if isinstance(value, type(default)) else default

    def keep(self, name: str, value: Any) -> None:
        """Remember `value`; Qt writes it to the disk when the loop is idle."""
        self._kept.setValue(name, json.dumps(value))

    def forget(self, name: str) -> None:
        """Go back to what the window does by itself."""
        self._kept.remove(name)
