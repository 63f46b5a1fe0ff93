"""What linear prediction is fitted by."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Moments = npt.NDArray[np.float64]


def covariances(parts: npt.NDArray[np.float32], order: int, sides: Sequence[tuple[int, int]]) -> Moments:
    """For each of `parts`, shape (n, samples), the sums of the products of samples i and j of its windows.

    The windows are of `order` + 1 samples, and begin at those from the first to the second number (exclusive) of each
    of `sides`; the result has the shape (n, order + 1, order + 1). Only its first row is summed: what is one further
    along a diagonal gains the product that comes in at the end and loses the one that goes out at the beginning (the
    covariance method; Markel and Gray, Linear Prediction of Speech, 1976).
    """
    size = order + 1
    diagonals = np.zeros((len(parts), size, size))  # [n, i, d]: of samples i and i + d
    for first, end in sides:
        for part, row in zip(parts, diagonals, strict=True):
            row[0] += np.correlate(part[first : end + order], part[first:end], "valid")
        diagonals[:, 1:] += _products(parts[:, end : end + order + size], order)
        diagonals[:, 1:] -= _products(parts[:, first : first + order + size], order)
    return np.asarray(diagonals.cumsum(axis=1).reshape(len(parts), -1)[:, _places(size)])


def _products(parts: npt.NDArray[np.float32], order: int) -> Moments:
    """Of each of the first `order` samples and each of the `order` + 1 from there on; behind the last are zeros."""
    padded = np.zeros((len(parts), 2 * order + 1))
    padded[:, : parts.shape[1]] = parts
    windows = np.lib.stride_tricks.sliding_window_view(padded, order + 1, axis=1)[:, :order]
    return np.asarray(padded[:, :order, None] * windows)


@cache
def _places(size: int) -> npt.NDArray[np.intp]:
    """Where each entry of the matrix lies among the diagonals."""
    rows, columns = np.indices((size, size))
    return np.asarray(np.minimum(rows, columns) * size + np.abs(rows - columns))
