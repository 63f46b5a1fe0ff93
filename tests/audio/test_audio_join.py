"""Pieces become one sound, and nobody finds where: not by level, silence, click, room tone, pitch or timbre."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from studio.audio.analysis import analyse
from studio.audio.decode import Resampler, probe, stream
from studio.audio.encode import FlacWriter, Mp3Writer
from studio.audio.join import join
from studio.audio.proof import prove
from studio.domain.errors import AudioError
from studio.domain.sound import Mark
from studio.engine.jobs import Piece, ProofJob
from tests.audio.audio_samples import Wave, joined, sine, write
from tests.audio.seams import seams
from tests.audio.spoken_pieces import RATE_HZ, Line, Spoken, body, lines, mp3


def silent(_fraction: float) -> None: ...


@pytest.fixture(scope="module")
def walden(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return lines("walden--reading", 2, 24, 2, tmp_path_factory.mktemp("walden"))


@pytest.fixture(scope="module")
def russell(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return lines("the-problems-of-philosophy--chapter-3", 2, 24, 3, tmp_path_factory.mktemp("russell"))


def in_pieces(
    spoken: Sequence[Line], seed: int, count: int, noises_db: Sequence[float | None], folder: Path
) -> tuple[list[Piece], list[int]]:
    """Pieces with levels, tails and room tones of their own, proven; and the numbers of the utterances before joins."""
    rng = np.random.default_rng(seed)
    edges = np.linspace(0, len(spoken), count + 1).astype(int).tolist()
    pieces = []
    for index, (first, last) in enumerate(pairwise(edges)):
        gain_db = (4.0 if index % 2 else -4.0) * rng.uniform(0.7, 1.0)
        said = body(spoken[first:last], rng, first=first, gain_db=gain_db, noise_db=noises_db[index % len(noises_db)])
        path = mp3(folder / f"{index}.mp3", said.wave)
        proof = prove(silent, ProofJob(path, said.utterances, first, 1.0, 1e4, said.scaled(0.9)))
        pieces.append(Piece(path, proof.marks, spoken[last - 1].pause_s))
    return pieces, [edge - 1 for edge in edges[1:-1]]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "seed", "count", "noises_db"),
    [
        ("walden", 0, 3, (None,)),
        ("walden", 1, 3, (-60.0, -66.0)),
        ("russell", 2, 4, (-66.0, -60.0)),
        ("russell", 3, 2, (-60.0, None)),
    ],
)
def test_our_joins_are_not_found(
    text: str,
    seed: int,
    count: int,
    noises_db: Sequence[float | None],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    pieces, at = in_pieces(request.getfixturevalue(text), seed, count, noises_db, tmp_path)
    made = join(silent, pieces, tmp_path / "all.flac")
    assert [finding for finding in seams(tmp_path / "all.flac", made.marks) if finding.after in at] == []
    assert [mark.utterance for mark in made.marks] == list(range(24))
    loudness = [
        loudness_of(tmp_path / "all.flac", made.marks[first].start_s, made.marks[last].end_s)
        for first, last in zip([0, *(place + 1 for place in at)], [*at, 23], strict=True)
    ]
    assert max(loudness) - min(loudness) < 0.5


def loudness_of(path: Path, start_s: float, end_s: float) -> float:
    rate_hz = probe(path).rate_hz
    wave = joined(list(stream(path)))[:, round(start_s * rate_hz) : round(end_s * rate_hz)]
    found = analyse(write(path.with_suffix(".cut.wav"), wave, rate_hz), silent).sound.loudness_lufs
    assert found is not None
    return found


def put_together(left: Spoken, right: Spoken, between: Wave) -> tuple[Wave, list[Mark]]:
    """Without any care."""
    parts = [left.wave, between, right.wave]
    shift_s = sum(part.shape[1] for part in parts[:-1]) / RATE_HZ
    moved = [Mark(mark.utterance, 0, 1, mark.start_s + shift_s, mark.end_s + shift_s) for mark in right.marks]
    return joined(parts), [*left.marks, *moved]


@pytest.mark.model
@pytest.mark.parametrize(
    ("kind", "left_db", "right_db", "noises_db"),
    [
        ("silence", 0.0, 0.0, (None, None)),
        ("level", 0.0, 3.0, (None, None)),
        ("level", 0.0, -3.0, (None, None)),
        ("floor step", 0.0, 0.0, (-60.0, -68.0)),
        ("floor jump", 0.0, 0.0, (-60.0, -68.0)),
        ("dip", 0.0, 0.0, (-60.0, -60.0)),
        ("click", 0.0, 0.0, (-66.0, -66.0)),
        ("pitch", 0.0, 0.0, (None, None)),
        ("timbre", 0.0, 0.0, (None, None)),
    ],
)
def test_careless_joins_are_found(
    kind: str,
    left_db: float,
    right_db: float,
    noises_db: tuple[float | None, float | None],
    walden: list[Line],
    tmp_path: Path,
) -> None:
    spoken = [replace(line, pause_s=0.3) for line in walden]
    rng = np.random.default_rng(5)
    strict, tail_s = kind == "silence", 0.8 if kind == "silence" else 0.3
    one = body(spoken[:12], rng, gain_db=left_db, noise_db=noises_db[0], tail_s=tail_s, strict=strict)
    two = body(spoken[12:], rng, first=12, gain_db=right_db, noise_db=noises_db[1], tail_s=0.3, strict=strict)
    between = np.zeros((1, 0), np.float32)
    if kind == "dip":
        between = np.zeros((1, 2400), np.float32)
    elif kind == "floor step":
        between = (10 ** (-68 / 20) * rng.standard_normal((1, 7200))).astype(np.float32)
    elif kind == "click":
        one.wave[0, -2000] += 0.02
    elif kind == "pitch":
        resampler = Resampler(28_500, RATE_HZ, 1)  # 3 semitones higher
        higher = joined([resampler.feed(two.wave), resampler.finish()])
        two = Spoken(higher, two.utterances, two.scaled(RATE_HZ / 28_500))
    elif kind == "timbre":
        window = np.hanning(12) / np.hanning(12).sum()
        two = replace(two, wave=np.convolve(two.wave[0], window, "same").astype(np.float32)[None])
    wave, marks = put_together(one, two, between)
    found = seams(write(tmp_path / "naive.wav", wave, RATE_HZ), marks)
    assert (kind, 11) in {(finding.kind, finding.after) for finding in found}, found


@pytest.mark.model
@pytest.mark.parametrize("noise_db", [None, -60.0])
def test_where_nothing_was_joined_nothing_is_found(noise_db: float | None, walden: list[Line], tmp_path: Path) -> None:
    spoken = [replace(line, pause_s=0.3) for line in walden]
    whole = body(spoken, np.random.default_rng(5), noise_db=noise_db)
    found = seams(write(tmp_path / "whole.wav", whole.wave, RATE_HZ), whole.marks)
    assert [finding for finding in found if finding.after == 11] == []  # where the careless ones were joined
    assert len(found) <= 6, found  # of 23 boundaries, by eight measures: speech has odd ones of its own


def talk(parts: Sequence[tuple[float, float]], rate_hz: int = 24_000, channels: int = 1) -> Wave:
    """Tones and silences by turns."""
    return sine(rate_hz, parts, 400.0, channels)


def piece(path: Path, wave: Wave, marks: Sequence[tuple[float, float]], pause_s: float = 0.0, first: int = 0) -> Piece:
    with FlacWriter(path, 24_000, len(wave)) as out:
        out.write(wave)
    return Piece(path, tuple(Mark(first + n, 7, 8, *times) for n, times in enumerate(marks)), pause_s)


SILENCE = -200.0
TALK = [(-20.0, 2.0), (SILENCE, 0.4), (-20.0, 2.0), (SILENCE, 0.6), (-20.0, 2.0)]
PLACES = [(0.0, 2.0), (2.4, 4.4), (5.0, 7.0)]


@pytest.mark.parametrize(
    ("asked_s", "expected_s"),
    [(0.0, 0.5), (0.3, 0.4), (0.5, 0.5), (0.9, 0.6), (1.5, 1.5), (4.0, 4.0)],
)
def test_a_join_is_as_silent_as_the_script_asks_or_the_pieces_are(
    asked_s: float, expected_s: float, tmp_path: Path
) -> None:
    left = piece(tmp_path / "a.flac", talk([*TALK, (SILENCE, 0.83)]), PLACES, asked_s)
    right = piece(tmp_path / "b.flac", talk([(SILENCE, 0.05), *TALK]), [(s + 0.05, e + 0.05) for s, e in PLACES], 0, 3)
    made = join(silent, [left, right], tmp_path / "all.flac")
    assert made.marks[3].start_s - made.marks[2].end_s == pytest.approx(expected_s, abs=0.021)
    quiet = analyse(tmp_path / "all.flac", silent, 0.2).sound.silences
    assert [silence.length_s for silence in quiet] == pytest.approx([0.4, 0.6, expected_s, 0.4, 0.6], abs=0.021)
    assert made.duration_s == probe(tmp_path / "all.flac").stated_s
    for mark in made.marks:
        assert (mark.source_start, mark.source_end) == (7, 8)
        assert mark.end_s - mark.start_s == pytest.approx(2.0, abs=1e-6)


def test_one_gain_for_each_piece_and_never_beyond_the_limit_or_full_scale(tmp_path: Path) -> None:
    levels = (-30.0, -26.0, -2.0)
    pieces = [
        piece(tmp_path / f"{n}.flac", talk([(db, 3.0), (SILENCE, 0.3)]), [(0.0, 3.0)], 0.5, n)
        for n, db in enumerate(levels)
    ]
    made = join(silent, pieces, tmp_path / "all.flac")
    wave = joined(list(stream(tmp_path / "all.flac")))[0]
    peaks = [
        20 * np.log10(np.abs(wave[round((mark.start_s + 0.5) * 24_000) : round((mark.end_s - 0.5) * 24_000)]).max())
        for mark in made.marks
    ]
    gains = [peak - level for peak, level in zip(peaks, levels, strict=True)]
    assert max(gains) - min(gains) <= 12.01
    assert gains[0] == pytest.approx(6.0, abs=0.05)
    assert gains[2] < -4.0
    loud = [
        piece(tmp_path / "x.flac", talk([(-14.0, 3.0), (0.0, 0.01), (SILENCE, 0.5)]), [(0.0, 3.0)]),
        piece(tmp_path / "y.flac", talk([(-10.0, 3.0), (SILENCE, 0.5)]), [(0.0, 3.0)], 0, 1),
    ]
    join(silent, loud, tmp_path / "loud.flac")
    assert np.abs(joined(list(stream(tmp_path / "loud.flac")))).max() < 0.9895


def test_joining_different_kinds_takes_the_best_of_them(tmp_path: Path) -> None:
    mono = piece(tmp_path / "mono.flac", talk(TALK), PLACES)
    with Mp3Writer(tmp_path / "stereo.mp3", 44_100, 2, 128) as out:
        out.write(talk(TALK, 44_100, 2))
    stereo = Piece(tmp_path / "stereo.mp3", mono.marks, 0.0)
    join(silent, [mono, stereo], tmp_path / "all.flac")
    info = probe(tmp_path / "all.flac")
    assert (info.rate_hz, info.channels) == (44_100, 2)
    join(silent, [mono, mono], tmp_path / "two.flac")
    assert (probe(tmp_path / "two.flac").rate_hz, probe(tmp_path / "two.flac").channels) == (24_000, 1)


def test_one_piece_stays_as_it_is(tmp_path: Path) -> None:
    wave = talk([(SILENCE, 0.3), *TALK, (SILENCE, 0.7)])
    only = piece(tmp_path / "a.flac", wave, PLACES, 3.0)
    made = join(silent, [only], tmp_path / "all.flac")
    assert made.marks == only.marks
    assert np.array_equal(joined(list(stream(tmp_path / "all.flac"))), joined(list(stream(only.source))))


def test_pieces_that_end_abruptly_or_are_silent_are_joined_all_the_same(tmp_path: Path) -> None:
    abrupt = piece(tmp_path / "a.flac", talk([(-20.0, 2.0)]), [(0.0, 2.0)], 0.4)
    nothing = piece(tmp_path / "b.flac", talk([(SILENCE, 1.0)]), [(0.0, 1.0)], 0.4, 1)
    made = join(silent, [abrupt, nothing, abrupt], tmp_path / "all.flac")
    times = [time for mark in made.marks for time in (mark.start_s, mark.end_s)]
    assert times == sorted(times)
    assert made.duration_s == pytest.approx(2.0 + 0.4 + 1.0 + 0.4 + 2.0, abs=0.05)
    assert np.abs(np.diff(joined(list(stream(tmp_path / "all.flac")))[0])).max() < 0.02  # 0.1 sin(400 Hz) has 0.0105


def test_the_same_pieces_give_the_same_bytes_and_the_progress_only_grows(tmp_path: Path) -> None:
    pieces = [piece(tmp_path / f"{n}.flac", talk(TALK), PLACES, 0.4, 3 * n) for n in range(3)]
    told: list[float] = []
    join(told.append, pieces, tmp_path / "one.flac")
    join(silent, pieces, tmp_path / "two.flac")
    assert (tmp_path / "one.flac").read_bytes() == (tmp_path / "two.flac").read_bytes()
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_joining_something_broken_leaves_nothing(tmp_path: Path) -> None:
    good = piece(tmp_path / "good.flac", talk(TALK), PLACES)
    bad = piece(tmp_path / "bad.flac", talk(TALK), PLACES)
    bad.source.write_bytes(bad.source.read_bytes()[:-4000])
    with pytest.raises(AudioError, match="bad"):
        join(silent, [good, bad], tmp_path / "all.flac")
    assert not (tmp_path / "all.flac").exists()


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(minutes: int) -> int:
        pieces = [piece(tmp_path / f"{n}.flac", np.tile(talk(TALK), 8 * minutes), PLACES) for n in range(2)]
        tracemalloc.start()
        join(silent, pieces, tmp_path / "all.flac")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(5) - peak(2) < 2_000_000  # 6 minutes more of sound are 34 MB
