"""A high-pass against rumble."""

import numpy as np

from studio.audio.convolve import Kernel

_ORDER = 4  # 24 dB an octave
_PERIODS = 5.0  # of the cutoff that the impulse response lasts: then it has died away by 100 dB
_LONGEST_S = 0.5


def high_pass(rate_hz: int, cutoff_hz: float) -> Kernel:
    """The impulse response of a Butterworth high-pass of the fourth order, 3 dB down at `cutoff_hz`.

    From the analogue prototype, whose poles lie evenly on a half circle (S. Butterworth, 1930), through the bilinear
    transform with its frequency axis bent to keep the cutoff. It begins at its first tap: nothing rings before a sound.
    """
    size = 1 << int(np.ceil(np.log2(4 * _LONGEST_S * rate_hz)))
    angle = np.pi * np.arange(size // 2 + 1) / size
    s = 1j * np.divide(np.tan(np.minimum(angle, np.pi / 2 - 1e-9)), np.tan(np.pi * cutoff_hz / rate_hz))
    poles = np.exp(1j * np.pi * (2 * np.arange(_ORDER) + _ORDER + 1) / (2 * _ORDER))
    response = s**_ORDER / np.prod(s[:, None] - poles, axis=1)
    whole = np.fft.irfft(response, size)
    return np.asarray(whole[: round(min(_PERIODS / cutoff_hz, _LONGEST_S) * rate_hz)])
