"""The sound of the chosen episode: play, the large wave, its marks as a list, and the whole at a glance."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from studio.domain.episode import Episode, State
from studio.domain.same_place import Course
from studio.engine.ports import Details
from studio.engine.takes import TakeSound
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.announce import announce
from studio.ui.commands import CommandSet, Do
from studio.ui.mark_list import MarkList
from studio.ui.marks import Kind, Mark, following, marks_of, preceding
from studio.ui.memory import Memory
from studio.ui.overview import Overview
from studio.ui.parts import ElidedLabel
from studio.ui.places import Place, places
from studio.ui.player import Player
from studio.ui.script_preview import ScriptPreview
from studio.ui.selection import Selection
from studio.ui.take_switch import TakeSwitch
from studio.ui.theme import Theme
from studio.ui.time_scale import TimeScale
from studio.ui.transport import Transport
from studio.ui.wave_paint import WaveContent
from studio.ui.wave_view import WaveView
from studio.ui.word_line import WordLine

_LISTED = "sound/marks"
_LIST_WIDTH, _LINE_WIDTH = 264, 240
_NO_STRETCH = "Nothing is marked: drag over the wave, or press [ and ] where it begins and ends"


class Dock(QFrame):
    """Shows `Details` and drives the player; says which finding of the take in use was pressed."""

    place_chosen = Signal(int)

    def __init__(self, theme: Theme, player: Player, takes: TakeSwitch, memory: Memory, commands: CommandSet) -> None:
        super().__init__()
        self.setObjectName("dock")
        self._player = player
        self._takes = takes
        self._memory = memory
        self._details: Details | None = None
        self._shown: tuple[int, Path | None] | None = None  # episode and file
        self._content: WaveContent | None = None
        self._loops = False
        self._transport = Transport(theme, player, memory, commands)
        self._said, self._marked = ElidedLabel("", "muted"), ElidedLabel("", "muted")
        self.wave = WaveView(theme)
        self.marks = MarkList(theme)
        self._overview = Overview(theme)
        self._script = ScriptPreview()
        self._build()
        self._connect()
        self.show_nothing("Choose an episode to see and hear it.")

    def show_details(self, details: Details) -> None:
        """Show an episode; view, playhead and the take that sounds stay while its takes are the same."""
        self._details = details
        self._takes.load(details)
        self._transport.show_title(f"{details.episode.number:03d}  {wording.isolated(details.episode.title)}")
        if not self._takes.shows_another:
            self._show_take_in_use()

    def show_nothing(self, message: str) -> None:
        """No episode is chosen."""
        self._details = None
        self._takes.load(None)
        self.wave.setVisible(not self._script.show_waiting(None))
        self._transport.show_title("")
        self._player.load(None)
        self._show_content(None, message)

    def play_place(self, place: Place) -> None:
        """Bring a place of the take in use into view and play it, a little before to a little after."""
        self._return()
        self.wave.show_span(place.start_s, place.end_s)
        self._player.play(place.from_s, place.until_s, again_from=place.from_s if self._loops else None)

    def show_place(self, place: Place) -> None:
        """Bring a place of the take in use into view, and go to it without playing."""
        self._return()
        self._player.pause()
        self._player.seek(place.from_s)
        self.wave.show_span(place.start_s, place.end_s)

    def serves(self) -> dict[Do, Callable[[], object]]:
        """What the commands about the sound do."""
        return {
            Do.PLAY: self._play_or_stop,
            Do.BACK: self._player.back,
            Do.FASTER: self._player.faster,
            Do.OTHER_TAKE: self._takes.next,
            Do.NEXT_MARK: lambda: self._jump(following(self.marks.marks.all, self._player.position)),
            Do.PREVIOUS_MARK: lambda: self._jump(preceding(self.marks.marks.all, self._player.position)),
            Do.SELECT_FROM: partial(self._mark, begins=True),
            Do.SELECT_TO: partial(self._mark, begins=False),
            Do.LOOP: self._toggle_loop,
            Do.ZOOM_IN: self.wave.zoom_in,
            Do.ZOOM_OUT: self.wave.zoom_out,
            Do.SHOW_SELECTION: self.wave.show_selection,
            Do.SHOW_WHOLE: self.wave.show_all,
            Do.WAVE: lambda: self.wave.setFocus(Qt.FocusReason.ShortcutFocusReason),
            Do.MARKS: lambda: self._list_marks(not self.marks.isVisibleTo(self)),
        }

    def _return(self) -> None:
        if self._takes.shows_another:
            self._takes.back()
            self._show_take_in_use()

    def _show_take_in_use(self) -> None:
        details = self._details
        if details is None:
            return
        self._player.load(details.audio)
        self._player.set_trim(self._takes.trim_db)
        self.wave.setVisible(not self._script.show_waiting(details))
        if details.peaks is None:
            self._show_content(None, _why_silent(details.episode))
        else:
            words = WordLine(details.words)
            content = WaveContent(details.peaks, places(details.report), words, details.chapters)
            self._show_content(content, audio=details.audio)

    def _show_other_take(self, sound: TakeSound, course: Course) -> None:
        if sound.peaks is None:
            return
        scale, selection = self.wave.scale, self.wave.selection
        content = WaveContent(sound.peaks, places(sound.report), WordLine(sound.words), sound.chapters)
        self._show_content(content, audio=sound.audio)
        if not scale.all_in_view:
            start, end = course.to_there(scale.start), course.to_there(scale.end)
            self.wave.show_scale(TimeScale.spanning(sound.peaks.duration_s, self.wave.width(), start, end))
        if selection is not None:
            ends = course.to_there(selection.start_s), course.to_there(selection.end_s)
            self.wave.select(Selection.between(*ends))

    def _show_content(self, content: WaveContent | None, message: str = "", audio: Path | None = None) -> None:
        shown = (self._details.episode.id, audio) if self._details and content else None
        same = shown is not None and shown == self._shown
        self._content, self._shown = content, shown
        self._transport.show_sound(content is not None)
        self._transport.show_take(self._takes.number, self._takes.count if content else 0)
        self.wave.show_content(content, message, same=same)
        self._overview.show_content(content)
        self._overview.show_scale(self.wave.scale)
        self._overview.setVisible(content is not None)
        self._show_selection()
        self._show_position(self._player.position)
        self._say("")

    def _play_or_stop(self) -> None:
        """What is marked is played to its end: from its beginning, or from where the playhead stands in it."""
        selection, at = self.wave.selection, self._player.position
        if self._player.playing:
            self._player.pause()
        elif selection is None:
            self._player.play()
        else:
            inside = selection.start_s < at < selection.end_s
            again_from = selection.start_s if self._loops else None
            self._player.play(at if inside else selection.start_s, selection.end_s, again_from=again_from)

    def _toggle_loop(self) -> None:
        self._loops = not self._loops
        self._player.repeat(self._loops)
        if self._loops and self.wave.selection is None and self._player.stretch is None:
            self._say(_NO_STRETCH)
        self._show_states()

    def _seek(self, second: float) -> None:
        selection = self.wave.selection
        if self._player.playing and self._loops and selection is not None and second == selection.start_s:
            self._player.play(second, selection.end_s, again_from=second)
        else:
            self._player.seek(second)

    def _choose_place(self, index: int) -> None:
        """The findings of the take in use are the review's; those of another are only played."""
        if not self._takes.shows_another:
            self.place_chosen.emit(index)
            return
        for place in self._content.places if self._content else ():
            if place.index == index:
                self._player.play(place.from_s, place.until_s)

    def _jump(self, mark: Mark | None) -> None:
        if mark is None:
            self._say("There is no further mark that way")
            return
        self._player.seek(mark.start_s)
        self.wave.hold_span(mark.start_s, mark.end_s)
        self._say(mark.line)
        announce(self.wave, mark.spoken)

    def _take_mark(self, mark: Mark) -> None:
        if mark.kind is Kind.FINDING:
            self._choose_place(mark.index)
        else:
            self._jump(mark)

    def _mark(self, *, begins: bool) -> None:
        """From the playhead on, or up to it; the other end stays where that leaves something between them."""
        if self._content is None:
            return
        at, selection = self._player.position, self.wave.selection
        start = selection.start_s if selection and selection.start_s < at else 0.0
        end = selection.end_s if selection and selection.end_s > at else self._content.peaks.duration_s
        self.wave.select(Selection.between(at, end) if begins else Selection.between(start, at))

    def _show_selection(self) -> None:
        selection = self.wave.selection
        words = selection.said(self._content.words) if selection and self._content else ""
        self._marked.set_words(f"Marked: {words}" if words else "")
        self._marked.setVisible(bool(words))
        self.marks.marks.show_marks(marks_of(self._content, selection))

    def _list_marks(self, listed: bool) -> None:
        self.marks.setVisible(listed)
        if listed:
            self.marks.take_focus()
        else:
            self.wave.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._memory.keep(_LISTED, listed)
        self._show_states()

    def _show_states(self) -> None:
        self._transport.show_states(looped=self._loops, listed=self.marks.isVisibleTo(self))

    def _show_position(self, second: float) -> None:
        self.wave.set_playhead(second, follow=self._player.playing)
        self._transport.show_position(second, self._content.peaks.duration_s if self._content else 0.0)

    def _say(self, words: str) -> None:
        self._said.set_words(" · ".join(part for part in (words, self._takes.line) if part))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.M, look.M)
        column.setSpacing(look.XS)
        column.addWidget(self._transport)
        line = QHBoxLayout()
        line.setSpacing(look.L)
        line.addWidget(self._said, 1)
        self._said.setMinimumWidth(_LINE_WIDTH)
        self._marked.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._marked.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line.addWidget(self._marked)
        column.addLayout(line)
        middle = QHBoxLayout()
        middle.setSpacing(look.S)
        middle.addWidget(self.wave, 1)
        middle.addWidget(self._script, 1)
        self.marks.setFixedWidth(_LIST_WIDTH)
        self.marks.setVisible(self._memory.read(_LISTED, False))
        middle.addWidget(self.marks)
        column.addLayout(middle, 1)
        column.addWidget(self._overview)
        self._show_states()

    def _connect(self) -> None:
        self.wave.sought.connect(self._seek)
        self.wave.place_chosen.connect(self._choose_place)
        self.wave.scale_changed.connect(self._overview.show_scale)
        self.wave.selected.connect(lambda _selection: self._show_selection())
        self.marks.chosen.connect(self._take_mark)
        self._overview.moved.connect(self.wave.go_to)
        self._player.position_changed.connect(self._show_position)
        self._player.troubled.connect(self._say)
        self._takes.switched.connect(self._show_other_take)
        self._takes.learned.connect(lambda: self._say(""))
        self._takes.said.connect(self._say)


def _why_silent(episode: Episode) -> str:
    match episode.state:
        case State.QUEUED:
            return f"{wording.now_sentence(episode).removesuffix('.')}. Its sound appears here once it is mastered."
        case State.WORKING:
            return f"{wording.now_sentence(episode)}… Its sound appears here once it is mastered."
        case State.NEEDS_YOU if episode.awaits_approval:
            return "Nothing is spoken before its script is approved."
        case _:
            return "There is no sound of this episode."
