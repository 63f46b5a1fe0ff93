"""Plays the chosen episode. QtMultimedia is loaded after the window has been painted, never on the way to it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QTimer, Signal

if TYPE_CHECKING:
    from studio.ui.deck import Deck

POLL_MS = 33
SPEEDS = (1.0, 1.25, 1.5, 2.0)
BACK_S = 3.0
STALLED_S = 3.0  # without a sample more: the device is gone, and nobody said so
NO_DEVICE = "No audio output was found. Connect one, then press play again."
STALLED = "The audio output takes no more sound. Choose another one in the system's settings, then press play again."
FAILED = "“{}” cannot be played ({}). Look whether the file is still there."
NO_PLAYER = "This system cannot play sound ({}). Install what it asks for, then start Batchcast again."


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was asked to be played: from here to there, once or over and over."""

    start_s: float
    until_s: float
    again: bool = False


class Player(QObject):
    """One sound at a time, by seconds. Without an audio device it still goes to places, and says why it is silent."""

    position_changed = Signal(float)  # seconds
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    troubled = Signal(str)  # a sentence; empty when the trouble is over

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._position = 0.0
        self._stretch: Stretch | None = None
        self._playing = False
        self._speed = 1.0
        self._volume, self._trim_db = 1.0, 0.0
        self._deck: Deck | None = None
        self._moved_at = 0.0  # when its clock last went on
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

    @property
    def stretch(self) -> Stretch | None:
        """The stretch that is played, or was played last and not left since; None while it plays to the end."""
        return self._stretch

    @property
    def speed(self) -> float:
        """How fast, 1 as it was spoken. The pitch stays."""
        return self._speed

    def wake(self) -> None:
        """Load QtMultimedia; happens by itself when it is needed first."""
        if self._deck is not None:
            return
        # Qt reports which sound servers it tried; the user gets a sentence instead.
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")
        try:
            from studio.ui.deck import Deck
        except ImportError as error:  # a library of the system that the wheel does not bring
            self.troubled.emit(NO_PLAYER.format(error))
            return
        self._deck = Deck(self)
        self._deck.ended.connect(self._end)
        self._deck.failed.connect(lambda words: self._lose(FAILED.format(self._path.name if self._path else "", words)))
        self._deck.output.lost.connect(self._lose)
        self._deck.output.found.connect(lambda: self.troubled.emit(""))
        self._deck.set_speed(self._speed)
        self._set_loudness()
        self._deck.open(self._path)
        self._deck.seek(self._position)

    def load(self, path: Path | None) -> None:
        """Take another file, from its beginning; None for nothing."""
        if path == self._path:
            return
        self.pause()
        self._path, self._stretch, self._trim_db = path, None, 0.0
        if self._deck is not None:
            self._deck.open(path)
        self._go(0.0)
        self._set_loudness()

    def play(self, start: float | None = None, until: float | None = None, *, again_from: float | None = None) -> None:
        """Play from `start` (or where it is) to `until` (or the end), then again and again from `again_from`."""
        if self._path is None:
            return
        self.wake()
        if start is not None:
            self.seek(start)
        if until is not None:
            first = self._position if again_from is None else again_from
            self._stretch = Stretch(first, until, again=again_from is not None)
        else:
            self._stretch = None
        if self._deck is None:
            return
        if not self._deck.output.there:
            self.troubled.emit(NO_DEVICE)
            return
        self.troubled.emit("")
        self._set_playing(True)
        self._deck.play(self._position)
        self._moved_at = time.monotonic()
        self._poll.start()

    def pause(self) -> None:
        """Stop where it is."""
        self._poll.stop()
        if self._deck is not None and self._playing:
            self._deck.pause()
        self._set_playing(False)

    def toggle(self) -> None:
        """Play on, or stop."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def faster(self) -> None:
        """Play; when it plays, a step faster."""
        if self._playing:
            self.set_speed(next((speed for speed in SPEEDS if speed > self._speed), SPEEDS[-1]))
        else:
            self.play()

    def back(self) -> None:
        """A few seconds back and, where it was faster than it was spoken, a step slower: to hear that again."""
        self.set_speed(next((speed for speed in reversed(SPEEDS) if speed < self._speed), SPEEDS[0]))
        stretch = self._stretch
        self.seek(max(0.0, self._position - BACK_S * self._speed))
        if stretch is not None and self._position < stretch.until_s:
            self._stretch = stretch  # what was to be heard to a place is still heard to there

    def set_speed(self, speed: float) -> None:
        """Play at `speed`, one of `SPEEDS`."""
        if speed != self._speed:
            self._speed = speed
            if self._deck is not None:
                self._deck.set_speed(speed)
            self.speed_changed.emit(speed)

    def set_volume(self, volume: float) -> None:
        """How loud, 0 to 1, even steps for the ear."""
        self._volume = volume
        self._set_loudness()

    def set_trim(self, trim_db: float) -> None:
        """Play this file softer than it is, by dB (0 or less)."""
        self._trim_db = trim_db
        self._set_loudness()

    def repeat(self, again: bool) -> None:
        """Play the stretch that is under way once, or over and over."""
        if self._stretch is not None:
            self._stretch = Stretch(self._stretch.start_s, self._stretch.until_s, again)

    def seek(self, second: float) -> None:
        """Go to a second; what was to be played until a place is played on from here."""
        self._stretch = None
        self._go(second)
        if self._deck is not None:
            self._deck.seek(second)

    def shut(self) -> None:
        """Stop and let go of the file."""
        self.load(None)

    def _go(self, second: float) -> None:
        self._position = second
        self.position_changed.emit(second)

    def _set_loudness(self) -> None:
        if self._deck is not None:
            # The third power of a slider's way is close to how loud the ear takes it, over some 60 dB.
            self._deck.output.set_volume(self._volume**3 * 10 ** (self._trim_db / 20))

    def _set_playing(self, playing: bool) -> None:
        if playing is not self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def _follow(self) -> None:
        if self._deck is None:
            return
        at, now = self._deck.position, time.monotonic()
        if at != self._position:
            self._moved_at = now
        elif now - self._moved_at > STALLED_S:
            self._lose(STALLED)
            return
        self._go(at)
        if self._stretch is not None and at >= self._stretch.until_s:
            self._end()

    def _end(self) -> None:
        """The end of what was to be heard, or of the file."""
        if not self._playing:
            return
        stretch = self._stretch
        if stretch is not None and stretch.again:
            self.play(stretch.start_s, stretch.until_s, again_from=stretch.start_s)
        else:
            self.pause()

    def _lose(self, sentence: str) -> None:
        self.pause()
        self.troubled.emit(sentence)
