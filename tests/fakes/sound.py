"""Speech-like sound for any text, made in milliseconds: real MP3 or samples, put together from ready pieces.

Every voice has a bank of voiced pieces of two to nine MP3 frames, each beginning and ending in silence, encoded without
a bit reservoir: any sequence of them is a sound MP3. A text is laid out word by word, so that its length fits its
characters, and the times of the characters are exact. The same request always gives the same bytes.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from zlib import crc32

import av
import numpy as np
from numpy.typing import NDArray

from tests.fakes.catalogue import Format

CHARACTERS_PER_SECOND = 15.0
_LENGTHS = range(2, 10)  # of the pieces, in frames
_VARIANTS = 8
_LEAD_FRAMES = 2  # about 50 ms before the first word, as the service has it
_ENCODER_DELAY = 1105  # samples by which LAME's sound comes late when a decoder does not make up for it
_PAUSES = {".": 10, "?": 10, "!": 10, ":": 7, ";": 6, ",": 5}  # frames of silence that end a word, at most


@dataclass(frozen=True, slots=True)
class Sound:
    """A generated sound as a list of blobs that share memory, and when each character of the text is spoken."""

    text: str = field(repr=False)
    blobs: list[bytes] = field(repr=False)
    seconds: float
    starts: list[float] = field(repr=False)
    ends: list[float] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(map(len, self.blobs))

    def blocks(self, size: int = 65_536) -> Iterator[bytes]:
        """The bytes in blocks of about `size`."""
        block = bytearray()
        for blob in self.blobs:
            block += blob
            while len(block) >= size:
                yield bytes(block[:size])
                del block[:size]
        if block:
            yield bytes(block)

    def with_data(self, data: bytes) -> "Sound":
        """The same in name, with other bytes."""
        return replace(self, blobs=[data] if data else [])

    def data(self) -> bytes:
        """The bytes in one piece."""
        return b"".join(self.blobs)


@dataclass(frozen=True, slots=True)
class _Bank:
    """Ready pieces of one voice in one format. `pieces[length]` has `_VARIANTS` of them."""

    frame_s: float
    silence: bytes
    pieces: dict[int, list[bytes]] = field(repr=False)


def synthetic(text: str, voice_id: str, form: Format, *, seed: int, speed: float, silent: bool = False) -> Sound:
    """Speech-like sound for a text.

    Args:
        text: Of any length.
        voice_id: Gives pitch, timbre and level.
        form: One of `catalogue.FORMATS`.
        seed: Varies the length by up to 6% and the silence at the end.
        speed: Factor on the pace, as in the voice settings.
        silent: Digital silence of the right length instead.
    """
    bank = _bank(voice_id, form)
    chance = crc32(f"{voice_id}\0{text}".encode(), seed & 0xFFFFFFFF)
    pace = CHARACTERS_PER_SECOND * speed * (0.94 + 0.12 * (chance % 1000) / 999)
    frames_per_character = 1 / (pace * bank.frame_s)
    blobs = [bank.silence] * _LEAD_FRAMES
    position = spoken = 0
    for word in _words(text):
        position += len(word)
        frames = round(position * frames_per_character) - spoken
        spoken += frames
        if silent:
            blobs += [bank.silence] * frames
            continue
        pause = min(frames // 3, _PAUSES.get(word.rstrip()[-1:], 1))
        _voice(blobs, bank, frames - pause, crc32(word.encode()))
        blobs += [bank.silence] * pause
    tail = 8 + chance // 1000 % 22  # the service leaves up to 800 ms
    blobs += [bank.silence] * tail
    edges = [(_LEAD_FRAMES + place * frames_per_character) * bank.frame_s for place in range(len(text) + 1)]
    sound = Sound(text, blobs, (_LEAD_FRAMES + spoken + tail) * bank.frame_s, edges[:-1], edges[1:])
    return _with_header(sound, form)


def encoded(samples: NDArray[np.float32], rate_hz: int, form: Format) -> bytes:
    """Samples, shape (n,), as a file of this format."""
    resampled = _resampled(samples, rate_hz, form.rate_hz)
    if form.codec == "mp3":
        return _mp3(resampled, form, reservoir=True)
    data = _pcm(resampled)
    return _wav_header(len(data), form.rate_hz) + data if form.codec == "wav" else data


def _words(text: str) -> Iterator[str]:
    """Words with the white space after them; together they are the text."""
    start = 0
    for place in range(1, len(text)):
        if text[place - 1].isspace() and not text[place].isspace():
            yield text[start:place]
            start = place
    if start < len(text):
        yield text[start:]


def _voice(blobs: list[bytes], bank: _Bank, frames: int, choice: int) -> None:
    """Append pieces of `frames` frames together; `choice` decides which."""
    while frames >= _LENGTHS[0]:
        length = frames if frames <= _LENGTHS[-1] else 5 + choice % 4
        if frames - length == 1:
            length -= 1
        blobs.append(bank.pieces[length][choice // 4 % _VARIANTS])
        frames -= length
        choice = crc32(b"next", choice)
    blobs += [bank.silence] * max(frames, 0)


def _with_header(sound: Sound, form: Format) -> Sound:
    if form.codec != "wav":
        return sound
    return replace(sound, blobs=[_wav_header(sound.size, form.rate_hz), *sound.blobs])


@lru_cache(maxsize=32)
def _bank(voice_id: str, form: Format) -> _Bank:
    # MPEG-2 frames (the lower rates) hold half as many samples.
    samples = 1152 if form.codec == "mp3" and form.rate_hz > 24_000 else 576
    if form.codec != "mp3":
        samples = form.rate_hz // 40
    rng = np.random.default_rng(crc32(voice_id.encode()))
    pitch_hz, level = rng.uniform(90, 220), 10 ** (-rng.uniform(6, 14) / 20)
    tones = {
        length: [_tone(length * samples, form.rate_hz, pitch_hz, level, rng) for _ in range(_VARIANTS)]
        for length in _LENGTHS
    }
    if form.codec != "mp3":
        pieces = {length: [_pcm(tone) for tone in some] for length, some in tones.items()}
        return _Bank(samples / form.rate_hz, bytes(2 * samples), pieces)
    return _Bank(samples / form.rate_hz, *_encoded_pieces(tones, samples, form))


def _encoded_pieces(
    tones: dict[int, list[NDArray[np.float32]]], samples: int, form: Format
) -> tuple[bytes, dict[int, list[bytes]]]:
    """Frames of silence and of each tone, cut out of one MP3 that holds them all, three silent frames between."""
    skipped = -(-_ENCODER_DELAY // samples)  # whole frames that the encoder's delay fills
    track: list[NDArray[np.float32]] = [np.zeros(skipped * samples - _ENCODER_DELAY, np.float32)]
    gap = np.zeros(3 * samples, np.float32)
    for some in tones.values():
        for tone in some:
            track += [gap, tone]
    frames = _split(_mp3(np.concatenate([*track, gap, gap]), form, reservoir=False), form)[skipped:]
    pieces: dict[int, list[bytes]] = {}
    place = 0
    for length, some in tones.items():
        pieces[length] = []
        for _ in some:
            place += 3
            pieces[length].append(b"".join(frames[place : place + length]))
            place += length
    return frames[place + 3], pieces


def _tone(samples: int, rate_hz: int, pitch_hz: float, level: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """A vowel: harmonics of a gliding pitch under two formants, fading in from silence and out to it."""
    time = np.arange(samples) / rate_hz
    glide = pitch_hz * rng.uniform(0.9, 1.1) * (1 + rng.uniform(-0.08, 0.08) * np.linspace(0, 1, samples))
    phase = 2 * np.pi * np.cumsum(glide) / rate_hz
    formants = rng.uniform(350, 800), rng.uniform(1000, 2400)
    tone = np.zeros(samples)
    for harmonic in range(1, int(min(3800, rate_hz * 0.45) / (pitch_hz * 1.2))):
        distance = min(abs(harmonic * pitch_hz - formant) / 250 for formant in formants)
        tone += np.sin(harmonic * phase) / (1 + distance**2)
    tone += 0.02 * rng.standard_normal(samples)  # breath
    edge = np.minimum(1, np.minimum(time, time[::-1]) / min(0.02, time[-1] / 3))
    tone *= np.sin(edge * np.pi / 2) ** 2
    return np.asarray(level * tone / np.abs(tone).max(), dtype=np.float32)


def _split(data: bytes, form: Format) -> list[bytes]:
    """The frames of a bare MP3, without the Info frame that the writer puts first."""
    factor = 144 if form.rate_hz > 24_000 else 72
    frames, place = [], 0
    while place + 4 <= len(data):
        assert data[place : place + 2] >= b"\xff\xe0", "not at the head of a frame"
        size = factor * form.kbps * 1000 // form.rate_hz + (data[place + 2] >> 1 & 1)
        frames.append(data[place : place + size])
        place += size
    return frames[1:] if b"Info" in frames[0] or b"Xing" in frames[0] else frames


def _mp3(samples: NDArray[np.float32], form: Format, *, reservoir: bool) -> bytes:
    buffer = io.BytesIO()
    options = {"fflags": "+bitexact", "id3v2_version": "0", "write_xing": "0"}
    with av.open(buffer, "w", format="mp3", options=options) as container:
        stream = container.add_stream("libmp3lame", rate=form.rate_hz, layout="mono")
        stream.codec_context.bit_rate = form.kbps * 1000
        stream.codec_context.options = {"compression_level": "7", "reservoir": str(int(reservoir))}
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :]), format="fltp", layout="mono")
        frame.sample_rate = form.rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def _resampled(samples: NDArray[np.float32], rate_hz: int, wanted_hz: int) -> NDArray[np.float32]:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :]), format="fltp", layout="mono")
    frame.sample_rate = rate_hz
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=wanted_hz)
    parts = [part.to_ndarray()[0] for part in [*resampler.resample(frame), *resampler.resample(None)]]
    return np.concatenate(parts).astype(np.float32)


def _pcm(samples: NDArray[np.float32]) -> bytes:
    return np.clip(np.rint(samples * 32_767), -32_768, 32_767).astype("<i2").tobytes()


def _wav_header(size: int, rate_hz: int) -> bytes:
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16, b"data", size
    )
