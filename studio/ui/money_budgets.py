"""Every budget as a bar with its marks, on the Money page."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.domain.budget import BudgetUse
from studio.ui import theme as look
from studio.ui.budget_bar import UseBar
from studio.ui.money_words import BUDGET_NAMES, budget_sentence, budget_tone
from studio.ui.parts import ElidedLabel, button, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import isolated

NAME = 150


class MoneyBudgets(QFrame):
    """What each budget of the open project leaves; where there is none, that there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._uses: Sequence[BudgetUse] = ()
        self._lines: list[tuple[UseBar, QLabel]] = []
        self._heading = ElidedLabel("Budgets", "heading")
        self._none = label("None is set: nothing but the account limits what is spent.", "muted", wrap=True)
        self.change = button("Change the budgets…")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.M)
        self._grid.setVerticalSpacing(look.S)
        self._grid.setColumnMinimumWidth(0, NAME)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.S, look.M, look.M)
        column.setSpacing(look.S)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self.change)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addLayout(self._grid)
        theme.changed.connect(self._draw)

    def show_budgets(self, uses: Sequence[BudgetUse], project: str) -> None:
        """Show these."""
        self._heading.set_words(f"Budgets of {isolated(project)}")
        self._none.setVisible(not uses)
        if [use.scope for use in uses] != [use.scope for use in self._uses]:
            self._lay(uses)
        self._uses = uses
        self._draw()

    def _lay(self, uses: Sequence[BudgetUse]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            part: QWidget | None = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self._lines = []
        for row, use in enumerate(uses):
            bar, words = UseBar(self._theme), label("", "muted")
            bar.setToolTip("You are told at 50, 80 and 100%: the notches")
            self._grid.addWidget(label(BUDGET_NAMES[use.scope]), row, 0)
            self._grid.addWidget(bar, row, 1)
            self._grid.addWidget(words, row, 2)
            self._lines.append((bar, words))

    def _draw(self) -> None:
        for (bar, words), use in zip(self._lines, self._uses, strict=True):
            bar.show_use(use)
            words.setText(budget_sentence(use))
            tone = budget_tone(use)
            colour = self._theme.colour(Tone.NEUTRAL if tone is Tone.ACCENT else tone).name()
            words.setStyleSheet(f"color: {colour};")
