"""Where nobody speaks."""

import numpy as np

from studio.audio.bins import BIN_S
from studio.audio.gathered import Gathered
from studio.audio.meter import lufs
from studio.audio.samples import Powers
from studio.audio.stretches import stretches
from studio.domain.sound import Span

_BELOW_SPEECH = 35.0  # LU; pauses of a clean recording are lower still, the softest consonants are not
_LEAST_BELOW_SPEECH = 22.0  # LU; in a noisy room the threshold rises with the noise, but never above this
_ABOVE_NOISE = 6.0  # LU; short-time fluctuation of steady noise
_NOISE_QUANTILE = 0.10
_WITHOUT_SPEECH = -60.0  # LUFS; the threshold where no speech level is known
_BLIP = 2  # bins of sound, alone in silence, that do not end it: a mouth click is not speech


class Silences:
    """Fed with the K-weighted 10 ms mean squares of the meter: free of DC and rumble, which are no speech either.

    Levels are kept in half-LU steps, one byte a bin: 3.6 MB for 10 hours.
    """

    def __init__(self) -> None:
        self._levels = Gathered()
        self._counts = np.zeros(256, np.int64)  # of bins at each level

    def feed(self, powers: Powers) -> None:
        """Add bins."""
        levels = -2.0 * (-0.691 + 10.0 * np.log10(np.maximum(powers, 1e-13)))
        steps = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
        self._levels.add(steps.tobytes())
        self._counts += np.bincount(steps, minlength=256)

    @property
    def packed(self) -> bytes:
        """All levels, as they are kept."""
        return self._levels.all()

    def threshold(self, speech_lufs: float | None) -> float:
        """LUFS below which a bin is silent, for speech of that integrated loudness."""
        if speech_lufs is None:
            return _WITHOUT_SPEECH
        counts = np.cumsum(self._counts[::-1])
        noise = -(255 - int(np.searchsorted(counts, _NOISE_QUANTILE * counts[-1]))) / 2
        return max(speech_lufs - _BELOW_SPEECH, min(noise + _ABOVE_NOISE, speech_lufs - _LEAST_BELOW_SPEECH))

    def spans(self, speech_lufs: float | None, shortest_s: float, duration_s: float) -> tuple[Span, ...]:
        """The silences of at least `shortest_s` seconds; one that reaches the last bin ends at `duration_s`."""
        highest = -2.0 * self.threshold(speech_lufs) if self._levels else 0.0
        parts = self._levels.parts()
        starts, ends = stretches(np.frombuffer(part, np.uint8) > highest for part in parts)
        apart = starts[1:] - ends[:-1] > _BLIP
        starts = starts[np.concatenate((starts[:1] >= 0, apart))]
        ends = ends[np.concatenate((apart, ends[-1:] >= 0))]
        ends_s = np.where(ends == len(self._levels), duration_s, ends * BIN_S)
        long = ends_s - starts * BIN_S >= shortest_s - 1e-9
        return tuple(map(Span, (starts[long] * BIN_S).tolist(), ends_s[long].tolist()))


def unpacked(levels: bytes) -> Powers:
    """Levels as `Silences` keeps them, in LUFS."""
    return np.frombuffer(levels, np.uint8) / -2.0


def quantised(powers: Powers) -> bytes:
    """Mean squares as `Peaks.loudness` keeps them: half-LU steps below 0 LUFS, 255 for silence."""
    return bytes(255 if power <= 0 else min(max(round(-2 * lufs(power)), 0), 255) for power in powers.tolist())
