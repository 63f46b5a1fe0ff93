"""Domain objects as the stages would leave them, small or as large as they get."""

from dataclasses import replace

from studio.domain.episode import Episode, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.project import Project
from studio.domain.script import Block, BlockKind, Script
from studio.domain.sound import Mark, SoundReport, Span
from studio.domain.spoken import Chapter, SpokenForm, SpokenWord, Utterance
from studio.domain.take import Artifact, Master, Take
from studio.engine.ports import NewEpisode, Purchase
from studio.store.library import Library

SOUND = SoundReport(60.0, 44_100, 1, -16.02, 4.0, -14.5, -1.2, (Span(10.0, 10.6), Span(20.0, 20.4)))
MARKS = (Mark(0, 0, 5, 0.0, 1.25), Mark(1, 6, 11, 1.5, 2.75))


def script(number: int = 1, words: int = 200) -> Script:
    text = f"# Chapter {number}\n\n" + " ".join(f"word{number}x{place}" for place in range(words))
    blocks = (Block(BlockKind.HEADING, 2, 11, 1), Block(BlockKind.PARAGRAPH, 13, len(text)))
    return Script(f"Chapter {number}", f"chapter-{number}.md", text, blocks)


def spoken(characters_a_word: int = 4, words: int = 10, pause_s: float = 0.5) -> SpokenForm:
    said = tuple(SpokenWord("w" * characters_a_word, place * 5, place * 5 + 4) for place in range(words))
    text = " ".join(word.text for word in said)
    return SpokenForm("A title", (Utterance(text, 0, words * 5, said, pause_s),), (Chapter("A title", 0),))


def report(words: int = 10, findings: int = 2) -> QaReport:
    timed = tuple(
        TimedWord(f"word{place}", place * 8, place * 8 + 7, place / 3, place / 3 + 0.25, Match.SAME)
        for place in range(words)
    )
    found = tuple(
        Finding(FindingKind.MISREAD_WORDS, Severity.REVIEW, f"finding {place}", place, place + 0.5, "fifty", "fifteen")
        for place in range(findings)
    )
    return QaReport(Verdict.REVIEW, Alignment(timed, 0.96, 3, 1, 0), SOUND, 61.0, False, found, "tiny.en")


def take(audio: Artifact, number: int = 1, duration_s: float = 60.0) -> Take:
    return Take(number, "builtin:heart", "hibari-1", 0, audio, MARKS, duration_s)


def master(audio: Artifact, peaks: Artifact, take_number: int = 1) -> Master:
    return Master(take_number, audio, peaks, bytes(range(200)), SOUND, 3.25, -1.5)


def purchase(episode: Episode, key: str, bound: int = 1_000_000, budget: int = 0) -> Purchase:
    return Purchase(episode.project_id, episode.id, key, "elevenlabs:x", "flash", 1000, bound, budget)


async def queued(library: Library, project: Project, number: int = 1) -> Episode:
    ((episode, _),) = await library.projects.add(project, [NewEpisode(script(number))])
    return episode


async def working(library: Library, project: Project, number: int = 1) -> Episode:
    episode = replace(await queued(library, project, number), state=State.WORKING)
    await library.projects.save(episode)
    return episode
