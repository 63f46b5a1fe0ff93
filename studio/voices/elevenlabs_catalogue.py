"""What there is to choose from at ElevenLabs: voices with their samples, and models."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from studio.domain.purchase import CallError, Trouble
from studio.domain.voice import ELEVENLABS, ModelCard, VoiceCard, VoiceRef
from studio.voices.body_file import body_file
from studio.voices.elevenlabs_account import ElevenLabsAccount
from studio.voices.elevenlabs_client import BLOCK, ElevenLabsClient
from studio.voices.elevenlabs_errors import unreadable
from studio.voices.elevenlabs_headers import identifier

if TYPE_CHECKING:
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.core.request_options import RequestOptions

_PAGE: Final = 100  # the most that the service takes
_MOST_PAGES: Final = 100
_MOST_BYTES: Final = 20_000_000  # of a sample; the real ones have some 200,000
_TOLD: Final = ("gender", "age", "accent", "use_case", "descriptive", "language")  # of the labels


async def voice_cards(client: ElevenLabsClient) -> Sequence[VoiceCard]:
    """Every voice of the account. Raises `CallError`."""
    cards: dict[str, VoiceCard] = {}
    token: str | None = None
    for _ in range(_MOST_PAGES):
        page = await client.read(partial(_page, token))
        voices = getattr(page, "voices", None)
        if not isinstance(voices, list):
            raise unreadable()
        for voice in voices:
            if identifier(getattr(voice, "voice_id", None)):
                cards[voice.voice_id] = _card(voice)
        following = getattr(page, "next_page_token", None)
        if not getattr(page, "has_more", False) or not following or following == token:
            break
        token = following
    return tuple(cards.values())


async def model_cards(account: ElevenLabsAccount) -> Sequence[ModelCard]:
    """The account's models that speak, the one with the longest texts first. Raises `CallError`."""
    await account.known_plan()
    cards = []
    for model in (await account.models()).values():
        if model.speaks:
            limit = model.limit or account.prices.model(model.id).limit
            cards.append(ModelCard(model.id, model.name, limit, account.price(model.id, 1000).micro))
    return sorted(cards, key=lambda card: (-card.limit, card.micro_per_1000, card.id))


async def sample(client: ElevenLabsClient, card: VoiceCard, out: Path) -> None:
    """Write the sample of a voice to `out`. The key is not sent: samples lie elsewhere. Raises `CallError`."""
    import httpx

    if not card.sample_url.startswith(("https://", "http://")):
        raise CallError(Trouble.REFUSED, f"There is no sample of {card.name}.", "Try the voice on a short script.")
    problem = ""
    async with await client.stranger() as stranger, body_file(out) as body:
        try:
            async with asyncio.timeout(client.patience.read_s), stranger.stream("GET", card.sample_url) as answer:
                if not answer.is_success:
                    problem = f"HTTP {answer.status_code}"
                else:
                    async for part in answer.aiter_bytes(BLOCK):
                        await body.write(part)
                        if body.size > _MOST_BYTES:
                            problem = "it is too large"
                            break
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            problem = type(error).__name__
    if not problem and not body.size:
        problem = "it is empty"
    if problem:
        message = f"The sample of {card.name} could not be fetched ({problem})."
        raise CallError(Trouble.OFFLINE, message, "Look at the network connection and try again.")


async def _page(token: str | None, sdk: "AsyncElevenLabs", options: "RequestOptions") -> Any:
    return await sdk.voices.search(
        next_page_token=token, page_size=_PAGE, include_total_count=False, request_options=options
    )


def _card(voice: Any) -> VoiceCard:
    labels = getattr(voice, "labels", None) or {}
    told = [str(labels[name]).replace("_", " ") for name in _TOLD if isinstance(labels, dict) and labels.get(name)]
    about = ", ".join(told)
    category = getattr(voice, "category", None)
    if isinstance(category, str) and category != "premade":
        about = f"{about} ({category})" if about else category
    url = getattr(voice, "preview_url", None)
    name = getattr(voice, "name", None)
    return VoiceCard(
        ref=str(VoiceRef(ELEVENLABS, voice.voice_id)),
        name=name if isinstance(name, str) and name else voice.voice_id,
        about=about or str(getattr(voice, "description", None) or ""),
        sample_url=url if isinstance(url, str) else "",
    )
