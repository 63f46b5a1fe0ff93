"""Consonants of the built-in voice that stand out like clicks, and bursts as short as they are that no voice makes."""

from pathlib import Path

import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.domain.sound import Spot, SpotKind
from studio.engine.ports import unfollowed
from studio.voices.builtin_worker import RATE_HZ
from tests.audio.audio_samples import write
from tests.faults.readings import Sound, say

SENTENCE = (
    "Some of Euclid’s axioms, which appear to common sense to be necessary, and were formerly supposed to be necessary"
    " by philosophers, are now known to derive their appearance of necessity from our mere familiarity with actual"
    " space, and not from any a priori logical foundation."
)


@pytest.fixture(scope="module")
def sentence() -> Sound:
    return np.pad(say(SENTENCE, 1), RATE_HZ // 4)


def spots(sound: Sound, folder: Path) -> list[Spot]:
    return list(analyse(write(folder / "sound.wav", sound[None], RATE_HZ), unfollowed).sound.spots)


def test_a_hard_consonant_is_no_click(sentence: Sound, tmp_path: Path) -> None:
    """The “d” of “foundation” stands 23 dB above what is around it, but is no louder than others of this voice."""
    assert spots(sentence, tmp_path) == []


@pytest.mark.parametrize(("seed", "share"), [(0, 0.83), (2, 0.81), (3, 0.79)])
def test_a_burst_of_milliseconds_that_no_consonant_is_as_loud_as_is_a_click(
    sentence: Sound, seed: int, share: float, tmp_path: Path
) -> None:
    burst = np.random.default_rng(seed).standard_normal(RATE_HZ // 150)
    sound, at = sentence.copy(), int(share * len(sentence))
    sound[at : at + len(burst)] += (0.9 * burst / np.abs(burst).max()).astype(np.float32)
    (spot,) = spots(sound, tmp_path)
    assert spot.kind is SpotKind.CLICK
    assert spot.start_s == pytest.approx(at / RATE_HZ, abs=0.01)
