"""Clipping: tops that were cut flat, at full scale or anywhere below it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.audio.view import MARGIN, View, around
from studio.domain.sound import Spot, SpotKind

_LEAST_SAMPLES: Final = 3  # of a flat top, up to 48 kHz
_TOLERANCE: Final = 4e-5  # of full scale: the last bit of 16, with dither
_RELATIVE_TOLERANCE: Final = 2e-4
_SHOULDER: Final = 8  # times the tolerance by which the sound leaves a flat top at once; a round one leaves it slowly
_STEPS: Final = 4  # steps of a coarse quantisation by which it does so
_STEP_BINS: Final = 30  # on either side, to tell the steps by
_SOFTEST: Final = 0.003  # a ceiling of -50 dBFS
_AT_THE_CEILING: Final = 0.98  # of the highest around it
_JOINED_S: Final = 0.5  # flat tops closer than this are one place
_APART_S: Final = 1.5  # as those of one ceiling that are further apart are two
_LEAST_TOPS, _LEAST_FLAT = 3, 2  # in a place, and how many of them of the least length
_LEAST_TOTAL_S: Final = 0.00025  # of flat samples
_LEAST_MEAN: Final = 2.0  # samples a top: a limiter, too, brings many to one level, but leaves them round


@dataclass(frozen=True, slots=True)
class _FlatTop:
    """One flat top: its first sample, how many there are, and the level, signed."""

    start: int
    samples: int
    level: float


def _flat_tops(view: View) -> list[_FlatTop]:
    """The flat tops of a view, in order.

    Only what is as high as anything within 30 ms can be at the ceiling. A flat top holds one value for some samples,
    and is left abruptly: a round top of any frequency leaves it by no more than its own curvature. Sound of few bits is
    flat everywhere, but leaves a top by one step at a time.
    """
    ceiling = np.maximum(around(view.peak, 0, MARGIN - 1), view.peak)
    at_top = (view.peak >= _AT_THE_CEILING * ceiling) & (view.peak >= _SOFTEST)
    at_top[:MARGIN] = at_top[-MARGIN:] = False
    places = np.flatnonzero(at_top)
    return _tops(view, places) if len(places) else []


def _tops(view: View, places: npt.NDArray[np.intp]) -> list[_FlatTop]:
    """The tops of those bins, without any twice."""
    size = view.bin
    parts = np.lib.stride_tricks.sliding_window_view(view.samples, 3 * size)[(places - 1) * size]
    middle = parts[:, size : 2 * size]
    high, deep = middle.max(axis=1), middle.min(axis=1)
    sign = np.where(high >= -deep, np.float32(1), np.float32(-1))
    level = np.maximum(high, -deep).astype(np.float64)
    upright = parts * sign[:, None]
    tolerance = np.maximum(_TOLERANCE, _RELATIVE_TOLERANCE * level)
    place = size + upright[:, size : 2 * size].argmax(axis=1)
    lower = upright < (level - tolerance).astype(np.float32)[:, None]
    columns = np.arange(3 * size)
    before, after = lower & (columns < place[:, None]), lower & (columns >= place[:, None])
    start, end = 3 * size - before[:, ::-1].argmax(axis=1), after.argmax(axis=1)
    sounds = before.any(axis=1) & after.any(axis=1)  # else longer than a millisecond on one side: no sound at all
    good = np.flatnonzero(sounds)
    low = (places[good] - 1) * size
    starts, samples, signed = start[good] + low, (end - start)[good], (sign * level)[good]
    tops: list[_FlatTop] = []
    beyond = 0
    rows = zip(good.tolist(), low.tolist(), starts.tolist(), samples.tolist(), signed.tolist(), strict=True)
    for row, near, first, count, height in rows:
        if first < beyond:
            continue
        edges = float(upright[row, first - near - 1]), float(upright[row, first - near + count])
        if count == 1 or _is_left_at_once(view, near, abs(height), float(tolerance[row]), edges):
            tops.append(_FlatTop(view.start + first, count, height))
            beyond = first + count
    return tops


def _is_left_at_once(view: View, low: int, level: float, tolerance: float, edges: tuple[float, float]) -> bool:
    step = _step(view, low, level)
    needed = max(_SHOULDER * tolerance, _STEPS * step if step > tolerance else 0.0)
    return level - max(edges) >= needed


def _step(view: View, low: int, level: float) -> float:
    """The smallest change between two loud samples around: what one bit is worth, where there are few."""
    reach = _STEP_BINS * view.bin
    magnitude = np.abs(view.samples[max(0, low - reach) : low + reach])
    steps = np.abs(np.diff(magnitude))
    steps = steps[(magnitude[1:] >= level / 2) & (steps > 0)]
    return float(steps.min()) if len(steps) else 0.0


class Clipping:
    """Feed the views of one channel, then `finish`, then read `spots`.

    Flat tops that lie close together and reach the same level are one place.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._open: list[_FlatTop] = []
        self.spots: list[Spot] = []

    def feed(self, view: View) -> None:
        """Look at a view."""
        for top in _flat_tops(view):
            if self._open and top.start - self._open[-1].start > _JOINED_S * self._rate_hz:
                self.finish()
            self._open.append(top)

    def finish(self) -> None:
        """Close the last place."""
        for sign in (1.0, -1.0):
            self._close([top for top in self._open if top.level * sign > 0])
        self._open = []

    def _close(self, tops: list[_FlatTop]) -> None:
        levels = sorted(abs(top.level) for top in tops if top.samples >= _LEAST_SAMPLES)
        ceiling = levels[len(levels) // 2] if levels else 0.0
        tops = [top for top in tops if abs(abs(top.level) - ceiling) <= max(_TOLERANCE, _RELATIVE_TOLERANCE * ceiling)]
        # What is at another level held them together.
        breaks = [n for n in range(1, len(tops)) if tops[n].start - tops[n - 1].start > _APART_S * self._rate_hz]
        for first, last in zip([0, *breaks], [*breaks, len(tops)], strict=True):
            self._judge(tops[first:last])

    def _judge(self, tops: list[_FlatTop]) -> None:
        samples = sum(top.samples for top in tops)
        flat = sum(top.samples >= _LEAST_SAMPLES for top in tops)
        long = samples >= _LEAST_TOTAL_S * self._rate_hz
        if flat < _LEAST_FLAT or len(tops) < _LEAST_TOPS or samples < _LEAST_MEAN * len(tops) or not long:
            return
        start_s, end_s = tops[0].start / self._rate_hz, (tops[-1].start + tops[-1].samples) / self._rate_hz
        sure = min(1.0, 0.5 + len(tops) / 16)
        self.spots.append(Spot(SpotKind.CLIPPING, start_s, end_s, float(samples), round(sure, 2)))
