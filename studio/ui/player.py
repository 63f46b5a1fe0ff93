"""Plays the chosen episode. QtMultimedia is loaded after the window has been painted, never on the way to it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QTimer, QUrl, Signal

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer

POLL_MS = 33
NO_DEVICE = "No audio output was found. Connect one, then press play again."


class Player(QObject):
    """One sound at a time, by seconds. Without an audio device it still goes to places, and says why it is silent."""

    position_changed = Signal(float)  # seconds
    playing_changed = Signal(bool)
    troubled = Signal(str)  # a sentence; empty when the trouble is over

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._position = 0.0
        self._until: float | None = None
        self._playing = False
        self._media: QMediaPlayer | None = None
        self._output: QAudioOutput | None = None
        self._devices: QMediaDevices | None = None
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._follow)

    @property
    def position(self) -> float:
        """Where it is, in seconds."""
        return self._position

    @property
    def playing(self) -> bool:
        """Whether it sounds."""
        return self._playing

    def wake(self) -> None:
        """Load QtMultimedia; happens by itself when it is needed first."""
        if self._media is not None:
            return
        # Qt reports which sound servers it tried; the user gets a sentence instead.
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer

        self._media = QMediaPlayer(self)
        self._media.errorOccurred.connect(self._fail)
        self._media.mediaStatusChanged.connect(self._take_status)
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._take_devices)
        if QMediaDevices.audioOutputs():
            self._output = QAudioOutput(self)
            self._media.setAudioOutput(self._output)
        self._set_source()

    def load(self, path: Path | None) -> None:
        """Take another file, from its beginning; None for nothing."""
        if path == self._path:
            return
        self.pause()
        self._path = path
        self._go(0.0)
        if self._media is not None:
            self._set_source()

    def play(self, start: float | None = None, until: float | None = None) -> None:
        """Play from `start` (or from where it is) to `until` (or to the end)."""
        if self._path is None:
            return
        self.wake()
        self._until = until
        if start is not None:
            self.seek(start)
            self._until = until
        if self._output is None or self._media is None:
            self.troubled.emit(NO_DEVICE)
            return
        self.troubled.emit("")
        self._media.setPosition(round(self._position * 1000))
        self._media.play()
        self._poll.start()
        self._set_playing(True)

    def pause(self) -> None:
        """Stop where it is."""
        self._poll.stop()
        if self._media is not None and self._playing:
            self._media.pause()
        self._set_playing(False)

    def toggle(self) -> None:
        """Play on, or stop."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def seek(self, second: float) -> None:
        """Go to a second; what was to be played until a place is played on from here."""
        self._until = None
        self._go(second)
        if self._media is not None:
            self._media.setPosition(round(second * 1000))

    def shut(self) -> None:
        """Stop and let go of the file."""
        self.load(None)

    def _go(self, second: float) -> None:
        self._position = second
        self.position_changed.emit(second)

    def _set_source(self) -> None:
        if self._media is not None:
            self._media.setSource(QUrl() if self._path is None else QUrl.fromLocalFile(str(self._path)))

    def _set_playing(self, playing: bool) -> None:
        if playing is not self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def _follow(self) -> None:
        if self._media is None:
            return
        self._go(self._media.position() / 1000)
        if self._until is not None and self._position >= self._until:
            self._until = None
            self.pause()

    def _take_status(self, status: "QMediaPlayer.MediaStatus") -> None:
        media = self._media
        if media is None:
            return
        if status is media.MediaStatus.LoadedMedia and self._position:
            media.setPosition(round(self._position * 1000))  # a seek before the file was open is lost
        elif status is media.MediaStatus.EndOfMedia:
            self.pause()

    def _take_devices(self) -> None:
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices

        if self._media is None:
            return
        if not QMediaDevices.audioOutputs():
            self.pause()
            self._output = None
            self._media.stop()
            self.troubled.emit(NO_DEVICE)
        elif self._output is None:
            self._output = QAudioOutput(self)
            self._media.setAudioOutput(self._output)
            self.troubled.emit("")

    def _fail(self, _error: object, words: str) -> None:
        self.pause()
        name = self._path.name if self._path else "The sound"
        self.troubled.emit(f"{name} cannot be played ({words}). Look whether the file is still there.")
