"""A sentence that a person edited: what its change costs, and the take that comes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.domain.editing import Change, Edit, applied, change, edits_to_text, renumbered
from studio.domain.mending import Mending, is_everything
from studio.domain.revision import changes
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.domain.take import Mend, Take
from studio.engine import mending, speaking
from studio.engine.mending import MendQuote
from studio.engine.ports import Rewritten, unfollowed
from studio.engine.rooms import Rooms
from studio.engine.work import Work


@dataclass(frozen=True, slots=True)
class Planned:
    """The script as it will be, its spoken form, and which of its sentences are to be spoken."""

    script: Script
    spoken: SpokenForm
    changes: tuple[Change, ...]

    @property
    def stretches(self) -> Mending:
        """The sentences to be spoken."""
        return tuple(each.after for each in self.changes)


async def rewritten(
    rooms: Rooms, script: Script, edits: Sequence[Edit], settings: Settings
) -> tuple[Script, SpokenForm]:
    """The script with edits, and its spoken form. Its title stays. Raises `InputError` where it is no script then."""
    made = rooms.intake.read_text(applied(edits, script.text), script.source)
    made = replace(made, title=script.title, topic=script.topic)
    return made, await speaking.spoken_form(rooms, made, settings, unfollowed)


async def planned(work: Work, edits: Sequence[Edit]) -> Planned:
    """What edits will change. Raises `InputError`."""
    before = await work.rooms.projects.script(work.episode.id)
    script, spoken = await rewritten(work.rooms, before, edits, work.settings)
    old = await work.spoken()
    if len(edits) == 1:  # a person's: the sentence is spoken anew even where it sounds as before
        return Planned(script, spoken, (change(old, spoken, edits[0]),))
    return Planned(script, spoken, await asyncio.to_thread(changes, old, spoken))


async def quote(work: Work, edits: Sequence[Edit]) -> MendQuote:
    """What speaking the edited sentences would cost, beside what the whole take would. Raises `InputError`."""
    plan = await planned(work, edits)
    return await mending.quoted(work, await work.take(), plan.spoken, plan.stretches)


async def edited(work: Work, edits: Sequence[Edit]) -> Rewritten:
    """Buy, or find among what was bought, the edited sentences alone, and put them into the take in use.

    The script changes with the take, or not at all.
    """
    rooms, plan, parent = work.rooms, await planned(work, edits), await work.take()
    if is_everything(plan.stretches, plan.spoken):
        take = await _whole(work, plan.spoken, parent)
    else:
        spoken = await work.spoken()
        report = await rooms.projects.report(work.episode.id, parent.number)
        marks = renumbered(await mending.marks_of(rooms, spoken, parent, report), plan.spoken, plan.changes)
        take = await mending.put_in(work, plan.spoken, parent, marks, plan.stretches)
    return Rewritten(plan.script, plan.spoken, replace(take, mends=_noted(take.mends, plan, edits)))


def _noted(mends: Sequence[Mend], plan: Planned, edits: Sequence[Edit]) -> tuple[Mend, ...]:
    """What was put in, with the edits that it is for: each with the first place that ends behind it."""
    utterances = plan.spoken.utterances
    ends = [utterances[mend.last - 1].end for mend in mends[:-1]]
    own: list[list[Edit]] = [[] for _ in mends]
    grown = 0
    for edit in edits:
        start = edit.start + grown
        own[sum(1 for end in ends if end <= start)].append(edit)
        grown += len(edit.now) - len(edit.was)
    shifts = [each.shift for each in plan.changes] if len(plan.changes) == len(mends) else [0] * len(mends)
    return tuple(
        replace(mend, edited=edits_to_text(each) if each else "", shift=shift)
        for mend, each, shift in zip(mends, own, shifts, strict=True)
    )


async def _whole(work: Work, spoken: SpokenForm, parent: Take) -> Take:
    """A script of one sentence: nothing of the old take is left."""
    episode, settings = replace(work.episode, mending=""), mending.as_spoken(work.settings, parent)
    how = await speaking.plan(work.rooms, episode, spoken, settings, keep=True)
    take = await speaking.take(work.rooms, work.buyer, how, await mending.wants(work, settings, how), work.report)
    whole = Mend(0, len(spoken.utterances), 0.0, take.duration_s, how.characters)
    return replace(take, parent=parent.number, mends=(whole,))
