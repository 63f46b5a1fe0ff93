"""Odd audio, from anywhere: the one pass gives a right report or a sentence, never a traceback."""

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import resample_poly

from studio.audio.analysis import analyse
from studio.audio.channels import folded, mixed
from studio.audio.confirm import Confirmation
from studio.audio.edges import Edges
from studio.audio.mono import RATE_HZ, Mono
from studio.audio.samples import mixdown
from studio.domain.errors import AudioError
from studio.domain.sound import SpotKind
from tests.audio.audio_samples import Wave, blocks, sine, write


def nothing(_: float) -> None:
    """Nobody watches the progress."""


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.parts: list[Mono] = []
        self.finished = 0

    def feed(self, samples: Mono) -> None:
        self.parts.append(samples.copy())

    def finish(self) -> None:
        self.finished += 1


def at_rate(speech: Wave, rate_hz: int) -> Wave:
    return resample_poly(speech[:, : 8 * 24_000], rate_hz // 4000, 6, axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate_hz", "channels"),
    [
        ("wav", "pcm_s16le", 8_000, 1),
        ("wav", "pcm_f32le", 192_000, 2),
        ("flac", "flac", 96_000, 6),
        ("mp3", "libmp3lame", 48_000, 2),
        ("mp3", "libmp3lame", 16_000, 1),
        ("m4a", "aac", 48_000, 6),
        ("ogg", "libopus", 48_000, 2),
    ],
)
def test_every_rate_container_and_layout_is_measured(
    speech: Wave, suffix: str, codec: str, rate_hz: int, channels: int, tmp_path: Path
) -> None:
    wave = np.tile(at_rate(speech, rate_hz), (channels, 1))
    listener = Heard()
    sound = analyse(write(tmp_path / f"odd.{suffix}", wave, rate_hz, codec), nothing, listeners=[listener]).sound
    assert (sound.rate_hz, sound.channels) == (rate_hz, channels)
    assert sound.duration_s == pytest.approx(wave.shape[1] / rate_hz, abs=0.1)
    assert sound.confirmed_lufs == pytest.approx(sound.loudness_lufs, abs=0.05)
    assert [spot for spot in sound.spots if spot.end_s < 7.9] == []  # its end is cut
    heard = np.concatenate(listener.parts)
    assert listener.finished == 1
    assert len(heard) == pytest.approx(sound.duration_s * RATE_HZ, abs=2)
    assert float(np.abs(heard).max()) > 0.01


@pytest.mark.parametrize("samples", [1, 7, 400, 2_205])
@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 192_000])
def test_next_to_nothing_has_a_report(samples: int, rate_hz: int, tmp_path: Path) -> None:
    wave = sine(rate_hz, [(-12.0, 1.0)], 440.0)[:, :samples]
    listener = Heard()
    found = analyse(write(tmp_path / "blip.wav", wave, rate_hz), nothing, listeners=[listener])
    assert found.sound.duration_s == pytest.approx(samples / rate_hz)
    assert found.sound.loudness_lufs is None
    assert found.sound.confirmed_lufs is None
    assert found.sound.spots == ()
    assert listener.finished == 1


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_silence_has_a_report(channels: int, tmp_path: Path) -> None:
    sound = analyse(write(tmp_path / "silence.wav", np.zeros((channels, 90_000), np.float32), 44_100), nothing).sound
    assert sound.loudness_lufs is sound.confirmed_lufs is sound.true_peak_dbtp is sound.rms_db is None
    assert sound.spots == ()
    assert len(sound.silences) == 1


def test_a_truncated_file_is_told(speech: Wave, tmp_path: Path) -> None:
    path = write(tmp_path / "cut.flac", speech, 24_000, "flac")
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(AudioError, match=r"“cut\.flac”"):
        analyse(path, nothing)


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 1), (48_000, 2), (11_025, 1), (44_100, 6)])
def test_pyloudnorm_in_sections_says_what_it_says_of_the_whole(speech: Wave, rate_hz: int, channels: int) -> None:
    from pyloudnorm import Meter

    random = np.random.default_rng(2)
    mono = resample_poly(speech, rate_hz // 75, 320, axis=1)[:, : 14 * rate_hz]
    wave = (mono * random.uniform(0.2, 1.0, (channels, 1))).astype(np.float32)
    names = {1: ("FC",), 2: ("FL", "FR"), 6: ("FL", "FR", "FC", "LFE", "BL", "BR")}[channels]
    confirmation = Confirmation(rate_hz, names)
    for block in blocks(wave, 10_007):
        confirmation.feed(block)
    confirmation.finish()
    rows = wave[[0, 1, 2, 4, 5]] if channels == 6 else wave
    whole = Meter(rate_hz, filter_class="DeMan").integrated_loudness(rows.T.astype(np.float64))
    assert confirmation.loudness == pytest.approx(whole, abs=0.01)


def test_equal_channels_cost_one_but_count_as_all(speech: Wave, tmp_path: Path) -> None:
    one = analyse(write(tmp_path / "one.wav", speech, 24_000), nothing).sound
    pair = np.tile(speech, (2, 1))
    two = analyse(write(tmp_path / "two.wav", pair, 24_000), nothing).sound
    assert one.loudness_lufs is not None
    assert two.loudness_lufs == pytest.approx(one.loudness_lufs + 3.0103, abs=1e-3)
    assert two.confirmed_lufs == pytest.approx(two.loudness_lufs, abs=0.01)
    pair[1, -24_000:] = 0  # the same until the last second
    late = analyse(write(tmp_path / "late.wav", pair, 24_000), nothing).sound
    assert late.confirmed_lufs == pytest.approx(late.loudness_lufs, abs=0.01)
    assert late.true_peak_dbtp == pytest.approx(one.true_peak_dbtp, abs=1e-6)
    assert late.loudness_lufs is not None
    assert late.loudness_lufs < two.loudness_lufs  # type: ignore[operator]


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_one_row_that_stands_for_all_is_mixed_like_all(channels: int) -> None:
    names = {1: ("FC",), 2: ("FL", "FR"), 6: ("FL", "FR", "FC", "LFE", "BL", "BR")}[channels]
    wave = np.tile(np.random.default_rng(4).normal(0, 0.2, (1, 5_000)).astype(np.float32), (channels, 1))
    one = folded(wave)
    assert one.strides[0] == 0
    for sides in (1, 2):
        matrix = mixdown(names, sides)
        assert np.allclose(mixed(one, matrix), matrix @ wave, atol=1e-6)
        assert np.array_equal(mixed(wave, matrix), matrix @ wave)
    if channels > 1:
        wave[1] *= 0.5  # not the same any more
        assert folded(wave) is wave


@pytest.mark.parametrize("until", [0, 13_000, 48_000])
def test_edges_see_equal_channels_as_all_of_them(until: int) -> None:
    """Channels that are the same up to a sample, against what numpy makes of the whole."""
    rate_hz, length = 24_000, 48_000
    random = np.random.default_rng(6)
    wave = np.tile(random.normal(0.03, 0.1, (1, length)) * np.linspace(0.02, 1, length), (2, 1)).astype(np.float32)
    wave[1, until:] *= np.float32(-0.5)
    edges = Edges(rate_hz, 2)
    for block in blocks(wave, 5_001):
        edges.feed(folded(block))
    exact = wave.astype(np.float64)
    powers = np.square(exact).reshape(2, -1, rate_hz // 20).mean(axis=(0, 2))
    assert edges.rms_db == pytest.approx(10 * np.log10(np.square(exact).mean()), abs=1e-4)
    assert edges.noise_floor_db == pytest.approx(10 * np.log10(np.sort(powers)[:2].mean()), abs=0.2)
    (offset,) = [spot for spot in edges.spots() if spot.kind is SpotKind.DC]
    means = exact.mean(axis=1)
    assert offset.amount == pytest.approx(means[np.abs(means).argmax()], abs=2e-4)
    assert {spot.kind for spot in edges.spots()} == {SpotKind.DC, SpotKind.ABRUPT_END}
