"""How high a voice is: the fundamental frequency of stretches of speech."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio.audio.spectra import correlations, powers

_RATE_HZ: Final = 4000  # enough: the lag is interpolated
_DECIMATION: Final = 4
_FRAME: Final = 200  # 50 ms: two periods of the lowest voice
_HOP: Final = 100
_FFT: Final = 288  # at least a frame and the longest lag
_LOWEST_HZ, _HIGHEST_HZ = 55.0, 500.0
_VOICED: Final = 0.55  # autocorrelation, of 1
_FEWEST: Final = 8  # voiced frames, 0.2 s
_OCTAVE_COST: Final = 0.03  # how much more a lag twice as long has to be alike (Boersma 1993 has 0.01 at a finer rate)


def median_pitch(sounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """The median pitch in Hz of each row of 16 kHz mono, shape (n, samples); NaN where too little of it is voiced.

    The autocorrelation of frames of 50 ms, divided by that of their window (Boersma, “Accurate short-term analysis of
    the fundamental frequency”, 1993). Of the peaks the highest counts, a shorter lag before a longer one that is hardly
    better, which keeps the result from falling an octave.
    """
    # One at a time stays in the processor's cache.
    return np.array([_median(frames) for frames in _frames(_decimated(sounds))], np.float32)


def _frames(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(rows, _FRAME, axis=1)[:, ::_HOP]


def _median(frames: NDArray[np.float32]) -> float:
    """The median pitch of the frames, shape (n, _FRAME), of one row."""
    window, expected = _window()
    centred = np.zeros((len(frames), _FFT), np.float32)
    np.multiply(frames - frames.mean(axis=1, keepdims=True), window, out=centred[:, :_FRAME])
    shortest, longest = int(_RATE_HZ / _HIGHEST_HZ) - 1, round(_RATE_HZ / _LOWEST_HZ) + 1
    alike = correlations(powers(centred), _FFT)[..., : longest + 1]
    power = alike[..., :1].copy()
    alike /= np.maximum(power, 1e-12) * expected[: longest + 1]
    before, here, after = (alike[..., shortest + step : longest - 1 + step] for step in (0, 1, 2))
    bend = np.minimum(before - 2 * here + after, -1e-9)
    shift = 0.5 * (before - after) / bend
    height = here - 0.25 * (before - after) * shift
    lags = np.arange(shortest + 1, longest)
    cost = (_OCTAVE_COST * np.log2(lags)).astype(np.float32)
    worth = np.where((here >= before) & (here > after), np.minimum(height, 1) - cost, np.float32(-9))
    best = (np.arange(len(frames)), worth.argmax(axis=1))
    voiced = (height[best] > _VOICED) & (worth[best] > -9)
    voiced &= power[:, 0] > 0.03 * power[:, 0].max(initial=1e-9)
    if np.count_nonzero(voiced) < _FEWEST:
        return np.nan
    found = np.sort(_RATE_HZ / (lags[best[1]] + shift[best])[voiced])
    return float((found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2)  # a tenth of the time of `numpy.median`


def _decimated(sounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """16 kHz to 4 kHz through a short low-pass filter: the mean of four, twice."""
    count = sounds.shape[1] // _DECIMATION
    fours = sounds[:, : count * _DECIMATION].reshape(len(sounds), count, _DECIMATION)
    means = (fours[..., 0] + fours[..., 1]) + (fours[..., 2] + fours[..., 3])
    halves = (means[:, 1:] + means[:, :-1]) / (2 * _DECIMATION)
    return np.asarray(halves, np.float32)


@cache
def _window() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The Hann window of a frame, and its autocorrelation, 1 at lag 0."""
    window = np.hanning(_FRAME + 2)[1:-1]
    spectrum = np.fft.rfft(window, _FFT)
    expected = np.fft.irfft(np.abs(spectrum) ** 2, _FFT)
    return window.astype(np.float32), (expected / expected[0]).astype(np.float32)
