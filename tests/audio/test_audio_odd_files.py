"""Files from anywhere: broken headers, heavy tags, films, damage. A report or a sentence, never a traceback."""

import re
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.audio.decode import probe
from studio.domain.errors import AudioError
from tests.audio.audio_samples import Wave, sine, write

RATE_HZ = 44_100
SECONDS = 1.2
TONE: Wave = sine(RATE_HZ, [(-12.0, SECONDS)], 440.0, channels=1)
CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "flac": "flac", "m4a": "aac", "mka": "flac", "aiff": "pcm_s16be"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One second of a tone in every format."""
    folder = tmp_path_factory.mktemp("odd")
    noisy = TONE + np.random.default_rng(0).normal(0, 0.01, TONE.shape).astype(np.float32)
    return {kind: write(folder / f"a.{kind}", noisy, RATE_HZ, codec).read_bytes() for kind, codec in CODECS.items()}


def seconds_of(path: Path) -> float:
    return analyse(path, lambda _: None).sound.duration_s


def field(content: bytes, chunk: bytes, offset: int, value: bytes) -> bytes:
    """A WAV with other bytes at so many behind the name of a chunk."""
    at = content.index(chunk) + offset
    return content[:at] + value + content[at + len(value) :]


def number(value: int) -> bytes:
    return struct.pack("<I", value)


def stated(content: bytes, size: int) -> bytes:
    """A WAV that states that many bytes, of itself and of its sound."""
    return field(field(content, b"RIFF", 4, number(size)), b"data", 4, number(size))


# What a writer leaves that did not know how long it would be, or was killed.
UNKNOWN = {"nothing": 0, "all ones": 0xFFFF_FFFF, "almost all ones": 0xFFFF_FFFF - 36, "half": 0x7FFF_FFFF}


@pytest.mark.parametrize("size", UNKNOWN)
def test_a_wav_whose_writer_did_not_know_its_length_is_read(size: str, files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(stated(files["wav"], UNKNOWN[size]))
    assert seconds_of(path) == pytest.approx(SECONDS, abs=0.01)


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "longer than it is": (lambda wav: stated(wav, 3 * len(wav)), r"ends after 1\.2 s, but states 3\.6 s"),
    "no rate": (lambda wav: field(wav, b"fmt ", 12, number(0)), "is not audio, or it is damaged"),
    "one sample a second": (lambda wav: field(wav, b"fmt ", 12, number(1)), "states 1 channel at 1 Hz, which no rec"),
    "too slow to weigh": (lambda wav: field(wav, b"fmt ", 12, number(3000)), "at 3,000 Hz, which no recording has"),
    "two thousand million": (lambda wav: field(wav, b"fmt ", 12, number(2 * 10**9)), "at 2,000,000,000 Hz"),
    "no channels": (lambda wav: field(wav, b"fmt ", 10, b"\0\0"), "of a kind that cannot be decoded"),
    "99 channels": (lambda wav: field(wav, b"fmt ", 10, b"\x63\0"), "states 99 channels at 44,100 Hz"),
    "no bits": (lambda wav: field(wav, b"fmt ", 22, b"\0\0"), "of a kind that cannot be decoded"),
    "an unknown codec": (lambda wav: field(wav, b"fmt ", 8, b"\x77\x77"), "of a kind that cannot be decoded"),
    "no sound behind it": (lambda wav: wav[: wav.index(b"data")], "is not audio, or it is damaged"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_wav_with_a_broken_header_gets_a_sentence(how: str, files: dict[str, bytes], tmp_path: Path) -> None:
    change, sentence = BROKEN[how]
    path = tmp_path / "a.wav"
    path.write_bytes(change(files["wav"]))
    with pytest.raises(AudioError, match=f"“a.wav”.*{sentence}|{sentence}"):
        seconds_of(path)


@pytest.mark.parametrize("kind", CODECS)
@pytest.mark.parametrize("kept", [30, 700])
def test_a_few_bytes_of_a_file_get_a_sentence(kind: str, kept: int, files: dict[str, bytes], tmp_path: Path) -> None:
    """Among them a FLAC that ends within its own header: to FFmpeg that is an end, not invalid data."""
    path = tmp_path / f"a.{kind}"
    path.write_bytes(files[kind][:kept])
    with pytest.raises(AudioError, match=rf"“a\.{kind}”") as caught:
        seconds_of(path)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")


def tag(size: int, content: bytes) -> bytes:
    """An ID3v2.3 tag of that size."""
    return b"ID3\x03\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + content.ljust(size, b"\0")


def picture(size: int) -> bytes:
    body = b"\0image/jpeg\0\x03\0\xff\xd8" + np.random.default_rng(2).bytes(size - 26)
    return b"APIC" + struct.pack(">I", len(body)) + b"\0\0" + body


@pytest.mark.parametrize("content", [b"", picture(1_000_000)], ids=["padding", "a picture"])
def test_a_megabyte_of_tags_changes_nothing(content: bytes, files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(tag(1_000_000, content) + files["mp3"])
    assert seconds_of(path) == pytest.approx(SECONDS, abs=1e-4)
    path.write_bytes(path.read_bytes()[:-9000])  # what it states stands behind the tag, and is still believed
    with pytest.raises(AudioError, match=r"“a\.mp3” ends after 0\.\d s, but states 1\.2 s"):
        seconds_of(path)
    path.write_bytes(tag(1_000_000, content))
    with pytest.raises(AudioError, match=r"“a\.mp3”"):
        seconds_of(path)


def test_many_mp3s_in_one_are_as_long_as_all_of_them(files: dict[str, bytes], tmp_path: Path) -> None:
    """Joined by appending: what the first states is its own length, and FFmpeg's guess at the whole is too long."""
    path = tmp_path / "a.mp3"
    path.write_bytes(files["mp3"] * 40)
    assert seconds_of(path) == pytest.approx(40 * SECONDS, abs=2.5)


def film(path: Path) -> Path:
    """Moving pictures first, then the sound."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("mpeg4", rate=25)
        video.width = video.height = 64
        audio = file.add_stream("aac", rate=RATE_HZ, layout="mono")
        for at in range(round(25 * SECONDS)):
            picture = av.VideoFrame(64, 64, "yuv420p")
            picture.pts = at
            file.mux(video.encode(picture))
        file.mux(video.encode(None))
        fifo, written = av.AudioFifo(), 0
        frame = av.AudioFrame.from_ndarray(TONE, format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        fifo.write(frame)
        for part in fifo.read_many(1024, partial=True):
            part.pts, part.time_base = written, Fraction(1, RATE_HZ)
            written += part.samples
            file.mux(audio.encode(part))
        file.mux(audio.encode(None))
    return path


@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov"])
def test_a_film_is_its_sound(kind: str, tmp_path: Path) -> None:
    path = film(tmp_path / f"film.{kind}")
    assert probe(path).codec == "aac"
    sound = analyse(path, lambda _: None).sound
    assert sound.duration_s == pytest.approx(SECONDS, abs=0.03)
    assert sound.true_peak_dbtp == pytest.approx(-12.0, abs=0.5)


@pytest.mark.parametrize(
    "codec", ["pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f64le", "pcm_mulaw", "pcm_alaw", "adpcm_ms"]
)
def test_every_kind_of_sample_in_a_wav_is_the_same_sound(codec: str, tmp_path: Path) -> None:
    sound = analyse(write(tmp_path / "a.wav", TONE, RATE_HZ, codec), lambda _: None).sound
    assert sound.duration_s == pytest.approx(SECONDS, abs=0.05)
    assert sound.true_peak_dbtp == pytest.approx(-12.0, abs=0.6)


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    """Cut off, with other bytes in its head or anywhere, with a piece missing, or with a number that is too large."""
    out, kind = bytearray(content), random.integers(5)
    at = int(random.integers(len(out)))
    if kind == 0:
        return bytes(out[: at + 1])
    if kind in {1, 2}:
        for place in random.integers(300 if kind == 1 else len(out), size=int(random.integers(1, 20))).tolist():
            out[place] = int(random.integers(256))
    elif kind == 3:
        del out[at : at + int(random.integers(1, 3000))]
    else:
        place = int(random.integers(200))
        out[place : place + 4] = random.choice(
            [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"]
        )
    return bytes(out)


@pytest.mark.parametrize("kind", CODECS)
def test_no_damage_ends_in_anything_but_a_report_or_a_sentence(
    kind: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"a.{kind}"
    told = 0
    for seed in range(25):
        path.write_bytes(damaged(files[kind], np.random.default_rng(seed)))
        sentence = refusal(path)
        told += bool(sentence)
        assert not sentence or re.fullmatch(rf".*“{path.name}”.*\.\n[^“].*\.", sentence), sentence
    assert told


def refusal(path: Path) -> str:
    """Why it is not taken, and the cure; nothing where it is."""
    try:
        analyse(path, lambda _: None)
    except AudioError as error:
        return f"{error.message}\n{error.remedy}"
    return ""
