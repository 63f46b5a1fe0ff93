"""What the books ask of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.domain.books import Entry, Split, Sums, Taught, Waiting
from studio.domain.budget import Scope


@dataclass(frozen=True, slots=True)
class Unvoiced:
    """Episodes that wait to be spoken and have the same settings of their own; their voice is not known yet."""

    overrides: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Extract:
    """What the books are made from. `whole` has only what was spent, is held and is unclear, of all time.

    `recent_since` is when the first paid call of those in `recent_micro` was asked for (UTC, ISO 8601; empty without
    any). `taught` is of every project, so that one without a finished episode may go by the others.
    """

    entries: Sequence[Entry]
    waiting: Sequence[Unvoiced]
    taught: Sequence[Taught]
    whole: Sums
    recent_micro: int
    recent_since: str
    names: Mapping[int, str]  # of projects, those included that are put away


@dataclass(frozen=True, slots=True)
class BudgetMark:
    """A share of a budget of `amount` (micro-dollars, or credits) in a period.

    `project_id` is 0 for budgets of the whole library. `period` is the local day or month, the time of the account's
    balance, or empty.
    """

    scope: Scope
    project_id: int
    period: str
    amount: int
    share: float


class BookKeeping(Protocol):
    """Sums over everything that was bought and made (`store/books.py`)."""

    async def first(self, project_id: int | None) -> str:
        """When the first entry of a project, or of the library, was made (UTC, ISO 8601); empty without any."""

    async def extract(self, project_id: int | None, split: Split, edges: Sequence[str], recent: str) -> Extract:
        """Everything that is told of a project, or of the library, in one snapshot.

        Day `n` reaches from `edges[n]` (UTC, ISO 8601; empty: from the beginning) to the next, the last one to the end
        of time. `recent` is since when purchases are recent.
        """

    async def tell_once(self, mark: BudgetMark) -> bool:
        """Note that a mark of a budget is told; False where it was told before."""
