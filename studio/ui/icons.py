"""Line icons from one set, drawn in any colour at any scale."""

from pathlib import Path
from typing import Self

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


class IconSet:
    """The SVG sources, and the pixmaps made of them so far."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources
        self._made: dict[tuple[str, str, int, float], QPixmap] = {}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Every SVG in `folder`, by its name without the ending."""
        return cls({path.stem: path.read_text("utf-8") for path in folder.glob("*.svg")})

    def pixmap(self, name: str, colour: QColor, size: int, scale: float) -> QPixmap:
        """Icon `name`, `size` logical pixels wide on a screen of `scale` device pixels each."""
        key = (name, colour.name(), size, scale)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _render(self._sources[name], colour, size, scale)
        return made


def _render(source: str, colour: QColor, size: int, scale: float) -> QPixmap:
    device = round(size * scale)
    pixmap = QPixmap(device, device)
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour.name()).encode()))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, device, device))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
