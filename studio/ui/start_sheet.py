"""What a batch will cost and when it will be through, put to the user before anything is bought."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.domain.budget import Scope
from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.engine.quote import Quote
from studio.ui import money_words
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.parts import button, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import LEFT_TO_RIGHT, count_of, duration_range, finish_time, money, voice_name

WIDTH = 580
ROWS = ("Writing", "Voice", "Speech", "Bought before", "Cost", "Budget", "Time")


class StartSheet(QDialog):
    """Opens at once and reckons; `start` gets the ids that are to be started, `change_budget` opens the settings."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        desk: Desk,
        ids: Sequence[int],
        start: Callable[[Project, Sequence[int]], None],
        change_budget: Callable[[QWidget], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Start")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self._desk = desk
        self._ids = tuple(ids)
        self._start = start
        self._asked = 0
        self._quote: Quote | None = None
        self._heading = label("", "title", wrap=True)
        self._words = label("", "muted", wrap=True)
        self._rows = QWidget()
        self._names = {name: label(name, "muted") for name in ROWS}
        self._values = {name: label("", wrap=True) for name in ROWS}
        self._short = QFrame()
        self._short_icon, self._short_words = QLabel(), label("", wrap=True)
        self._retry = button("Try again")
        self._budget = button("Change the budget…")
        self._go = button("", "primary")
        self._column = QVBoxLayout(self)
        self._build()
        self._retry.clicked.connect(self.ask)
        self._budget.clicked.connect(lambda: change_budget(self))
        self._go.clicked.connect(self.accept)
        desk.project_changed.connect(self._take_project)
        self.ask()

    def ask(self) -> None:
        """Have it reckoned anew."""
        project = self._desk.project
        if project is None:
            return
        self._asked += 1
        self._quote = None
        self._heading.setText(f"Start {count_of(len(self._ids), 'episode')}?")
        self._say("Reckoning what it will cost, and when it will be through…")
        self._desk.spawn(self._load(project, self._asked))

    def accept(self) -> None:
        """Qt: start what fits."""
        project, quote = self._desk.project, self._quote
        if project is None or quote is None or not quote.fits:
            return
        self._start(project, quote.fits)
        super().accept()

    def done(self, result: int) -> None:
        """Qt: whichever way it closes, nothing that arrives later is shown."""
        self._asked += 1
        self._desk.project_changed.disconnect(self._take_project)
        super().done(result)

    async def _load(self, project: Project, asked: int) -> None:
        try:
            quote = await self._desk.door().market.quote(project, self._ids)
        except BatchcastError as error:
            if asked == self._asked:
                self._say(f"{LEFT_TO_RIGHT}{error.message}\n\n{LEFT_TO_RIGHT}{error.remedy}", retry=True)
            return
        if asked == self._asked:
            self._show(quote)

    def _take_project(self, _project: Project, _known: object) -> None:
        self.ask()

    def _say(self, words: str, *, retry: bool = False) -> None:
        self._words.setText(words)
        self._words.show()
        self._rows.hide()
        self._short.hide()
        self._retry.setVisible(retry)
        self._budget.hide()
        self._go.setVisible(not retry)
        self._go.setEnabled(False)
        self._go.setText("Start")
        self._fit()

    def _show(self, quote: Quote) -> None:
        self._quote = quote
        self._heading.setText(f"Start {count_of(quote.episodes, 'episode')}?")
        finish = finish_time(datetime.now().astimezone(), quote.low_s, quote.high_s)
        voice = voice_name(quote.voice, self._desk.voice_names)
        model = f", model {quote.model}" if quote.model else ""
        plan = f"\nPlan {quote.plan[:1].upper()}{quote.plan[1:]}" if quote.plan else ""
        in_credits = f" ({count_of(quote.credits, 'credit')})" if quote.credits else ""
        for part in (self._names["Writing"], self._values["Writing"]):
            part.setVisible(quote.writing.topics > 0)
        shown = {
            "Writing": money_words.writing_words(quote.writing),
            "Voice": f"{voice}{model}{plan}",
            "Speech": money_words.quoted_speech(quote),
            "Bought before": money_words.quoted_saving(quote),
            "Cost": f"{money_words.up_to(quote.cost_micro)}{in_credits}",
            "Budget": money_words.quoted_budget(quote),
            "Time": f"{duration_range(quote.low_s, quote.high_s)}, {finish}",
        }
        for name, words in shown.items():
            self._values[name].setText(words[:1].upper() + words[1:])
            self._values[name].setAccessibleName(f"{name}: {words}")
        self._words.hide()
        self._rows.show()
        self._retry.hide()
        self._show_ways(quote)
        self._fit()

    def _show_ways(self, quote: Quote) -> None:
        self._short.setVisible(not quote.fits_all)
        self._short_words.setText("" if quote.fits_all else quote.sentence)
        use = quote.tightest
        ours = use is None or use.scope is not Scope.CREDITS  # credits are the vendor's to sell
        self._budget.setVisible(ours and (use is None or not quote.fits_all))
        self._budget.setText("Set a budget…" if use is None else "Change the budget…")
        price = money_words.up_to(quote.cost_micro if quote.fits_all else quote.fits_micro)
        spends = f" for {price}" if price.startswith("up") else ""
        if quote.fits_all:
            self._go.setText(f"Start {quote.episodes:,}{spends}")
        elif quote.fits:
            self._go.setText(f"Start the {len(quote.fits):,} that {'fits' if len(quote.fits) == 1 else 'fit'}{spends}")
        else:
            self._go.setText("None fits")
        self._go.setEnabled(bool(quote.fits))
        if quote.fits:
            self._go.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go.setToolTip(
            f"Nothing beyond {money(quote.fits_micro)} can be charged for these" if quote.fits_micro else ""
        )

    def _fit(self) -> None:
        """As high as what it says."""
        self._column.activate()
        self.resize(WIDTH, self._column.totalHeightForWidth(WIDTH))

    def _build(self) -> None:
        self.setFixedWidth(WIDTH)
        column = self._column
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        column.addWidget(self._heading)
        column.addWidget(self._words)
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.L)
        grid.setVerticalSpacing(look.S)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._values.items()):
            grid.addWidget(self._names[name], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        self._values["Cost"].setFont(look.font(look.HEADING, look.SEMIBOLD))
        column.addWidget(self._rows)
        self._short.setObjectName("card")
        short = QHBoxLayout(self._short)
        short.setContentsMargins(look.M, look.S, look.M, look.S)
        self._short_icon.setPixmap(self._theme.pixmap("triangle-alert", Tone.LOOK, 16, self.devicePixelRatioF()))
        short.addWidget(self._short_icon, 0, Qt.AlignmentFlag.AlignTop)
        short.addWidget(self._short_words, 1)
        column.addWidget(self._short)
        row_of_ways = QHBoxLayout()
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._go.setDefault(True)
        row_of_ways.addWidget(self._budget)
        row_of_ways.addStretch(1)
        for way in (cancel, self._retry, self._go):
            row_of_ways.addWidget(way)
        column.addLayout(row_of_ways)
