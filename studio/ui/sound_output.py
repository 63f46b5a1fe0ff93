"""Where the sound comes out: the system's own choice of a device, followed while devices come and go."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer

from studio.ui.player import NO_DEVICE


class SoundOutput(QObject):
    """Gives a media player its output, and takes it away when there is none."""

    lost = Signal(str)  # a sentence: what was playing must stop
    found = Signal()  # there is one again

    def __init__(self, media: QMediaPlayer) -> None:
        super().__init__(media)
        self._media = media
        self._volume = 1.0
        self._output: QAudioOutput | None = None
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._look)
        self._look()

    @property
    def there(self) -> bool:
        """Whether anything could be heard."""
        return self._output is not None

    def set_volume(self, volume: float) -> None:
        """How loud, as a factor of the samples' amplitude, 0 to 1."""
        self._volume = volume
        if self._output is not None:
            self._output.setVolume(volume)

    def _look(self) -> None:
        default = QMediaDevices.defaultAudioOutput()
        if default.isNull():
            if self._output is not None:
                self._media.stop()
                self._media.setAudioOutput(None)  # type: ignore[arg-type]  # Qt: a null pointer takes it away
                self._output.deleteLater()
                self._output = None
                self.lost.emit(NO_DEVICE)
        elif self._output is None:
            self._output = QAudioOutput(default, self)
            self._output.setVolume(self._volume)
            self._media.setAudioOutput(self._output)
            self.found.emit()
        elif self._output.device() != default:
            gone = self._output.device() not in QMediaDevices.audioOutputs()
            before = self._output.device().description() or "The audio device"
            self._output.setDevice(default)
            if gone:
                # Nobody wants to hear over the loudspeakers what was in the headphones a moment ago.
                self.lost.emit(f"“{before}” is gone. Press play to go on with “{default.description()}”.")
