"""A library as it is after a year: thousands of episodes, what was heard and paid, one of three hours, long paragraphs.

Made by the store's own methods, for the benchmarks of the window.
"""

import asyncio
import random
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import measure_wave

from studio.audio import peaks as peaks_file
from studio.domain.budget import Limits
from studio.domain.dialect import Dialect
from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.findings import QaReport, judge
from studio.domain.hearing import Alignment
from studio.domain.money import Price
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.sound import Mark, SoundReport
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.spoken import SpokenForm, SpokenWord, Utterance
from studio.domain.take import Artifact, Master, Speech, Take
from studio.domain.voice import SpeechSettings, VoiceRef
from studio.engine.batch import Studio
from studio.engine.ports import Checked, Decision, Prepared
from studio.engine.trade import Purchase
from studio.store import products, times
from studio.store.database import Database
from studio.store.health import DATABASE
from studio.store.ledger import PurchaseLedger
from studio.store.projects import ProjectStore

CHECKED = 2500  # episodes of which there are reports
BOUGHT = 180  # calls, over ninety days
HOURS = 3.0
UTTERED = 12  # words of a sentence


async def add_past(library: Path) -> None:
    """What was checked and paid in the last ninety days."""
    database = await Database.open(library / DATABASE)
    try:
        store = ProjectStore(database)
        (project,) = await store.all()
        finished = {State.DONE, State.NEEDS_YOU, State.REJECTED}
        checked = [each for each in await store.episodes(project.id) if each.state in finished and each.take]
        await database.write(partial(_check, checked[:CHECKED]))
        for number in range(min(BOUGHT, len(checked))):
            await _buy(database, project, checked[number], number)
    finally:
        await database.close()


def _check(episodes: list[Episode], connection: sqlite3.Connection) -> None:
    for row in episodes:
        dice = random.Random(row.id)  # noqa: S311  (as above)
        seconds = row.duration_s or 600.0
        sound = SoundReport(seconds, 44_100, 1, -16 + dice.gauss(0, 0.1), 6.0, -14.0, -1.5, ())
        report = QaReport(
            row.verdict or judge(()), Alignment((), row.word_accuracy, 3, 1, 1), sound, seconds, True, (), "tiny.en"
        )
        voice = ("builtin:heart", "elevenlabs:rachel")[row.id % 2]
        for product in (
            Take(1, voice, "flash", 1, _FILE, (), seconds),
            Master(1, _FILE, _FILE, row.strip or b"", sound, 0.0, 0.0),
            Checked(1, report),
            *((Decision(Clearance.APPROVED, ""),) if row.state is State.DONE else ()),
        ):
            products.keep(connection, row, product)


async def _buy(database: Database, project: Project, episode: Episode, number: int) -> None:
    at = times.utc_now() - timedelta(days=number * 90 / BOUGHT)
    ledger = PurchaseLedger(database, lambda _artifact: True, lambda: at)
    how = SpeechSettings(VoiceRef.parse("elevenlabs:rachel"), "flash")
    said = Utterance("Nobody knew the hour.", 0, 21, ())
    chunk = Chunk(0, 1, (said,), f"key {number}", said.text, (0,), "", "")
    micro = 200_000 + 7000 * (number % 40)
    terms = Terms(40_000, "mp3_44100_128", Dialect.BREAKS, context=True, paragraph_from_s=0.6)
    attempt = await ledger.reserve(Purchase(project.id, episode.id, chunk, how, terms, Price(micro, micro), Limits()))
    await ledger.sent(attempt)
    await ledger.received(attempt, Receipt())
    await ledger.stored(attempt, Speech(_FILE, (), 2.0))
    await ledger.settle(attempt, Receipt(), micro)


_FILE = Artifact("0" * 64, ".flac", 5)  # nobody plays it


def write_files(folder: Path, count: int) -> None:
    """Scripts to be dropped."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    dice = random.Random(5)  # noqa: S311  (the same files each time, not a secret)
    for number in range(count):
        text = " ".join(f"The {dice.choice(_WORDS)} of part {number} was {dice.choice(_WORDS)}." for _ in range(120))
        (folder / f"{number:04d}.md").write_text(f"# Dropped {number}\n\n{text}\n", "utf-8")


_WORDS = ("lamp", "street", "letter", "pump", "town", "morning", "harbour", "keeper", "bell", "winter", "handle", "sea")


async def add_paragraph(studio: Studio, project: Project, characters: int) -> Episode:
    """A script that is one paragraph, as some programs write them."""
    dice = random.Random(6)  # noqa: S311  (as above)
    text = "# One paragraph\n\n"
    while len(text) < characters + 100:
        text += f"The {dice.choice(_WORDS)} near the {dice.choice(_WORDS)} was {dice.choice(_WORDS)}. "
    await studio.add_text(project, text, "one-paragraph.md")
    return (await studio.episodes(project.id))[-1]


async def add_long(studio: Studio, project: Project) -> Episode:
    """An episode of three hours at the gate, as dense as a bad one gets."""
    rooms, made = studio._rooms, measure_wave.episode(HOURS * 3600)  # there is no other way in
    duration_s, words = HOURS * 3600, made.words
    await studio.add_text(project, " ".join(word.text for word in words), "three-hours.md")
    row = (await studio.episodes(project.id))[-1]
    said = [words[first : first + UTTERED] for first in range(0, len(words), UTTERED)]
    utterances = tuple(
        Utterance(
            " ".join(word.text for word in each),
            each[0].source_start,
            each[-1].source_end,
            tuple(SpokenWord(word.text, word.source_start, word.source_end) for word in each),
            0.4,
        )
        for each in said
    )
    await rooms.projects.save(row, product=Prepared(SpokenForm("Three hours", utterances, ())))
    peaks = rooms.artifacts.scratch(".peaks")
    await asyncio.to_thread(lambda: peaks_file.write(peaks, measure_wave.speech(duration_s)))
    audio = await rooms.artifacts.keep_bytes(b"no sound", ".mp3")
    marks = tuple(
        Mark(number, each[0].source_start, each[-1].source_end, each[0].start_s, each[-1].end_s)
        for number, each in enumerate(said)
    )
    strip = random.Random(3).randbytes(640)  # noqa: S311  (as above)
    sound = SoundReport(duration_s, 44_100, 1, -16.0, 6.0, -14.0, -1.5, ())
    findings = tuple(place.finding for place in made.places)
    report = QaReport(judge(findings), Alignment(words, 0.99, 240, 0, 0), sound, duration_s, True, findings, "tiny.en")
    peaks_kept = await rooms.artifacts.keep(peaks)
    for product in (
        Take(1, "builtin:heart", "hibari", 1, audio, marks, duration_s),
        Master(1, audio, peaks_kept, strip, sound, 0.0, 0.0),
        Checked(1, report),
    ):
        await rooms.projects.save(row, product=product)
    row = replace(
        row,
        state=State.NEEDS_YOU,
        stage=Stage.REVIEW,
        take=1,
        takes=1,
        duration_s=duration_s,
        strip=strip,
        verdict=report.verdict,
        word_accuracy=0.99,
        findings=len(findings),
    )
    await rooms.projects.save(replace(row, state=State.WORKING))
    await rooms.projects.save(row)
    return row
