"""What the finished file is made for: sets several values at once, and knows which set they are."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from studio.domain.presets import CUSTOM, PRESETS, preset_of, preset_values
from studio.domain.settings import Settings
from studio.ui.option_fields import Take
from studio.ui.parts import Chooser

_WORDS: Final = {
    "podcast-stereo": "Podcast, stereo",
    "podcast-mono": "Podcast, mono",
    "acx": "Audiobook (ACX)",
    "broadcast": "Broadcast (EBU R 128)",
    CUSTOM: "Custom",
}


class PresetChooser(Chooser):
    """`current` gives the settings as they stand, None while they cannot be; `take` gets the values of a preset."""

    def __init__(self, current: Callable[[], Settings | None], take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = current
        self._take = take
        self.setAccessibleName("Preset")
        self.setToolTip("Sets loudness, peaks, channels and bit rate at once")
        for name in (*PRESETS, CUSTOM):
            self.addItem(_WORDS.get(name, name), name)
        self.activated.connect(self._choose)
        self.follow()

    def follow(self) -> None:
        """Show which preset the settings are."""
        settings = self._current()
        self.setCurrentIndex(self.findData(CUSTOM if settings is None else preset_of(settings)))

    def _choose(self) -> None:
        name = self.currentData()
        if name != CUSTOM:
            self._take(preset_values(name))
        self.follow()
