"""Calls of which nobody knows whether they were charged: the facts, and the decision."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.domain.money import Attempt
from studio.domain.voice import provider_name
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.dialogs import ask
from studio.ui.parts import Tick, button, clear_layout, fit, label
from studio.ui.wording import clock_time, count_of, isolated, money


class UnclearDialog(QDialog):
    """Shows them as they come and go; says what is to be done with the marked ones."""

    look_again_asked = Signal(object)  # list[int]: ids of attempts
    buy_again_asked = Signal(object)  # list[int]

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unclear calls")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 640, 520)
        self._desk = desk
        self._marks: dict[int, QCheckBox] = {}
        self._attempts: Sequence[Attempt] = ()
        self._about = label("", "muted", wrap=True)
        self._list = QVBoxLayout()
        self._look = button("Look again", "primary")
        self._buy = button("Buy again…")
        self._build()
        self._look.clicked.connect(lambda: self.look_again_asked.emit(self._marked()))
        self._buy.clicked.connect(self._ask_to_buy)
        desk.unclear_changed.connect(self.show_attempts)

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Show `attempts`; what was marked stays marked, and what is new is."""
        unmarked = {each for each, mark in self._marks.items() if not mark.isChecked()}
        self._attempts = attempts
        self._marks.clear()
        clear_layout(self._list)
        for attempt in attempts:
            self._list.addWidget(self._card(attempt, marked=attempt.id not in unmarked))
        self._about.setText(
            "The line broke, or the vendor failed, after the request had left. It may have been charged, so its "
            "amount is held, and nothing is bought a second time before you decide. Looking in the vendor's history "
            "costs nothing."
            if attempts
            else "No call is unclear any more."
        )
        self._show_buttons()

    def done(self, result: int) -> None:
        """Qt: it closes."""
        self._desk.unclear_changed.disconnect(self.show_attempts)
        super().done(result)

    def _marked(self) -> list[int]:
        return [each for each, mark in self._marks.items() if mark.isChecked()]

    def _ask_to_buy(self) -> None:
        ids = self._marked()
        marked = [attempt for attempt in self._attempts if attempt.id in ids]
        held = money(sum(attempt.reserved_micro for attempt in marked))
        again = money(sum(attempt.upper_bound_micro for attempt in marked))
        ask(
            self,
            f"Buy {count_of(len(marked), 'call')} again?",
            f"The {held} held so far counts as spent from then on, whether or not the vendor charged it. "
            f"The new calls cost up to {again} more.",
            yes=(f"Buy again for up to {again}", lambda: self.buy_again_asked.emit(ids)),
            no="Keep waiting",
        )

    def _show_buttons(self) -> None:
        count = len(self._marked())
        self._look.setEnabled(count > 0)
        self._buy.setEnabled(count > 0)
        self._look.setText(f"Look again for {count:,}" if count > 1 else "Look again")
        self._buy.setText(f"Buy {count:,} again…" if count > 1 else "Buy again…")

    def _name(self, attempt: Attempt) -> str:
        """What it was bought for. The engine tells of the calls of all projects, and of episodes that are gone."""
        episode = self._desk.model.episode(attempt.episode_id)
        if episode is not None:
            return f"{episode.number:03d} {isolated(episode.title)}"
        project = self._desk.project
        is_here = project is not None and attempt.project_id == project.id
        return "An episode that was taken out" if is_here else "An episode of another project"

    def _card(self, attempt: Attempt, *, marked: bool) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(look.M, look.S, look.M, look.S)
        column.setSpacing(2)
        name = self._name(attempt)
        mark = Tick(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 520).replace("&", "&&"))
        mark.setChecked(marked)
        mark.setToolTip(name)
        mark.toggled.connect(self._show_buttons)
        self._marks[attempt.id] = mark
        column.addWidget(mark)
        provider = provider_name(attempt.voice.partition(":")[0])
        facts = (
            f"Sent to {provider} {clock_time(attempt.sent_at or attempt.created_at)}",
            count_of(attempt.characters, "character"),
            f"{money(attempt.reserved_micro)} held",
        )
        said = " · ".join(facts)
        for line in (label(said, "muted", wrap=True), label(attempt.error, wrap=True)):
            line.setIndent(24)
            column.addWidget(line)
        mark.setAccessibleName(name)
        mark.setAccessibleDescription(f"{said}. {attempt.error}")
        return card

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        column.addWidget(label("Was this charged?", "heading"))
        column.addWidget(self._about)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, look.S, 0)
        self._list.setSpacing(look.S)
        inner.addLayout(self._list)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        column.addWidget(scroll, 1)
        row = QHBoxLayout()
        close = button("Close")
        close.clicked.connect(self.reject)
        row.addWidget(self._buy)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self._look)
        self._look.setDefault(True)
        self._look.setFocus()  # what costs nothing goes first
        column.addLayout(row)
