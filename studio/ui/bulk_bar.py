"""The bar under the table while several episodes are chosen: what they come to, and what can be done with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from studio.domain.episode import Episode, State
from studio.ui import theme as look
from studio.ui import wording
from studio.ui.commands import CommandSet, Do
from studio.ui.parts import ElidedLabel, button
from studio.ui.permitted import Act, how_many, kind_of
from studio.ui.theme import Theme, Tone

LEAST_SUM = 120  # pixels for the words at the left


@dataclass(frozen=True, slots=True)
class _Entry:
    words: str
    icon: str
    tip: str
    asks: Act | Do
    do: Do  # whose key it has


_ENTRIES = (
    _Entry(
        "Approve script",
        "scroll-text",
        "Let their scripts be spoken as they are",
        Act.APPROVE_SCRIPT,
        Do.APPROVE_SCRIPT,
    ),
    _Entry("Accept", "check", "Let them through; their folders are written at once", Act.APPROVE, Do.ACCEPT),
    _Entry("Reject", "ban", "Keep them out of the export, with a reason", Act.REJECT, Do.REJECT),
    _Entry("Retake", "refresh-cw", "Have them spoken anew; earlier takes are kept", Act.RETAKE, Do.RETAKE),
    _Entry("Retry", "rotate-ccw", "Go on where they stopped", Act.RETRY, Do.RETRY),
    _Entry("To top", "arrow-up-to-line", "To the top of the queue", Do.QUEUE_FIRST, Do.QUEUE_FIRST),
    _Entry("To end", "arrow-down-to-line", "To the end of the queue", Do.QUEUE_LAST, Do.QUEUE_LAST),
    _Entry("Export", "download", "Write their folders again", Act.EXPORT, Do.EXPORT),
    _Entry("Cancel", "x", "Stop them; what is made and paid for is kept", Act.CANCEL, Do.REMOVE),
    _Entry("Remove", "trash-2", "Take them out of the project", Act.REMOVE, Do.REMOVE),
)


_SPARED = (Do.QUEUE_FIRST, Do.QUEUE_LAST, Act.EXPORT)  # where there is no room: the rows' menu has them


class BulkBar(QFrame):
    """Shows only what is legal for some of the chosen ones, and for how many."""

    acted = Signal(object)  # Act
    asked = Signal(object)  # Do
    cleared = Signal()

    def __init__(self, theme: Theme, commands: CommandSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bulkBar")
        self._theme = theme
        self._commands = commands
        self._sum = ElidedLabel()
        self._buttons: list[tuple[_Entry, QPushButton]] = []
        self._counts: dict[Act | Do, int] = {}
        self._clear = button("", "square")
        self._narrowed = QTimer(self, singleShot=True, interval=0)
        self._narrowed.timeout.connect(self._show_words)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M, look.S - 2, look.M, look.S - 2)
        row.setSpacing(look.XS)
        row.addWidget(self._sum, 1)
        for entry in _ENTRIES:
            made = button("", "bulk")
            made.clicked.connect(lambda _checked=False, entry=entry: self._press(entry))
            self._buttons.append((entry, made))
            row.addWidget(made)
        self._clear.setAccessibleName("Choose only one again")
        commands.explain(self._clear, Do.ESCAPE, "Choose only one again")
        self._clear.clicked.connect(self.cleared)
        row.addWidget(self._clear)
        theme.changed.connect(self._show_words)
        commands.changed.connect(self._show_words)
        self.hide()

    def show_chosen(self, episodes: Sequence[Episode]) -> None:
        """These are chosen; fewer than two need no bar."""
        self.setVisible(len(episodes) > 1)
        if len(episodes) < 2:
            return
        kinds = Counter(map(kind_of, episodes))
        self._counts = {act: how_many(act, kinds) for act in Act}
        self._counts |= dict.fromkeys((Do.QUEUE_FIRST, Do.QUEUE_LAST), kinds[State.QUEUED, False])
        self._sum.set_words(summed(episodes))
        for entry, made in self._buttons:
            made.setVisible(self._counts[entry.asks] > 0)
        self._show_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: where there is no room for icons and words, the words stay; then only what is needed most."""
        super().resizeEvent(event)
        self._narrowed.start()

    def _press(self, entry: _Entry) -> None:
        if isinstance(entry.asks, Act):
            self.acted.emit(entry.asks)
        else:
            self.asked.emit(entry.asks)

    def _show_words(self) -> None:
        self._clear.setIcon(self._theme.icon("x", Tone.NEUTRAL))
        shown = [(entry, made) for entry, made in self._buttons if self._counts.get(entry.asks)]
        for with_icons, with_all in ((True, True), (False, True), (False, False)):
            for entry, made in shown:
                made.setVisible(with_all or entry.asks not in _SPARED)
                count = self._counts[entry.asks]
                made.setIcon(self._theme.icon(entry.icon, size=14) if with_icons else QIcon())
                made.setText(f"{entry.words} {count:,}")
                key = self._commands.key(entry.do)
                tip = f"{entry.tip} ({key})" if key else entry.tip
                made.setToolTip(f"{tip}\n{wording.count_of(count, 'episode')} of those chosen")
                made.setAccessibleName(f"{entry.words} {wording.count_of(count, 'episode')}")
            if self.minimumSizeHint().width() + LEAST_SUM <= self.width():
                break


def summed(episodes: Sequence[Episode]) -> str:
    """`12 selected · $3.10 · 2:14:00`: what they have cost, and how long they are or should become."""
    cost = sum(episode.cost_micro for episode in episodes)
    held = sum(episode.reserved_micro for episode in episodes)
    seconds = sum(episode.duration_s or episode.expected_duration_s or 0.0 for episode in episodes)
    parts = [f"{len(episodes):,} selected"]
    if cost or held:
        parts.append(f"{wording.money(cost)} spent")
    if held:
        parts.append(f"{wording.money(held)} held")
    if seconds:
        expected = any(episode.duration_s is None and episode.expected_duration_s for episode in episodes)
        parts.append(f"{'~' if expected else ''}{wording.length(seconds)}")
    return " · ".join(parts)
