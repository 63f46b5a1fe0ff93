"""What was dropped or pasted: local files, text, or something that cannot be taken."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from studio.ui.wording import count_of


@dataclass(frozen=True, slots=True)
class Handed:
    """What a drop or a paste holds. `links` are addresses on the network, which are not taken."""

    paths: tuple[Path, ...] = ()
    text: str = ""
    links: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.text.strip() or self.links)

    @property
    def offer(self) -> str:
        """What dropping it here will do, in one sentence."""
        if self.paths:
            return f"Drop to queue {count_of(len(self.paths), 'file or folder', 'files and folders')}"
        if self.links:
            return "Links cannot be taken; save the page as a file first"
        return f"Drop to queue this text as one episode ({len(self.text.strip()):,} characters)"


def handed(data: QMimeData) -> Handed:
    """Read `data`. Nothing is looked up on the disk: that is the engine's work, and off this thread."""
    if data.hasUrls():
        urls = data.urls()
        paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        return Handed(paths=paths, links=tuple(url.toString() for url in urls if not url.isLocalFile()))
    if data.hasText():
        return Handed(text=data.text())
    return Handed()
