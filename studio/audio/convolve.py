"""A stream filtered by a long kernel, block by block in the frequency domain (overlap-save)."""

import numpy as np
import numpy.typing as npt

from studio.audio.samples import Samples

Kernel = npt.NDArray[np.float64]
"""A finite impulse response, shape (taps,)."""

_PER_TAP = 8  # length of a transform for each tap, roughly: most of every transform is then new
_LEAST = 1 << 15


class Convolver:
    """Feed blocks of any length, shape (channels, n); what comes out is late by up to one hop, until `finish`.

    `kernels` are of one length and share their `centre`, the tap that stands at the sample itself: as many samples come
    out as went in, at the times at which they went in. The cuts lie at fixed places of the stream, so that the result
    does not depend on how it was fed.
    """

    def __init__(self, kernels: npt.NDArray[np.float64], centre: int, channels: int) -> None:
        taps = kernels.shape[1]
        self._size = max(_LEAST, 1 << int(np.ceil(np.log2(_PER_TAP * taps))))
        self._hop = self._size - taps + 1
        self._spectra = np.fft.rfft(kernels, self._size)[:, None].astype(np.complex64)  # noise: 120 dB down
        self._waiting: Samples = np.zeros((channels, taps - 1 - centre), np.float32)
        self._centre = centre
        self._owed = 0  # samples that went in and did not come out

    def feed(self, block: Samples) -> Samples:
        """Filter a block: shape (kernels, channels, n)."""
        self._owed += block.shape[1]
        self._waiting = np.concatenate((self._waiting, block), axis=1)
        return self._go_on()

    def finish(self) -> Samples:
        """The rest: behind the last sample there is silence."""
        missing = self._owed + self._size - 1 - self._waiting.shape[1]
        owed = self._owed
        self._waiting = np.pad(self._waiting, ((0, 0), (0, max(0, missing))))
        return self._go_on()[:, :, :owed]

    def _go_on(self) -> Samples:
        parts: list[Samples] = [np.zeros((len(self._spectra), len(self._waiting), 0), np.float32)]
        start = 0
        while start + self._size <= self._waiting.shape[1]:
            spectrum = np.fft.rfft(self._waiting[:, start : start + self._size])
            whole = np.fft.irfft(spectrum * self._spectra, self._size)
            parts.append(np.asarray(whole[:, :, -self._hop :], np.float32))
            start += self._hop
        self._waiting = self._waiting[:, start:].copy()
        out: Samples = np.concatenate(parts, axis=2)
        self._owed -= out.shape[2]
        return out
