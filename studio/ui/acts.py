"""The foot of the panel: every legal act on the episode in front, with its key and, where it buys, its price."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.engine.ports import Details
from studio.ui import theme as look
from studio.ui.commands import CommandSet, Do
from studio.ui.parts import KeyButton
from studio.ui.permitted import Act, permitted
from studio.ui.places import places
from studio.ui.sentence_editor import SentenceEditor
from studio.ui.wording import count_of

_ACTS = {
    Act.RETAKE: Do.RETAKE,
    Act.REJECT: Do.REJECT,
    Act.APPROVE: Do.ACCEPT,
    Act.RETRY: Do.RETRY,
    Act.CANCEL: Do.REMOVE,
    Act.EXPORT: Do.EXPORT,
    Act.APPROVE_SCRIPT: Do.APPROVE_SCRIPT,
}
_PAIRS = (
    (Do.PLAY_PLACE, Do.NEXT_PLACE),
    (Do.REPAIR, Do.EDIT),
    (Do.RETAKE, Do.REJECT),
    (Do.EXPORT, Do.REMOVE),
)
_ALONE = (
    Do.READ_SCRIPT,
    Do.APPROVE_SCRIPT,
    Do.PRONOUNCE,
    Do.EARLIER_TAKE,
    Do.RETRY,
    Do.ACCEPT,
    Do.UNCLEAR,
    Do.NEXT_EPISODE,
)
_WORDS = {
    Do.READ_SCRIPT: "Read the script",
    Do.APPROVE_SCRIPT: "Approve the script",
    Do.PLAY_PLACE: "Play place",
    Do.NEXT_PLACE: "Next place",
    Do.REPAIR: "Repair",
    Do.EDIT: "Edit sentence",
    Do.RETAKE: "Retake",
    Do.REJECT: "Reject",
    Do.EXPORT: "Export again",
    Do.REMOVE: "Cancel",
    Do.PRONOUNCE: "Say how it is spoken",
    Do.EARLIER_TAKE: "Back to the take before",
    Do.RETRY: "Retry",
    Do.ACCEPT: "Accept episode",
    Do.UNCLEAR: "Look at the unclear call",
    Do.NEXT_EPISODE: "Next that needs you",
}
_WORD = 14  # letters of a word that are shown on a button
_PRIMARY = frozenset({Do.READ_SCRIPT, Do.RETRY, Do.ACCEPT, Do.UNCLEAR})


class Acts(QFrame):
    """Buttons, the reason of a rejection and the editor of a sentence. Says what was asked for, and decides nothing."""

    asked = Signal(object)  # Do
    rejected = Signal(str)  # the reason
    opened, left = Signal(), Signal()  # a field that has the keyboard, and has it no longer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelFooter")
        self._keys = {do: KeyButton(words, "", primary=do in _PRIMARY) for do, words in _WORDS.items()}
        self._buttons = QWidget()
        self.reason = QLineEdit()
        self.editor = SentenceEditor(self)
        self._heard = False
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.M, look.M, look.M)
        column.setSpacing(look.S)
        self.reason.setAccessibleName("Reason for the rejection")
        column.addWidget(self.reason)
        column.addWidget(self.editor)
        column.addWidget(self._buttons)
        keys = QVBoxLayout(self._buttons)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(look.S)
        for pair in _PAIRS:
            row = QHBoxLayout()
            row.setSpacing(look.S)
            for do in pair:
                # Of one width, whatever stands on them.
                self._keys[do].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                row.addWidget(self._keys[do], 1)
            keys.addLayout(row)
        for do in _ALONE:
            keys.addWidget(self._keys[do])
        for do, key in self._keys.items():
            key.clicked.connect(lambda _checked=False, do=do: self.asked.emit(do))
            key.hide()
        self.reason.returnPressed.connect(self._send_reason)
        self.close_fields()

    def follow_keys(self, commands: CommandSet) -> None:
        """Show the keys of the commands as they are, now and when they change."""
        for do, button in self._keys.items():
            commands.follow(do, button.set_key)
        commands.follow(Do.ESCAPE, self._show_escape)

    def _show_escape(self, key: str) -> None:
        self.reason.setPlaceholderText(f"Why? Return rejects, {key} keeps it" if key else "Why? Return rejects")
        self.editor.show_escape(key)

    def show_details(self, details: Details | None) -> None:
        """What is legal for an episode, and what can be heard of it."""
        legal = permitted(details.episode) if details else frozenset()
        for act, do in _ACTS.items():
            self._keys[do].setVisible(act in legal)
        self._keys[Do.READ_SCRIPT].setVisible(Act.APPROVE_SCRIPT in legal)
        self._keys[Do.APPROVE_SCRIPT].set_words("Approve the script")
        audible = details is not None and details.audio is not None and details.peaks is not None
        placed = audible and details is not None and bool(places(details.report))
        self._keys[Do.PLAY_PLACE].setVisible(audible)
        self._keys[Do.PLAY_PLACE].set_words("Play place" if placed else "Play")
        self._keys[Do.NEXT_PLACE].setVisible(placed)
        self._heard = audible and Act.RETAKE in legal and details is not None and details.report is not None
        self._keys[Do.EDIT].setVisible(self._heard)
        if not self._heard:
            self.show_repair("", "")
            self.show_word("")
        earlier = details.take.parent if details and details.take and Act.APPROVE in legal else 0
        self._keys[Do.EARLIER_TAKE].setVisible(bool(earlier))
        self._keys[Do.EARLIER_TAKE].set_words(f"Back to take {earlier}")
        self._settle()

    def show_repair(self, words: str, tip: str) -> None:
        """What speaking the sentence of the place anew is called, with its price; empty where it cannot be."""
        key = self._keys[Do.REPAIR]
        key.setVisible(bool(words) and self._heard)
        if words:
            key.set_words(words, tip)
        self._settle()

    def show_word(self, word: str) -> None:
        """A word that only a pronunciation cures; empty for none."""
        key = self._keys[Do.PRONOUNCE]
        key.setVisible(bool(word) and self._heard)
        short = word if len(word) <= _WORD else f"{word[:_WORD]}…"
        key.set_words(f"Say how “{short}” is spoken")
        self._settle()

    def show_script_price(self, price: str) -> None:
        """What speaking the script costs that waits for approval."""
        tip = "Lets it be spoken as it is; the price is the most that it can cost"
        self._keys[Do.APPROVE_SCRIPT].set_words(f"Approve script · {price}", tip)

    def show_others(self, count: int) -> None:
        """How many other episodes need the user."""
        self._keys[Do.NEXT_EPISODE].setVisible(count > 0)
        self._keys[Do.NEXT_EPISODE].set_words(count_of(count, "other needs you", "others need you"))
        self._settle()

    def show_unclear(self, unclear: bool) -> None:
        """Whether a call for the shown episode waits for a decision."""
        self._keys[Do.UNCLEAR].setVisible(unclear)
        self._settle()

    def offers(self, do: Do) -> bool:
        """Whether the button of a command is there."""
        return not self._keys[do].isHidden()

    def edit(self, title: str, text: str, *, chosen: bool = False) -> None:
        """Open the editor in place of the buttons: what it is about stays in view beside it."""
        self.close_fields()
        self._buttons.hide()
        self.editor.open_with(title, text, chosen=chosen)
        self.opened.emit()

    def ask_reason(self) -> None:
        """Open the field for the reason of a rejection."""
        if self.offers(Do.REJECT):
            self.close_fields()
            self.reason.show()
            self.reason.setFocus()

    def close_fields(self) -> bool:
        """Give up a rejection or an edit that was begun; False where there was none."""
        was_open = not self.reason.isHidden()
        self.reason.clear()
        self.reason.hide()
        was_open = self.editor.close_it() or was_open
        self._buttons.show()
        if was_open:
            self.left.emit()
        return was_open

    def first_key(self) -> KeyButton | None:
        """The first button that is shown."""
        return next((key for key in self._keys.values() if not key.isHidden()), None)

    def _send_reason(self) -> None:
        reason = self.reason.text().strip()
        self.close_fields()
        self.rejected.emit(reason)

    def _settle(self) -> None:
        self.setVisible(self.first_key() is not None)
