"""The bar at the head: which project, how far it is, what it costs, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.domain.budget import BudgetUse
from studio.domain.money import Costs
from studio.engine.events import Eta
from studio.ui import theme as look
from studio.ui.budget_bar import BudgetBar
from studio.ui.guidance import Tally
from studio.ui.parts import button, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, finish_time

PROJECT_WIDTH = 320


@dataclass(frozen=True, slots=True)
class Offer:
    """What the blue button does: its words, icon and explanation; without words there is none."""

    words: str = ""
    icon: str = "play"
    tip: str = ""


class TopBar(QFrame):
    """Shows what it is told; says when a button is pressed."""

    primary_pressed = Signal()
    pause_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setFixedHeight(54)
        self._theme = theme
        self._offer = Offer()
        self._key = ""  # of the blue button
        self._paused = False
        self._eta = Eta(None, None)
        self._project = QToolButton()
        self._count = label("", "muted")
        self._done, self._finish = label("", "strong"), label("", "muted")
        self.budget = BudgetBar(theme)
        self._pause = button("Pause")
        self._primary = button("", "primary")
        self._build()
        self._pause.clicked.connect(self.pause_pressed)
        self._primary.clicked.connect(self.primary_pressed)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def set_menu(self, menu: QMenu) -> None:
        """What opens under the project's name."""
        self._project.setMenu(menu)

    def show_project(self, name: str, folder: str) -> None:
        """Which project is open."""
        room = self._project.fontMetrics()
        self._project.setText(room.elidedText(name, Qt.TextElideMode.ElideRight, PROJECT_WIDTH).replace("&", "&&"))
        self._project.setToolTip(f"{name}\nFolders go to {folder}" if folder else name)

    def show_tally(self, tally: Tally) -> None:
        """How far the batch is."""
        self._count.setText(count_of(tally.total, "episode") if tally.total else "")
        parts = [f"{tally.done:,} of {tally.total:,} done"] if tally.total else []
        if tally.needs_you:
            parts.append(f"{count_of(tally.needs_you, 'needs', 'need')} you")
        if tally.scripts:
            parts.append(f"{count_of(tally.scripts, 'script')} to read")
        if tally.failed:
            parts.append(f"{tally.failed:,} failed")
        self._done.setText(" · ".join(parts))

    def show_eta(self, eta: Eta) -> None:
        """When the batch will be through; takes the clock now."""
        self._eta = eta
        self._show_finish()

    def show_run(self, *, running: bool, paused: bool) -> None:
        """Whether there is something to pause."""
        self._paused = paused
        self._pause.setVisible(running or paused)
        self._pause.setText("Resume" if paused else "Pause")
        self._pause.setToolTip(
            "Start new work again" if paused else "Start nothing new; what is under way is brought to its end"
        )
        if not running:
            self._eta = Eta(None, None)
        self._draw_icons()
        self._show_finish()

    def show_costs(self, costs: Costs, budgets: Sequence[BudgetUse]) -> None:
        """What is spent and held, and of how much."""
        self.budget.show_costs(costs, budgets)

    def show_offer(self, offer: Offer) -> None:
        """What the blue button is for now."""
        self._offer = offer
        self._primary.setVisible(bool(offer.words))
        self._primary.setText(offer.words)
        self._primary.setToolTip(f"{offer.tip} ({self._key})" if offer.tip and self._key else offer.tip)
        self._draw_icons()

    def show_key(self, key: str) -> None:
        """The key that presses the blue button."""
        self._key = key
        self.show_offer(self._offer)

    def focus_primary(self) -> None:
        """So that Return presses it."""
        if self._primary.isVisible():
            self._primary.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_finish(self) -> None:
        finish = finish_time(datetime.now().astimezone(), self._eta.low_s, self._eta.high_s)
        text = "paused, nothing new is started" if self._paused else finish
        self._finish.setText(text)
        self._finish.setVisible(bool(text))  # an empty second line would push the first one up

    def _draw_icons(self) -> None:
        self._project.setIcon(self._theme.icon("chevron-down", Tone.NEUTRAL))
        self._pause.setIcon(self._theme.icon("play" if self._paused else "pause"))
        self._primary.setIcon(self._theme.icon(self._offer.icon, Tone.ON_BUTTON))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(look.S, 0, look.M, 0)
        row.setSpacing(look.M)
        self._project.setProperty("kind", "project")
        self._project.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._project.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._project.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the name
        self._project.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._project.setAccessibleName("Project menu")
        self._project.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self._project)
        row.addWidget(self._count)
        row.addStretch(1)
        numbers = QVBoxLayout()
        numbers.setSpacing(1)
        numbers.addStretch(1)
        for part in (self._done, self._finish):
            part.setAlignment(Qt.AlignmentFlag.AlignRight)
            numbers.addWidget(part)
        numbers.addStretch(1)
        row.addLayout(numbers)
        row.addWidget(self.budget)
        row.addWidget(self._pause)
        row.addWidget(self._primary)
        self._pause.hide()
        self._primary.hide()
