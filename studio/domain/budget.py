"""Budgets: what may be spent, on what, and how much of it is gone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

THRESHOLDS: Final = (0.5, 0.8, 1.0)  # shares of a budget at which the user is told


class Scope(StrEnum):
    """What a budget is for."""

    EPISODE = "episode"
    BATCH = "batch"  # the project
    DAY = "day"  # the whole library since midnight, local time
    MONTH = "month"
    CREDITS = "credits"  # what is left on the provider's account


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything that a purchase must keep to. Amounts in micro-dollars; 0 is no limit.

    `day_from` and `month_from` are UTC times in ISO 8601. `credits_left` is what the account had when it was asked at
    `credits_at` (UTC, ISO 8601); None where no limit is known.
    """

    episode_micro: int = 0
    batch_micro: int = 0
    day_micro: int = 0
    month_micro: int = 0
    day_from: str = ""
    month_from: str = ""
    credits_left: int | None = None
    credits_at: str = ""


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """One budget, and what counts against it. In micro-dollars, but for `Scope.CREDITS` in credits."""

    scope: Scope
    limit: int
    settled: int
    reserved: int

    @property
    def left(self) -> int:
        """What may still be promised."""
        return max(0, self.limit - self.settled - self.reserved)

    @property
    def share(self) -> float:
        """How much of it is spent or promised; over 1 where the limit was lowered afterwards."""
        return (self.settled + self.reserved) / self.limit if self.limit else 1.0


def threshold(share: float) -> float:
    """The highest of `THRESHOLDS` that `share` has reached; 0 below the first."""
    return max((mark for mark in THRESHOLDS if share >= mark), default=0.0)
