"""What becomes of windows in which the ears lose their way, and what that may cost."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from studio.audio.mono import RATE_HZ
from studio.quality import rehearing
from studio.quality.batches import LEAST_S, Batches, Heard, encoded_s
from studio.quality.ears import load
from studio.quality.rehearing import Rehearing
from studio.quality.windows import Window, Windows
from tests.quality.quality_speech import Part, mono_of, speak

pytestmark = pytest.mark.model


class Counted(Batches):
    """Counts what it hears."""

    windows = 0
    encoded_s = 0.0

    def hear(self, windows: Sequence[Window], filled_s: float | None = None) -> list[Heard]:
        """Hear."""
        self.windows += len(windows)
        self.encoded_s += sum(encoded_s(window, filled_s or LEAST_S) for window in windows)
        return super().hear(windows, filled_s)


@pytest.fixture
def batches(cache: Path) -> Counted:
    return Counted(load("tiny.en", cache))


def test_a_refrain_is_heard_as_often_as_it_is_said(batches: Counted) -> None:
    line, pause = "The tide comes in and the tide goes out again.", np.zeros(RATE_HZ // 3, np.float32)
    (said,) = speak([line])
    cutter = Windows()
    windows = [*cutter.feed(np.concatenate([mono_of(said.clip), pause] * 9)), *cutter.finish()]
    text = "".join(
        word.text for parts in Rehearing(batches).hear(windows) for _, heard in parts for word in heard.told()
    )
    assert text.lower().count("the tide goes out again") == 9


def test_clear_speech_is_heard_once(batches: Counted, parts: list[Part]) -> None:
    windows = [Window(0.0, mono_of(part.clip)) for part in parts]
    found = Rehearing(batches).hear(windows)
    assert batches.windows == len(windows)
    assert [window for ((window, _),) in found] == windows


def test_what_nobody_understands_costs_no_more_than_it_may(
    batches: Counted, parts: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearing, "_ALWAYS_S", 0.0)
    monkeypatch.setattr(rehearing, "_AGAIN", 3.0)
    backwards = np.concatenate([mono_of(part.clip)[::-1] for part in parts[:4]])
    windows = [Window(at / RATE_HZ, backwards[at : at + 8 * RATE_HZ]) for at in range(0, len(backwards), 8 * RATE_HZ)]
    found = Rehearing(batches).hear(windows)
    first_s = sum(encoded_s(window) for window in windows)
    assert first_s < batches.encoded_s <= first_s + 3.0 * sum(window.length_s for window in windows)
    # Nothing is lost on the way: every stretch of sound is in one part or another.
    for window, pieces in zip(windows, found, strict=True):
        assert sum(len(piece.samples) for piece, _ in pieces) == len(window.samples)
