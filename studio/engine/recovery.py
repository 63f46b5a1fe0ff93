"""Calls of which it is not known what came of them: found on the disk, in the vendor's history, or held for a person.

A call is never made again blindly. While the history may still come to show it (the vendor works on after a connection
is lost), it is searched again and again; what it does not show then is held, unless the user's policy decides.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path
from typing import Final

from studio.domain.duration import SpeakingRate, first_guess, plausible
from studio.domain.errors import AudioError, BatchcastError
from studio.domain.money import AttemptState, usd
from studio.domain.purchase import CallError, Found, HistoryError, Receipt, UnclearError
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.take import Speech
from studio.engine.budget import month_start
from studio.engine.jobs import Proof, ProofJob
from studio.engine.ports import unfollowed
from studio.engine.rooms import Rooms
from studio.engine.trade import Ask, Voice

logger = logging.getLogger(__name__)

# Seconds between two looks into the history: it is seconds late for a call that was answered, and as late as the sound
# takes to be made for one that was cut.
_LOOKS_S: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
_THEN_EVERY_S: Final = 30.0
_MORE_LOOKS: Final = 4  # when patience is at its end, and the history cannot be read just then
_PATIENCE_S: Final = 60.0
_PATIENCE_S_PER_CHARACTER: Final = 0.01  # a vendor makes 100 characters a second at least

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What came of it: the sound, or None where the call is known to have brought none, and may be made again."""

    speech: Speech | None
    error: str = ""
    spoilt: bool = False  # it was paid for, and brought nothing usable


class Recovery:
    """Clears attempts up."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._pricing = asyncio.Lock()  # one at a time: each credit has its own place in the month's volume

    def voice_of(self, ask: Ask) -> Voice:
        """The voice that an attempt had asked. Raises `VoiceError` when it cannot be had any more."""
        settings = Settings().with_values({"voice": str(ask.settings.voice), "model": ask.settings.model})
        return self._rooms.voices.voice(settings)

    async def clear(
        self,
        ask: Ask,
        voice: Voice,
        say: Say,
        *,
        policy_min: float = 0.0,
        patience_s: float | None = None,
        rate: SpeakingRate | None = None,
    ) -> Cleared:
        """Find out what came of an attempt that is not over.

        With `policy_min` minutes given, a call that the history has not shown for so long counts as not charged; else
        `UnclearError` says that a person must decide. The attempt stays held then. `patience_s` is how long the history
        may be late, as long as the sound takes to be made where it is left out.
        """
        if ask.attempt.state is AttemptState.INTENT:
            await self._rooms.ledger.fail(ask.attempt.id, "it was never sent")
            return Cleared(None)
        if ask.attempt.state is AttemptState.STORED:
            return Cleared(await self._settle_stored(ask, voice))
        if ask.attempt.state is AttemptState.RECEIVED:
            speech = await self._from_disk(ask, voice, rate)
            if speech is not None:
                return Cleared(speech)
        if policy_min:
            patience_s = policy_min * 60
        elif patience_s is None:
            patience_s = _PATIENCE_S + _PATIENCE_S_PER_CHARACTER * ask.chunk.characters
        found, trouble = await self._search(ask, voice, say, patience_s)
        if found is not None:
            return await self._from_found(ask, voice, found, rate)
        if policy_min and trouble is None:
            return await self._count_as_not_charged(ask, voice)
        raise _unclear(ask, trouble)

    async def keep(
        self, ask: Ask, voice: Voice, marks: tuple[Mark, ...], receipt: Receipt, rate: SpeakingRate | None
    ) -> Speech:
        """Prove a body that lies whole under `Artifacts.incoming`, put it in its place and settle.

        Raises `AudioError` for a body that is not the sound; the attempt is left as it is then.
        """
        rooms, attempt = self._rooms, ask.attempt
        path = self._path(ask)
        proof = await self._prove(ask, marks, rate)
        audio = await rooms.artifacts.keep_bought(path)
        # Estimated marks drift on long texts. Without any, places are taken from the words when they are heard.
        marks = proof.marks if proof.exact else ()
        speech = Speech(audio, marks, proof.duration_s, receipt.request_id)
        await rooms.ledger.stored(attempt.id, speech)
        await self._settle(ask, voice, receipt)
        await rooms.artifacts.drop(path)
        return speech

    async def _prove(self, ask: Ask, marks: tuple[Mark, ...], rate: SpeakingRate | None) -> Proof:
        chunk = ask.chunk
        rate = rate or first_guess(str(ask.settings.voice), ask.settings.speed)
        shortest_s, longest_s = plausible(rate, chunk.utterances)
        path = self._path(ask)
        job = ProofJob(path, chunk.utterances, chunk.first, shortest_s, longest_s, marks)
        return await self._rooms.attendant.run(self._rooms.prove, unfollowed, job)

    async def _settle(self, ask: Ask, voice: Voice, receipt: Receipt) -> None:
        async with self._pricing:
            await self._rooms.ledger.settle(ask.attempt.id, receipt, await self._cost(ask, voice, receipt))

    async def _spoil(self, ask: Ask, voice: Voice, receipt: Receipt, error: str) -> None:
        async with self._pricing:
            cost_micro = await self._cost(ask, voice, receipt)
            await self._rooms.ledger.spoil(ask.attempt.id, receipt, cost_micro, error)

    async def _cost(self, ask: Ask, voice: Voice, receipt: Receipt) -> int:
        """What a charged call cost: by the vendor's word, or the bound where it gave none."""
        if receipt.credits is None:
            return ask.attempt.upper_bound_micro
        used = await self._rooms.ledger.used_credits(month_start(self._rooms.clock.now()))
        return voice.cost_micro(receipt.credits, used)

    async def _settle_stored(self, ask: Ask, voice: Voice) -> Speech | None:
        await self._settle(ask, voice, _receipt(ask))
        await self._rooms.artifacts.drop(self._path(ask))
        return await self._rooms.ledger.bought(ask.attempt.key)

    async def _from_disk(self, ask: Ask, voice: Voice, rate: SpeakingRate | None) -> Speech | None:
        path = self._path(ask)
        receipt = _receipt(ask)
        try:
            return await self.keep(ask, voice, (), receipt, rate)
        except AudioError as error:
            await self._rooms.ledger.unclear(ask.attempt.id, str(error), receipt)
            await self._rooms.artifacts.drop(path)
            return None

    async def _search(
        self, ask: Ask, voice: Voice, say: Say, patience_s: float
    ) -> tuple[Found | None, HistoryError | None]:
        """Until it is found, or patience ends; with what kept the last look from seeing anything."""
        clock = self._rooms.clock
        began = clock.monotonic()
        more = _MORE_LOOKS
        for pause_s in chain(_LOOKS_S, repeat(_THEN_EVERY_S)):
            left_s = patience_s - (clock.monotonic() - began)
            # The last look is made when all patience is used up, so that a policy never decides on an old answer.
            await clock.sleep(min(pause_s, left_s) if left_s > 0 else pause_s)
            say("searches the vendor's history")
            trouble = None
            try:
                found = await self._find(ask, voice)
            except HistoryError as error:
                found, trouble = None, error
            if found is not None or (trouble and trouble.forbidden):
                return found, trouble
            if pause_s >= left_s:
                if trouble is None or not more:
                    return None, trouble
                more -= 1  # that was no answer
        raise AssertionError("the pauses have no end")

    async def _find(self, ask: Ask, voice: Voice) -> Found | None:
        claimed = await self._rooms.ledger.claimed()
        own = {ask.attempt.request_id, ask.attempt.history_id}  # it may have got so far as to be given a name
        return await voice.find(
            ask.chunk, ask.settings, ask.terms, ask.attempt.sent_at or ask.attempt.created_at, claimed - own
        )

    async def _from_found(self, ask: Ask, voice: Voice, found: Found, rate: SpeakingRate | None) -> Cleared:
        """It was charged: fetch what was paid for. If that is not the sound either, its cost stands all the same."""
        rooms = self._rooms
        known = _receipt(ask)
        receipt = replace(
            found.receipt,
            request_id=found.receipt.request_id or known.request_id,
            credits=known.credits if found.receipt.credits is None else found.receipt.credits,
        )
        path = self._path(ask)
        try:
            await self._fetch(ask, voice, found)
        except CallError as error:
            raise UnclearError(
                f"{_what(ask)} is in the vendor's history, but its sound could not be fetched. {error.message}",
                "Start again: it is fetched then, at no cost.",
            ) from error
        await rooms.artifacts.received(path)
        await rooms.ledger.received(ask.attempt.id, receipt)
        try:
            return Cleared(await self.keep(ask, voice, (), receipt, rate))
        except AudioError as error:
            await self._spoil(ask, voice, receipt, str(error))
            await rooms.artifacts.drop(path)
            return Cleared(None, str(error), spoilt=True)

    async def _fetch(self, ask: Ask, voice: Voice, found: Found) -> None:
        """With a few tries: fetching is free."""
        path = self._path(ask)
        # A new file: a copy of the program that has lost the library may still be writing into the old one.
        await self._rooms.artifacts.drop(path)
        for pause_s in (1.0, 4.0, 15.0, 30.0, None):
            try:
                await voice.fetch(found, ask.terms, path, unfollowed)
                return
            except CallError:
                if pause_s is None:
                    raise
                await self._rooms.clock.sleep(pause_s)

    async def _count_as_not_charged(self, ask: Ask, voice: Voice) -> Cleared:
        known = _receipt(ask)
        error = "The vendor's history does not show it."
        if known.credits:
            # Its own answer said that it was charged: the sound is lost, its cost is not a matter of opinion.
            await self._spoil(ask, voice, known, error)
        else:
            await self._rooms.ledger.fail(ask.attempt.id, error)
        await self._rooms.artifacts.drop(self._path(ask))
        return Cleared(None, error, spoilt=bool(known.credits))

    def _path(self, ask: Ask) -> Path:
        return self._rooms.artifacts.incoming(ask.attempt.id, suffix_of(ask.terms.audio_format))


def suffix_of(audio_format: str) -> str:
    """The ending of a file in that format, with the dot."""
    return f".{audio_format.partition('_')[0]}"


def _receipt(ask: Ask) -> Receipt:
    attempt = ask.attempt
    return Receipt(attempt.request_id, attempt.history_id, attempt.credits)


def _unclear(ask: Ask, trouble: HistoryError | None) -> BatchcastError:
    why = "the vendor's history does not show it" if trouble is None else trouble.message
    cure = "" if trouble is None else f"{trouble.remedy} "
    return UnclearError(
        f"{_what(ask)} may have been charged (${usd(ask.attempt.reserved_micro):.2f} are held), but {why.rstrip('.')}.",
        f"{cure}Look again later, or buy it again: that counts what is held as spent.",
    )


def _what(ask: Ask) -> str:
    at = (ask.attempt.sent_at or ask.attempt.created_at)[:16].replace("T", " ")
    return f"The call of {at} UTC ({ask.attempt.characters:,} characters)"
