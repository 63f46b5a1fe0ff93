"""Speech made faster, at the same pitch."""

import av
import numpy as np
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as NothingMore

from studio.audio.decode import as_frame
from studio.audio.mono import Mono


class Tempo:
    """Makes a stream of one channel `factor` times as fast (0.5 to 2) and keeps its pitch (FFmpeg `atempo`, WSOLA).

    What sounds at t seconds of the result sounded at `factor` times t, to some hundredths of a second.
    """

    def __init__(self, rate_hz: int, factor: float) -> None:
        graph = av.filter.Graph()
        source = graph.add_abuffer(sample_rate=rate_hz, format="fltp", layout="mono")
        faster = graph.add("atempo", f"{factor}")
        plain = graph.add("aformat", "sample_fmts=fltp")
        sink = graph.add("abuffersink")
        source.link_to(faster)
        faster.link_to(plain)
        plain.link_to(sink)
        graph.configure()
        self._graph = graph
        self._rate_hz = rate_hz

    def feed(self, samples: Mono) -> Mono:
        """The next samples, shape (n,); gives what is ready."""
        if len(samples):
            self._graph.push(as_frame(samples[np.newaxis], self._rate_hz, "mono"))
        return self._ready()

    def finish(self) -> Mono:
        """What was held back."""
        self._graph.push(None)
        return self._ready()

    def _ready(self) -> Mono:
        parts = [np.zeros(0, np.float32)]
        while True:
            try:
                parts.append(self._graph.pull().to_ndarray()[0])
            except (NothingYet, NothingMore):
                return np.concatenate(parts)
