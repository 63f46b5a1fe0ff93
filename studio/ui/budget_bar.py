"""Money at a glance: what is spent, what is held, and what the tightest budget leaves."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.domain.budget import THRESHOLDS, BudgetUse, threshold
from studio.domain.money import Costs
from studio.ui import theme as look
from studio.ui.money_words import amount, budget_sentence, budget_tone, gone, lost_words, saved_words
from studio.ui.parts import ElidedLabel, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, money

WIDTH, NARROWEST = 290, 196
ICON = 12


class UseBar(QWidget):
    """Spent and held on the ground of what is left; notches where the user is told, at 50 and 80%."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._use: BudgetUse | None = None
        self.setFixedHeight(8)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Qt: a thin line."""
        return QSize(WIDTH, 8)

    def show_use(self, use: BudgetUse) -> None:
        """Show a budget."""
        self._use = use
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: spent, then held."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        use = self._use
        spent = min(1.0, use.settled / use.limit) if use and use.limit else 0.0
        reach = min(1.0, use.share) if use else 0.0
        tone = budget_tone(use) if use else Tone.ACCENT
        for name, alpha, share in (("line", 255, 1.0), (tone.value, 120, reach), (tone.value, 255, spent)):
            if share > 0:
                painter.setBrush(self._theme.colour(name, alpha))
                painter.drawRoundedRect(QRectF(0, 0, max(8.0, self.width() * share), 8), 4, 4)
        painter.setBrush(self._theme.colour("panel"))
        for mark in THRESHOLDS[:-1]:  # the last one is the end
            painter.drawRect(QRectF(round(self.width() * mark) - 1, 0, 2, 8))


class BudgetBar(QAbstractButton):
    """`Spent $7.04 · held $2.18 … $10.78 left`, with a bar where there is a budget; pressed, it shows the whole."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Money: the library is not open yet")
        self._theme = theme
        self._tightest: BudgetUse | None = None
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._spent, self._left = ElidedLabel("", "muted"), label("", "muted")
        self._warning, self._gone = QLabel(), label("", "small")
        self._bar = UseBar(theme)
        self._bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.S, 0, look.S, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addWidget(self._spent, 1)
        row.addWidget(self._left)
        warned = QHBoxLayout()
        warned.setSpacing(look.XS)
        warned.addWidget(self._bar, 1)
        warned.addWidget(self._warning)
        warned.addWidget(self._gone)
        column.addStretch(1)
        column.addLayout(row)
        column.addLayout(warned)
        column.addStretch(1)
        for part in (self._spent, self._left, self._warning, self._gone, self._bar):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._draw)

    def sizeHint(self) -> QSize:
        """Qt: the height of the bar that it stands in."""
        return QSize(WIDTH, 46)

    def show_costs(self, costs: Costs, budgets: Sequence[BudgetUse]) -> None:
        """What is spent and held of the project, and every budget that bounds it."""
        self._tightest = use = max(budgets, key=lambda each: each.share, default=None)
        held = f" · held {money(costs.reserved_micro)}" if costs.reserved_micro else ""
        self._spent.set_words(f"Spent {money(costs.settled_micro)}{held}")
        # Without a bar between them the two stand side by side.
        self._spent.setAlignment(Qt.AlignmentFlag.AlignLeft if use is not None else Qt.AlignmentFlag.AlignRight)
        if use is None:
            self._left.setText("· no budget set")
        else:
            self._left.setText(f"{amount(use, use.left)} left")
            self._bar.show_use(use)
        self._gone.setText(gone(use) if use is not None else "")
        self._gone.setVisible(bool(self._gone.text()))
        self._bar.setVisible(use is not None)
        self.setToolTip("\n".join(self._lines(costs, budgets)))
        self.setAccessibleName(
            ", ".join(
                text.removeprefix("· ")
                for text in (self._spent.accessibleName(), self._left.text(), self._gone.text())
                if text
            )
        )
        self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: a ground while the mouse is over it, a frame while it has the keyboard."""
        if not (self.underMouse() or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("hover"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.RADIUS, look.RADIUS)

    @staticmethod
    def _lines(costs: Costs, budgets: Sequence[BudgetUse]) -> list[str]:
        lines = [f"{count_of(costs.calls, 'call')}, {count_of(costs.characters, 'character')} in this project"]
        lines += [line for line in (saved_words(costs), lost_words(costs)) if line]
        lines += [budget_sentence(use) for use in budgets] or ["A budget can be set in the settings"]
        lines.append("Held money is promised to calls under way; it is not spent yet")
        return [f"{line}." for line in lines]

    def _draw(self) -> None:
        use = self._tightest
        warned = use is not None and threshold(use.share) >= 0.8
        tone = budget_tone(use) if use is not None and warned else Tone.NEUTRAL
        for part in (self._left, self._gone):
            part.setStyleSheet(f"color: {self._theme.colour(tone).name()};" if warned else "")
        self._warning.setPixmap(self._theme.pixmap("triangle-alert", tone, ICON, self.devicePixelRatioF()))
        self._warning.setVisible(warned)
        self.update()
