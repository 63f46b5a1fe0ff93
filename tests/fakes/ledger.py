"""The service's own books: what was asked, what was charged, what the history holds, how many worked at once."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]  # a decoded JSON object


@dataclass(frozen=True, slots=True)
class Order:
    """One request for speech, as accepted."""

    text: str = field(repr=False)
    voice_id: str
    model_id: str
    settings: Body
    seed: int | None
    output_format: str
    language_code: str | None = None
    dictionaries: tuple[str, ...] = ()

    @property
    def text_hash(self) -> str:
        """SHA-256 of the text, 16 digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def identity(self) -> str:
        """The same for orders of the same thing: whoever pays for one twice has paid twice."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Charge:
    """One row of the ledger: a request that was charged. Times are Unix seconds.

    `usable`: the sound that was made is good (not silent, not of a wrong length).
    `history_item_id`: None where the history will never show it.
    """

    number: int
    time: float
    key: str
    request_id: str
    order: Order
    credits: int
    counted_from: int  # the account's counter before this charge
    fault: str | None
    usable: bool
    history_item_id: str | None
    asked: float
    visible_from: float  # when the history shows it
    delivered_at: float | None = None

    @property
    def characters(self) -> int:
        """Of the text."""
        return len(self.order.text)

    @property
    def delivered(self) -> bool:
        """Whether the whole right body went into the connection while the customer was there."""
        return self.delivered_at is not None

    def could_be_had(self, at: float) -> bool:
        """Whether nobody had to pay for this again at a time: it had been delivered, or the history showed it."""
        shown = self.history_item_id is not None and self.visible_from <= at
        return self.usable and (shown or (self.delivered_at is not None and self.delivered_at <= at))

    def row(self) -> Body:
        """As one JSON object, without the text."""
        row = {**asdict(self), **asdict(self.order), "text_hash": self.order.text_hash, "characters": self.characters}
        row.update(identity=self.order.identity, delivered=self.delivered)
        del row["order"], row["text"]
        return row


@dataclass(slots=True)
class Asked:
    """One request for speech, charged or not. `outcome` is the code of the refusal, the fault, or “ok”."""

    number: int
    time: float
    key: str
    outcome: str = "in work"
    status: int | None = None
    charged: bool = False
    identity: str | None = None


@dataclass(slots=True)
class History:
    """How the history behaves. All may be changed while the server runs."""

    enabled: bool = True
    available: bool = True  # else 500
    delay_s: float = 0.0  # until an item is shown


class Occupancy:
    """How many requests were in work at once, over time. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.now = self.peak = 0
        self._clock = clock
        self._events: list[tuple[float, int]] = []  # (seconds, level from then on)
        self._last_start = 0.0

    def enter(self) -> None:
        """A request is in work."""
        self._change(1)
        self._last_start = self._events[-1][0]
        self.peak = max(self.peak, self.now)

    def leave(self) -> None:
        """A request is over."""
        self._change(-1)

    def mean(self) -> float:
        """Mean number in work, by time, from the first start to the last: until the work ran out."""
        events = [event for event in list(self._events) if event[0] <= self._last_start]
        if len(events) < 2 or events[-1][0] == events[0][0]:
            return float(self.peak)
        area = sum(level * (end - start) for (start, level), (end, _) in pairwise(events))
        return area / (events[-1][0] - events[0][0])

    def _change(self, by: int) -> None:
        self.now += by
        self._events.append((self._clock(), self.now))


class Ledger:
    """All charges and all requests for speech. Written by the server's thread, read by any.

    Args:
        credit_limit: Of the account, for its period.
        clock: Unix seconds.
    """

    def __init__(self, credit_limit: int, clock: Callable[[], float] = time.time) -> None:
        self.credit_limit = credit_limit
        self.history = History()
        self.clock = clock
        self._charges: list[Charge] = []
        self._asked: list[Asked] = []
        self._reserved = 0
        self._lock = threading.Lock()

    @property
    def charges(self) -> list[Charge]:
        """Rows, oldest first."""
        with self._lock:
            return list(self._charges)

    @property
    def asked(self) -> list[Asked]:
        """Requests for speech, as they arrived."""
        with self._lock:
            return list(self._asked)

    @property
    def credits(self) -> int:
        """Charged in all."""
        return sum(charge.credits for charge in self.charges)

    @property
    def remaining(self) -> int:
        """Credits that a new request may use: what is in work has its share put aside."""
        return self.credit_limit - self.credits - self._reserved

    def note(self, number: int, key: str) -> Asked:
        """A request for speech has arrived."""
        asked = Asked(number, self.clock(), key)
        with self._lock:
            self._asked.append(asked)
        return asked

    def reserve(self, amount: int) -> None:
        """Put credits aside (or, below 0, back) for a request in work."""
        self._reserved += amount

    def charge(
        self, asked: Asked, order: Order, request_id: str, amount: int, *, fault: str | None, usable: bool, listed: bool
    ) -> Charge:
        """The sound is made: from now on it costs, whether anybody hears it or not."""
        now = self.clock()
        item = hashlib.sha256(f"history {request_id}".encode()).hexdigest()[:20]
        charge = Charge(
            number=asked.number,
            time=now,
            key=asked.key,
            request_id=request_id,
            order=order,
            credits=amount,
            counted_from=self.credits,
            fault=fault,
            usable=usable,
            history_item_id=item if listed and self.history.enabled else None,
            asked=asked.time,
            visible_from=now + self.history.delay_s,
        )
        asked.charged, asked.identity = True, order.identity
        with self._lock:
            self._charges.append(charge)
        return charge

    def shown(self) -> list[Charge]:
        """What the history shows now, newest first."""
        now = self.clock()
        rows = [charge for charge in self.charges if charge.history_item_id and charge.visible_from <= now]
        return sorted(rows, key=lambda charge: (charge.time, charge.number), reverse=True)

    def paid_twice(self) -> list[tuple[Charge, Charge]]:
        """Pairs of charges for the same thing, where the first was good and could be had when the second was asked.

        “Could be had”: it had been delivered whole, or the history showed it. Empty is what every customer wants.
        """
        pairs = []
        earlier: dict[str, list[Charge]] = {}
        for second in self.charges:
            same = earlier.setdefault(second.order.identity, [])
            pairs += [(first, second) for first in same if first.could_be_had(second.asked)]
            same.append(second)
        return pairs
