"""The scripts of the project at the left: narrowed by step and words, chosen one by one or in bulk."""

from typing import Final

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from studio.domain.episode import Episode, Stage
from studio.domain.findings import Verdict
from studio.ui import search
from studio.ui import theme as look
from studio.ui.episode_model import EpisodeModel
from studio.ui.parts import ElidedLabel, button, label
from studio.ui.permitted import Act, ids_for
from studio.ui.script_approval import up_to
from studio.ui.script_list import ScriptList, ScriptRows
from studio.ui.script_steps import Step, is_open
from studio.ui.search import Search
from studio.ui.step_index import StepIndex
from studio.ui.theme import Theme, Tone
from studio.ui.word_index import WordIndex
from studio.ui.wording import count_of

PRICE_MS: Final = 200  # after the last change of the choice


class ScriptShelf(QWidget):
    """Rows follow the batch; says which one the cursor is on, and what is asked for all that are chosen."""

    approve_asked = Signal(object)  # list[Episode]
    again_asked = Signal(object)  # list[int]
    price_asked = Signal(object)  # list[int]

    def __init__(self, theme: Theme, model: EpisodeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._words = WordIndex(model, self)
        self.steps = StepIndex(model, self)
        self._step = Step.ALL
        self._search = Search()
        self.rows = ScriptRows(model.live_of, self)
        self.list = ScriptList(theme, self.rows, model.live_of)
        self.filter = QLineEdit()
        self._none = label("", "muted", wrap=True)
        self._bulk = QFrame()
        self._sum = ElidedLabel("", "muted")
        self._approve, self._again = button("", "bulk"), button("", "bulk")
        self._stack = QStackedLayout()
        self._priced: tuple[int, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=PRICE_MS)
        self._soon.timeout.connect(lambda: self.price_asked.emit(list(self._priced)))
        self._build()
        model.modelReset.connect(self._words.begin)
        model.dataChanged.connect(self._forget)
        self.filter.textChanged.connect(self._narrow)
        self.list.chosen_changed.connect(self._show_bulk)
        self._approve.clicked.connect(lambda: self.approve_asked.emit(self.list.chosen()))
        self._again.clicked.connect(lambda: self.again_asked.emit(_from_topics(self.list.chosen())))
        theme.changed.connect(self._draw)
        self._words.begin()
        self._draw()

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._step

    def show_step(self, step: Step) -> None:
        """Show one step of the way."""
        self._step = step
        self.refresh()

    def refresh(self) -> None:
        """Show the rows as they are now."""
        self.rows.show(self._search.among(self.steps.at(self._step), self._words.of))
        self._stack.setCurrentIndex(0 if self.rows.episodes else 1)
        self._none.setText("Nothing is like that. Clear the filter, or choose “All”.")
        self._show_bulk()

    def show_price(self, ids: tuple[int, ...], micro: int) -> None:
        """What speaking those that are chosen costs."""
        if ids == self._priced and ids:
            self._approve.setText(f"Approve {len(ids):,} · {up_to(micro)}")
            self._approve.setAccessibleName(f"Approve {count_of(len(ids), 'script')}, {up_to(micro)}")

    def _forget(self, top_left: QModelIndex, bottom_right: QModelIndex) -> None:
        for row in range(top_left.row(), bottom_right.row() + 1):
            self._words.forget(self._model.episode_at(row).id)

    def _narrow(self, text: str) -> None:
        self._search = Search(text)
        self.refresh()

    def _show_bulk(self) -> None:
        chosen = self.list.chosen()
        self._bulk.setVisible(len(chosen) > 1)
        good = [each for each in chosen if each.script_verdict is not Verdict.FAIL]
        waiting = tuple(ids_for(Act.APPROVE_SCRIPT, good)) if len(chosen) > 1 else ()
        faulty = len(ids_for(Act.APPROVE_SCRIPT, chosen)) - len(waiting)
        again = _from_topics(chosen)
        parts = [f"{len(chosen):,} chosen", f"{len(waiting):,} can be approved" if waiting else ""]
        parts.append(count_of(faulty, "has faults", "have faults") if faulty else "")
        self._sum.set_words(" · ".join(filter(None, parts)))
        self._approve.setVisible(bool(waiting))
        self._again.setVisible(bool(again))
        self._again.setText(f"Write {len(again):,} again")
        if waiting != self._priced:
            self._priced = waiting
            self._approve.setText(f"Approve {len(waiting):,}…")
            self._approve.setAccessibleName(f"Approve {count_of(len(waiting), 'script')}")
            self._soon.start()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter: words, script:fail, length>10…")
        self.filter.setAccessibleName("Filter the scripts")
        self.filter.setToolTip(search.HELP)
        self.filter.setClearButtonEnabled(True)
        self._approve.setToolTip("Let all of them be spoken but for those with faults")
        self._again.setToolTip("Have these written anew from their topics")
        above = QHBoxLayout()
        above.setContentsMargins(look.M, look.S, look.S, look.S)
        above.addWidget(self.filter)
        self._bulk.setObjectName("bulkBar")
        lines = QVBoxLayout(self._bulk)
        lines.setContentsMargins(look.M, look.XS + 2, look.S, look.XS + 2)
        lines.setSpacing(look.XS)
        lines.addWidget(self._sum)
        row = QHBoxLayout()
        row.setSpacing(look.XS)
        row.addWidget(self._approve)
        row.addWidget(self._again)
        row.addStretch(1)
        lines.addLayout(row)
        none = QWidget()
        inside = QVBoxLayout(none)
        inside.setContentsMargins(look.L, look.L, look.L, look.L)
        inside.addWidget(self._none)
        inside.addStretch(1)
        self._stack.addWidget(self.list)
        self._stack.addWidget(none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addLayout(self._stack, 1)
        column.addWidget(self._bulk)

    def _draw(self) -> None:
        self._approve.setIcon(self._theme.icon("check", size=14))
        self._again.setIcon(self._theme.icon("pen-line", size=14))
        for action in self.filter.findChildren(QAction):
            action.setIcon(self._theme.icon("x", Tone.NEUTRAL))


def _from_topics(chosen: list[Episode]) -> list[int]:
    """Those that the studio wrote, and that are not spoken yet."""
    written = Stage.WRITE
    return [each.id for each in chosen if any(stage is written for stage, _ in each.timings) and is_open(each)]
