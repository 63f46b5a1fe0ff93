"""What is written: lossless takes, masters of constant bit rate, and no half file."""

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from studio.audio.decode import probe, stream
from studio.audio.encode import FlacWriter, Mp3Writer
from studio.domain.errors import AudioError
from tests.audio.audio_samples import Wave, ebur128, joined, sine, write


def flac(path: Path, wave: Wave, rate_hz: int = 24_000) -> Path:
    with FlacWriter(path, rate_hz, len(wave)) as out:
        for start in range(0, wave.shape[1], 7001):
            out.write(wave[:, start : start + 7001])
    return path


@pytest.mark.parametrize("channels", [1, 2])
def test_flac_is_lossless_to_16_bits_and_always_the_same(channels: int, tmp_path: Path) -> None:
    wave = np.random.default_rng(1).uniform(-1, 1, (channels, 50_000)).astype(np.float32)
    first, second = flac(tmp_path / "a.flac", wave), flac(tmp_path / "b.flac", wave)
    assert first.read_bytes() == second.read_bytes()
    assert b"Lavf6" not in first.read_bytes()  # no version of the encoder
    found = joined(list(stream(first)))
    assert found.shape == wave.shape
    assert np.abs(found - wave).max() <= 1 / 32768
    assert joined(list(stream(flac(tmp_path / "c.flac", found)))).tobytes() == found.tobytes()


def test_flac_states_its_length_and_clips_what_is_too_loud(tmp_path: Path) -> None:
    path = flac(tmp_path / "loud.flac", sine(24_000, [(6.0, 1.5)], channels=1))
    assert probe(path).stated_s == 1.5
    found = joined(list(stream(path)))
    assert (found.min(), found.max()) == (-1.0, np.float32(32767 / 32768))


def test_one_dimension_is_mono(tmp_path: Path) -> None:
    with FlacWriter(tmp_path / "mono.flac", 24_000) as out:
        out.write(np.zeros(1200, np.float32))
        assert out.seconds == 0.05
    assert joined(list(stream(tmp_path / "mono.flac"))).shape == (1, 1200)


@pytest.mark.parametrize(("kbps", "channels"), [(64, 1), (128, 1), (160, 2), (192, 1), (224, 2), (256, 1), (320, 2)])
def test_mp3_keeps_the_level_at_every_bit_rate(kbps: int, channels: int, speech: Wave, tmp_path: Path) -> None:
    wave = np.tile(joined([speech[:, : 24_000 * 8].repeat(2, axis=1)]), (channels, 1))
    path = tmp_path / "speech.mp3"
    with Mp3Writer(path, 48_000, channels, kbps) as out:
        out.write(wave)
    before, _, _ = ebur128(write(tmp_path / "speech.wav", wave, 48_000))
    after, _, _ = ebur128(path)
    assert after == pytest.approx(before, abs=0.07)


def test_mp3_has_a_constant_bit_rate_an_info_header_and_no_tag(tmp_path: Path) -> None:
    path = tmp_path / "tone.mp3"
    with Mp3Writer(path, 44_100, 1, 128) as out:
        out.write(sine(44_100, [(-12.0, 10.0)], channels=1))
    content = path.read_bytes()
    assert content[:2] == b"\xff\xfb"
    assert content[21:25] == b"Info"
    assert len(content) == pytest.approx(10 * 128_000 / 8, rel=0.01)
    with av.open(str(path)) as file:
        sizes = {packet.size for packet in file.demux(file.streams.audio[0]) if packet.size}
        assert sizes <= {417, 418}  # 144 * 128,000 / 44,100
        assert file.streams.audio[0].bit_rate == 128_000
    assert probe(path).stated_s == pytest.approx(10.0, abs=1e-3)


@pytest.mark.parametrize("writer", [FlacWriter, lambda path, rate: Mp3Writer(path, rate, 1, 128)])
def test_a_failure_leaves_no_file(writer: type[FlacWriter], tmp_path: Path) -> None:
    def half() -> None:
        with writer(tmp_path / "half", 24_000) as out:
            out.write(np.zeros((1, 100_000), np.float32))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert not list(tmp_path.iterdir())
    with (
        pytest.raises(AudioError, match=r"“x\.flac” cannot be written: No such file"),
        FlacWriter(tmp_path / "none" / "x.flac", 24_000) as out,
    ):
        out.write(np.zeros((1, 100_000), np.float32))


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from studio.audio.encode import FlacWriter
from studio.domain.errors import DiskFullError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
noise = np.random.default_rng(0).uniform(-1, 1, (1, 100_000)).astype(np.float32)
try:
    with FlacWriter(Path(sys.argv[1]), 24_000) as out:
        out.write(noise)
except DiskFullError as error:
    print(error.message)
"""


@pytest.mark.parametrize("room", [0, 20_000, 199_000])
def test_a_disk_without_room_is_told_and_leaves_no_file(room: int, tmp_path: Path) -> None:
    path = tmp_path / "take.flac"
    run = subprocess.run([sys.executable, "-c", FULL, str(path), str(room)], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("There is no room left on the disk")
    assert not path.exists()
