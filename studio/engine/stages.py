"""The pipeline as one visible list: what is done to an episode, in order, and what each stage leaves behind.

A stage changes facts of the episode and returns a product; it never touches the state. That, and the storing, is the
runner's.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from studio.domain.episode import Clearance, Episode, Stage, StripFault
from studio.domain.errors import VoiceError
from studio.domain.findings import QaReport, Severity, Verdict
from studio.domain.project import Project
from studio.domain.release import Release
from studio.domain.sampling import drawn_for_review
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk, plan_speech
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Speech, Take
from studio.domain.voice import SpeechSettings
from studio.engine.ports import (
    Checked,
    CheckJob,
    Decision,
    ExportJob,
    Lane,
    MasterJob,
    Prepared,
    Product,
    Purchase,
    Report,
    Rooms,
    SpokenForms,
    Voice,
)
from studio.engine.repair import best_take, worth_a_retake

T = TypeVar("T")

# Upper bounds, for the check of free space before anything is written or bought.
SPEECH_BYTES_PER_CHARACTER = 4_000  # 24 kHz 16 bit at 14 characters a second, uncompressed, with a margin
MASTER_BYTES_PER_S = 60_000  # 320 kbit/s, and its waveform


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage works on."""

    rooms: Rooms
    project: Project
    episode: Episode
    report: Report


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage led to. `next` is the stage that follows (None: the episode is done)."""

    episode: Episode
    next: Stage | None
    product: Product | None = None
    needs_you: bool = False
    note: str = ""


async def prepare(work: Work) -> Outcome:
    """From the script to its spoken form, and how long that should take to speak."""
    rooms, episode, settings = work.rooms, work.episode, work.project.settings
    voice = rooms.voices.voice(settings)
    script = await rooms.projects.script(episode.id)
    spoken = await rooms.compute.run(_spoken_form, work.report, rooms.spoken_form, script, settings)
    rate = await rooms.projects.speaking_rate(episode.id, settings.voice, voice.model, settings.speed)
    episode = replace(
        episode,
        characters=spoken.characters,
        expected_duration_s=rate.expected_s(spoken.characters, spoken.pauses_s),
        drawn=drawn_for_review(episode.number, settings.review_share, work.project.review_seed),
    )
    return Outcome(episode, Stage.SYNTHESIZE, Prepared(spoken))


def _spoken_form(_report: Report, form: SpokenForms, script: Script, settings: Settings) -> SpokenForm:
    return form(script, settings)


async def synthesize(work: Work) -> Outcome:
    """Buy, or find among what was bought, the sound of every chunk, and make them one take."""
    rooms, episode, settings = work.rooms, work.episode, work.project.settings
    voice = rooms.voices.voice(settings)
    spoken = await _spoken(work)
    number = episode.takes + 1
    speech_settings = settings.speech(voice.model, number)
    chunks = plan_speech(spoken, speech_settings, voice.audio_format, voice.limit)
    total, done = spoken.characters, 0
    pieces = []
    for chunk in chunks:
        start, share = done / total, chunk.characters / total

        def report(fraction: float, start: float = start, share: float = share) -> None:
            work.report(start + fraction * share)

        pieces.append(await _speech(work, voice, chunk, speech_settings, report))
        done += chunk.characters
    speech = pieces[0] if len(pieces) == 1 else await _joined(work, pieces)
    costs = await rooms.ledger.episode_costs(episode.id)
    take = Take(
        number, settings.voice, voice.model, speech_settings.seed, speech.audio, speech.marks, speech.duration_s
    )
    episode = replace(
        episode,
        take=number,
        takes=number,
        calls=costs.calls,
        cost_micro=costs.settled_micro,
        reserved_micro=costs.reserved_micro,
        duration_s=speech.duration_s,
    )
    return Outcome(episode, Stage.MASTER, take)


async def _speech(work: Work, voice: Voice, chunk: Chunk, settings: SpeechSettings, report: Report) -> Speech:
    """One chunk's sound: what was bought before under its key, or a purchase whose intent is stored first."""
    rooms, episode = work.rooms, work.episode
    purchase = Purchase(
        project_id=work.project.id,
        episode_id=episode.id,
        key=chunk.key,
        voice=str(settings.voice),
        model=settings.model,
        characters=chunk.characters,
        upper_bound_micro=voice.price_micro(chunk.characters),
        budget_micro=round(work.project.settings.budget_usd * 1_000_000),
    )
    before = await rooms.ledger.bought(chunk.key)
    if before is not None:
        await rooms.ledger.reuse(purchase)
        return before
    await rooms.artifacts.ensure_room(chunk.characters * SPEECH_BYTES_PER_CHARACTER)
    attempt = await rooms.ledger.reserve(purchase)
    out = rooms.artifacts.scratch(".flac" if voice.audio_format.startswith("flac") else ".mp3")
    try:
        marks = _some(await voice.speak(chunk, settings, out, report), settings)
        audio = await rooms.artifacts.keep(out)
    except BaseException as error:
        # Also when cancelled: an open intent must never be left behind. Only a voice behind a network charges.
        await rooms.ledger.fail(attempt, str(error) or type(error).__name__, maybe_charged=voice.lane is Lane.NETWORK)
        raise
    speech = Speech(audio, marks, marks[-1].end_s + chunk.utterances[-1].pause_after_s)
    await rooms.ledger.settle(attempt, speech, purchase.upper_bound_micro)
    return speech


def _some(marks: tuple[Mark, ...], settings: SpeechSettings) -> tuple[Mark, ...]:
    if not marks:
        raise VoiceError(f"The voice {settings.voice} gave no sound.", "Try again, or choose another voice.")
    return marks


async def _joined(work: Work, pieces: list[Speech]) -> Speech:
    rooms = work.rooms
    paths = [rooms.artifacts.path(piece.audio) for piece in pieces]
    out = rooms.artifacts.scratch(".flac")
    starts = await rooms.compute.run(rooms.join, _silent, paths, out)
    marks = tuple(
        replace(mark, start_s=mark.start_s + start, end_s=mark.end_s + start)
        for start, piece in zip(starts, pieces, strict=True)
        for mark in piece.marks
    )
    return Speech(await rooms.artifacts.keep(out), marks, starts[-1] + pieces[-1].duration_s)


async def master(work: Work) -> Outcome:
    """From the take to the MP3 that will be shipped, measured as it will be heard."""
    rooms, episode, settings = work.rooms, work.episode, work.project.settings
    take = await _take(work)
    await rooms.artifacts.ensure_room(round(take.duration_s * MASTER_BYTES_PER_S))
    job = MasterJob(
        source=rooms.artifacts.path(take.audio),
        mp3=rooms.artifacts.scratch(".mp3"),
        peaks=rooms.artifacts.scratch(".peaks"),
        target=settings.loudness_target,
        shortest_silence_s=settings.max_silence_s,
    )
    result = await rooms.compute.run(rooms.master, work.report, job)
    product = Master(
        take_number=take.number,
        audio=await rooms.artifacts.keep(job.mp3),
        peaks=await rooms.artifacts.keep(job.peaks),
        strip=result.strip,
        sound=result.sound,
        gain_db=result.gain_db,
        limited_db=result.limited_db,
    )
    return Outcome(_with_master(episode, product), Stage.CHECK, product)


async def check(work: Work) -> Outcome:
    """Hear every word of it again. A failed take is spoken anew while that is allowed; then the best one is kept."""
    rooms, episode, settings = work.rooms, work.episode, work.project.settings
    take = await _take(work)
    mastered = await _master(work)
    rate = await rooms.projects.speaking_rate(episode.id, take.voice, take.model, settings.speed)
    spoken = await _spoken(work)
    job = CheckJob(
        audio=rooms.artifacts.path(mastered.audio),
        spoken=spoken,
        marks=take.marks,
        sound=mastered.sound,
        rate=rate,
        settings=settings,
    )
    report = await rooms.compute.run(rooms.check, work.report, job)
    episode = _with_report(episode, report)
    product = Checked(take.number, report)
    if worth_a_retake(report, episode.repairs, settings.repairs):
        again = replace(episode, repairs=episode.repairs + 1)
        return Outcome(again, Stage.SYNTHESIZE, product, note=f"take {take.number} failed, spoken anew")
    best = await _best(work, take.number, report)
    if best != take.number:
        episode = await _in_use(work, episode, best)
    return Outcome(episode, Stage.REVIEW, product, note=str(episode.verdict))


async def _best(work: Work, number: int, report: QaReport) -> int:
    """The take to keep: the one just checked if it is sound, else the best of all."""
    if report.verdict is Verdict.PASS:
        return number
    reports = {number: report}
    for earlier in range(1, number):
        known = await work.rooms.projects.report(work.episode.id, earlier)
        if known is not None:
            reports[earlier] = known
    return best_take(reports)


async def _in_use(work: Work, episode: Episode, number: int) -> Episode:
    """The episode with take `number` in use instead of the last."""
    projects = work.rooms.projects
    mastered = await projects.master(episode.id, number)
    report = await projects.report(episode.id, number)
    if mastered is None or report is None:
        raise LookupError(f"take {number} of episode {episode.id} has a report but no master")
    return _with_report(_with_master(replace(episode, take=number), mastered), report)


async def review(work: Work) -> Outcome:
    """The gate: what is flagged waits for a person, and so does the random part of what passed."""
    episode = work.episode
    if episode.clearance in {Clearance.APPROVED, Clearance.UNATTENDED}:
        return Outcome(episode, Stage.EXPORT)
    passed = episode.verdict is Verdict.PASS
    unattended = work.project.settings.approve == "passed"
    if not passed or (episode.drawn and not unattended):
        return Outcome(episode, Stage.REVIEW, needs_you=True)
    clearance = Clearance.UNATTENDED if episode.drawn else Clearance.NOT_NEEDED
    return Outcome(replace(episode, clearance=clearance), Stage.EXPORT, Decision(clearance, ""))


async def export(work: Work) -> Outcome:
    """Write the distribution folder, whole or not at all."""
    rooms, episode, project = work.rooms, work.episode, work.project
    take = await _take(work)
    mastered = await _master(work)
    report = await rooms.projects.report(episode.id, take.number)
    if report is None:
        raise LookupError(f"episode {episode.id} is at its export without a report")
    script = await rooms.projects.script(episode.id)
    release = Release(
        number=episode.number,
        title=episode.title,
        show=project.settings.show or project.name,
        author=project.settings.author,
        source=Path(script.source).name,
        script_text=script.text,
        spoken=await _spoken(work),
        take=take,
        master=mastered,
        audio_path=str(rooms.artifacts.path(mastered.audio)),
        marks=take.marks,
        words=report.alignment.words,
        report=report,
        clearance=episode.clearance,
        drawn=episode.drawn,
        cost_micro=episode.cost_micro,
        generator=rooms.generator,
    )
    previous = Path(episode.folder) if episode.folder else None
    job = ExportJob(release, Path(project.out_dir), previous)
    folder = await rooms.compute.run(rooms.export, work.report, job)
    return Outcome(replace(episode, folder=str(folder)), None)


StageFunction: TypeAlias = Callable[[Work], Awaitable[Outcome]]

PIPELINE: Final[dict[Stage, StageFunction]] = {
    Stage.PREPARE: prepare,
    Stage.SYNTHESIZE: synthesize,
    Stage.MASTER: master,
    Stage.CHECK: check,
    Stage.REVIEW: review,
    Stage.EXPORT: export,
}


def _with_master(episode: Episode, mastered: Master) -> Episode:
    sound = mastered.sound
    return replace(
        episode,
        duration_s=sound.duration_s,
        loudness_lufs=sound.loudness_lufs,
        true_peak_dbtp=sound.true_peak_dbtp,
        strip=mastered.strip,
        strip_faults=(),
        verdict=None,
        word_accuracy=None,
        findings=0,
    )


def _with_report(episode: Episode, report: QaReport) -> Episode:
    length = report.sound.duration_s or 1.0
    faults = tuple(
        StripFault(finding.start_s / length, finding.end_s / length, finding.severity)
        for finding in report.findings
        if finding.severity is not Severity.NOTE and finding.start_s is not None and finding.end_s is not None
    )
    return replace(
        episode,
        verdict=report.verdict,
        word_accuracy=report.alignment.accuracy,
        expected_duration_s=report.expected_duration_s,
        findings=len(report.findings),
        strip_faults=faults,
    )


async def _spoken(work: Work) -> SpokenForm:
    return _there(await work.rooms.projects.spoken(work.episode.id))


async def _take(work: Work) -> Take:
    return _there(await work.rooms.projects.take(work.episode.id, work.episode.take))


async def _master(work: Work) -> Master:
    return _there(await work.rooms.projects.master(work.episode.id, work.episode.take))


def _silent(_fraction: float) -> None:
    """For jobs too short to be followed."""


def _there(product: T | None) -> T:
    """What an earlier stage left; it is stored in the same transaction as the move to this one."""
    if product is None:
        raise LookupError("an earlier stage of this episode left nothing")
    return product
