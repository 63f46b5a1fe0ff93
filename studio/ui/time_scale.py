"""Which stretch of an episode is in view, and where its seconds lie in pixels."""

from dataclasses import dataclass, replace
from typing import Self

CLOSEST = 1 / 600  # seconds a pixel: some ten words across a wide window
STEPS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
LEAST_TICK = 90  # pixels between two labelled ticks


@dataclass(frozen=True, slots=True)
class TimeScale:
    """`start` is the first second in view, `per_pixel` the seconds that one pixel spans, `width` in pixels."""

    duration: float
    width: int
    start: float
    per_pixel: float

    @classmethod
    def whole(cls, duration: float, width: int) -> Self:
        """All of the episode."""
        return cls(duration, max(1, width), 0.0, max(duration, 0.01) / max(1, width))

    @classmethod
    def spanning(cls, duration: float, width: int, start: float, end: float) -> Self:
        """From `start` to `end`, as far as the closest zoom and the episode's ends let it."""
        made = cls(duration, max(1, width), start, max(end - start, 0.01) / max(1, width))
        return made.zoomed(made.width / 2, 1.0)

    @property
    def end(self) -> float:
        """The last second in view."""
        return self.start + self.width * self.per_pixel

    @property
    def all_in_view(self) -> bool:
        """Whether nothing is outside of the view."""
        return self.per_pixel * self.width >= self.duration * 0.9999

    def x(self, second: float) -> float:
        """Where a second lies."""
        return (second - self.start) / self.per_pixel

    def second(self, x: float) -> float:
        """Which second lies at `x`, inside of the episode."""
        return min(self.duration, max(0.0, self.start + x * self.per_pixel))

    def zoomed(self, x: float, factor: float) -> Self:
        """Closer by `factor` (below 1: further), what is at `x` staying there."""
        furthest = max(self.duration, 0.01) / self.width
        per_pixel = max(min(CLOSEST, furthest), min(furthest, self.per_pixel / factor))
        return replace(self, per_pixel=per_pixel, start=self.start + x * (self.per_pixel - per_pixel))._kept_inside()

    def moved(self, seconds: float) -> Self:
        """Later by `seconds`."""
        return replace(self, start=self.start + seconds)._kept_inside()

    def resized(self, width: int) -> Self:
        """In another width: all stays all, otherwise the zoom and the first second are kept."""
        if self.all_in_view:
            return type(self).whole(self.duration, width)
        return replace(self, width=max(1, width)).zoomed(0, 1.0)

    def showing(self, start: float, end: float) -> Self:
        """Close enough to see `start` to `end` with as much again on both sides, and centred on it; at least 8 s."""
        span = min(self.duration, max(8.0, (end - start) * 3))
        return self.spanning(self.duration, self.width, (start + end - span) / 2, (start + end + span) / 2)

    def holding(self, start: float, end: float) -> Self:
        """The same zoom, moved no further than it takes to have `start` (and, if it fits, `end`) in view."""
        margin = min(0.08 * self.width * self.per_pixel, max(0.0, (self.end - self.start - (end - start)) / 2))
        if start - margin < self.start or end - start > self.end - self.start:
            return self.moved(start - margin - self.start)
        return self.moved(max(0.0, end + margin - self.end))

    def toward(self, other: Self, share: float) -> Self:
        """On the way to `other`, 0 to 1: what lies at the same pixel in both stays there while the zoom changes."""
        if share >= 1:
            return other
        per_pixel = self.per_pixel * (other.per_pixel / self.per_pixel) ** share
        change = self.per_pixel - other.per_pixel
        way = (self.per_pixel - per_pixel) / change if abs(change) > 1e-9 * self.per_pixel else share
        return replace(self, per_pixel=per_pixel, start=self.start + (other.start - self.start) * way)

    def following(self, second: float) -> Self:
        """Turned like a page when `second` has left the view."""
        if self.start <= second <= self.end:
            return self
        return replace(self, start=second - 0.1 * self.width * self.per_pixel)._kept_inside()

    def tick_step(self) -> float:
        """Seconds between two labelled ticks."""
        wanted = LEAST_TICK * self.per_pixel
        return next((float(step) for step in STEPS if step >= wanted), float(STEPS[-1]))

    def _kept_inside(self) -> Self:
        last = max(0.0, self.duration - self.width * self.per_pixel)
        return replace(self, start=min(last, max(0.0, self.start)))
