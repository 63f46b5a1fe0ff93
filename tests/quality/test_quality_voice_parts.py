"""The speaker model, the pitch, the windows of speech: each on its own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.domain.errors import EarsError
from studio.domain.sound import Span
from studio.quality.pitch import median_pitch
from studio.quality.speaker import SAMPLES, Speaker, cohort, health, mel, models_folder
from studio.quality.speech_windows import SpeechWindow, SpeechWindows
from studio.quality.voice_changes import Change, changes
from studio.quality.voice_windows import Heard, different, main_voice

Sound = NDArray[np.float32]
RATE_HZ = 16_000
REFERENCE = Path(__file__).parent / "samples" / "speaker_reference.npz"


def harmonics(hertz: float, seconds: float, *, weakest_first: bool = False, slope: float = 1.0) -> Sound:
    """Some twenty harmonics of a tone, ever weaker; with `weakest_first` the first is 30 dB down."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    orders = range(1, int(min(20, 3800 / hertz)) + 1)
    loud = [0.03 if order == 1 and weakest_first else order**-slope for order in orders]
    return np.asarray(
        0.1
        * sum(
            level * np.sin(2 * np.pi * hertz * order * time + order) for order, level in zip(orders, loud, strict=True)
        ),
        np.float32,
    )


def speech(*spans: tuple[float, float], seconds: float, floor: float = 0.0) -> Sound:
    """Noise like speech, in level, in `spans`; elsewhere noise of the level `floor`."""
    random = np.random.default_rng(3)
    sound = floor * random.standard_normal(round(seconds * RATE_HZ))
    for start, end in spans:
        first, last = round(start * RATE_HZ), round(end * RATE_HZ)
        sound[first:last] = 0.1 * random.standard_normal(last - first)
    return sound.astype(np.float32)


def cut(sound: Sound, block: int = RATE_HZ) -> list[SpeechWindow]:
    windows = SpeechWindows()
    found = [each for at in range(0, len(sound), block) for each in windows.feed(sound[at : at + block])]
    return [*found, *windows.finish()]


def places(windows: list[SpeechWindow]) -> list[float]:
    return [second for each in windows for second in (each.start_s, each.end_s)]


@pytest.mark.model
def test_the_model_gives_what_resemblyzer_gives() -> None:
    with np.load(REFERENCE) as reference:  # by PyTorch with 32-bit weights, from librosa's spectrogram
        sound, meant = reference["sound"].astype(np.float32) / 32768, reference["embedding"]
    assert len(sound) == SAMPLES
    speaker = Speaker()
    alone = speaker.embed(sound[None])[0]
    assert float(alone @ meant) > 0.999
    among = speaker.embed(np.stack([harmonics(120, 2)[:SAMPLES], 0.01 * sound, 3 * sound]))
    assert among @ meant == pytest.approx([float(among[0] @ meant), 1, 1], abs=1e-3)
    assert float(among[0] @ meant) < 0.8
    assert speaker.embed(np.zeros((0, SAMPLES), np.float32)).shape == (0, 256)
    assert np.isfinite(speaker.embed(np.zeros((1, SAMPLES), np.float32))).all()


def test_a_tone_is_in_its_mel_band() -> None:
    time = np.arange(SAMPLES) / RATE_HZ
    tones = np.stack([np.sin(2 * np.pi * hertz * time) for hertz in (500, 1000, 4000)]).astype(np.float32)
    spectra = mel(tones)
    assert spectra.shape == (3, 160, 40)
    # 41 steps to 45.25 mels: 500 Hz is 7.5 of Slaney's mels, 1 kHz is 15, 4 kHz is 35.2.
    assert spectra.mean(axis=1).argmax(axis=1).tolist() == [6, 13, 31]


def test_the_cohort_is_of_different_voices_and_of_length_one() -> None:
    voices = cohort()
    assert len(voices) >= 40
    assert np.linalg.norm(voices, axis=1) == pytest.approx(1, abs=1e-3)
    assert np.median(voices @ voices.T) < 0.9


def test_the_health_of_the_model(tmp_path: Path) -> None:
    assert health().works
    for name in ("speaker.onnx", "cohort.npy"):
        (tmp_path / name).write_bytes((models_folder() / name).read_bytes())
    assert health(tmp_path).works
    (tmp_path / "cohort.npy").write_bytes(b"\0" * 1000)
    state = health(tmp_path)
    assert not state.works
    assert "damaged" in state.detail
    assert state.remedy
    with pytest.raises(EarsError, match=r"cohort\.npy"):
        cohort(tmp_path)


@pytest.mark.parametrize("hertz", [65, 87, 120, 191, 260, 333, 440])
def test_the_pitch_of_a_tone(hertz: float) -> None:
    plain, thin = harmonics(hertz, 1.6), harmonics(hertz, 1.6, weakest_first=True)
    noisy = plain + 0.01 * np.random.default_rng(1).standard_normal(len(plain)).astype(np.float32)
    sounds = np.stack([plain, thin, noisy, 0.001 * plain, harmonics(hertz, 1.6, slope=2.0)])
    assert median_pitch(sounds) == pytest.approx([hertz] * 5, rel=0.01)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(2).standard_normal(SAMPLES).astype(np.float32)
    assert np.isnan(median_pitch(np.stack([noise, np.zeros(SAMPLES, np.float32)]))).all()


def test_windows_end_at_pauses_and_after_three_seconds() -> None:
    windows = cut(speech((1.0, 3.0), (3.5, 11.0), (11.4, 13.0), seconds=15))
    assert places(windows) == pytest.approx([1.0, 3.0, 3.5, 6.5, 6.5, 9.5, 9.5, 11.0, 11.4, 13.0], abs=0.02)
    assert all(each.sound.shape == (SAMPLES,) for each in windows)


def test_no_crumb_is_left_and_no_blip_counts() -> None:
    windows = cut(speech((1.0, 4.6), (6.0, 6.03), (8.0, 8.5), seconds=12))
    assert places(windows) == pytest.approx([1.0, 4.6], abs=0.02)


def test_short_sentences_share_a_window() -> None:
    windows = cut(speech((1.0, 1.7), (2.1, 2.8), seconds=5))
    assert places(windows) == pytest.approx([1.0, 2.8], abs=0.02)
    assert windows[0].speech_s == pytest.approx(1.4, abs=0.03)


@pytest.mark.parametrize("floor", [0.0, 0.001])
def test_blocks_of_any_size_give_the_same_windows(floor: float) -> None:
    sound = speech((0.0, 8.0), (8.3, 19.9), (20.2, 21.0), (40.0, 47.0), seconds=60, floor=floor)
    windows = cut(sound)
    assert places(windows) == places(cut(sound, 1234)) == places(cut(sound, len(sound)))
    assert sum(each.speech_s for each in windows) == pytest.approx(8.0 + 11.6 + 0.8 + 7.0, abs=0.2)


def test_silence_and_nothing_have_no_windows() -> None:
    assert cut(np.zeros(30 * RATE_HZ, np.float32)) == []
    assert cut(np.zeros(0, np.float32)) == []


def heard_of(strange: set[int], likeness: float = 0.3) -> Heard:
    """Twelve windows of three seconds without a pause; those in `strange` are so much like the others."""
    random = np.random.default_rng(6)
    voice, other = np.eye(256)[:2]
    rows = [likeness * voice + (1 - likeness**2) ** 0.5 * other if each in strange else voice for each in range(12)]
    rows = [row + 0.03 * random.standard_normal(256) for row in rows]
    embeddings = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
    starts = np.arange(12, dtype=np.float32) * 3
    return Heard(embeddings, starts, starts + 3, np.full(12, 2.9, np.float32), np.full(12, 190, np.float32))


def found_in(heard: Heard, sentences: list[Span]) -> list[Change]:
    def closely(spans: Sequence[Span]) -> list[NDArray[np.float32]]:
        return [heard.embeddings[int(span.start_s) // 3 : int(span.end_s) // 3] for span in spans]

    return changes(heard, main_voice(heard.embeddings), sentences, closely, exact=True)


def test_a_change_has_the_borders_of_the_sentences_that_it_fills() -> None:
    sentences = [Span(0.0, 11.2), Span(11.2, 18.9), Span(18.9, 36.0)]
    (exact,) = found_in(heard_of({4, 5}), sentences)
    assert exact.span == Span(11.2, 18.9)
    assert exact.certain
    (rough,) = found_in(heard_of({4, 5}), [])
    assert rough.span == Span(12.0, 18.0)


def test_the_voice_of_the_larger_part_is_the_main_one() -> None:
    (change,) = found_in(heard_of({0, 1, 2, 3, 4}), [])
    assert change.span == Span(0.0, 15.0)
    assert found_in(heard_of(set()), []) == []
    assert found_in(heard_of({6}, likeness=0.93), []) == []


def windows_of(count: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Windows of one voice with different words: cosines of about 0.8 between any two, as the encoder gives them."""
    rows = np.eye(256)[0] + 0.5 * random.standard_normal((count, 256)) / 16
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_what_is_said_again_counts_once() -> None:
    random = np.random.default_rng(4)
    once = windows_of(300, random)
    order = np.concatenate((np.arange(280), random.integers(0, 280, 400), np.arange(280, 300)))
    near = once[order] + 0.003 * random.standard_normal((len(order), 256)).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    kept = different(near)
    np.testing.assert_array_equal(order[kept], np.arange(300))
    assert len(different(near[:0])) == 0
    few, many = main_voice(near), main_voice(once)
    assert (few.windows, many.windows) == (300, 300)
    assert few.likeness == pytest.approx(many.likeness, abs=0.002)


def test_of_few_windows_a_voice_is_as_alike_as_of_many() -> None:
    """A window that makes up a sixth of the centre is like itself; the next one of that voice is not."""
    random = np.random.default_rng(5)
    few = [main_voice(windows_of(6, random)) for _ in range(50)]
    following = windows_of(400, random)
    alike = [float(np.median(following @ voice.centre)) for voice in few]
    assert np.mean([voice.likeness for voice in few]) == pytest.approx(np.mean(alike), abs=0.01)
