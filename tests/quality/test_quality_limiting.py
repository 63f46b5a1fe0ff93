"""An episode that truly needs more than 3 dB of limiting is flagged; one whose peaks nobody hears is not."""

from pathlib import Path

import hibari
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.audio.decode import stream
from studio.audio.encode import FlacWriter
from studio.audio.mastering import master
from studio.domain.duration import first_guess
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob, MasterJob, MasterResult
from studio.engine.ports import unfollowed
from studio.quality.signals import sound_findings

Sound = NDArray[np.float32]
RATE_HZ = 24_000
SETTINGS = Settings()


@pytest.fixture(scope="module")
def speech() -> Sound:
    text = (
        "The lamp was lit again, and nobody said a word. It rained until the road was under the water. Then it stopped."
    )
    return np.pad(np.concatenate([*hibari.Hibari().stream(text, seed=4)]), 9_600).astype(np.float32)


def mastered(sound: Sound, folder: Path) -> tuple[MasterResult, Sound]:
    """What mastering says of a take, and the decoded MP3 at the rate of the take."""
    take = folder / "take.flac"
    with FlacWriter(take, RATE_HZ) as flac:
        flac.write(sound)
    mp3 = folder / "take.mp3"
    result = master(unfollowed, MasterJob(take, mp3, folder / "take.peaks", SETTINGS.loudness_target, 1.5))
    return result, np.concatenate([block[0] for block in stream(mp3, RATE_HZ)])


def flags(result: MasterResult) -> list[Finding]:
    rate = first_guess(SETTINGS.voice, SETTINGS.speed)
    job = CheckJob(Path("take.mp3"), SpokenForm("", (), ()), (), rate, SETTINGS, limited_db=result.limited_db)
    found = sound_findings(job, result.sound, ())
    return [finding for finding in found if finding.kind is FindingKind.LOUDNESS and "limiting" in finding.detail]


def lost_db(sound: Sound, result: MasterResult, after: Sound, part: slice) -> float:
    """How much softer a part came out than the gain would have it."""
    powers = [np.square(each[part], dtype=np.float64).mean() for each in (sound, after)]
    return result.gain_db - float(10 * np.log10(powers[1] / powers[0]))


def test_a_word_that_is_shouted_is_flagged(speech: Sound, tmp_path: Path) -> None:
    at = int(np.abs(speech).argmax())
    word = slice(at - 3_600, at + 3_600)
    sound = 0.15 * speech / np.abs(speech).max()
    sound[word] *= 6
    result, after = mastered(sound, tmp_path)
    assert lost_db(sound, result, after, word) > 3, "as the sound itself shows"
    (flag,) = flags(result)
    assert flag.severity is Severity.REVIEW
    assert f"needed {result.limited_db:.1f} dB of limiting over 100 ms, more than 3.0 dB" in flag.detail


def test_a_peak_that_is_over_before_it_is_heard_is_not(speech: Sound, tmp_path: Path) -> None:
    at = int(np.abs(speech).argmax())
    sound = 0.15 * speech / np.abs(speech).max()
    sound[at - 24 : at + 24] *= 4
    result, after = mastered(sound, tmp_path)
    assert result.deepest_db > 3 > result.limited_db
    assert lost_db(sound, result, after, slice(at - 3_600, at + 3_600)) < 3
    assert flags(result) == []
