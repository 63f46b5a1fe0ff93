"""The customer's account at the service: keys, plan, limits, pace. What the server's behaviour hangs on."""

import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.fakes.catalogue import FORMATS, PLANS, VOICES, Model, Plan
from tests.fakes.faults import FaultPlan
from tests.fakes.ledger import Body, Ledger, Occupancy
from tests.fakes.replies import ErrorStyle, RefusedError

PERMISSIONS = frozenset(
    {
        "text_to_speech",
        "speech_history_read",
        "user_read",
        "voices_read",
        "models_read",
        "pronunciation_dictionaries_read",
        "pronunciation_dictionaries_write",
    }
)
Width: TypeAlias = "int | dict[str, int] | None"


@dataclass(slots=True)
class ApiKey:
    """A key. `revoke_after`: so many requests of any kind are let through with it, then it is invalid."""

    secret: str
    permissions: frozenset[str] = PERMISSIONS
    revoked: bool = False
    revoke_after: int | None = None
    used: int = 0


@dataclass(slots=True)
class Options:
    """How the server behaves. All may be changed while it runs.

    Args:
        plan: Name in `catalogue.PLANS`.
        width: Requests at once, for each concurrency group or by group; the plan's where None.
        concurrency_code: The 429 code of a request too many: the older or `concurrent_limit_exceeded`.
        per_minute: Requests for speech in any `rate_window_s`; no limit where None.
        rate_window_s: Real seconds.
        retry_after_s: Header on every 429 of the limits.
        error_style: Which of `code` and `status` error bodies have.
        leave_out: Names of headers that answers lack.
        time_scale: Factor on every modelled latency. 0.001 makes an hour of work 3.6 seconds.
        base_s: Latency of any request, before scaling.
        per_character_s: Mean of what each character adds; a quarter of it on fast models.
        sigma: Of the lognormal factor (mean 1) on that: 0.6 has one request in a hundred take 3.4 times the mean.
        seed: Of the latencies.
        alignment_scale: Factor on the times of the characters; the real ones may end 12% before the sound does.
        speech: Real speech by the built-in voice instead of speech-like sound: slow, but it can be heard.
        charge_abandoned: Whether the work goes on, and is charged, when the customer leaves before the answer.
    """

    plan: str = "creator"
    width: Width = None
    concurrency_code: str = "too_many_concurrent_requests"
    per_minute: int | None = None
    rate_window_s: float = 60.0
    retry_after_s: float | None = None
    error_style: ErrorStyle = "both"
    leave_out: frozenset[str] = frozenset()
    time_scale: float = 1.0
    base_s: float = 0.5
    per_character_s: float = 0.004
    sigma: float = 0.6
    seed: int = 0
    alignment_scale: float = 1.0
    speech: bool = False
    charge_abandoned: bool = True


@dataclass(slots=True)
class Account:
    """Everything that the requests of one customer share."""

    options: Options
    keys: dict[str, ApiKey]
    ledger: Ledger
    faults: FaultPlan
    occupancy: Occupancy = field(default_factory=Occupancy)
    dictionaries: dict[str, Body] = field(default_factory=dict)
    opened: float = field(default_factory=time.time)
    _busy: dict[str, int] = field(default_factory=dict)  # requests in work, by concurrency group
    _recent: deque[float] = field(default_factory=deque)
    _latency: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._latency = random.Random(self.options.seed)

    @property
    def plan(self) -> Plan:
        """The subscription."""
        return PLANS[self.options.plan]

    def admit(self, secret: str | None, permission: str | None) -> ApiKey:
        """Who asks, and whether they may. Raises `RefusedError`."""
        key = self.keys.get(secret or "")
        if key is None or key.revoked or (key.revoke_after is not None and key.used >= key.revoke_after):
            raise RefusedError(401, "invalid_api_key")
        key.used += 1
        if permission and permission not in key.permissions:
            message = f"The API key you used is missing the permission {permission} to execute this operation."
            raise RefusedError(401, "missing_permissions", message)
        return key

    def width(self, group: str) -> int:
        """Requests at once that a concurrency group may have now."""
        width = self.options.width
        if width is None:
            return self.plan.width[group]
        return width if isinstance(width, int) else width[group]

    def in_work(self, group: str) -> int:
        """Requests of a concurrency group that are in work now."""
        return self._busy.get(group, 0)

    def check_format(self, name: str) -> None:
        """Raises `RefusedError` for a format that does not exist or that the plan does not include."""
        form = FORMATS.get(name)
        if form is None:
            raise RefusedError(422, "invalid_parameters", f"There is no output format {name}.", param="output_format")
        if form.rank > self.plan.rank:
            needed = next(plan.name for plan in PLANS.values() if plan.rank == form.rank)
            message = f"Output format {name} is only allowed for users on the {needed} plan and above."
            raise RefusedError(402, "paid_plan_required", message, param="output_format")

    def check_pace(self) -> None:
        """Count one request against the requests per minute. Raises `RefusedError` when there are too many."""
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - self.options.rate_window_s:
            self._recent.popleft()
        if self.options.per_minute is not None and len(self._recent) >= self.options.per_minute:
            raise RefusedError(429, "rate_limit_exceeded", retry_after_s=self.options.retry_after_s)
        self._recent.append(now)

    def begin(self, model: Model, cost: int) -> "Slot":
        """A slot, with credits put aside. Raises `RefusedError` where there is no slot or too little credit."""
        width = self.width(model.group)
        if self.in_work(model.group) >= width:
            raise RefusedError(
                429, self.options.concurrency_code, retry_after_s=self.options.retry_after_s, width=width
            )
        self.check_quota(cost)
        return Slot(self, model.group, cost)

    def count(self, group: str, by: int) -> None:
        """More, or fewer, requests of a concurrency group are in work."""
        self._busy[group] = self.in_work(group) + by
        (self.occupancy.enter if by > 0 else self.occupancy.leave)()

    def check_quota(self, cost: int) -> None:
        """Raises `RefusedError` where the credits left are fewer."""
        remaining = self.ledger.remaining
        if cost > remaining:
            limit = self.ledger.credit_limit
            raise RefusedError(401, "quota_exceeded", limit=limit, remaining=max(remaining, 0), needed=cost)

    def latency_s(self, model: Model, characters: int) -> float:
        """Seconds that the next request takes: the slow ones are very slow."""
        options = self.options
        factor = self._latency.lognormvariate(-(options.sigma**2) / 2, options.sigma)
        pace = options.per_character_s * (0.25 if model.credits_per_character < 1 else 1.0)
        return options.time_scale * (options.base_s + pace * characters * factor)

    def subscription(self) -> Body:
        """As `GET /v1/user/subscription` shows it."""
        return {
            "tier": self.plan.name,
            "character_count": self.ledger.credits,
            "character_limit": self.ledger.credit_limit,
            "max_character_limit_extension": None,
            "max_credit_limit_extension": 0,
            "can_extend_character_limit": False,
            "allowed_to_extend_character_limit": False,
            "next_character_count_reset_unix": int(self.opened) + 30 * 86_400,
            "voice_slots_used": len(VOICES),
            "professional_voice_slots_used": 1,
            "professional_voice_slots_used_in_workspace": 1,
            "voice_limit": 30,
            "max_voice_add_edits": 50,
            "voice_add_edit_counter": 0,
            "professional_voice_limit": 1,
            "can_extend_voice_limit": False,
            "can_use_instant_voice_cloning": True,
            "can_use_professional_voice_cloning": True,
            "currency": "usd",
            "current_overage": {"amount": "0", "currency": "usd"},
            "status": "free" if self.plan.rank == 0 else "active",
            "billing_period": "monthly_period",
            "character_refresh_period": "monthly_period",
        }


class Slot:
    """The place of one request in work, and the credits put aside for it."""

    def __init__(self, account: Account, group: str, cost: int) -> None:
        self._account, self._group, self._aside, self._held = account, group, cost, True
        account.ledger.reserve(cost)
        account.count(group, 1)

    def settle(self) -> None:
        """The charge is written, or will not be: nothing has to be put aside any more."""
        self._account.ledger.reserve(-self._aside)
        self._aside = 0

    def release(self) -> None:
        """The request is over; to be called as often as one likes."""
        self.settle()
        if self._held:
            self._held = False
            self._account.count(self._group, -1)
