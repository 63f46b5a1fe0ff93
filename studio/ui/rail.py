"""The rail at the left: the pages, and at its foot what belongs to the whole window."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout

from studio.ui import theme as look
from studio.ui.commands import CommandSet, Do
from studio.ui.theme import Theme, Tone

WIDTH = 72


class Rail(QFrame):
    """One button a page. `pages` and `tools` are (key, word, icon)."""

    page_chosen = Signal(str)
    tool_pressed = Signal(str)

    def __init__(
        self, theme: Theme, pages: Sequence[tuple[str, str, str]], tools: Sequence[tuple[str, str, str]]
    ) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._pages: dict[str, QToolButton] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._icons: list[tuple[QToolButton, str]] = []
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.S, 0, look.S)
        column.setSpacing(2)
        for key, word, icon in pages:
            made = self._button(word, icon)
            made.setCheckable(True)
            made.setChecked(not group.buttons())
            made.clicked.connect(lambda _checked=False, key=key: self.page_chosen.emit(key))
            group.addButton(made)
            self._pages[key] = self._buttons[key] = made
            column.addWidget(made)
        column.addStretch(1)
        for key, word, icon in tools:
            made = self._buttons[key] = self._button(word, icon)
            made.clicked.connect(lambda _checked=False, key=key: self.tool_pressed.emit(key))
            column.addWidget(made)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def follow_keys(self, commands: CommandSet) -> None:
        """Say of every button what it leads to, and by which key."""
        for key, made in self._buttons.items():
            commands.explain(made, Do(key), commands[Do(key)].text().removesuffix("…"))

    def show_page(self, key: str) -> None:
        """Mark the page that is in front."""
        self._pages[key].setChecked(True)

    def _button(self, word: str, icon: str) -> QToolButton:
        made = QToolButton()
        made.setProperty("kind", "page")
        made.setText(word)
        made.setAccessibleName(word)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIconSize(self._theme.icon_size(20))
        made.setFixedWidth(WIDTH - 1)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons.append((made, icon))
        return made

    def _draw_icons(self) -> None:
        for made, icon in self._icons:
            made.setIcon(self._theme.icon(icon, Tone.NEUTRAL, 20, on=Tone.ACCENT))
