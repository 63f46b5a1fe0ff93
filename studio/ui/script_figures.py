"""One line over the text: the verdict, how many characters, how long, what it costs; never of an older text."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.domain.findings import percent
from studio.domain.script_report import ScriptReport
from studio.engine.scripts import Proof
from studio.ui import theme as look
from studio.ui.parts import ElidedLabel, label
from studio.ui.script_steps import VERDICT_LOOKS
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, length, money


class ScriptFigures(QWidget):
    """The count is live; the rest is of the text as it stands, or says that it is being reckoned."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = ("info", Tone.NEUTRAL)
        self._icon, self._verdict, self._rest = QLabel(), label("", "strong"), ElidedLabel("", "muted")
        self._count = 0
        self._after = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.S)
        row.addWidget(self._icon)
        row.addWidget(self._verdict)
        row.addWidget(self._rest, 1)
        theme.changed.connect(self._draw)

    def show_count(self, characters: int) -> None:
        """So many stand there now."""
        self._count = characters
        self._say()

    def show_checking(self) -> None:
        """The text is another one; what was said of it holds no more."""
        self._set("circle-dashed", Tone.NEUTRAL, "Checking…", "")

    def show_proof(self, proof: Proof) -> None:
        """What is known of the text as it stands."""
        paid = f"up to {money(proof.cost_micro)} to speak"
        self.show_report(proof.report, paid if proof.cost_micro else "nothing to pay, the voice is built in")

    def show_report(self, report: ScriptReport, price: str = "reckoning the price…") -> None:
        """What the checks say."""
        icon, tone, word = VERDICT_LOOKS[report.verdict]
        asked = f" of {length(report.asked_s)} asked for" if report.asked_s else ""
        parts = [f"~{length(report.expected_s)}{asked}", price, count_of(report.words, "word")]
        if report.grade is not None:
            parts.append(f"school grade {report.grade:.0f}")
        if report.brand_alignment is not None:
            parts.append(f"brand {percent(report.brand_alignment)}")
        self._set(icon, tone, word, " · ".join(parts))

    def show_refusal(self, why: str) -> None:
        """The text is no script as it stands."""
        self._set("octagon-alert", Tone.BAD, "Cannot be spoken", why)

    def clear(self) -> None:
        """No script is in front, or none is written yet."""
        self._set("", Tone.NEUTRAL, "", "")

    def _set(self, icon: str, tone: Tone, word: str, after: str) -> None:
        self._look, self._after = (icon, tone), after
        self._verdict.setText(word)
        self._draw()
        self._say()

    def _say(self) -> None:
        counted = [count_of(self._count, "character")] if self._verdict.text() else []
        self._rest.set_words(" · ".join([*counted, *filter(None, [self._after])]))

    def _draw(self) -> None:
        icon, tone = self._look
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.setPixmap(self._theme.pixmap(icon, tone, 15, self.devicePixelRatioF()))
