"""Named places on the money path at which the process dies: around any call of any port, and in the middle of a body.

A place is written `PART.METHOD WHEN NTH`: `ledger.sent before 1`, `artifacts.drop after 2`, `voice.speak inside 1`.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction
from typing import Any, NoReturn, Self, cast

from studio.domain.settings import Settings
from studio.domain.speech_plan import Terms
from studio.engine.ports import Report
from studio.engine.rooms import Rooms
from studio.engine.trade import Voice


@dataclass(frozen=True)
class Place:
    """Where to die."""

    name: str
    when: str  # before, inside or after
    nth: int

    @classmethod
    def parse(cls, text: str) -> Self:
        name, when, nth = text.split()
        return cls(name, when, int(nth))


def die() -> NoReturn:
    """As by `kill -9`: nothing is closed, flushed or said."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


class Trip:
    """Counts the calls of each port and dies where it was told to."""

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self.calls: Counter[str] = Counter()

    def enter(self, name: str) -> int:
        self.calls[name] += 1
        self.reached(name, "before", self.calls[name])
        return self.calls[name]

    def reached(self, name: str, when: str, nth: int) -> None:
        if self._place == Place(name, when, nth):
            die()


class Wired:
    """A part of the studio, every method of which is a place to die at."""

    def __init__(self, part: Any, name: str, trip: Trip) -> None:
        self._part, self._name, self._trip = part, name, trip

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not callable(found):
            return found
        full = f"{self._name}.{name}"

        async def later(*args: Any, **kwargs: Any) -> Any:
            nth = self._trip.enter(full)
            try:
                return await found(*args, **kwargs)
            finally:
                self._trip.reached(full, "after", nth)

        def at_once(*args: Any, **kwargs: Any) -> Any:
            nth = self._trip.enter(full)
            try:
                return found(*args, **kwargs)
            finally:
                self._trip.reached(full, "after", nth)

        return later if iscoroutinefunction(found) else at_once


class _WiredVoice(Wired):
    """With a limit of characters a call of our own, so that short texts have several chunks."""

    def __init__(self, voice: Voice, trip: Trip, limit: int | None) -> None:
        super().__init__(voice, "voice", trip)
        self._limit = limit

    async def terms(self, settings: Settings) -> Terms:
        terms: Terms = await self._part.terms(settings)
        return replace(terms, limit=self._limit or terms.limit)

    async def speak(self, *args: Any, **kwargs: Any) -> Any:
        *asked, report = args
        nth = self._trip.enter("voice.speak")

        def advanced(fraction: float) -> None:
            if fraction > 0:
                self._trip.reached("voice.speak", "inside", nth)
            report(fraction)

        try:
            return await self._part.speak(*asked, advanced, **kwargs)
        finally:
            self._trip.reached("voice.speak", "after", nth)


class _WiredVoices:
    def __init__(self, voices: Any, trip: Trip, limit: int | None) -> None:
        self._voices, self._trip, self._limit = voices, trip, limit

    def voice(self, settings: Settings) -> Voice:
        return cast("Voice", _WiredVoice(self._voices.voice(settings), self._trip, self._limit))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._voices, name)


class _WiredAttendant(Wired):
    """Its jobs are places of their own: `proof`, by the name of the function."""

    async def run(self, job: Callable[..., Any], report: Report, *args: Any) -> Any:
        name = f"job.{job.__name__}"
        nth = self._trip.enter(name)
        try:
            return await self._part.run(job, report, *args)
        finally:
            self._trip.reached(name, "after", nth)


def wired(rooms: Rooms, place: str | None, limit: int | None) -> tuple[Rooms, Trip]:
    """The rooms with every door to money watched."""
    trip = Trip(Place.parse(place) if place else None)
    parts: dict[str, Any] = {
        "ledger": Wired(rooms.ledger, "ledger", trip),
        "artifacts": Wired(rooms.artifacts, "artifacts", trip),
        "projects": Wired(rooms.projects, "projects", trip),
        "voices": _WiredVoices(rooms.voices, trip, limit),
        "attendant": _WiredAttendant(rooms.attendant, "attendant", trip),
    }
    return replace(rooms, **parts), trip
