"""What can go wrong between the service and its customer, by name, on schedule or by seeded chance."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum


class Paid(Enum):
    """Whether a request that meets the fault is charged."""

    NEVER = "never"
    MAYBE = "maybe"
    ALWAYS = "always"


# Answered instead of the work: kind -> (HTTP status, code in the body). All free.
REFUSALS = {
    "too_many_concurrent": (429, "too_many_concurrent_requests"),
    "concurrent_limit": (429, "concurrent_limit_exceeded"),
    "rate_limit": (429, "rate_limit_exceeded"),
    "busy": (429, "system_busy"),
    "quota": (401, "quota_exceeded"),
    "unusual_activity": (401, "detected_unusual_activity"),
    "payment_required": (402, "paid_plan_required"),
}
# kind -> (HTTP status, whether the body is HTML). The work may have been done and charged before.
BREAKDOWNS = {
    f"{'html' if html else 'error'}_{status}": (status, html) for status in (500, 502, 503) for html in (False, True)
}
# The generated sound itself is bad, in the answer and in the history.
FLAWS = ("silent", "wrong_length")
# The sound is good, but the body that arrives is not; the answer's status is 200.
SPOILT = ("empty", "garbage", "json_as_audio", "null_audio", "truncated", "cut_in_body", "reset_in_body", "trickle")

KINDS: dict[str, Paid] = {
    **dict.fromkeys(REFUSALS, Paid.NEVER),
    **dict.fromkeys(BREAKDOWNS, Paid.MAYBE),
    **dict.fromkeys(FLAWS, Paid.ALWAYS),
    **dict.fromkeys(SPOILT, Paid.ALWAYS),
    "reset_before_read": Paid.NEVER,
    "reset_after_read": Paid.MAYBE,
    "hang": Paid.MAYBE,
    "late": Paid.ALWAYS,
}

# What a customer with a sound key and enough credits may meet, every kind mixed.
MIXED = tuple(kind for kind in KINDS if kind not in {"quota", "unusual_activity", "payment_required"})
# What may befall a request that only reads. None of it costs anything.
READ_KINDS = ("busy", "rate_limit", *BREAKDOWNS, "reset_before_read", "reset_after_read")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Args:
        kind: One of `KINDS`.
        charged: Decides for kinds that may or may not be charged; by seeded chance where it is None.
        in_history: Whether a charged request that was never answered is found in the history.
        retry_after_s: Put into the `retry-after` header of a refusal or breakdown.
        seconds: How long a late answer is late, or the pause between two drops of a trickle.
    """

    kind: str
    charged: bool | None = None
    in_history: bool = True
    retry_after_s: float | None = None
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault called {self.kind!r}; there are {', '.join(KINDS)}.")

    def resolved(self, chance: bool) -> "Fault":
        """The same with `charged` decided, by `chance` where it was left open."""
        paid = KINDS[self.kind]
        if paid is not Paid.MAYBE:
            return replace(self, charged=paid is Paid.ALWAYS)
        return replace(self, charged=chance) if self.charged is None else self


@dataclass(slots=True)
class FaultPlan:
    """Decides which request meets which fault. Requests for speech are counted from 1, as they arrive.

    Args:
        scheduled: Number of the request -> fault. Goes before chance.
        rate: Share of the other requests for speech that meet a fault.
        kinds: From which chance picks, evenly.
        read_rate: Share of the other requests (models, voices, user, history) that meet one of `READ_KINDS`.
        seconds: For the faults that chance picks; see `Fault`.
        seed: Of chance.
    """

    scheduled: dict[int, Fault] = field(default_factory=dict)
    rate: float = 0.0
    kinds: tuple[str, ...] = MIXED
    read_rate: float = 0.0
    seconds: float = 1.0
    seed: int = 0
    asked: int = 0
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)

    def schedule(self, faults: "Mapping[int, Fault | str] | Iterable[tuple[int, Fault | str]]") -> None:
        """Add faults for the nth requests for speech, counted from the start of the server."""
        pairs = faults.items() if isinstance(faults, Mapping) else faults
        self.scheduled.update({nth: Fault(fault) if isinstance(fault, str) else fault for nth, fault in pairs})

    def next(self, *faults: "Fault | str") -> None:
        """Let the very next requests for speech meet these, one each."""
        self.schedule(enumerate(faults, self.asked + 1))

    def for_speech(self) -> tuple[int, Fault | None]:
        """Number of the request that has just arrived, and what it meets."""
        self.asked += 1
        # Drawn in any case: a scheduled fault does not shift what chance has for the others.
        hit, kind, chance = self._rng.random() < self.rate, self._rng.choice(self.kinds), self._rng.random() < 0.5
        fault = self.scheduled.get(self.asked) or (Fault(kind, seconds=self.seconds) if hit else None)
        return self.asked, fault.resolved(chance) if fault else None

    def for_read(self) -> Fault | None:
        """What a request meets that only reads."""
        return Fault(self._rng.choice(READ_KINDS)) if self._rng.random() < self.read_rate else None
