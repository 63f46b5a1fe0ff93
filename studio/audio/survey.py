"""What mastering must know of a take beforehand, found while the take is analysed."""

import math
from pathlib import Path

import numpy as np

from studio.audio.channels import mixed
from studio.audio.convolve import Convolver
from studio.audio.decode import Resampler, probe
from studio.audio.highpass import high_pass
from studio.audio.leveller import Leveller
from studio.audio.meter import Meter
from studio.audio.phase import SPREADS_S, Crests, pair
from studio.audio.samples import Powers, Samples, mixdown
from studio.domain.sound import LoudnessTarget


class Level:
    """How loud a sound is as its target counts it: LUFS, or RMS in dBFS over all channels and the whole length.

    The RMS is that of the sound without its offset, which mastering takes off; K-weighting hears none anyway. A
    detector. One channel stands for all those of the target, which are to be the same. `leveller` is told what the
    meter heard.
    """

    def __init__(self, target: LoudnessTarget, channels: int, leveller: Leveller | None = None) -> None:
        self._by_rms = target.by_rms
        self._leveller = leveller
        self._meter = Meter(target.rate_hz, (target.channels / channels,) * channels)
        self._squares, self._sums, self._samples = 0.0, np.zeros(channels), 0

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n)."""
        self._squares += float(np.square(block).sum(dtype=np.float64))
        self._sums += block.sum(axis=1, dtype=np.float64)
        self._samples += block.shape[1]
        self._tell(self._meter.feed(block))

    def finish(self) -> None:
        """There are no more."""
        self._tell(self._meter.finish())

    @property
    def lufs(self) -> float | None:
        """The loudness, or None where nothing passes the gate."""
        return self._meter.integrated

    def behind(self, gain_db: float) -> float | None:
        """The level that the sound would have with that gain, or None where nothing passes the gate."""
        if not self._by_rms:
            return self._meter.integrated_at(gain_db)
        if not self._samples:
            return None
        energy = self._squares - float(np.square(self._sums).sum()) / self._samples
        return 10 * math.log10(energy / self._samples / len(self._sums)) + gain_db if energy > 0 else None

    def _tell(self, powers: Powers) -> None:
        if self._leveller is not None:
            self._leveller.feed(powers)


class Survey:
    """A detector that hears a take in the rate of the master, through the high-pass that is asked for.

    `channels` is what is to be worked on: a mono take is one wave, however many channels the master has. `offset`,
    shape (channels, 1), is the mean of each channel, to be taken off: a limiter would have to make room for it.
    """

    def __init__(self, source: Path, target: LoudnessTarget) -> None:
        info = probe(source)
        self.channels = min(info.channels, target.channels)
        self.samples = 0
        self.leveller = Leveller()
        self.level = Level(target, self.channels, self.leveller if target.levelling else None)
        self.crests = Crests()
        self.high_pass = high_pass(target.rate_hz, target.high_pass_hz) if target.high_pass_hz else None
        self._matrix = None if self.channels == info.channels else mixdown(info.channel_names, self.channels)
        self._resampler = None
        if info.rate_hz != target.rate_hz:
            self._resampler = Resampler(info.rate_hz, target.rate_hz, self.channels)
        pairs = [pair(target.rate_hz, spread_s) for spread_s in SPREADS_S]
        centre = pairs[0][1]
        kernels = np.concatenate((np.zeros((1, 2 * centre + 1)), *(kernels for kernels, _ in pairs)))
        kernels[0, centre] = 1.0
        if self.high_pass is not None:
            kernels = np.stack([np.convolve(self.high_pass, kernel) for kernel in kernels])
        self._convolver = Convolver(kernels, centre, self.channels)
        self._total = np.zeros((self.channels, 1))

    @property
    def offset(self) -> Samples:
        """The mean of each channel; not there any more behind a high-pass."""
        return np.asarray(self._total / max(self.samples, 1), np.float32)

    def feed(self, block: Samples) -> None:
        """Samples as they come out of the file."""
        wave = block if self._matrix is None else mixed(block, self._matrix)
        self._hear(wave if self._resampler is None else self._resampler.feed(wave))

    def finish(self) -> None:
        """There are no more."""
        if self._resampler is not None:
            self._hear(self._resampler.finish())
        self._take(self._convolver.finish())
        self.level.finish()

    def _hear(self, block: Samples) -> None:
        self.samples += block.shape[1]
        self._total += block.sum(axis=1, keepdims=True, dtype=np.float64)
        self._take(self._convolver.feed(block))

    def _take(self, waves: Samples) -> None:
        if waves.shape[2]:
            self.level.feed(waves[0])
            # The offset is not known yet; that of a block, one of over half a second, is near enough.
            self.crests.feed(waves - waves.mean(axis=2, keepdims=True))
