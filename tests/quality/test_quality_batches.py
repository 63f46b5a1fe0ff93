"""The first hearing's parts: short windows side by side, the times of their words, and how much each is worth."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.tokenizer import Tokenizer

from studio.audio.mono import RATE_HZ
from studio.domain.hearing import HeardWord
from studio.quality.batches import WHOLE_S, Batches, Heard
from studio.quality.ears import load
from studio.quality.timed_words import rushed, timed_words
from studio.quality.windows import LONGEST_S, Window, Windows
from tests.quality.quality_speech import Part, mono_of

STEP_S = 0.04


def text_of(heard: Heard) -> str:
    return "".join(word.text for word in heard.words).strip().replace(",", "").lower()


@pytest.fixture(scope="module")
def tokenizer(cache: Path) -> Tokenizer:
    return Tokenizer(load("tiny.en", cache).hf_tokenizer, False)


def words_of(tokenizer: Tokenizer, text: str, steps: list[int]) -> list[HeardWord]:
    """`steps` are how long each token, and the end, is looked at."""
    tokens = tokenizer.encode(text)
    assert len(steps) == len(tokens) + 1
    starts = np.cumsum([0, *steps])
    path = [(token, step) for token, (one, two) in enumerate(pairwise(starts)) for step in range(one, two)]
    return timed_words(tokenizer, tokens, path, [0.5] * len(steps), STEP_S)


@pytest.mark.model
def test_marks_belong_to_their_words_and_pauses_to_none(tokenizer: Tokenizer) -> None:
    words = words_of(tokenizer, ' He said, "Go."', [5, 5, 20, 1, 5, 1, 1])
    assert [word.text.strip() for word in words] == ["He", "said,", '"Go."']
    assert all(word.probability == 0.5 for word in words)
    said, go = words[1], words[2]
    assert (said.start_s, said.end_s) == pytest.approx((5 * STEP_S, 10 * STEP_S))  # the pause is the comma's
    assert (go.start_s, go.end_s) == pytest.approx((30 * STEP_S, 37 * STEP_S))
    # What the path passes before the first word, or between two sentences, is not theirs.
    late, go, on = words_of(tokenizer, " Well. Go on", [60, 1, 30, 6, 1])
    assert (late.start_s, late.end_s) == pytest.approx((60 * STEP_S - 1.4, 60 * STEP_S))
    assert (go.start_s, go.end_s) == pytest.approx((91 * STEP_S - (go.end_s - go.start_s), 91 * STEP_S))
    assert go.end_s - go.start_s < 30 * STEP_S or on.start_s == go.end_s
    assert timed_words(tokenizer, [], [], [], STEP_S) == []


def test_more_words_than_there_is_sound_for_are_a_loop() -> None:
    words = [HeardWord(f"w{index}", 0.3 * index, 0.3 * index + 0.2, 1.0) for index in range(10)]
    again = [HeardWord(f"w{index}", 3.2, 3.2, 1.0) for index in range(6)]
    assert rushed(words) == 0
    assert rushed([*words, *again]) == 6
    assert rushed([]) == 0
    assert not Heard(words, -0.2, 1.5).doubtful
    assert Heard([*words, *again], -0.2, 1.5).loop
    assert Heard(words, -0.2, 2.6).loop
    assert Heard(words, -1.2, 1.5).doubtful
    assert Heard(words, -0.2, 1.5, endless=True).loop


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([" The", " sleeper", " Hej" + "j" * 90, " snored."], [" The", " sleeper", " Hej", " snored."]),
        ([" Then", " Z", *["-Z"] * 12, " and", " so"], [" Then", " Z", "-Z", " and", " so"]),
        ([" Can't", *["..."] * 9], [" Can't", "..."]),
    ],
)
def test_a_stutter_is_a_loop_and_told_once(texts: list[str], told: list[str]) -> None:
    words = [HeardWord(text, 0.4 * index, 0.4 * index + 0.3, 1.0) for index, text in enumerate(texts)]
    heard = Heard(words, -0.2, 1.5)
    assert heard.loop
    assert [word.text for word in heard.told()] == told


def test_what_people_say_twice_is_no_stutter() -> None:
    texts = [" No,", " no,", " no,", " no,", " a", " thousand", " thousand:", " 1,000,000,000."]
    words = [HeardWord(text, 0.4 * index, 0.4 * index + 0.3, 1.0) for index, text in enumerate(texts)]
    assert not Heard(words, -0.2, 1.5).doubtful
    assert Heard(words, -0.2, 1.5).told() == words


@pytest.mark.model
def test_windows_side_by_side_are_heard_as_each_alone(parts: list[Part], cache: Path) -> None:
    batches = Batches(load("tiny.en", cache))
    sounds = [mono_of(part.clip) for part in parts]
    together = [np.concatenate(sounds[first:end]) for first, end in ((0, 3), (1, 5), (3, 6), (4, 7))]
    windows = [Window(0.0, sound) for sound in (*together, sounds[0][:900])]
    found = batches.hear(windows)
    assert len(found) == len(windows)
    assert found[-1] == Heard()  # too short to hold a word
    for window, heard in zip(windows[:-1], found[:-1], strict=True):
        (alone,) = batches.hear([window])
        (whole,) = batches.hear([window], WHOLE_S)
        assert text_of(heard) == text_of(alone) == text_of(whole)
        length_s = len(window.samples) / RATE_HZ
        assert all(-0.01 <= word.start_s <= word.end_s <= length_s + 0.1 for word in heard.words)
        assert np.median([abs(a.start_s - b.start_s) for a, b in zip(heard.words, whole.words, strict=True)]) < 0.05
        assert not heard.doubtful
        cut_off = Heard(heard.words[:3], heard.log_probability, 1.5, length_s - heard.words[2].end_s)
        assert cut_off.doubtful


def test_what_repeats_itself_to_its_end_is_a_refrain() -> None:
    words = [
        HeardWord(text, 0.3 * index, 0.3 * index + 0.2, 1.0)
        for index, text in enumerate([" row", " your", " boat"] * 9)
    ]
    sung = Heard(words, -0.2, 4.0)
    assert sung.loop
    assert sung.refrain
    assert not replace(sung, endless=True).refrain
    assert not replace(sung, left_s=4.0).refrain
    assert not replace(sung, compression=1.5).refrain
    assert not Heard([HeardWord(" Z" + "z" * 60, 0.0, 1.0, 1.0)], -0.2, 4.0).refrain


@pytest.mark.model
def test_words_are_where_they_sound(parts: list[Part], cache: Path) -> None:
    first, second = (mono_of(part.clip) for part in parts[3:5])
    silent = np.zeros(RATE_HZ, np.float32)
    (heard,) = Batches(load("tiny.en", cache)).hear([Window(0.0, np.concatenate((silent, first, silent, second)))])
    loud = np.abs(second) > 0.05
    begins_s = 2.0 + (len(first) + int(loud.argmax())) / RATE_HZ
    nobody = next(word for word in heard.words if word.text.strip() == "Nobody")
    bridge = next(word for word in heard.words if "bridge" in word.text)
    assert nobody.start_s == pytest.approx(begins_s, abs=0.2)
    assert bridge.end_s == pytest.approx(1.0 + len(first) / RATE_HZ, abs=0.3)
    assert heard.words[0].start_s == pytest.approx(1.0, abs=0.3)


@pytest.mark.model
def test_speech_without_a_pause_is_cut_all_the_same(parts: list[Part]) -> None:
    breathless = np.concatenate([mono_of(part.clip[2_400:-4_800]) for part in parts])
    long = np.concatenate([breathless] * 12)
    assert len(long) > 100 * LONGEST_S
    cutter = Windows()
    found = [*cutter.feed(long), *cutter.finish()]
    assert all(0 < window.end_s - window.start_s <= LONGEST_S for window in found)
    assert all(later.start_s >= window.end_s - 0.01 for window, later in pairwise(found))
    covered = sum(window.end_s - window.start_s for window in found)
    assert covered == pytest.approx(len(long) / RATE_HZ, rel=0.05)
    assert covered / len(found) > LONGEST_S / 2
