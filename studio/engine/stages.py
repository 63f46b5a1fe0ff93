"""The pipeline as one visible list: what is done to an episode, in order, and what each stage leaves behind.

A stage changes facts of the episode and returns a product; it never touches the state. That, and the storing, is the
runner's.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from studio.domain.episode import Clearance, Episode, Stage, StripFault
from studio.domain.findings import QaReport, Severity, Verdict
from studio.domain.project import Project
from studio.domain.release import Release
from studio.domain.sampling import drawn_for_review
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take
from studio.engine import speaking
from studio.engine.buying import Buyer, Want
from studio.engine.ports import (
    Checked,
    CheckJob,
    Decision,
    ExportJob,
    MasterJob,
    Prepared,
    Product,
    Report,
)
from studio.engine.repair import best_take, worth_a_retake
from studio.engine.rooms import Rooms

T = TypeVar("T")

# Upper bound, for the check of free space before anything is written: 320 kbit/s, and its waveform.
MASTER_BYTES_PER_S = 60_000


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage works on."""

    rooms: Rooms
    buyer: Buyer
    project: Project
    episode: Episode
    report: Report

    @property
    def settings(self) -> Settings:
        """The project's, with the episode's own in their place."""
        return self.project.settings.merged(self.episode.overrides)


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
    rooms, episode, settings = work.rooms, work.episode, work.settings
    voice = rooms.voices.voice(settings)
    script = await rooms.projects.script(episode.id)
    spoken = await speaking.spoken_form(rooms, script, settings, work.report)
    rate = await rooms.projects.speaking_rate(episode.id, settings.voice, voice.model, settings.speed)
    episode = replace(
        episode,
        characters=spoken.characters,
        expected_duration_s=rate.expected_s(spoken.characters, spoken.pauses_s),
        drawn=drawn_for_review(episode.number, settings.review_share, work.project.review_seed),
    )
    return Outcome(episode, Stage.SYNTHESIZE, Prepared(spoken))


async def synthesize(work: Work) -> Outcome:
    """Buy, or find among what was bought, the sound of every chunk, and make them one take."""
    rooms, episode, settings = work.rooms, work.episode, work.settings
    planned = await speaking.plan(rooms, episode, await _spoken(work), settings, keep=True)
    rate = await rooms.projects.speaking_rate(episode.id, settings.voice, planned.voice.model, settings.speed)

    def want(chunk: Chunk, report: Report) -> Want:
        return Want(work.project, episode.id, settings, planned.voice, planned.how, planned.terms, chunk, rate, report)

    speech = await speaking.take(rooms, work.buyer, planned, want, work.report)
    costs = await rooms.ledger.episode_costs(episode.id)
    episode = replace(
        episode,
        take=planned.number,
        takes=planned.number,
        characters=planned.characters,
        calls=costs.calls,
        cost_micro=costs.settled_micro,
        reserved_micro=costs.reserved_micro,
        duration_s=speech.duration_s,
    )
    return Outcome(episode, Stage.MASTER, speech)


async def master(work: Work) -> Outcome:
    """From the take to the MP3 that will be shipped, measured as it will be heard."""
    rooms, episode, settings = work.rooms, work.episode, work.settings
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
    rooms, episode, settings = work.rooms, work.episode, work.settings
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
    unattended = work.settings.approve == "passed"
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


def _there(product: T | None) -> T:
    """What an earlier stage left; it is stored in the same transaction as the move to this one."""
    if product is None:
        raise LookupError("an earlier stage of this episode left nothing")
    return product
