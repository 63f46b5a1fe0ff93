"""A call to a vendor: what came of it, and what that means for money, for a retry and for the rest of the batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from studio.domain.errors import BatchcastError, VoiceError
from studio.domain.sound import Mark


class Trouble(StrEnum):
    """Why a call brought no sound."""

    SLOTS = "slots"  # too many at the same time
    RATE = "rate"  # too many in a short time
    BUSY = "busy"  # the service says that it is overloaded
    OFFLINE = "offline"  # the request never left this machine
    REFUSED = "refused"  # the same request would be refused again
    KEY = "key"  # the key is missing, invalid or may not do this
    QUOTA = "quota"  # the account's credits are used up
    PLAN = "plan"  # the account's plan does not include this
    BROKEN = "broken"  # the service failed; the work may have been done
    CUT = "cut"  # the connection was lost, or too slow, after the request had left
    SPOILT = "spoilt"  # an answer came, but it is not the sound


MAYBE_CHARGED: Final = frozenset({Trouble.BROKEN, Trouble.CUT, Trouble.SPOILT})
"""After these, whether the call was charged is not known."""

STOPPING: Final = frozenset({Trouble.KEY, Trouble.QUOTA, Trouble.PLAN})
"""After these no call succeeds until the user has done something."""

PASSING: Final = frozenset({Trouble.RATE, Trouble.BUSY, Trouble.OFFLINE, Trouble.BROKEN, Trouble.CUT, Trouble.SPOILT})
"""These may be over in a moment."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the vendor said about one call; everything may be missing.

    `credits` is what it was charged in the vendor's unit, `slots` how many requests the account may have at once.
    """

    request_id: str = ""
    history_id: str = ""
    credits: int | None = None
    slots: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A body that is complete, but not proven. `marks` are the vendor's, in its own time; empty where it gave none."""

    marks: tuple[Mark, ...] = ()
    receipt: Receipt = field(default_factory=Receipt)


@dataclass(frozen=True, slots=True)
class Found:
    """A call that the vendor's history shows."""

    receipt: Receipt
    made_unix: int


@dataclass(frozen=True, slots=True)
class Account:
    """The customer's account, as far as the vendor tells.

    `plan` is empty where the key may not ask. `credits_left` is None where there is no limit, or none is known.
    """

    plan: str = ""
    credits_left: int | None = None


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What a vendor says of a key that works.

    `slots` are requests at the same time by kind of model, empty for a plan that is not known. `models` is how many
    models speak; None where the key may not list them. `tells` is False where it may not read the account.
    """

    account: Account
    slots: Mapping[str, int]
    models: int | None
    tells: bool


class CallError(VoiceError):
    """A call that failed."""

    def __init__(
        self,
        trouble: Trouble,
        message: str,
        remedy: str,
        *,
        retry_after_s: float | None = None,
        receipt: Receipt | None = None,
    ) -> None:
        super().__init__(message, remedy)
        self.trouble = trouble
        self.retry_after_s = retry_after_s
        self.receipt = receipt or Receipt()

    @property
    def maybe_charged(self) -> bool:
        """Whether it may have cost something all the same."""
        return self.trouble in MAYBE_CHARGED


class HistoryError(VoiceError):
    """The vendor's history cannot be read: `forbidden` where it never can with this key."""

    def __init__(self, message: str, remedy: str, *, forbidden: bool) -> None:
        super().__init__(message, remedy)
        self.forbidden = forbidden


class PurchasesStoppedError(BatchcastError):
    """Nothing is bought until the user has done something; everything else goes on."""


class UnclearError(BatchcastError):
    """A call of which nobody knows whether it was charged: a person decides."""
