"""Every command of the window, declared once: key, words, icon. Menus and the sheet of keys are made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

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
    PLAY_PLACE = "play_place"
    PLAY = "play"
    NEXT_PLACE = "next_place"
    PREVIOUS_PLACE = "previous_place"
    ACCEPT = "accept"
    REJECT = "reject"
    RETAKE = "retake"
    NEXT_EPISODE = "next_episode"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    VOICE = "voice"
    EPISODE_VOICE = "episode_voice"
    MONEY = "money"
    UNCLEAR = "unclear"
    NEW_PROJECT = "new_project"
    SETTINGS = "settings"
    KEYS = "keys"
    BATCH_PAGE = "batch_page"
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
    Command(Do.OPEN, "Go to the findings", ("Return", "Enter"), "list-checks", "Review"),
    Command(Do.PLAY_PLACE, "Play the place, or stop", ("Space",), "play", "Review"),
    Command(Do.PLAY, "Play from here, or stop", ("K",), "play", "Review"),
    Command(Do.NEXT_PLACE, "Next place", ("N",), "skip-forward", "Review"),
    Command(Do.PREVIOUS_PLACE, "Previous place", ("P",), "skip-back", "Review"),
    Command(Do.ACCEPT, "Accept the episode", ("A",), "check", "Review"),
    Command(Do.REJECT, "Reject with a reason", ("R",), "ban", "Review"),
    Command(Do.RETAKE, "Speak it anew", ("S",), "refresh-cw", "Review"),
    Command(Do.NEXT_EPISODE, "Next episode that needs you", ("G",), "ear", "Review"),
    Command(Do.ZOOM_IN, "Zoom in", ("+", "="), "plus", "Review"),
    Command(Do.ZOOM_OUT, "Zoom out", ("-",), "minus", "Review"),
    Command(Do.VOICE, "Voice…", ("Ctrl+Shift+V",), "mic", "Voice and money"),
    Command(Do.EPISODE_VOICE, "Voice of these episodes…", ("V",), "mic", "Voice and money"),
    Command(Do.MONEY, "Money and purchases", ("M",), "info", "Voice and money"),
    Command(Do.UNCLEAR, "Unclear calls…", ("U",), "triangle-alert", "Voice and money"),
    Command(Do.NEW_PROJECT, "New project…", ("Ctrl+Shift+N",), "plus", "Window"),
    Command(Do.SETTINGS, "Settings of this project…", ("Ctrl+,",), "settings-2", "Window"),
    Command(Do.BATCH_PAGE, "The batch", ("Ctrl+1",), "layout-list", "Window"),
    Command(Do.REVIEW_PAGE, "What needs ears", ("Ctrl+2",), "ear", "Window"),
    Command(Do.MONEY_PAGE, "Money over time", ("Ctrl+3",), "wallet", "Window"),
    Command(Do.QUALITY_PAGE, "Quality over time", ("Ctrl+4",), "chart-line", "Window"),
    Command(Do.SYSTEM_PAGE, "This machine and the network", ("Ctrl+5",), "activity", "Window"),
    Command(Do.KEYS, "Show the keys", ("?", "F1"), "keyboard", "Window"),
    Command(Do.ESCAPE, "Close what is open", ("Esc",), "x", "Window"),
)


class CommandSet(QObject):
    """The commands as actions of a window."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._actions: dict[Do, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.words, window)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            window.addAction(action)
            self._actions[command.do] = action
        self._draw_icons()
        theme.changed.connect(self._draw_icons)

    def __getitem__(self, do: Do) -> QAction:
        return self._actions[do]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def _draw_icons(self) -> None:
        for command in COMMANDS:
            self._actions[command.do].setIcon(self._theme.icon(command.icon))
