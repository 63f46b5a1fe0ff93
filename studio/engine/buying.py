"""One chunk's sound, from the intent to the file that is kept: nothing is paid twice, nothing paid is lost.

Whatever two episodes want under one key is bought once. A call that has left is brought to its end even when nobody
waits for it any more: it is paid for.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from studio.domain.budget import Limits
from studio.domain.duration import SpeakingRate
from studio.domain.errors import AudioError, BatchcastError, BudgetError, DiskFullError, StoreError, what_happened
from studio.domain.money import FREE
from studio.domain.project import Project
from studio.domain.purchase import STOPPING, CallError, PurchasesStoppedError, Receipt, Trouble
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.take import Speech
from studio.domain.voice import SpeechSettings
from studio.engine.budget import Balance, BudgetWatch, limits, month_start
from studio.engine.events import Doing, Events
from studio.engine.line import KeptPlace
from studio.engine.ports import Report
from studio.engine.recovery import Cleared, Recovery, suffix_of
from studio.engine.rooms import Rooms
from studio.engine.shops import Shop, Shops
from studio.engine.trade import Ask, Purchase, Seller, Voice
from studio.engine.under_way import UnderWay

logger = logging.getLogger(__name__)

MOST_TRIES: Final = 10  # of one chunk in one run, calls that were refused for want of a slot not counted
MOST_SPOILT: Final = 3  # paid bodies that were not the sound, before a person must look
PATIENCE_OLD_S: Final = 15.0  # with calls of an earlier run: the history should know them by now

# Upper bound, for the check of free space before anything is bought.
SPEECH_BYTES_PER_CHARACTER: Final = 4_000  # 24 kHz 16 bit at 14 characters a second, uncompressed, with a margin


@dataclass(frozen=True, slots=True)
class Want:
    """A chunk that an episode wants spoken. `after` are the request ids of the chunks before it, newest last."""

    project: Project
    episode_id: int
    settings: Settings
    voice: Voice
    how: SpeechSettings
    terms: Terms
    chunk: Chunk
    rate: SpeakingRate
    report: Report = field(compare=False)
    overrides: str = ""  # the episode's own settings, as they stand in its row
    after: tuple[str, ...] = ()


class Buyer:
    """Gets sounds: from what was bought, from the built-in voice, from a vendor."""

    def __init__(self, rooms: Rooms, shops: Shops, events: Events) -> None:
        self._rooms = rooms
        self._shops = shops
        self._events = events
        self._recovery = Recovery(rooms)
        self._watch = BudgetWatch(rooms.ledger, rooms.books, rooms.clock, events)
        self._holding = shops.holding
        self._under_way: UnderWay[Speech | None] = UnderWay(shops.holding, "a purchase")

    async def speech(self, want: Want) -> Speech:
        """The sound of a chunk, its marks tied to the chunk's utterances.

        Raises `BudgetError`, `PurchasesStoppedError`, `UnclearError` or `DiskFullError` where the episode has to wait,
        `CallError` or another `BatchcastError` where the voice failed.
        """
        seller = want.voice.seller
        if seller is None:
            before = await self._before(want)
            return before or await self._speak_free(want)
        # Another episode may be buying the same, or an earlier run's call be in the course of being cleared up.
        return _there(
            await self._under_way.outcome(
                want.chunk.key,
                lambda: self._before(want),
                lambda: self._buy(want, seller),
                lambda text: self._say(want, text),
            )
        )

    def balance(self, seller: Seller | None) -> Balance:
        """What the account at a seller had left when it was asked last."""
        return self._shops.of(seller).balance if seller else Balance()

    async def recover(self) -> Sequence[asyncio.Task[Speech | None]]:
        """Clear up what an earlier run left, in the background; what stays unclear is held and can be listed.

        Returns the searches; one that ends with a speech has found it.
        """
        for ask in await self._rooms.ledger.asks():
            self.look_again(ask)
        return self._under_way.tasks

    def busy_with(self, key: str) -> bool:
        """Whether a purchase under this key is under way, or being cleared up."""
        return key in self._under_way

    def look_again(self, ask: Ask) -> None:
        """Search for one call of an earlier run, in the background; `idle` waits for it."""
        key = ask.attempt.key
        if key not in self._under_way:
            _ = self._under_way.begin(key, self._clear_old(ask))

    async def idle(self) -> None:
        """Wait until nothing is bought and nothing is searched for."""
        await self._under_way.idle()

    async def close(self) -> None:
        """End what has not left; give what is in flight a moment, since it is paid for."""
        await self._under_way.close()

    # Getting there

    async def _before(self, want: Want) -> Speech | None:
        before = await self._rooms.ledger.bought(want.chunk.key)
        if before is None:
            return None
        await self._rooms.ledger.reuse(self._purchase(want, None))
        # A vendor forgets its request ids within hours: those of earlier calls are not handed on.
        return replace(_tied(before, want.chunk), request_id="")

    async def _speak_free(self, want: Want) -> Speech:
        """By a voice that costs nothing: its marks are exact and its file is whole."""
        rooms = self._rooms
        await rooms.artifacts.ensure_room(want.chunk.characters * SPEECH_BYTES_PER_CHARACTER)
        attempt = await rooms.ledger.reserve(self._purchase(want, None))
        out = rooms.artifacts.scratch(suffix_of(want.terms.audio_format))
        try:
            delivery = await want.voice.speak(want.chunk, want.how, want.terms, out, want.report, after=())
            audio = await rooms.artifacts.keep(out)
        except BaseException as error:
            # Also when cancelled: an open intent must never be left behind.
            await asyncio.shield(rooms.ledger.fail(attempt, what_happened(error)))
            raise
        last = delivery.marks[-1].end_s + want.chunk.utterances[-1].pause_after_s
        speech = Speech(audio, delivery.marks, last)
        await rooms.ledger.stored(attempt, speech)
        await rooms.ledger.settle(attempt, Receipt(), 0)
        return speech

    def _purchase(self, want: Want, shop: Shop | None, used_credits: int = 0) -> Purchase:
        purchase = Purchase(want.project.id, want.episode_id, want.chunk, want.how, want.terms, FREE)
        if want.voice.seller is not None:
            purchase = replace(purchase, price=want.voice.price(want.chunk.characters, used_credits))
        if shop is not None:
            purchase = replace(purchase, limits=self._limits(want, shop))
        return purchase

    def _limits(self, want: Want, shop: Shop) -> Limits:
        """By the budgets of now: a person may have changed them since the episode's stage began."""
        settings = self._shops.as_it_stands(want.project).settings.merged(want.overrides)
        return limits(settings, self._rooms.clock.now(), shop.balance)

    # Buying

    async def _buy(self, want: Want, seller: Seller) -> Speech:
        shop, line = self._shops.of(seller), KeptPlace()
        tries = spoilt = 0
        failure: CallError | None = None
        while True:
            await shop.enter()
            ask = await self._rooms.ledger.open_under(want.chunk.key)
            if ask is None:
                attempt = await self._reserve(want, shop)
                try:
                    return await self._call(want, shop, attempt, line)
                except CallError as error:
                    failure = error
                    ask = await self._after(want, shop, error)
                if ask is None:
                    self._holding.let_go(want.chunk.key)
                if failure.trouble is Trouble.SLOTS:
                    continue
                tries += 1
                if ask is None:
                    if failure.trouble is Trouble.REFUSED or tries >= MOST_TRIES:
                        raise failure
                    self._say(want, f"try {tries + 1} follows: {failure.message}")
                    await shop.governor.back_off(tries, failure)
                    continue
            cleared = await self._clear(want, ask)
            if cleared.speech is not None:
                return _tied(cleared.speech, want.chunk)
            spoilt += cleared.spoilt
            if spoilt >= MOST_SPOILT:
                raise AudioError(
                    f"{MOST_SPOILT} paid answers in a row were not the sound of the text. {cleared.error}",
                    "Try another voice, model or seed; what was paid for them stands in the costs.",
                )
            if failure is not None and tries >= MOST_TRIES:
                raise failure

    async def _reserve(self, want: Want, shop: Shop) -> int:
        """Hold the money. Where others hold what is missing, wait: what they do not use comes free."""
        rooms = self._rooms
        await rooms.artifacts.ensure_room(want.chunk.characters * SPEECH_BYTES_PER_CHARACTER)

        async def reserve() -> int:
            used = await rooms.ledger.used_credits(month_start(rooms.clock.now()))
            return await rooms.ledger.reserve(self._purchase(want, shop, used))

        return await self._holding.reserve(want.chunk.key, reserve, lambda text: self._say(want, text))

    async def _call(self, want: Want, shop: Shop, attempt: int, line: KeptPlace) -> Speech:
        """Make the call and keep its sound. Whatever ends it, the attempt does not stay open without a reason."""
        ledger, voice, artifacts = self._rooms.ledger, want.voice, self._rooms.artifacts
        path = artifacts.incoming(attempt, suffix_of(want.terms.audio_format))
        receipt, on_disk = Receipt(), False
        try:
            await self._watch.look(self._shops.as_it_stands(want.project), shop.balance)
            waiting = shop.governor.turn(voice.slots, lambda text: self._say(want, text), place=line.place)
            async with waiting as turn:
                line.place = turn.place
                try:
                    await ledger.sent(attempt, self._limits(want, shop))
                except BudgetError:  # lowered since
                    turn.unused()
                    raise
                self._under_way.leaves(want.chunk.key)
                self._say(want, "")
                delivery = await voice.speak(want.chunk, want.how, want.terms, path, want.report, after=want.after)
            receipt = delivery.receipt
            await artifacts.received(path)
            await ledger.received(attempt, receipt)
            on_disk = True
            self._say(want, "proves the sound")
            ask = await self._ask(want)
            try:
                speech = await self._recovery.keep(ask, voice, delivery.marks, receipt, want.rate)
            except AudioError as error:
                spoilt = CallError(Trouble.SPOILT, error.message, error.remedy, receipt=receipt)
                turn.failed(spoilt)
                raise spoilt from error
            turn.answered(receipt.slots)
            await self._watch.look(self._shops.as_it_stands(want.project), shop.balance)
            return speech
        except BaseException as error:
            if not on_disk or isinstance(error, CallError):
                await asyncio.shield(self._close_attempt(want, attempt, error, receipt))
            # Else the sound is safe: whoever wants it next finishes what was left undone.
            raise

    async def _close_attempt(self, want: Want, attempt: int, error: BaseException, receipt: Receipt) -> None:
        ledger = self._rooms.ledger
        why = what_happened(error)
        left = self._under_way.has_left(want.chunk.key)
        if isinstance(error, CallError):
            left, receipt = error.maybe_charged, error.receipt
        if isinstance(error, StoreError):
            return  # the ledger itself cannot be written: the next start finds the attempt as it is
        with suppress(StoreError, DiskFullError):
            if left:
                await ledger.unclear(attempt, why, receipt)
            else:
                await ledger.fail(attempt, why)
        if not left:
            await self._rooms.artifacts.drop(
                self._rooms.artifacts.incoming(attempt, suffix_of(want.terms.audio_format))
            )

    async def _after(self, want: Want, shop: Shop, error: CallError) -> Ask | None:
        """What a failed call means for the others. Returns the attempt if it may have been charged."""
        self._under_way.failed(want.chunk.key)
        if error.trouble in STOPPING:
            shop.ask_again()
            raise PurchasesStoppedError(error.message, error.remedy) from error
        return await self._rooms.ledger.open_under(want.chunk.key) if error.maybe_charged else None

    async def _ask(self, want: Want) -> Ask:
        ask = await self._rooms.ledger.open_under(want.chunk.key)
        if ask is None:
            raise LookupError(f"the attempt under {want.chunk.key[:12]} is gone")
        return ask

    async def _clear(self, want: Want, ask: Ask) -> Cleared:
        """With the money still held; while this waits, others may hope for it."""
        self._holding.hold(want.chunk.key)
        cleared = await self._recovery.clear(
            ask,
            want.voice,
            lambda text: self._say(want, text),
            policy_min=want.settings.unclear_after_min,
            rate=want.rate,
        )
        self._holding.let_go(want.chunk.key)
        return cleared

    async def _clear_old(self, ask: Ask) -> Speech | None:
        recovery = self._recovery
        self._holding.hold(ask.attempt.key)  # until the task ends
        try:
            return (await recovery.clear(ask, recovery.voice_of(ask), _quiet, patience_s=PATIENCE_OLD_S)).speech
        except BatchcastError as error:
            logger.info("attempt %d stays unclear: %s", ask.attempt.id, error)
            return None

    def _say(self, want: Want, text: str) -> None:
        self._events.say(Doing(want.episode_id, text))


def _tied(speech: Speech, chunk: Chunk) -> Speech:
    """With its marks on this chunk's utterances: the same text may have stood elsewhere in another script."""
    tied = tuple(
        replace(mark, utterance=number, source_start=utterance.start, source_end=utterance.end)
        for number, (mark, utterance) in enumerate(zip(speech.marks, chunk.utterances, strict=False), chunk.first)
    )
    return replace(speech, marks=tied)


def _there(speech: Speech | None) -> Speech:
    if speech is None:
        raise LookupError("a purchase ended without sound and without an error")
    return speech


def _quiet(_text: str) -> None:
    """Nobody waits for it."""
