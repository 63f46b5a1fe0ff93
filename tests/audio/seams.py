"""Finds where pieces of speech were put together, by what gives a join away.

Every boundary between two utterances is measured, and compared with all the others of the same file: whoever joins
well leaves boundaries that are like the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.audio.decode import probe, stream
from studio.audio.kweighting import KWeighting
from studio.domain.sound import Mark

Values = NDArray[np.float64]

BIN_S = 0.01
AROUND_S = 20.0  # of speech on either side, for level, pitch and timbre
QUIET_LU = 25.0  # below the speech
FLOOR_DB = -75.0  # what is lower is all the same
EDGE_S = 0.03  # at both ends of a silence, where sounds ring out and begin
SIGMAS = 3.5
# What is never worth a finding, in the unit of each measure.
LEAST = {
    "level": 2.0,  # LU from one side to the other
    "silence": 0.6,  # octaves
    "click": 6.0,  # dB
    "floor step": 3.0,  # dB within the silence
    "floor jump": 3.0,  # dB to the silences before and after
    "dip": 6.0,  # dB
    "pitch": 1.5,  # semitones
    "timbre": 2.0,  # dB of 2 to 4 kHz against 0.2 to 1 kHz
}


@dataclass(frozen=True)
class Finding:
    """A boundary that is unlike the others: the one behind utterance number `after`, at `at_s`."""

    kind: str
    after: int
    at_s: float
    value: float
    usual: float
    spread: float


def seams(path: Path, marks: Sequence[Mark]) -> list[Finding]:
    """What can be found at the boundaries between `marks` in the sound at `path`."""
    found = []
    for kind, values in measured(path, marks).items():
        for index, value in enumerate(values.tolist()):
            others = np.delete(values, slice(max(0, index - 1), index + 2))
            others = others[np.isfinite(others)]
            if not np.isfinite(value) or len(others) < 5:
                continue
            low, usual, high = np.quantile(others, [0.05, 0.5, 0.95]).tolist()
            spread = 1.4826 * float(np.median(np.abs(others - usual)))
            beyond = max(low - value, value - high)
            if beyond > LEAST[kind] / 4 and abs(value - usual) > max(LEAST[kind], SIGMAS * spread):
                found.append(Finding(kind, marks[index].utterance, marks[index].end_s, value, usual, spread))
    return found


def measured(path: Path, marks: Sequence[Mark]) -> dict[str, Values]:
    """Every measure at every boundary, not-a-number where there is nothing to measure."""
    rate_hz = probe(path).rate_hz
    wave = np.concatenate([block[0] for block in stream(path, channels=1)])
    weighting = KWeighting(rate_hz, 1)
    weighted = np.concatenate([weighting.feed(wave[None]), weighting.finish()], axis=1)[0]
    levels, raw = _levels(weighted, rate_hz), _levels(wave, rate_hz)
    spoken = levels > np.median(levels[levels > -60]) - QUIET_LU / 2
    speech_lu = float(10 * np.log10(np.mean(10 ** (levels[spoken] / 10))))
    quiet = _without_blips(levels < speech_lu - QUIET_LU)
    curvature = np.abs(np.diff(wave.astype(np.float64), 2))
    pitch = _pitch(path)
    timbre = _timbre(path)
    found: dict[str, list[float]] = {kind: [] for kind in LEAST}
    floors = []
    for mark, following in pairwise(marks):
        start, end = _silence(quiet, mark.end_s, following.start_s)
        found["silence"].append(float(np.log2(max(end - start, 1) * BIN_S)))
        edge = round(EDGE_S / BIN_S)
        inner = np.maximum(raw[start + edge : max(end - edge, start + edge + 1)], FLOOR_DB)
        half = len(inner) // 2
        floors.append(float(np.median(inner)) if len(inner) > 3 else np.nan)
        found["floor step"].append(float(inner[-half:].mean() - inner[:half].mean()) if half > 2 else np.nan)
        found["dip"].append(float(inner.min() - np.median(inner)) if half > 2 else np.nan)
        first, last = (round((place * BIN_S) * rate_hz) for place in (start + edge, max(end - edge, start + edge + 1)))
        found["click"].append(float(20 * np.log10(max(curvature[first:last].max(initial=0.0), 10 ** (FLOOR_DB / 20)))))
        sides = _side(start, -1, spoken), _side(end, 1, spoken)
        left, right = (10 * np.log10(np.mean(10 ** (levels[side] / 10))) if len(side) else np.nan for side in sides)
        found["level"].append(float(right - left))
        for kind, curve in (("pitch", pitch), ("timbre", timbre)):
            left, right = (np.nanmedian(curve[side[side < len(curve)]]) if len(side) else np.nan for side in sides)
            found[kind].append(float(right - left))
    floor = np.array(floors)
    jumps = np.abs(np.diff(floor))
    before, after = np.append(np.nan, jumps), np.append(jumps, np.nan)
    found["floor jump"] = np.fmax(before, after).tolist()
    return {kind: np.array(values) for kind, values in found.items()}


def _levels(wave: NDArray[np.float32], rate_hz: int) -> Values:
    """Levels of the 10 ms bins in dB."""
    edges = np.round(np.arange(int(len(wave) / rate_hz / BIN_S) + 1) * BIN_S * rate_hz).astype(int)
    power = (
        np.add.reduceat(np.square(wave, dtype=np.float64), edges[:-1])
        / np.diff(edges, append=len(wave))[: len(edges) - 1]
    )
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))


def _without_blips(quiet: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A sound of one or two bins alone does not end a silence."""
    padded = np.concatenate(([True, True], quiet, [True, True]))
    before = padded[1:-3] | padded[:-4]
    after = padded[3:-1] | padded[4:]
    return np.asarray(quiet | (before & after))


def _silence(quiet: NDArray[np.bool_], end_s: float, start_s: float) -> tuple[int, int]:
    """The longest silence between two utterances, as bins; half a bin each side of the middle where there is none."""
    first, last = max(0, round((end_s - 0.2) / BIN_S)), min(len(quiet), round((start_s + 0.2) / BIN_S))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet[first:last], [False])).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        middle = (first + last) // 2
        return middle, middle + 1
    start, end = runs[np.argmax(runs[:, 1] - runs[:, 0])].tolist()
    return first + start, first + end


def _side(place: int, direction: int, spoken: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The bins of speech within `AROUND_S` on one side of a place."""
    reach = round(AROUND_S / BIN_S)
    first, last = (place, place + reach) if direction > 0 else (max(0, place - reach), place)
    return np.flatnonzero(spoken[first:last]) + first


def _frames(path: Path, size: int) -> NDArray[np.float32]:
    """Windowed frames at 8 kHz, one every bin: shape (bins, size)."""
    wave = np.concatenate([block[0] for block in stream(path, 8000, 1)])
    padded = np.pad(wave, (size // 2, size))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: round(8000 * BIN_S)]
    return np.asarray(frames * np.hanning(size).astype(np.float32))


def _pitch(path: Path) -> Values:
    """Semitones above 100 Hz of every bin, by autocorrelation; not-a-number where there is no voice."""
    found = []
    frames = _frames(path, 512)
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(512), 1024)) ** 2)
    lags = np.arange(20, 115)  # 400 to 70 Hz
    for start in range(0, len(frames), 4096):
        spectrum = np.abs(np.fft.rfft(frames[start : start + 4096], 1024)) ** 2
        lagged = np.fft.irfft(spectrum)
        likeness = lagged[:, lags] / np.maximum(lagged[:, :1], 1e-9) / (window[lags] / window[0])
        best = likeness.argmax(axis=1)
        voiced = (likeness.max(axis=1) > 0.7) & (best > 0) & (best < len(lags) - 1)
        found.append(np.where(voiced, 12 * np.log2(8000 / lags[best] / 100), np.nan))
    return np.concatenate(found)


def _timbre(path: Path) -> Values:
    """Level of 2 to 4 kHz against 0.2 to 1 kHz in every bin, in dB."""
    found = []
    frames = _frames(path, 256)
    hz = np.fft.rfftfreq(256, 1 / 8000)
    for start in range(0, len(frames), 4096):
        power = np.abs(np.fft.rfft(frames[start : start + 4096])) ** 2 + 1e-9
        high, low = power[:, (hz >= 2000)].sum(axis=1), power[:, (hz >= 200) & (hz < 1000)].sum(axis=1)
        found.append(10 * np.log10(high / low))
    return np.concatenate(found)
