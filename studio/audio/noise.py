"""Bursts of noise: where nobody speaks, and loud ones over speech."""

from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.audio.mono import RATE_HZ, Mono
from studio.audio.spectra import powers
from studio.domain.sound import Spot, SpotKind

_SIZE, _HOP = 512, 256  # samples of a frame, and from one to the next: 32 and 16 ms
_TONE_SIZE, _TONE_HOP = 1024, 512
_TONE_EVERY: Final = 4  # samples for one that is looked at for tones: they are deep
_HOP_S: Final = _HOP / RATE_HZ
_AT_ONCE: Final = RATE_HZ // 2
_EDGES_HZ: Final = (200, 500, 1000, 2000, 4000, 7500)  # of the bands
_BAND_PART: Final = 0.45  # of the file's own rate: higher up there may be nothing
_VALLEY: Final = 0.3  # quantile of the powers within a band: between the harmonics of a voice
_VALLEY_TO_MEAN_DB: Final = 1.6  # at most, as seven tenths of the powers are no lower: 10 * log10(1 / 0.7), rounded up
# Noise falls by so many dB an octave from one band to the next: white, pink, and what hisses.
_SLOPES: Final = (0.0, 3.0, -6.0)
# Flat enough, for so many frames on end: (number of the slope, frames, dB from the deepest valley up to the highest
# band, dB of the valleys to the speech). The breath and the consonants of two voices stayed below each.
_FLAT: Final = (
    (0, 4, -11.5, -24.0),
    (0, 6, -12.0, -29.0),
    (0, 12, -12.5, -42.0),
    (1, 4, -13.0, -29.0),
    (1, 6, -14.0, -34.0),
    (1, 10, -14.5, -60.0),
    (2, 5, -13.5, -60.0),
    (2, 8, -15.0, -60.0),
)
# Loud in every band at once, over whatever else there is: (frames, dB of the valleys below the speech).
_LOUD: Final = ((4, -16.5), (6, -20.0), (10, -22.0))
# Below 16 kHz, the hissing consonants look like noise: what there is of their band holds no valley.
_LOUD_NARROW: Final = ((5, -12.0), (8, -15.0))
_LOOSEST_FLAT: Final = -15.0
_LOOSEST_LOUD: Final = -26.0
_UNSETTLED_DB: Final = 4.0  # by which the level of the speech may still change
# Steady for so many changes on end, by so many dB at most: with a strong part as deep as the mains, and without. The
# steadiest vowels of a clean voice held 0.8 dB for two changes and 1.2 for three.
_DEEP_TONE: Final = ((2, 1.4), (3, 1.8), (4, 2.2))
_TONE: Final = ((5, 1.3), (7, 1.6))
_TONE_PARTS: Final = slice(2, 96)  # of the spectrum: 31 to 1,480 Hz
_MAINS: Final = slice(0, 3)  # parts from 31 to 62 Hz
_MAINS_DB: Final = -15.0  # to the strongest
# Deeper than any voice, and as loud for so many frames on end: (frames, dB to the speech). Pops of the lips, the
# loudest that a voice does down there, stayed below -25 for three.
_RUMBLE: Final = (3, -20.0)
_RUMBLE_PARTS: Final = slice(0, 2)  # 31 and 47 Hz
_PITCH_PART: Final = 3  # 78 Hz: where this is stronger, somebody speaks very low
_NO_RUMBLE_DB: Final = -127
_TONE_HZ: Final = 400  # hum and buzz are strongest below
_TONE_BELOW_DB: Final = 20.0  # parts that much below the strongest are left out
_LEAST_TONE_DB: Final = -30.0  # to the speech
_ABOVE_FLOOR_DB: Final = 10.0
_BELOW_SPEECH_DB: Final = 45.0
_FAINTEST_DB: Final = -65.0
_SPEECH, _FLOOR = 0.95, 0.10  # quantiles of the level
_LOWEST_DB: Final = -120
_JOINED_S: Final = 0.25

_Levels = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Run:
    start_s: float
    end_s: float
    level: float
    beyond: float  # dB past what was asked for


class Noise:
    """A listener: feed 16 kHz mono, then `finish`, then read `spots`.

    A voice never fills all bands at once: its vowels leave valleys between the harmonics and little above them, its
    hissing consonants little below. So the deepest of the valleys of five bands is how much noise there is at least,
    even under speech; where nobody speaks, a spectrum that is flat, or evenly tilted, is noise however soft it is. Hum
    and buzz hold their spectrum as no voice does. Keeps 9 bytes for each 16 ms that may turn out to be noise.
    """

    def __init__(self, rate_hz: int) -> None:
        """`rate_hz` is that of the file, before it became 16 kHz."""
        frequency = np.fft.rfftfreq(_SIZE, 1 / RATE_HZ)
        edges = [hz for hz in _EDGES_HZ if hz <= max(_BAND_PART * rate_hz, _EDGES_HZ[3])]
        if edges[-1] < min(_EDGES_HZ[-1], _BAND_PART * rate_hz):
            edges.append(round(_BAND_PART * rate_hz))
        self._bands = [
            slice(int(np.searchsorted(frequency, low)), int(np.searchsorted(frequency, high)))
            for low, high in pairwise(edges)
        ]
        octaves = np.log2([np.sqrt(low * high) / 1000 for low, high in pairwise(edges)])
        self._tilts = [(slope * octaves).astype(np.float32)[:, None] for slope in _SLOPES]
        self._window = np.hanning(_SIZE).astype(np.float32)
        self._tone_window = np.hanning(_TONE_SIZE // _TONE_EVERY).astype(np.float32)
        self._kept: Mono = np.zeros(0, np.float32)
        self._pieces: list[Mono] = []
        self._waiting = 0
        self._frames = 0
        self._levels = np.zeros(-_LOWEST_DB + 20, np.int64)  # histogram in dB
        self._places = array("I")
        self._features = array("b")  # for each place: level, least noise, and for each slope how flat, in half dB
        self._last: _Levels | None = None  # spectrum of the last frame that was looked at for tones
        self._tone_places = array("I")
        self._tone_features = array("b")  # for each place: dB, change in tenths, whether it is deep, dB of the rumble

    def feed(self, samples: Mono) -> None:
        """Add samples."""
        self._pieces.append(samples.copy())
        self._waiting += len(samples)
        if self._waiting >= _AT_ONCE:
            self._look()

    def finish(self) -> None:
        """Look at the rest."""
        self._pieces.append(np.zeros(_TONE_SIZE, np.float32))
        self._look()

    def _look(self) -> None:
        samples = np.concatenate((self._kept, *self._pieces))
        self._pieces, self._waiting = [], 0
        frames = (len(samples) - _TONE_SIZE) // _TONE_HOP * (_TONE_HOP // _HOP)
        if frames <= 0:
            self._kept = samples
            return
        views = np.lib.stride_tricks.sliding_window_view
        cut = views(samples, _SIZE)[: frames * _HOP : _HOP]
        few = _every(samples[: len(samples) // _TONE_EVERY * _TONE_EVERY])
        tones = views(few, _TONE_SIZE // _TONE_EVERY)[: frames * _HOP // _TONE_EVERY : _TONE_HOP // _TONE_EVERY]
        self._look_at(powers(cut, self._window))
        self._tones(powers(tones, self._tone_window))
        self._frames += frames
        self._kept = samples[frames * _HOP :]

    def _look_at(self, power: _Levels) -> None:
        power *= np.float32(2 / (np.square(self._window).sum() * _SIZE))
        power += np.float32(10 ** (_LOWEST_DB / 10) / _SIZE)
        level = np.clip(10 * np.log10(power.sum(axis=1)), _LOWEST_DB, 19)
        self._levels += np.bincount((level - _LOWEST_DB).astype(np.int64), minlength=len(self._levels))
        speech = self._quantile(_SPEECH)
        # One row for each band, and not for each frame: rows of five numbers would take several times as long.
        means = _db(np.stack([power[:, band].mean(axis=1) for band in self._bands]) * np.float32(_SIZE / 2))
        sounding = (level > _FAINTEST_DB) & (level > speech - _BELOW_SPEECH_DB)
        # A valley is no higher than its band's mean allows, which spares most frames the search for it.
        could = sounding & self._maybe(means + _VALLEY_TO_MEAN_DB, means, speech)[0]
        places = np.flatnonzero(could)
        valleys = [_quantile(power[:, band][places]) for band in self._bands]
        valley = _db(np.stack(valleys) * np.float32(_SIZE / 2))
        maybe, least, flat = self._maybe(valley, means[:, places], speech)
        places = places[maybe]
        self._places.frombytes((places + self._frames).astype(np.uint32).tobytes())
        features = np.column_stack((level[places], least[maybe], 2 * flat[:, maybe].T))
        self._features.frombytes(np.clip(np.rint(features), -127, 127).astype(np.int8).tobytes())

    def _maybe(self, valleys: _Levels, means: _Levels, speech: float) -> tuple[npt.NDArray[np.bool_], _Levels, _Levels]:
        """Of frames whose bands have these valleys and means, in dB: which may be noise; how much it is; how flat.

        Shapes are (bands, n), and (slopes, n) of the last.
        """
        least = valleys.min(axis=0)
        flat = np.stack([(valleys + tilt).min(axis=0) - (means + tilt).max(axis=0) for tilt in self._tilts])
        return (flat.max(axis=0) >= _LOOSEST_FLAT) | (least >= speech + _LOOSEST_LOUD), least, flat

    def _tones(self, power: _Levels) -> None:
        power *= np.float32(2 / (np.square(self._tone_window).sum() * len(self._tone_window)))
        db = _db(power[:, _TONE_PARTS] + np.float32(1e-14))
        before = db[:1] + 99 if self._last is None else self._last
        all_db = np.concatenate((before, db))
        self._last = db[-1:]
        top = all_db.max(axis=1)
        low = all_db.argmax(axis=1)[1:] + 2 <= _TONE_HZ * _TONE_SIZE // RATE_HZ
        strong = all_db[1:] > np.minimum(top[1:], top[:-1])[:, None] - _TONE_BELOW_DB
        change = np.where(strong, np.abs(np.diff(all_db, axis=0)), 0).sum(axis=1) / np.maximum(strong.sum(axis=1), 1)
        rumble = all_db[1:, _RUMBLE_PARTS].max(axis=1)
        rumble[rumble < all_db[1:, _PITCH_PART]] = _NO_RUMBLE_DB
        steady = low & (change <= _DEEP_TONE[-1][1])
        loud = rumble > self._quantile(_SPEECH) + _RUMBLE[1] - _UNSETTLED_DB
        places = np.flatnonzero((steady | loud) & (top[1:] > _FAINTEST_DB))
        self._tone_places.frombytes((places + self._frames * _HOP // _TONE_HOP).astype(np.uint32).tobytes())
        deep = all_db[1:, _MAINS].max(axis=1) >= top[1:] + _MAINS_DB
        change[~low] = np.inf
        features = np.column_stack((top[1:], 10 * change, deep, rumble))[places]
        self._tone_features.frombytes(np.clip(np.rint(features), -127, 127).astype(np.int8).tobytes())

    def _quantile(self, quantile: float) -> float:
        counts = np.cumsum(self._levels)
        return float(_LOWEST_DB + int(np.searchsorted(counts, quantile * counts[-1])))

    def spots(self) -> list[Spot]:
        """The bursts, in order of time, each with the dB by which it is above the quiet parts of the whole."""
        speech, floor = self._quantile(_SPEECH), self._quantile(_FLOOR)
        runs = [*self._noises(speech, floor), *self._hums(speech, floor)]
        runs.sort(key=lambda run: run.start_s)
        joined: list[_Run] = []
        for run in runs:
            if joined and run.start_s - joined[-1].end_s < _JOINED_S:
                last = joined.pop()
                level, beyond = max(run.level, last.level), max(run.beyond, last.beyond)
                run = _Run(last.start_s, max(run.end_s, last.end_s), level, beyond)  # noqa: PLW2901  (both as one)
            joined.append(run)
        floor = max(floor, speech - 2 * _BELOW_SPEECH_DB)
        return [
            Spot(
                SpotKind.NOISE,
                run.start_s,
                run.end_s,
                round(run.level - floor, 1),
                round(min(1.0, 0.6 + run.beyond / 10), 2),
            )
            for run in joined
        ]

    def _noises(self, speech: float, floor: float) -> list[_Run]:
        places = np.frombuffer(self._places, np.uint32)
        features = np.frombuffer(self._features, np.int8).reshape(-1, 2 + len(_SLOPES))
        level, least = features[:, 0].astype(np.int16), features[:, 1].astype(np.int16)
        audible = (level > floor + _ABOVE_FLOOR_DB) & (level > speech - _BELOW_SPEECH_DB)
        found = []
        narrow = len(self._bands) < len(_EDGES_HZ) - 1
        for number, frames, flat, below in () if narrow else _FLAT:
            enough = audible & (features[:, 2 + number] >= 2 * flat) & (least >= speech + below)
            found += _runs(places, enough, frames, level, features[:, 2 + number] / 2 - flat)
        for frames, below in _LOUD_NARROW if narrow else _LOUD:
            found += _runs(
                places,
                audible & (least >= speech + below),
                frames,
                level,
                (least - (speech + below)).astype(np.float64),
            )
        return found

    def _hums(self, speech: float, floor: float) -> list[_Run]:
        places = np.frombuffer(self._tone_places, np.uint32) * np.uint32(_TONE_HOP // _HOP)
        features = np.frombuffer(self._tone_features, np.int8).reshape(-1, 4)
        level = features[:, 0].astype(np.int16)
        audible = (level > floor + _ABOVE_FLOOR_DB) & (level > speech + _LEAST_TONE_DB)
        found = []
        for frames, change, deep in (*((*one, 1) for one in _DEEP_TONE), *((*one, 0) for one in _TONE)):
            steady = audible & (features[:, 1] <= 10 * change) & (features[:, 2] >= deep)
            runs = _runs(places, steady, frames, level, np.zeros(len(level)), _TONE_HOP // _HOP)
            # A change belongs to two frames: the run began one frame earlier.
            found += [_Run(run.start_s - _TONE_HOP / RATE_HZ, run.end_s, run.level, 4.0) for run in runs]
        frames, below = _RUMBLE
        rumble = features[:, 3].astype(np.int16)
        loud = (rumble > floor + _ABOVE_FLOOR_DB) & (rumble >= speech + below)
        return found + _runs(places, loud, frames, level, (rumble - (speech + below)) / 2, _TONE_HOP // _HOP)


def _runs(
    places: npt.NDArray[np.uint32],
    good: npt.NDArray[np.bool_],
    least: int,
    level: npt.NDArray[np.int16],
    beyond: npt.NDArray[np.float64],
    step: int = 1,
) -> list[_Run]:
    """The runs of at least `least` good frames one after the other."""
    at = np.flatnonzero(good)
    if not len(at):
        return []
    edges = np.concatenate(([0], np.flatnonzero(np.diff(places[at]) != step) + 1, [len(at)]))
    found = []
    for number in np.flatnonzero(np.diff(edges) >= least).tolist():
        part = at[edges[number] : edges[number + 1]]
        first, last = int(places[part[0]]), int(places[part[-1]])
        end_s = last * _HOP_S + (_SIZE if step == 1 else _TONE_SIZE) / RATE_HZ
        margin = float(np.median(beyond[part])) + (len(part) - least) / 4
        found.append(_Run(first * _HOP_S, end_s, float(level[part].max()), margin))
    return found


def _every(samples: Mono) -> Mono:
    """The means of every `_TONE_EVERY` samples, and of two of those: what lies higher is not to return as a tone."""
    rows = samples.reshape(-1, _TONE_EVERY)
    few: Mono = ((rows[:, 0] + rows[:, 1]) + (rows[:, 2] + rows[:, 3])) * np.float32(1 / _TONE_EVERY)
    few[1:] = (few[1:] + few[:-1]) / np.float32(2)
    return few


def _quantile(band: _Levels) -> _Levels:
    place = int(band.shape[1] * _VALLEY)
    return np.asarray(np.partition(band, place, axis=1)[:, place])


def _db(power: _Levels) -> _Levels:
    return np.asarray(10 * np.log10(power))
