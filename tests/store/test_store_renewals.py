"""What the voice of an episode is compared with, after a person had it learned anew."""

import asyncio
from dataclasses import replace

from studio.domain.episode import Clearance
from studio.domain.project import Project
from studio.domain.voiceprint import ENOUGH, VoicePrint, VoiceReport
from studio.engine.ports import Checked, Decision
from studio.store.library import Library
from tests.store.store_samples import master, queued, report, take, working

VOICE, MODEL = "builtin:heart", "hibari-1"
OLD, NEW = (VoicePrint((1.0,), 0.9, pitch, 15.0, 12) for pitch in (180.0, 120.0))
TICK_S = 0.003  # times are kept to the millisecond


async def accepted(library: Library, project: Project, number: int, print_: VoicePrint) -> None:
    """An episode with this voice, checked and accepted now."""
    episode = await working(library, project, number)
    audio = await library.artifacts.keep_bytes(f"{number}".encode(), ".flac")
    row = replace(episode, take=1, takes=1)
    for product in (
        take(audio),
        master(audio, audio),
        Checked(1, replace(report(), voice=VoiceReport(0.9, 0, print_))),
        Decision(Clearance.APPROVED, ""),
    ):
        await library.projects.save(row, product=product)
    await asyncio.sleep(TICK_S)


async def compared_with(library: Library, project: Project, number: int) -> list[VoicePrint]:
    """What an episode that is queued now is compared with."""
    episode = await queued(library, project, number)
    await asyncio.sleep(TICK_S)
    return list((await library.projects.voice_baseline(episode.id, VOICE, MODEL)).prints)


async def test_the_old_baseline_holds_until_the_new_one_has_enough(library: Library, project: Project) -> None:
    for number in range(1, 8):
        await accepted(library, project, number, OLD)
    renewal = await library.checks.renew(VOICE, MODEL, "")
    await asyncio.sleep(TICK_S)
    for number in range(8, 8 + ENOUGH - 1):
        await accepted(library, project, number, NEW)
    assert await compared_with(library, project, 50) == [NEW] * (ENOUGH - 1) + [OLD] * 7
    await accepted(library, project, 20, NEW)
    assert await compared_with(library, project, 51) == [NEW] * ENOUGH

    await library.checks.take_back(renewal)
    assert await compared_with(library, project, 52) == [NEW] * ENOUGH + [OLD] * 7
    assert await library.checks.renewals() == []


async def test_what_was_queued_before_is_judged_as_it_was(library: Library, project: Project) -> None:
    for number in range(1, 3):
        await accepted(library, project, number, OLD)
    for number in range(3, 3 + ENOUGH):
        await accepted(library, project, number, NEW)
    (first, *_), since = await library.checks.all(), (await library.checks.all())[2].at
    before = await queued(library, project, 30)
    await asyncio.sleep(TICK_S)
    await library.checks.renew(VOICE, MODEL, since)
    assert first.at < since
    prints = (await library.projects.voice_baseline(before.id, VOICE, MODEL)).prints
    assert list(prints) == [NEW] * ENOUGH + [OLD] * 2
    await asyncio.sleep(TICK_S)
    assert await compared_with(library, project, 31) == [NEW] * ENOUGH


async def test_another_voice_or_model_is_not_touched(library: Library, project: Project) -> None:
    for number in range(1, 1 + ENOUGH):
        await accepted(library, project, number, OLD)
    for voice, model in ((VOICE, "another"), ("another", MODEL)):
        await library.checks.renew(voice, model, "")
    await asyncio.sleep(TICK_S)
    assert await compared_with(library, project, 40) == [OLD] * ENOUGH
    assert [each.model for each in await library.checks.renewals()] == ["another", MODEL]
