"""Matrix products on one thread."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_Float = TypeVar("_Float", bound=np.floating[Any])

# OpenBLAS spreads a product over all cores from more than this many multiplications on (its interface/gemm.c).
_ONE_THREAD = 4 * 65_536


def product(rows: npt.NDArray[_Float], matrix: npt.NDArray[_Float]) -> npt.NDArray[_Float]:
    """`rows` (n, k) times `matrix` (k, m): shape (n, m), in pieces that BLAS keeps on one thread.

    Episodes are worked on side by side, one on each core: threads of a single one would only fight over the cores, and
    its result would depend on how many there are.
    """
    size = max(1, _ONE_THREAD // max(1, matrix.size))
    whole = len(rows) - len(rows) % size
    out = np.empty((len(rows), matrix.shape[1]), rows.dtype)
    stacked = rows[:whole].reshape(-1, size, rows.shape[1])
    np.matmul(stacked, matrix, out=out[:whole].reshape(-1, size, matrix.shape[1]))
    np.matmul(rows[whole:], matrix, out=out[whole:])
    return out
