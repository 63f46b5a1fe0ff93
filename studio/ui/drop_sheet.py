"""What a drop will become, before anything is queued: the things, what they take, and under which terms."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from studio.domain.project import Project
from studio.engine.quote import Estimate
from studio.engine.reception import Looked
from studio.ui import money_words
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.drop_model import Column, DropModel, about
from studio.ui.drop_terms import DropTerms
from studio.ui.parts import KeyButton, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import count_of, duration_range, isolated, length

WIDEST: Final = 1000
HIGHEST: Final = 700
_MARGIN: Final = 32
_WIDTHS: Final = {Column.CHARACTERS: 96, Column.LENGTH: 86, Column.COST: 86}
_FIGURES: Final = (
    ("Episodes", "That will be added"),
    ("Characters", "Of the text that will be spoken, before numbers are written out"),
    ("Sound", "About how long all of it will be"),
    ("Cost", "About what its speech will cost, or at most what topics will; Start shows it before anything is bought"),
    ("Time", "About how long it takes once it is started"),
)
_SPANNED: Final = 200
_WINDOWS_OWN: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class DropSheet(QFrame):
    """Stands over the page and leaves the rest of the window to work; Return adds, Esc leaves it, Del drops a row."""

    agreed = Signal()
    left = Signal()
    changed = Signal()  # what is to be added, or its terms: another estimate is wanted

    def __init__(self, window: QWidget, theme: Theme, desk: Desk, project: Project) -> None:
        super().__init__(window)
        self.setObjectName("dropSheet")
        self.setAccessibleName("What was dropped")
        self._window = window
        self._theme = theme
        self._project = project
        self._reading = True
        self._files = 0
        self._estimate: Estimate | None = None
        self._trouble = ""
        self.model = DropModel(theme, self)
        self.terms = DropTerms(theme, desk, project)
        self._heading = label("", "title", wrap=True)
        self._words = label("", "muted", wrap=True)
        self._table = QTableView()
        self._figures = {name: label("", "heading") for name, _ in _FIGURES}
        self._warning = QWidget()
        self._icon, self._warned = QLabel(), label("", wrap=True)
        self._cancel = KeyButton("Leave it", "Esc")
        self._add = KeyButton("Add", "Return", primary=True)
        self._build()
        self.terms.changed.connect(self.changed)
        self._cancel.clicked.connect(self.left)
        self._add.clicked.connect(self._agree)
        theme.changed.connect(self._draw)
        window.installEventFilter(self)
        self._draw()
        self._show()

    def appear(self) -> None:
        """Stand there, with the keyboard."""
        self._place()
        self.show()
        self.raise_()
        self._table.setFocus(Qt.FocusReason.PopupFocusReason)

    def take(self, looked: Sequence[Looked]) -> None:
        """Some more was read."""
        self.model.add(looked)
        # A reason has the width of the figures that are not there; of hundreds, the tool tips have to do.
        for row in range(min(len(self.model.refused) + len(self.model.twice), _SPANNED)):
            if self._table.columnSpan(row, Column.BECOMES) == 1:
                self._table.setSpan(row, Column.BECOMES, 1, len(Column) - Column.BECOMES)
        self._show()

    def count_files(self, files: int) -> None:
        """So many files are being read."""
        self._files += files
        self._show()

    def show_reading(self, *, reading: bool) -> None:
        """Whether there is more to come."""
        self._reading = reading
        self._show()

    def show_estimate(self, estimate: Estimate) -> None:
        """What all of it takes."""
        self._estimate, self._trouble = estimate, ""
        self.model.show_estimate(estimate)
        self._show()

    def show_trouble(self, words: str) -> None:
        """Why it cannot be estimated."""
        self._estimate, self._trouble = None, words
        self.model.forget_figures()
        self._show()

    def shut(self) -> None:
        """Go away."""
        self._window.removeEventFilter(self)
        self.terms.shut()
        self.hide()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        """Qt: while the sheet has the keyboard, the window's single keys are not for the episodes beneath."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and not event.modifiers() & _WINDOWS_OWN
        ):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Qt: the window has another size."""
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: what no field wanted for itself."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._agree()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._leave_out()
            case _:
                pass

    def _agree(self) -> None:
        if self._add.isEnabled():
            self.agreed.emit()

    def _leave_out(self) -> None:
        rows = [index.row() for index in self._table.selectionModel().selectedRows()]
        if rows:
            self.model.leave_out(rows)
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        new = self.model.new
        many = count_of(len(new), "episode")
        project = isolated(self._project.name)
        if new:
            self._heading.setText(f"Add {many} to “{project}”?")
        else:
            self._heading.setText("Reading what was handed in…" if self._reading else "There is nothing to add")
        self._words.setText(self._told())
        self._show_figures()
        self._add.set_words(
            "Reading…" if self._reading else f"Add {len(new):,}", f"Queue {many}; nothing is bought yet"
        )
        self._add.setEnabled(bool(new) and not self._reading)
        warned = self._warnings()
        self._warned.setText(warned)
        self._warning.setVisible(bool(warned))

    def _told(self) -> str:
        model = self.model
        parts = []
        if self._reading:
            so_far = f"{model.rowCount():,} of {max(self._files, model.rowCount()):,} so far"
            parts.append(f"Reading: {so_far}" if model.rowCount() else "Looking for scripts")
        if model.refused:
            parts.append(f"{count_of(len(model.refused), 'thing')} cannot be used")
        if model.twice:
            parts.append(
                f"{count_of(len(model.twice), 'thing')} {'is' if len(model.twice) == 1 else 'are'} here already"
            )
        notes = sorted({each.draft.note for each in model.new if each.draft.note})
        estimate = self._estimate
        if estimate is not None and estimate.writing.topics and len(estimate.lengths_s) == len(model.new):
            parts.append(f"To be written first: {money_words.writing_words(estimate.writing)}")
        return " · ".join([*parts, *notes, "Nothing is bought before you press Start"])

    def _show_figures(self) -> None:
        new, estimate = self.model.new, self._estimate
        # While another estimate is on its way the last one stands there, unless it is of fewer things.
        known = estimate is not None and len(estimate.lengths_s) == len(new)
        shown = {"Episodes": f"{len(new):,}", "Characters": f"{sum(each.size.characters for each in new):,}"}
        if estimate is not None and known and new:
            most = estimate.writing.topics > 0  # what is not written yet is reckoned at the most that it can be
            shown["Characters"] = f"{'≤ ' if most else ''}{sum(estimate.characters):,}"
            shown["Sound"] = f"~{length(sum(estimate.lengths_s))}"
            shown["Cost"] = about(estimate.cost_micro, most=most)
            shown["Time"] = duration_range(estimate.low_s, estimate.high_s)
        for name, value in self._figures.items():
            words = shown.get(name, "—" if not self._trouble and not new else "…" if not self._trouble else "—")
            value.setText(words)
            value.setAccessibleName(f"{name}: {words}")

    def _warnings(self) -> str:
        estimate, new = self._estimate, self.model.new
        if self._trouble:
            return self._trouble
        if estimate is None or not new or len(estimate.lengths_s) != len(new) or estimate.fits == len(new):
            return ""
        fit = count_of(estimate.fits, "episode fits", "episodes fit")
        left = f" ({money_words.left_words(estimate.tightest)})" if estimate.tightest else ""
        return f"About {fit} the budget{left}. The others wait in the queue until there is more."

    def _place(self) -> None:
        room = self._window.rect().adjusted(_MARGIN, _MARGIN * 2, -_MARGIN, -_MARGIN)
        size = room.size().boundedTo(QRect(0, 0, WIDEST, HIGHEST).size())
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        self.setGeometry(place)

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("triangle-alert", Tone.LOOK, 16, self.devicePixelRatioF()))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        column.addWidget(self._heading)
        column.addWidget(self._words)
        figures = QHBoxLayout()
        figures.setSpacing(28)
        for name, meaning in _FIGURES:
            box = QVBoxLayout()
            box.setSpacing(1)
            box.addWidget(label(name, "small"))
            box.addWidget(self._figures[name])
            self._figures[name].setToolTip(meaning)
            figures.addLayout(box)
        figures.addStretch(1)
        column.addLayout(figures)
        self._build_table()
        column.addWidget(self._table, 1)
        column.addWidget(self.terms)
        warning = QHBoxLayout(self._warning)
        warning.setContentsMargins(0, 0, 0, 0)
        warning.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        warning.addWidget(self._warned, 1)
        column.addWidget(self._warning)
        ways = QHBoxLayout()
        ways.addWidget(label("Del leaves out the chosen rows", "muted"))
        ways.addStretch(1)
        ways.addWidget(self._cancel)
        ways.addWidget(self._add)
        column.addLayout(ways)

    def _build_table(self) -> None:
        table = self._table
        table.setModel(self.model)
        table.setAccessibleName("What was dropped, and what it becomes")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(30)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for of_figures, width in _WIDTHS.items():
            header.setSectionResizeMode(of_figures, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(of_figures, width)
