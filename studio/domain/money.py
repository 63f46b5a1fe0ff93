"""Money is integer micro-dollars: never a float, never lost to rounding."""

from dataclasses import dataclass
from enum import StrEnum

MICRO_PER_USD = 1_000_000


def usd(micro: int) -> float:
    """Micro-dollars as dollars, for display and JSON only."""
    return micro / MICRO_PER_USD


def micro(dollars: float) -> int:
    """Dollars, as a person types them, as micro-dollars."""
    return round(dollars * MICRO_PER_USD)


class AttemptState(StrEnum):
    """How far a purchase has come. The intent is stored before anything is sent."""

    INTENT = "intent"
    STORED = "stored"  # the bytes are safe; what follows is bookkeeping
    SETTLED = "settled"
    UNKNOWN = "unknown"  # may have been charged: held until the provider's history is read
    FAILED = "failed"  # certainly not charged


@dataclass(frozen=True, slots=True)
class Attempt:
    """One purchase of one chunk, as the ledger keeps it. Amounts in micro-dollars."""

    id: int
    episode_id: int
    key: str
    voice: str
    model: str
    characters: int
    state: AttemptState
    reserved_micro: int
    settled_micro: int
    request_id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Costs:
    """What a project, or the whole library, has spent, holds, and has been spared. Amounts in micro-dollars."""

    settled_micro: int
    reserved_micro: int
    characters: int
    calls: int
    cached_calls: int
    cached_characters: int
