"""Every command of the window, declared once: key, words, icon. Menus and the sheet of keys are made of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from studio.ui.memory import Memory
from studio.ui.slices import Slices
from studio.ui.theme import Theme


class Do(StrEnum):
    """What can be asked for."""

    ADD_FILES = "add_files"
    ADD_FOLDER = "add_folder"
    PASTE = "paste"
    PRIMARY = "primary"
    PAUSE = "pause"
    EXPORT = "export"
    OPEN_FOLDER = "open_folder"
    REMOVE = "remove"
    RETRY = "retry"
    OPEN = "open"
    FIND = "find"
    VIEWS = "views"
    COLUMNS = "columns"
    QUEUE_FIRST = "queue_first"
    QUEUE_EARLIER = "queue_earlier"
    QUEUE_LATER = "queue_later"
    QUEUE_LAST = "queue_last"
    PLAY_PLACE = "play_place"
    PLAY = "play"
    NEXT_PLACE = "next_place"
    PREVIOUS_PLACE = "previous_place"
    ACCEPT = "accept"
    REJECT = "reject"
    RETAKE = "retake"
    REPAIR = "repair"
    EDIT = "edit"
    PRONOUNCE = "pronounce"
    EARLIER_TAKE = "earlier_take"
    UNDO = "undo"
    NEXT_EPISODE = "next_episode"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    BACK = "back"
    FASTER = "faster"
    OTHER_TAKE = "other_take"
    NEXT_MARK = "next_mark"
    PREVIOUS_MARK = "previous_mark"
    SELECT_FROM = "select_from"
    SELECT_TO = "select_to"
    LOOP = "loop"
    SHOW_SELECTION = "show_selection"
    SHOW_WHOLE = "show_whole"
    WAVE = "wave"
    MARKS = "marks"
    VOICE = "voice"
    EPISODE_VOICE = "episode_voice"
    MONEY = "money"
    UNCLEAR = "unclear"
    PROJECTS = "projects"
    NEW_PROJECT = "new_project"
    DUPLICATE_PROJECT = "duplicate_project"
    RENAME_PROJECT = "rename_project"
    ARCHIVE_PROJECT = "archive_project"
    LEXICON = "lexicon"
    SETTINGS = "settings"
    KEYS = "keys"
    TOPICS = "topics"
    READ_SCRIPT = "read_script"
    APPROVE_SCRIPT = "approve_script"
    SAVE_SCRIPT = "save_script"
    NEXT_FAULT = "next_fault"
    PREVIOUS_FAULT = "previous_fault"
    CURE = "cure"
    HEAR = "hear"
    WRITE_AGAIN = "write_again"
    BATCH_PAGE = "batch_page"
    SCRIPTS_PAGE = "scripts_page"
    REVIEW_PAGE = "review_page"
    MONEY_PAGE = "money_page"
    QUALITY_PAGE = "quality_page"
    SYSTEM_PAGE = "system_page"
    ESCAPE = "escape"


@dataclass(frozen=True, slots=True)
class Command:
    """One command; the first of its keys is the one that is shown."""

    do: Do
    words: str
    keys: tuple[str, ...]
    icon: str
    group: str


COMMANDS = (
    Command(Do.ADD_FILES, "Add scripts…", ("Ctrl+O",), "file-plus", "Batch"),
    Command(Do.ADD_FOLDER, "Add a folder…", ("Ctrl+Shift+O",), "folder-plus", "Batch"),
    Command(Do.PASTE, "Paste text or files", ("Ctrl+V",), "clipboard-paste", "Batch"),
    Command(Do.PRIMARY, "Start (the blue button)", ("Ctrl+Return",), "play", "Batch"),
    Command(Do.PAUSE, "Pause or resume", ("Ctrl+P",), "pause", "Batch"),
    Command(Do.REMOVE, "Cancel or remove", ("Del",), "trash-2", "Batch"),
    Command(Do.RETRY, "Retry what failed", ("T",), "rotate-ccw", "Batch"),
    Command(Do.EXPORT, "Export again", ("Ctrl+E",), "download", "Batch"),
    Command(Do.OPEN_FOLDER, "Open the output folder", ("Ctrl+Shift+E",), "folder-open", "Batch"),
    Command(Do.FIND, "Filter", ("Ctrl+F", "/"), "search", "Batch"),
    Command(Do.VIEWS, "Named views…", ("Ctrl+Shift+F",), "bookmark", "Batch"),
    Command(Do.COLUMNS, "Columns…", ("Ctrl+Shift+L",), "columns-3", "Batch"),
    Command(Do.QUEUE_FIRST, "To the top of the queue", ("Alt+Home",), "arrow-up-to-line", "Batch"),
    Command(Do.QUEUE_EARLIER, "Earlier in the queue", ("Alt+Up",), "arrow-up", "Batch"),
    Command(Do.QUEUE_LATER, "Later in the queue", ("Alt+Down",), "arrow-down", "Batch"),
    Command(Do.QUEUE_LAST, "To the end of the queue", ("Alt+End",), "arrow-down-to-line", "Batch"),
    Command(Do.TOPICS, "Add topics…", ("Ctrl+T",), "list-plus", "Scripts"),
    Command(Do.READ_SCRIPT, "Read and edit the script", ("C",), "scroll-text", "Scripts"),
    Command(Do.APPROVE_SCRIPT, "Approve the script", ("Ctrl+Shift+A",), "check", "Scripts"),
    Command(Do.SAVE_SCRIPT, "Save the script", ("Ctrl+S",), "save", "Scripts"),
    Command(Do.NEXT_FAULT, "Next finding in the script", ("F8",), "arrow-down", "Scripts"),
    Command(Do.PREVIOUS_FAULT, "Finding before in the script", ("Shift+F8",), "arrow-up", "Scripts"),
    Command(Do.CURE, "Cure the finding", ("Ctrl+.",), "wand-sparkles", "Scripts"),
    Command(Do.HEAR, "Hear the sentence, or what is marked", ("F7",), "volume-2", "Scripts"),
    Command(Do.WRITE_AGAIN, "Write the script again", ("Ctrl+Shift+W",), "pen-line", "Scripts"),
    Command(Do.LEXICON, "Pronunciations…", ("Ctrl+L",), "book-audio", "Scripts"),
    Command(Do.OPEN, "Go to the findings", ("Return", "Enter"), "list-checks", "Review"),
    Command(Do.PLAY_PLACE, "Play the place, or stop", ("Space",), "play", "Review"),
    Command(Do.PLAY, "Play from here, or stop", ("K",), "play", "Review"),
    Command(Do.NEXT_PLACE, "Next place", ("N",), "skip-forward", "Review"),
    Command(Do.PREVIOUS_PLACE, "Previous place", ("P",), "skip-back", "Review"),
    Command(Do.ACCEPT, "Accept the episode", ("A",), "check", "Review"),
    Command(Do.REJECT, "Reject with a reason", ("R",), "ban", "Review"),
    Command(Do.RETAKE, "Speak it anew", ("S",), "refresh-cw", "Review"),
    Command(Do.REPAIR, "Speak the sentence anew", ("E",), "wrench", "Review"),
    Command(Do.EDIT, "Edit the sentence and speak it", ("W",), "pencil", "Review"),
    Command(Do.PRONOUNCE, "Say how a word is spoken", ("Y",), "mic", "Review"),
    Command(Do.EARLIER_TAKE, "Back to the take before", ("Ctrl+B",), "undo-2", "Review"),
    Command(Do.UNDO, "Take the last decision back", ("Ctrl+Z",), "undo-2", "Review"),
    Command(Do.NEXT_EPISODE, "Next episode that needs you", ("G",), "ear", "Review"),
    Command(Do.ZOOM_IN, "Zoom in", ("+", "="), "plus", "Review"),
    Command(Do.ZOOM_OUT, "Zoom out", ("-",), "minus", "Review"),
    Command(Do.BACK, "Back 3 s, a step slower", ("J",), "rotate-ccw", "Sound"),
    Command(Do.FASTER, "Play, then faster: 1.25, 1.5, 2×", ("L",), "skip-forward", "Sound"),
    Command(Do.OTHER_TAKE, "Hear the other take here", ("X",), "arrow-left-right", "Sound"),
    Command(Do.NEXT_MARK, "To the next mark", (".",), "skip-forward", "Sound"),
    Command(Do.PREVIOUS_MARK, "To the mark before", (",",), "skip-back", "Sound"),
    Command(Do.SELECT_FROM, "Mark from here", ("[",), "scan", "Sound"),
    Command(Do.SELECT_TO, "Mark to here", ("]",), "scan", "Sound"),
    Command(Do.LOOP, "Loop what is marked, or the place", ("Shift+L",), "repeat", "Sound"),
    Command(Do.SHOW_SELECTION, "Zoom to what is marked", ("Z",), "scan", "Sound"),
    Command(Do.SHOW_WHOLE, "Show the whole episode", ("0",), "scan", "Sound"),
    Command(Do.WAVE, "Go to the wave", ("D",), "audio-lines", "Sound"),
    Command(Do.MARKS, "Go to the list of marks", ("Shift+D",), "list", "Sound"),
    Command(Do.VOICE, "Voice…", ("Ctrl+Shift+V",), "mic", "Voice and money"),
    Command(Do.EPISODE_VOICE, "Voice of these episodes…", ("V",), "mic", "Voice and money"),
    Command(Do.MONEY, "Money and purchases", ("M",), "info", "Voice and money"),
    Command(Do.UNCLEAR, "Unclear calls…", ("U",), "triangle-alert", "Voice and money"),
    Command(Do.PROJECTS, "All projects…", ("Ctrl+Shift+P",), "folders", "Window"),
    Command(Do.NEW_PROJECT, "New project…", ("Ctrl+Shift+N",), "plus", "Window"),
    Command(Do.DUPLICATE_PROJECT, "New project with these settings…", ("Ctrl+Shift+D",), "copy-plus", "Window"),
    Command(Do.RENAME_PROJECT, "Rename this project…", ("F2",), "text-cursor-input", "Window"),
    Command(Do.ARCHIVE_PROJECT, "Archive this project…", (), "archive", "Window"),
    Command(Do.SETTINGS, "Settings of this project…", ("Ctrl+,",), "settings-2", "Window"),
    Command(Do.BATCH_PAGE, "The batch", ("Ctrl+1",), "layout-list", "Window"),
    Command(Do.SCRIPTS_PAGE, "From topic to script", ("Ctrl+2",), "scroll-text", "Window"),
    Command(Do.REVIEW_PAGE, "What needs ears", ("Ctrl+3",), "ear", "Window"),
    Command(Do.MONEY_PAGE, "Money over time", ("Ctrl+4",), "wallet", "Window"),
    Command(Do.QUALITY_PAGE, "Quality over time", ("Ctrl+5",), "chart-line", "Window"),
    Command(Do.SYSTEM_PAGE, "This machine and the network", ("Ctrl+6",), "activity", "Window"),
    Command(Do.KEYS, "Show the keys", ("?", "F1"), "keyboard", "Window"),
    Command(Do.ESCAPE, "Close what is open", ("Esc",), "x", "Window"),
)


_SHIPPED: Final = {command.do: command.keys for command in COMMANDS}
_KEPT: Final = "keys"


class CommandSet(QObject):
    """The commands as actions of a window, with the keys that a person has given them."""

    changed = Signal()  # the keys

    def __init__(self, window: QWidget, theme: Theme, memory: Memory) -> None:
        super().__init__(window)
        self._theme = theme
        self._memory = memory
        self._actions: dict[Do, QAction] = {}
        self._keys = {command.do: command.keys for command in COMMANDS}
        self._keys.update(_own(memory.read(_KEPT, {})))
        for command in COMMANDS:
            action = QAction(command.words, window)
            action.setShortcuts([QKeySequence(key) for key in self._keys[command.do]])
            window.addAction(action)
            self._actions[command.do] = action
        self._drawing = Slices(self)
        theme.changed.connect(self.draw_icons)

    def __getitem__(self, do: Do) -> QAction:
        return self._actions[do]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def key(self, do: Do) -> str:
        """The first key of a command as this system writes it; empty where it has none."""
        keys = self._keys[do]
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def is_changed(self, do: Do) -> bool:
        """Whether a person gave it another key."""
        return self._keys[do] != _SHIPPED[do]

    def of_key(self, key: str) -> Do | None:
        """The command that has this key."""
        return next((do for do, keys in self._keys.items() if key in keys), None)

    def set_key(self, do: Do, key: str) -> None:
        """Give a command this key, in place of those that it has; whatever had the key is left without it."""
        for other, keys in self._keys.items():
            if key in keys:
                self._keys[other] = tuple(each for each in keys if each != key)
        self._keys[do] = (key,)
        self._take_over()

    def reset(self, do: Do | None = None) -> None:
        """Give a command, or all of them, the shipped keys again; they are taken from whatever has them now."""
        back = _SHIPPED if do is None else {do: _SHIPPED[do]}
        for each, keys in back.items():
            for other, theirs in self._keys.items():
                if other is not each:
                    self._keys[other] = tuple(key for key in theirs if key not in keys)
            self._keys[each] = keys
        self._take_over()

    def draw_icons(self) -> None:
        """Give the commands their icons, a few at a time: they are in menus, which nobody has open yet."""
        self._drawing.begin(self._icons())

    def explain(self, widget: QWidget, do: Do, text: str) -> None:
        """Give a widget a tool tip with the key of its command, and keep it right."""
        self.follow(do, lambda key: widget.setToolTip(f"{text} ({key})" if key else text))

    def follow(self, do: Do, show: Callable[[str], object]) -> None:
        """Have `show` told the first key of a command, now and whenever it changes."""
        show(self.key(do))
        self.changed.connect(lambda: show(self.key(do)))

    def _take_over(self) -> None:
        for do, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in self._keys[do]])
        own = {do.value: list(keys) for do, keys in self._keys.items() if keys != _SHIPPED[do]}
        if own:
            self._memory.keep(_KEPT, own)
        else:
            self._memory.forget(_KEPT)
        self.changed.emit()

    def _icons(self) -> Iterator[None]:
        for command in COMMANDS:
            self._actions[command.do].setIcon(self._theme.icon(command.icon))
            yield


def _own(kept: dict[str, Any]) -> dict[Do, tuple[str, ...]]:
    """The keys that a person gave, as far as they can be read: commands of today, and each key once."""
    found: dict[Do, tuple[str, ...]] = {}
    used: set[str] = set()
    for do in Do:
        keys = kept.get(do.value)
        if isinstance(keys, list) and all(isinstance(key, str) and key not in used for key in keys):
            found[do] = tuple(keys)
            used.update(keys)
    # What a later version ships a key for, while a person has it elsewhere, goes without.
    for do, keys in _SHIPPED.items():
        if do not in found and used.intersection(keys):
            found[do] = tuple(key for key in keys if key not in used)
    return found
