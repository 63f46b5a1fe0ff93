"""What raw samples give away: clicks, clipping, bursts of noise, steps of the level, abrupt edges, an offset."""

from collections.abc import Sequence
from typing import Final

from studio.audio.channels import Each
from studio.audio.clicks import Clicks
from studio.audio.clipping import Clipping
from studio.audio.edges import Edges
from studio.audio.noise import Noise
from studio.audio.samples import Powers, Samples
from studio.audio.steps import Steps
from studio.audio.view import View, Views
from studio.domain.sound import Spot, SpotKind

_SAME_S: Final = 0.02  # two channels have a click at the same time
_BESIDE_S: Final = 0.05  # a burst of noise begins and ends with a jump of its own
_EDGE_S: Final = 0.005  # how a sound begins and ends is judged apart
_CRACKLE_S: Final = 0.17  # where a shorter burst holds clicks, it is nothing else
_JOINED_S: Final = 0.2  # clicks closer than this are a crackle


class _Channel:
    """What is looked at in every channel for itself."""

    def __init__(self, rate_hz: int) -> None:
        self._views = Views(rate_hz)
        self.clicks = Clicks()
        self.clipping = Clipping(rate_hz)

    def feed(self, row: Samples) -> None:
        self._look(self._views.feed(row))

    def finish(self) -> None:
        self._look(self._views.finish())
        self.clipping.finish()

    def _look(self, view: View | None) -> None:
        if view is not None:
            self.clicks.feed(view)
            self.clipping.feed(view)


class Faults:
    """Feed it the blocks of a file, `feed_powers` the meter's bins, `noise` the 16 kHz mono; `finish`, then `spots`."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._each = Each(_Channel(rate_hz), channels)
        self.edges = Edges(rate_hz, channels)
        self.noise = Noise(rate_hz)
        self._steps = Steps()

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n)."""
        for channel, row in self._each.apart(block):
            channel.feed(row)
        self.edges.feed(block)

    def feed_powers(self, powers: Powers) -> None:
        """Add K-weighted mean squares of 10 ms."""
        self._steps.feed(powers)

    def finish(self) -> None:
        """There are no more."""
        for channel in self._each.detectors:
            channel.finish()

    def spots(self, loudness: float | None, duration_s: float) -> tuple[Spot, ...]:
        """All that was found in a sound of that integrated loudness, in order of time."""
        noise = [spot for spot in self.noise.spots() if spot.start_s < duration_s]
        clipping = _joined([spot for channel in self._each.detectors for spot in channel.clipping.spots], _SAME_S)
        every_click = [spot for channel in self._each.detectors for spot in channel.clicks.spots()]
        noise = [
            spot
            for spot in noise
            if spot.end_s - spot.start_s > _CRACKLE_S or not any(_within(one, [spot], 0.0) for one in every_click)
        ]
        clicks = [
            spot
            for spot in _joined(every_click, _JOINED_S)
            if not _within(spot, noise, _BESIDE_S)
            and not _within(spot, clipping, _BESIDE_S)
            and _EDGE_S <= spot.start_s <= duration_s - _EDGE_S
        ]
        found = [*self.edges.spots(), *clicks, *clipping, *noise, *self._steps.spots(loudness)]
        return tuple(sorted(found, key=lambda spot: (spot.start_s, spot.end_s)))


def _joined(spots: Sequence[Spot], within_s: float) -> list[Spot]:
    """Spots of one kind, each of them one place: what is closer together is one, as strong as its strongest."""
    joined: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: spot.start_s):
        if joined and spot.start_s - joined[-1].end_s <= within_s:
            last = joined.pop()
            amount = last.amount if abs(last.amount) >= abs(spot.amount) else spot.amount
            end_s = max(last.end_s, spot.end_s)
            joined.append(Spot(spot.kind, last.start_s, end_s, amount, max(last.sure, spot.sure)))
        else:
            joined.append(spot)
    return joined


def _within(spot: Spot, others: Sequence[Spot], margin_s: float) -> bool:
    middle = (spot.start_s + spot.end_s) / 2
    return any(
        other.start_s - margin_s <= middle <= other.end_s + margin_s
        for other in others
        if other.kind is not SpotKind.CLICK
    )
