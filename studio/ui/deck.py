"""One file and its way to the loudspeakers, by QtMultimedia. Only `player` loads this module, after the first paint."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtMultimedia import QMediaPlayer

from studio.ui.sound_output import SoundOutput


class Deck(QObject):
    """Goes to places also while the file is still being opened: what was asked for last is done then."""

    ended = Signal()
    failed = Signal(str)  # QtMultimedia's own words

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._media = QMediaPlayer(self)
        self._media.setPitchCompensation(True)
        self.output = SoundOutput(self._media)
        self._open = False
        self._goal_s = 0.0
        self._starts = False
        self._media.errorOccurred.connect(lambda _error, words: self.failed.emit(words))
        self._media.mediaStatusChanged.connect(self._take_status)

    @property
    def position(self) -> float:
        """Where it is, in seconds."""
        return self._media.position() / 1000 if self._open else self._goal_s

    def open(self, path: Path | None) -> None:
        """Take another file."""
        self._media.stop()  # one that is paused takes the next file, but goes to no place in it
        self._open, self._starts, self._goal_s = False, False, 0.0
        self._media.setSource(QUrl() if path is None else QUrl.fromLocalFile(str(path)))

    def play(self, second: float) -> None:
        """Let it sound from there."""
        self._starts = True
        self.seek(second)
        if self._open:
            self._media.play()

    def pause(self) -> None:
        """Stop there."""
        self._starts = False
        self._media.pause()

    def seek(self, second: float) -> None:
        """Go there."""
        self._goal_s = second
        if self._open:
            self._media.setPosition(round(second * 1000))

    def set_speed(self, speed: float) -> None:
        """How fast; the pitch stays."""
        self._media.setPlaybackRate(speed)

    def _take_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.LoadedMedia and not self._open:
            self._open = True
            if self._starts:
                self.play(self._goal_s)
            else:
                self.seek(self._goal_s)
        elif status is QMediaPlayer.MediaStatus.EndOfMedia:
            self.ended.emit()
