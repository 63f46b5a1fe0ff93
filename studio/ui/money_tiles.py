"""The figures at the head of the Money page: spent, held, how fast, how much in the end, and what a minute costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.domain.books import Burn, Forecast, Period, Sums, lasts_s
from studio.domain.budget import BudgetUse, Scope
from studio.engine.books import Books
from studio.ui import theme as look
from studio.ui.money_tables import fine_money, minutes
from studio.ui.parts import Tile
from studio.ui.theme import Theme, Tone
from studio.ui.wording import NOTHING, count_of, duration_range, money

NARROWEST = 180
PERIOD_WORDS = {
    Period.WEEK: "in 7 days",
    Period.MONTH: "in 30 days",
    Period.QUARTER: "in 90 days",
    Period.ALL: "since the beginning",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A tile's words: the value, what stands behind it, its tone, and what explains it."""

    value: str
    line: str
    tone: Tone
    tip: str


class MoneyTiles(QWidget):
    """Six tiles, in as many columns as there is room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tiles = {
            name: Tile(theme, name)
            for name in ("Spent", "Held", "Burn rate", "At completion", "A finished minute", "An accepted minute")
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look.S)
        self._columns = 0
        self._place(len(self._tiles))

    def show_books(self, books: Books, period: Period, project_budget: BudgetUse | None) -> None:
        """Say it all."""
        total = books.account.total
        said = {
            "Spent": spent_words(total, books.whole, period),
            "Held": held_words(books.whole),
            "Burn rate": burn_words(books.burn, project_budget),
            "At completion": forecast_words(books.forecast, project_budget),
            "A finished minute": minute_words(total.micro_per_finished_minute, total.finished_s, total, "finished"),
            "An accepted minute": minute_words(total.micro_per_accepted_minute, total.accepted_s, total, "accepted"),
        }
        for name, words in said.items():
            self._tiles[name].show_value(words.value, words.line, words.tone, words.tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: six, three or two beside each other."""
        super().resizeEvent(event)
        self._place(next((count for count in (6, 3, 2) if self.width() >= count * (NARROWEST + look.S)), 1))

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, tile in enumerate(self._tiles.values()):
            self._grid.addWidget(tile, place // columns, place % columns)


def spent_words(total: Sums, whole: Sums, period: Period) -> Said:
    """What was spent in the period."""
    tip = [f"{money(whole.settled_micro)} since the beginning."]
    if total.lost_micro:
        tip.append(f"{money(total.lost_micro)} of it was paid for calls that brought no usable sound.")
    if total.saved_micro:
        tip.append(f"{money(total.saved_micro)} was saved by sound that was there already.")
    if not total.settled_micro and total.free_finished_s:
        tip.append("The built-in voice costs nothing.")
    return Said(money(total.settled_micro), PERIOD_WORDS[period], Tone.TEXT, "\n".join(tip))


def held_words(whole: Sums) -> Said:
    """What is promised, and what of it is unclear."""
    tip = "Promised to calls under way; it is not spent yet."
    if not whole.held_micro:
        return Said(NOTHING, "nothing is promised", Tone.TEXT, tip)
    if not whole.unclear_micro:
        return Said(money(whole.held_micro), "not spent", Tone.TEXT, tip)
    tip += "\nUnclear is what is held for calls of which nobody knows yet whether they were charged."
    return Said(money(whole.held_micro), f"{money(whole.unclear_micro)} of it unclear", Tone.LOOK, tip)


def burn_words(burn: Burn, budget: BudgetUse | None) -> Said:
    """How fast money goes: by the last hour where anything was bought in it, else by the day."""
    if burn.hour_micro is None and burn.day_micro is None:
        return Said(NOTHING, "nothing was bought", Tone.TEXT, "No money was spent in this period.")
    day = "" if burn.day_micro is None else f"~{money(burn.day_micro)} a day on average in this period."
    if burn.hour_micro is None:
        return Said(
            f"~{money(burn.day_micro or 0)}", "a day", Tone.TEXT, f"{day}\nNothing was bought in the last hour."
        )
    tip = [f"~{money(burn.hour_micro)} an hour, from what was bought in the last one."]
    if day:
        tip.append(day)
    if budget is not None and budget.left and burn.hour_micro:
        left_s = lasts_s(budget.left, burn.hour_micro)
        tip.append(f"At this rate what the project's budget leaves lasts {duration_range(left_s, left_s)}.")
    return Said(f"~{money(burn.hour_micro)}", "an hour", Tone.TEXT, "\n".join(tip))


def forecast_words(forecast: Forecast | None, budget: BudgetUse | None) -> Said:
    """What it will have cost in the end."""
    if forecast is None:
        why = "It is reckoned from what finished minutes cost: there is none yet. Start says what the batch may cost."
        return Said(NOTHING, "no finished minute yet", Tone.TEXT, why)
    if not forecast.left_episodes:
        return Said(money(forecast.likely_micro), "nothing paid waits", Tone.TEXT, "No episode waits for a paid voice.")
    said = (
        f"An estimate: {money(forecast.low_micro)} to {money(forecast.high_micro)}, from what "
        f"{count_of(forecast.evidence, 'finished episode')} cost a minute, and ~{minutes(forecast.left_s)} "
        f"in {count_of(forecast.left_episodes, 'episode')} that wait to be spoken."
    )
    tip = [said]
    tone = Tone.TEXT
    if budget is not None and forecast.likely_micro > budget.limit:
        tone = Tone.LOOK
        over = money(forecast.likely_micro - budget.limit)
        tip.append(f"That is ~{over} more than the budget of the project ({money(budget.limit)}).")
    line = "over the budget" if tone is Tone.LOOK else f"with {forecast.left_episodes:,} more"
    return Said(f"~{money(forecast.likely_micro)}", line, tone, "\n".join(tip))


def minute_words(micro: int | None, seconds: float, total: Sums, what: str) -> Said:
    """What a minute has cost."""
    if micro is None:
        if total.free_finished_s and not total.settled_micro:
            free = f"{minutes(total.free_finished_s)} were spoken by the built-in voice, which costs nothing."
            return Said("Free", "the built-in voice", Tone.GOOD, free)
        return Said(NOTHING, f"none {what} yet", Tone.TEXT, f"No minute of a paid voice is {what} in this period.")
    tip = [
        f"Everything that was spent, by {minutes(seconds)} {what}.",
        "What is bought and not checked yet counts on the side of the money only.",
    ]
    if total.free_finished_s:
        tip.append(f"{minutes(total.free_finished_s)} of the built-in voice, which costs nothing, are left out.")
    return Said(fine_money(micro), f"{minutes(seconds)} {what}", Tone.TEXT, "\n".join(tip))


def project_budget(uses: Sequence[BudgetUse]) -> BudgetUse | None:
    """The budget of the project, where it has one."""
    return next((use for use in uses if use.scope is Scope.BATCH), None)
