"""The ears, really hearing: windows in constant memory, words with their times, odd sound."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ
from studio.domain.errors import AudioError, EarsError
from studio.domain.hearing import HeardWord
from studio.quality.batches import Heard
from studio.quality.ears import hear, joined
from studio.quality.windows import LONGEST_S, Window, Windows, halves
from tests.quality.quality_speech import Part, marks_of, mono_of, silence, sound_of, speak, write

pytestmark = pytest.mark.model


def nothing(_: float) -> None:
    """Nobody watches the progress."""


def blocks(sound: NDArray[np.float32], size: int = 30_000) -> Iterator[NDArray[np.float32]]:
    for first in range(0, len(sound), size):
        yield sound[first : first + size]


@pytest.fixture(scope="session")
def mono(parts: list[Part]) -> NDArray[np.float32]:
    return mono_of(sound_of(parts))


def test_windows_of_a_long_sound_hold_all_of_its_speech_once(mono: NDArray[np.float32]) -> None:
    long = np.concatenate([mono] * 20)  # eleven minutes: three slices
    cutter = Windows()
    found = [window for block in blocks(long) for window in cutter.feed(block)] + cutter.finish()
    whole = len(mono) / RATE_HZ
    assert all(window.end_s - window.start_s <= LONGEST_S for window in found)
    assert all(later.start_s >= window.end_s - 0.01 for window, later in pairwise(found))
    assert sum(window.end_s - window.start_s for window in found) == pytest.approx(20 * whole, rel=0.08)
    for window in found:
        first = round(window.start_s * RATE_HZ)
        assert np.array_equal(window.samples, long[first : first + len(window.samples)])


def test_a_window_is_halved_where_it_is_quiet() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 10 * RATE_HZ).astype(np.float32)
    noise[5 * RATE_HZ : 6 * RATE_HZ] = 0
    one, two = halves(Window(3.0, noise))
    assert 8.0 < one.end_s < 9.0
    assert two.start_s == one.end_s
    assert len(one.samples) + len(two.samples) == len(noise)


@pytest.mark.parametrize("model", ["tiny.en", "base"])
def test_every_word_is_heard_at_its_time(model: str, parts: list[Part], cache: Path, tmp_path: Path) -> None:
    sound = sound_of(parts)
    path = write(tmp_path / "episode.wav", sound)
    said: list[float] = []
    words = hear(said.append, path, model, len(sound) / 24_000, cache=cache)
    text = " ".join(word.text for word in words).lower()
    assert "lighthouse keeper counted" in text
    assert text.endswith("morning light returned.")
    assert said == sorted(said)
    bell = next(word for word in words if word.text.lower().startswith("bell"))
    last = marks_of(parts)[-1]
    assert last.start_s < bell.start_s < bell.end_s < last.end_s
    assert all(0 <= word.probability <= 1 for word in words)


def test_a_word_that_makes_the_ears_loop_does_not_cost_them_the_rest(cache: Path, tmp_path: Path) -> None:
    texts = (
        "The train left the station at noon with all of its passengers.",
        "Zzz zzz zzz zzz zzz, went the sleeper in the corner.",
        "The guard came by and asked for the tickets.",
        "Nobody had bought one, so he laughed and walked away.",
    )
    sound = sound_of(speak(texts))
    words = hear(nothing, write(tmp_path / "sleeper.wav", sound), "tiny.en", len(sound) / 24_000, cache=cache)
    text = " ".join(word.text for word in words).lower()
    assert texts[0].lower() in text
    assert "in the corner" in text
    assert texts[2].lower() in text
    assert text.endswith("he laughed and walked away.")
    assert max(len(word.text) for word in words) < 30  # and nothing is told again and again


def chant(lengths: list[float]) -> list[HeardWord]:
    """A sentence of six words said again and again, each time so long."""
    words, at = [HeardWord(" So", 0.0, 0.2, 1.0)], 0.2
    for length in lengths:
        for number, text in enumerate([" I", " must", " not", " talk", " in", " class."]):
            words.append(HeardWord(text, at + length * number / 6, at + length * (number + 1) / 6, 1.0))
        at += length
    return [*words, HeardWord(" Then", at, at + 0.3, 1.0)]


@pytest.mark.parametrize(
    ("lengths", "times"),
    [
        ([1.2] * 9, 9),
        ([0.1, 0.4, 0.6, 1.3, 1.2, 1.1, 1.3, 1.0, 1.3, 1.1, 1.2], 9),
        ([1.2, 0.0, 2.4, 1.2, 1.2, 1.2], 6),  # one has its time too late, but there is time for it
        ([1.2, 0.0, 1.1], 3),  # too few to know how long it takes
    ],
)
def test_of_what_is_told_again_and_again_as_much_is_said_as_there_is_time_for(lengths: list[float], times: int) -> None:
    words = chant(lengths)
    told = [word.text.strip() for word in Heard(words).told()]
    assert told == ["So", *(["I", "must", "not", "talk", "in", "class."] * times), "Then"]


def test_a_sentence_that_is_said_forty_times_is_heard_forty_times(cache: Path, tmp_path: Path) -> None:
    (said,) = speak(["I must not talk in class today."])
    sound = sound_of([replace(said, pause_s=0.2)] * 40)
    words = hear(nothing, write(tmp_path / "lines.wav", sound), "tiny.en", len(sound) / 24_000, cache=cache)
    assert [word.text.strip(".,").lower() for word in words].count("must") == 40


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([" cost", " $8", ".71", " a"], ["cost", "$8.71", "a"]),
        ([" sold", " $", " 16", " billion"], ["sold", "$16", "billion"]),
        ([" at", " 5", " p", ".m.", " sharp"], ["at", "5", "p.m.", "sharp"]),
        ([" the", " U", ".S.", " and", " paper", ".com"], ["the", "U.S.", "and", "paper.com"]),
        ([" it", ".", " And", " 5", " 6", " a", " b"], ["it", ".", "And", "5", "6", "a", "b"]),
    ],
)
def test_what_whisper_breaks_is_put_together(texts: list[str], told: list[str]) -> None:
    words = [HeardWord(text, 0.3 * index, 0.3 * index + 0.2, 1.0) for index, text in enumerate(texts)]
    assert [word.text for word in joined(words)] == told


@pytest.mark.parametrize("kind", ["silence", "hiss", "hum", "short"])
def test_where_nobody_speaks_nothing_is_heard(kind: str, cache: Path, tmp_path: Path) -> None:
    time = np.arange(24_000 * 20) / 24_000
    sounds = {
        "silence": silence(20),
        "hiss": np.random.default_rng(1).normal(0, 300, len(time)).astype(np.int16),
        "hum": (8000 * np.sin(2 * np.pi * 100 * time)).astype(np.int16),
        "short": silence(0.02),
    }
    assert hear(nothing, write(tmp_path / "none.wav", sounds[kind]), "tiny.en", 20.0, cache=cache) == ()


def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp3"
    path.write_text("Dear listener")
    with pytest.raises(AudioError, match=r"letter\.mp3"):
        hear(nothing, path, "tiny.en", 1.0)


def test_unknown_ears_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EarsError, match="no hearing model"):
        hear(nothing, tmp_path / "any.wav", "elephant", 1.0)
