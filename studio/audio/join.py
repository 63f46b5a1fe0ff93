"""Several pieces of sound as one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from studio.audio.decode import probe, stream
from studio.audio.encode import FlacWriter
from studio.engine.ports import Report


def join(report: Report, sources: Sequence[Path], out: Path, gap_s: float = 0.0) -> tuple[float, ...]:
    """Write `sources` one after the other to the FLAC `out`, with `gap_s` seconds of silence between them.

    Returns the second at which each begins, exact to the sample. The rate is the highest of the sources; the result is
    mono where all of them are, otherwise stereo. Raises `AudioError`, and leaves no file then.
    """
    infos = [probe(source) for source in sources]
    rate_hz = max(info.rate_hz for info in infos)
    channels = min(2, max(info.channels for info in infos))
    gap = np.zeros((channels, round(gap_s * rate_hz)), np.float32)
    starts: list[float] = []
    with FlacWriter(out, rate_hz, channels) as joined:
        for source in sources:
            if starts:
                joined.write(gap)
            starts.append(joined.seconds)
            for block in stream(source, rate_hz, channels):
                joined.write(block)
            report(len(starts) / len(sources))
    return tuple(starts)
