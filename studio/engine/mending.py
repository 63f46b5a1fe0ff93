"""Sentences spoken anew: what that costs and whether it is worth it, and the take that comes of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from studio.domain.budget import Scope
from studio.domain.editing import edit_from_text
from studio.domain.errors import AudioError
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.mending import (
    Mending,
    Stretch,
    believable,
    characters,
    everything,
    from_text,
    in_words,
    is_everything,
    merged,
    to_text,
)
from studio.domain.misreading import Stubborn
from studio.domain.money import Price, bound_usd
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk
from studio.domain.spoken import SpokenForm
from studio.domain.take import Mend, Take
from studio.domain.voice import BUILTIN, VoiceRef
from studio.engine import speaking
from studio.engine.budget import limits, month_start, sentence
from studio.engine.buying import Want
from studio.engine.jobs import Patch, ProofJob
from studio.engine.ports import Report, unfollowed
from studio.engine.repair import (
    CLEARLY_FEWER,
    bad_utterances,
    is_bad_place,
    mending_for,
    utterances_of,
    worth_a_retake,
)
from studio.engine.rooms import Rooms
from studio.engine.speaking import SpeechPlan
from studio.engine.work import Work

# Upper bound, for the check of free space before anything is written: 48 kHz, 16 bit, uncompressed.
_TAKE_BYTES_PER_S = 100_000


@dataclass(frozen=True, slots=True)
class Repair:
    """What is to be spoken anew, or, where `refusal` says so, would be if it could be paid."""

    mending: Mending
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class MendQuote:
    """What speaking stretches anew would cost, an upper bound, beside what all of the episode would."""

    mending: Mending
    characters: int
    price: Price
    all_characters: int
    all_price: Price


async def repair(
    work: Work, take: Take, report: QaReport, takes: Mapping[int, Take], hopeless: Mapping[str, Stubborn]
) -> Repair | None:
    """The cheapest cure for a take that should work, or None where nothing is to be spoken anew.

    Its bad sentences, where they are clearly fewer than all; else all of it, where it fails. `takes` are all takes of
    the episode, for what was tried before.
    """
    spoken = await work.spoken()
    marks = await marks_of(work.rooms, spoken, take, report)
    bad = await asyncio.to_thread(bad_utterances, report, spoken, marks, hopeless)
    tried = [tuple((mend.first, mend.last) for mend in each.mends) for each in takes.values()]
    mending = await asyncio.to_thread(mending_for, bad, spoken, tried, marks)
    # Where every bad place has a word that only a pronunciation can cure, speaking all of it cures none.
    whole = worth_a_retake(report) and (bool(bad) or not any(map(is_bad_place, report.findings)))
    cures = [mending] if mending else []
    if not mending or characters(mending, spoken) >= CLEARLY_FEWER * spoken.characters:
        cures = [everything(spoken), *cures] if whole else []
    refusals = []
    for cure in cures:
        refusal = await _in_the_way(work, take, spoken, cure)
        if not refusal:
            return Repair(cure)
        refusals.append(Repair(cure, refusal))
    return refusals[-1] if refusals else None


async def quote(work: Work, mending: Mending) -> MendQuote:
    """What it would cost now. Raises `VoiceError`."""
    spoken, take = await work.spoken(), await work.take()
    return await quoted(work, take, spoken, mending)


async def quoted(work: Work, take: Take, spoken: SpokenForm, mending: Mending) -> MendQuote:
    """The same for a spoken form that may not be stored yet."""
    part, price = await _price(work, take, spoken, mending)
    whole, all_price = await _price(work, take, spoken, everything(spoken))
    return MendQuote(mending, part.characters, price, whole.characters, all_price)


async def mended(work: Work) -> Take:
    """Buy, or find among what was bought, what is to be mended in the take in use, and put it there."""
    spoken, parent = await work.spoken(), await work.take()
    report = await work.rooms.projects.report(work.episode.id, parent.number)
    marks = await marks_of(work.rooms, spoken, parent, report)
    return await put_in(work, spoken, parent, marks, from_text(work.episode.mending))


async def put_in(work: Work, spoken: SpokenForm, parent: Take, marks: tuple[Mark, ...], mending: Mending) -> Take:
    """The take that comes of speaking stretches of `spoken` anew in `parent`, whose utterances sound at `marks`."""
    rooms, episode = work.rooms, replace(work.episode, mending=to_text(mending))
    settings = as_spoken(work.settings, parent)
    planned = await speaking.plan(rooms, episode, spoken, settings, keep=True)
    pieces = await speaking.bought(work.buyer, planned, await wants(work, settings, planned), work.report)
    by_chunk = list(zip(planned.chunks, pieces, strict=True))
    patches = []
    for first, last in mending:
        own = [(chunk, piece) for chunk, piece in by_chunk if first <= chunk.first < last]
        speech = await speaking.joined(rooms, [chunk for chunk, _ in own], [piece for _, piece in own])
        pauses_s = (
            spoken.utterances[first - 1].pause_after_s if first else 0.0,
            spoken.utterances[last - 1].pause_after_s,
        )
        patches.append(Patch(rooms.artifacts.path(speech.audio), speech.marks, first, last, pauses_s))
    added_s = sum(piece.duration_s for piece in pieces)
    await rooms.artifacts.ensure_room(round((parent.duration_s + added_s) * _TAKE_BYTES_PER_S))
    out = rooms.artifacts.scratch(".flac")
    source = rooms.artifacts.path(parent.audio)
    spliced = await rooms.attendant.run(rooms.splice, unfollowed, source, marks, patches, out)
    how = planned.how
    return Take(
        planned.number,
        str(how.voice),
        planned.voice.model,
        how.seed,
        await rooms.artifacts.keep(out),
        spliced.marks,
        spliced.duration_s,
        parent=parent.number,
        mends=tuple(
            Mend(*stretch, *place, sum(chunk.characters for chunk, _ in by_chunk if _within(chunk, stretch)))
            for stretch, place in zip(mending, spliced.patches, strict=True)
        ),
    )


async def wants(work: Work, settings: Settings, planned: SpeechPlan) -> Callable[[Chunk, Report], Want]:
    """Makes the order for a chunk of a plan."""
    episode_id, voice = work.episode.id, planned.voice
    rate = await work.rooms.projects.speaking_rate(episode_id, settings.voice, voice.model, settings.speed)
    return lambda chunk, report: Want(
        work.project,
        episode_id,
        settings,
        voice,
        planned.how,
        planned.terms,
        chunk,
        rate,
        report,
        work.episode.overrides,
    )


def said(mending: Mending, spoken: SpokenForm) -> str:
    """What is spoken anew, for the history: "sentence 12 spoken anew (84 of 7,812 characters)"."""
    if is_everything(mending, spoken):
        return "spoken anew"
    return f"{in_words(mending)} spoken anew ({characters(mending, spoken):,} of {spoken.characters:,} characters)"


def notes(number: int, takes: Mapping[int, Take], reports: Mapping[int, QaReport], spoken: SpokenForm) -> list[Finding]:
    """For each place that was mended in take `number`, or in what it was made from, what was done there and why."""
    found: list[Finding] = []
    done: Mending = ()
    edits: list[tuple[Stretch, int]] = []  # since: which utterances they were about, and the shift of those behind
    take = takes[number]
    places = {mark.utterance: mark for mark in take.marks}
    while take.parent:
        before = reports.get(take.parent)
        parent = takes.get(take.parent)
        for mend in take.mends:
            stretch = _now((mend.first, mend.last), edits)
            if stretch is None or any(start < stretch[1] and stretch[0] < end for start, end in done):
                continue  # it was spoken anew once more
            first, last = stretch
            done = merged([*done, stretch])
            edit = edit_from_text(mend.edited)
            cause = None if edit else _cause(stretch, before, spoken, parent.marks if parent else ())
            how = "edited and spoken anew" if edit else "spoken anew"
            detail = f"{in_words((stretch,))} {how} ({mend.characters:,} of {spoken.characters:,} characters)."
            if edit:
                detail += f" Before: “{' '.join(edit.was.split())}”"
            if cause:
                detail += f" Before: {cause.detail}"
            start_s, end_s = mend.start_s, mend.end_s
            if take.number != number:
                start_s, end_s = places[first].start_s, places[last - 1].end_s
            place = spoken.utterances[first].start, spoken.utterances[last - 1].end
            text = detail[0].upper() + detail[1:]
            found.append(Finding(FindingKind.MENDED, Severity.NOTE, text, start_s, end_s, "", "", *place))
        # The last of a take first: `_now` goes from the end, and each counts with the shifts of those before it.
        edits += [
            ((mend.first, mend.last - mend.shift), mend.shift)
            for mend in reversed(take.mends)
            if mend.shift or mend.edited
        ]
        if parent is None:
            break
        take = parent
    return found


def _now(stretch: Stretch, edits: Sequence[tuple[Stretch, int]]) -> Stretch | None:
    """What a stretch of an earlier take is called after `edits`, the newest first; None where one was about it."""
    first, last = stretch
    for (start, end), shift in reversed(edits):
        if start < last and first < end:
            return None
        if first >= end:
            first, last = first + shift, last + shift
    return first, last


async def marks_of(rooms: Rooms, spoken: SpokenForm, take: Take, report: QaReport | None) -> tuple[Mark, ...]:
    """A mark for every utterance of a take.

    Where the voice gave none, or none that fits what was heard, its bounds are those of the silences next to where it
    was heard.
    """
    marks, heard = await asyncio.to_thread(_believed, spoken, take, report)
    if marks == take.marks:
        return marks
    known = heard or bool(take.marks)
    job = ProofJob(rooms.artifacts.path(take.audio), spoken.utterances, 0, 0.0, inf, marks if known else ())
    try:
        return (await rooms.attendant.run(rooms.prove, unfollowed, job)).marks
    except AudioError:
        return marks  # as a whole it is no good sound; that is why it is mended


def _believed(spoken: SpokenForm, take: Take, report: QaReport | None) -> tuple[tuple[Mark, ...], bool]:
    """The marks that can be believed, and whether what was heard is of this spoken form: 10,000 words, in long ones."""
    words = report.alignment.words if report and same_words(report, spoken) else ()
    return believable(spoken, take.marks, words, take.duration_s), bool(words)


def same_words(report: QaReport, spoken: SpokenForm) -> bool:
    """Whether a report is on a take of this very spoken form: a pronunciation may have changed it since."""
    heard = [(word.text, word.source_start) for word in report.alignment.words]
    return heard == [(word.text, word.start) for word in spoken.words]


def _within(chunk: Chunk, stretch: tuple[int, int]) -> bool:
    return stretch[0] <= chunk.first < stretch[1]


def _cause(
    stretch: tuple[int, int], report: QaReport | None, spoken: SpokenForm, marks: tuple[Mark, ...]
) -> Finding | None:
    """What was wrong there before; with words, if there were any: they say more than the silence in their place."""
    found = [
        finding
        for finding in (report.findings if report else ())
        if is_bad_place(finding) and utterances_of(finding, spoken, marks) & set(range(*stretch))
    ]
    return max(found, key=lambda finding: bool(finding.script or finding.said), default=None)


def as_spoken(settings: Settings, take: Take) -> Settings:
    """Settings by which sentences fit into a take: whatever voice the project has by now, they are in its own."""
    if VoiceRef.parse(take.voice).provider == BUILTIN:
        return settings.with_values({"voice": take.voice})
    return settings.with_values({"voice": take.voice, "model": take.model})


async def _price(work: Work, take: Take, spoken: SpokenForm, mending: Mending) -> tuple[SpeechPlan, Price]:
    """How it would be spoken, and the upper bound of the price; what was bought before costs nothing."""
    settings = work.settings if is_everything(mending, spoken) else as_spoken(work.settings, take)
    episode = replace(work.episode, mending=to_text(mending))
    planned = await speaking.plan(work.rooms, episode, spoken, settings, keep=False)
    ledger = work.rooms.ledger
    used = await ledger.used_credits(month_start(work.rooms.clock.now()))
    charged = cost = 0
    for chunk in planned.chunks:
        if planned.voice.seller is None or await ledger.bought(chunk.key):
            continue
        price = planned.voice.price(chunk.characters, used + charged)
        charged += price.credits
        cost += price.micro
    return planned, Price(charged, cost)


async def _in_the_way(work: Work, take: Take, spoken: SpokenForm, mending: Mending) -> str:
    """Why it cannot be paid, as a sentence; empty where it can, if what other calls hold comes free."""
    planned, price = await _price(work, take, spoken, mending)
    kept = limits(work.settings, work.rooms.clock.now(), work.buyer.balance(planned.voice.seller))
    for use in await work.rooms.ledger.budgets(work.project.id, work.episode.id, kept):
        need = price.credits if use.scope is Scope.CREDITS else price.micro
        if need and use.settled + need > use.limit:
            what = f"{price.credits:,} credits" if use.scope is Scope.CREDITS else f"${bound_usd(price.micro):,.2f}"
            return f"It takes up to {what}; {sentence(use)} leaves less."
    return ""
