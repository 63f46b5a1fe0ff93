"""A streaming loudness meter: ITU-R BS.1770-4, EBU Tech 3341 (momentary, short-term, integrated) and 3342 (range)."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from studio.audio.bins import BINS_PER_S, Bins
from studio.audio.channels import Each
from studio.audio.gathered import Gathered
from studio.audio.kweighting import KWeighting
from studio.audio.samples import Powers, Samples

_HOP = BINS_PER_S // 10  # bins in the 100 ms from one gating block to the next
_MOMENTARY = 4 * _HOP  # bins in 400 ms
_SHORT_TERM = 30 * _HOP  # bins in 3 s
_ABSOLUTE_GATE = -70.0  # LUFS
_RELATIVE_GATE = -10.0  # LU, integrated
_RANGE_GATE = -20.0  # LU, range
_RANGE_LOW, _RANGE_HIGH = 0.10, 0.95  # quantiles whose distance is the range


def lufs(power: float) -> float:
    """Loudness of a K-weighted mean square; minus infinity for none."""
    return -0.691 + 10 * math.log10(power) if power > 0 else -math.inf


def power_of(loudness: float) -> float:
    """The inverse of `lufs`."""
    return float(10 ** ((loudness + 0.691) / 10))


class _Channel:
    """The energies of one channel, K-weighted, in bins of 10 ms."""

    def __init__(self, rate_hz: int) -> None:
        self._filter = KWeighting(rate_hz, 1)
        self._bins = Bins(rate_hz, 1)

    def feed(self, row: Samples) -> Powers:
        return self._energies(self._filter.feed(row))

    def finish(self) -> Powers:
        return self._energies(self._filter.finish())

    def _energies(self, weighted: Samples) -> Powers:
        samples, starts = self._bins.feed(weighted)
        if not len(starts):
            return np.zeros(0)
        return np.asarray(np.add.reduceat(np.square(samples[0]), starts), np.float64)


class Meter:
    """Feed blocks of any length, then `finish`, then read the properties.

    `weights` holds one weight per channel (`samples.loudness_weights`). The maxima are found at steps of 10 ms, the
    gates see steps of 100 ms. What is kept is one number for each 100 ms: 2.9 MB for 10 hours.
    """

    def __init__(self, rate_hz: int, weights: Sequence[float]) -> None:
        self._each = Each(_Channel(rate_hz), len(weights))
        self._weights = np.asarray(weights) / (rate_hz / BINS_PER_S)
        self._recent: Powers = np.zeros(0)  # the last 3 s of bins, or less
        self._pending: Powers = np.zeros(0)  # bins of an unfinished 100 ms
        self._hops = Gathered()  # mean square of every 100 ms
        self._momentary = self._short_term = -math.inf

    def feed(self, block: Samples) -> Powers:
        """Add a block, shape (channels, n). Returns the K-weighted mean squares of the 10 ms bins it completed."""
        return self._take([channel.feed(row) for channel, row in self._each.apart(block)])

    def finish(self) -> Powers:
        """Take in what the filter held back; returns as `feed` does. A last bin of under 10 ms counts for nothing."""
        return self._take([channel.finish() for channel in self._each.detectors])

    @property
    def integrated(self) -> float | None:
        """Gated loudness in LUFS, or None where no block of 400 ms passes the absolute gate."""
        return self.integrated_at(0.0)

    def integrated_at(self, gain_db: float) -> float | None:
        """What `integrated` would be of the same sound turned up by `gain_db`.

        Not just that much more: quiet parts that the absolute gate leaves out now may count then.
        """
        gain, absolute = 10 ** (gain_db / 10), power_of(_ABSOLUTE_GATE)
        mean = _mean(part[part > absolute] for part in self._blocks(_MOMENTARY // _HOP, gain))
        if mean is None:
            return None
        gate = max(absolute, mean * 10 ** (_RELATIVE_GATE / 10))
        mean = _mean(part[part > gate] for part in self._blocks(_MOMENTARY // _HOP, gain))
        return None if mean is None else lufs(mean)

    @property
    def loudness_range(self) -> float | None:
        """Loudness range in LU, or None where no 3 s pass the absolute gate."""
        absolute = power_of(_ABSOLUTE_GATE)
        mean = _mean(part[part > absolute] for part in self._blocks(_SHORT_TERM // _HOP))
        if mean is None:
            return None
        gate = mean * 10 ** (_RANGE_GATE / 10)
        parts = self._blocks(_SHORT_TERM // _HOP)
        kept = np.concatenate([part[(part > absolute) & (part >= gate)] for part in parts])
        kept.sort()
        low, high = (kept[round((len(kept) - 1) * quantile)] for quantile in (_RANGE_LOW, _RANGE_HIGH))
        return lufs(float(high)) - lufs(float(low))

    @property
    def max_momentary(self) -> float | None:
        """Loudness of the loudest 400 ms in LUFS, or None for less than that, or for silence."""
        return self._momentary if self._momentary > -math.inf else None

    @property
    def max_short_term(self) -> float | None:
        """Loudness of the loudest 3 s in LUFS, or None for less than that, or for silence."""
        return self._short_term if self._short_term > -math.inf else None

    def short_term_curve(self) -> Powers:
        """One mean square a second, over the 3 s around that second (fewer at the ends); convert with `lufs`."""
        total = np.concatenate(([0.0], np.cumsum(self._powers())))
        hops = len(total) - 1
        seconds = -(-hops // 10)
        first = np.clip(np.arange(seconds) * 10 - 10, 0, hops)
        last = np.clip(np.arange(seconds) * 10 + 20, 0, hops)
        return np.asarray((total[last] - total[first]) / np.maximum(last - first, 1))

    def _take(self, energies: list[Powers]) -> Powers:
        if not len(energies[0]):
            return np.zeros(0)
        powers: Powers = self._each.shares(self._weights) @ np.stack(energies)
        recent = np.concatenate((self._recent, powers))
        # Only windows that end in a new bin: those before were looked at already.
        for_momentary = _sliding_mean(recent[-(len(powers) + _MOMENTARY - 1) :], _MOMENTARY)
        for_short_term = _sliding_mean(recent[-(len(powers) + _SHORT_TERM - 1) :], _SHORT_TERM)
        self._momentary = max(self._momentary, lufs(float(for_momentary.max(initial=0.0))))
        self._short_term = max(self._short_term, lufs(float(for_short_term.max(initial=0.0))))
        self._recent = recent[-(_SHORT_TERM - 1) :]
        pending = np.concatenate((self._pending, powers))
        whole = len(pending) - len(pending) % _HOP
        self._hops.add(pending[:whole].reshape(-1, _HOP).mean(axis=1).tobytes())
        self._pending = pending[whole:]
        return powers

    def _powers(self) -> Powers:
        return np.frombuffer(self._hops.all(), np.float64)

    def _blocks(self, hops: int, gain: float = 1.0) -> Iterator[Powers]:
        """The mean squares over so many hops, times `gain`, at every hop, in parts: a long sound has many."""
        sums = np.zeros(1)
        for part in self._hops.parts():
            sums = np.concatenate((sums[-hops:-1], np.cumsum(np.concatenate((sums[-1:], np.frombuffer(part))))))
            yield _means(sums, hops) * gain


def _sliding_mean(powers: Powers, width: int) -> Powers:
    total = np.zeros(len(powers) + 1)
    np.cumsum(powers, out=total[1:])
    return _means(total, width)


def _means(total: Powers, width: int) -> Powers:
    """Of every `width` numbers, from their running sums, which begin with what was before the first."""
    if len(total) <= width:
        return np.zeros(0)
    means: Powers = total[width:] - total[:-width]
    means /= width
    # The difference of two sums may fall a hair below zero in digital silence.
    return np.maximum(means, 0.0, out=means)


def _mean(parts: Iterable[Powers]) -> float | None:
    """Of all numbers in all parts; None where there is none."""
    total, count = 0.0, 0
    for part in parts:
        total, count = total + float(part.sum()), count + len(part)
    return total / count if count else None
