"""What was heard of a voice: one row for each window of speech."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.quality.speaker import Embeddings

Numbers: TypeAlias = NDArray[np.float32]

_KEPT: Final = 3.0  # spreads below the median; what is less alike is left out of the centre
_ROUNDS: Final = 5
_LEAST_SPREAD: Final = 0.025  # of a cosine; that of a smooth synthetic voice, which now and then has an odd window
_TWO_SPEAKERS: Final = 0.82  # cosine of two halves of the windows, under which they are two voices
_FEW: Final = 2  # windows; so many may be chance
_AGAIN: Final = 0.97  # cosine; of different words by one voice, of two tried, no two windows were more than 0.95 alike
_AT_ONCE: Final = 256  # windows


@dataclass(frozen=True, slots=True)
class Heard:
    """The windows of an episode in order.

    Shapes are (n, 256) and (n,); `speech_s` are seconds of speech, `pitch_hz` is the median, NaN without voiced sound.
    """

    embeddings: Embeddings
    start_s: Numbers
    end_s: Numbers
    speech_s: Numbers
    pitch_hz: Numbers


@dataclass(frozen=True, slots=True)
class MainVoice:
    """Who speaks most: the centre of their windows (256), and how alike to it their windows are."""

    centre: Numbers
    likeness: float  # median cosine
    spread: float  # of the cosines, one standard deviation on the lower side
    windows: int  # that it was learned from: those that are not said again

    def oddness(self, embeddings: Embeddings) -> float:
        """How many spreads the mean of `embeddings`, shape (n, 256), is less alike than one window usually is."""
        return (self.likeness - float(unit(embeddings.mean(axis=0)) @ self.centre)) / self.spread


def unit(vector: Numbers) -> Numbers:
    """`vector` with length 1."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def different(embeddings: Embeddings) -> NDArray[np.intp]:
    """Which windows are not one before them said again, in order.

    The same words sound the same: a second time tells nothing more of a voice, and what is said over and over would
    pass for the whole of it, beside which its other words are somebody else's.
    """
    found: list[int] = []
    for start in range(0, len(embeddings), _AT_ONCE):
        block = embeddings[start : start + _AT_ONCE]
        new = np.flatnonzero((block @ embeddings[found].T).max(axis=1, initial=-1.0) < _AGAIN)
        again = np.triu(block[new] @ block[new].T >= _AGAIN, 1)
        for number in range(len(new)):
            if not again[:, number].any():
                found.append(start + int(new[number]))
            else:
                again[number] = False  # it stands for nothing itself
    return np.array(found, np.intp)


def main_voice(heard: Embeddings) -> MainVoice:
    """The voice of most of the windows, whoever speaks in the others."""
    embeddings = heard[different(heard)]
    members = _larger_part(embeddings)
    kept, centre = members, unit(embeddings[members].mean(axis=0))
    for _ in range(_ROUNDS):
        alike = embeddings @ centre
        likeness, spread = _usual(alike[members])
        kept = members & (alike >= likeness - _KEPT * spread)
        centre = unit(embeddings[kept].mean(axis=0))
    return MainVoice(centre, *_usual(_with_the_others(embeddings[kept])), len(embeddings))


def _with_the_others(embeddings: Embeddings) -> Numbers:
    """The cosine of each with the centre of the others: of few, each makes up so much that it is like itself."""
    others = embeddings.sum(axis=0) - embeddings
    lengths = np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return np.asarray((embeddings * others).sum(axis=1) / lengths, np.float32)


def _usual(alike: Numbers) -> tuple[float, float]:
    low, median = np.quantile(alike, [0.16, 0.5])
    return float(median), max(float(median - low), _LEAST_SPREAD)


def _larger_part(embeddings: Embeddings) -> NDArray[np.bool_]:
    """Which windows belong to the larger of two voices; all of them where there is only one (2-means)."""
    everyone = np.ones(len(embeddings), np.bool_)
    mean = embeddings.mean(axis=0)
    centred = embeddings - mean
    direction = unit(centred[int(np.argmax(np.square(centred).sum(axis=1)))])
    for _ in range(_ROUNDS):  # the first principal component, by power iteration
        direction = unit(centred.T @ (centred @ direction))
    part: NDArray[np.bool_] = centred @ direction > 0
    likeness = 1.0
    for _ in range(_ROUNDS):
        if min(np.count_nonzero(part), np.count_nonzero(~part)) < _FEW:
            return everyone
        one, other = unit(embeddings[part].mean(axis=0)), unit(embeddings[~part].mean(axis=0))
        likeness = float(one @ other)
        part = embeddings @ one > embeddings @ other
    if likeness >= _TWO_SPEAKERS:
        return everyone
    return part if np.count_nonzero(part) * 2 >= len(part) else ~part
