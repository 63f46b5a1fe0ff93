"""The look: colours, type, spacing, and which icon stands for what. No other module names a colour or an icon file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Severity
from studio.ui.icons import IconSet
from studio.ui.style_sheet import style_sheet

XS: Final = 4
S: Final = 8
M: Final = 12
L: Final = 16
ROW_HEIGHT: Final = 36
RADIUS: Final = 6
CHIP_HEIGHT: Final = 22
CHIP_TINT: Final = 22  # of 255: as much of a chip's own colour as its word can still be read on

SMALL: Final = 11
SECONDARY: Final = 12
TEXT: Final = 13
HEADING: Final = 14

MEDIUM: Final = QFont.Weight.Medium
SEMIBOLD: Final = QFont.Weight.DemiBold


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, as `#rrggbb`."""

    dark: bool
    background: str
    panel: str
    raised: str
    field: str
    line: str
    selection: str
    hover: str
    text: str
    muted: str
    faint: str
    accent: str
    button: str
    button_hover: str
    on_button: str
    good: str
    look: str
    bad: str
    info: str
    wave: str
    dim_wave: str


DARK: Final = Tokens(
    dark=True,
    background="#16181d",
    panel="#1c1f26",
    raised="#23272f",
    field="#121419",
    line="#2e333d",
    selection="#1d344e",
    hover="#1d2027",
    text="#e7eaf0",
    muted="#a2abb9",
    faint="#6b7382",
    accent="#62adff",
    button="#2f6fb5",
    button_hover="#3675bb",
    on_button="#ffffff",
    good="#4cc38a",
    look="#f0b429",
    bad="#ff7e7e",
    info="#95a4ff",
    wave="#5aa9ff",
    dim_wave="#3a5a80",
)

LIGHT: Final = Tokens(
    dark=False,
    background="#f5f6f8",
    panel="#ffffff",
    raised="#ffffff",
    field="#ffffff",
    line="#dfe3ea",
    selection="#dcebfb",
    hover="#eceff4",
    text="#1b2030",
    muted="#545e72",
    faint="#8a93a5",
    accent="#145fb4",
    button="#1769c7",
    button_hover="#1159ab",
    on_button="#ffffff",
    good="#176e44",
    look="#825709",
    bad="#b32828",
    info="#4752c8",
    wave="#2f7fd6",
    dim_wave="#a9c8ea",
)


class Tone(StrEnum):
    """What a colour means."""

    NEUTRAL = "muted"
    FAINT = "faint"
    TEXT = "text"
    ACCENT = "accent"
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    INFO = "info"
    ON_BUTTON = "on_button"


SEVERITY_TONES: Final = {
    Severity.NOTE: Tone.NEUTRAL,
    Severity.REVIEW: Tone.LOOK,
    Severity.FAULT: Tone.BAD,
    Severity.UNSURE: Tone.INFO,
}

_STATE_LOOKS: Final = {
    State.QUEUED: ("circle-dashed", Tone.NEUTRAL),
    State.NEEDS_YOU: ("ear", Tone.LOOK),
    State.DONE: ("check", Tone.GOOD),
    State.FAILED: ("x", Tone.BAD),
    State.REJECTED: ("ban", Tone.BAD),
    State.CANCELLED: ("ban", Tone.NEUTRAL),
}

_STAGE_ICONS: Final = {
    Stage.WRITE: "pen-line",
    Stage.PREPARE: "file-text",
    Stage.SYNTHESIZE: "mic",
    Stage.MASTER: "sliders-horizontal",
    Stage.CHECK: "audio-lines",
    Stage.REVIEW: "ear",
    Stage.EXPORT: "package-check",
}


def state_look(episode: Episode) -> tuple[str, Tone]:
    """The icon and the tone of an episode's state chip."""
    if episode.state is State.QUEUED and episode.reason:
        return "triangle-alert", Tone.LOOK
    if episode.state is State.WORKING:
        return _STAGE_ICONS[episode.stage], Tone.ACCENT
    if episode.awaits_approval:
        return "scroll-text", Tone.LOOK
    return _STATE_LOOKS[episode.state]


def font(size: int = TEXT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The program's typeface at `size` pixels."""
    made = QFont(QApplication.font())
    made.setPixelSize(size)
    made.setWeight(weight)
    return made


class Theme(QObject):
    """The colours in force. Follows the system's scheme while it runs, and says so when it changed."""

    changed = Signal()

    def __init__(self, app: QApplication, resources: Path) -> None:
        """`resources` holds `icons/` and `fonts/`; both are read here, once, before the first window."""
        super().__init__(app)
        self._app = app
        self._icons = IconSet.load(resources / "icons")
        self._colours: dict[tuple[str, int], QColor] = {}
        self._dressed: WeakSet[QWidget] = WeakSet()
        _install_typeface(app, resources / "fonts")
        app.setStyle("Fusion")
        self.tokens = _tokens(app.styleHints().colorScheme())
        self._apply()
        app.setWindowIcon(self.icon("audio-lines", Tone.ACCENT, 64))
        app.styleHints().colorSchemeChanged.connect(self.follow)
        app.screenAdded.connect(lambda _screen: self.changed.emit())  # it may be sharper: icons are made anew

    def colour(self, name: str, alpha: int = 255) -> QColor:
        """A token, or a tone, as a colour; `alpha` from 0 to 255."""
        known = self._colours.get((name, alpha))
        if known is None:
            known = QColor(getattr(self.tokens, name))
            known.setAlpha(alpha)
            self._colours[name, alpha] = known
        return known

    def pixmap(self, name: str, tone: Tone, size: int, scale: float) -> QPixmap:
        """An icon in a tone, `size` logical pixels wide, crisp at a screen scale of `scale`."""
        return self._icons.pixmap(name, self.colour(tone), size, scale)

    def icon(self, name: str, tone: Tone = Tone.TEXT, size: int = 16, on: Tone | None = None) -> QIcon:
        """An icon for buttons and menus; its disabled form is faint, and that of a checked button in the tone `on`."""
        made = QIcon()
        for scale in sorted({1.0, self._app.devicePixelRatio()}):  # the sharpest screen's
            made.addPixmap(self.pixmap(name, tone, size, scale))
            made.addPixmap(self.pixmap(name, Tone.FAINT, size, scale), QIcon.Mode.Disabled)
            if on is not None:
                made.addPixmap(self.pixmap(name, on, size, scale), QIcon.Mode.Normal, QIcon.State.On)
        return made

    def dress(self, window: QWidget) -> None:
        """Give a window, and all that is ever put into it or opened over it, the style sheet of the colours in force.

        It is the window's and not the application's: Qt then styles a part once, where it is put into the window. With
        a sheet of the application it styles everything in a part anew, whatever that is put into on the way there.
        """
        self._dressed.add(window)
        window.setStyleSheet(style_sheet(self.tokens))

    @staticmethod
    def icon_size(size: int = 16) -> QSize:
        """Icons are square."""
        return QSize(size, size)

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Show the colours of `scheme`; the system's changes arrive here."""
        wanted = _tokens(scheme)
        if wanted is not self.tokens:
            self.tokens = wanted
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._colours.clear()
        self._app.setPalette(_palette(self.tokens))
        sheet = style_sheet(self.tokens)
        for window in filter(shiboken6.isValid, self._dressed):
            window.setStyleSheet(sheet)


def _tokens(scheme: Qt.ColorScheme) -> Tokens:
    # Where the desktop says nothing the answer is Unknown; light is what such desktops show.
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def _install_typeface(app: QApplication, folder: Path) -> None:
    for path in sorted(folder.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))
    chosen = QFont("Inter")
    chosen.setPixelSize(TEXT)
    chosen.setFeature(QFont.Tag("tnum"), 1)  # numbers stand under each other in every column
    # Hinting bends Inter's shapes at small sizes; without it the letters keep their rhythm.
    chosen.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(chosen)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.background,
        QPalette.ColorRole.Base: tokens.background,
        QPalette.ColorRole.AlternateBase: tokens.panel,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.on_button,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Highlight: tokens.button,
        QPalette.ColorRole.HighlightedText: tokens.on_button,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Accent: tokens.button,
        QPalette.ColorRole.Mid: tokens.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return palette
