"""The row of buttons over the wave: play, which take, loop, speed, volume, zoom, the list of marks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from studio.ui import take_words, wording
from studio.ui import theme as look
from studio.ui.commands import CommandSet, Do
from studio.ui.memory import Memory
from studio.ui.parts import Chooser, ElidedLabel, button, label
from studio.ui.player import SPEEDS, Player
from studio.ui.theme import Theme, Tone

_SPEED, _VOLUME = "sound/speed", "sound/volume"
_NARROWEST = 640  # pixels: what stands beside rail and panel in the smallest window
_HEIGHT = 32  # the wave stays where it is while the buttons come and go
_ICONS = {
    Do.OTHER_TAKE: ("arrow-left-right", "Hear the other take at this place, as loud as this one"),
    Do.LOOP: ("repeat", "Loop the marked stretch, or the place that is played"),
    Do.ZOOM_OUT: ("minus", "Zoom out"),
    Do.ZOOM_IN: ("plus", "Zoom in"),
    Do.SHOW_WHOLE: ("scan", "Show the whole episode"),
    Do.MARKS: ("list", "List the marks: findings, chapters and the marked stretch"),
}


class Transport(QWidget):
    """Every button triggers a command. Speed and volume are the player's, and are kept between starts."""

    def __init__(self, theme: Theme, player: Player, memory: Memory, commands: CommandSet) -> None:
        super().__init__()
        self._theme = theme
        self._player = player
        self._memory = memory
        self._there = False
        self._play = button("", "square")
        self._title = ElidedLabel("", "heading")
        self._position = label("", "muted")
        self._speed = Chooser()
        self._volume_icon = QLabel()
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._buttons = {do: button("", "" if do is Do.OTHER_TAKE else "square") for do in _ICONS}
        self._build()
        self._take_from_memory()
        self._connect(commands)
        self._draw_icons()

    def show_title(self, title: str) -> None:
        """What sounds."""
        self._title.set_words(title)

    def show_sound(self, there: bool) -> None:
        """Whether there is a sound to be played."""
        self._there = there
        for part in (self._play, self._position, self._speed, *self._buttons.values()):
            part.setVisible(there)
        self._fit()

    def show_position(self, second: float, duration: float) -> None:
        """Where the playhead is."""
        words = f"{wording.moment(second)} / {wording.moment(duration)}" if duration else ""
        longer = len(words) != len(self._position.text())
        self._position.setText(words)
        if longer:
            self._fit()

    def show_take(self, number: int, takes: int) -> None:
        """Which take sounds of how many; with a single one there is nothing to say."""
        switch = self._buttons[Do.OTHER_TAKE]
        switch.setVisible(takes > 1)
        words = take_words.short(number, takes)
        switch.setText(words)
        switch.setAccessibleName(f"{words}: hear the other take here")
        self._fit()

    def show_states(self, *, looped: bool, listed: bool) -> None:
        """Which of the switches are on."""
        for do, on in ((Do.LOOP, looped), (Do.MARKS, listed)):
            self._buttons[do].setChecked(on)
        self._draw_icons()

    def minimumSizeHint(self) -> QSize:
        """Qt: narrower than all of it, for the volume can be left out: the system has one, too."""
        return QSize(_NARROWEST, _HEIGHT)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Qt: as much as there is room for."""
        self._fit()

    def _fit(self) -> None:
        """Leave the volume out where there is no room for it."""
        for part in (self._volume_icon, self._volume):
            part.setVisible(self._there)
        layout = self.layout()
        if self._there and layout is not None and layout.minimumSize().width() > self.width():
            for part in (self._volume_icon, self._volume):
                part.hide()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.S)
        row.addStrut(_HEIGHT)
        row.addWidget(self._play)
        row.addSpacing(2)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(self._title)
        row.addWidget(self._position)
        row.addStretch(1)
        row.addWidget(self._buttons[Do.OTHER_TAKE])
        row.addWidget(self._buttons[Do.LOOP])
        self._speed.addItems([f"{speed:g}×" for speed in SPEEDS])
        self._speed.setAccessibleName("Speed")
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speed.setFixedWidth(76)
        row.addWidget(self._speed)
        row.addWidget(self._volume_icon)
        self._volume.setRange(0, 100)
        self._volume.setSingleStep(5)
        self._volume.setPageStep(10)
        self._volume.setFixedWidth(72)
        self._volume.setAccessibleName("Volume")
        self._volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self._volume)
        for do in (Do.ZOOM_OUT, Do.ZOOM_IN, Do.SHOW_WHOLE, Do.MARKS):
            row.addWidget(self._buttons[do])
        for do in (Do.LOOP, Do.MARKS):
            self._buttons[do].setCheckable(True)

    def _connect(self, commands: CommandSet) -> None:
        commands.explain(self._play, Do.PLAY, "Play from here, or the marked stretch; or stop")
        self._play.clicked.connect(commands[Do.PLAY].trigger)
        for do, made in self._buttons.items():
            commands.explain(made, do, _ICONS[do][1])
            made.setAccessibleName(_ICONS[do][1])
            made.clicked.connect(commands[do].trigger)
        commands.explain(self._speed, Do.FASTER, "How fast it plays; the pitch stays")
        self._speed.currentIndexChanged.connect(lambda place: self._player.set_speed(SPEEDS[place]))
        self._volume.valueChanged.connect(self._take_volume)
        self._player.speed_changed.connect(self._show_speed)
        self._player.playing_changed.connect(self._draw_icons)
        self._theme.changed.connect(self._draw_icons)

    def _take_from_memory(self) -> None:
        self._volume.setValue(self._memory.read(_VOLUME, 100))
        self._use_volume(self._volume.value())
        speed = self._memory.read(_SPEED, SPEEDS[0])
        if speed in SPEEDS:
            self._player.set_speed(speed)
            self._speed.setCurrentIndex(SPEEDS.index(speed))

    def _use_volume(self, percent: int) -> None:
        self._player.set_volume(percent / 100)
        self._volume.setToolTip(f"Volume of the playback, {percent}%; the episode stays as loud as it is")

    def _take_volume(self, percent: int) -> None:
        self._use_volume(percent)
        self._memory.keep(_VOLUME, percent)

    def _show_speed(self, speed: float) -> None:
        self._speed.setCurrentIndex(SPEEDS.index(speed))
        self._memory.keep(_SPEED, speed)

    def _draw_icons(self) -> None:
        playing = self._player.playing
        self._play.setIcon(self._theme.icon("pause" if playing else "play"))
        self._play.setAccessibleName("Pause" if playing else "Play")
        for do, (icon, _words) in _ICONS.items():
            on = self._buttons[do].isChecked()
            self._buttons[do].setIcon(self._theme.icon(icon, Tone.ACCENT if on else Tone.TEXT))
        self._volume_icon.setPixmap(self._theme.pixmap("volume-2", Tone.NEUTRAL, 16, self.devicePixelRatioF()))
