"""Any audio file as a stream of float32 blocks."""

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from studio.audio import headers
from studio.audio.channels import folded, mixed
from studio.audio.samples import Samples, mixdown
from studio.domain.errors import AudioError

BLOCK = 65_536
_LOUDEST = 1e6  # a sample of +120 dBFS is no sound; not-a-number fails the comparison too
_SHORT_BY_S = 0.25  # encoders trim and pad less than this; what lacks more was cut off
_SLOWEST_HZ, _FASTEST_HZ = 4_000, 768_000  # beyond them, a header is wrong; K-weighting needs more than 3.4 kHz
_MOST_CHANNELS = 24  # of 22.2, the largest layout there is
_SHORT_BY = 3_000  # samples, which at 8 kHz are longer than that
_CURE = "Give an audio file that plays in a player, such as WAV, FLAC, MP3 or M4A."
_DAMAGED_CURE = "Copy or download the file again, or export it anew."
# Only real audio containers: FFmpeg would also open playlists that point to other files, and text as pictures.
_CONTAINERS = (
    "aac,aiff,amr,asf,au,avi,caf,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,rm,tta,w64,wav,wv"
)
# These state their length; of the others FFmpeg makes a guess.
_STATES_LENGTH = frozenset({"aiff", "caf", "flac", "matroska", "mov", "w64"})
_JOINED_BY_APPENDING = frozenset({"mp3", "mp3float"})
_TYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}  # of FFmpeg's samples
_FULL_SCALE = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}
_USUAL = {1: ("FC",), 2: ("FL", "FR"), 6: ("FL", "FR", "FC", "LFE", "BL", "BR")}


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says of itself, before anything is decoded.

    `channel_names` are FFmpeg's: FL, FR, FC, LFE, ... `stated_s` is the length that the file states, None where it
    states none; `about_s` is that or a guess, for a progress bar only.
    """

    container: str
    codec: str
    rate_hz: int
    channel_names: tuple[str, ...]
    stated_s: float | None
    about_s: float | None

    @property
    def channels(self) -> int:
        """How many channels."""
        return len(self.channel_names)


def probe(path: Path) -> AudioInfo:
    """What the first audio stream of `path` is. Raises `AudioError` where there is none."""
    with _opened(path) as (container, stream):
        return _info(path, container, stream)


def stream(
    path: Path, rate_hz: int | None = None, channels: int | None = None, block: int = BLOCK, *, fold: bool = False
) -> Generator[Samples, None, None]:
    """The first audio stream of `path` in blocks of at least `block` samples, shape (channels, n), full scale 1.0.

    Resampled to `rate_hz` and mixed to `channels` (1 or 2) where these are given. Encoder delay and padding are taken
    off where the file states them. To `fold` is for who only reads: blocks whose channels are all the same are as
    `channels.folded` makes them, and take half as long to come. Raises `AudioError`, also in the middle of a file: for
    damage, for a file that ends before the length it states, and for samples that are not numbers.
    """
    with _opened(path) as (container, audio):
        info = _info(path, container, audio)
        matrix = None if channels is None or channels == info.channels else mixdown(info.channel_names, channels)
        resampler = None
        if rate_hz is not None and rate_hz != info.rate_hz:
            resampler = Resampler(info.rate_hz, rate_hz, channels or info.channels)
        # FFmpeg trims the padding of an MP3 by itself, but not that of AAC in an M4A.
        longest = round(info.stated_s * info.rate_hz) if info.container == "mov" and info.stated_s else sys.maxsize
        position = 0
        for raw in _decoded(path, container, audio, info, _Queue(info.channels, fold=fold), block):
            _refuse_nonsense(path, raw, position, info.rate_hz)
            decoded = raw[:, : max(0, longest - position)]
            position += decoded.shape[1]
            wave = decoded if matrix is None else mixed(decoded, matrix)
            yield wave if resampler is None else resampler.feed(wave)
        if not position:
            raise AudioError(f"“{path.name}” holds no sound.", _CURE)
        shortest_s = (info.stated_s or 0.0) - max(_SHORT_BY_S, _SHORT_BY / info.rate_hz)
        if info.stated_s is not None and position / info.rate_hz < shortest_s:
            raise AudioError(
                f"“{path.name}” ends after {position / info.rate_hz:.1f} s, but states {info.stated_s:.1f} s.",
                _DAMAGED_CURE,
            )
        if resampler is not None:
            yield resampler.finish()


class Resampler:
    """Changes the sample rate of a stream of blocks, shape (channels, n), with libswresample, without delay."""

    def __init__(self, rate_hz: int, new_rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._layout = _layout(channels)
        self._resampler = av.AudioResampler("fltp", self._layout, new_rate_hz)
        self._empty: Samples = np.zeros((channels, 0), np.float32)

    def feed(self, block: Samples) -> Samples:
        """Resample a block."""
        starts = range(0, block.shape[1], BLOCK)  # libswresample keeps copies of what it is given at once
        parts = [as_frame(block[:, start : start + BLOCK], self._rate_hz, self._layout) for start in starts]
        return self._joined([frame for part in parts for frame in self._resampler.resample(part)])

    def finish(self) -> Samples:
        """What was held back."""
        return self._joined(self._resampler.resample(None))

    def _joined(self, frames: list[AudioFrame]) -> Samples:
        return np.concatenate((self._empty, *(frame.to_ndarray() for frame in frames)), axis=1)


def as_frame(block: Samples, rate_hz: int, layout: str) -> AudioFrame:
    """A block as a frame for FFmpeg, without a time of its own."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), format="fltp", layout=layout)
    frame.sample_rate = rate_hz
    return frame


def _layout(channels: int) -> str:
    return {1: "mono", 2: "stereo"}.get(channels, f"{channels}c")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    try:
        if path.is_file() and not path.stat().st_size:
            raise AudioError(f"“{path.name}” is empty.", _CURE)
        container = av.open(
            f"file:{path}",  # with the protocol, lest a name with a colon be taken for one
            options={"protocol_whitelist": "file", "format_whitelist": _CONTAINERS},
            metadata_errors="replace",
        )
    except OSError as error:
        raise AudioError(f"“{path.name}” cannot be opened: {error.strerror}.", _CURE) from error
    except (av.FFmpegError, ValueError) as error:  # "invalid data", or an end before anything has begun
        raise AudioError(f"“{path.name}” is not audio, or it is damaged.", _CURE) from error
    with container:
        streams = container.streams.audio
        if not streams:
            raise AudioError(f"“{path.name}” has no audio stream.", _CURE)
        # PyAV gives no codec context where it has no decoder; a rate of 0 is a header with nothing behind it.
        if getattr(streams[0], "codec_context", None) is None or not (streams[0].rate and streams[0].channels):
            raise AudioError(f"The audio in “{path.name}” is of a kind that cannot be decoded.", _CURE)
        if not _SLOWEST_HZ <= streams[0].rate <= _FASTEST_HZ or streams[0].channels > _MOST_CHANNELS:
            count = streams[0].channels
            stated = f"{count} channel{'' if count == 1 else 's'} at {streams[0].rate:,} Hz"
            raise AudioError(f"“{path.name}” states {stated}, which no recording has.", _DAMAGED_CURE)
        yield container, streams[0]


def _info(path: Path, container: InputContainer, audio: AudioStream) -> AudioInfo:
    name = container.format.name.split(",")[0]
    about = None
    if audio.duration is not None and audio.time_base is not None:
        about = float(audio.duration * audio.time_base)
    elif container.duration is not None:
        about = container.duration / av.time_base
    stated = about if name in _STATES_LENGTH else None
    if about is not None and name in {"mp3", "wav"}:
        stated = headers.stated_length(path, about)
    names = tuple(channel.name for channel in audio.layout.channels)
    if "NONE" in names:  # a plain WAV does not say which channels it has
        names = _USUAL.get(len(names), names)
    return AudioInfo(name, audio.codec_context.name, audio.rate, names, stated, about)


def _decoded(
    path: Path, container: InputContainer, audio: AudioStream, info: AudioInfo, queue: "_Queue", block: int
) -> Iterator[Samples]:
    """Blocks as they come out of the decoder, at the rate and with the channels of `info`."""
    uniform = _Uniform(audio.layout.name, info)
    for frame in _frames(path, container, audio):
        for part in uniform.feed(frame):
            queue.add(part)
        if queue.samples >= block:
            yield queue.all()
    for part in uniform.finish():
        queue.add(part)
    if queue.samples:
        yield queue.all()


def _frames(path: Path, container: InputContainer, audio: AudioStream) -> Iterator[AudioFrame]:
    """Decode packet by packet. Damage at either end is a cut that players forgive; in the middle it is a fault.

    Except for one lost packet of an MP3: that is how it looks where two were joined by appending the files.
    """
    done = damaged = damaged_at = 0
    forgiven = 1 if audio.codec_context.name in _JOINED_BY_APPENDING else 0
    try:
        for packet in container.demux(audio):
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                damaged_at = damaged_at if damaged else done
                damaged += 1 if done else 0
                continue
            for frame in frames:
                if damaged > forgiven:
                    raise AudioError(f"“{path.name}” is damaged at {damaged_at / audio.rate:.1f} s.", _DAMAGED_CURE)
                if isinstance(frame, AudioFrame):
                    damaged = 0
                    done += frame.samples
                    yield frame
    except (av.FFmpegError, OSError) as error:
        raise AudioError(f"“{path.name}” cannot be decoded after {done / audio.rate:.1f} s.", _DAMAGED_CURE) from error


class _Uniform:
    """Passes on frames that are like the first one, and converts others to it (they occur in joined MP3s)."""

    def __init__(self, layout: str, info: AudioInfo) -> None:
        self._info = info
        self._layout = layout
        self._wanted: tuple[int, str, str] | None = None
        self._now: tuple[int, str, str] | None = None
        self._converter: av.AudioResampler | None = None

    def feed(self, frame: AudioFrame) -> list[AudioFrame]:
        """A frame, in none, one or more parts."""
        kind = (frame.sample_rate, frame.format.name, frame.layout.name)
        if kind == self._now and self._converter is None:
            return [frame]
        if self._wanted is None:
            layout = frame.layout.name if frame.layout.nb_channels == self._info.channels else self._layout
            self._now = self._wanted = (self._info.rate_hz, frame.format.name, layout)
        before = []
        if kind != self._now:
            before = self.finish()
            rate_hz, sample_format, layout = self._wanted
            self._now = kind
            self._converter = None if kind == self._wanted else av.AudioResampler(sample_format, layout, rate_hz)
        return before + ([frame] if self._converter is None else self._converter.resample(frame))

    def finish(self) -> list[AudioFrame]:
        """What a conversion holds back."""
        return [] if self._converter is None else self._converter.resample(None)


class _Queue:
    """Gathers frames of one kind into blocks: FFmpeg's own queue copies everything three times.

    To `fold` is to keep one plane only, for as long as all planes of a block hold the same bytes.
    """

    def __init__(self, channels: int, *, fold: bool) -> None:
        self._channels = channels
        self._fold = fold
        self._planes: list[list[bytes]] = []
        self._type: np.dtype[Any] = np.dtype("f4")
        self._width = 0  # bytes that a sample takes in a plane
        self._count = 0  # planes of a frame
        self.samples = 0

    def add(self, frame: AudioFrame) -> None:
        """Copy the samples of a frame: the next one may lie where it lay."""
        planes, samples = frame.planes, frame.samples
        if not self._planes:
            self._type = np.dtype(_TYPES[frame.format.name.removesuffix("p")])
            self._count = len(planes)
            self._width = self._channels // self._count * self._type.itemsize
            self._planes = [[] for _ in range(1 if self._fold else self._count)]
        size = samples * self._width
        # The end of a plane may be padded.
        copies = [copy if len(copy) == size else copy[:size] for copy in map(bytes, planes)]
        if len(self._planes) < self._count and copies.count(copies[0]) < self._count:
            self._planes += [self._planes[0].copy() for _ in range(self._count - 1)]
        for kept, copy in zip(self._planes, copies, strict=False):  # of planes that are the same, one
            kept.append(copy)
        self.samples += samples

    def all(self) -> Samples:
        """Everything as one block; the queue is empty then."""
        whole = bytearray().join(copy for copies in self._planes for copy in copies)  # unlike bytes, to be written to
        values = np.frombuffer(whole, self._type).reshape(len(self._planes), -1)
        self._planes, self.samples = [], 0
        full_scale = _FULL_SCALE.get(self._type.str[1:], 1.0)
        with np.errstate(over="ignore"):  # what is too large for float32 becomes infinite, and is refused as that
            floats: Samples = values.astype(np.float32, copy=False)
        if full_scale != 1.0:
            floats = floats / np.float32(full_scale) - np.float32(self._type.kind == "u")
        if len(floats) == self._channels:
            return floats
        if self._count == self._channels:
            return np.broadcast_to(floats, (self._channels, floats.shape[1]))
        block = np.ascontiguousarray(floats.reshape(-1, self._channels).T)
        return folded(block) if self._fold else block


def _refuse_nonsense(path: Path, block: Samples, start: int, rate_hz: int) -> None:
    # The two extremes cost nothing; not-a-number makes the comparisons false.
    rows = block if block.strides[0] else block[:1]
    if float(rows.min(initial=0.0)) >= -_LOUDEST and float(rows.max(initial=0.0)) <= _LOUDEST:
        return
    bad = start + int(np.argmax(~(np.abs(block) <= _LOUDEST).all(axis=0)))
    raise AudioError(
        f"“{path.name}” holds samples that are not numbers, or are far beyond full scale, at {bad / rate_hz:.1f} s.",
        "Export the file again from the program that made it.",
    )
