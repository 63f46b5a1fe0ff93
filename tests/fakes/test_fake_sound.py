"""The fake's sound is sound: real files of a length that fits, the same every time, without clicks where they join."""

import numpy as np
import pytest

from tests.fakes.catalogue import FORMATS, Format
from tests.fakes.customer import TEXT, decoded, seconds_of
from tests.fakes.sound import synthetic
from tests.fakes.spoken import spoken

MP3 = FORMATS["mp3_44100_128"]


@pytest.mark.parametrize("form", [form for form in FORMATS.values() if form.codec != "pcm"], ids=lambda form: form.name)
def test_a_file_decodes_to_the_length_that_it_claims(form: Format) -> None:
    sound = synthetic(TEXT, "a voice", form, seed=1, speed=1.0)
    samples, rate_hz = decoded(sound.data())
    assert rate_hz == form.rate_hz
    assert len(samples) / rate_hz == pytest.approx(sound.seconds, abs=0.001)
    assert 0.05 < np.abs(samples).max() < 0.9


def test_pcm_is_bare_16_bit_samples() -> None:
    sound = synthetic(TEXT, "a voice", FORMATS["pcm_24000"], seed=1, speed=1.0)
    assert sound.size == round(sound.seconds * 24_000) * 2


@pytest.mark.parametrize("characters", [1, 2, 30, 1_000, 40_000])
def test_the_length_fits_the_text(characters: int) -> None:
    text = ("Words of several lengths, and a pause. " * 1_100)[:characters]
    sound = synthetic(text, "a voice", MP3, seed=3, speed=1.0)
    assert characters / 16.5 <= sound.seconds <= characters / 13.5 + 1.0
    assert len(sound.starts) == len(sound.ends) == characters
    assert sound.starts == sorted(sound.starts)
    assert sound.seconds - 1.0 < sound.ends[-1] <= sound.seconds


def test_the_same_order_is_the_same_sound_and_another_is_another() -> None:
    def made(text: str = TEXT, voice: str = "one", seed: int = 0, speed: float = 1.0) -> bytes:
        return synthetic(text, voice, MP3, seed=seed, speed=speed).data()

    assert made() == made()
    assert len({made(), made(text=TEXT + "!"), made(voice="two"), made(seed=1), made(speed=0.8)}) == 5
    assert seconds_of(made(speed=0.7)) > 1.3 * seconds_of(made())


def test_a_silent_sound_is_as_long_and_silent() -> None:
    silent = synthetic(TEXT, "a voice", MP3, seed=0, speed=1.0, silent=True)
    samples, rate_hz = decoded(silent.data())
    assert np.abs(samples).max() < 1e-4
    assert len(samples) / rate_hz == pytest.approx(synthetic(TEXT, "a voice", MP3, seed=0, speed=1.0).seconds)


def test_the_joints_of_the_pieces_do_not_click() -> None:
    """A click is energy above everything that a voice here has; hiss of the coder is far below it."""
    samples, rate_hz = decoded(synthetic(TEXT * 4, "a voice", MP3, seed=0, speed=1.0).data())
    blocks = samples[: len(samples) // 1024 * 1024].reshape(-1, 1024)
    spectra = np.abs(np.fft.rfft(blocks * np.hanning(1024), axis=1)) ** 2
    high = spectra[:, int(8_000 / rate_hz * 1024) :].sum(axis=1)
    assert high.max() < 0.02 * spectra.sum(axis=1).max()


@pytest.mark.model
def test_real_speech_on_demand() -> None:
    first, second = "The tide comes in <break time='1s'/> twice a day. ", "Nobody minds."
    sound = spoken(first + second, MP3, 1, 1.0)
    assert 2.5 < sound.seconds < 7.0
    assert sound.ends[len(first) - 1] == pytest.approx(spoken(first, MP3, 1, 1.0).seconds)
    assert sound.seconds == pytest.approx(seconds_of(sound.data()), abs=0.1)
