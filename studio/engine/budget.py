"""What a purchase must keep to, and when the user is told how much of it is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from studio.domain.budget import BudgetUse, Limits, Scope, threshold
from studio.domain.money import micro, usd
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.engine.events import Events, Notice
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
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Limits(
        episode_micro=micro(settings.episode_budget_usd),
        batch_micro=micro(settings.budget_usd),
        day_micro=micro(settings.day_budget_usd),
        month_micro=micro(settings.month_budget_usd),
        day_from=stamp(midnight),
        month_from=month_start(now),
        credits_left=balance.credits_left,
        credits_at=balance.at,
    )


def month_start(now: datetime) -> str:
    """When this calendar month began, local time, as the store keeps times."""
    return stamp(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))


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
    """Tells the user once when a budget reaches 50, 80 and 100%."""

    def __init__(self, ledger: Ledger, clock: Clock, events: Events) -> None:
        self._ledger = ledger
        self._clock = clock
        self._say = events.say
        self._told: dict[tuple[Scope, int, str], float] = {}

    async def look(self, project: Project, balance: Balance) -> None:
        """Compare what is spent and promised with the budgets of a project."""
        kept = limits(project.settings, self._clock.now(), balance)
        periods = {Scope.DAY: kept.day_from, Scope.MONTH: kept.month_from, Scope.CREDITS: kept.credits_at}
        for use in await self._ledger.budgets(project.id, None, kept):
            which = (use.scope, project.id if use.scope is Scope.BATCH else 0, periods.get(use.scope, ""))
            reached = threshold(use.share)
            if reached > self._told.get(which, 0.0):
                self._told[which] = reached
                self._say(Notice(_warning(use, project.name), _remedy(use)))


def _warning(use: BudgetUse, project: str) -> str:
    if use.scope is Scope.CREDITS:
        return f"{use.share:.0%} of {sentence(use)} are spent or promised."
    of_which = f"the budget of the project “{project}” (${usd(use.limit):,.2f})"
    return (
        f"{use.share:.0%} of {of_which if use.scope is Scope.BATCH else sentence(use)} is spent or promised: "
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
