"""A real library with episodes that were spoken, mastered and heard, more than once: real MP3s and real waveforms.

The voice is noise in syllables; what was heard of it is what we say. That is all that seeing and hearing takes needs.
"""

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.audio.mastering import master
from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, judge
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.project import Project
from studio.domain.script import Script
from studio.domain.sound import LoudnessTarget, Mark
from studio.domain.spoken import Chapter, SpokenForm, SpokenWord, Utterance
from studio.domain.take import Master, Take
from studio.engine.batch import Studio
from studio.engine.jobs import MasterJob
from studio.engine.ports import Checked, NewEpisode, Prepared, unfollowed
from studio.engine.rooms import Rooms

RATE_HZ = 44_100
TEXTS = (
    "In daily life we assume as certain many things.",
    "On a closer scrutiny they are found to be full of contradictions.",
    "Only a great amount of thought enables us to know what we may believe.",
)


@dataclass(frozen=True)
class Spoken:
    """How a take is spoken: `pace` times as long, at `lufs`; `wrong` are the places of its misread words."""

    pace: float = 1.0
    lufs: float = -16.0
    wrong: tuple[int, ...] = ()


def form() -> SpokenForm:
    utterances, chapters, offset = [], [], 0
    for number, text in enumerate(TEXTS):
        words, at = [], offset
        for word in text.split():
            words.append(SpokenWord(word, at, at + len(word)))
            at += len(word) + 1
        utterances.append(Utterance(text, offset, at - 1, tuple(words), 0.4))
        chapters.append(Chapter(f"Part {number + 1}", number))
        offset = at
    return SpokenForm("Appearance", tuple(utterances), (chapters[0], chapters[2]))


def timed(spoken: SpokenForm, how: Spoken) -> tuple[TimedWord, ...]:
    made: list[TimedWord] = []
    at = 0.3
    for utterance in spoken.utterances:
        for word in utterance.words:
            length = (0.14 + 0.03 * len(word.text)) * how.pace
            match = Match.MISREAD if len(made) in how.wrong else Match.SAME
            made.append(TimedWord(word.text, word.start, word.end, at, at + length, match))
            at += length + 0.06 * how.pace
        at += 0.4
    return tuple(made)


async def add_spoken(studio: Studio, project: Project, title: str, hows: Sequence[Spoken], in_use: int) -> Episode:
    """An episode at the gate with as many takes as `hows`, of which `in_use` is used."""
    rooms = studio._rooms
    spoken = form()
    script = Script(title, f"{title}.md", f"{title}. {' '.join(TEXTS)}", ())
    ((episode, _),) = await rooms.projects.add(project, [NewEpisode(script)])
    await rooms.projects.save(episode, product=Prepared(spoken))
    masters, reports = {}, {}
    for number, how in enumerate(hows, 1):
        made = await _speak(rooms, number, how, timed(spoken, how), spoken)
        masters[number], reports[number] = made[1], made[2]
        for product in made[:2]:
            await rooms.projects.save(episode, product=product)
        await rooms.projects.save(episode, product=Checked(number, made[2]))
    report = reports[in_use]
    row = replace(
        episode,
        state=State.NEEDS_YOU,
        stage=Stage.REVIEW,
        take=in_use,
        takes=len(hows),
        duration_s=masters[in_use].sound.duration_s,
        strip=masters[in_use].strip,
        verdict=report.verdict,
        word_accuracy=report.alignment.accuracy,
        findings=len(report.findings),
    )
    await rooms.projects.save(row)
    return row


async def _speak(
    rooms: Rooms, number: int, how: Spoken, words: tuple[TimedWord, ...], spoken: SpokenForm
) -> tuple[Take, Master, QaReport]:
    sound = rooms.artifacts.scratch(".wav")
    _say(sound, words)
    job = MasterJob(
        sound,
        rooms.artifacts.scratch(".mp3"),
        rooms.artifacts.scratch(".peaks"),
        LoudnessTarget(lufs=how.lufs, channels=1, bitrate_kbps=64),
        2.0,
    )
    result = master(unfollowed, job)
    audio = await rooms.artifacts.keep(sound)
    marks, first = [], 0
    for place, utterance in enumerate(spoken.utterances):
        own = words[first : first + len(utterance.words)]
        first += len(utterance.words)
        marks.append(Mark(place, utterance.start, utterance.end, own[0].start_s, own[-1].end_s))
    take = Take(number, "builtin:heart", "hibari", number, audio, tuple(marks), result.sound.duration_s)
    mastered = Master(
        number,
        await rooms.artifacts.keep(job.mp3),
        await rooms.artifacts.keep(job.peaks),
        result.strip,
        result.sound,
        result.gain_db,
        result.limited_db,
    )
    return take, mastered, _report(words, how, mastered)


def _report(words: tuple[TimedWord, ...], how: Spoken, mastered: Master) -> QaReport:
    findings = tuple(
        Finding(
            FindingKind.MISREAD_WORDS,
            Severity.FAULT,
            "heard twice",
            words[place].start_s,
            words[place].end_s,
            "mist",
            words[place].text,
            words[place].source_start,
            words[place].source_end,
        )
        for place in how.wrong
    )
    accuracy = 1 - len(how.wrong) / len(words)
    alignment = Alignment(words, accuracy, len(how.wrong), 0, 0)
    return QaReport(judge(findings), alignment, mastered.sound, 12.0, True, findings, "tiny.en")


def _say(path: Path, words: Sequence[TimedWord]) -> None:
    random = np.random.default_rng(7)
    sound = random.normal(0, 0.0005, int((words[-1].end_s + 0.5) * RATE_HZ))
    for word in words:
        start, end = int(word.start_s * RATE_HZ), int(word.end_s * RATE_HZ)
        swell = np.sin(np.linspace(0, np.pi, end - start)) ** 0.5
        sound[start:end] += random.normal(0, 0.08, end - start) * swell
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(sound, -0.9, 0.9) * 32767).astype("<i2").tobytes())
