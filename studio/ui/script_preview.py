"""The text of a script in the place of a wave that is not there yet, while it waits for a person's word."""

from typing import Final

from PySide6.QtWidgets import QPlainTextEdit

from studio.engine.ports import Details

_MOST: Final = 20_000  # characters


class ScriptPreview(QPlainTextEdit):
    """To be read only; the page Scripts is where it is changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName("The script, as it would be spoken")
        self.hide()

    def show_waiting(self, details: Details | None) -> bool:
        """Show the script of an episode if it waits; False where it does not, and there is nothing to show."""
        waits = details is not None and details.peaks is None and details.episode.awaits_approval
        self.setVisible(waits)
        if details is not None and waits:
            text = details.script.text
            shown = text if len(text) <= _MOST else f"{text[:_MOST]}…\n\nThe rest is on the page Scripts."
            if shown != self.toPlainText():
                self.setPlainText(shown)
        return waits
