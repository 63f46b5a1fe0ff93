"""A voice of ElevenLabs. What it costs, and what came of a call, is told so that no second of it is paid twice."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from studio.domain.dialect import FEW_BREAKS, Dialect
from studio.domain.errors import VoiceError
from studio.domain.money import Price
from studio.domain.purchase import Delivery, Found
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import SpeechSettings
from studio.engine.ports import Lane, Report
from studio.voices import elevenlabs_history as history
from studio.voices.elevenlabs_account import ElevenLabsAccount
from studio.voices.elevenlabs_errors import AnswerError
from studio.voices.elevenlabs_headers import identifier
from studio.voices.elevenlabs_order import check_dictionaries, order_of
from studio.voices.elevenlabs_sound import receive

AUTO: Final = "auto"
EVERYONES_FORMAT: Final = "mp3_44100_128"  # in every plan
_MORE_THAN_A_SENTENCE_S: Final = 0.01


class ElevenLabsVoice:
    """One voice with one model. Keeps the engine's `Voice` Protocol.

    Args:
        account: Whose voice it is; shared by all voices of a run.
        name: The voice's ID. Raises `VoiceError` for what cannot be one.
        model: Of ElevenLabs; the price book's default where empty.
    """

    lane = Lane.NETWORK

    def __init__(self, account: ElevenLabsAccount, name: str, model: str) -> None:
        if not identifier(name):
            raise VoiceError(f"“{name}” is not the ID of an ElevenLabs voice.", "Choose a voice from the list.")
        self.seller = account
        self.model = model.strip() or account.prices.default_model
        self.slots = account.prices.model(self.model).slots
        self._name = name
        self._client = account.client

    async def terms(self, settings: Settings) -> Terms:
        """How it takes text at present. Asks the vendor once; goes by the price book where it does not answer."""
        book = self.seller.prices.model(self.model)
        listed = await self.seller.known_model(self.model)
        form = settings.speech_format
        if form == AUTO:
            plan = self.seller.prices.plans.get(await self.seller.known_plan())
            form = plan.best_format if plan else EVERYONES_FORMAT
        return Terms(
            limit=(listed.limit if listed else None) or book.limit,
            audio_format=form,
            dialect=book.dialect,
            context=book.context,
            paragraph_from_s=settings.sentence_pause_s + _MORE_THAN_A_SENTENCE_S,
            dictionaries=await self._versions(settings),
            phonemes=book.phonemes,
            breaks=FEW_BREAKS if book.dialect is Dialect.BREAKS else None,
        )

    async def _versions(self, settings: Settings) -> tuple[str, ...]:
        """The dictionaries with their versions: a changed one must not pass for what was spoken by the old one."""
        manner = settings.speech(self.model).manner
        named = manner.dictionaries if manner else ()
        check_dictionaries(named)
        return tuple([name if ":" in name else await self.seller.with_version(name) for name in named])

    def price(self, characters: int, used_credits: int = 0, plan: str = "") -> Price:
        """Upper bound of one call, when `used_credits` were bought this month already.

        By the prices of the account's plan, or of the one that is given.
        """
        return self.seller.price(self.model, characters, used_credits, plan)

    def cost_micro(self, charged: int, used_credits: int = 0) -> int:
        """What `charged` credits cost, in micro-dollars."""
        return self.seller.cost_micro(self.model, charged, used_credits)

    async def speak(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, out: Path, report: Report, *, after: Sequence[str]
    ) -> Delivery:
        """Write the chunk's sound to `out`, with marks where the model and the format have them. Raises `CallError`."""
        sdk = await self._client.sdk()
        speech = sdk.text_to_speech.with_raw_response
        order = order_of(chunk, settings, terms, after)
        total_s = self._client.patience.speech(len(chunk.text))
        whole = terms.audio_format.startswith("wav")  # its header has the length: it is not streamed
        timed = not whole and settings.model not in self.seller.untimed
        while True:
            way: Any = speech.convert if whole else speech.stream_with_timestamps if timed else speech.stream
            # What is not streamed is silent until all of it is made.
            options = self._client.options(total_s if whole else None)
            answering = partial(way, self._name, **order, request_options=options)
            spoken = chunk if timed else None
            try:
                return await receive(self._client, answering, out, report, chunk=spoken, total_s=total_s)
            except AnswerError as refusal:  # what is asked again was free
                if timed and refusal.lacks_timestamps:
                    self.seller.untimed.add(settings.model)
                    timed = False
                elif "previous_request_ids" in order and refusal.rejects_request_ids:
                    del order["previous_request_ids"]
                else:
                    raise

    async def find(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, since: str, claimed: frozenset[str]
    ) -> Found | None:
        """This very call in the history, made since about `since` (UTC, ISO 8601), or None. Raises `HistoryError`."""
        return await history.find(self._client, history.Wanted(chunk, settings, terms, since, claimed))

    async def fetch(self, found: Found, terms: Terms, out: Path, report: Report) -> None:
        """Write the sound of a call that the history shows to `out`; free. Raises `CallError`."""
        await history.fetch(self._client, found, terms, out, report)
