"""Who waits for a turn, and what they are told."""

import asyncio
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NewType, TypeVar

T = TypeVar("T")

Place = NewType("Place", int)
"""A place in the line: lower ones came earlier."""


@dataclass(slots=True)
class KeptPlace:
    """The place that a call has in the line, kept over refusals; None before its first turn."""

    place: Place | None = None


@dataclass(order=True, slots=True)
class Waiter(Generic[T]):
    """Someone in the line; `granted` gets the turn, or what ends the wait. Sorted by priority, then by place."""

    rank: tuple[int, int]
    granted: asyncio.Future[T] = field(compare=False)
    listener: Callable[[str], None] = field(compare=False)
    told: str = field(default="", compare=False)

    def tell(self, words: str) -> None:
        """Say what is waited for, if that is news."""
        if words != self.told:
            self.told = words
            self.listener(words)


class Line(Generic[T]):
    """Waiters for the same slots, the next one first. Whoever was cancelled is passed over."""

    def __init__(self) -> None:
        self._waiters: list[Waiter[T]] = []

    def join(self, waiter: Waiter[T]) -> None:
        """Stand in the line."""
        insort(self._waiters, waiter)

    def leave(self, waiter: Waiter[T]) -> None:
        """Stand in it no longer, if at all."""
        if waiter in self._waiters:
            self._waiters.remove(waiter)

    @property
    def waiting(self) -> Sequence[Waiter[T]]:
        """Everyone in the line, the next one first."""
        return [waiter for waiter in self._waiters if not waiter.granted.done()]

    @property
    def head(self) -> Waiter[T] | None:
        """The next one, or None."""
        while self._waiters and self._waiters[0].granted.done():
            self._waiters.pop(0)
        return self._waiters[0] if self._waiters else None


def nth_in_line(position: int) -> str:
    """What the waiter at `position` (from 0) of a line for slots is told."""
    if position == 0:
        return "waits for a slot, next in line"
    number = position + 1
    tens, ones = divmod(number, 10)
    ending = "th" if tens % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
    return f"waits for a slot, {number}{ending} in line"
