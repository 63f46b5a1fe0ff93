"""Sound to test with, and a second meter to test against."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream

Wave = npt.NDArray[np.float32]


def sine(rate_hz: int, parts: Iterable[tuple[float, float]], frequency: float = 1000.0, channels: int = 2) -> Wave:
    """One sine whose level steps: `parts` are (dBFS of the peak, seconds); shape (channels, n)."""
    levels = np.concatenate([np.full(round(seconds * rate_hz), 10 ** (dbfs / 20)) for dbfs, seconds in parts])
    wave = levels * np.sin(2 * np.pi * frequency * np.arange(len(levels)) / rate_hz)
    return np.tile(wave.astype(np.float32), (channels, 1))


def blocks(wave: Wave, size: int = 65_536) -> list[Wave]:
    """A wave in pieces."""
    return [wave[:, start : start + size] for start in range(0, wave.shape[1], size)]


def write(
    path: Path,
    wave: Wave,
    rate_hz: int,
    codec: str = "pcm_f32le",
    layout: str | None = None,
    options: dict[str, str] | None = None,
    container: str | None = None,
) -> Path:
    """Encode with FFmpeg alone, none of our code: shape (channels, n)."""
    layout = layout or {1: "mono", 2: "stereo", 6: "5.1"}[len(wave)]
    with av.open(str(path), "w", format=container, options=options or {}) as file:
        stream = cast(AudioStream, file.add_stream(codec, rate=rate_hz, layout=layout))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave), format="fltp", layout=layout)
        frame.sample_rate = rate_hz
        converter = av.AudioResampler(stream.format.name, layout, rate_hz)
        fifo = av.AudioFifo()
        for part in [*converter.resample(frame), *converter.resample(None)]:
            part.pts = None
            fifo.write(part)
        written = 0
        for part in fifo.read_many(stream.codec_context.frame_size or 4096, partial=True):
            part.pts, part.time_base = written, Fraction(1, rate_hz)
            written += part.samples
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return path


def ebur128(path: Path) -> tuple[float, float, float]:
    """Integrated LUFS, range in LU and true peak in dBTP, by FFmpeg's filter of that name on the decoded file."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        graph = av.filter.Graph()
        ends = graph.add_abuffer(template=stream), graph.add("abuffersink")
        meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
        ends[0].link_to(meter)
        meter.link_to(ends[1])
        graph.configure()
        numbers: dict[str, str] = {}
        for frame in [*file.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    numbers = graph.pull().metadata or numbers
                except (BlockingIOError, EOFError):
                    break
    peak = float(numbers["lavfi.r128.true_peak"])
    return float(numbers["lavfi.r128.I"]), float(numbers["lavfi.r128.LRA"]), 20 * np.log10(peak)


def joined(parts: Sequence[Wave]) -> Wave:
    """Blocks as one wave."""
    return np.concatenate(list(parts), axis=1)
