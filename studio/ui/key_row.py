"""Where an API key is given. It goes to the keyring and is never shown again."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.domain.errors import BatchcastError, VoiceError
from studio.domain.voice import provider_name
from studio.engine.trade import Keys
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.parts import button, label

VARIABLES = {"elevenlabs": "ELEVENLABS_API_KEY"}  # what the commands and services set instead of a keyring


class KeyRow(QFrame):
    """A password field with its button, and what came of it. `changed`: ask for the voices anew."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._desk = desk
        self._provider = ""
        self._open = True
        self._heading = label("", "strong", wrap=True)
        self._field = QLineEdit()
        self._keep = button("Keep in the keyring", "primary")
        self._forget = button("Forget the key")
        self._said = label("", wrap=True)
        self._other = label("", "muted", wrap=True)
        self._build()

    def ask_for(self, provider: str, *, there_is_one: bool) -> None:
        """Ask for the key of `provider`, or for another one."""
        name = provider_name(provider)
        self._provider = provider
        self._heading.setText(f"Another API key for {name}" if there_is_one else f"{name} needs your API key")
        self._field.setPlaceholderText(f"API key of {name}")
        self._other.setText(
            "It goes to this computer's keyring, never into a file or a log, and is not shown again. "
            f"The other way: set {VARIABLES.get(provider, 'its environment variable')} before Batchcast starts."
        )
        self._forget.setVisible(there_is_one)
        self._said.hide()
        self._field.clear()
        self.show()
        self._field.setFocus()

    def shut(self) -> None:
        """The dialog closes: let go of what was typed, and show nothing more."""
        self._open = False
        self._field.clear()

    def _send(self) -> None:
        key = self._field.text().strip()
        self._field.clear()
        if key:
            self._do(lambda keys: keys.keep(self._provider, key), "Keeping it…")

    def _drop(self) -> None:
        self._do(self._forgotten, "Forgetting it…")

    async def _forgotten(self, keys: Keys) -> None:
        await keys.forget(self._provider)
        if await keys.has(self._provider):
            variable = VARIABLES.get(self._provider, "The environment")
            raise VoiceError(f"{variable} is set, and stays in use.", "Unset it, then start Batchcast again.")

    def _do(self, doing: Callable[[Keys], Awaitable[None]], words: str) -> None:
        self._say(words)
        self._set_busy(True)
        self._desk.spawn(self._done(doing))

    async def _done(self, doing: Callable[[Keys], Awaitable[None]]) -> None:
        refusal = ""
        try:
            await doing(self._desk.door().market.keys)
        except BatchcastError as error:
            refusal = str(error)
        if not self._open:
            return
        self._set_busy(False)
        if refusal:
            self._say(refusal)
            self._field.setFocus()
        else:
            self.hide()
            self.changed.emit()

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _set_busy(self, busy: bool) -> None:
        for part in (self._field, self._forget):
            part.setEnabled(not busy)
        self._keep.setEnabled(not busy and bool(self._field.text().strip()))

    def _build(self) -> None:
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setAccessibleName("API key")
        self._field.textChanged.connect(lambda text: self._keep.setEnabled(bool(text.strip())))
        self._field.returnPressed.connect(self._send)
        self._keep.setEnabled(False)
        self._keep.setAutoDefault(False)  # Return in the field does it; twice would be a second key
        self._keep.clicked.connect(self._send)
        self._forget.clicked.connect(self._drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.M, look.M, look.M)
        column.setSpacing(look.S)
        column.addWidget(self._heading)
        column.addWidget(self._field)
        row = QHBoxLayout()
        row.addWidget(self._keep)
        row.addWidget(self._forget)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._said)
        column.addWidget(self._other)
