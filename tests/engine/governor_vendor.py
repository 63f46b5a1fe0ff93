"""A vendor for the governor to deal with, and customers of it, on the virtual clock."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from studio.domain.errors import VoiceError
from studio.domain.purchase import CallError, Receipt, Trouble
from studio.engine.events import PurchasesChanged
from studio.engine.governor import Governor
from studio.engine.line import Place
from tests.engine.virtual_clock import VirtualClock

KIND = "standard"


def nothing(words: str) -> None:
    del words


def error(trouble: Trouble, retry_after_s: float | None = None, slots: int | None = None) -> CallError:
    receipt = Receipt(slots=slots)
    return CallError(trouble, f"It is {trouble}.", "Wait.", retry_after_s=retry_after_s, receipt=receipt)


@dataclass
class Heard:
    """What a governor said, and when."""

    clock: VirtualClock
    events: list[tuple[float, PurchasesChanged]] = field(default_factory=list)

    def __call__(self, event: PurchasesChanged) -> None:
        self.events.append((self.clock.monotonic(), event))


def governor_of(clock: VirtualClock, say: Callable[[PurchasesChanged], None] = lambda _: None) -> Governor:
    governor = Governor("elevenlabs", clock, say, "ElevenLabs")
    governor.limit(slots=10, per_minute=10_000)
    return governor


@dataclass
class Vendor:
    """Takes `width` calls at once (and says so where `tells`), `per_minute` in any minute, and counts."""

    clock: VirtualClock
    width: int = 1_000
    tells: bool = False
    per_minute: int = 1_000_000
    latency: Callable[[], float] = lambda: 10.0
    trouble: Callable[[], Trouble | None] = lambda: None
    in_flight: int = 0
    peak: int = 0
    made: int = 0
    refused_slots: int = 0
    refused_rate: int = 0
    left: list[float] = field(default_factory=list)
    _recent: deque[float] = field(default_factory=deque)
    _busy_s: float = 0.0
    _since: float = 0.0

    async def call(self) -> int | None:
        """One call; gives the slots that the headers tell."""
        now = self.clock.monotonic()
        self.left.append(now)
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) >= self.per_minute:
            self.refused_rate += 1
            raise error(Trouble.RATE)
        if self.in_flight >= self.width:
            self.refused_slots += 1
            raise error(Trouble.SLOTS, slots=self.width if self.tells else None)
        self._recent.append(now)
        self._count(1)
        try:
            await self.clock.sleep(self.latency())
            if trouble := self.trouble():
                raise error(trouble)
        finally:
            self._count(-1)
        self.made += 1
        return self.width if self.tells else None

    def mean_in_flight(self) -> float:
        """Since the beginning, until the number last changed."""
        return self._busy_s / self._since

    def _count(self, by: int) -> None:
        now = self.clock.monotonic()
        self._busy_s += self.in_flight * (now - self._since)
        self._since = now
        self.in_flight += by
        self.peak = max(self.peak, self.in_flight)


async def buy(governor: Governor, vendor: Vendor, kind: str = KIND, priority: int = 0) -> None:
    """One episode: as often as it takes."""
    place: Place | None = None
    tries = 0
    while True:
        try:
            async with governor.turn(kind, nothing, priority=priority, place=place) as turn:
                place = turn.place
                turn.answered(await vendor.call())
                return
        except CallError as failure:
            if failure.trouble is not Trouble.SLOTS:
                tries += 1
                await governor.back_off(tries, failure)


async def buy_all(governor: Governor, vendor: Vendor, count: int) -> None:
    """So many episodes, all at once."""
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(buy(governor, vendor))


def lognormal(seed: int, mean_s: float = 40.0, sigma: float = 1.0) -> Callable[[], float]:
    """Latencies with a heavy tail."""
    chance = random.Random(seed)
    return lambda: mean_s * chance.lognormvariate(-(sigma**2) / 2, sigma)


class DownError(VoiceError):
    """What a probe raises."""

    def __init__(self) -> None:
        super().__init__("It is down.", "Wait.")
