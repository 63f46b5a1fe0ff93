"""The API keys among the settings: they are no setting of a project, and in no file."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.domain.settings import Settings
from studio.domain.voice import ELEVENLABS, WRITER
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.key_row import KeyRow
from studio.ui.parts import label

TITLE = "API keys"
_ABOUT = (
    "For a vendor's voices, and for a hosted model that writes. One of each for all projects, kept in this computer's "
    "keyring."
)
_FOUND_BY = "api key elevenlabs vendor writer model keyring password secret token account test the key address endpoint"


class KeySection(QWidget):
    """Looks for the key when it is first shown: a keyring may take its time, or ask the user.

    `writer` gives the settings of the writer as they stand, to be tested with its key.
    """

    def __init__(self, desk: Desk, writer: Callable[[], Settings]) -> None:
        super().__init__()
        self._rows = {provider: KeyRow(desk, writer=writer) for provider in (ELEVENLABS, WRITER)}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, look.L + look.S)
        column.setSpacing(look.S)
        column.addWidget(label(TITLE, "heading"))
        column.addWidget(label(_ABOUT, "muted", wrap=True))
        for provider, row in self._rows.items():
            row.changed.connect(partial(row.stand_for, provider))
            column.addWidget(row)
            row.stand_for(provider)

    def narrow(self, wanted: Sequence[str]) -> int:
        """Show it where it has all of these words; returns whether it does, as a number."""
        fits = all(word in f"{_FOUND_BY} {_ABOUT.casefold()}" for word in wanted)
        self.setVisible(fits)
        return int(fits)

    def focus_first(self) -> None:
        """Bring the keyboard to the field."""
        self._rows[ELEVENLABS].focus_field(Qt.FocusReason.OtherFocusReason)

    def shut(self) -> None:
        """The dialog closes: let go of what was typed."""
        for row in self._rows.values():
            row.shut()
