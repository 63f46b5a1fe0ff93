"""What counts as the sound of a text, what does not, and where in it the utterances are found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from studio.audio.mp3_end import ends_whole
from studio.audio.proof import prove
from studio.audio.sounding import listen
from studio.domain.errors import AudioError
from studio.domain.sound import Mark
from studio.domain.spoken import Utterance
from studio.engine.jobs import Proof, ProofJob
from tests.audio.audio_samples import Wave, sine, write
from tests.audio.spoken_pieces import RATE_HZ, Line, Spoken, body, lines, mp3
from tests.fakes.catalogue import FORMATS
from tests.fakes.sound import synthetic


def silent(_fraction: float) -> None: ...


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    return lines("walden--solitude", 0, 10, 4, tmp_path_factory.mktemp("lines"))


@pytest.fixture(scope="module")
def good(sentences: list[Line]) -> Spoken:
    return body(sentences, np.random.default_rng(1), first=5)


@pytest.fixture(scope="module")
def good_mp3(good: Spoken, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return mp3(tmp_path_factory.mktemp("good") / "good.mp3", good.wave).read_bytes()


def proof(path: Path, said: Spoken, marks: tuple[Mark, ...] = (), low: float = 0.6, high: float = 1.6) -> Proof:
    numbers = said.marks[0].utterance
    return prove(silent, ProofJob(path, said.utterances, numbers, low * said.seconds, high * said.seconds, marks))


def errors_s(found: Proof, said: Spoken) -> Wave:
    assert [mark.utterance for mark in found.marks] == [mark.utterance for mark in said.marks]
    pairs = zip(found.marks, said.marks, strict=True)
    return np.abs([[here.start_s - there.start_s, here.end_s - there.end_s] for here, there in pairs])


@pytest.mark.model
@pytest.mark.parametrize(
    ("scale", "to_the_end"), [(1.0, False), (1.0, True), (0.88, False), (0.88, True), (0.95, True)]
)
@pytest.mark.parametrize("noise_db", [None, -60.0])
def test_a_vendors_marks_are_brought_to_the_time_of_the_sound(
    scale: float, to_the_end: bool, noise_db: float | None, sentences: list[Line], tmp_path: Path
) -> None:
    for seed in (1,):
        said = body(sentences, np.random.default_rng(seed), noise_db=noise_db, first=3)
        found = proof(mp3(tmp_path / "x.mp3", said.wave), said, said.scaled(scale, to_the_end=to_the_end))
        errors = errors_s(found, said)
        assert errors.max() < 0.15
        assert errors.mean() < 0.04
        assert found.duration_s == pytest.approx(said.seconds, abs=0.08)


@pytest.mark.model
def test_without_marks_they_are_estimated_and_lie_at_silences(sentences: list[Line], tmp_path: Path) -> None:
    worst = []
    for seed in range(2):
        said = body(sentences, np.random.default_rng(seed))
        found = proof(mp3(tmp_path / "x.mp3", said.wave), said)
        errors = errors_s(found, said)
        worst.append(float(errors.max()))
        assert errors.mean() < 0.25
        quiet = listen(tmp_path / "x.mp3", silent).pauses
        ends = {round(pause.start_s, 3) for pause in quiet}
        assert sum(round(mark.end_s, 3) in ends for mark in found.marks[:-1]) >= len(found.marks) - 2
    assert max(worst) < 2.5


@pytest.mark.model
def test_marks_that_fit_are_left_as_they_are(good: Spoken, tmp_path: Path) -> None:
    path = write(tmp_path / "x.wav", good.wave, RATE_HZ, "pcm_s16le")
    found = proof(path, good, good.marks)
    exact = sum(here == there for here, there in zip(found.marks, good.marks, strict=True))
    assert exact >= len(good.marks) - 2
    assert errors_s(found, good).max() < 0.15


@pytest.mark.model
def test_marks_without_sense_do_no_harm(good: Spoken, good_mp3: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(good_mp3)
    rng, numbers, last = Random(3), [mark.utterance for mark in good.marks], good.seconds
    wild = [
        tuple(Mark(n, 0, 1, rng.uniform(-5, last), rng.uniform(-5, last)) for n in numbers),
        tuple(Mark(n, 0, 1, float("nan"), 1.0) for n in numbers),
        tuple(Mark(n, 0, 1, 0.0, 0.0) for n in numbers),
        tuple(reversed(good.marks)),
        good.marks[:-1],
    ]
    for marks in wild:
        found = proof(path, good, marks)
        times = [time for mark in found.marks for time in (mark.start_s, mark.end_s)]
        assert times == sorted(times)
        assert 0 <= times[0] <= times[-1] <= found.duration_s
        assert [mark.utterance for mark in found.marks] == numbers
    assert errors_s(proof(path, good, good.marks[:-1]), good).mean() < 0.25  # as if there were none


def told(path: Path, said: Spoken, marks: tuple[Mark, ...] = ()) -> str:
    with pytest.raises(AudioError) as caught:
        proof(path, said, marks)
    assert path.name in caught.value.message
    assert caught.value.remedy.startswith("It is not used")
    return caught.value.message


@pytest.mark.model
@pytest.mark.parametrize(
    ("content", "said_so"),
    [
        (b"", "is empty"),
        (b'\xef\xbb\xbf {"detail": {"status": "processing"}}', "is a message of the service (JSON)"),
        (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "is a web page"),
        (b"upstream connect error or disconnect/reset before headers", "is not audio"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "is not audio"),
    ],
)
def test_what_is_no_sound_is_told_as_what_it_is(content: bytes, said_so: str, good: Spoken, tmp_path: Path) -> None:
    path = tmp_path / "body.mp3"
    path.write_bytes(content)
    assert said_so in told(path, good)


@pytest.mark.model
def test_garbage_never_counts(good: Spoken, tmp_path: Path) -> None:
    path = tmp_path / "body.mp3"
    for seed in range(15):
        path.write_bytes(Random(seed).randbytes(200_000))
        told(path, good)
    with pytest.raises(AudioError, match="cannot be opened"):
        proof(tmp_path / "none.mp3", good)


@pytest.mark.model
def test_a_body_that_was_cut_anywhere_is_refused(good: Spoken, good_mp3: bytes, tmp_path: Path) -> None:
    path, rng = tmp_path / "body.mp3", Random(1)
    for share in [rng.uniform(0.62, 0.999) for _ in range(10)]:
        path.write_bytes(good_mp3[: int(len(good_mp3) * share) | 1])
        assert "cut off" in told(path, good)
    path.write_bytes(good_mp3[: len(good_mp3) // 2])
    told(path, good)
    wav = write(tmp_path / "body.wav", good.wave, RATE_HZ, "pcm_s16le")
    wav.write_bytes(wav.read_bytes()[:-40_000])
    assert "states" in told(wav, good)


@pytest.mark.model
def test_a_cut_between_two_frames_shows_in_the_sound_or_in_the_marks(
    good: Spoken, tmp_path: Path, sentences: list[Line]
) -> None:
    for share in (0.7, 0.8, 0.9, 0.95):
        cut = good.wave[:, : int(good.wave.shape[1] * share)]
        path = mp3(tmp_path / "body.mp3", cut)
        assert "cut off" in told(path, good, good.scaled(1.0))
    rng, found = np.random.default_rng(2), 0
    for line in sentences:
        for share in rng.uniform(0.3, 0.95, 4):
            path = write(tmp_path / "x.wav", line.wave[None, : int(len(line.wave) * share)], RATE_HZ, "pcm_s16le")
            try:
                prove(silent, ProofJob(path, (Utterance(line.text, 0, 1, ()),), 0, 0.1, 60))
            except AudioError as error:
                found += "in the middle of speech" in error.message
    assert found > 0.3 * 4 * len(sentences)  # the others end in a pause, or on a soft sound


@pytest.mark.model
def test_voices_that_end_abruptly_are_no_cut(sentences: list[Line], tmp_path: Path) -> None:
    for number, line in enumerate(sentences):
        power = np.square(line.wave[: len(line.wave) // 240 * 240]).reshape(-1, 240).mean(axis=1)
        loud = np.flatnonzero(power > 10 ** (-15 / 10) * np.mean(power[power > power.max() / 100]))
        wave = line.wave[None, : (int(loud[-1]) + 1) * 240] * 10 ** (-number / 20)
        one = Spoken(wave, (Utterance(line.text, 0, 1, ()),), (Mark(0, 0, 1, 0.0, wave.shape[1] / RATE_HZ),))
        for path in (mp3(tmp_path / "x.mp3", wave), write(tmp_path / "x.wav", wave, RATE_HZ, "pcm_s16le")):
            proof(path, one)
            proof(path, one, one.scaled(0.9))


Spoil = Callable[[Wave], Wave]


def muted(first: float, last: float, db: float = -200.0) -> Spoil:
    def apply(wave: Wave) -> Wave:
        changed = wave.copy()
        changed[:, int(first * wave.shape[1]) : int(last * wave.shape[1])] *= 10 ** (db / 20)
        return changed

    return apply


@pytest.mark.model
@pytest.mark.parametrize(
    ("spoil", "said_so"),
    [
        (muted(0.0, 1.0), "is silent."),
        (muted(0.0, 1.0, -60.0), "is silent."),
        (muted(0.5, 1.0), "is silent for"),
        (muted(0.0, 0.5), "is silent for"),
        (muted(0.3, 0.8, -70.0), "is silent for"),
        (muted(0.85, 1.0), "is silent from"),
        (lambda wave: wave[:, : wave.shape[1] // 2], "too short for its text"),
        (lambda wave: np.tile(wave, 2), "too long for its text"),
    ],
)
def test_silence_and_wrong_lengths_are_refused(spoil: Spoil, said_so: str, good: Spoken, tmp_path: Path) -> None:
    assert said_so in told(mp3(tmp_path / "x.mp3", spoil(good.wave)), good)


@pytest.mark.model
def test_pauses_that_the_script_asks_for_are_no_silence(sentences: list[Line], tmp_path: Path) -> None:
    spoken = [replace(line, pause_s=4.0) for line in sentences[:6]]
    said = body(spoken, np.random.default_rng(1), strict=True, tail_s=0.8)
    assert errors_s(proof(mp3(tmp_path / "x.mp3", said.wave), said), said).max() < 0.15
    unasked = replace(said, utterances=tuple(replace(one, pause_after_s=0.3) for one in said.utterances))
    assert "is silent for" in told(tmp_path / "x.mp3", unasked)


@pytest.mark.parametrize("name", [name for name in FORMATS if name.startswith(("mp3", "wav"))])
def test_every_format_is_taken(name: str, tmp_path: Path) -> None:
    text = "One sentence is here. Another one follows it, and is longer. The last is short."
    texts = ("One sentence is here.", "Another one follows it, and is longer.", "The last is short.")
    made = synthetic(text, "voice", FORMATS[name], seed=3, speed=1.0)
    path = tmp_path / f"x.{name[:3]}"
    path.write_bytes(made.data())
    utterances = tuple(Utterance(one, 0, 1, ()) for one in texts)
    places = [(text.index(one), text.index(one) + len(one) - 1) for one in texts]
    marks = tuple(
        Mark(n, 0, 1, made.starts[first] * 0.88, made.ends[last] * 0.88) for n, (first, last) in enumerate(places)
    )
    for vendor in ((), marks):
        found = prove(silent, ProofJob(path, utterances, 0, 1.0, 20.0, vendor))
        assert found.duration_s == pytest.approx(made.seconds, abs=0.06)
        starts = [made.starts[first] for first, _ in places]
        assert [mark.start_s for mark in found.marks] == pytest.approx(starts, abs=0.4)
    if name.startswith("mp3"):
        assert ends_whole(path)
        for tag in (b"TAG" + bytes(125), b"APETAGEX" + (2000).to_bytes(4, "little") + (32).to_bytes(4, "little")):
            path.write_bytes(made.data() + tag.ljust(32 if tag[:1] == b"A" else 128, b"\0"))
            assert ends_whole(path)
        path.write_bytes(made.data()[:-1])
        assert not ends_whole(path)


def test_progress_only_grows_and_nothing_to_say_has_no_marks(tmp_path: Path) -> None:
    told_so: list[float] = []
    path = write(tmp_path / "x.wav", sine(24_000, [(-20.0, 5.0), (-200.0, 0.3)], channels=1), 24_000, "pcm_s16le")
    assert prove(told_so.append, ProofJob(path, (Utterance("Hm.", 0, 3, ()),), 0, 1, 9)).marks[0].source_end == 3
    assert told_so == sorted(told_so)
    assert told_so[-1] == 1.0
