"""Whether the vendor works at all."""

from collections.abc import Callable
from enum import StrEnum
from math import ceil
from typing import Final

from studio.domain.purchase import PASSING, Trouble

IN_A_ROW: Final = 5
"""Failures of one kind, with no success in between, that open the circuit. Twice as many of any kinds do, too."""

FIRST_PROBE_S: Final = 5.0
LONGEST_PROBE_S: Final = 60.0
JITTER: Final = 0.2  # of the wait before a probe, either way

_WHAT: Final = {
    Trouble.RATE: "keeps saying that it is asked too often",
    Trouble.BUSY: "says that it is overloaded",
    Trouble.OFFLINE: "cannot be reached",
    Trouble.BROKEN: "answers with errors of its own",
    Trouble.CUT: "breaks off its answers or never ends them",
    Trouble.SPOILT: "answers without sending the sound",
}


class State(StrEnum):
    """Closed: all is well. Open: no call is made, the vendor is probed. Trial: one call shows whether it is over."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"


class Circuit:
    """Opens after failures in a row, and closes when a call succeeds again.

    Each call is told its `era` when it begins; what becomes of it counts in that era only. An era ends when the circuit
    opens and when a trial begins, so that calls that were under way then neither open it again nor close it. Times are
    monotonic seconds.
    """

    def __init__(self, title: str, uniform: Callable[[float, float], float]) -> None:
        self._title = title
        self._uniform = uniform
        self._state = State.CLOSED
        self._era = 0
        self._trial_under_way = False
        self._trouble = Trouble.OFFLINE
        self._same = 0  # failures of `_trouble` in a row
        self._any = 0  # failures in a row
        self._interval_s = FIRST_PROBE_S
        self._due = 0.0

    @property
    def state(self) -> State:
        """Closed, open or on trial."""
        return self._state

    @property
    def admits(self) -> bool:
        """Whether a call may begin."""
        return self._state is State.CLOSED or (self._state is State.TRIAL and not self._trial_under_way)

    @property
    def due(self) -> float:
        """When an open circuit is to be probed next."""
        return self._due

    @property
    def why(self) -> str:
        """Why nothing is bought, as a sentence; empty while the circuit is closed."""
        if self._state is State.CLOSED:
            return ""
        return f"{self._title} {_WHAT[self._trouble]}: nothing is bought until that is over."

    def probe_in_s(self, now: float) -> float | None:
        """Whole seconds to the next probe; None unless open."""
        return float(max(0, ceil(self._due - now))) if self._state is State.OPEN else None

    def begin(self) -> int:
        """A call begins; returns its era."""
        self._trial_under_way = self._state is State.TRIAL
        return self._era

    def succeeded(self, era: int) -> None:
        """A call of that era brought its sound."""
        if era == self._era and self._state is not State.OPEN:
            self._close()

    def failed(self, era: int, trouble: Trouble, now: float) -> bool:
        """A call of that era failed; returns whether that opened the circuit.

        Troubles that say nothing about the vendor's health (slots, key, quota, plan, refused) count as no call at all.
        """
        if era != self._era or self._state is State.OPEN:
            return False
        if trouble not in PASSING:
            self._trial_under_way = False
            return False
        self._same = self._same + 1 if trouble is self._trouble else 1
        self._any += 1
        self._trouble = trouble
        if self._state is State.CLOSED and self._same < IN_A_ROW and self._any < 2 * IN_A_ROW:
            return False
        self._state = State.OPEN
        self._era += 1
        self._trial_under_way = False
        self._wait(now)
        return True

    def ended(self, era: int) -> None:
        """A call of that era ended and nobody knows how (cancelled): where it was the trial, another may be."""
        if era == self._era:
            self._trial_under_way = False

    def probing(self, now: float) -> None:
        """A probe begins. Unless it succeeds, the next one is due after twice the wait."""
        self._interval_s = min(LONGEST_PROBE_S, 2 * self._interval_s)
        self._wait(now)

    def probed(self) -> None:
        """A probe succeeded: let one call try."""
        if self._state is State.OPEN:
            self._state = State.TRIAL
            self._era += 1

    def reset(self) -> None:
        """Forget every failure; calls that are under way no longer count."""
        self._era += 1
        self._close()

    def _close(self) -> None:
        self._state = State.CLOSED
        self._trial_under_way = False
        self._same = self._any = 0
        self._interval_s = FIRST_PROBE_S

    def _wait(self, now: float) -> None:
        self._due = now + self._interval_s * self._uniform(1 - JITTER, 1 + JITTER)
