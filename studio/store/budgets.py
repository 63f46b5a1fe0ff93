"""What counts against which budget, and whether one more purchase fits.

What is held counts against every budget, however old it is. What is settled counts in the day and the month in which it
was asked for. Clocks jump, and then these rules choose the side on which no budget is exceeded:

- What was asked for after something in the period is in the period too, even if the clock was put back in between.
- A time in the future cannot be: such an attempt counts with the time of the next one, or with the present.
- A purchase cannot be older than the times in its own limits.

So after a jump more may count than should, never less.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.domain.budget import BudgetUse, Limits, Scope
from studio.domain.errors import BudgetError
from studio.domain.money import Price, usd
from studio.domain.settings import option
from studio.engine.authoring import PromptOrder
from studio.engine.trade import Purchase
from studio.store import attempts, times

_EPISODE = "SELECT coalesce(sum(settled_micro), 0), coalesce(sum(reserved_micro), 0) FROM attempts WHERE episode_id = ?"
_BATCH = "SELECT coalesce(sum(settled_micro), 0), coalesce(sum(reserved_micro), 0) FROM attempts WHERE project_id = ?"
_HELD = (
    "SELECT coalesce(sum(reserved_micro), 0), coalesce(sum(held_credits), 0) FROM attempts "
    "WHERE ended_at IS NULL AND kind = 'purchase'"
)

# Asked for since :since, as far as the clock can be believed; the present is :now.
_SINCE = (
    "id >= (SELECT min(id) FROM attempts WHERE created_at BETWEEN :since AND :now) "
    "OR created_at > :now AND coalesce((SELECT later.created_at FROM attempts AS later "
    "WHERE later.id > attempts.id AND later.created_at <= :now ORDER BY later.id LIMIT 1), :now) >= :since"
)
_SPENT_SINCE = f"SELECT coalesce(sum(settled_micro), 0) FROM attempts WHERE {_SINCE}"  # noqa: S608  (text from code)
# Not one condition with OR: that would be answered by reading the whole table.
_CHARGED_SINCE = (
    "SELECT coalesce(sum(charged_credits), 0) FROM attempts WHERE id IN ("  # noqa: S608  (text from code)
    f"SELECT id FROM attempts WHERE ended_at >= :since UNION SELECT id FROM attempts WHERE {_SINCE})"
)

_OPTIONS = {
    Scope.EPISODE: "episode_budget_usd",
    Scope.BATCH: "budget_usd",
    Scope.DAY: "day_budget_usd",
    Scope.MONTH: "month_budget_usd",
}


def present(limits: Limits, now: str) -> str:
    """The present by the clock, but not before the times in `limits`."""
    return max(now, *map(times.read, (limits.day_from, limits.month_from, limits.credits_at)))


def uses(
    connection: sqlite3.Connection, project_id: int, episode_id: int | None, limits: Limits, now: str
) -> Sequence[BudgetUse]:
    """Every budget in `limits` that has a limit, and what counts against it."""
    return list(_uses(connection, project_id, episode_id, limits, now))


def check(connection: sqlite3.Connection, purchase: Purchase | PromptOrder, now: str) -> None:
    """Raise `BudgetError` when a purchase would exceed a budget."""
    for use in _uses(connection, purchase.project_id, purchase.episode_id, purchase.limits, now):
        bound = purchase.price.credits if use.scope is Scope.CREDITS else purchase.price.micro
        # What costs nothing is never in the way, even where a limit was lowered below what is spent.
        if bound and use.settled + use.reserved + bound > use.limit:
            raise _refusal(connection, use, purchase, now)


def send(connection: sqlite3.Connection, attempt_id: int, limits: Limits | None, now: str) -> None:
    """Note that an attempt is sent.

    Raises `BudgetError`, and leaves it as it is, where what is settled and held exceeds `limits` now: each that has not
    left gives way then, until the rest fits. What is left on an account is the vendor's to say.
    """
    row = attempts.row_of(connection, attempt_id)
    if limits is not None and row["paid"]:
        money = replace(limits, credits_left=None)
        for use in _uses(connection, row["project_id"], row["episode_id"], money, present(limits, now)):
            if use.settled + use.reserved > use.limit:
                whose = _name(connection, use.scope, row["project_id"], row["episode_id"])
                raise BudgetError(
                    f"The budget of {whose} is {_dollars(use.limit)} now: {_dollars(use.settled)} is spent and "
                    f"{_dollars(use.reserved)} promised.",
                    f"Raise “{option(_OPTIONS[use.scope]).label}” in the settings; what is queued stays queued.",
                )
    attempts.move(connection, row, attempts.SEND, now)


def used_credits(connection: sqlite3.Connection, since: str, now: str) -> int:
    """Credits of everything that ended since then."""
    return _charged_since(connection, since, now)


def _uses(
    connection: sqlite3.Connection, project_id: int, episode_id: int | None, limits: Limits, now: str
) -> Iterator[BudgetUse]:
    if limits.episode_micro and episode_id is not None:
        yield BudgetUse(Scope.EPISODE, limits.episode_micro, *connection.execute(_EPISODE, (episode_id,)).fetchone())
    if limits.batch_micro:
        yield BudgetUse(Scope.BATCH, limits.batch_micro, *connection.execute(_BATCH, (project_id,)).fetchone())
    held = _held(connection)
    for scope, limit, since in (
        (Scope.DAY, limits.day_micro, limits.day_from),
        (Scope.MONTH, limits.month_micro, limits.month_from),
    ):
        if limit:
            period = {"since": times.read(since), "now": now}
            (spent,) = connection.execute(_SPENT_SINCE, period).fetchone()
            yield BudgetUse(scope, limit, spent, held.micro)
    if limits.credits_left is not None:
        charged = _charged_since(connection, limits.credits_at, now)
        yield BudgetUse(Scope.CREDITS, limits.credits_left, charged, held.credits)


def _held(connection: sqlite3.Connection) -> Price:
    reserved, credits_ = connection.execute(_HELD).fetchone()
    return Price(credits_, reserved)


def _charged_since(connection: sqlite3.Connection, since: str, now: str) -> int:
    (charged,) = connection.execute(_CHARGED_SINCE, {"since": times.read(since), "now": now}).fetchone()
    return int(charged)


def _refusal(connection: sqlite3.Connection, use: BudgetUse, purchase: Purchase | PromptOrder, now: str) -> BudgetError:
    if use.scope is Scope.CREDITS:
        at = (times.read(purchase.limits.credits_at) or now)[:16].replace("T", " ")
        return BudgetError(
            f"The provider's account had {use.limit:,} credits left ({at} UTC): {use.settled:,} are spent since and "
            f"{use.reserved:,} promised, and the next call may take {purchase.price.credits:,}.",
            "Buy credits, or wait for the account's next period; what is queued stays queued.",
        )
    whose = _name(connection, use.scope, purchase.project_id, purchase.episode_id)
    return BudgetError(
        f"The budget of {whose} is {_dollars(use.limit)}: {_dollars(use.settled)} is spent and "
        f"{_dollars(use.reserved)} promised, and the next call may cost {_dollars(purchase.price.micro)}.",
        f"Raise “{option(_OPTIONS[use.scope]).label}” in the settings{_otherwise(use.scope, purchase)}.",
    )


def _otherwise(scope: Scope, purchase: Purchase | PromptOrder) -> str:
    unwritten = scope is Scope.EPISODE and isinstance(purchase, PromptOrder)
    return ", or ask for fewer minutes" if unwritten else _OTHERWISE[scope]


_OTHERWISE = {
    Scope.EPISODE: ", or cut the script",
    Scope.BATCH: ", or take episodes out of the queue",
    Scope.DAY: ", or go on tomorrow",
    Scope.MONTH: ", or go on next month",
}


def _name(connection: sqlite3.Connection, scope: Scope, project_id: int, episode_id: int) -> str:
    if scope is Scope.EPISODE:
        row = connection.execute("SELECT title FROM episodes WHERE id = ?", (episode_id,)).fetchone()
        return f"the episode “{row['title']}”"
    if scope is Scope.BATCH:
        row = connection.execute("SELECT name FROM projects WHERE id = ?", (project_id,)).fetchone()
        return f"the project “{row['name']}”"
    return f"the {scope}"


def _dollars(micro: int) -> str:
    """With as many decimals as the amount has, two at least."""
    whole, _, part = f"{usd(micro):,.6f}".partition(".")
    return f"${whole}.{part.rstrip('0'):0<2}"
