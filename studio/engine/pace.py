"""How many calls leave in a minute."""

from bisect import bisect_right
from collections import deque
from typing import Final

MINUTE_S: Final = 60.0
RETURN_S: Final = 61.0
"""A token comes back after the minute and a second: the network may bring calls closer together than they left."""


class Pace:
    """A bucket of `per_minute` tokens, each of which comes back a minute after it was taken.

    So no window of 60 s, wherever it begins, sees more than `per_minute` calls leave, whatever that figure is; and all
    of them may be used. (A bucket with burst b and a steady refill r has to keep b + 60 r within the figure, so that
    it either wastes the burst's share of every minute or makes the first calls wait; for one a minute it has no room
    for a refill at all.)

    A vendor that says "too often" sets a lower figure of its own: half of what was in force, taken evenly, without
    bursts; it rises by a tenth of the user's figure with each minute that passes without such an answer. Times are
    monotonic seconds.
    """

    def __init__(self, per_minute: int) -> None:
        self._figure = per_minute
        self._left: deque[float] = deque()  # when calls left, for as long as their tokens are away
        self._slowed: int | None = None
        self._refused_at = 0.0
        self._held_until = 0.0

    @property
    def per_minute(self) -> int:
        """The user's figure."""
        return self._figure

    def limit(self, per_minute: int) -> None:
        """The user's figure, at least 1. A lower one takes effect as tokens come back."""
        self._figure = max(1, per_minute)

    def allowed(self, now: float) -> int:
        """Calls a minute at present: the user's figure, or fewer after the vendor said "too often"."""
        if self._slowed is None:
            return self._figure
        quiet_minutes = max(0, int((now - max(self._refused_at, self._held_until)) // MINUTE_S))
        return min(self._figure, self._slowed + quiet_minutes * max(1, self._figure // 10))

    def held(self, now: float) -> bool:
        """Whether everyone waits because the vendor said "too often"."""
        return now < self._held_until

    def free_at(self, now: float) -> float:
        """When the next call may leave; `now` or earlier where it may at once."""
        self._forget(now)
        allowed = self.allowed(now)
        at = self._held_until
        if len(self._left) >= allowed:
            at = max(at, self._left[-allowed] + RETURN_S)
        if allowed < self._figure and self._left:
            at = max(at, self._left[-1] + RETURN_S / allowed)
        return at

    def take(self, now: float) -> None:
        """A call leaves."""
        self._left.append(now)

    def give_back(self, left_at: float) -> None:
        """The call that was to leave at that time never did."""
        if left_at in self._left:
            self._left.remove(left_at)

    def refused(self, now: float, left_at: float, hold_s: float) -> None:
        """The vendor said "too often" to the call that left at `left_at`: nobody asks for `hold_s` seconds.

        Of calls that had all left before the first of them was refused, one slows the pace.
        """
        if self._slowed is None or left_at > self._refused_at:
            self._slowed = max(1, self.allowed(now) // 2)
            self._refused_at = now
        self._held_until = max(self._held_until, now + hold_s)

    def asked(self, now: float) -> int:
        """Calls that left in the last minute."""
        return len(self._left) - bisect_right(self._left, now - MINUTE_S)

    def asked_changes_at(self, now: float) -> float | None:
        """When `asked` falls next if no more calls leave; None where it is 0."""
        oldest = bisect_right(self._left, now - MINUTE_S)
        return self._left[oldest] + MINUTE_S if oldest < len(self._left) else None

    def _forget(self, now: float) -> None:
        while self._left and self._left[0] + RETURN_S <= now:
            self._left.popleft()
        if self._slowed is not None and self.allowed(now) == self._figure:
            self._slowed = None
