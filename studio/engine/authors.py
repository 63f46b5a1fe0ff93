"""From a topic to a script: what is found goes to the writer, and what comes back is kept with its sources."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.writing import Assignment, Manuscript, Provenance
from studio.engine.authoring import Gathered
from studio.engine.ports import Report, Written
from studio.engine.work import Work

_RESEARCH: Final = 0.3  # of the stage's progress


async def authored(work: Work, script: Script) -> Written:
    """The script of a topic, with its provenance. Raises `InputError` where there is nothing to write from."""
    rooms, settings, topic = work.rooms, work.settings, script.topic
    if topic is None:
        raise LookupError(f"episode {work.episode.id} is to be written without a topic")
    gathered = await rooms.research.gather(topic, settings, _part(work.report, 0.0, _RESEARCH))
    voice = rooms.voices.voice(settings)
    assignment = Assignment(
        topic=topic,
        minutes=topic.minutes or settings.minutes,
        excerpts=gathered.excerpts,
        rate=await rooms.projects.speaking_rate(work.episode.id, settings.voice, voice.model, settings.speed),
        settings=settings,
        brand=await asyncio.to_thread(rooms.read_brand, Path(settings.brand)) if settings.brand else None,
        template=await asyncio.to_thread(_template, settings),
    )
    ask = work.asker.for_episode(work.project, work.episode.id, settings, work.episode.overrides)
    try:
        written = await rooms.writers.writer(settings).write(assignment, ask, _part(work.report, _RESEARCH, 1.0))
    except InputError as error:
        if gathered.excerpts or not gathered.refusals:
            raise
        # That there is nothing to write from has a reason, and that is what can be cured.
        first, *others = gathered.refusals
        more = f" And {len(others)} more could not be used." if others else ""
        raise InputError(f"Nothing could be read for “{topic.title}”: {first.message}{more}", first.remedy) from error
    made = rooms.intake.read_text(written.text, script.source)
    made = replace(made, title=topic.title or written.title, topic=topic)
    return Written(made, _provenance(written, gathered, settings))


def _provenance(written: Manuscript, gathered: Gathered, settings: Settings) -> Provenance:
    unread = tuple(f"Not read: {each.message} {each.remedy}" for each in gathered.refusals)
    how = (
        ("model", settings.writer_model),
        ("temperature", f"{settings.temperature:g}"),
        ("seed", str(settings.seed)),
        ("prompt tokens", str(written.prompt_tokens)),
        ("completion tokens", str(written.completion_tokens)),
    )
    return Provenance(
        writer=written.writer,
        excerpts=gathered.excerpts,
        citations=written.citations,
        notes=(*written.notes, *unread),
        written_with=how if written.prompt_tokens else (),
    )


def _template(settings: Settings) -> str:
    if not settings.template:
        return ""
    try:
        return Path(settings.template).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The template “{settings.template}” cannot be read ({error}).",
            "Look at its path in the settings, or leave it empty.",
        ) from error


def _part(report: Report, start: float, end: float) -> Report:
    return lambda fraction: report(start + (end - start) * fraction)
