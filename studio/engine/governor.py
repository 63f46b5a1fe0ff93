"""When a call may be made: slots, pace, back-off, circuit and stop of one seller's account."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from studio.domain.errors import BatchcastError
from studio.domain.purchase import STOPPING, CallError, PurchasesStoppedError, Trouble
from studio.domain.settings import Settings
from studio.engine.alarm import Alarm
from studio.engine.backoff import asked_s, backoff_s, spread_s
from studio.engine.circuit import Circuit
from studio.engine.events import PurchasesChanged, SlotsNow
from studio.engine.line import Line, Place, Waiter, nth_in_line
from studio.engine.pace import Pace
from studio.engine.ports import Clock
from studio.engine.slots import Slots

SAY_EVERY_S: Final = 0.25


class Turn:
    """Leave to make one call. Its slot is held until the first of `done`, `answered`, `failed`, or the `with` ends.

    Report each call once, by `answered` or `failed`, inside the `with` block or later; a `CallError` that leaves the
    block unreported is reported as by `failed`. A turn without a report (cancelled) says nothing about the vendor.
    `place` goes to the next `turn` of the same call, which keeps its place in the line by it.
    """

    def __init__(self, governor: "Governor", kind: "_Kind", place: Place, left_at: float, era: int, run: int) -> None:
        self.place = place
        self._governor = governor
        self._kind = kind
        self._left_at = left_at
        self._era = era
        self._run = run
        self._crowd = kind.slots.in_flight  # this one included
        self._held = True
        self._reported = False

    @property
    def held(self) -> bool:
        """Whether it holds its slot."""
        return self._held

    def done(self) -> None:
        """The vendor is through with this call: the slot goes to the next in line, now. May be called often.

        For calls whose body is whole but not proven yet; `answered` or `failed` may follow.
        """
        if self._held:
            self._held = False
            self._kind.slots.in_flight -= 1
        self._governor._serve()

    def answered(self, slots_said: int | None = None) -> None:
        """The call brought its sound. `slots_said` is how many requests at once the answer's headers allow."""
        if not self._reported:
            self._reported = True
            self._governor._answered(self, slots_said)
        self.done()

    def failed(self, error: CallError) -> None:
        """The call failed. What its receipt says of slots counts too; a stopping trouble stops purchases."""
        if not self._reported:
            self._reported = True
            self._governor._failed(self, error)
        self.done()

    def unused(self) -> None:
        """No call was made after all: the minute has room for another one."""
        self._governor._pace.give_back(self._left_at)
        self.done()

    def _end(self) -> None:
        """However the call ended: hold nothing, and let nobody wait for its report."""
        if not self._reported:
            self._governor._circuit.ended(self._era)
        self.done()


@dataclass(slots=True)
class _Kind:
    """One kind of model. Whoever waits gets a turn, or the sentence that stopped purchases."""

    slots: Slots
    line: Line[Turn | CallError] = field(default_factory=Line)


class Governor:
    """Decides when a call to one seller may be made. Use from the event loop's thread only.

    Args:
        seller: The seller's name, as in events: `elevenlabs`.
        clock: Time and chance.
        say: Told how buying goes, at most four times a second, and only what is new.
        title: The seller's name in sentences for the user: `ElevenLabs`. Its name, capitalised, where it is left out.
    """

    def __init__(self, seller: str, clock: Clock, say: Callable[[PurchasesChanged], None], title: str = "") -> None:
        self._seller = seller
        self._title = title or seller.capitalize()
        self._clock = clock
        self._say = say
        usual = Settings()
        self._user_slots = usual.slots
        self._pace = Pace(usual.requests_per_minute)
        self._plan = ""
        self._plan_slots: Mapping[str, int] = {}
        self._kinds: dict[str, _Kind] = {}
        self._places = 0
        self._circuit = Circuit(self._title, clock.uniform)
        self._probe: Callable[[], Awaitable[None]] | None = None
        self._probing: asyncio.Task[None] | None = None
        self._stopped: CallError | None = None
        self._run = 0  # counts the user's starts
        self._rate_row = 0
        self._retrying: set[asyncio.Future[None]] = set()
        self._closed = False
        self._said = self.status
        self._said_at = -SAY_EVERY_S
        self._next_turn = Alarm(clock, self._serve)
        self._next_probe = Alarm(clock, self._ask)
        self._news = Alarm(clock, self._tell)

    def limit(self, *, slots: int, per_minute: int) -> None:
        """The user's figures, at least 1 each. May change at any time; what is under way goes on."""
        self._user_slots = max(1, slots)
        self._pace.limit(per_minute)
        for kind in self._kinds.values():
            kind.slots.limit(slots)
        self._serve()

    def know_plan(self, plan: str, slots: Mapping[str, int]) -> None:
        """The account's plan and its requests at once by kind of model. A kind that is not in it is unknown."""
        self._plan = plan
        self._plan_slots = dict(slots)
        for name, kind in self._kinds.items():
            kind.slots.plan(slots.get(name))
        self._serve()

    def probe_with(self, probe: Callable[[], Awaitable[None]]) -> None:
        """How an open circuit tests the vendor for free. Raises a `BatchcastError` while the vendor does not work.

        One that takes too long is cancelled when the next is due. Without any, a call is tried at once.
        """
        self._probe = probe

    @asynccontextmanager
    async def turn(
        self, kind: str, waiting: Callable[[str], None], *, priority: int = 0, place: Place | None = None
    ) -> AsyncIterator[Turn]:
        """Wait for the circuit, a slot and the pace; then one call may be made: `async with governor.turn(...) as t`.

        Higher priorities go first; within one, who came first. `place` is that of an earlier turn, to keep it.
        `waiting` is told what is waited for, in words, at most four times a second, and the empty string when the
        wait that it was told of is over.

        Raises `PurchasesStoppedError`, at once and while it waits, when purchases are stopped.
        """
        if self._stopped is not None:
            raise _stopped_by(self._stopped)
        if place is None:
            self._places += 1
            place = Place(self._places)
        turn = await self._wait(self._kind(kind), Waiter((-priority, place), _future(), waiting))
        try:
            yield turn
        except CallError as error:
            turn.failed(error)
            raise
        finally:
            turn._end()

    async def back_off(self, tries: int, error: CallError, waiting: Callable[[str], None] | None = None) -> None:
        """Wait before another try: full jitter, `tries` (from 1) being how many failed; no slot is held.

        At least what the vendor asks for (`retry_after_s`, up to 10 minutes). Returns at once after `Trouble.SLOTS`:
        the line is the wait. Returns early when purchases stop, so that the next `turn` says so.
        """
        if error.trouble is Trouble.SLOTS or self._stopped is not None:
            return
        seconds = backoff_s(tries, error.retry_after_s, self._clock.uniform)
        over = _future()
        alarm = Alarm(self._clock, lambda: _settle(over))
        alarm.set(self._clock.monotonic() + seconds)
        self._retrying.add(over)
        self._changed()
        if waiting is not None:
            waiting(f"waits {seconds:.0f} s before the next try")
        try:
            await over
        finally:
            alarm.stop()
            self._retrying.discard(over)
            self._changed()
        if waiting is not None:
            waiting("")

    def stop(self, error: CallError) -> None:
        """Nothing more is bought until `resume`: every waiting and later `turn` raises `PurchasesStoppedError`.

        `Turn.failed` with a stopping trouble does this by itself. What is under way goes on.
        """
        if self._stopped is not None:
            return
        self._stopped = error
        for kind in self._kinds.values():
            for waiter in kind.line.waiting:
                waiter.granted.set_result(error)
        for over in self._retrying:
            _settle(over)
        self._serve()

    def resume(self) -> None:
        """The user starts again: forget the stop and the circuit's failures. Calls from before do not stop it again."""
        self._run += 1
        self._stopped = None
        self._circuit.reset()
        self._end_probing()
        self._serve()

    @property
    def status(self) -> PurchasesChanged:
        """How buying goes now."""
        now = self._clock.monotonic()
        return PurchasesChanged(
            seller=self._seller,
            plan=self._plan,
            slots=tuple(
                SlotsNow(name, kind.slots.in_flight, kind.slots.width, len(kind.line.waiting))
                for name, kind in self._kinds.items()
            ),
            asked_last_minute=self._pace.asked(now),
            per_minute=self._pace.allowed(now),
            retrying=len(self._retrying),
            paused=self._circuit.why,
            probe_in_s=self._circuit.probe_in_s(now),
            stopped=str(self._stopped or ""),
        )

    async def close(self) -> None:
        """End every wait (as cancelled), the probe and every timer. Says once more how things are, if that is new."""
        for kind in self._kinds.values():
            for waiter in kind.line.waiting:
                waiter.granted.cancel()
        for over in self._retrying:
            over.cancel()
        self._end_probing()
        await asyncio.sleep(0)  # let them end, so that the last event is true
        self._tell()
        self._closed = True
        self._next_turn.stop()
        self._news.stop()

    def _kind(self, name: str) -> _Kind:
        if name not in self._kinds:
            self._kinds[name] = _Kind(Slots(self._user_slots, self._plan_slots.get(name)))
        return self._kinds[name]

    async def _wait(self, kind: _Kind, waiter: Waiter[Turn | CallError]) -> Turn:
        kind.line.join(waiter)
        self._serve()
        if not waiter.granted.done():
            self._tell_line(kind, self._clock.monotonic(), only=waiter)
        try:
            granted = await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.cancelled():
                kind.line.leave(waiter)
            elif isinstance(unused := waiter.granted.result(), Turn):  # it came in the same instant
                unused.unused()
                unused._end()
            self._serve()
            raise
        waiter.tell("")
        if isinstance(granted, CallError):
            raise _stopped_by(granted)
        return granted

    def _serve(self) -> None:
        """Give every turn that can be given, and see to it that this happens again when the next one can be."""
        now = self._clock.monotonic()
        while self._stopped is None and self._circuit.admits:
            ready = [(kind.line.head, kind) for kind in self._kinds.values() if kind.slots.free(now)]
            heads = [(head, kind) for head, kind in ready if head is not None]
            if not heads:
                break
            if (at := self._pace.free_at(now)) > now:
                self._next_turn.set(at)
                break
            self._grant(*min(heads, key=lambda pair: pair[0].rank), now)
        for kind in self._kinds.values():
            if kind.slots.shut_until > now and kind.line.head is not None:
                self._next_turn.set(kind.slots.shut_until)
        self._changed()

    def _grant(self, waiter: Waiter[Turn | CallError], kind: _Kind, now: float) -> None:
        kind.slots.in_flight += 1
        self._pace.take(now)
        waiter.granted.set_result(Turn(self, kind, Place(waiter.rank[1]), now, self._circuit.begin(), self._run))

    def _answered(self, turn: Turn, slots_said: int | None) -> None:
        slots = turn._kind.slots
        slots.said(slots_said)
        slots.answered(self._clock.monotonic(), turn._crowd)
        self._rate_row = 0
        self._circuit.succeeded(turn._era)

    def _failed(self, turn: Turn, error: CallError) -> None:
        now = self._clock.monotonic()
        slots = turn._kind.slots
        slots.said(error.receipt.slots)
        if error.trouble is Trouble.SLOTS:
            slots.refused(now, slots.in_flight - turn._held, asked_s(error.retry_after_s))
        elif error.trouble is Trouble.RATE:
            self._rate_row += 1
            longest = spread_s(self._rate_row)
            hold_s = max(asked_s(error.retry_after_s), self._clock.uniform(longest / 2, longest))
            self._pace.refused(now, turn._left_at, hold_s)
        if self._circuit.failed(turn._era, error.trouble, now):
            self._next_probe.set(self._circuit.due)
        if error.trouble in STOPPING and turn._run == self._run:
            self.stop(error)

    def _ask(self) -> None:
        """Probe the vendor."""
        self._end_probing()
        self._circuit.probing(self._clock.monotonic())
        self._next_probe.set(self._circuit.due)  # comes true unless the probe succeeds before
        self._probing = asyncio.get_running_loop().create_task(self._probe_once())
        self._changed()

    async def _probe_once(self) -> None:
        try:
            if self._probe is not None:
                await self._probe()
        except BatchcastError:
            return
        self._next_probe.stop()
        self._circuit.probed()
        self._serve()

    def _end_probing(self) -> None:
        self._next_probe.stop()
        if self._probing is not None:
            self._probing.cancel()
            self._probing = None

    def _changed(self) -> None:
        if not self._closed:
            self._news.set(max(self._clock.monotonic(), self._said_at + SAY_EVERY_S))

    def _tell(self) -> None:
        now = self._clock.monotonic()
        status = self.status
        if status != self._said:
            self._said = status
            self._said_at = now
            self._say(status)
        for kind in self._kinds.values():
            self._tell_line(kind, now)
        if status.probe_in_s:  # counted down for the user
            self._news.set(now + 1.0)
        if (at := self._pace.asked_changes_at(now)) is not None:
            self._news.set(max(at, now + SAY_EVERY_S))

    def _tell_line(self, kind: _Kind, now: float, only: Waiter[Turn | CallError] | None = None) -> None:
        why = self._circuit.why
        free = max(0, kind.slots.width - kind.slots.in_flight) if kind.slots.free(now) else 0
        for position, waiter in enumerate(kind.line.waiting):
            if only is not None and waiter is not only:
                continue
            if why:
                waiter.tell(why)
            elif position >= free:
                waiter.tell(nth_in_line(position - free))
            elif self._pace.held(now):
                waiter.tell(f"waits: {self._title} was asked too often")
            else:
                waiter.tell("waits for the minute to pass")


def _stopped_by(error: CallError) -> PurchasesStoppedError:
    return PurchasesStoppedError(error.message, error.remedy)


def _future() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
