"""Plays a finished MP3 through, as a listener's player would, to prove that it can be."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from studio.domain.errors import AudioError


@dataclass(frozen=True, slots=True)
class Played:
    """What a decoder makes of a finished MP3: seconds of sound, bits a second, chapter starts in milliseconds."""

    duration_s: float
    bit_rate: int
    rate_hz: int
    channels: int
    chapter_starts_ms: tuple[int, ...]


def play(path: Path, expected_s: float, report: Callable[[float], None]) -> Played:
    """Decode all of `path` and count. Raises `AudioError` where a decoder stumbles."""
    samples, told = 0, 0.0
    try:
        # A handle and a named format: no file name can be mistaken for an address or another format.
        with path.open("rb") as handle, av.open(handle, mode="r", format="mp3") as container:
            stream = container.streams.audio[0]
            rate = stream.codec_context.sample_rate
            for frame in container.decode(stream):
                samples += frame.samples
                if samples - told >= rate * 60:
                    told = samples
                    report(min(samples / rate / max(expected_s, 1e-3), 1.0))
            starts = tuple(
                round(chapter["start"] * (chapter["time_base"] or 1) * 1000) for chapter in container.chapters()
            )
            return Played(samples / rate, stream.codec_context.bit_rate or 0, rate, stream.channels, starts)
    except (av.error.FFmpegError, IndexError) as error:
        raise AudioError(f"The MP3 “{path.name}” cannot be decoded.", "Have the episode mastered again.") from error
