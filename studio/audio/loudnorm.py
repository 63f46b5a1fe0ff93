"""pyloudnorm without most of scipy.

All that pyloudnorm takes from scipy is `scipy.signal.lfilter`, which is one small compiled module.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from studio.audio.compiled import compiled

if TYPE_CHECKING:
    from pyloudnorm import Meter

_SIGNAL: Final = "scipy.signal"
_COMPILED: Final = "scipy.signal._sigtools"
_SHELF: Final = (
    3.99984385397,
    0.7071752369554193,
    1681.9744509555319,
)  # gain, quality and hertz of its "DeMan" filters
_HIGH_PASS: Final = (0.0, 0.5003270373253953, 38.13547087613982)
_NOTHING: Final = 1e-30  # of full scale; smaller numbers would soon be too small to be computed with at full speed
_TOGETHER: Final = 16_384  # samples; as doubles, and with what becomes of them, they stay in the processor's cache


class Weighting:
    """The K-weighting as a stream, with the filters that pyloudnorm designs, run by scipy.

    Its `DeMan` filters are those of BS.1770 at every rate; its usual ones are so at 48 kHz only. Both biquads are made
    one filter of the fourth order, which takes half the time of two.
    """

    def __init__(self, rate_hz: int) -> None:
        design = _pyloudnorm().IIRfilter
        shelf = design(*_SHELF, rate_hz, "high_shelf_DeMan")
        high_pass = design(*_HIGH_PASS, rate_hz, "high_pass_DeMan")
        self._forward = np.convolve(shelf.b, high_pass.b)
        self._back = np.convolve(shelf.a, high_pass.a)
        self._state = np.zeros(len(self._back) - 1)

    def feed(self, samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Filter the next samples, shape (n,), in doubles."""
        found = np.empty(len(samples), np.float32)
        run = compiled(_COMPILED)._linear_filter
        for start in range(0, len(samples), _TOGETHER):
            part = samples[start : start + _TOGETHER].astype(np.float64)
            found[start : start + _TOGETHER], self._state = run(self._forward, self._back, part, -1, self._state)
        self._state[np.abs(self._state) < _NOTHING] = 0.0
        return found


def hop_meter(rate_hz: int, hop_s: float) -> "Meter":
    """A meter of pyloudnorm for what has gone through a `Weighting`; its blocks are `hop_s` long and do not overlap."""
    return _pyloudnorm().Meter(rate_hz, filter_class="custom", block_size=hop_s, overlap=0.0)


def _pyloudnorm() -> Any:
    """The package, imported with an empty module in the place of `scipy.signal`: it looks into that when it filters."""
    if "pyloudnorm" in sys.modules or _SIGNAL in sys.modules:
        return import_module("pyloudnorm")
    sys.modules[_SIGNAL] = ModuleType(_SIGNAL)
    try:
        return import_module("pyloudnorm")
    finally:
        del sys.modules[_SIGNAL]
