"""What was dropped or pasted: local files, text, addresses."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from studio.ui.wording import count_of


@dataclass(frozen=True, slots=True)
class Handed:
    """What a drop or a paste holds. `links` are addresses on the network."""

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
            return f"Drop to read {count_of(len(self.links), 'link')}"
        return f"Drop to queue this text ({len(self.text.strip()):,} characters)"


def handed(data: QMimeData | None) -> Handed:
    """Read `data`, None from an empty clipboard. Nothing is looked up on the disk: that is the engine's work."""
    if data is None:
        return Handed()
    if data.hasUrls():
        urls = data.urls()
        paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        return Handed(paths=paths, links=tuple(url.toString() for url in urls if not url.isLocalFile()))
    if data.hasText():
        text = data.text()
        # A browser's address line gives its address as text.
        lines = text.split()
        if lines and all(line.startswith(("https://", "http://")) for line in lines):
            return Handed(links=tuple(lines))
        return Handed(text=text)
    return Handed()
