"""Whether a part of this machine works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """One part as `batchcast doctor` shows it. `needed` parts make the difference between able and unable to work."""

    part: str
    works: bool
    detail: str
    remedy: str = ""
    needed: bool = True
