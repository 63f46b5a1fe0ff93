"""Decoding: every kind of file that a user may give, and every kind of file that is none."""

import os
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.signal import resample_poly

from studio.audio.analysis import analyse
from studio.audio.decode import probe, stream
from studio.audio.encode import Mp3Writer
from studio.domain.errors import AudioError
from tests.audio.audio_samples import Wave, blocks, joined, sine, write

TONE = sine(44_100, [(-12.0, 2.0)], 440.0, channels=1)
FORMATS = {
    "wav": ("pcm_s16le", 1e-4),
    "flac": ("flac", 1e-4),
    "mp3": ("libmp3lame", 0.02),
    "m4a": ("aac", 0.02),
    "ogg": ("libopus", 0.05),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_the_sound_at_its_place(suffix: str, tmp_path: Path) -> None:
    codec, tolerance = FORMATS[suffix]
    rate_hz = 48_000 if codec == "libopus" else 44_100
    tone = sine(rate_hz, [(-12.0, 2.0)], 440.0, channels=1)
    path = write(tmp_path / f"tone.{suffix}", tone, rate_hz, codec)
    found = joined(list(stream(path)))
    assert found.dtype == np.float32
    assert abs(found.shape[1] - tone.shape[1]) < 1100
    middle = slice(5000, 80_000)
    assert np.abs(found[:, middle] - tone[:, middle]).max() < tolerance


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_is_kept_or_resampled_in_place(rate_hz: int, tmp_path: Path) -> None:
    tone = sine(rate_hz, [(-6.0, 1.0)], 440.0, channels=1)
    path = write(tmp_path / "tone.wav", tone, rate_hz)
    assert probe(path).rate_hz == rate_hz
    assert np.array_equal(joined(list(stream(path))), tone)
    resampled = joined(list(stream(path, 44_100)))
    expected = sine(44_100, [(-6.0, 1.0)], 440.0, channels=1)
    assert abs(resampled.shape[1] - expected.shape[1]) <= 1
    assert np.abs(resampled[:, 2000:-2000] - expected[:, 2000 : resampled.shape[1] - 2000]).max() < 2e-3


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_sample_format_has_full_scale_one(codec: str, channels: int, tmp_path: Path) -> None:
    wave = np.linspace(-1, 0.99, 6000, dtype=np.float32).reshape(channels, -1)
    found = joined(list(stream(write(tmp_path / "ramp.wav", wave, 48_000, codec))))
    assert found.shape == wave.shape
    assert np.abs(found - wave).max() < (0.01 if codec == "pcm_u8" else 1e-4)


def test_mixing_down_keeps_within_full_scale(tmp_path: Path) -> None:
    surround = write(tmp_path / "surround.wav", np.ones((6, 4800), np.float32), 48_000)
    assert probe(surround).channel_names == ("FL", "FR", "FC", "LFE", "BL", "BR")
    for channels in (1, 2):
        mixed = joined(list(stream(surround, channels=channels)))
        assert mixed.shape == (channels, 4800)
        assert mixed.max() == pytest.approx(1.0, abs=1e-6)
    stereo = write(tmp_path / "stereo.wav", np.array([[0.5], [0.1]], np.float32).repeat(4800, 1), 48_000)
    assert joined(list(stream(stereo, channels=1)))[0, 100] == pytest.approx(0.3)
    mono = write(tmp_path / "mono.wav", np.full((1, 4800), 0.5, np.float32), 48_000)
    assert joined(list(stream(mono, channels=2)))[:, 100].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("samples", [500, 2_205, 44_100, 100_001])
@pytest.mark.parametrize("rate_hz", [24_000, 44_100])
def test_mp3_gives_back_exactly_the_length_that_was_written(samples: int, rate_hz: int, tmp_path: Path) -> None:
    path = tmp_path / "tone.mp3"
    with Mp3Writer(path, rate_hz, 1, 128) as mp3:
        mp3.write(TONE[:, :samples] if samples <= TONE.shape[1] else np.tile(TONE, 2)[:, :samples])
    found = joined(list(stream(path)))
    assert found.shape == (1, min(samples, 2 * TONE.shape[1]))


def test_blocks_are_of_the_size_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", TONE, 44_100, "flac")
    sizes = [block.shape[1] for block in stream(path, block=10_000)]
    assert sum(sizes) == TONE.shape[1]
    assert all(10_000 <= size < 20_000 for size in sizes[:-1])


def test_a_wrong_ending_does_not_matter(tmp_path: Path) -> None:
    for suffix, codec, container in (("wav", "libmp3lame", "mp3"), ("mp3", "pcm_s16le", "wav"), ("flac", "aac", "mp4")):
        path = write(tmp_path / f"tone.{suffix}", TONE, 44_100, codec, container=container)
        assert joined(list(stream(path))).shape[1] == pytest.approx(TONE.shape[1], abs=1100)


def test_joined_mp3s_of_different_kinds_become_one_stream(tmp_path: Path) -> None:
    first = write(tmp_path / "a.mp3", TONE, 44_100, "libmp3lame", options={"write_xing": "0"})
    second = write(tmp_path / "b.mp3", sine(22_050, [(-12.0, 2.0)]), 22_050, "libmp3lame", options={"write_xing": "0"})
    both = tmp_path / "both.mp3"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    found = joined(list(stream(both)))
    assert found.shape[0] == 1
    assert found.shape[1] / 44_100 == pytest.approx(4.0, abs=0.2)


def test_50_ms_are_decoded(tmp_path: Path) -> None:
    path = write(tmp_path / "blip.wav", TONE[:, :2205], 44_100)
    found = analyse(path, lambda _: None)
    assert found.sound.duration_s == pytest.approx(0.05)
    assert found.sound.loudness_lufs is None
    assert len(found.strip) == 192


def cut(path: Path, part: float = 0.6) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    return path


@pytest.mark.parametrize(
    ("suffix", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"), ("m4a", "aac")]
)
def test_a_file_that_was_cut_off_is_not_taken_for_whole(suffix: str, codec: str, tmp_path: Path) -> None:
    options = {"movflags": "faststart"} if suffix == "m4a" else {}
    path = cut(write(tmp_path / f"cut.{suffix}", TONE, 44_100, codec, options=options))
    with pytest.raises(AudioError, match=r"“cut\.\w+” (ends after [01]\.\d s, but states 2\.0 s|is damaged at [01])"):
        list(stream(path))


def test_damage_in_the_middle_is_told_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "torn.flac", np.tile(TONE, 5), 44_100, "flac")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :][:3000] = b""
    content[len(content) // 2 : len(content) // 2 + 3000] = os.urandom(3000)
    path.write_bytes(content)
    with pytest.raises(AudioError, match="torn"):
        list(stream(path))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
@pytest.mark.parametrize("codec", ["pcm_f32le", "pcm_f64le"])
def test_samples_that_are_not_numbers_are_refused_with_their_time(bad: float, codec: str, tmp_path: Path) -> None:
    wave = TONE.copy()
    wave[0, 60_000] = bad
    path = write(tmp_path / "bad.wav", TONE, 44_100, codec)
    content = path.read_bytes()
    kind = np.float32 if codec == "pcm_f32le" else np.float64
    path.write_bytes(content[: -TONE.size * kind().itemsize] + wave[0].astype(kind).tobytes())
    with pytest.raises(AudioError, match=r"not numbers.* at 1\.4 s"):
        list(stream(path))


WAV_HEAD = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\xbb\x00\x00"


def no_audio(path: Path) -> None:
    with av.open(str(path), "w") as file:
        video = file.add_stream("mpeg4", rate=25)
        video.width = video.height = 64
        frame = av.VideoFrame(64, 64, "yuv420p")
        file.mux([*video.encode(frame), *video.encode(None)])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.wav", b"", "is empty"),
        ("notes.txt", b"hello world\n" * 100, "is not audio"),
        ("notes.mp3", b"hello world\n" * 1000, "is not audio"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n", "is not audio"),
        ("list.wav", b"ffconcat version 1.0\nfile /etc/hostname\n", "is not audio"),
        ("noise.mp3", np.random.default_rng(4).bytes(50_000), "“noise.mp3”"),
        ("head.wav", WAV_HEAD, "“head.wav”"),
        ("bare.wav", WAV_HEAD + b"\x00\x77\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00", "holds no sound"),
        ("zeros.flac", bytes(10_000), "“zeros.flac”"),
    ],
)
def test_what_is_no_audio_gets_a_sentence_and_a_cure(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AudioError, match=sentence) as caught:
        list(stream(path))
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")


def test_no_file_a_folder_and_a_film_without_sound(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"“gone\.wav” cannot be opened: No such file"):
        probe(tmp_path / "gone.wav")
    with pytest.raises(AudioError, match="cannot be opened: Is a directory"):
        probe(tmp_path)
    no_audio(tmp_path / "film.mp4")
    with pytest.raises(AudioError, match=r"“film\.mp4” has no audio stream"):
        probe(tmp_path / "film.mp4")


@pytest.mark.parametrize("name", ["concat:a|b.wav", "a b’s “x”.wav", "http:x.wav", "-.wav", "日本語 🎙.wav"])
def test_odd_names_are_only_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "plain.wav", TONE, 44_100).rename(tmp_path / name)
    assert sum(block.shape[1] for block in stream(Path(name))) == TONE.shape[1]


def test_resampled_speech_is_not_delayed(speech: Wave, tmp_path: Path) -> None:
    path = write(tmp_path / "speech.wav", speech, 24_000)
    found = joined(list(stream(path, 48_000, block=5000)))
    expected = resample_poly(speech, 2, 1, axis=1)
    assert found.shape == expected.shape
    error = found - expected
    assert np.sqrt((error**2).mean() / (expected**2).mean()) < 0.03


def test_streams_are_closed_when_the_reader_leaves_early(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.flac", np.tile(TONE, 10), 44_100, "flac")
    for _ in range(300):  # more than a process may hold open
        reader = stream(path, block=1000)
        next(reader)
        reader.close()
    assert len(blocks(TONE)) == 2


# The channels differ from a sample in the middle of a block on: from nowhere, or never.
@pytest.mark.parametrize("differs_from", [None, 40_000, 0])
@pytest.mark.parametrize(
    ("suffix", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"), ("m4a", "aac")]
)
def test_folded_blocks_hold_the_same_samples(suffix: str, codec: str, differs_from: int | None, tmp_path: Path) -> None:
    wave = np.tile(TONE, (2, 1))
    if differs_from is not None:
        wave[1, differs_from:] *= np.float32(0.5)
    path = write(tmp_path / f"tone.{suffix}", wave, 44_100, codec)
    plain, found = list(stream(path, block=10_000)), list(stream(path, block=10_000, fold=True))
    assert len(found) == len(plain)
    assert all(np.array_equal(one, other) for one, other in zip(plain, found, strict=True))
    same = [not block.strides[0] for block in found]
    assert same == [np.array_equal(*block) for block in plain]
    if codec != "aac":  # of which the two channels never come out the same
        assert all(same) if differs_from is None else not same[-1]
    assert all(block.flags.writeable for block in plain)
