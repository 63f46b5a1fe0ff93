"""Figures, dates and names, spoken by the built-in voice and heard by the small ears."""

from pathlib import Path

import pytest

from studio.domain.hearing import Grounds
from tests.quality.spoken_samples import SAMPLES, checked, listen, speak, word_for_word

pytestmark = pytest.mark.model


def test_figures_heard_once_are_nearly_all_right(cache: Path, tmp_path: Path) -> None:
    sound = tmp_path / "spoken.flac"
    form, marks = speak(SAMPLES / "tuned-market-report.md", sound)
    alignment, heard = listen(form, marks, sound, "tiny.en", cache)
    assert word_for_word(form, heard) < 0.75  # what there was to be let go
    assert alignment.accuracy is not None
    assert alignment.accuracy >= 0.95  # fast, and only the first of two hearings
    assert sum(forgiven.grounds is Grounds.NUMBER for forgiven in alignment.forgiven) > 30
    assert [item.start_s for item in alignment.forgiven] == sorted(item.start_s for item in alignment.forgiven)


@pytest.mark.parametrize("name", ["tuned-market-report.md", "kept-space-and-science.md"])
def test_clean_speech_full_of_figures_is_right_once_doubts_are_heard_again(
    name: str, cache: Path, tmp_path: Path
) -> None:
    sound = tmp_path / "spoken.flac"
    form, marks = speak(SAMPLES / name, sound)
    accuracy = checked(form, marks, sound, cache).accuracy
    assert accuracy is not None
    assert accuracy >= 0.99
