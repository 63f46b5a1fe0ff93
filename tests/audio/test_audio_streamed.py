"""The one pass gives the same figures and finds the same faults, however the sound comes in blocks."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from studio.audio import analysis
from studio.audio.analysis import Analysis, analyse
from studio.audio.decode import stream
from studio.audio.mono import Mono
from studio.domain.sound import SpotKind
from tests.audio.audio_samples import Wave, write

RATE_HZ = 16_000
FIGURES = (
    "duration_s",
    "loudness_lufs",
    "loudness_range_lu",
    "max_short_term_lufs",
    "true_peak_dbtp",
    "confirmed_lufs",
    "noise_floor_db",
    "rms_db",
)


def faulty(speech: Wave) -> Wave:
    """Speech with a fault of nearly every kind that raw samples give away, at 16 kHz."""
    wave = np.tile(speech[0, ::2] if speech.shape[1] > 20 * RATE_HZ else np.resize(speech[0], 20 * RATE_HZ), 2)
    wave = np.array(wave[: 30 * RATE_HZ], np.float32)
    random = np.random.default_rng(8)
    second = RATE_HZ
    wave[4 * second : 6 * second] = 0.0
    wave[5 * second] = 0.4  # a click in silence
    wave[8 * second : 8 * second + 6_000] += 0.15 * random.standard_normal(6_000).astype(np.float32)
    top = 0.5 * float(np.abs(wave[12 * second : 15 * second]).max())
    wave[12 * second : 15 * second] = np.clip(wave[12 * second : 15 * second], -top, top)
    wave[20 * second :] *= 0.4
    return np.asarray(wave + 0.02, np.float32)[None]  # an offset


class Counting:
    """A listener that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[Mono] = []

    def feed(self, samples: Mono) -> None:
        self.heard.append(samples.copy())

    def finish(self) -> None:
        pass


def cut(path: Path, sizes: Sequence[int]) -> Iterator[Wave]:
    """The file in blocks of these sizes, over and over."""
    whole = np.concatenate([*stream(path)], axis=1)
    at = 0
    for size in chain.from_iterable(repeat(tuple(sizes))):
        if at >= whole.shape[1]:
            return
        yield whole[:, at : at + size]
        at += size


def analysed(path: Path, sizes: Sequence[int]) -> tuple[Analysis, Mono]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(analysis, "stream", lambda path, **_: cut(path, sizes))
        counting = Counting()
        found = analyse(path, lambda _: None, listeners=[counting])
    return found, np.concatenate(counting.heard)


@pytest.fixture(scope="module", params=["mono", "dual mono", "two channels"])
def whole(
    request: pytest.FixtureRequest, speech: Wave, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Analysis, Mono]:
    wave = faulty(speech)
    channels = {
        "mono": wave,
        "dual mono": np.concatenate((wave, wave)),
        "two channels": np.concatenate((wave, np.roll(wave, 331, axis=1) * np.float32(0.8))),
    }[request.param]
    path = write(tmp_path_factory.mktemp("streamed") / "faulty.wav", channels, RATE_HZ)
    return path, *analysed(path, [channels.shape[1]])


def test_the_faults_are_there(whole: tuple[Path, Analysis, Mono]) -> None:
    kinds = {spot.kind for spot in whole[1].sound.spots}
    assert {SpotKind.CLICK, SpotKind.NOISE, SpotKind.CLIPPING, SpotKind.DC} <= kinds


@settings(max_examples=6, deadline=None, phases=[Phase.generate])  # smaller blocks only take longer
@given(sizes=some.lists(some.integers(1_500, 90_000), min_size=1, max_size=5), odd=some.integers(1, 63))
def test_no_figure_depends_on_the_blocks(whole: tuple[Path, Analysis, Mono], sizes: list[int], odd: int) -> None:
    path, expected, mono = whole
    found, heard = analysed(path, [*sizes, odd])
    for name in FIGURES:
        assert getattr(found.sound, name) == pytest.approx(getattr(expected.sound, name), abs=1e-4), name
    assert found.sound.silences == expected.sound.silences
    assert found.peaks == expected.peaks
    assert found.strip == expected.strip
    assert np.array_equal(heard, mono)
    places = [[(spot.kind, spot.start_s, spot.end_s) for spot in each.sound.spots] for each in (found, expected)]
    assert places[0] == places[1]
    sure = [[number for spot in each.sound.spots for number in (spot.amount, spot.sure)] for each in (found, expected)]
    assert sure[0] == pytest.approx(sure[1], abs=0.02)
