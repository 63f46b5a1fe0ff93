"""Money and purchases in full: every budget, what was saved, and how buying goes. Opens at the bar or the line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.domain.budget import BudgetUse
from studio.domain.money import Costs
from studio.engine.events import PurchasesChanged
from studio.ui import money_words
from studio.ui import theme as look
from studio.ui.budget_bar import UseBar
from studio.ui.parts import button, clear_layout, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, money

INNER = 380


class MoneyPopup(QFrame):
    """Kept up to date while it is open; its buttons lead on."""

    budgets_asked = Signal()
    unclear_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName("Money and purchases")
        self._theme = theme
        self._costs: Costs | None = None
        self._budgets: Sequence[BudgetUse] = ()
        self._purchases: PurchasesChanged | None = None
        self._list = QVBoxLayout()
        self._shown: list[_Line] = []
        self._parts: list[QWidget] = []
        self._change = button("Change the budgets…")
        self._unclear = button("")
        self._unclear.hide()
        self._change.clicked.connect(lambda: self._lead(self.budgets_asked))
        self._unclear.clicked.connect(lambda: self._lead(self.unclear_asked))
        column = QVBoxLayout(self)
        column.setContentsMargins(look.L, look.M, look.L, look.M)
        column.setSpacing(look.M)
        self._list.setSpacing(look.XS)
        column.addLayout(self._list)
        row = QHBoxLayout()
        row.addWidget(self._change)
        row.addWidget(self._unclear)
        row.addStretch(1)
        column.addLayout(row)
        theme.changed.connect(self._refill)

    def show_costs(self, costs: Costs, budgets: Sequence[BudgetUse]) -> None:
        """What is spent, and every budget."""
        self._costs, self._budgets = costs, budgets
        self._refill()

    def show_purchases(self, now: PurchasesChanged) -> None:
        """How buying goes."""
        self._purchases = now
        self._refill()

    def show_unclear(self, count: int) -> None:
        """How many calls wait for a decision."""
        self._unclear.setText(f"{count_of(count, 'unclear call')}…")
        self._unclear.setVisible(count > 0)

    def open_at(self, widget: QWidget) -> None:
        """Open under `widget`, or above it where it stands at the foot."""
        self._fill()
        self.adjustSize()
        window = widget.window()
        inside = QPoint(window.width() - self.width() - look.M, 0)
        at = widget.mapTo(window, QPoint(0, 0))
        under = at.y() + widget.height() + look.XS
        y = under if under + self.height() <= window.height() else at.y() - self.height() - look.XS
        self.move(window.mapToGlobal(QPoint(max(look.M, min(at.x(), inside.x())), max(look.M, y))))
        self.show()

    def _lead(self, signal: SignalInstance) -> None:
        self.hide()
        signal.emit()

    def _refill(self) -> None:
        if self.isVisible():
            self._fill()
            self.adjustSize()

    def _fill(self) -> None:
        """Say what is known now; where only words have changed, in the labels that are there."""
        lines = list(self._lines())
        if [line.kind for line in lines] != [line.kind for line in self._shown]:
            clear_layout(self._list)
            self._parts = []
            for line in lines:
                part = self._part(line)
                self._parts.append(part)
                self._list.addWidget(part)
                part.show()  # at once, for the size that is taken next
        self._shown = lines
        for part, line in zip(self._parts, lines, strict=True):
            if isinstance(part, UseBar) and line.use is not None:
                part.show_use(line.use)
            elif isinstance(part, QLabel):
                part.setText(line.text)
                part.setAccessibleName(line.text)
                if line.kind is _Kind.LINE:
                    part.setStyleSheet(f"color: {self._theme.colour(line.tone).name()};")

    def _part(self, line: "_Line") -> QWidget:
        if line.kind is _Kind.BAR:
            return UseBar(self._theme)
        made = label("", "heading" if line.kind is _Kind.HEAD else "", wrap=True)
        made.setFixedWidth(INNER)
        if line.kind is _Kind.HEAD:
            made.setContentsMargins(0, look.S if self._list.count() else 0, 0, 0)
        else:
            made.setFont(look.font(look.SECONDARY))
        return made

    def _lines(self) -> Iterator["_Line"]:
        yield _Line(_Kind.HEAD, "Budgets")
        for use in self._budgets:
            tone = money_words.budget_tone(use)
            yield _Line(_Kind.LINE, money_words.BUDGET_NAMES[use.scope], Tone.TEXT)
            yield _Line(_Kind.BAR, use=use)
            yield _Line(_Kind.LINE, money_words.budget_sentence(use), Tone.NEUTRAL if tone is Tone.ACCENT else tone)
        if not self._budgets:
            yield _Line(_Kind.LINE, "None is set: nothing but the account limits what is spent.")
        if self._costs is not None:
            yield from _spending(self._costs)
        if self._purchases is not None:
            yield from _buying(self._purchases)


class _Kind(Enum):
    HEAD = "head"
    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class _Line:
    kind: _Kind
    text: str = ""
    tone: Tone = Tone.NEUTRAL
    use: BudgetUse | None = None


def _spending(costs: Costs) -> Iterator[_Line]:
    yield _Line(_Kind.HEAD, "Spent so far")
    calls, characters = count_of(costs.calls, "call"), count_of(costs.characters, "character")
    yield _Line(_Kind.LINE, f"{money(costs.settled_micro)} spent for {calls}, {characters}", Tone.TEXT)
    if costs.reserved_micro:
        held = f"{money(costs.reserved_micro)} held: promised to calls under way, not spent yet"
        yield _Line(_Kind.LINE, held)
    for words, tone in ((money_words.saved_words(costs), Tone.GOOD), (money_words.lost_words(costs), Tone.LOOK)):
        if words:
            yield _Line(_Kind.LINE, words, tone)


def _buying(now: PurchasesChanged) -> Iterator[_Line]:
    yield _Line(_Kind.HEAD, money_words.seller_words(now))
    if now.stopped:
        yield _Line(_Kind.LINE, f"Nothing is bought: {now.stopped}", Tone.BAD)
    elif now.paused:
        yield _Line(_Kind.LINE, money_words.paused_words(now), Tone.LOOK)
    for slots in now.slots:
        words = f"{money_words.kind_words(slots.kind)}: {money_words.slot_words(slots)}"
        yield _Line(_Kind.LINE, words, Tone.TEXT)
    yield _Line(_Kind.LINE, money_words.pace_words(now))
    if now.retrying:
        yield _Line(_Kind.LINE, money_words.retry_words(now), Tone.LOOK)
