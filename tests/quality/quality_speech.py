"""A short episode spoken by the built-in voice, to be cut up, and heard again."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hibari import Hibari
from numpy.typing import NDArray

from studio.audio.analysis import analyse
from studio.domain.duration import first_guess
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance
from studio.engine.jobs import CheckJob

RATE_HZ = 24_000
PAUSE_S = 0.4
SCRIPT = (
    "The lighthouse keeper counted seventeen ships before breakfast.",
    "Every one of them carried timber from the northern forests.",
    "In nineteen oh five the harbour was the busiest on the whole coast.",
    "Doctor Miller remembered how the children waved from the stone bridge.",
    "Nobody expected the storm that came in the first week of October.",
    "By midnight three boats had lost their anchors and drifted away.",
    "The village rang its only bell until the morning light returned.",
)
Clip = NDArray[np.int16]
HEARD = {kind for kind in FindingKind if kind.endswith("_words")} | {FindingKind.CUT_OFF, FindingKind.SILENCE}


@dataclass(frozen=True)
class Part:
    """One sentence of the script and its sound."""

    text: str
    clip: Clip
    pause_s: float = PAUSE_S

    @property
    def seconds(self) -> float:
        return len(self.clip) / RATE_HZ + self.pause_s


def speak(texts: Sequence[str]) -> list[Part]:
    voice = Hibari()
    return [Part(text, (np.clip(voice(text, seed=3), -1, 1) * 32_000).astype(np.int16)) for text in texts]


def silence(seconds: float) -> Clip:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def sound_of(parts: Sequence[Part]) -> Clip:
    return np.concatenate([piece for part in parts for piece in (part.clip, silence(part.pause_s))])


def mono_of(clip: Clip) -> NDArray[np.float32]:
    """A clip as the ears take it, at 16 kHz, by taking two of three samples' places between its neighbours."""
    places = np.arange(0, len(clip) - 1, 1.5)
    return np.asarray(np.interp(places, np.arange(len(clip)), clip.astype(np.float32) / 32_768), np.float32)


def marks_of(parts: Sequence[Part]) -> tuple[Mark, ...]:
    marks, at = [], 0.0
    for index, part in enumerate(parts):
        marks.append(Mark(index, 100 * index, 100 * index + len(part.text), at, at + len(part.clip) / RATE_HZ))
        at += part.seconds
    return tuple(marks)


def form(texts: Sequence[str], pause_s: float = PAUSE_S) -> SpokenForm:
    """A spoken form whose sentence number n begins at offset 100 * n of the source."""
    utterances = []
    for index, text in enumerate(texts):
        words, at = [], 0
        for word in text.split():
            start = 100 * index + text.index(word, at)
            at = start - 100 * index + len(word)
            words.append(SpokenWord(word.strip(".,"), start, start + len(word.strip(".,"))))
        utterances.append(Utterance(text, 100 * index, 100 * index + len(text), tuple(words), pause_s))
    return SpokenForm("The lighthouse", tuple(utterances), ())


def write(path: Path, sound: Clip) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.tobytes())
    return path


def job(
    path: Path, sound: Clip, spoken: SpokenForm, marks: tuple[Mark, ...] = (), settings: Settings | None = None
) -> CheckJob:
    """A job on `sound`, whose level is what is asked for: that is not what these tests are about."""
    loudness = analyse(write(path, sound), lambda _: None).sound.loudness_lufs
    values = {"loudness_lufs": max(-31.0, min(-9.0, loudness or -16.0)), "max_true_peak_dbtp": 0.0}
    settings = (settings or Settings()).with_values(values)
    return CheckJob(path, spoken, marks, first_guess("builtin:heart", 1.0), settings)


def flagged(report: QaReport) -> list[Finding]:
    """What a person, or the engine, has to act on."""
    return [finding for finding in report.findings if finding.severity is not Severity.NOTE]


def only(report: QaReport, kind: FindingKind) -> Finding:
    findings = [finding for finding in flagged(report) if finding.start_s is not None and finding.kind in HEARD]
    assert [finding.kind for finding in findings] == [kind], report.findings
    return findings[0]
