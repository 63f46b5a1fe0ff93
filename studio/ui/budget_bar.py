"""Money at a glance: what is spent, what is held, and of how much."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.domain.money import Costs
from studio.ui.parts import label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, money

NARROWEST = 220
ALERT = 0.8  # share of the budget from which the bar is amber


class _Bar(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._spent = self._held = 0.0
        self.setFixedHeight(8)

    def sizeHint(self) -> QSize:
        """Qt: a thin line."""
        return QSize(NARROWEST, 8)

    def show_shares(self, spent: float, held: float) -> None:
        """Both as shares of the budget."""
        self._spent, self._held = spent, held
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: spent, then held, on the ground of what is left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        reach = min(1.0, self._spent + self._held)
        tone = Tone.BAD if self._spent + self._held >= 1 else Tone.LOOK if reach >= ALERT else Tone.ACCENT
        layers = (("line", 255, 1.0), (tone.value, 120, reach), (tone.value, 255, min(1.0, self._spent)))
        for name, alpha, share in layers:
            if share > 0:
                painter.setBrush(self._theme.colour(name, alpha))
                painter.drawRoundedRect(QRectF(0, 0, max(8.0, self.width() * share), 8), 4, 4)


class BudgetBar(QWidget):
    """`Spent $7.04 · held $2.18 … of $20`, with a bar where there is a budget."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(NARROWEST)
        self._spent, self._of = label("", "muted"), label("", "muted")
        self._bar = _Bar(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self._spent)
        row.addStretch(1)
        row.addWidget(self._of)
        column.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addStretch(1)

    def show_costs(self, costs: Costs, budget_micro: int) -> None:
        """`budget_micro` of 0 is no limit."""
        held = f" · held {money(costs.reserved_micro)}" if costs.reserved_micro else ""
        self._spent.setText(f"Spent {money(costs.settled_micro)}{held}")
        self._of.setText(f"of {money(budget_micro).removesuffix('.00')}" if budget_micro else "no budget set")
        self._bar.setVisible(bool(budget_micro))
        if budget_micro:
            self._bar.show_shares(costs.settled_micro / budget_micro, costs.reserved_micro / budget_micro)
        spared = (
            f", {count_of(costs.cached_calls, 'call')} spared because it was bought before"
            if costs.cached_calls
            else ""
        )
        limit = "No purchase may exceed the budget." if budget_micro else "A budget can be set in the settings."
        self.setToolTip(
            f"{count_of(costs.calls, 'call')}, {count_of(costs.characters, 'character')}{spared}.\n"
            f"Held money is promised to calls under way; it is not spent yet.\n{limit}"
        )
        self.setAccessibleName(f"{self._spent.text()}, {self._of.text()}")
