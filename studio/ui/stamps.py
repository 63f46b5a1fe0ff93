"""Small pictures that are drawn once and then copied: what the rows of the table are made of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from studio.ui.theme import Theme

KEPT = 600  # some ten screens of rows


class Stamps(QObject):
    """Keeps the pictures that were used last; forgets all of them when the colours change."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        theme.changed.connect(self._kept.clear)

    def get(self, key: Hashable, size: QSize, scale: float, draw: Callable[[QPainter], None]) -> QPixmap:
        """The picture of `key`, `size` logical pixels at `scale`; where it is not kept, `draw` draws it."""
        whole = (key, size.width(), size.height(), scale)
        made = self._kept.get(whole)
        if made is not None:
            self._kept.move_to_end(whole)
            return made
        made = QPixmap(size * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        self._kept[whole] = made
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made
