"""Fourier transforms of many short rows at once."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from studio.audio.compiled import compiled

_POCKETFFT: Final = "scipy.fft._pocketfft.pypocketfft"

_TOGETHER: Final = 64  # rows; with all that is computed of them they stay in the processor's cache

Rows: TypeAlias = npt.NDArray[np.float32]


def spectra(rows: Rows) -> npt.NDArray[np.complex64]:
    """As `numpy.fft.rfft(rows)`, of shape (n, size), in half the time: several rows go through it together."""
    return np.asarray(compiled(_POCKETFFT).r2c(rows, (1,), True, 0, None, 1))


def powers(rows: Rows, window: Rows | None = None) -> Rows:
    """The squared magnitudes of `spectra`, of the rows times `window`, shape (size,), where there is one."""
    found = np.empty((len(rows), rows.shape[1] // 2 + 1), np.float32)
    for start in range(0, len(rows), _TOGETHER):
        part, out = rows[start : start + _TOGETHER], found[start : start + _TOGETHER]
        lines = spectra(part if window is None else part * window)
        np.square(lines.real, out=out)
        out += np.square(lines.imag)
    return found


def correlations(powers: Rows, size: int) -> Rows:
    """As `numpy.fft.irfft(powers, size)`: the circular autocorrelations that belong to power spectra."""
    return np.asarray(compiled(_POCKETFFT).c2r(powers.astype(np.complex64), (1,), size, False, 2, None, 1))
