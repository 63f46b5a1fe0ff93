"""What the window remembers between starts: where columns stand, which view was open, keys that were changed."""

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QSettings, QThreadPool, QTimer

SOON_MS: Final = 500

logger = logging.getLogger(__name__)


class Memory(QObject):
    """Values under names like `table/columns`, each anything that JSON holds, in one small file of the library.

    What was written by another version, or by hand, and cannot be read counts as not there: it is comfort, not data.
    The file is read at the start and written by other threads, and not through Qt, which waits for the disk and lets
    nobody else go on meanwhile: while a batch is made that takes half a second.
    """

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._values = _read(path)
        self._changed = False
        self._writing = threading.Lock()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(lambda: QThreadPool.globalInstance().start(self.write))

    def read(self, name: str, default: Any) -> Any:
        """What was kept under `name`, if it is of the kind of `default`; else `default`."""
        value = self._values.get(name)
        return value if isinstance(value, type(default)) else default

    def keep(self, name: str, value: Any) -> None:
        """Remember `value`; it is on the disk moments later."""
        self._put({**self._values, name: json.loads(json.dumps(value))})

    def forget(self, name: str) -> None:
        """Go back to what the window does by itself."""
        self._put({known: value for known, value in self._values.items() if known != name})

    def write(self) -> None:
        """Bring to the disk what is not there yet. Blocks; for any thread but the window's."""
        with self._writing:
            if not self._changed:
                return
            self._changed = False
            beside = self._path.with_suffix(".part")
            try:
                beside.write_text(json.dumps(self._values, ensure_ascii=False), "utf-8", "surrogatepass")
                beside.replace(self._path)
            except OSError as error:  # a full disk is told where it matters
                logger.info("what the window looked like is not kept: %s", error)

    def _put(self, values: Mapping[str, Any]) -> None:
        if values != self._values:
            self._values, self._changed = values, True
            self._soon.start()


def _read(path: Path) -> Mapping[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return _read_former(path.with_suffix(".ini"))
    return values if isinstance(values, dict) else {}


def _read_former(path: Path) -> Mapping[str, Any]:
    """What earlier versions wrote, by way of Qt."""
    kept, values = QSettings(str(path), QSettings.Format.IniFormat), {}
    for name in kept.allKeys() if path.is_file() else ():
        try:
            values[name] = json.loads(str(kept.value(name, "")))
        except ValueError:
            continue
    return values
