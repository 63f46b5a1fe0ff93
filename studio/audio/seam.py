"""What becomes of a sound next to the place where another one takes over."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from studio.audio.samples import Samples

MOST_GAIN_DB: Final = 6.0  # what is further off has another fault
CEILING: Final = 10 ** (-0.1 / 20)
KEPT_AFTER_S, KEPT_BEFORE_S = 0.06, 0.03  # of a sound's own silence: the last sound rings out, the next one begins
FADE_S: Final = 0.015


@dataclass(frozen=True, slots=True)
class Edge:
    """Changes a sound at its beginning, counted from its outermost sample: times `factors`, plus `added`.

    Seen from its end, an end is a beginning too: both are shape (channels or 1, n), reversed then.
    """

    factors: Samples
    added: Samples

    def apply(self, block: Samples, at: int) -> None:
        """Change a block in place, which begins at sample `at` of the edge."""
        factors, added = self.factors[:, at : at + block.shape[1]], self.added[:, at : at + block.shape[1]]
        block[:, : factors.shape[1]] *= factors
        block[:, : added.shape[1]] += added


def fade_in(samples: int) -> Samples:
    """Factors that rise from 0 to 1, shape (1, n); backwards, what goes out meanwhile.

    Squares sum up to one, for noise on both sides has nothing to do with each other.
    """
    turn = (np.arange(samples, dtype=np.float32) + 0.5) / max(1, samples) * np.float32(np.pi / 2)
    return np.sin(turn)[None].astype(np.float32)
