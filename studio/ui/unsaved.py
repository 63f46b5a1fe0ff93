"""Texts that were typed and not saved yet: in small files beside the library, so that no crash loses one."""

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import BatchcastError
from studio.ui.desk import Desk

KEEP_MS = 400  # after the last key
AT_LATEST_MS = 3000  # after the first that is not kept yet


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as it was typed, and the one that it was typed over."""

    text: str
    over: str


class Unsaved(QObject):
    """One text an episode: in memory at once, on the disk moments later. No file is touched on the window's thread."""

    collecting = Signal()  # whoever has a text that is not kept yet keeps it

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__(desk)
        self._desk = desk
        self._folder = folder
        self._typed: dict[int, Typed] = {}
        self._known: set[int] = set()  # of these it is in memory what was typed, whatever is on the disk by now
        self._dirty: set[int] = set()
        self._writing = asyncio.Lock()
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._latest = QTimer(self, singleShot=True, interval=AT_LATEST_MS)
        for timer in (self._soon, self._latest):
            timer.timeout.connect(self.flush)

    async def of(self, episode_id: int) -> Typed | None:
        """What was typed for an episode and not saved, now or before the program ended."""
        if episode_id not in self._known:
            found = await asyncio.to_thread(_read, self._path(episode_id))
            if found is not None and episode_id not in self._known:
                self._typed[episode_id] = found
            self._known.add(episode_id)
        return self._typed.get(episode_id)

    def keep(self, episode_id: int, typed: Typed) -> None:
        """Remember what is typed."""
        self._known.add(episode_id)
        if self._typed.get(episode_id) != typed:
            self._typed[episode_id] = typed
            self._mark(episode_id)

    def forget(self, episode_id: int) -> None:
        """It is saved, or was given up."""
        if self._typed.pop(episode_id, None) is not None or episode_id not in self._known:
            self._known.add(episode_id)
            self._mark(episode_id)

    def flush(self) -> None:
        """Bring everything to the disk now, with what was typed a moment ago."""
        self.collecting.emit()
        self._soon.stop()
        self._latest.stop()
        if self._dirty:
            self._desk.spawn(self._write())

    async def _write(self) -> None:
        async with self._writing:  # so that an older text never lands on a newer one
            dirty, self._dirty = self._dirty, set()
            texts = {self._path(each): self._typed.get(each) for each in dirty}
            try:
                await asyncio.to_thread(_write, self._folder, texts)
            except OSError as error:
                self._dirty |= dirty
                raise BatchcastError(
                    f"What you typed cannot be kept on the disk ({error.strerror}).",
                    "Make room, or save the script; until then it is only in memory.",
                ) from error

    def _mark(self, episode_id: int) -> None:
        self._dirty.add(episode_id)
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    def _path(self, episode_id: int) -> Path:
        return self._folder / f"script-{episode_id}.json"


def _read(path: Path) -> Typed | None:
    """None where there is none, or where it cannot be read: a text that was cut by a power failure, say."""
    try:
        return Typed(**json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
    except (OSError, ValueError, TypeError):
        return None


def _write(folder: Path, texts: dict[Path, Typed | None]) -> None:
    """Each text whole in its place or not at all; a file whose text is None is taken away."""
    for path, typed in texts.items():
        if typed is None:
            path.unlink(missing_ok=True)
            continue
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        with beside.open("w", encoding="utf-8", errors="surrogatepass") as file:
            json.dump(asdict(typed), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
