"""Is a script worth paying for? The checks of its text, and whether it waits for a person before it is spoken."""

import asyncio
from dataclasses import replace
from pathlib import Path

from studio.domain.brand import Brand
from studio.domain.episode import Episode
from studio.domain.findings import Severity, Verdict
from studio.domain.likeness import likeness_findings
from studio.domain.script import Script
from studio.domain.script_report import ScriptReport, judged
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.domain.writing import Provenance
from studio.engine.authoring import ScriptJob
from studio.engine.ports import Report
from studio.engine.rooms import Rooms


async def check(
    rooms: Rooms,
    episode: Episode,
    script: Script,
    spoken: SpokenForm,
    settings: Settings,
    provenance: Provenance | None,
    report: Report,
    *,
    keep: bool = False,
) -> ScriptReport:
    """All that is to be said of a script, beside other episodes'; with `keep` those find this one from now on.

    Raises `InputError` for a bad brand file.
    """
    voice = rooms.voices.voice(settings)
    terms = await voice.terms(settings)
    brand: Brand | None = None
    if settings.brand:
        brand = await asyncio.to_thread(rooms.read_brand, Path(settings.brand))
    job = ScriptJob(
        script=script,
        spoken=spoken,
        settings=settings,
        rate=await rooms.projects.speaking_rate(episode.id, settings.voice, voice.model, settings.speed),
        limit=terms.limit,
        asked_minutes=asked_minutes(script, settings),
        brand=brand,
        provenance=provenance,
    )
    examined = await rooms.compute.run(rooms.examine, report, job)
    neighbours = await rooms.scripts.alike(examined.fingerprint, episode.id, keep=keep)
    findings = (*examined.report.findings, *likeness_findings(examined.fingerprint, neighbours))
    return replace(examined.report, findings=findings, verdict=judged(findings))


def asked_minutes(script: Script, settings: Settings) -> float:
    """The length that was asked for; 0 for a script that was handed in."""
    return (script.topic.minutes or settings.minutes) if script.topic is not None else 0.0


def waits(episode: Episode, script: Script, report: ScriptReport, settings: Settings) -> str:
    """Why a person must look at the script before it is spoken; empty where nobody must.

    What has been spoken before was let through then: it is spoken anew without another word.
    """
    if episode.script_approved or episode.takes:
        return ""
    if report.verdict is Verdict.FAIL:
        faults = [finding.detail for finding in report.findings if finding.severity is Severity.FAULT]
        more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
        return f"{faults[0]}{more}"
    if settings.approve_scripts == "all" or (settings.approve_scripts == "written" and script.topic is not None):
        return "The script waits for your approval."
    return ""
