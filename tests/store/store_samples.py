"""Domain objects as the stages would leave them, small or as large as they get."""

from dataclasses import replace

from studio.domain.budget import Limits
from studio.domain.dialect import Dialect
from studio.domain.episode import Episode, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.hearing import Alignment, Match, TimedWord
from studio.domain.money import Price
from studio.domain.project import Project
from studio.domain.script import Block, BlockKind, Script
from studio.domain.sound import Mark, SoundReport, Span
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.spoken import Chapter, SpokenForm, SpokenWord, Utterance
from studio.domain.take import Artifact, Master, Speech, Take
from studio.domain.voice import Manner, SpeechSettings, VoiceRef
from studio.engine.ports import NewEpisode
from studio.engine.trade import Purchase
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


HOW = SpeechSettings(VoiceRef("elevenlabs", "x"), "flash", 7, 1.1, Manner(language="en", dictionaries=("a:1", "b")))
TERMS = Terms(40_000, "mp3_44100_128", Dialect.BREAKS, context=True, paragraph_from_s=0.6)
NO_LIMITS = Limits()


def chunk(key: str, characters: int = 1000) -> Chunk:
    utterances = spoken().utterances
    return Chunk(0, len(utterances), utterances, key, "x" * characters, (0,), "before", "after")


def purchase(
    episode: Episode, key: str, bound: int = 1_000_000, limits: Limits = NO_LIMITS, credits_: int = 0
) -> Purchase:
    """One of 1,000 characters whose upper bound is `bound` micro-dollars and `credits_` credits."""
    price = Price(credits_, bound)
    return Purchase(episode.project_id, episode.id, chunk(key), HOW, TERMS, price, limits)


async def speech(library: Library, content: bytes = b"sound", request_id: str = "") -> Speech:
    return Speech(await library.artifacts.keep_bytes(content, ".flac"), MARKS, 2.75, request_id)


async def queued(library: Library, project: Project, number: int = 1) -> Episode:
    ((episode, _),) = await library.projects.add(project, [NewEpisode(script(number))])
    return episode


async def working(library: Library, project: Project, number: int = 1) -> Episode:
    episode = replace(await queued(library, project, number), state=State.WORKING)
    await library.projects.save(episode)
    return episode
