"""How long to wait before another try."""

from collections.abc import Callable
from typing import Final

BASE_S: Final = 1.0
CAP_S: Final = 60.0
LONGEST_ASKED_S: Final = 600.0
"""What a vendor asks for beyond this is a mistake, or better tried once too often than waited for."""


def asked_s(retry_after_s: float | None) -> float:
    """What the vendor asks to wait for, in seconds, within reason."""
    return min(LONGEST_ASKED_S, max(0.0, retry_after_s or 0.0))


def spread_s(tries: int) -> float:
    """The longest wait after `tries` failures: 1 s, doubling, 60 s at most."""
    return min(CAP_S, BASE_S * 2.0 ** min(max(tries, 1) - 1, 16))


def backoff_s(tries: int, retry_after_s: float | None, uniform: Callable[[float, float], float]) -> float:
    """Seconds to wait after `tries` (from 1) failures, drawn with full jitter.

    Full jitter clears a crowd the fastest ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015). What the
    vendor asks for comes before it, so that those who were all told the same do not return at the same time.
    """
    return asked_s(retry_after_s) + uniform(0.0, spread_s(tries))
