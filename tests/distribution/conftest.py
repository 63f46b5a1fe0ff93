"""Releases of every shape, with real MP3s: a tone of a few seconds, its script, its marks and its heard words."""

import hashlib
import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from studio.domain.episode import Clearance
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, judge
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.release import Release
from studio.domain.sound import Mark, SoundReport, Span
from studio.domain.spoken import Chapter, SpokenForm, SpokenWord, Utterance
from studio.domain.take import Artifact, Master, Take

RATE = 44_100
SCRIPT = """# The Long Walk

It began in 1596, on a cold road. “Nobody,” she said, “walks to Rome in winter!”

## Setting out

They left at 3:30 PM with $5.20, two loaves and *one* good map. No. Not one: two.

The rest of the way is told by a [diary](https://example.org/d) which, although it was written by a tired hand, late at
night and in poor light, leaves out nothing that a careful reader would wish to know of such a journey.

## The end

- They arrived.
- Dr. Smith’s dog barked.
"""


def spoken_form(text: str, title: str) -> SpokenForm:
    """Sentences of Markdown's simplest kind, every word with its place."""
    utterances: list[Utterance] = []
    chapters: list[Chapter] = []
    for block in re.finditer(r"[^\n](?:.|\n(?!\n|- |#))*", text):
        mark = re.match(r"#+\s+|-\s+", block[0])
        begin = block.start() + (mark.end() if mark else 0)
        heading = block[0].startswith("#")
        stops = [found.end() for found in re.finditer(r"(?<!Dr)[.!?]+[”\"]?(?=\s)", text[begin : block.end()])]
        bounds = [begin, *(begin + stop for stop in stops), block.end()]
        for low, high in pairwise([begin, block.end()] if heading else bounds):
            said = text[low:high]
            start, end = low + len(said) - len(said.lstrip()), low + len(said.rstrip())
            if start >= end:
                continue
            words = tuple(
                SpokenWord(part, found.start() + start, found.end() + start)
                for found in re.finditer(r"[\w’]+(?:[.:,]\d+)?", text[start:end])
                for part in (["fifteen", "ninety", "six"] if found[0] == "1596" else [found[0].lower()])
                if "example" not in found[0] and found[0] not in {"https", "org", "d"}
            )
            utterances.append(Utterance(text[start:end], start, end, words, 0.4, heading))
            if heading:
                chapters.append(Chapter(text[start:end], len(utterances) - 1))
    return SpokenForm(title, tuple(utterances), tuple(chapters))


def evenly(spoken: SpokenForm, duration_s: float) -> tuple[tuple[Mark, ...], tuple[TimedWord, ...]]:
    """Marks and words at an even pace, a fifth of each utterance's share being the pause after it."""
    total = max(spoken.characters, 1)
    marks: list[Mark] = []
    words: list[TimedWord] = []
    passed = 0
    for number, item in enumerate(spoken.utterances):
        start = duration_s * passed / total
        passed += len(item.text)
        end = start + (duration_s * passed / total - start) * 0.8
        marks.append(Mark(number, item.start, item.end, start, end))
        step = (end - start) / max(len(item.words), 1)
        words += [
            TimedWord(word.text, word.start, word.end, start + step * at, start + step * (at + 1), Match.SAME)
            for at, word in enumerate(item.words)
        ]
    return tuple(marks), tuple(words)


def write_mp3(path: Path, duration_s: float, pitch_hz: float = 220.0) -> None:
    """A tone with a beat as a mono MP3 of 128 kbit/s, with the encoder's own ID3 tag and LAME frame."""
    time = np.arange(round(duration_s * RATE)) / RATE
    wave = (0.2 * np.sin(2 * math.pi * pitch_hz * time) * np.sin(2 * math.pi * time)).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 128_000
        for start in range(0, len(wave), 1152):
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1152], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


MakeRelease = Callable[..., Release]


@pytest.fixture(scope="session")
def masters(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float, float], Path]:
    """MP3s by length and pitch, each made once."""
    folder = tmp_path_factory.mktemp("masters")

    def master(duration_s: float, pitch_hz: float) -> Path:
        path = folder / f"{duration_s:g}-{pitch_hz:g}.mp3"
        if not path.exists():
            write_mp3(path, duration_s, pitch_hz)
        return path

    return master


@pytest.fixture(scope="session")
def make_release(masters: Callable[[float, float], Path]) -> MakeRelease:
    """Builds a release; `audio=False` leaves the MP3 out where a test needs only words and times."""

    def make(
        text: str = SCRIPT,
        *,
        title: str = "The Long Walk",
        duration_s: float = 8.0,
        pitch_hz: float = 220.0,
        audio: bool = True,
        marks: Sequence[Mark] | None = None,
        words: Sequence[TimedWord] | None = None,
        **changes: Any,
    ) -> Release:
        spoken = changes.pop("spoken", None) or spoken_form(text, title)
        even_marks, even_words = evenly(spoken, duration_s)
        path = masters(duration_s, pitch_hz) if audio else Path("no.mp3")
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if audio else ""
        artifact = Artifact(digest, ".mp3", path.stat().st_size if audio else 0)
        sound = SoundReport(duration_s, RATE, 1, -16.04, 4.2, -14.1, -1.31, (Span(1.0, 1.8),))
        timed = tuple(even_words if words is None else words)
        findings = (Finding(FindingKind.MISREAD_WORDS, Severity.NOTE, "Heard differently.", 1.0, 1.5, "room", "Rome"),)
        take = Take(2, "builtin:heart", "hibari-0.2.1", 7, Artifact("0" * 64, ".flac", 1), even_marks, duration_s)
        fields: dict[str, Any] = {
            "number": 7,
            "title": title,
            "show": "Walks",
            "author": "A. Walker",
            "source": "/home/somebody/scripts/walk.md",
            "script_text": text,
            "spoken": spoken,
            "take": take,
            "master": Master(2, artifact, Artifact("1" * 64, ".peaks", 1), b"", sound, 2.25, 1.5),
            "audio_path": str(path),
            "marks": tuple(even_marks if marks is None else marks),
            "words": timed,
            "report": QaReport(
                judge(findings), Alignment(timed, 0.98765, 1, 0, 2), sound, 8.2, False, findings, "tiny.en int8"
            ),
            "clearance": Clearance.UNATTENDED,
            "drawn": True,
            "cost_micro": 12_345,
            "generator": "Batchcast 0.1.0",
        }
        return Release(**{**fields, **changes})

    return make
