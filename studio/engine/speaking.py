"""The stage that gets an episode spoken: planned, bought or found chunk by chunk, and made one take."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any, TypeVar

from studio.domain.episode import Episode
from studio.domain.mending import Mending, from_text, is_everything
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk, Terms, plan_speech, plan_stretch
from studio.domain.spoken import SpokenForm
from studio.domain.take import Speech, Take
from studio.domain.voice import SpeechSettings
from studio.engine.buying import Buyer, Want
from studio.engine.jobs import Piece, ProofJob
from studio.engine.ports import Report, SpokenForms, unfollowed
from studio.engine.pronouncing import pronunciations
from studio.engine.rooms import Rooms
from studio.engine.trade import Voice

T = TypeVar("T")

MOST_AFTER = 3  # request ids that a vendor takes for continuity


@dataclass(frozen=True, slots=True)
class SpeechPlan:
    """How take `number` of an episode is to be spoken."""

    number: int
    voice: Voice
    how: SpeechSettings
    terms: Terms
    chunks: tuple[Chunk, ...]
    in_turn: bool  # each chunk is told of the calls before it

    @property
    def characters(self) -> int:
        """Characters that are sent in all."""
        return sum(chunk.characters for chunk in self.chunks)


async def spoken_form(rooms: Rooms, script: Script, settings: Settings, report: Report) -> SpokenForm:
    """What the voice will be asked to say."""
    return await spoken_by(rooms, script, settings, await pronunciations(rooms, settings), report)


async def spoken_by(
    rooms: Rooms, script: Script, settings: Settings, listed: Mapping[str, str], report: Report
) -> SpokenForm:
    """The same by a list of pronunciations; that of the settings goes before it."""
    return await rooms.compute.run(_form, report, rooms.spoken_form, script, settings, listed)


def _form(
    _report: Report, form: SpokenForms, script: Script, settings: Settings, pronunciations: Mapping[str, str]
) -> SpokenForm:
    return form(script, settings, pronunciations)


async def plan(rooms: Rooms, episode: Episode, spoken: SpokenForm, settings: Settings, *, keep: bool) -> SpeechPlan:
    """The plan of the next take, or of those stretches alone that are to be mended. Each take has a seed of its own.

    Terms that it was planned under before are used again; `keep` stores new ones. Raises `VoiceError` where the voice
    cannot be had.
    """
    voice = rooms.voices.voice(settings)
    number = episode.takes + 1
    how = settings.speech(voice.model, number)
    if voice.seller is None:
        terms = await voice.terms(settings)
    else:
        inputs = await asyncio.to_thread(_inputs, spoken, how, settings)
        known = await rooms.projects.terms(episode.id, number, inputs) if episode.id > 0 else None
        terms = known or await voice.terms(settings)
        if keep and known is None:
            await rooms.projects.keep_terms(episode.id, number, inputs, terms)
    terms = replace(terms, context=terms.context and settings.continuity != "none")
    mending = from_text(episode.mending)
    if is_everything(mending, spoken):
        mending = ()
    chunks = await asyncio.to_thread(_chunks, spoken, mending, how, terms)
    # A vendor knows its calls for hours only, and not whose sound lies around a stretch: its context is the text.
    in_turn = terms.context and settings.continuity == "requests" and not mending
    return SpeechPlan(number, voice, how, terms, chunks, in_turn)


def _chunks(spoken: SpokenForm, mending: Mending, how: SpeechSettings, terms: Terms) -> tuple[Chunk, ...]:
    if mending:
        return tuple(chunk for stretch in mending for chunk in plan_stretch(spoken, *stretch, how, terms))
    return plan_speech(spoken, how, terms)


async def take(
    rooms: Rooms, buyer: Buyer, planned: SpeechPlan, want: Callable[[Chunk, Report], Want], report: Report
) -> Take:
    """Get every chunk and make them one take. `want` makes the order for a chunk."""
    pieces = await bought(buyer, planned, want, report)
    speech = pieces[0]
    if len(pieces) > 1:
        speech = await joined(rooms, planned.chunks, pieces)
        if not all(piece.marks for piece in pieces):
            speech = replace(speech, marks=())
    how = planned.how
    return Take(
        planned.number, str(how.voice), planned.voice.model, how.seed, speech.audio, speech.marks, speech.duration_s
    )


async def bought(
    buyer: Buyer, planned: SpeechPlan, want: Callable[[Chunk, Report], Want], report: Report
) -> list[Speech]:
    """Every chunk of a plan. They are had side by side, but in turn where each is told of the calls before it."""
    chunks, total = planned.chunks, planned.characters
    done = [0.0] * len(chunks)

    def reporter(index: int) -> Report:
        def advanced(fraction: float) -> None:
            done[index] = fraction * chunks[index].characters
            report(sum(done) / total)

        return advanced

    wants = [want(chunk, reporter(index)) for index, chunk in enumerate(chunks)]
    if not planned.in_turn:
        return await _all([buyer.speech(each) for each in wants])
    pieces: list[Speech] = []
    for each in wants:
        ids = tuple(piece.request_id for piece in pieces[-MOST_AFTER:] if piece.request_id)
        pieces.append(await buyer.speech(replace(each, after=ids)))
    return pieces


async def joined(rooms: Rooms, chunks: Sequence[Chunk], pieces: Sequence[Speech]) -> Speech:
    """Chunks that follow one another as one sound; where the voice gave no marks, they are estimated."""
    if len(pieces) == 1:
        return replace(pieces[0], marks=await _marked(rooms, chunks[0], pieces[0]))
    parts = [
        Piece(
            rooms.artifacts.path(piece.audio),
            await _marked(rooms, chunk, piece),
            chunk.utterances[-1].pause_after_s,
        )
        for chunk, piece in zip(chunks, pieces, strict=True)
    ]
    out = rooms.artifacts.scratch(".flac")
    whole = await rooms.attendant.run(rooms.join, unfollowed, parts, out)
    return Speech(await rooms.artifacts.keep(out), whole.marks, whole.duration_s)


async def _all(works: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Side by side. The first failure ends the others that can still be ended, and is raised when they have."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def _marked(rooms: Rooms, chunk: Chunk, piece: Speech) -> tuple[Mark, ...]:
    """The marks of a chunk, or estimates by the lengths of its utterances and the silences of its sound."""
    if piece.marks:
        return piece.marks
    job = ProofJob(rooms.artifacts.path(piece.audio), chunk.utterances, chunk.first, 0.0, piece.duration_s + 1)
    proof = await rooms.attendant.run(rooms.prove, unfollowed, job)
    return proof.marks


def _inputs(spoken: SpokenForm, how: SpeechSettings, settings: Settings) -> str:
    """A hash over everything that the terms are chosen for."""
    content = [
        [[utterance.text, utterance.pause_after_s, *map(astuple, utterance.marks)] for utterance in spoken.utterances],
        asdict(how),
        settings.speech_format,
        settings.sentence_pause_s,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
