"""What stands in place of the table while it is empty: what to do first, or why nothing is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, label
from studio.ui.theme import Theme, Tone

STEPS = (
    ("1", "Drop scripts", "Markdown, Word, PDF, EPUB, HTML or text; folders, links, or a table of topics"),
    ("2", "Press Start", "Each is spoken, mastered, and heard again word by word"),
    ("3", "Hear what is flagged", "Folders with MP3, chapters and transcripts come out"),
)


class EmptyState(QWidget):
    """Teaches the three steps, and offers the ways to begin."""

    files_asked = Signal()
    folder_asked = Signal()
    topics_asked = Signal()
    samples_asked = Signal()

    def __init__(self, theme: Theme, *, samples: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setSpacing(look.S)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(look.XS)
        for text, role in (
            ("Drop scripts here", "title"),
            ("Finished, checked podcast folders come out. Nothing is spent before you press Start.", "muted"),
        ):
            line = label(text, role)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(line)
        column.addSpacing(look.L)
        column.addLayout(self._ways(samples=samples))
        column.addSpacing(28)
        column.addLayout(steps(STEPS))
        column.addStretch(3)
        theme.changed.connect(self._draw)
        self._draw()

    def _ways(self, *, samples: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addStretch(1)
        ways = [
            ("Choose files…", "primary", self.files_asked),
            ("Choose a folder…", "", self.folder_asked),
            ("Write topics…", "", self.topics_asked),
        ]
        if samples:
            ways.append(("Make the sample batch", "", self.samples_asked))
        for text, kind, asked in ways:
            way = button(text, kind)
            way.clicked.connect(asked)
            if asked is self.topics_asked:
                way.setToolTip("Begin with topics: scripts are written of sources that you name, and you approve them")
            if asked is self.samples_asked:
                way.setToolTip("Three short scripts of Batchcast's own, by the built-in voice: free, in about a minute")
            if kind:
                self.setFocusProxy(way)
            row.addWidget(way)
        row.addStretch(1)
        return row

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("audio-lines", Tone.ACCENT, 48, self.devicePixelRatioF()))


def steps(of: Sequence[tuple[str, str, str]]) -> QHBoxLayout:
    """Numbered steps beside each other: number, name, what happens."""
    row = QHBoxLayout()
    row.setSpacing(look.L)
    row.addStretch(1)
    for number, name, text in of:
        step = QVBoxLayout()
        step.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(look.S)
        cap = label(number, "key")
        head.addWidget(cap)
        head.addWidget(label(name, "strong"))
        head.addStretch(1)
        step.addLayout(head)
        words = label(text, "muted", wrap=True)
        words.setFixedWidth(196)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        step.addWidget(words)
        step.addStretch(1)
        row.addLayout(step)
    row.addStretch(1)
    return row
