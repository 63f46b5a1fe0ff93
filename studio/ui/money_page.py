"""The Money page: what was spent, when and on what, what it gave, and what the rest will cost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.domain.books import Period, Split
from studio.domain.budget import BudgetUse
from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.engine.books import Books
from studio.ui import theme as look
from studio.ui.commands import Do
from studio.ui.figures import Plain, Sheet
from studio.ui.money_budgets import MoneyBudgets
from studio.ui.money_panels import FigurePanel, NothingYet, UnclearLine
from studio.ui.money_tables import Measure, Names, day_bars, day_sheet, group_bars, group_sheet
from studio.ui.money_tiles import MoneyTiles, project_budget
from studio.ui.notice_list import NoticeList
from studio.ui.notice_list import Said as NoticeLine
from studio.ui.pages import PageContext
from studio.ui.parts import Chooser, button, label
from studio.ui.plots import Bars, loaded
from studio.ui.slices import painted
from studio.ui.wording import count_of, isolated

PERIODS = {Period.WEEK: "7 days", Period.MONTH: "30 days", Period.QUARTER: "90 days", Period.ALL: "All"}
SPLITS = {Split.VOICE: "By voice", Split.MODEL: "By model", Split.PROJECT: "By project"}
MEASURES = {Measure.MONEY: "Money", Measure.MINUTES: "Minutes"}
SCOPES = {"project": "This project", "all": "All projects"}


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    return MoneyPage(context)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read at once, and made ready to be shown. `free` where nothing of it has cost anything."""

    books: Books
    budgets: Sequence[BudgetUse]
    period: Period
    project: Project
    one: bool  # of this project, and not of all
    free: bool
    headings: tuple[str, str]
    bars: tuple[Bars, Bars]
    sheets: tuple[Sheet, Sheet]


class MoneyPage(QWidget):
    """Reads the books when it is shown, when money moves while it is, and when something else is chosen."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.setAccessibleName(context.commands[Do.MONEY_PAGE].text())
        self._context = context
        self._theme, self._desk, self._memory = context.theme, context.desk, context.memory
        self._asked = 0  # the newest reading; what an older one brings is out of date
        self._scope = self._chooser("Which projects", "money/scope", SCOPES)
        self._split = self._chooser("Split", "money/split", SPLITS)
        self._measure = self._chooser("Measure", "money/measure", MEASURES)
        self._wanted = Measure(self._measure.currentData())  # it shows minutes where there is no money to show
        self._periods = QButtonGroup(self)
        self._tiles = MoneyTiles(self._theme)
        self._notices = NoticeList(self._theme)
        self._unclear = UnclearLine(self._theme)
        self._budgets = MoneyBudgets(self._theme)
        self._days = FigurePanel(self._theme, "Day by day", "Export the days as CSV", sort=0)
        self._groups = FigurePanel(self._theme, "In all", "Export the totals as CSV", sort=1)
        self._body, self._panels = QStackedWidget(), QWidget()
        self._build()
        self._unclear.way.clicked.connect(context.commands[Do.UNCLEAR].trigger)
        self._budgets.change.clicked.connect(context.commands[Do.SETTINGS].trigger)
        for panel, name in ((self._days, "days"), (self._groups, "totals")):
            panel.export.clicked.connect(partial(self._ask_where, panel, name))
        self._desk.costs_changed.connect(lambda *_: self._load_if_seen())
        self._desk.project_changed.connect(lambda *_: self._load_if_seen())
        self._desk.voices_learned.connect(self._load_if_seen)
        self._desk.spawn(self._begin_plots())

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: what has happened meanwhile."""
        super().showEvent(event)
        self._load_soon()

    def save(self, path: Path, header: list[str], rows: list[list[Plain]]) -> None:
        """Write a table to a file."""
        self._desk.spawn(self._save(path, header, rows))

    # What is chosen

    def _chooser(self, name: str, kept: str, words: dict[Any, str]) -> Chooser:
        made = Chooser()
        made.setAccessibleName(name)
        for value, text in words.items():
            made.addItem(text, str(value))
        made.setCurrentIndex(max(0, made.findData(self._memory.read(kept, str(next(iter(words)))))))
        made.activated.connect(lambda _place: self._keep(kept, made.currentData()))
        return made

    def _keep(self, kept: str, value: str | int) -> None:
        self._memory.keep(kept, value)
        if self._measure.isEnabled():
            self._wanted = Measure(self._measure.currentData())
        self._load_soon()

    # Reading

    def _load_if_seen(self) -> None:
        if self.isVisible():
            self._load_soon()

    def _load_soon(self) -> None:
        if self._desk.studio is not None and self._desk.project is not None:
            self._asked += 1
            self._desk.spawn(self._load(self._asked))

    async def _load(self, asked: int) -> None:
        studio, project = self._desk.door(), self._desk.project
        if project is None:
            return
        period, split = Period(self._periods.checkedId()), Split(self._split.currentData())
        one, measure = (
            self._scope.currentData() != "all",
            self._wanted,
        )
        books = await studio.books.read(period, split, project if one else None)
        budgets = await studio.market.budgets(project)
        names = Names(split, books.names, dict(self._desk.voice_names))
        seen = await asyncio.to_thread(ready, books, budgets, period, project, names, measure, one=one)
        if asked != self._asked:
            return
        self._show(seen)
        panels = zip((self._days, self._groups), seen.headings, seen.bars, seen.sheets, strict=True)
        for panel, heading, bars, sheet in panels:
            await painted()
            if asked != self._asked:
                return  # what is newer comes, and fills both
            panel.show_sheet(heading, bars, sheet)

    async def _begin_plots(self) -> None:
        pg = await loaded()
        for panel in (self._days, self._groups):
            panel.plot.begin(pg)
            await painted()

    async def _save(self, path: Path, header: list[str], rows: list[list[Plain]]) -> None:
        try:
            await self._desk.door().books.save(path, header, rows)
        except BatchcastError as error:  # told here, where it was asked for
            self._notices.tell([NoticeLine(error.message, error.remedy)])
            return
        self._desk.said.emit(f"{count_of(len(rows), 'row')} written to {isolated(path.name)}")

    # Showing

    def _show(self, seen: Seen) -> None:
        self._measure.setEnabled(not seen.free)
        self._measure.setCurrentIndex(self._measure.findData(str(Measure.MINUTES if seen.free else self._wanted)))
        self._measure.setToolTip("The built-in voice costs nothing: minutes are shown" if seen.free else "")
        self._tiles.show_books(seen.books, seen.period, project_budget(seen.budgets) if seen.one else None)
        self._unclear.show_unclear(seen.books.whole.unclear_micro)
        self._budgets.show_budgets(seen.budgets, seen.project.name)
        anything = bool(seen.books.account.groups)
        self._body.setCurrentIndex(1 if anything else 0)
        # What is behind the other page asks for no room.
        policy = QSizePolicy.Policy.Preferred if anything else QSizePolicy.Policy.Ignored
        self._panels.setSizePolicy(policy, policy)
        self._body.updateGeometry()

    def _ask_where(self, panel: FigurePanel, name: str) -> None:
        project = self._desk.project
        whose = "all" if self._scope.currentData() == "all" or project is None else project.name
        dialog = QFileDialog(self, "Export the table", "", "CSV tables (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"money-{name}-{_plain(whose)}.csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save(Path(path), *panel.table.as_shown()))
        dialog.open()

    # Placing

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        scroll.setWidget(inner)
        column.addWidget(scroll)
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(look.L, look.M, look.L, look.L)
        rows.setSpacing(look.M)
        rows.addLayout(self._head())
        for part in (self._notices, self._tiles, self._unclear, self._budgets):
            rows.addWidget(part)
        rows.addWidget(self._body, 1)
        self._body.addWidget(NothingYet(self._theme))
        both = QVBoxLayout(self._panels)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(look.M)
        both.addWidget(self._days, 1)
        both.addWidget(self._groups, 1)
        self._body.addWidget(self._panels)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addWidget(label("Money", "title"))
        row.addStretch(1)
        row.addWidget(self._scope)
        for period, words in PERIODS.items():
            chip = button(words, "chip")
            chip.setCheckable(True)
            chip.setAccessibleName("The whole time" if period is Period.ALL else f"The last {words}")
            self._periods.addButton(chip, period.value)
            row.addWidget(chip)
        kept = self._memory.read("money/period", Period.MONTH.value)
        self._periods.button(kept if kept in {period.value for period in Period} else Period.MONTH.value).setChecked(
            True
        )
        self._periods.idClicked.connect(partial(self._keep, "money/period"))
        row.addWidget(self._split)
        row.addWidget(self._measure)
        return row


def ready(
    books: Books,
    budgets: Sequence[BudgetUse],
    period: Period,
    project: Project,
    names: Names,
    measure: Measure,
    *,
    one: bool,
) -> Seen:
    """Words and bars of what was read; it takes too long for the window's own thread."""
    total = books.account.total
    free = not total.settled_micro + total.held_micro and total.free_finished_s > 0
    if free:  # bars of nothing would say nothing
        measure = Measure.MINUTES
    what = "Minutes finished" if measure is Measure.MINUTES else "Money spent"
    note = ": the built-in voice costs nothing" if free else ""
    return Seen(
        books=books,
        budgets=budgets,
        period=period,
        project=project,
        one=one,
        free=free,
        headings=(f"{what}, day by day{note}", f"{what}, {SPLITS[names.split].lower()}{note}"),
        bars=(day_bars(books, names, measure), group_bars(books, names, measure)),
        sheets=(day_sheet(books, names, measure), group_sheet(books, names)),
    )


def _plain(name: str) -> str:
    """A name as a part of a file's name."""
    return "".join(each if each.isalnum() else "-" for each in name).strip("-")[:40] or "project"
