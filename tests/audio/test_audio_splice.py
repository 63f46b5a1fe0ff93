"""What was spoken anew stands in the place of the old: at its level, in its pause, and the rest is as it was."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.audio.decode import Resampler, probe, stream
from studio.audio.encode import FlacWriter, Mp3Writer
from studio.audio.splice import splice
from studio.domain.errors import AudioError
from studio.domain.sound import Mark
from studio.engine.jobs import Patch, Spliced
from tests.audio.audio_samples import Wave, joined, sine, write
from tests.audio.seams import seams
from tests.audio.spoken_pieces import RATE_HZ, Line, body, lines

SILENCE = -200.0
HZ = 24_000


def silent(_fraction: float) -> None: ...


def loaded(path: Path) -> Wave:
    return joined(list(stream(path)))


def flac(path: Path, wave: Wave, rate_hz: int = HZ) -> Path:
    with FlacWriter(path, rate_hz, len(wave)) as out:
        out.write(wave)
    return path


def mp3(path: Path, wave: Wave, rate_hz: int) -> Path:
    with Mp3Writer(path, rate_hz, len(wave), 128) as out:
        out.write(wave)
    return path


def talk(parts: Sequence[tuple[float, float]], hz: float = 400.0) -> Wave:
    return sine(HZ, parts, hz, 1)


def mark(number: int, start_s: float, end_s: float) -> Mark:
    return Mark(number, 10 * number, 10 * number + 9, start_s, end_s)


# Five utterances of 2 s at 400 Hz, with pauses that differ.
TALK = [
    (SILENCE, 0.2),
    *[(-20.0, 2.0), (SILENCE, 0.4), (-20.0, 2.0), (SILENCE, 0.6), (-20.0, 2.0), (SILENCE, 0.5), (-20.0, 2.0)],
    *[(SILENCE, 0.7), (-20.0, 2.0), (SILENCE, 0.4)],
]
MARKS = [mark(n, start, start + 2.0) for n, start in enumerate((0.2, 2.6, 5.2, 7.7, 10.4))]
GAPS_S = [0.2, 0.4, 0.6, 0.5, 0.7, 0.4]


def take(folder: Path, wave: Wave | None = None) -> Path:
    return flac(folder / "take.flac", talk(TALK) if wave is None else wave)


def patch(
    folder: Path,
    first: int,
    last: int,
    *,
    length_s: float = 1.5,
    db: float = -20.0,
    hz: float = 900.0,
    rest: float = 0.3,
) -> Patch:
    """Utterances of `length_s` each at another pitch, half a second apart, with silence around."""
    parts, marks, at = [(SILENCE, 0.05)], [], 0.05
    for number in range(first, last):
        parts += [(db, length_s), (SILENCE, 0.5)]
        marks.append(mark(number, at, at + length_s))
        at += length_s + 0.5
    parts[-1] = (SILENCE, rest)
    return Patch(flac(folder / f"patch{first}.flac", talk(parts, hz)), tuple(marks), first, last)


def pauses_s(made: Spliced) -> list[float]:
    times = [0.0, *(time for one in made.marks for time in (one.start_s, one.end_s)), made.duration_s]
    return [end - start for start, end in zip(times[::2], times[1::2], strict=True)]


def level(wave: Wave, start_s: float, end_s: float) -> float:
    """RMS in dB."""
    part = wave[:, round(start_s * HZ) : round(end_s * HZ)]
    return float(10 * np.log10(np.mean(np.square(part, dtype=np.float64)) + 1e-20))


def pitch(wave: Wave, start_s: float, end_s: float) -> float:
    part = wave[0, round(start_s * HZ) : round(end_s * HZ)]
    return float(np.abs(np.fft.rfft(part * np.hanning(len(part)))).argmax() * HZ / len(part))


@pytest.mark.parametrize(
    ("first", "last", "length_s"),
    [(0, 1, 1.5), (1, 2, 0.3), (2, 4, 2.7), (4, 5, 3.0), (0, 2, 1.0), (3, 5, 1.0), (0, 5, 1.2)],
)
def test_a_patch_takes_the_place_of_the_old_and_every_pause_stays(
    first: int, last: int, length_s: float, tmp_path: Path
) -> None:
    made = splice(silent, take(tmp_path), MARKS, [patch(tmp_path, first, last, length_s=length_s)], tmp_path / "o.flac")
    wave, old = loaded(tmp_path / "o.flac"), loaded(tmp_path / "take.flac")
    assert [one.utterance for one in made.marks] == [0, 1, 2, 3, 4]
    assert [(one.source_start, one.source_end) for one in made.marks] == [(10 * n, 10 * n + 9) for n in range(5)]
    expected = [GAPS_S[n] if not first < n < last else 0.5 for n in range(6)]
    assert pauses_s(made) == pytest.approx(expected, abs=0.001)
    for n, one in enumerate(made.marks):
        new = first <= n < last
        assert one.end_s - one.start_s == pytest.approx(length_s if new else 2.0, abs=0.001)
        assert pitch(wave, one.start_s, one.end_s) == pytest.approx(900 if new else 400, abs=4)
        assert level(wave, one.start_s + 0.02, one.end_s - 0.02) == pytest.approx(-23.0, abs=0.6)
        assert level(wave, one.end_s + 0.02, one.end_s + 0.18) < -100
    assert made.patches == ((made.marks[first].start_s, made.marks[last - 1].end_s),)
    assert made.duration_s == probe(tmp_path / "o.flac").stated_s == wave.shape[1] / HZ
    # Bit for bit outside.
    if first:
        kept = round(MARKS[first - 1].end_s * HZ)
        assert np.array_equal(wave[:, :kept], old[:, :kept])
        assert made.marks[:first] == tuple(MARKS[:first])
    if last < 5:
        kept = old.shape[1] - round(MARKS[last].start_s * HZ)
        assert np.array_equal(wave[:, -kept:], old[:, -kept:])
    assert np.abs(np.diff(wave[0])).max() < 0.026  # 0.1 sin(900 Hz) has 0.0236


def test_several_patches_at_once(tmp_path: Path) -> None:
    """The old ones were too soft; they do not say how loud the new ones are to be."""
    patches = [
        patch(tmp_path, 0, 1, length_s=0.7),
        patch(tmp_path, 2, 3, length_s=3.1),
        patch(tmp_path, 4, 5, length_s=2.2),
    ]
    old = talk(TALK)
    for n in (0, 2, 4):
        old[:, round(MARKS[n].start_s * HZ) : round(MARKS[n].end_s * HZ)] *= 0.3
    made = splice(silent, take(tmp_path, old), MARKS, patches, tmp_path / "o.flac")
    assert pauses_s(made) == pytest.approx(GAPS_S, abs=0.001)
    assert [one.end_s - one.start_s for one in made.marks] == pytest.approx([0.7, 2.0, 3.1, 2.0, 2.2], abs=0.001)
    wave = loaded(tmp_path / "o.flac")
    for n, one in enumerate(made.marks):
        assert level(wave, one.start_s + 0.02, one.end_s - 0.02) == pytest.approx(-23.0, abs=0.6), n
    for n in (1, 3):
        start, count = round(made.marks[n].start_s * HZ), 2 * HZ
        was = round(MARKS[n].start_s * HZ)
        assert np.abs(wave[:, start : start + count] - old[:, was : was + count]).max() < 1 / 32768
    assert len(made.patches) == 3


@pytest.mark.parametrize(("db", "after_db"), [(-23.0, -23.0), (-15.0, -23.0), (-29.0, -29.0), (-11.0, -20.0)])
def test_a_patch_is_as_loud_as_what_is_around_it_within_6_db(db: float, after_db: float, tmp_path: Path) -> None:
    """Both tones are weighted alike but for 0.7 LU; the old sentence was at fault, and does not count."""
    wave = talk(TALK)
    wave[:, round(5.2 * HZ) : round(7.2 * HZ)] *= 0.05
    made = splice(silent, take(tmp_path, wave), MARKS, [patch(tmp_path, 2, 3, db=db)], tmp_path / "o.flac")
    new = made.marks[2]
    if db == -11.0:
        after_db = db - 3.01 - 6.0
    elif db == -29.0:
        after_db = db - 3.01 + 6.0
    assert level(loaded(tmp_path / "o.flac"), new.start_s + 0.1, new.end_s - 0.1) == pytest.approx(after_db, abs=0.8)


def test_a_patch_never_clips(tmp_path: Path) -> None:
    wave = talk([(db + 14 if db > -100 else db, s) for db, s in TALK])
    new = patch(tmp_path, 2, 3, db=-10.0)
    peaky = loaded(new.source)
    peaky[:, round(0.8 * HZ) : round(0.81 * HZ)] *= 2.5
    flac(new.source, peaky)
    splice(silent, take(tmp_path, wave), MARKS, [new], tmp_path / "o.flac")
    assert np.abs(loaded(tmp_path / "o.flac")).max() < 0.9895


def room(db: float, seed: int, count: int) -> Wave:
    return (10 ** (db / 20) * np.random.default_rng(seed).standard_normal((1, count))).astype(np.float32)


@pytest.mark.parametrize("offset", [0.0, 0.02])
@pytest.mark.parametrize("own_db", [None, -60.0])
def test_the_room_goes_on_under_the_patch(offset: float, own_db: float | None, tmp_path: Path) -> None:
    """Noise as loud as before in both pauses, and no step where the waveform does not rest at zero."""
    wave = talk(TALK)
    noisy = wave + room(-60.0, 1, wave.shape[1]) + np.float32(offset)
    new = patch(tmp_path, 2, 3, length_s=1.5)
    if own_db is not None:
        clean = loaded(new.source)
        flac(new.source, clean + room(own_db, 2, clean.shape[1]))
    made = splice(silent, take(tmp_path, noisy), MARKS, [new], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac") - np.float32(offset)
    for n in (1, 2):
        levels = [
            level(out, s, s + 0.05) for s in np.arange(made.marks[n].end_s, made.marks[n + 1].start_s - 0.06, 0.05)
        ]
        assert max(levels) < -57.8, levels
        assert min(levels) > -62.0, levels
    inside = out[0, round(made.marks[2].start_s * HZ) : round(made.marks[2].end_s * HZ)]
    assert abs(float(inside.mean())) < 0.0005


@pytest.mark.parametrize(
    ("kind", "start_s", "end_s"),
    [
        ("noise", 4.7, 5.0),  # in the pause before
        ("noise", 4.6, 5.25),  # all of it, and the beginning of the sentence
        ("noise", 7.15, 7.65),  # over the end of the sentence, and into the pause behind it
        ("click", 4.9, 4.9002),
        ("click", 7.5, 7.5002),
        ("clipping", 5.5, 7.19),
        ("hum", 4.65, 5.19),
    ],
)
def test_what_was_at_fault_goes_out_with_the_old(kind: str, start_s: float, end_s: float, tmp_path: Path) -> None:
    wave = talk(TALK)
    part = slice(round(start_s * HZ), round(end_s * HZ))
    if kind == "noise":
        wave[:, part] += room(-25.0, 3, part.stop - part.start)
    elif kind == "click":
        wave[:, part] += 0.3
    elif kind == "hum":
        wave[:, part] += sine(HZ, [(-35.0, end_s - start_s)], 150.0, 1)[:, : part.stop - part.start]
    else:
        wave[:, part] = np.clip(wave[:, part] * 8, -0.2, 0.6)  # lopsided, as clipped speech is
    made = splice(silent, take(tmp_path, wave), MARKS, [patch(tmp_path, 2, 3)], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac")
    assert pauses_s(made) == pytest.approx(GAPS_S, abs=0.02)
    assert abs(float(out[0, round((made.marks[2].end_s + 0.1) * HZ)])) < 1e-4
    for n, one in enumerate(made.marks[:-1]):
        assert level(out, one.end_s + 0.005, made.marks[n + 1].start_s - 0.005) < -85, n
    assert np.abs(out).max() < 0.13


def test_a_last_sentence_that_was_cut_off_gets_a_tail(tmp_path: Path) -> None:
    cut = talk(TALK)[:, : round(11.6 * HZ)]
    marks = [*MARKS[:4], mark(4, 10.4, 11.6)]
    made = splice(silent, take(tmp_path, cut), marks, [patch(tmp_path, 4, 5, length_s=2.0)], tmp_path / "o.flac")
    assert made.duration_s - made.marks[4].end_s == pytest.approx(0.3, abs=0.01)
    assert made.marks[4].end_s - made.marks[4].start_s == pytest.approx(2.0, abs=0.01)
    out = loaded(tmp_path / "o.flac")
    assert level(out, made.marks[4].end_s + 0.01, made.duration_s) < -100


def test_what_dropped_out_is_not_taken_for_a_pause(tmp_path: Path) -> None:
    """The end of a sentence was cut off to digital silence, within a noisy room."""
    noisy = talk(TALK) + room(-60.0, 4, talk(TALK).shape[1])
    noisy[:, round(6.8 * HZ) : round(7.3 * HZ)] = 0.0
    made = splice(silent, take(tmp_path, noisy), MARKS, [patch(tmp_path, 2, 3)], tmp_path / "o.flac")
    assert pauses_s(made) == pytest.approx(GAPS_S, abs=0.02)
    out = loaded(tmp_path / "o.flac")
    for start in np.arange(made.marks[2].end_s + 0.01, made.marks[3].start_s - 0.06, 0.05):
        assert level(out, float(start), float(start) + 0.05) == pytest.approx(-60.0, abs=2.2)


def test_silence_that_nobody_asked_for_goes_where_it_is_known_what_was(tmp_path: Path) -> None:
    long = [*TALK[:4], (SILENCE, 4.0), *TALK[5:]]  # 4 s instead of 0.6 s
    marks = [*MARKS[:2], *(mark(n, MARKS[n].start_s + 3.4, MARKS[n].end_s + 3.4) for n in (2, 3, 4))]
    new = patch(tmp_path, 2, 3)
    kept = splice(silent, take(tmp_path, talk(long)), marks, [new], tmp_path / "o.flac")
    assert pauses_s(kept)[2] == pytest.approx(4.0, abs=0.01)
    asked = replace(new, pauses_s=(0.6, 0.5))
    assert 0.4 <= pauses_s(splice(silent, take(tmp_path, talk(long)), marks, [asked], tmp_path / "o.flac"))[2] <= 0.7
    wanted = replace(new, pauses_s=(3.8, 0.5))  # the script wanted it
    assert pauses_s(splice(silent, take(tmp_path, talk(long)), marks, [wanted], tmp_path / "o.flac"))[
        2
    ] == pytest.approx(4.0, abs=0.01)


def test_a_sentence_that_was_left_out_is_put_in_between(tmp_path: Path) -> None:
    parts = [*TALK[:4], (SILENCE, 0.5), *TALK[7:]]  # without the third one
    marks = [
        MARKS[0],
        MARKS[1],
        mark(2, 4.6, 4.6),
        *(mark(n, MARKS[n].start_s - 2.6, MARKS[n].end_s - 2.6) for n in (3, 4)),
    ]
    new = replace(patch(tmp_path, 2, 3), pauses_s=(0.5, 0.5))
    made = splice(silent, take(tmp_path, talk(parts)), marks, [new], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac")
    for n, one in enumerate(made.marks):
        assert one.end_s - one.start_s == pytest.approx(1.5 if n == 2 else 2.0, abs=0.01)
        assert pitch(out, one.start_s, one.end_s) == pytest.approx(900 if n == 2 else 400, abs=4)
        assert level(out, one.start_s, one.end_s) == pytest.approx(-23.0, abs=0.6)
    assert pauses_s(made) == pytest.approx([0.2, 0.4, 0.5, 0.5, 0.7, 0.4], abs=0.07)


@pytest.mark.parametrize("seed", range(4))
def test_inexact_marks_are_put_right_by_the_silences(seed: int, tmp_path: Path) -> None:
    by = np.random.default_rng(seed).uniform(-0.3, 0.3, (5, 2))
    by[2] = 0.25, -0.25
    off = [mark(n, max(0.0, one.start_s + by[n, 0]), one.end_s + by[n, 1]) for n, one in enumerate(MARKS)]
    made = splice(silent, take(tmp_path), off, [patch(tmp_path, 2, 3)], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac")
    sounds = analyse(tmp_path / "o.flac", silent, 0.1).sound.silences
    assert [one.length_s for one in sounds] == pytest.approx(GAPS_S, abs=0.021)
    assert pitch(out, made.marks[2].start_s, made.marks[2].end_s) == pytest.approx(900, abs=4)
    assert made.duration_s == pytest.approx(12.8 - 0.5, abs=0.03)


def test_where_there_is_no_silence_the_quietest_place_is_cut(tmp_path: Path) -> None:
    parts = [(-20.0, 2.0), (-48.0, 0.03), (-20.0, 2.0), (-48.0, 0.03), (-20.0, 2.0), (-48.0, 0.03), (-20.0, 2.0)]
    marks = [mark(n, 2.03 * n + 0.04, 2.03 * n + 2.06) for n in range(4)]
    made = splice(silent, take(tmp_path, talk(parts)), marks, [patch(tmp_path, 1, 2)], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac")
    envelope = np.abs(out[0][: len(out[0]) // 240 * 240]).reshape(-1, 240).max(axis=1) > 0.05
    runs = np.flatnonzero(np.diff(np.concatenate(([False], envelope, [False])).astype(int))).reshape(-1, 2)
    assert ((runs[:, 1] - runs[:, 0]) / 100).tolist() == pytest.approx([2.0, 1.5, 2.0, 2.0], abs=0.03)
    assert (runs[1:, 0] - runs[:-1, 1]).max() <= 5  # 50 ms
    assert np.abs(np.diff(out[0])).max() < 0.03
    assert made.duration_s == pytest.approx(8.09 - 0.5, abs=0.05)


def test_a_patch_of_another_kind_takes_on_that_of_the_take(tmp_path: Path) -> None:
    wave = np.tile(sine(44_100, TALK, 400.0, 1), (2, 1))
    old = mp3(tmp_path / "take.mp3", wave, 44_100)
    new = patch(tmp_path, 2, 3)
    made = splice(silent, old, MARKS, [new], tmp_path / "o.flac")
    info = probe(tmp_path / "o.flac")
    assert (info.rate_hz, info.channels) == (44_100, 2)
    out, was = loaded(tmp_path / "o.flac"), loaded(old)
    kept = round(MARKS[1].end_s * 44_100)
    assert np.abs(out[:, :kept] - was[:, :kept]).max() <= 0.5 / 32768 + 1e-7
    part = out[:, round((made.marks[2].start_s + 0.1) * 44_100) : round((made.marks[2].end_s - 0.1) * 44_100)]
    assert 10 * np.log10(np.square(part).mean()) == pytest.approx(-23.0, abs=0.8)
    stereo = write(
        tmp_path / "p.wav",
        np.tile(sine(48_000, [(SILENCE, 0.1), (-20.0, 1.5), (SILENCE, 0.2)], 900.0, 1), (2, 1)),
        48_000,
    )
    other = splice(silent, take(tmp_path), MARKS, [Patch(stereo, (mark(2, 0.1, 1.6),), 2, 3)], tmp_path / "o.flac")
    assert (probe(tmp_path / "o.flac").rate_hz, probe(tmp_path / "o.flac").channels) == (HZ, 1)
    assert pauses_s(other) == pytest.approx(GAPS_S, abs=0.012)


def test_neighbours_that_were_spoken_along_stay_out(tmp_path: Path) -> None:
    parts = [(-20.0, 1.0), (SILENCE, 0.4), (-20.0, 1.5), (SILENCE, 0.3), (-20.0, 1.0)]
    marks = (mark(1, 0.0, 1.0), mark(2, 1.4, 2.9), mark(3, 3.2, 4.2))
    new = Patch(flac(tmp_path / "p.flac", talk(parts, 900.0)), marks, 2, 3)
    made = splice(silent, take(tmp_path), MARKS, [new], tmp_path / "o.flac")
    out = loaded(tmp_path / "o.flac")
    assert [round(pitch(out, one.start_s, one.end_s), -2) for one in made.marks] == [400, 400, 900, 400, 400]
    assert pauses_s(made) == pytest.approx(GAPS_S, abs=0.01)


def test_a_patch_without_silence_around_it_makes_no_click(tmp_path: Path) -> None:
    new = Patch(flac(tmp_path / "p.flac", talk([(-20.0, 1.5004)], 900.0)), (mark(2, 0.0, 1.5004),), 2, 3)
    made = splice(silent, take(tmp_path), MARKS, [new], tmp_path / "o.flac")
    assert pauses_s(made) == pytest.approx(GAPS_S, abs=0.001)
    assert np.abs(np.diff(loaded(tmp_path / "o.flac")[0])).max() < 0.026  # 0.1 sin(900 Hz) has 0.0236


def test_a_take_that_was_spliced_before_is_spliced_again(tmp_path: Path) -> None:
    once = splice(silent, take(tmp_path), MARKS, [patch(tmp_path, 2, 3)], tmp_path / "one.flac")
    again = [patch(tmp_path, 2, 3, length_s=2.0, hz=400.0)]
    twice = splice(silent, tmp_path / "one.flac", once.marks, again, tmp_path / "two.flac")
    assert [time for one in twice.marks for time in (one.start_s, one.end_s)] == pytest.approx(
        [time for one in MARKS for time in (one.start_s, one.end_s)], abs=0.002
    )
    assert twice.duration_s == pytest.approx(12.8, abs=0.002)


def test_the_same_gives_the_same_bytes_and_the_progress_only_grows(tmp_path: Path) -> None:
    told: list[float] = []
    splice(told.append, take(tmp_path), MARKS, [patch(tmp_path, 1, 2)], tmp_path / "a.flac")
    splice(silent, take(tmp_path), MARKS, [patch(tmp_path, 1, 2)], tmp_path / "b.flac")
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_broken_patch_leaves_nothing(tmp_path: Path) -> None:
    new = patch(tmp_path, 1, 2)
    new.source.write_bytes(new.source.read_bytes()[:-3000])
    with pytest.raises(AudioError, match="patch1"):
        splice(silent, take(tmp_path), MARKS, [new], tmp_path / "o.flac")
    assert not (tmp_path / "o.flac").exists()


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(times: int) -> int:
        new = patch(tmp_path, 2, 3, length_s=10.0 * times)
        path = take(tmp_path, np.tile(talk(TALK), (1, 12 * times)))
        tracemalloc.start()
        splice(silent, path, MARKS, [new], tmp_path / "o.flac")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(4) - peak(2) < 2_000_000  # 5 minutes more of sound are 29 MB


@pytest.fixture(scope="module")
def two_readings(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], list[Line]]:
    """The same sentences, spoken with two seeds."""
    folder = tmp_path_factory.mktemp("readings")
    return lines("walden--reading", 2, 24, 2, folder), lines("walden--reading", 2, 24, 9, folder)


def as_vendor(wave: Wave, channels: int) -> Wave:
    resampler = Resampler(RATE_HZ, 44_100, 1)
    return np.tile(joined([resampler.feed(wave), resampler.finish()]), (channels, 1))


@pytest.mark.model
@pytest.mark.parametrize(
    ("noise_db", "own_db", "gain_db", "vendor"),
    [(None, None, 0.0, False), (None, None, 3.0, False), (-60.0, None, -3.0, False), (-63.0, -63.0, 3.0, True)],
)
def test_nobody_finds_the_seams(
    noise_db: float | None,
    own_db: float | None,
    gain_db: float,
    vendor: bool,
    two_readings: tuple[list[Line], list[Line]],
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(4)
    old, anew = two_readings
    whole = body(old, rng, noise_db=noise_db)
    path = tmp_path / "take"
    path = mp3(path, as_vendor(whole.wave, 2), 44_100) if vendor else flac(path, whole.wave)
    patches = []
    for first, last in ((0, 1), (4, 5), (9, 11), (16, 17), (23, 24)):
        said = body(anew[first:last], rng, first=first, gain_db=gain_db, noise_db=own_db and own_db + gain_db)
        source = tmp_path / f"{first}"
        source = mp3(source, as_vendor(said.wave, 1), 44_100) if vendor else flac(source, said.wave)
        patches.append(Patch(source, said.marks, first, last))
    made = splice(silent, path, whole.marks, patches, tmp_path / "o.flac")
    at = {3, 4, 8, 10, 15, 16, 0, 22}
    before = {(finding.kind, finding.after) for finding in seams(path, whole.marks)}
    found = [finding for finding in seams(tmp_path / "o.flac", made.marks) if finding.after in at]
    assert [finding for finding in found if (finding.kind, finding.after) not in before] == []
    for one, was in zip(pauses_s(made)[1:-1], pauses_s(Spliced(whole.marks, (), whole.seconds))[1:-1], strict=True):
        if was > 0.1:
            assert one == pytest.approx(was, abs=0.12)
    # Nothing is lost and nothing doubled: every sentence is there from its first sample to its last.
    out, before_it = loaded(tmp_path / "o.flac"), loaded(path)
    rate_hz = probe(path).rate_hz
    beside = {n for one in patches for n in (one.first - 1, one.last)}
    for n, sentence in enumerate(made.marks):
        origin = next((one for one in patches if one.first <= n < one.last), None)
        marks = whole.marks if origin is None else origin.marks
        mine = next(one for one in marks if one.utterance == n)
        meant = cut(before_it if origin is None else loaded(origin.source), mine.start_s, mine.end_s, rate_hz)
        heard = cut(out, sentence.start_s - 1 / rate_hz, sentence.end_s + 2 / rate_hz, rate_hz)
        off = min(range(3), key=lambda by: float(np.abs(heard[by : by + len(meant)] - meant).sum()))
        heard = heard[off : off + len(meant)]
        if origin is None and n not in beside:
            assert np.abs(heard - meant).max() < 1 / 32768
        for part in (slice(0, None), slice(0, rate_hz // 5), slice(-rate_hz // 5, None)):
            assert np.corrcoef(heard[part], meant[part])[0, 1] > (0.8 if noise_db else 0.999), (n, part)


def cut(wave: Wave, start_s: float, end_s: float, rate_hz: int) -> Wave:
    """One channel of what sounds between two moments."""
    return wave[0, max(0, round(start_s * rate_hz)) : round(end_s * rate_hz)]
