"""What a block of samples is, and what its channels count for."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.float32]
"""A block of sound, shape (channels, n). Full scale is 1.0."""

Powers: TypeAlias = npt.NDArray[np.float64]
"""Mean squares, one per bin, shape (n,)."""

_LOW_FREQUENCY = {"LFE", "LFE2"}
_LEFT = {"FL", "SL", "BL", "DL", "WL", "TFL", "TBL", "TSL", "FLC", "SDL"}
_RIGHT = {"FR", "SR", "BR", "DR", "WR", "TFR", "TBR", "TSR", "FRC", "SDR"}
_FRONT_PAIR = {"FL", "FR", "DL", "DR"}


def loudness_weights(names: Sequence[str]) -> tuple[float, ...]:
    """The weight of each channel in BS.1770-4, table 4: surround pairs 1.41, low frequency effects 0, all others 1.

    A single channel has weight 1. Back channels are the surround pair only where there are no side channels.
    """
    surround = {"SL", "SR"} if "SL" in names else {"BL", "BR"}
    return tuple(0.0 if name in _LOW_FREQUENCY else 1.41 if name in surround else 1.0 for name in names)


def mixdown(names: Sequence[str], channels: int) -> Samples:
    """The matrix, shape (channels, len(names)), that mixes to mono or stereo without ever exceeding full scale.

    Left and right go to their sides; everything else goes to both, and all but the front pair 3 dB down
    (ITU-R BS.775). Low frequency effects are left out. Mono is the mean of the two sides; a mono source is copied.
    """
    sides = np.zeros((2, len(names)), np.float32)
    for column, name in enumerate(names):
        if name in _LOW_FREQUENCY:
            continue
        level = 1.0 if name in _FRONT_PAIR else np.sqrt(0.5)
        sides[0, column] = 0.0 if name in _RIGHT else level
        sides[1, column] = 0.0 if name in _LEFT else level
    matrix = sides.mean(axis=0, keepdims=True) if channels == 1 else sides
    loudest: float = np.abs(matrix).sum(axis=1).max()
    return np.asarray(matrix / max(loudest, 1e-9), np.float32)
