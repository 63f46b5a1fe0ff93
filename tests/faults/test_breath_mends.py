"""A breath of a long sentence that is spoken anew for itself: the sentence is as if it had always been so."""

from pathlib import Path

import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.audio.decode import stream
from studio.audio.encode import FlacWriter
from studio.audio.pauses import kept_s
from studio.audio.splice import splice
from studio.domain.mending import characters, sentences
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm, Utterance
from studio.engine.jobs import Patch
from studio.engine.ports import unfollowed
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.readings import Sound, say

BREATHS = (
    ("The lamp was lit again, and nobody in the house said a word.", 0.25),
    ("It had rained for a week, until the road to the village lay under the water from the mill to the bridge;", 0.12),
    ("and when it stopped at last, they found that the garden and the fields behind it were a lake,", 0.12),
    ("on which the children rowed from one apple tree to the next for the rest of the summer.", 0.25),
    ("Then the water went away as it had come.", 0.6),
    ("Nobody has ever found out how deep it was.", 0.25),
)
BAD = 2


def form() -> SpokenForm:
    at, utterances = 0, []
    for text, pause_s in BREATHS:
        utterances.append(Utterance(text, at, at + len(text), (), pause_s))
        at += len(text) + 1
    return SpokenForm("", tuple(utterances), ())


def read(spoken: SpokenForm, first: int, last: int, seed: int) -> tuple[Sound, tuple[Mark, ...]]:
    parts, marks, at = [np.zeros(RATE_HZ // 5, np.float32)], [], RATE_HZ // 5
    for number, each in enumerate(spoken.utterances[first:last], first):
        sound = say(each.text, seed)
        marks.append(Mark(number, each.start, each.end, at / RATE_HZ, (at + len(sound)) / RATE_HZ))
        parts += [sound, np.zeros(round(each.pause_after_s * RATE_HZ), np.float32)]
        at += len(sound) + len(parts[-1])
    return np.concatenate(parts), tuple(marks)


def written(path: Path, sound: Sound) -> Path:
    with FlacWriter(path, RATE_HZ) as flac:
        flac.write(sound)
    return path


def test_only_the_breath_is_spoken_anew_and_nothing_else_changes(tmp_path: Path) -> None:
    spoken = form()
    whole, marks = read(spoken, 0, len(BREATHS), 3)
    (stretch,) = sentences(spoken, [BAD], marks)
    assert stretch == (BAD, BAD + 1)
    assert characters((stretch,), spoken) < 0.4 * characters(sentences(spoken, [BAD]), spoken)
    start, end = (round(second * RATE_HZ) for second in (marks[BAD].start_s, marks[BAD].end_s))
    bad = whole.copy()
    bad[start : end - 500] += 0.05 * np.random.default_rng(1).standard_normal(end - 500 - start).astype(np.float32)
    sound, own = read(spoken, *stretch, 4)
    pauses_s = (BREATHS[BAD - 1][1], BREATHS[BAD][1])
    patch = Patch(written(tmp_path / "patch.flac", sound), own, *stretch, pauses_s)
    made = splice(unfollowed, written(tmp_path / "take.flac", bad), marks, [patch], tmp_path / "out.flac")
    mended = np.concatenate([block[0] for block in stream(tmp_path / "out.flac", RATE_HZ)])
    shift = len(mended) - len(whole)
    assert abs(shift) < 0.05 * RATE_HZ
    np.testing.assert_allclose(mended[: start - 2_000], whole[: start - 2_000], atol=1e-4)
    np.testing.assert_allclose(mended[end + 2_000 + shift :], whole[end + 2_000 :], atol=1e-4)
    for number in (BAD, BAD + 1):
        pause_s = made.marks[number].start_s - made.marks[number - 1].end_s
        assert pause_s == pytest.approx(BREATHS[number - 1][1], abs=0.01)
    assert analyse(tmp_path / "out.flac", unfollowed).sound.spots == ()


@pytest.mark.parametrize(("was_s", "kept"), [(0.12, 0.12), (0.2, 0.2), (0.03, 0.12), (1.4, 0.12)])
def test_a_pause_within_a_sentence_is_not_measured_by_those_between_them(was_s: float, kept: float) -> None:
    assert kept_s(was_s, 0.12, [0.3, 0.3, 0.4, 0.7]) == kept
