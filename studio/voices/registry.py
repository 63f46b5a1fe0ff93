"""Finds a voice by its address, and tells which there are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.errors import VoiceError
from studio.domain.prices import PriceBook
from studio.domain.purchase import CallError, KeyAnswer, Trouble
from studio.domain.settings import Settings
from studio.domain.voice import BUILTIN, ELEVENLABS, ModelCard, VoiceCard, VoiceRef
from studio.engine.ports import Compute
from studio.engine.trade import Voice
from studio.voices import elevenlabs_catalogue as catalogue
from studio.voices.builtin import BuiltinVoice, voice_cards
from studio.voices.elevenlabs import ElevenLabsVoice
from studio.voices.elevenlabs_account import ElevenLabsAccount
from studio.voices.elevenlabs_client import ElevenLabsClient
from studio.voices.keys import VARIABLES, KeyStore

if TYPE_CHECKING:
    from studio.voices.elevenlabs_client import Patience


class Registry:
    """The voices of this installation. Keeps the engine's `Voices` Protocol.

    Args:
        compute: Where the built-in voice speaks.
        prices: What vendors cost where they do not tell themselves.
        keys: Where their keys are.
        base_url: Another server for ElevenLabs' voices, or None.
        patience: When to give up on ElevenLabs; generous where None.
    """

    def __init__(
        self,
        compute: Compute,
        prices: PriceBook,
        keys: KeyStore,
        base_url: str | None = None,
        patience: "Patience | None" = None,
    ) -> None:
        self.keys = keys
        self._compute = compute
        self._builtin: dict[str, BuiltinVoice] = {}  # made once: to know their names, files are read
        self._base_url = base_url
        self._client = ElevenLabsClient(keys, base_url, patience)
        self._account = ElevenLabsAccount(self._client, prices.providers[ELEVENLABS])

    def voice(self, settings: Settings) -> Voice:
        """The voice that `settings` names, without asking anybody. Raises `VoiceError` when there is none."""
        address = VoiceRef.parse(settings.voice)
        if address.provider == BUILTIN:
            if address.name not in self._builtin:
                self._builtin[address.name] = BuiltinVoice(self._compute, address.name)
            return self._builtin[address.name]
        if address.provider == ELEVENLABS:
            return ElevenLabsVoice(self._account, address.name, settings.model)
        raise _unknown(address.provider)

    async def cards(self, provider: str) -> Sequence[VoiceCard]:
        """The voices to choose from. Raises `CallError`."""
        if provider == BUILTIN:
            return voice_cards()
        if provider == ELEVENLABS:
            return await catalogue.voice_cards(self._client)
        raise _unknown(provider)

    async def models(self, provider: str) -> Sequence[ModelCard]:
        """The models to choose from; empty where there is no choice. Raises `CallError`."""
        if provider == BUILTIN:
            return ()
        if provider == ELEVENLABS:
            return await catalogue.model_cards(self._account)
        raise _unknown(provider)

    async def sample(self, card: VoiceCard, out: Path) -> None:
        """Write the sample of a voice to `out`. Raises `CallError`."""
        await catalogue.sample(self._client, card, out)

    async def test_key(self, provider: str, key: str = "") -> KeyAnswer:
        """What the vendor says of `key`, which is kept nowhere; of the one that is in use where it is empty.

        Raises `CallError` with the reason where it does not work, or nobody can be asked.
        """
        if provider != ELEVENLABS:
            raise _unknown(provider)
        if not key:
            return await self._account.answer()
        client = ElevenLabsClient(KeyStore({VARIABLES[provider]: key}), self._base_url, self._client.patience)
        account = ElevenLabsAccount(client, self._account.prices)
        try:
            return await account.answer()
        finally:
            await account.close()
            await client.close()

    async def close(self) -> None:
        """End every connection."""
        await self._account.close()
        await self._client.close()


def registry_from(environment: Mapping[str, str], compute: Compute, prices: PriceBook) -> Registry:
    """The voices as the environment (`os.environ`) would have them: a key, another server."""
    base_url = environment.get("ELEVENLABS_BASE_URL", "").strip() or None
    return Registry(compute, prices, KeyStore(environment), base_url)


def _unknown(provider: str) -> VoiceError:
    return CallError(Trouble.REFUSED, f"There is no voice provider “{provider}”.", "Use builtin:heart.")
