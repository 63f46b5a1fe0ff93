"""The takes of an episode side by side: how each sounds, where they say the same, and why one of them is in use."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log10
from pathlib import Path

from studio.domain.findings import QaReport, Verdict
from studio.domain.hearing import TimedWord
from studio.domain.mending import believable
from studio.domain.same_place import Course, course_by_marks, course_by_words
from studio.domain.sound import Peaks
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take
from studio.engine.mending import same_words
from studio.engine.repair import worth
from studio.engine.rooms import Rooms

_BOTH_SIDES_LU = 20 * log10(2) / 2  # a mono file plays on two loudspeakers, but is measured on one channel


@dataclass(frozen=True, slots=True)
class TakeSound:
    """One take as it can be heard and seen. Everything is in memory: nothing here touches the disk."""

    take: Take
    master: Master | None
    report: QaReport | None
    audio: Path  # the mastered MP3, or the take where it is not mastered
    peaks: Peaks | None
    chapters: tuple[tuple[float, str], ...]

    @property
    def number(self) -> int:
        """Which take it is, from 1."""
        return self.take.number

    @property
    def words(self) -> tuple[TimedWord, ...]:
        """The script's words as they were heard; none before the check."""
        return self.report.alignment.words if self.report else ()

    @property
    def duration_s(self) -> float:
        """How long it sounds."""
        return self.master.sound.duration_s if self.master else self.take.duration_s

    @property
    def heard_lufs(self) -> float | None:
        """How loud it is from two loudspeakers; None before it was measured, and for silence."""
        if self.master is None or self.master.sound.loudness_lufs is None:
            return None
        return self.master.sound.loudness_lufs + (_BOTH_SIDES_LU if self.master.sound.channels == 1 else 0.0)


class Reason(StrEnum):
    """Why a take is in use instead of the others."""

    ONLY = "only"  # there is no other that was checked
    UNCHECKED = "unchecked"  # it is the newest, and its check is still to come
    PASSED = "passed"
    VERDICT = "verdict"  # its verdict is better
    FAULTS = "faults"  # less of it is at fault
    FINDINGS = "findings"  # less of it is in doubt
    WORDS = "words"  # more of its words were heard right
    NEWEST = "newest"  # as good as another, and newer
    CHOSEN = "chosen"  # another would rank before it: a person's decision


_ORDER = (Reason.VERDICT, Reason.FAULTS, Reason.FINDINGS, Reason.WORDS, Reason.NEWEST)


@dataclass(frozen=True, slots=True)
class Why:
    """The reason, and the number of the next best take, which it is in comparison with (0 for none)."""

    reason: Reason
    rival: int = 0


class Takes:
    """Reads them. Nothing here changes which take is in use."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def sound(self, episode_id: int, number: int) -> TakeSound | None:
        """Take `number` of an episode, read and in memory; None where there is none. Raises `AudioError`."""
        rooms = self._rooms
        take = await rooms.projects.take(episode_id, number)
        if take is None:
            return None
        master = await rooms.projects.master(episode_id, number)
        report = await rooms.projects.report(episode_id, number) if master else None
        peaks = await asyncio.to_thread(rooms.read_peaks, rooms.artifacts.path(master.peaks)) if master else None
        spoken = await rooms.projects.spoken(episode_id)
        audio = rooms.artifacts.path(master.audio if master else take.audio)
        chapters = await asyncio.to_thread(_chapters, spoken, take, report)
        return TakeSound(take, master, report, audio, peaks, chapters)

    async def all(self, episode_id: int) -> tuple[TakeSound, ...]:
        """Every take of an episode that has a sound to be shown, by number."""
        episode = await self._rooms.projects.episode(episode_id)
        found = [await self.sound(episode_id, number) for number in range(1, episode.takes + 1)]
        return tuple(sound for sound in found if sound is not None and sound.peaks is not None)

    @staticmethod
    async def course(here: TakeSound, there: TakeSound) -> Course:
        """Where `there` says what `here` says, worked out on another thread: an episode has ten thousand words."""
        return await asyncio.to_thread(_course, here, there)


def attenuation_db(sound: TakeSound, others: Sequence[TakeSound]) -> float:
    """What to take off `sound`, in dB (0 or less), so that it is as loud as the softest of all.

    0 where one of them was not measured: what is not known cannot be matched.
    """
    levels = [each.heard_lufs for each in (sound, *others)]
    measured = [level for level in levels if level is not None]
    return min(measured) - measured[0] if len(measured) == len(levels) else 0.0


def why_in_use(number: int, sounds: Sequence[TakeSound]) -> Why:
    """Why take `number` is in use, by the same order in which the engine ranks takes."""
    reports = {sound.number: sound.report for sound in sounds if sound.report is not None}
    mine = reports.pop(number, None)
    if mine is None:
        return Why(Reason.UNCHECKED)
    if not reports:
        return Why(Reason.ONLY)
    rival = max(reports, key=lambda each: (*worth(reports[each]), each))
    own, other = (*worth(mine), number), (*worth(reports[rival]), rival)
    if own < other:
        return Why(Reason.PASSED if mine.verdict is Verdict.PASS else Reason.CHOSEN, rival)
    return Why(next(reason for reason, one, two in zip(_ORDER, own, other, strict=True) if one != two), rival)


def _course(here: TakeSound, there: TakeSound) -> Course:
    ends = here.duration_s, there.duration_s
    if here.words and there.words:
        return course_by_words(here.words, there.words, ends)
    return course_by_marks(here.take.marks, there.take.marks, ends)


def _chapters(spoken: SpokenForm | None, take: Take, report: QaReport | None) -> tuple[tuple[float, str], ...]:
    """Where the chapters begin: by the voice's marks, or, without any, as they were heard.

    A take of another spoken form than the one of today has those whose text begins where it did.
    """
    if spoken is None:
        return ()
    marks = take.marks
    if not marks and report is not None and same_words(report, spoken):
        marks = believable(spoken, (), report.alignment.words, take.duration_s)
    begins = {mark.source_start: mark.start_s for mark in marks}
    found = [(begins.get(spoken.utterances[each.utterance].start), each.title) for each in spoken.chapters]
    return tuple((start_s, title) for start_s, title in found if start_s is not None)
