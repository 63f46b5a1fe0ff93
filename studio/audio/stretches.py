"""Where the stretches of True are in a row of flags that is too long to be looked at at once."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def stretches(parts: Iterable[npt.NDArray[np.bool_]]) -> tuple[Places, Places]:
    """Starts and ends (exclusive) of the stretches of True in the `parts`, which follow each other."""
    found: list[Places] = []
    before, at = False, 0
    for flags in parts:
        found.append(np.flatnonzero(np.diff(flags, prepend=before)) + at)
        before, at = bool(flags[-1]), at + len(flags)
    if before:
        found.append(np.array([at]))
    edges = np.concatenate((np.zeros(0, np.int64), *found))
    return edges[::2], edges[1::2]
