"""A true-peak limiter that looks ahead."""

import math

import numpy as np
import numpy.typing as npt

from studio.audio.samples import Samples
from studio.audio.truepeak import Interpolator

_LOOK_AHEAD_S = 0.005
_RELEASE_S = 0.080
_HELD_S = 0.100
_ALL = 1 - 1e-9  # of a sample: what must be taken off to leave nothing, as far as numbers go

_Curve = npt.NDArray[np.float64]


class Limiter:
    """Feed blocks, shape (channels, n); what comes out is late by some 6 ms, until `finish` gives the rest.

    How far each oversampled peak exceeds the ceiling gives the reduction needed there. That is held for the look-ahead
    before it, released exponentially after it, and smoothed by a triangular window as long as the look-ahead, so that
    the gain is down in full when the peak arrives and never moves faster than the window: no clicks, no pumping. The
    channels share one gain. Peaks between the samples can exceed the ceiling by what the moving gain does within one
    sample, under 0.01 dB.
    """

    def __init__(self, rate_hz: int, channels: int, ceiling_dbtp: float) -> None:
        self._ceiling = 10 ** (ceiling_dbtp / 20)
        self._peaks = Interpolator(rate_hz, channels)
        half = max(2, round(_LOOK_AHEAD_S * rate_hz / 2))
        self._half = half
        self._ahead = 2 * half - 1  # length of two boxes of `half` samples, one after the other: a triangle
        self._log_decay = -1.0 / (_RELEASE_S * rate_hz)
        # A silence as long as the look-ahead comes first, so that the gain can be down at the very first sample.
        self._lead = self._ahead - 1
        self._waiting: Samples = np.zeros((channels, self._lead), np.float32)
        self._needed: _Curve = np.zeros(self._lead)  # reduction needed at each waiting sample, as far as it is known
        self._held = 0.0  # the released reduction at the last sample that went out
        self._past: _Curve = np.zeros(self._ahead - 1)  # the released reductions before it
        self._deepest = 0.0
        self._held_width = round(_HELD_S * rate_hz)
        self._lately: _Curve = np.zeros(self._held_width - 1)  # the last gain reductions, in dB
        self._most_held = 0.0

    @property
    def deepest_db(self) -> float:
        """The greatest gain reduction so far, in dB, at least 0, however short."""
        return 20 * math.log10(1 / (1 - self._deepest))

    @property
    def held_db(self) -> float:
        """The greatest gain reduction so far as the ear takes it: the mean of 100 ms, in dB, at least 0.

        The ear gathers loudness over 100 to 200 ms (Zwicker and Fastl, Psychoacoustics, chapter 8): what one pulse of a
        fraction of a millisecond loses, and the recovery from it, count for little here, while a limiter that works on
        a whole syllable shows in full.
        """
        return self._most_held

    def feed(self, block: Samples) -> Samples:
        """Limit a block."""
        self._waiting = np.concatenate((self._waiting, block), axis=1)
        return self._without_lead(self._go_on(self._reductions(*self._peaks.feed(block))))

    def finish(self) -> Samples:
        """The rest."""
        last = np.concatenate((self._reductions(*self._peaks.finish()), np.zeros(self._ahead)))
        length = self._waiting.shape[1]
        self._waiting = np.pad(self._waiting, ((0, 0), (0, len(self._needed) + len(last) - length)))
        return self._without_lead(self._go_on(last)[:, :length])

    def _without_lead(self, out: Samples) -> Samples:
        lead = min(self._lead, out.shape[1])
        self._lead -= lead
        return out[:, lead:]

    def _reductions(self, windows: Samples, highest: Samples) -> _Curve:
        """What must be taken off each sample, as a fraction of it, from the windows of the interpolator."""
        channels, chunks, _ = windows.shape
        need = np.zeros((chunks, self._peaks.chunk))
        for channel in range(channels):
            over = np.flatnonzero(highest[channel] * self._peaks.gain > self._ceiling)
            if len(over):
                loud = windows[channel, over]
                peak = np.maximum(self._peaks.between(loud).max(axis=1, initial=0.0), self._peaks.samples(loud))
                need[over] = np.maximum(need[over], 1 - self._ceiling / np.maximum(peak, self._ceiling))
        return need.reshape(-1)

    def _go_on(self, needed: _Curve) -> Samples:
        self._needed = np.concatenate((self._needed, needed))
        ready = len(self._needed) - self._ahead + 1
        if ready <= 0:
            return self._waiting[:, :0]
        out, self._waiting = self._waiting[:, :ready], self._waiting[:, ready:].copy()
        ahead, self._needed = self._needed, self._needed[ready:].copy()
        if self._held == 0.0 and not ahead.any() and not self._past.any():
            self._hold(np.zeros(ready))
            return out
        released = self._released(_highest_of_next(ahead, self._ahead))
        reduction = _boxed(_boxed(np.concatenate((self._past, released)), self._half), self._half)
        self._past = np.concatenate((self._past, released))[-(self._ahead - 1) :]
        self._held = float(released[-1]) if released[-1] > 1e-6 else 0.0
        self._deepest = min(max(self._deepest, float(reduction.max())), _ALL)
        self._hold(-20 * np.log10(1 - np.minimum(reduction, _ALL)))
        return (out * (1 - reduction)).astype(np.float32)

    def _hold(self, reduction_db: _Curve) -> None:
        lately = np.concatenate((self._lately, reduction_db))
        self._lately = lately[len(reduction_db) :]
        if lately.any():
            self._most_held = max(self._most_held, float(_boxed(lately, self._held_width).max()))

    def _released(self, wanted: _Curve) -> _Curve:
        """The running maximum that forgets: r[n] = max(wanted[n], r[n-1] * decay).

        Scaled by decay^-n that is an ordinary running maximum, taken over stretches short enough for its numbers.
        """
        released = np.empty_like(wanted)
        step = int(-100 / self._log_decay)  # e^100 is far from overflow
        held = self._held
        for start in range(0, len(wanted), step):
            part = wanted[start : start + step]
            growth = np.exp(-self._log_decay * np.arange(1, len(part) + 1))
            released[start : start + step] = np.maximum.accumulate(np.maximum(part * growth, held)) / growth
            held = float(released[start + len(part) - 1])
        return released


def _highest_of_next(values: _Curve, width: int) -> _Curve:
    """The maximum of each `width` consecutive values; `width` - 1 fewer come out than went in."""
    span = 1
    while span * 2 <= width:
        values = np.maximum(values[:-span], values[span:])
        span *= 2
    rest = width - span
    return np.maximum(values[: len(values) - rest], values[rest:]) if rest else values


def _boxed(values: _Curve, width: int) -> _Curve:
    """The mean of each `width` consecutive values; `width` - 1 fewer come out than went in."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray((total[width:] - total[:-width]) / width)
