"""Where an API key is given and tested. It goes to the keyring and is never shown again."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.domain.errors import BatchcastError, VoiceError
from studio.domain.settings import Settings
from studio.domain.voice import WRITER, provider_name
from studio.engine.trade import KeyPlace, Keys
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.key_words import answer_words, place_words, whose, writer_words
from studio.ui.parts import button, label

VARIABLES = {
    "elevenlabs": "ELEVENLABS_API_KEY",
    "writer": "BATCHCAST_WRITER_KEY",
}  # what the commands and services set instead of a keyring


class KeyRow(QFrame):
    """A password field with its buttons, and what came of them. `changed`: ask for the voices anew.

    `writer` gives the settings as they stand, for the test of a writer: its address and its model belong to it.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None, writer: Callable[[], Settings] = Settings) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._desk = desk
        self._writer = writer
        self._provider = ""
        self._open = True
        self._busy = False
        self._asked = 0  # answers to earlier questions are passed over
        self._there_is_one = False
        self._heading = label("", "strong", wrap=True)
        self._where = label("", "muted", wrap=True)
        self._field = QLineEdit()
        self._test = button("Test the key")
        self._word = button("Have it say a word")
        self._keep = button("Keep in the keyring", "primary")
        self._forget = button("Forget the key")
        self._said = label("", wrap=True)
        self._other = label("", "muted", wrap=True)
        self._build()

    def ask_for(self, provider: str, *, there_is_one: bool) -> None:
        """Ask for the key of `provider`, or for another one, with the keyboard in the field."""
        name = provider_name(provider)
        self._begin(provider)
        self._heading.setText(f"Another API key for {name}" if there_is_one else f"{name} needs your API key")
        self._know(there_is_one=there_is_one)
        self._said.hide()
        self._field.clear()
        self.show()
        self._field.setFocus()

    def stand_for(self, provider: str) -> None:
        """Stand among other things, for the key of `provider`; what was said last stays."""
        self._begin(provider)
        self._heading.setText(provider_name(provider))
        self._know(there_is_one=False)
        self._field.clear()
        self._asked += 1
        self._desk.spawn(self._look(provider, self._asked))

    def focus_field(self, reason: Qt.FocusReason) -> None:
        """Bring the keyboard to the field."""
        self._field.setFocus(reason)

    def shut(self) -> None:
        """The dialog closes: let go of what was typed, and show nothing more."""
        self._open = False
        self._field.clear()

    def _begin(self, provider: str) -> None:
        self._provider = provider
        self._word.setVisible(provider == WRITER)
        if provider == WRITER:
            self._test.setText("Test the writer")
            self._test.setToolTip(
                "Asks the address for its models, which costs nothing; a key that is typed is not kept"
            )
            self._field.setAccessibleName("API key of the writer")
        self._field.setPlaceholderText(f"API key of {whose(provider)}")
        self._where.hide()
        self._other.setText(
            "It goes to this computer's keyring, never into a file or a log, and is not shown again. "
            f"The other way: set {VARIABLES.get(provider, 'its environment variable')} before Batchcast starts."
        )

    def _know(self, *, there_is_one: bool) -> None:
        self._there_is_one = there_is_one
        self._forget.setVisible(there_is_one)
        self._set_busy(self._busy)

    async def _look(self, provider: str, asked: int) -> None:
        place: KeyPlace = await self._desk.door().market.keys.place(provider)
        if self._open and asked == self._asked:
            self._where.setText(place_words(provider, place))
            self._where.show()
            self._know(there_is_one=place.in_keyring or bool(place.variable))
            self._forget.setVisible(place.in_keyring)

    def _send(self) -> None:
        key = self._field.text().strip()
        self._field.clear()
        if key:
            self._do(lambda keys: keys.keep(self._provider, key), "Keeping it…", "It is in the keyring.")

    def _drop(self) -> None:
        self._do(self._forgotten, "Forgetting it…", "It is out of the keyring.")

    def _try(self, *, say_a_word: bool = False) -> None:
        typed = self._field.text().strip()
        self._say(f"Asking {whose(self._provider)}…")
        self._set_busy(True)
        self._desk.spawn(self._tried(typed, say_a_word=say_a_word))

    async def _tried(self, typed: str, *, say_a_word: bool) -> None:
        market = self._desk.door().market
        try:
            if self._provider == WRITER:
                said = await market.test_writer(self._writer(), typed, say_a_word=say_a_word)
                words = writer_words(said, typed=bool(typed))
            else:
                words = answer_words(await market.test_key(self._provider, typed), typed=bool(typed))
        except BatchcastError as error:
            words = str(error)
        if self._open:
            self._set_busy(False)
            self._say(words)

    async def _forgotten(self, keys: Keys) -> None:
        await keys.forget(self._provider)
        if await keys.has(self._provider):
            variable = VARIABLES.get(self._provider, "The environment")
            raise VoiceError(f"{variable} is set, and stays in use.", "Unset it, then start Batchcast again.")

    def _do(self, doing: Callable[[Keys], Awaitable[None]], words: str, done: str) -> None:
        self._say(words)
        self._set_busy(True)
        self._desk.spawn(self._done(doing, done))

    async def _done(self, doing: Callable[[Keys], Awaitable[None]], done: str) -> None:
        refusal = ""
        try:
            await doing(self._desk.door().market.keys)
        except BatchcastError as error:
            refusal = str(error)
        if not self._open:
            return
        self._set_busy(False)
        self._say(refusal or done)
        if refusal:
            self._field.setFocus()
        else:
            self.changed.emit()

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for part in (self._field, self._forget):
            part.setEnabled(not busy)
        typed = bool(self._field.text().strip())
        self._keep.setEnabled(not busy and typed)
        # A model of one's own needs no key.
        self._test.setEnabled(not busy and (typed or self._there_is_one or self._provider == WRITER))
        self._word.setEnabled(not busy)

    def _build(self) -> None:
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setAccessibleName("API key")
        self._field.textChanged.connect(lambda _text: self._set_busy(self._busy))
        self._field.returnPressed.connect(self._send)
        for each in (self._keep, self._test, self._word, self._forget):
            each.setAutoDefault(False)  # Return in the field keeps it; twice would be a second key
        self._test.setToolTip("Asks for the plan and the models, which costs nothing; a key that is typed is not kept")
        self._word.setToolTip("Asks the model for one word, which costs a token or a few where it costs anything")
        self._test.clicked.connect(self._try)
        self._word.clicked.connect(lambda: self._try(say_a_word=True))
        self._keep.clicked.connect(self._send)
        self._forget.clicked.connect(self._drop)
        self._set_busy(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.M, look.M, look.M)
        column.setSpacing(look.S)
        for part in (self._heading, self._where, self._field):
            column.addWidget(part)
        row = QHBoxLayout()
        for each in (self._test, self._keep, self._forget):
            row.addWidget(each)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._word, 0, Qt.AlignmentFlag.AlignLeft)  # four beside each other are wider than the card
        column.addWidget(self._said)
        column.addWidget(self._other)
        self._where.hide()
        self._said.hide()
