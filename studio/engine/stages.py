"""The pipeline as one visible list: what is done to an episode, in order, and what each stage leaves behind.

A stage changes facts of the episode and returns a product; it never touches the state. That, and the storing, is the
runner's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from studio.domain.editing import edits_from_text
from studio.domain.episode import Clearance, Episode, Stage, StripFault
from studio.domain.extent import extent_of
from studio.domain.findings import QaReport, Severity, Verdict, with_findings
from studio.domain.mending import from_text, is_everything, to_text
from studio.domain.misreading import Stubborn, is_misread
from studio.domain.release import Release
from studio.domain.sampling import drawn_for_review
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take
from studio.engine import speaking
from studio.engine.authors import authored
from studio.engine.checking import check as check_script
from studio.engine.checking import waits
from studio.engine.editing import edited
from studio.engine.jobs import CheckJob, ExportJob, MasterJob
from studio.engine.mending import Repair, mended, notes, repair, said, same_words, wants
from studio.engine.ports import Checked, Decision, Prepared
from studio.engine.repair import best_take, hopeless_words, proposals
from studio.engine.work import Outcome, Work, there

# Upper bound, for the check of free space before anything is written: 320 kbit/s, and its waveform.
MASTER_BYTES_PER_S = 60_000


async def write(work: Work) -> Outcome:
    """From a topic to a script; what is written already goes straight on."""
    script = await work.rooms.projects.script(work.episode.id)
    if not script.unwritten:
        return Outcome(work.episode, Stage.PREPARE)
    written = await authored(work, script)
    episode = replace(work.episode, title=written.script.title, characters=written.script.characters)
    costs = await work.rooms.ledger.episode_costs(episode.id)
    episode = replace(episode, cost_micro=costs.settled_micro, reserved_micro=costs.reserved_micro)
    return Outcome(episode, Stage.PREPARE, written, note=f"by {written.provenance.writer}")


async def prepare(work: Work) -> Outcome:
    """From the script to its spoken form, how long that should take to speak, and whether it is worth paying for."""
    rooms, episode, settings = work.rooms, work.episode, work.settings
    voice = rooms.voices.voice(settings)
    script = await rooms.projects.script(episode.id)
    spoken = await speaking.spoken_form(rooms, script, settings, work.report)
    if episode.mending:
        # What is to be mended is told by the take's sentences. Where they would be cut in another way now, they stay.
        before = await work.spoken()
        spoken = spoken if spoken.is_cut_like(before) else before
    rate = await rooms.projects.speaking_rate(episode.id, settings.voice, voice.model, settings.speed)
    episode = replace(
        episode,
        characters=spoken.characters,
        expected_duration_s=rate.expected_s(extent_of(spoken.utterances)),
        drawn=drawn_for_review(episode.number, settings.review_share, work.project.review_seed),
    )
    if episode.mending:
        return Outcome(episode, Stage.SYNTHESIZE, Prepared(spoken))
    provenance = await rooms.scripts.provenance(episode.id)
    report = await check_script(rooms, episode, script, spoken, settings, provenance, work.report, keep=True)
    episode = replace(episode, script_verdict=report.verdict)
    product = Prepared(spoken, report)
    why = waits(episode, script, report, settings)
    if why:
        left = replace(episode, reason=why, remedy=_READ)
        return Outcome(left, Stage.PREPARE, product, needs_you=True, note=why)
    return Outcome(episode, Stage.SYNTHESIZE, product)


_READ: Final = "Read it on the page Scripts: change it, or approve it as it is."


async def synthesize(work: Work) -> Outcome:
    """Buy, or find among what was bought, the sound of every chunk, and make them one take.

    Where only some sentences of the take in use are to be mended, theirs alone.
    """
    spoken, edits = await work.spoken(), edits_from_text(work.episode.mending)
    mending = () if edits else from_text(work.episode.mending)
    rewritten = await edited(work, edits) if edits else None
    if rewritten is not None and rewritten.take is not None:
        speech, characters = rewritten.take, rewritten.spoken.characters
        spoken, mending = rewritten.spoken, tuple((mend.first, mend.last) for mend in speech.mends)
    elif not mending or is_everything(mending, spoken):
        speech, characters = await _whole(work, spoken)
    else:
        speech, characters = await mended(work), work.episode.characters
    costs = await work.rooms.ledger.episode_costs(work.episode.id)
    episode = replace(
        work.episode,
        take=speech.number,
        takes=speech.number,
        characters=characters,
        calls=costs.calls,
        cost_micro=costs.settled_micro,
        reserved_micro=costs.reserved_micro,
        duration_s=speech.duration_s,
        mending="",
    )
    return Outcome(episode, Stage.MASTER, rewritten or speech, note=said(mending, spoken) if mending else "")


async def _whole(work: Work, spoken: SpokenForm) -> tuple[Take, int]:
    """A take of the whole episode, and the characters that it took."""
    planned = await speaking.plan(work.rooms, work.episode, spoken, work.settings, keep=True)
    order = await wants(work, work.settings, planned)
    return await speaking.take(work.rooms, work.buyer, planned, order, work.report), planned.characters


async def master(work: Work) -> Outcome:
    """From the take to the MP3 that will be shipped, measured as it will be heard."""
    rooms, episode, settings = work.rooms, work.episode, work.settings
    take = await work.take()
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
    return Outcome(with_master(episode, product), Stage.CHECK, product)


async def check(work: Work) -> Outcome:
    """Hear every word of it again. A failed take is spoken anew while that is allowed; then the best one is kept."""
    rooms, episode, settings = work.rooms, work.episode, work.settings
    take = await work.take()
    mastered = await work.master()
    rate = await rooms.projects.speaking_rate(episode.id, take.voice, take.model, settings.speed)
    spoken = await work.spoken()
    job = CheckJob(
        audio=rooms.artifacts.path(mastered.audio),
        spoken=spoken,
        marks=take.marks,
        rate=rate,
        settings=settings,
        spots=mastered.sound.spots,
        limited_db=mastered.limited_db,
        baseline=await rooms.projects.voice_baseline(episode.id, take.voice, take.model),
        brand=await asyncio.to_thread(rooms.read_brand, Path(settings.brand)) if settings.brand else None,
        script=await rooms.projects.script(episode.id) if settings.brand else None,
    )
    report = await rooms.compute.run(rooms.check, work.report, job)
    takes, reports = await _takes(work, spoken)
    takes[take.number] = take
    noted = await asyncio.to_thread(notes, take.number, takes, {**reports, take.number: report}, spoken)
    reports[take.number] = with_findings(report, noted)
    words = await _proposed(work, take.number, takes, reports, spoken)
    best = take.number if report.verdict is Verdict.PASS else best_take(reports)
    product = Checked(take.number, reports[take.number])
    if best == take.number:
        episode = with_report(episode, reports[best])
    else:
        words = await _proposed(work, best, takes, reports, spoken)
        product = replace(product, kept=Checked(best, reports[best]))
        mastered = there(await rooms.projects.master(episode.id, best))
        episode = with_report(with_master(replace(episode, take=best), mastered), reports[best])
    if episode.verdict is not Verdict.PASS and episode.repairs < settings.repairs:
        cure = await repair(work, takes[best], reports[best], takes, words)
        if cure:
            return _repaired(episode, cure, spoken, product)
    kept = "" if best == take.number else f", take {best} kept"
    return Outcome(episode, Stage.REVIEW, product, note=f"{episode.verdict}{kept}")


def _repaired(episode: Episode, cure: Repair, spoken: SpokenForm, product: Checked) -> Outcome:
    """Back to be spoken, at what is bad; or, where that cannot be paid, on to a person, who is told so."""
    why = f"take {episode.take} {_SO.get(episode.verdict, 'did not pass')}"
    if cure.refusal:
        left = replace(episode, stage=Stage.REVIEW, reason=f"It was not mended. {cure.refusal}", remedy=_DECIDE)
        return Outcome(left, Stage.REVIEW, product, needs_you=True, note=f"{why}, not mended: {cure.refusal}")
    again = replace(episode, repairs=episode.repairs + 1, mending=to_text(cure.mending))
    return Outcome(again, Stage.SYNTHESIZE, product, note=f"{why}, {said(cure.mending, spoken)}")


_SO: Final[dict[Verdict | None, str]] = {Verdict.FAIL: "failed", Verdict.INCONCLUSIVE: "is inconclusive"}
_DECIDE: Final = "Raise the budget and have it spoken anew, or decide on it as it is."


async def _takes(work: Work, spoken: SpokenForm) -> tuple[dict[int, Take], dict[int, QaReport]]:
    """Every take of the episode, and the reports on those of this spoken form."""
    projects, episode_id = work.rooms.projects, work.episode.id
    takes, reports = {}, {}
    for number in range(1, work.episode.takes + 1):
        take, report = await projects.take(episode_id, number), await projects.report(episode_id, number)
        if take is not None:
            takes[number] = take
        if report is not None and await asyncio.to_thread(same_words, report, spoken):
            reports[number] = report
    return takes, reports


async def _proposed(
    work: Work, number: int, takes: Mapping[int, Take], reports: dict[int, QaReport], spoken: SpokenForm
) -> dict[str, Stubborn]:
    """The words of a take that speaking them anew does not cure; its report gets a proposal for each."""
    if not any(map(is_misread, reports[number].findings)):
        return {}
    elsewhere = await work.rooms.projects.misread(work.project.id, work.episode.id)
    marks = takes[number].marks
    words = await asyncio.to_thread(hopeless_words, number, takes, reports, spoken, marks, elsewhere)
    reports[number] = with_findings(reports[number], proposals(reports[number], words))
    return words


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
    take = await work.take()
    mastered = await work.master()
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
        spoken=await work.spoken(),
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
    Stage.WRITE: write,
    Stage.PREPARE: prepare,
    Stage.SYNTHESIZE: synthesize,
    Stage.MASTER: master,
    Stage.CHECK: check,
    Stage.REVIEW: review,
    Stage.EXPORT: export,
}


def with_master(episode: Episode, mastered: Master) -> Episode:
    """The row with what was measured on a master, and nothing yet of what was heard."""
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
        voice_consistency=None,
        brand_alignment=None,
        findings=0,
    )


def with_report(episode: Episode, report: QaReport) -> Episode:
    """The row with what the checks say of its take."""
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
        voice_consistency=report.voice.consistency if report.voice else None,
        brand_alignment=report.brand.alignment if report.brand else None,
        expected_duration_s=report.expected_duration_s,
        findings=len(report.findings),
        strip_faults=faults,
    )
