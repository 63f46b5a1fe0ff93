"""What one pass finds in the samples: every fault that was put in, at its place, and nothing in clean speech."""

from pathlib import Path

import hibari
import numpy as np
import pytest
from scipy.signal import resample_poly

from studio.audio.analysis import analyse
from studio.audio.limiter import Limiter
from studio.audio.mastering import master
from studio.domain.settings import Settings
from studio.domain.sound import SoundReport, Spot, SpotKind
from studio.engine.jobs import MasterJob
from tests.audio.audio_samples import Wave, sine, write
from tests.audio.sound_faults import click, clipped, louder, with_burst

RATE_HZ = 24_000
TEXT = Path(__file__).parent / "samples" / "walden--reading.md"


def nothing(_: float) -> None:
    """Nobody watches the progress."""


def sound_of(wave: Wave, rate_hz: int, path: Path) -> SoundReport:
    return analyse(write(path, wave, rate_hz), nothing).sound


def found(wave: Wave, folder: Path, kind: SpotKind | None = None, rate_hz: int = RATE_HZ) -> list[Spot]:
    spots = sound_of(wave, rate_hz, folder / "sound.wav").spots
    return [spot for spot in spots if kind is None or spot.kind is kind]


def near(spots: list[Spot], start_s: float, end_s: float, by_s: float = 0.1) -> bool:
    return any(spot.start_s - by_s <= end_s and start_s <= spot.end_s + by_s for spot in spots)


@pytest.fixture(scope="module")
def reading() -> Wave:
    """A minute of another text, each sentence followed by 0.4 s of silence; shape (1, n)."""
    parts = [np.zeros(6_000, np.float32)]
    for sentence in hibari.Hibari().stream(TEXT.read_text("utf-8").replace("#", "")[:1_150], seed=21):
        parts += [sentence, np.zeros(9_600, np.float32)]
    return np.concatenate(parts).astype(np.float32)[None]


@pytest.fixture(scope="module")
def pauses(reading: Wave) -> list[int]:
    """The middles of its pauses, in samples, in order."""
    quiet = np.flatnonzero(np.abs(reading[0]) < 1e-4)
    runs = np.split(quiet, np.flatnonzero(np.diff(quiet) > 1) + 1)
    return [int(run[len(run) // 2]) for run in runs if len(run) > 6_000]


def test_clean_speech_has_no_spot(reading: Wave, tmp_path: Path) -> None:
    assert found(reading, tmp_path) == []
    finer = resample_poly(reading, 147, 80, axis=1).astype(np.float32)
    assert found(finer, tmp_path, rate_hz=44_100) == []


@pytest.mark.parametrize(("rate_hz", "bits"), [(8_000, 16), (8_000, 8), (16_000, 16), (24_000, 8)])
def test_neither_has_that_of_a_telephone_or_of_few_bits(reading: Wave, rate_hz: int, bits: int, tmp_path: Path) -> None:
    wave = reading if rate_hz == RATE_HZ else resample_poly(reading, 1, RATE_HZ // rate_hz, axis=1)
    if rate_hz == 16_000:
        wave = resample_poly(reading, 2, 3, axis=1)
    steps = 2 ** (bits - 1)
    assert found((np.round(wave * steps) / steps).astype(np.float32), tmp_path, rate_hz=rate_hz) == []


def test_neither_has_its_master(reading: Wave, tmp_path: Path) -> None:
    source = write(tmp_path / "take.flac", reading, RATE_HZ, "flac")
    target = Settings().loudness_target
    result = master(nothing, MasterJob(source, tmp_path / "a.mp3", tmp_path / "a.peaks", target, 1.5))
    assert result.sound.spots == ()
    assert result.sound.confirmed_lufs == pytest.approx(result.sound.loudness_lufs, abs=0.01)


def test_clicks_in_speech_are_found_where_they_are(reading: Wave, tmp_path: Path) -> None:
    random = np.random.default_rng(100)
    places = [int((second + random.random() / 2) * RATE_HZ) for second in range(1, 63)]
    wave = reading
    for place in places:
        width = int(random.choice([1, 2, 5, 20]))
        wave = click(wave, place, width, float(random.uniform(0.2, 0.7) * random.choice([-1, 1])))
    spots = found(wave, tmp_path, SpotKind.CLICK)
    hit = [near(spots, place / RATE_HZ, place / RATE_HZ, 0.01) for place in places]
    assert sum(hit) >= 0.92 * len(hit)
    places_s = np.array(places) / RATE_HZ
    assert all(np.abs(places_s - spot.start_s).min() < 0.05 for spot in spots)


def test_a_crackle_in_silence_is_no_noise(reading: Wave, pauses: list[int], tmp_path: Path) -> None:
    wave = reading
    for offset in (0, 700, 1_500):
        wave = click(wave, pauses[4] - 700 + offset, 1, 0.3)
    assert {spot.kind for spot in found(wave, tmp_path)} == {SpotKind.CLICK}


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (5, 2)])
def test_a_soft_click_in_silence_is_found(
    reading: Wave, pauses: list[int], width: int, channels: int, tmp_path: Path
) -> None:
    wave = np.tile(reading, (channels, 1))
    wave[-1:] = click(reading, pauses[4], width, 10 ** (-30 / 20))
    spots = found(wave, tmp_path)
    assert [spot.kind for spot in spots] == [SpotKind.CLICK]
    assert spots[0].start_s == pytest.approx(pauses[4] / RATE_HZ, abs=0.005)


@pytest.mark.parametrize(("gain", "one_sided"), [(1.0, False), (0.3, True)])
def test_clipping_is_found_also_when_turned_down(reading: Wave, gain: float, one_sided: bool, tmp_path: Path) -> None:
    start, end = 20 * RATE_HZ, 23 * RATE_HZ
    spots = found(clipped(reading, start, end, 10.0, gain, one_sided=one_sided), tmp_path)
    assert {spot.kind for spot in spots} == {SpotKind.CLIPPING}
    assert all(spot.start_s > 19.9 and spot.end_s < 23.1 for spot in spots)
    assert spots[-1].end_s - spots[0].start_s > 0.9


def test_round_tops_are_not_clipped(reading: Wave, tmp_path: Path) -> None:
    limiter = Limiter(RATE_HZ, 1, -12.0)
    limited = np.concatenate((limiter.feed(reading * 2), limiter.finish()), axis=1)
    assert found(limited, tmp_path, SpotKind.CLIPPING) == []
    for frequency in (50.0, 1000.0, 3000.0):
        wave = sine(48_000, [(-3.0, 1.0)], frequency, channels=1)
        assert found(wave, tmp_path, SpotKind.CLIPPING, 48_000) == [], frequency
    eight_bits = (np.round(reading * 127) / 128).astype(np.float32)
    assert found(eight_bits, tmp_path, SpotKind.CLIPPING) == []


@pytest.mark.parametrize("colour", ["white", "pink", "hum"])
def test_noise_where_nobody_speaks_is_found(reading: Wave, pauses: list[int], colour: str, tmp_path: Path) -> None:
    at = pauses[5] - 3_000
    spots = found(with_burst(reading, at, colour, 0.25, -40.0, RATE_HZ, np.random.default_rng(1)), tmp_path)
    assert [spot.kind for spot in spots] == [SpotKind.NOISE]
    assert spots[0].start_s == pytest.approx(at / RATE_HZ, abs=0.1)
    assert spots[0].end_s == pytest.approx(at / RATE_HZ + 0.25, abs=0.1)


@pytest.mark.parametrize("colour", ["white", "pink", "hum"])
def test_loud_noise_over_speech_is_found(reading: Wave, colour: str, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    wave, places = reading, [int(second * RATE_HZ + random.integers(RATE_HZ)) for second in range(4, 64, 6)]
    for place in places:
        wave = with_burst(wave, place, colour, 0.3, -24.0, RATE_HZ, random)
    spots = found(wave, tmp_path, SpotKind.NOISE)
    assert sum(near(spots, place / RATE_HZ, place / RATE_HZ + 0.3, 0.05) for place in places) >= 9
    assert len(spots) <= 10


def test_a_few_loud_words_are_no_step(reading: Wave, tmp_path: Path) -> None:
    assert found(louder(reading, 30 * RATE_HZ, 32 * RATE_HZ, 4.0), tmp_path, SpotKind.STEP) == []


@pytest.mark.parametrize("db", [-3.5, 6.0])
def test_a_passage_at_another_level_is_found_at_both_ends(
    reading: Wave, pauses: list[int], db: float, tmp_path: Path
) -> None:
    start = next(pause for pause in pauses if pause > 15 * RATE_HZ)
    end = next(pause for pause in pauses if pause > start + 10 * RATE_HZ)
    spots = found(louder(reading, start, end, db), tmp_path)
    assert [spot.kind for spot in spots] == [SpotKind.STEP] * 2
    assert [np.sign(spot.amount) for spot in spots] == [np.sign(db), -np.sign(db)]
    for spot, place in zip(spots, (start, end), strict=True):
        assert spot.start_s - 1.0 <= place / RATE_HZ <= spot.end_s + 1.0


def test_sound_that_is_cut_in_a_vowel_is_abrupt(reading: Wave, tmp_path: Path) -> None:
    power = np.convolve(np.square(reading[0, 30 * RATE_HZ : 40 * RATE_HZ]), np.ones(1_200), "valid")
    loud = 30 * RATE_HZ + int(power.argmax()) + 600  # in the middle of the loudest 50 ms
    assert [spot.kind for spot in found(reading[:, :loud], tmp_path)] == [SpotKind.ABRUPT_END]
    assert [spot.kind for spot in found(reading[:, loud:], tmp_path)] == [SpotKind.ABRUPT_START]
    faded = reading[:, :loud].copy()
    faded[:, -1200:] *= np.linspace(1, 0, 1200, dtype=np.float32)
    assert found(faded, tmp_path) == []


def test_an_offset_is_found(reading: Wave, tmp_path: Path) -> None:
    spots = found(reading + np.float32(0.02), tmp_path)
    assert [spot.kind for spot in spots] == [SpotKind.DC]
    assert spots[0].amount == pytest.approx(0.02, abs=0.002)


def test_what_is_no_speech_does_not_explode(tmp_path: Path) -> None:
    random = np.random.default_rng(8)
    white = (random.standard_normal((2, 8 * 44_100)) * 0.2).astype(np.float32)
    rock = np.tanh(sum(np.sin(2 * np.pi * hz * np.arange(white.shape[1]) / 44_100) for hz in (82, 123, 165, 330)) * 3)
    rock = (0.5 * rock + white * np.abs(np.sin(np.arange(white.shape[1]) / 5_000))).astype(np.float32)
    for wave in (white, rock):
        assert len(found(wave, tmp_path, rate_hz=44_100)) < 60


def test_levels_as_plain_rms(reading: Wave, tmp_path: Path) -> None:
    tone = sine(44_100, [(-20.0, 4.0), (-70.0, 1.0)], 1000.0)
    sound = sound_of(tone, 44_100, tmp_path / "tone.wav")
    assert sound.rms_db == pytest.approx(-23.01 + 10 * np.log10(0.8), abs=0.02)
    assert sound.noise_floor_db == pytest.approx(-73.01, abs=0.1)
    hiss = reading + (1e-3 * np.random.default_rng(1).standard_normal(reading.shape)).astype(np.float32)
    assert sound_of(hiss, RATE_HZ, tmp_path / "hiss.wav").noise_floor_db == pytest.approx(-60.0, abs=0.5)
    silence = sound_of(np.zeros((1, 30_000), np.float32), RATE_HZ, tmp_path / "silence.wav")
    assert (silence.rms_db, silence.noise_floor_db, silence.confirmed_lufs, silence.spots) == (None, None, None, ())
