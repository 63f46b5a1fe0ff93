"""What a purchase must keep to, and when the user is told how much of it is gone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from studio.domain.books import crossed
from studio.domain.budget import THRESHOLDS, BudgetUse, Limits, Scope
from studio.domain.money import micro, usd
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.bookkeeping import BookKeeping, BudgetMark
from studio.engine.events import BudgetReached, Events
from studio.engine.ports import Clock
from studio.engine.trade import Ledger

_NAMES = {
    Scope.EPISODE: "of an episode",
    Scope.BATCH: "of the project",
    Scope.DAY: "of the day",
    Scope.MONTH: "of the month",
}


@dataclass(frozen=True, slots=True)
class Balance:
    """The credits that an account had left at a time (UTC, ISO 8601); None where no limit is known."""

    credits_left: int | None = None
    at: str = ""


def limits(settings: Settings, now: datetime, balance: Balance) -> Limits:
    """Every limit that a purchase under these settings keeps to. Day and month begin at local midnight."""
    return Limits(
        episode_micro=micro(settings.episode_budget_usd),
        batch_micro=micro(settings.budget_usd),
        day_micro=micro(settings.day_budget_usd),
        month_micro=micro(settings.month_budget_usd),
        day_from=midnight(local_date(now)),
        month_from=month_start(now),
        credits_left=balance.credits_left,
        credits_at=balance.at,
    )


def month_start(now: datetime) -> str:
    """When this calendar month began, local time, as the store keeps times."""
    return midnight(local_date(now).replace(day=1))


def local_date(at: datetime) -> date:
    """The day by the calendar on the wall."""
    return at.astimezone().date()


def midnight(day: date) -> str:
    """When a day begins here, as the store keeps times. Where midnight is skipped, the first moment after it.

    By the zone of the machine and not by the offset of the present: that changes twice a year.
    """
    return stamp(datetime.combine(day, time()).astimezone())


def stamp(time: datetime) -> str:
    """A time as the store keeps it: UTC, ISO 8601, milliseconds."""
    utc = time.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def sentence(use: BudgetUse) -> str:
    """Of which budget one speaks, with its limit."""
    if use.scope is Scope.CREDITS:
        return f"the account's remaining {use.limit:,} credits"
    return f"the budget {_NAMES[use.scope]} (${usd(use.limit):,.2f})"


class BudgetWatch:
    """Tells the user once when a budget reaches 50, 80 and 100%, over all starts of the program.

    A budget that is given another amount is another budget. Of several marks that are reached at once only the highest
    is told.
    """

    def __init__(self, ledger: Ledger, books: BookKeeping, clock: Clock, events: Events) -> None:
        self._ledger = ledger
        self._books = books
        self._clock = clock
        self._say = events.say
        self._told: set[BudgetMark] = set()

    async def look(self, project: Project, balance: Balance) -> None:
        """Compare what is spent and promised with the budgets of a project."""
        now = self._clock.now()
        kept = limits(project.settings, now, balance)
        # Days and months by their names: the same one begins at another UTC time once the clocks have changed.
        today = local_date(now)
        periods = {Scope.DAY: f"{today:%Y-%m-%d}", Scope.MONTH: f"{today:%Y-%m}", Scope.CREDITS: kept.credits_at}
        for use in await self._ledger.budgets(project.id, None, kept):
            whose = project.id if use.scope is Scope.BATCH else 0
            marks = {
                mark: BudgetMark(use.scope, whose, periods.get(use.scope, ""), use.limit, mark) for mark in THRESHOLDS
            }
            reached = crossed(use.share, {mark for mark, key in marks.items() if key in self._told})
            if not reached:
                continue
            fresh = [mark for mark in reached if await self._books.tell_once(marks[mark])]
            self._told.update(marks[mark] for mark in reached)
            if fresh and max(fresh) == max(reached):
                self._say(BudgetReached(_warning(use, project.name), _remedy(use), use=use, mark=max(fresh)))


def _warning(use: BudgetUse, project: str) -> str:
    gone = f"{math.floor(use.share * 100)}%"  # rounded down, so that 100% is really all
    if use.scope is Scope.CREDITS:
        return f"{gone} of {sentence(use)} are spent or promised."
    of_which = f"the budget of the project “{project}” (${usd(use.limit):,.2f})"
    return (
        f"{gone} of {of_which if use.scope is Scope.BATCH else sentence(use)} is spent or promised: "
        f"${usd(use.settled):,.2f} spent, ${usd(use.reserved):,.2f} promised."
    )


def _remedy(use: BudgetUse) -> str:
    if use.share < 1.0:
        return ""
    if use.scope is Scope.CREDITS:
        return "Buy credits or wait for the account's next period; what is queued stays queued."
    return "Raise it in the settings to go on; what is queued stays queued."


def fitting(costs: Sequence[tuple[int, int, int]], uses: Sequence[BudgetUse], episode_limit: int) -> tuple[int, ...]:
    """Which episodes fit into what the budgets leave, in their order: each is (id, micro-dollars, credits).

    One that does not fit is passed over, so that a long one does not keep out the short ones behind it.
    """
    money_left = min((use.left for use in uses if use.scope not in {Scope.CREDITS, Scope.EPISODE}), default=None)
    credits_left = min((use.left for use in uses if use.scope is Scope.CREDITS), default=None)
    fits = []
    for number, cost, charged in costs:
        if _exceeds(cost, money_left) or _exceeds(charged, credits_left) or _exceeds(cost, episode_limit or None):
            continue
        fits.append(number)
        money_left = None if money_left is None else money_left - cost
        credits_left = None if credits_left is None else credits_left - charged
    return tuple(fits)


def _exceeds(amount: int, most: int | None) -> bool:
    return most is not None and amount > most
