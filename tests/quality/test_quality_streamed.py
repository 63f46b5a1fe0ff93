"""What listens to 16 kHz mono hears the same, however it comes in blocks."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.audio.mono import RATE_HZ, Mono
from studio.quality.pace import Pace
from studio.quality.speech_windows import SpeechWindow, SpeechWindows
from studio.quality.voiceprint import VoiceEars

SECONDS = 47


def sound() -> Mono:
    """Syllables of noise with pauses of many lengths, louder and softer."""
    random = np.random.default_rng(6)
    wave = 1e-3 * random.standard_normal(SECONDS * RATE_HZ)
    at = 0.3
    while at < SECONDS - 4:
        length = random.uniform(0.1, 3.5)
        part = slice(round(at * RATE_HZ), round((at + length) * RATE_HZ))
        wave[part] += 10 ** random.uniform(-2, -0.5) * random.standard_normal(part.stop - part.start)
        at += length + random.choice([0.03, 0.15, 0.4, 1.5])
    return wave.astype(np.float32)


def blocks(sizes: list[int]) -> list[Mono]:
    whole = sound()
    edges = [min(edge, len(whole)) for edge in np.cumsum([0, *sizes, len(whole)]).tolist()]
    return [whole[start:end] for start, end in pairwise(edges)]


def cut(sizes: list[int]) -> tuple[list[SpeechWindow], float]:
    windows = SpeechWindows()
    found = [window for block in blocks(sizes) for window in windows.feed(block)]
    found += windows.finish()
    return found, windows.crumbs_s


@settings(max_examples=20, deadline=None)
@given(sizes=some.lists(some.integers(0, 9 * RATE_HZ), max_size=12))
def test_the_windows_of_speech_do_not_depend_on_the_blocks(sizes: list[int]) -> None:
    expected, crumbs_s = cut([])
    found, found_crumbs_s = cut(sizes)
    assert len(expected) > 8
    assert found_crumbs_s == crumbs_s
    assert [(each.start_s, each.end_s, each.speech_s) for each in found] == [
        (each.start_s, each.end_s, each.speech_s) for each in expected
    ]
    assert all(np.array_equal(one.sound, other.sound) for one, other in zip(found, expected, strict=True))


@settings(max_examples=20, deadline=None)
@given(sizes=some.lists(some.integers(0, 9 * RATE_HZ), max_size=12))
def test_the_pace_does_not_depend_on_the_blocks(sizes: list[int]) -> None:
    expected, found = Pace(), Pace()
    expected.feed(sound())
    for block in blocks(sizes):
        found.feed(block)
    assert np.frombuffer(found._power.all(), np.float32) == pytest.approx(
        np.frombuffer(expected._power.all(), np.float32), rel=1e-5
    )


@pytest.mark.model
def test_the_voice_does_not_depend_on_the_blocks() -> None:
    heard = []
    for sizes in ([], [1, 70_000, 33, 200_001]):
        ears = VoiceEars()
        for block in blocks(sizes):
            ears.feed(block)
        ears.finish()
        heard.append(ears._heard([]))
    assert np.array_equal(heard[0].embeddings, heard[1].embeddings)
    assert np.array_equal(heard[0].pitch_hz, heard[1].pitch_hz, equal_nan=True)
