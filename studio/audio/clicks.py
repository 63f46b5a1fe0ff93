"""Clicks: jumps and ticks that no voice makes."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from studio.audio.prediction import covariances
from studio.audio.view import MARGIN, Values, View, neighbours
from studio.domain.sound import Spot, SpotKind

_SOFTEST_BEND: Final = 0.02  # an impulse of -40 dBFS; nobody hears what is less
_SOFTEST_SLOPE: Final = 0.006
_FLOOR_BEND, _FLOOR_SLOPE = 0.001, 0.0003  # what digital silence is taken to have
# What the predicted part of the sound is taken from: a jump is what nothing before it leads to.
_PER_KHZ: Final = 0.8  # coefficients
_FIT_BINS: Final = 20  # on either side, without the nearest two
_SOFTENED: Final = 1e-4  # of the energy, as noise, so that a pure tone is not predicted without end
_LIKELY: Final = 1.3  # times above the third highest around: worth a closer look
_LIKELY_PART: Final = 0.4  # of the bends of the voice at its sharpest
_LIKELY_SHARP: Final = 0.3  # of the energy: no click had less than 0.48, and nine of ten moments of a voice under 0.2
# Of two voices, no moment had more than 1.2; below 24 kHz, where a sound changes more between two samples, more.
_UNFORESEEN: Final = 1.75
_UNFORESEEN_HZ, _UNFORESEEN_POWER = 24_000, 1.5
# Where a file has few bits, in its steps: the softest, and what silence is taken to have.
_STEPS_BEND, _STEPS_SLOPE = 12.0, 6.0
_FLOOR_STEPS_BEND, _FLOOR_STEPS_SLOPE = 2.0, 1.0
_FINE: Final = 1e-4  # a step below which there are bits enough
# So much of a moment's energy lies in so many samples (at 24 kHz) of a jump.
_SHARP: Final = 0.74
_SHARP_SAMPLES, _SHARP_HZ = 8, 24_000
_SHARP_TIMES: Final = 1.8
# Where a file holds less than speech reaches up to, everything is sharper: by so much an octave.
_FULL_HZ, _SHARPER, _SHARPEST = 22_050, 0.22, 0.9
_BLUNT_POWER: Final = 1.2  # and blunt moments stand out by more as well
# How many times above all its surroundings a blunt moment is a click that bends as much as the voice at its sharpest;
# less by the square of how much more it bends. In four hours of the built-in voice no consonant reached half of that.
_TIMES_AS_LOUD: Final = 32.0
_LEAST_TIMES: Final = 4.0
_TICK_TIMES: Final = 31.0  # by the slope; consonants reached 17
_CLEAR: Final = 2.0  # times the threshold where it is certain
_OF_THE_VOICE: Final = 0.995  # quantile of the bends of what sounds
_STEPS_PER_OCTAVE, _LOWEST = 8, 2.0**-9  # of their histogram


class Clicks:
    """Feed the views of one channel, then read `spots`.

    A click changes within a sample or two by more than everything around it does: the second difference, which weighs a
    frequency by its square, is laid against the highest ones within 30 ms. The release of a consonant stands out as
    well, but takes its milliseconds, so what is sharp is told from what is blunt by how few samples hold its energy. A
    blunt moment is a click where it stands out more than any consonant, and is louder than the voice ever is as well:
    a hard consonant stands out by as much as there is silence around it, but is no louder than others of its voice.
    Soft-edged ticks, that the second difference does not show, are found where they are all alone.
    """

    def __init__(self) -> None:
        self._sure: list[Spot] = []
        self._likely: list[tuple[Spot, float]] = []  # with the bend
        self._blunt: list[tuple[float, float, float]] = []  # seconds, times, bend
        self._bends = np.zeros(16 * _STEPS_PER_OCTAVE, np.int64)
        self._step = np.inf  # the smallest change from one sample to the next

    def feed(self, view: View) -> None:
        """Look at a view."""
        inner = view.bend[MARGIN:-MARGIN]
        octaves = np.log2(np.maximum(inner[inner >= 2 * _FLOOR_BEND], _LOWEST) / _LOWEST)
        steps = np.clip(octaves * _STEPS_PER_OCTAVE, 0, len(self._bends) - 1).astype(np.int64)
        self._bends += np.bincount(steps, minlength=len(self._bends))
        sharp = _SHARP + _SHARPER * max(0.0, float(np.log2(_FULL_HZ / view.rate_hz)))
        sharp = min(sharp, _SHARPEST)
        unlikely = _UNFORESEEN * max(1.0, _UNFORESEEN_HZ / view.rate_hz) ** _UNFORESEEN_POWER
        self._find_step(view)
        step = self._step if self._step < np.inf else 0.0
        bare = max(1.0, _FULL_HZ / view.rate_hz) ** _BLUNT_POWER
        softest, floor = max(_SOFTEST_BEND, _STEPS_BEND * step), max(_FLOOR_BEND, _FLOOR_STEPS_BEND * step)
        around = neighbours(view.bend)
        loud = max(_SOFTEST_BEND, _LIKELY_PART * self._usual())
        moments = _standing_out(view.bend, around, 3, _LIKELY, softest, floor)
        moments = [(index, times) for index, times in moments if times >= _SHARP_TIMES or view.bend[index] >= loud]
        shares = _sharpness(view, [index for index, _ in moments])
        likely = [
            (index, times)
            for (index, times), sharpness in zip(moments, shares, strict=True)
            if sharpness >= _LIKELY_SHARP and view.bend[index] >= loud
        ]
        for (index, times), unforeseen in zip(likely, _unforeseen(view, [one for one, _ in likely]), strict=True):
            if unforeseen >= unlikely:
                spot = _spot(_at_s(view, index), times, _certainty(unforeseen, unlikely))
                self._likely.append((spot, float(view.bend[index])))
        for (index, times), sharpness in zip(moments, shares, strict=True):
            if times < _SHARP_TIMES:
                continue
            at_s = _at_s(view, index)
            if sharpness >= sharp:
                self._sure.append(_spot(at_s, times, 0.6 + 0.4 * (sharpness - sharp) / (1 - sharp)))
            else:
                times = float(view.bend[index]) / (bare * max(float(around[:, index].max()), floor))  # noqa: PLW2901
                if times >= _LEAST_TIMES:
                    self._blunt.append((at_s, times, float(view.bend[index])))
        softest, floor = max(_SOFTEST_SLOPE, _STEPS_SLOPE * step), max(_FLOOR_SLOPE, _FLOOR_STEPS_SLOPE * step)
        around = neighbours(view.slope)
        for index, times in _standing_out(view.slope, around, -1, bare * _TICK_TIMES, softest, floor):
            at_s = _at_s(view, index)
            self._sure.append(_spot(at_s, times, _certainty(times, bare * _TICK_TIMES)))

    def spots(self) -> list[Spot]:
        """What is a click beside everything that was fed, in order of time; some may be there twice."""
        usual = self._usual()
        found = self._sure + [spot for spot, bend in self._likely if bend >= _LIKELY_PART * usual]
        for at_s, times, bend in self._blunt:
            needed = max(_LEAST_TIMES, _TIMES_AS_LOUD * (usual / bend) ** 2)
            if times >= needed:
                found.append(_spot(at_s, times, _certainty(times, needed)))
        return sorted(found, key=lambda spot: spot.start_s)

    def _find_step(self, view: View) -> None:
        if self._step > _FINE:
            changes = np.abs(np.diff(view.samples))
            self._step = min(self._step, float(changes[changes > 0].min(initial=np.inf)))

    def _usual(self) -> float:
        """How much the voice bends at its sharpest, as far as it was heard."""
        counts = np.cumsum(self._bends)
        step = int(np.searchsorted(counts, _OF_THE_VOICE * counts[-1]))
        return _LOWEST * float(2 ** ((step + 0.5) / _STEPS_PER_OCTAVE))


def _standing_out(
    values: Values, around: Values, rank: int, times: float, softest: float, floor: float
) -> list[tuple[int, float]]:
    """The bins that are so many times as high as what ranks so among their surroundings, each with how many times."""
    inner = values[MARGIN:-MARGIN]
    top = (inner >= np.maximum(values[MARGIN - 1 : -MARGIN - 1], softest)) & (inner > values[MARGIN + 1 : 1 - MARGIN])
    hits = np.flatnonzero(top) + MARGIN
    ratio = values[hits] / np.maximum(np.sort(around[:, hits], axis=0)[rank], np.float32(floor))
    enough = ratio >= times
    return list(zip(hits[enough].tolist(), ratio[enough].tolist(), strict=True))


def _unforeseen(view: View, indices: Sequence[int]) -> list[float]:
    """How far moments are from what a linear prediction, fitted to what is around each, leads one to expect.

    The error of the prediction, laid against the third highest of the milliseconds around (root, as it reaches far),
    times how much of its energy lies in its highest samples: the release of a consonant has more of them.
    """
    if not indices:
        return []
    lag, size = view.lag, view.bin // view.lag
    rate_khz = view.rate_hz / lag / 1000
    order = max(8, round(_PER_KHZ * rate_khz))
    bounds = [((index - _FIT_BINS) * view.bin, (index + _FIT_BINS + 1) * view.bin) for index in indices]
    parts = np.stack([view.samples[low:high:lag] for low, high in bounds])
    centre = _FIT_BINS * size - order  # of the windows of `order` samples and the next, that end where the bin begins
    before, after = centre - size // 2, centre + 3 * size
    moments = covariances(parts, order, ((0, before), (after + order, parts.shape[1] - order)))
    diagonal = np.arange(order + 1)
    energies = moments[:, diagonal, diagonal].mean(axis=1, keepdims=True)
    moments[:, diagonal, diagonal] += _SOFTENED * energies + 1e-12
    ahead = np.linalg.solve(moments[:, :-1, :-1], moments[:, :-1, -1:])[..., 0].astype(np.float32)
    foreseen = np.stack([np.correlate(part[:-1], row, "valid") for part, row in zip(parts, ahead, strict=True)])
    error = np.abs(parts[:, order:] - foreseen)
    middle = error[:, centre : centre + 2 * size]
    rest = np.concatenate((error[:, :before], error[:, after + size // 2 :]), axis=1)
    peaks = rest[:, : rest.shape[1] // size * size].reshape(len(rest), -1, size).max(axis=2)
    peaks.partition(peaks.shape[1] - 3, axis=1)
    times = middle.max(axis=1) / np.maximum(peaks[:, -3], 1e-6)
    around = np.arange(-8 * size, 8 * size + 1)
    energy = np.square(np.take_along_axis(error, centre + middle.argmax(axis=1)[:, None] + around, axis=1))
    count = max(3, round(_SHARP_SAMPLES * rate_khz * 1000 / _SHARP_HZ))
    energy.partition(energy.shape[1] - count, axis=1)
    sharp = energy[:, -count:].sum(axis=1) / np.maximum(energy.sum(axis=1), 1e-20)
    found: list[float] = (np.sqrt(times) * sharp).tolist()
    return found


def _sharpness(view: View, indices: Sequence[int]) -> list[float]:
    """How much of the energy of the second difference, within 8 ms on either side, lies in its highest samples."""
    if not indices:
        return []
    reach, lag = 9 * view.bin, view.lag
    windows = np.lib.stride_tricks.sliding_window_view(view.samples, 2 * reach + view.bin)
    parts = windows[np.array(indices) * view.bin - reach]
    energy = np.square(parts[:, 2 * lag :] - 2 * parts[:, lag:-lag] + parts[:, : -2 * lag])
    whole = energy.sum(axis=1)
    count = max(3, round(_SHARP_SAMPLES * view.rate_hz / _SHARP_HZ))
    energy.partition(energy.shape[1] - count, axis=1)
    found: list[float] = (energy[:, -count:].sum(axis=1) / whole).tolist()
    return found


def _at_s(view: View, index: int) -> float:
    return (view.start + (index + 0.5) * view.bin) / view.rate_hz


def _certainty(times: float, needed: float) -> float:
    return min(1.0, 0.5 + 0.5 * (times / needed - 1) / (_CLEAR - 1))


def _spot(at_s: float, times: float, sure: float) -> Spot:
    at_s = max(0.0, at_s)
    return Spot(SpotKind.CLICK, at_s, at_s + 0.001, round(20 * float(np.log10(times)), 1), round(sure, 2))
