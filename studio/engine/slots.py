"""How many calls of one kind of model may be under way at the same time."""

from typing import Final

from studio.engine.backoff import spread_s

START: Final = 2
"""Slots of an account of which nothing is known; every plan has them."""

FIRST_PROBE_S: Final = 30.0
LONGEST_PROBE_S: Final = 600.0
"""Between attempts to have one more slot again; doubled by each that is refused."""

SHUT_S: Final = 30.0
"""The longest wait where the vendor refuses even a single call: somebody else uses the account."""


class Slots:
    """The slots of one kind of model: how many are taken, and how many there are (`width`).

    The width is the least of the user's figure, the plan's and what the vendor's headers say last. While neither plan
    nor headers say anything, it begins with 2 and grows by one with each success. A refusal for want of a slot lowers
    it to what was accepted; from then on it tries one more after successes, 30 s after the refusal at the earliest;
    each such try that is refused doubles the wait, up to 10 minutes, and one that is accepted takes it back to 30 s.
    Times are monotonic seconds.
    """

    def __init__(self, user: int, plan: int | None) -> None:
        self.in_flight = 0
        self._user = user
        self._plan = plan
        self._said: int | None = None
        self._grown = START
        self._accepted: int | None = None  # what a refusal taught; None where none did
        self._trying: int | None = None  # the width that is being tried
        self._interval_s = FIRST_PROBE_S
        self._next_probe = 0.0
        self._shut_until = 0.0
        self._shut_row = 0

    @property
    def width(self) -> int:
        """How many calls may be under way; at least 1."""
        figures = self._figures()
        if self._accepted is not None:
            figures.append(self._accepted)
        elif not self._told():
            figures.append(self._grown)
        return max(1, min(figures))

    def free(self, now: float) -> bool:
        """Whether another call may begin."""
        return now >= self._shut_until and self.in_flight < self.width

    @property
    def shut_until(self) -> float:
        """No call begins before this: the vendor refused a call that was alone."""
        return self._shut_until

    def limit(self, user: int) -> None:
        """The user's figure, at least 1."""
        self._user = max(1, user)

    def plan(self, slots: int | None) -> None:
        """What the account's plan has; None where that is not known. Another figure than before starts afresh."""
        if slots != self._plan:
            self._plan = slots
            self._accepted = self._trying = None

    def said(self, slots: int | None) -> None:
        """What the vendor's headers say; None and nonsense change nothing. Another figure than before starts afresh."""
        if slots is not None and slots > 0 and slots != self._said:
            self._said = slots
            self._accepted = self._trying = None

    def answered(self, now: float, crowd: int) -> None:
        """A call succeeded that was one of `crowd` when it began. To be called before its slot is given back."""
        self._shut_row = 0
        full = self.in_flight >= self.width
        if self._accepted is None:
            if full and not self._told():
                self._grown = min(self._user, self._grown + 1)
            return
        if self._trying is not None:
            if crowd >= self._trying:
                self._trying = None
                self._interval_s = FIRST_PROBE_S
                self._next_probe = now + self._interval_s
        elif full and now >= self._next_probe:
            wider = self.width + 1
            if wider <= min(self._figures()):
                self._accepted = self._trying = wider
            else:  # what the refusal taught no longer limits anything
                self._grown = self._accepted
                self._accepted = None

    def refused(self, now: float, others: int, hold_s: float) -> None:
        """A call was refused for want of a slot while `others` were under way.

        Where there were none, `hold_s` (what the vendor asks for) or a doubling wait keeps the line from asking over
        and over.
        """
        if self._trying is not None:
            self._interval_s = min(LONGEST_PROBE_S, 2 * self._interval_s)
        self._trying = None
        self._accepted = max(1, others)
        self._next_probe = now + self._interval_s
        if others == 0:
            self._shut_row += 1
            self._shut_until = now + max(hold_s, min(SHUT_S, spread_s(self._shut_row)))

    def _figures(self) -> list[int]:
        return [self._user, *self._told()]

    def _told(self) -> list[int]:
        return [figure for figure in (self._plan, self._said) if figure is not None]
