"""The voice of episodes that the built-in voice reads, and what others make of it."""

import math
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from studio.audio.decode import Resampler
from studio.domain.duration import first_guess
from studio.domain.errors import EarsError
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import Match, TimedWord
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance
from studio.domain.voiceprint import VoiceBaseline, VoiceReport
from studio.engine.jobs import CheckJob
from studio.quality.kept_sound import KeptSound
from studio.quality.voiceprint import VoiceEars
from tests.faults.readings import HEART, Speaker, say
from tests.quality.quality_speech import SCRIPT

pytestmark = pytest.mark.model

Sound = NDArray[np.float32]
RATE_HZ = 16_000
PAUSE_S = 0.4
SENTENCES = (
    *SCRIPT,
    "What would you have done, she asked, if the bridge had not been there at all?",
    "Good work is quiet: it shows in the joints of a table, and in the way a door closes.",
    "Nothing in the letter explained why the captain had sold his house and left the country.",
    "The river rises in a forest of old beeches, and nobody has ever measured how deep it is.",
    "They planted apples along the wall because the stones keep the warmth of the afternoon.",
    "Every teacher in the valley knew the song, but only one of them could play it on the organ.",
    "If you listen long enough, the harbour tells you which of the boats is coming home.",
)
DEEP = Speaker(0.72, 0.9)


@dataclass(frozen=True)
class Reading:
    """Sentences with pauses, at 16 kHz, and where each one sounds."""

    texts: tuple[str, ...]
    sound: Sound
    marks: tuple[Mark, ...]


def spoken(text: str, seed: int, speaker: Speaker = HEART) -> Sound:
    resampler = Resampler(24_000, RATE_HZ, 1)
    sound = say(text, seed, speaker)[None]
    mono: Sound = np.concatenate([resampler.feed(sound), resampler.finish()], axis=1)[0]
    return mono


def joined(texts: Sequence[str], sounds: Sequence[Sound]) -> Reading:
    parts, marks, at, source = [], [], 0.0, 0
    for number, (text, sound) in enumerate(zip(texts, sounds, strict=True)):
        marks.append(Mark(number, source, source + len(text), at, at + len(sound) / RATE_HZ))
        parts += [sound, np.zeros(round(PAUSE_S * RATE_HZ), np.float32)]
        at += len(sound) / RATE_HZ + PAUSE_S
        source += len(text) + 1
    return Reading(tuple(texts), np.concatenate(parts), tuple(marks))


def chosen(number: int) -> list[str]:
    """Seven of the sentences, others for each number."""
    return [str(text) for text in np.random.default_rng(number).permutation(SENTENCES)[:7]]


def read(number: int) -> Reading:
    texts = chosen(number)
    return joined(texts, [spoken(text, number) for text in texts])


def with_stranger(reading: Reading, index: int, speaker: Speaker) -> Reading:
    marks = [(round(mark.start_s * RATE_HZ), round(mark.end_s * RATE_HZ)) for mark in reading.marks]
    sounds = [reading.sound[start:end] for start, end in marks]
    sounds[index] = spoken(reading.texts[index], 5, speaker)
    return joined(reading.texts, sounds)


def job_of(path: Path, reading: Reading, baseline: VoiceBaseline | None = None) -> CheckJob:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(reading.sound, -1, 1) * 32_000).astype(np.int16).tobytes())
    utterances, at = [], 0
    for text in reading.texts:
        words, start = [], at
        for word in text.split():
            words.append(SpokenWord(word, start, start + len(word)))
            start += len(word) + 1
        utterances.append(Utterance(text, at, at + len(text), tuple(words), PAUSE_S))
        at += len(text) + 1
    form = SpokenForm("", tuple(utterances), ())
    return CheckJob(path, form, reading.marks, first_guess("builtin:heart", 1.0), Settings(), baseline=baseline)


def words_of(job: CheckJob) -> list[TimedWord]:
    """As if every word had been heard, evenly over its sentence."""
    words = []
    for utterance, mark in zip(job.spoken.utterances, job.marks, strict=True):
        step = (mark.end_s - mark.start_s) / len(utterance.words)
        for number, word in enumerate(utterance.words):
            start = mark.start_s + number * step
            words.append(TimedWord(word.text, word.start, word.end, start, start + step, Match.SAME))
    return words


def judged(
    path: Path, reading: Reading, baseline: VoiceBaseline | None = None, *, marks: bool = True, block: int = RATE_HZ
) -> tuple[VoiceReport | None, list[Finding]]:
    ears = VoiceEars()
    job = job_of(path, reading, baseline)
    with KeptSound() as kept:
        for at in range(0, len(reading.sound), block):
            ears.feed(reading.sound[at : at + block])
            kept.feed(reading.sound[at : at + block])
        ears.finish()
        return ears.judged(job if marks else replace(job, marks=()), kept, words_of(job))


def report_of(path: Path, reading: Reading, baseline: VoiceBaseline | None = None) -> VoiceReport:
    report, _ = judged(path, reading, baseline)
    assert report is not None
    return report


def through(sound: Sound, *filters: tuple[str, str]) -> Sound:
    """`sound` as FFmpeg's filters leave it."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE_HZ, format="flt", layout="mono", time_base=Fraction(1, RATE_HZ))
    last = source
    for name, arguments in (*filters, ("aformat", "sample_fmts=flt:channel_layouts=mono")):
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(sound[None], format="flt", layout="mono")
    frame.sample_rate = RATE_HZ
    source.push(frame)
    source.push(None)
    parts: list[Sound] = []
    while True:
        try:
            filtered = sink.pull()
        except (av.BlockingIOError, av.EOFError):
            return np.concatenate(parts)
        assert isinstance(filtered, av.AudioFrame)
        parts.append(filtered.to_ndarray().ravel().astype(np.float32))


def shifted(reading: Reading, semitones: float) -> Reading:
    factor = 2 ** (semitones / 12)
    steps = ("asetrate", str(round(RATE_HZ * factor))), ("aresample", str(RATE_HZ)), ("atempo", str(1 / factor))
    return replace(reading, sound=through(reading.sound, *steps))


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return [read(number) for number in range(7)]


@pytest.fixture(scope="module")
def baseline(readings: list[Reading], tmp_path_factory: pytest.TempPathFactory) -> VoiceBaseline:
    path = tmp_path_factory.mktemp("baseline") / "take.wav"
    return VoiceBaseline(tuple(report_of(path, reading).print for reading in readings[:5]))


def test_a_reading_by_one_voice_is_consistent_and_without_findings(readings: list[Reading], tmp_path: Path) -> None:
    for reading in readings:
        report, findings = judged(tmp_path / "take.wav", reading)
        assert report is not None
        assert report.consistency >= 0.95
        assert report.learned_from == 0
        assert findings == []


def test_the_print_says_what_the_voice_is_like(readings: list[Reading], tmp_path: Path) -> None:
    voice = report_of(tmp_path / "take.wav", readings[0]).print
    assert math.isclose(math.hypot(*voice.embedding), 1.0, abs_tol=1e-3)
    assert len(voice.embedding) == 256
    assert voice.likeness > 0.85
    assert voice.pitch_hz == pytest.approx(191, rel=0.06)
    assert voice.rate == pytest.approx(16.3, rel=0.08)
    assert voice.windows >= 7


def test_a_new_reading_is_consistent_with_five_accepted_ones(
    readings: list[Reading], baseline: VoiceBaseline, tmp_path: Path
) -> None:
    for reading in readings[5:]:
        report, findings = judged(tmp_path / "take.wav", reading, baseline)
        assert report is not None
        assert report.learned_from == 5
        assert report.consistency >= 0.85
        assert findings == []


def test_another_voice_is_not(baseline: VoiceBaseline, tmp_path: Path) -> None:
    texts = chosen(11)
    other = joined(texts, [spoken(text, 11, Speaker(0.85, 0.95)) for text in texts])
    report, findings = judged(tmp_path / "take.wav", other, baseline)
    assert report is not None
    assert report.consistency < 0.05
    (finding,) = findings
    assert (finding.kind, finding.severity, finding.start_s) == (FindingKind.VOICE, Severity.FAULT, None)
    assert "5 accepted episodes" in finding.detail


@pytest.mark.parametrize("semitones", [1.5, -1.5])
def test_a_shifted_pitch_is_found(
    readings: list[Reading], baseline: VoiceBaseline, tmp_path: Path, semitones: float
) -> None:
    report, findings = judged(tmp_path / "take.wav", shifted(readings[5], semitones), baseline)
    assert report is not None
    assert report.consistency < 0.3
    assert [finding.start_s for finding in findings] == [None]


def test_a_pace_of_another_day_is_found(readings: list[Reading], baseline: VoiceBaseline, tmp_path: Path) -> None:
    faster = replace(readings[5], sound=through(readings[5].sound, ("atempo", "1.15")))
    assert report_of(tmp_path / "take.wav", faster, baseline).consistency < 0.85


def test_four_accepted_episodes_are_no_baseline(
    readings: list[Reading], baseline: VoiceBaseline, tmp_path: Path
) -> None:
    few = VoiceBaseline(baseline.prints[:4])
    assert report_of(tmp_path / "take.wav", readings[5], few).learned_from == 0


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("speaker", [DEEP, Speaker(1.32, 1.12)])
def test_a_sentence_by_somebody_else_is_found_at_its_place(
    readings: list[Reading], tmp_path: Path, speaker: Speaker, marks: bool
) -> None:
    for number, index in ((1, 0), (2, 3), (3, 6)):
        reading = with_stranger(readings[number], index, speaker)
        _, findings = judged(tmp_path / "take.wav", reading, marks=marks)
        (finding,) = [each for each in findings if each.start_s is not None]
        meant = reading.marks[index]
        assert finding.kind is FindingKind.VOICE
        assert finding.severity is Severity.FAULT
        assert finding.start_s == pytest.approx(meant.start_s, abs=1.0)
        assert finding.end_s == pytest.approx(meant.end_s, abs=1.0)
        assert finding.sure is not None
        assert finding.sure > 0.9
        assert finding.script == reading.texts[index]
        assert (finding.source_start, finding.source_end) == (meant.source_start, meant.source_end)


AGAIN = (
    "It was as good when a week old as the day it was dipped.",
    "As if the main object were to talk fast and not to talk sensibly.",
)


def again(text: str, times: int) -> Reading:
    return joined([text] * times, [spoken(text, 7)] * times)


@pytest.mark.parametrize("text", AGAIN)
def test_a_sentence_that_is_said_over_and_over_is_one_voice(text: str, baseline: VoiceBaseline, tmp_path: Path) -> None:
    for known in (None, baseline):
        report, findings = judged(tmp_path / "take.wav", again(text, 20), known)
        assert report is not None
        assert report.consistency >= 0.85
        assert findings == []


def test_somebody_else_among_what_is_said_again_is_found(readings: list[Reading], tmp_path: Path) -> None:
    refrain = again(AGAIN[1], 20)
    reading = joined(
        (*refrain.texts, *readings[2].texts),
        [spoken(text, 7) for text in (*refrain.texts, *readings[2].texts)],
    )
    assert judged(tmp_path / "take.wav", reading)[1] == []
    strange = with_stranger(reading, 23, DEEP)
    (finding,) = judged(tmp_path / "take.wav", strange)[1]
    assert finding.start_s == pytest.approx(strange.marks[23].start_s, abs=1.0)


def test_two_voices_that_share_an_episode_are_not_consistent(readings: list[Reading], tmp_path: Path) -> None:
    reading = readings[4]
    for index in (1, 3, 5):
        reading = with_stranger(reading, index, DEEP)
    report, findings = judged(tmp_path / "take.wav", reading)
    assert report is not None
    assert report.consistency < 0.85
    assert findings[0].start_s is None
    assert len(findings) == 4


def test_loudness_a_telephone_and_the_size_of_the_blocks_make_no_difference(
    readings: list[Reading], tmp_path: Path
) -> None:
    telephone = through(readings[0].sound, ("aresample", "8000"), ("aresample", str(RATE_HZ)))
    for sound in (readings[0].sound * 0.05, readings[0].sound * 3, telephone):
        report, findings = judged(tmp_path / "take.wav", replace(readings[0], sound=sound))
        assert report is not None
        assert report.consistency >= 0.9
        assert findings == []
    assert judged(tmp_path / "take.wav", readings[0], block=997) == judged(tmp_path / "take.wav", readings[0])


@pytest.mark.parametrize("seconds", [0.0, 0.3, 5.0])
def test_of_too_little_speech_nothing_is_said(readings: list[Reading], tmp_path: Path, seconds: float) -> None:
    short = replace(readings[0], sound=readings[0].sound[: round(seconds * RATE_HZ)])
    assert judged(tmp_path / "take.wav", short) == (None, [])


def test_silence_and_noise_are_nobody(readings: list[Reading], tmp_path: Path) -> None:
    silence = replace(readings[0], sound=np.zeros(20 * RATE_HZ, np.float32))
    assert judged(tmp_path / "take.wav", silence) == (None, [])


def test_music_before_the_speech_is_nobody(readings: list[Reading], tmp_path: Path) -> None:
    time = np.arange(12 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * hertz * time * order) / order for hertz in (220, 277, 330) for order in range(1, 9))
    music = (0.03 * np.asarray(chord) * (1.2 + np.sin(7 * time))).astype(np.float32)
    reading = readings[1]
    marks = tuple(replace(mark, start_s=mark.start_s + 12.5, end_s=mark.end_s + 12.5) for mark in reading.marks)
    with_music = Reading(
        reading.texts, np.concatenate([music, np.zeros(RATE_HZ // 2, np.float32), reading.sound]), marks
    )
    report, findings = judged(tmp_path / "take.wav", with_music)
    alone = report_of(tmp_path / "take.wav", reading)
    assert report is not None
    assert report.print.rate == pytest.approx(alone.print.rate, rel=0.02)
    assert np.dot(report.print.embedding, alone.print.embedding) > 0.99
    assert findings == []


def test_a_missing_or_damaged_model_is_a_sentence(readings: list[Reading], tmp_path: Path) -> None:
    with pytest.raises(EarsError, match="cannot be read"):
        VoiceEars(tmp_path).feed(np.tile(readings[0].sound, 3))
    (tmp_path / "speaker.onnx").write_bytes(b"not a model")
    with pytest.raises(EarsError, match="damaged") as caught:
        VoiceEars(tmp_path).feed(np.tile(readings[0].sound, 3))
    assert "Install Batchcast again" in caught.value.remedy
