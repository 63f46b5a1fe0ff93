"""Faults to put into speech on purpose: clicks, clipping, noise and steps, at random places."""

import numpy as np
from numpy.typing import NDArray

from tests.audio.audio_samples import Wave

Random = np.random.Generator


def click(wave: Wave, at: int, width: int, level: float) -> Wave:
    """A pulse of `width` samples at sample `at` of every channel."""
    out = wave.copy()
    out[:, at : at + width] += np.float32(level)
    return out


def clipped(wave: Wave, start: int, end: int, over_db: float, gain: float = 1.0, *, one_sided: bool = False) -> Wave:
    """A stretch whose tops are cut so far below its peak, all turned down by `gain` afterwards."""
    out = wave.copy()
    part = out[:, start:end]
    top = np.abs(part).max() * 10 ** (-over_db / 20)
    out[:, start:end] = np.clip(part, -10.0 if one_sided else -top, top)
    return (out * gain).astype(np.float32)


def burst(colour: str, count: int, rate_hz: int, random: Random) -> NDArray[np.float32]:
    """Noise of RMS 1: white, pink, or the hum of the mains."""
    if colour == "hum":
        time = np.arange(count) / rate_hz
        wave = np.sum([np.sin(2 * np.pi * 50 * number * time + number) / number for number in (1, 2, 3, 4, 5)], axis=0)
    else:
        spectrum = np.fft.rfft(random.standard_normal(count))
        if colour == "pink":
            spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 4))
        wave = np.fft.irfft(spectrum, count)
    return np.asarray(wave / np.sqrt(np.square(wave).mean()), np.float32)


def with_burst(wave: Wave, at: int, colour: str, seconds: float, dbfs: float, rate_hz: int, random: Random) -> Wave:
    """A burst added from sample `at` on, at that RMS level."""
    out = wave.copy()
    noise = burst(colour, round(seconds * rate_hz), rate_hz, random) * 10 ** (dbfs / 20)
    out[:, at : at + len(noise)] += noise[: out.shape[1] - at].astype(np.float32)
    return out


def louder(wave: Wave, start: int, end: int, db: float) -> Wave:
    """A stretch at another level."""
    out = wave.copy()
    out[:, start:end] *= np.float32(10 ** (db / 20))
    return out
