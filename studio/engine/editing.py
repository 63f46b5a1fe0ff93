"""A sentence that a person edited: what its change costs, and the take that comes of it."""

from dataclasses import dataclass, replace

from studio.domain.editing import Change, Edit, change, edit_to_text, renumbered
from studio.domain.mending import is_everything
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
    change: Change


async def rewritten(rooms: Rooms, script: Script, edit: Edit, settings: Settings) -> tuple[Script, SpokenForm]:
    """The script with an edit, and its spoken form. Its title stays. Raises `InputError` where it is no script then."""
    text = edit.applied(script.text)
    made = replace(rooms.intake.read_text(text, script.source), title=script.title)
    return made, await speaking.spoken_form(rooms, made, settings, unfollowed)


async def planned(work: Work, edit: Edit) -> Planned:
    """What an edit will change. Raises `InputError`."""
    script, spoken = await rewritten(work.rooms, await work.rooms.projects.script(work.episode.id), edit, work.settings)
    return Planned(script, spoken, change(await work.spoken(), spoken, edit))


async def quote(work: Work, edit: Edit) -> MendQuote:
    """What speaking the edited sentence would cost, beside what the whole take would. Raises `InputError`."""
    plan = await planned(work, edit)
    return await mending.quoted(work, await work.take(), plan.spoken, (plan.change.after,))


async def edited(work: Work, edit: Edit) -> Rewritten:
    """Buy, or find among what was bought, the edited sentence alone, and put it into the take in use.

    The script changes with the take, or not at all.
    """
    rooms, plan, parent = work.rooms, await planned(work, edit), await work.take()
    if is_everything((plan.change.after,), plan.spoken):
        take = await _whole(work, plan.spoken, parent)
    else:
        spoken = await work.spoken()
        report = await rooms.projects.report(work.episode.id, parent.number)
        marks = renumbered(await mending.marks_of(rooms, spoken, parent, report), plan.spoken, plan.change)
        take = await mending.put_in(work, plan.spoken, parent, marks, (plan.change.after,))
    mends = [replace(mend, edited=edit_to_text(edit), shift=plan.change.shift) for mend in take.mends]
    return Rewritten(plan.script, plan.spoken, replace(take, mends=tuple(mends)))


async def _whole(work: Work, spoken: SpokenForm, parent: Take) -> Take:
    """A script of one sentence: nothing of the old take is left."""
    episode, settings = replace(work.episode, mending=""), mending.as_spoken(work.settings, parent)
    how = await speaking.plan(work.rooms, episode, spoken, settings, keep=True)
    take = await speaking.take(work.rooms, work.buyer, how, await mending.wants(work, settings, how), work.report)
    whole = Mend(0, len(spoken.utterances), 0.0, take.duration_s, how.characters)
    return replace(take, parent=parent.number, mends=(whole,))
