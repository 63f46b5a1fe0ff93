"""Stretches of a long sound, in memory one at a time."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from studio.audio.mono import RATE_HZ, Mono
from studio.domain.sound import Span


def excerpts(sound: Iterable[Mono], spans: Sequence[Span]) -> Iterator[Mono]:
    """The samples of each of `spans` of 16 kHz mono `sound`, in order; shorter, or empty, where the sound ends before.

    `spans` may overlap; what is held reaches back to the earliest start that is still to come.
    """
    blocks = iter(sound)
    held = np.zeros(0, np.float32)
    start = 0  # of `held`, in samples
    for number, span in enumerate(spans):
        wanted = round(min(later.start_s for later in spans[number:]) * RATE_HZ)
        first, end = round(span.start_s * RATE_HZ), round(span.end_s * RATE_HZ)
        parts = [held]
        length = start + len(held)
        while length < end and (block := next(blocks, None)) is not None:
            length += len(block)
            parts.append(block)
            if length <= wanted:  # nothing of it is wanted
                parts, start = [], length
        held = np.concatenate(parts) if parts else held[:0]
        drop = min(len(held), max(0, wanted - start))
        held, start = held[drop:], start + drop
        yield held[max(0, first - start) : max(0, end - start)].copy()
