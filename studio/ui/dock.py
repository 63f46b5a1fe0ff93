"""The sound of the chosen episode: play, the large wave, and the whole at a glance."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.domain.episode import Episode, State
from studio.engine.ports import Details
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.overview import Overview
from studio.ui.parts import ElidedLabel, button, label
from studio.ui.places import Place, places
from studio.ui.player import Player
from studio.ui.theme import Theme
from studio.ui.wave_paint import WaveContent
from studio.ui.wave_view import WaveView


class Dock(QFrame):
    """Shows `Details` and drives the player; says which finding was pressed."""

    place_chosen = Signal(int)

    def __init__(self, theme: Theme, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self._theme = theme
        self._player = player
        self._duration = 0.0
        self._play = button("", "square")
        self._title = ElidedLabel("", "heading")
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._position = label("", "muted")
        self._trouble = ElidedLabel("", "muted")
        self._nearer, self._further, self._whole = (button("", "square") for _ in range(3))
        self.wave = WaveView(theme)
        self._overview = Overview(theme)
        self._build()
        self._connect()
        self._draw_icons()
        self.show_nothing("Choose an episode to see and hear it.")

    def show_details(self, details: Details) -> None:
        """Show an episode; the view stays where it is when it is the same sound again."""
        episode = details.episode
        self._title.set_words(f"{episode.number:03d}  {wording.isolated(episode.title)}")
        self._player.load(details.audio)
        if details.peaks is None:
            self._show_content(None, _why_silent(episode))
        else:
            found = places(details.report)
            self._show_content(WaveContent(details.peaks, found, details.words, details.chapters))
        self._show_position(self._player.position)

    def show_nothing(self, message: str) -> None:
        """No episode is chosen."""
        self._title.set_words("")
        self._player.load(None)
        self._show_content(None, message)
        self._position.setText("")

    def play_place(self, place: Place) -> None:
        """Bring a place into view and play it, a little before to a little after."""
        self.wave.show_span(place.start_s, place.end_s)
        self._player.play(place.from_s, place.until_s)

    def show_place(self, place: Place) -> None:
        """Bring a place into view, and go to it without playing."""
        self._player.pause()
        self._player.seek(place.from_s)
        self.wave.show_span(place.start_s, place.end_s)

    def _show_content(self, content: WaveContent | None, message: str = "") -> None:
        self._duration = content.peaks.duration_s if content else 0.0
        self.wave.show_content(content, message)
        self._overview.show_content(content)
        self._overview.show_scale(self.wave.scale)
        for part in (self._play, self._nearer, self._further, self._whole, self._overview):
            part.setVisible(content is not None)
        if content is None:
            self._trouble.set_words("")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.M, look.M)
        column.setSpacing(look.S)
        head = QHBoxLayout()
        head.setSpacing(look.S)
        head.addStrut(32)  # the wave stays where it is while the buttons come and go
        head.addWidget(self._play)
        head.addSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._position)
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._trouble, 1)
        for part, name in (
            (self._further, "Zoom out"),
            (self._nearer, "Zoom in"),
            (self._whole, "Show the whole episode"),
        ):
            part.setAccessibleName(name)
            part.setToolTip(name)
            head.addWidget(part)
        column.addLayout(head)
        column.addWidget(self.wave, 1)
        column.addWidget(self._overview)

    def _connect(self) -> None:
        self._play.clicked.connect(self._player.toggle)
        self._nearer.clicked.connect(self.wave.zoom_in)
        self._further.clicked.connect(self.wave.zoom_out)
        self._whole.clicked.connect(self.wave.show_all)
        self.wave.sought.connect(self._player.seek)
        self.wave.place_chosen.connect(self.place_chosen)
        self.wave.scale_changed.connect(self._overview.show_scale)
        self._overview.moved.connect(self.wave.go_to)
        self._player.position_changed.connect(self._show_position)
        self._player.playing_changed.connect(self._draw_icons)
        self._player.troubled.connect(self._trouble.set_words)
        self._theme.changed.connect(self._draw_icons)

    def _show_position(self, second: float) -> None:
        self.wave.set_playhead(second, follow=self._player.playing)
        if self._duration:
            self._position.setText(f"{wording.moment(second)} / {wording.moment(self._duration)}")
        else:
            self._position.setText("")

    def _draw_icons(self) -> None:
        playing = self._player.playing
        self._play.setIcon(self._theme.icon("pause" if playing else "play"))
        self._play.setAccessibleName("Pause" if playing else "Play")
        self._play.setToolTip("Pause" if playing else "Play from here (K)")
        self._nearer.setIcon(self._theme.icon("plus"))
        self._further.setIcon(self._theme.icon("minus"))
        self._whole.setIcon(self._theme.icon("scan"))


def _why_silent(episode: Episode) -> str:
    match episode.state:
        case State.QUEUED:
            return f"{wording.now_sentence(episode).removesuffix('.')}. Its sound appears here once it is mastered."
        case State.WORKING:
            return f"{wording.now_sentence(episode)}… Its sound appears here once it is mastered."
        case _:
            return "There is no sound of this episode."
