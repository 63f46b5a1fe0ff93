"""A sentence across a pane, with what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from studio.ui import theme as look
from studio.ui.announce import announce
from studio.ui.parts import button, label
from studio.ui.theme import Theme, Tone


class Banner(QFrame):
    """Hidden while it has nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme = theme
        self._look = ("info", Tone.INFO)
        self._icon, self._words, self._way = QLabel(), label("", wrap=True), button("", "quiet")
        self._doing: Callable[[], object] = self.hide
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M, look.XS + 2, look.S, look.XS + 2)
        row.setSpacing(look.S)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self._way, 0, Qt.AlignmentFlag.AlignVCenter)
        self._way.clicked.connect(self._press)
        theme.changed.connect(self._draw)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(
        self,
        words: str,
        icon: str = "info",
        tone: Tone = Tone.INFO,
        way: str = "",
        doing: Callable[[], object] | None = None,
    ) -> None:
        """Say `words`; with a `way` on, a button that does that, else one that puts it away."""
        self._look = icon, tone
        self._words.setText(words)
        self._way.setText(way or "Close")
        self._doing = doing or self.hide
        self._draw()
        self.show()
        announce(self, words)

    def _press(self) -> None:
        self._doing()

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(*self._look, 16, self.devicePixelRatioF()))
