"""Money is integer micro-dollars: never a float, never lost to rounding."""

from dataclasses import dataclass
from enum import StrEnum

MICRO_PER_USD = 1_000_000


def usd(micro: int) -> float:
    """Micro-dollars as dollars, for display and JSON only."""
    return micro / MICRO_PER_USD


def bound_usd(micro: int) -> float:
    """An upper bound as dollars and cents: rounded up, so that what is shown is never below it."""
    return -(-micro // 10_000) / 100


def micro(dollars: float) -> int:
    """Dollars, as a person types them, as micro-dollars."""
    return round(dollars * MICRO_PER_USD)


class AttemptState(StrEnum):
    """How far a purchase has come. The intent is stored before anything is sent."""

    INTENT = "intent"  # nothing has left this machine
    SENT = "sent"
    RECEIVED = "received"  # the whole body is on the disk, not proven yet
    STORED = "stored"  # the sound is proven and in its place; what follows is bookkeeping
    SETTLED = "settled"
    UNKNOWN = "unknown"  # may have been charged: held until the provider's history is read, or a person decides
    FAILED = "failed"  # no sound; `settled_micro` is what it cost all the same


OPEN = frozenset({AttemptState.INTENT, AttemptState.SENT, AttemptState.RECEIVED, AttemptState.STORED})
"""Under way, or left so by a program that ended."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One purchase of one chunk, as the ledger keeps it. Amounts in micro-dollars, times UTC in ISO 8601 or empty.

    `credits` is what it was charged, in the vendor's unit; None where that was not said.
    """

    id: int
    project_id: int
    episode_id: int
    key: str
    voice: str
    model: str
    characters: int
    state: AttemptState
    upper_bound_micro: int
    reserved_micro: int
    settled_micro: int
    credits: int | None
    request_id: str
    history_id: str
    error: str
    created_at: str
    sent_at: str
    ended_at: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What a project, or the whole library, has spent, holds, and has been spared. Amounts in micro-dollars.

    `cached_micro` is what the cached calls would have cost; `lost_micro`, a part of what is settled, was paid for calls
    that brought no usable sound.
    """

    settled_micro: int
    reserved_micro: int
    characters: int
    calls: int
    cached_calls: int
    cached_characters: int
    cached_micro: int = 0
    lost_micro: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """Upper bound of what one call costs: in the vendor's credits and in micro-dollars."""

    credits: int
    micro: int


FREE = Price(0, 0)
