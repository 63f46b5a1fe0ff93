"""The line at the foot: who speaks, how busy the machine is, and that everything is kept."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from studio.ui import theme as look
from studio.ui.buying_line import BuyingLine
from studio.ui.machine_line import MachineLine
from studio.ui.parts import ElidedLabel
from studio.ui.theme import Theme, Tone

SAID_MS = 6000


class StatusStrip(QFrame):
    """Numbers of the machine at the left, what just happened at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setFixedHeight(27)
        self._theme = theme
        self._dot = QLabel()
        self._voice = ElidedLabel("", "small")
        self._voice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.buying = BuyingLine(theme)
        self.machine = MachineLine(theme)
        self._said = ElidedLabel("", "small")
        self._back = QTimer(self, singleShot=True, interval=SAID_MS)
        self._back.timeout.connect(self._rest)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M, 0, look.M, 0)
        row.setSpacing(look.L)
        voice = QHBoxLayout()
        voice.setSpacing(6)
        voice.addWidget(self._dot)
        voice.addWidget(self._voice)
        row.addLayout(voice)
        row.addWidget(self.buying)
        row.addWidget(self.machine)
        row.addWidget(self._said, 1)
        self._said.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._resting = "Opening the library…"
        theme.changed.connect(self._draw)
        self._draw()
        self._rest()

    def show_studio(self, voice: str, workers: int) -> None:
        """Who speaks, by name, and how many worker processes there are."""
        self.machine.show_workers(workers)
        self._voice.set_words(voice)
        self._dot.setVisible(True)
        self._resting = "Everything saved"
        self._rest()

    def say(self, sentence: str) -> None:
        """Say what just happened, for a while."""
        self._said.set_words(sentence)
        self._back.start()

    def _rest(self) -> None:
        self._said.set_words(self._resting)

    def _draw(self) -> None:
        self._dot.setPixmap(self._theme.pixmap("mic", Tone.GOOD, 12, self.devicePixelRatioF()))
