"""ElevenLabs' history: which calls were made and charged, and their sound once more, at no cost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from studio.domain.purchase import PASSING, CallError, Found, HistoryError, Receipt, Trouble
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import SpeechSettings
from studio.engine.ports import Report
from studio.voices.elevenlabs_client import ElevenLabsClient
from studio.voices.elevenlabs_errors import AnswerError, unreadable
from studio.voices.elevenlabs_headers import identifier
from studio.voices.elevenlabs_order import voice_settings
from studio.voices.elevenlabs_sound import receive

if TYPE_CHECKING:
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.core.request_options import RequestOptions

_DAY_S: Final = 86_400
_AGAIN_S: Final = (0.25, 1.0)  # before another try for a page
_PAGE: Final = 25  # items; each carries a whole text, of up to 40,000 characters
_LEAST: Final = 100  # items that are looked at whatever their dates say: clocks are wrong in more ways than one
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call to be found."""

    chunk: Chunk
    settings: SpeechSettings
    terms: Terms
    since: str
    claimed: frozenset[str]


async def find(client: ElevenLabsClient, wanted: Wanted) -> Found | None:
    """The call in the history, or None. Raises `HistoryError`.

    Of several that fit it is the one made closest to `wanted.since`, since the history does not show the seed. The
    clock of this machine and the vendor's may differ by days, so `since` bounds the search loosely: it goes on to a day
    before it, and to a day before the newest item.
    """
    try:
        return await _search(client, wanted)
    except CallError as error:
        forbidden = isinstance(error, AnswerError) and error.forbids
        failure = HistoryError(
            f"ElevenLabs' history cannot be read. {error.message}", error.remedy, forbidden=forbidden
        )
    raise failure


async def fetch(client: ElevenLabsClient, found: Found, terms: Terms, out: Path, report: Report) -> None:
    """Write the sound of a call that the history shows to `out`. Raises `CallError`."""
    item = identifier(found.receipt.history_id)
    if not item:
        raise CallError(Trouble.REFUSED, "The history does not name this call.", "Look again later.")
    sdk = await client.sdk()
    await receive(
        client,
        lambda: sdk.history.with_raw_response.get_audio(item, request_options=client.options()),
        out,
        report,
        chunk=None,
        total_s=client.patience.speech(terms.limit or 0),
    )


async def _search(client: ElevenLabsClient, wanted: Wanted) -> Found | None:
    since = _unix(wanted.since)
    horizon: float | None = None
    best: Found | None = None
    seen = 0
    async for item in _items(client, wanted.settings.voice.name):
        made = _whole(item, "date_unix") or 0
        horizon = min(since, made) - _DAY_S if horizon is None else horizon
        if best and since - made > abs(best.made_unix - since):
            return best  # from here on they only get older
        if made < horizon and seen >= _LEAST:
            return best
        if _fits(item, wanted):
            found = _found(item, made)
            best = min(best or found, found, key=lambda each: abs(each.made_unix - since))
        seen += 1
        if seen == _MOST:
            # Not None: that would say that the call is not there.
            raise CallError(
                Trouble.REFUSED,
                f"There are more than {_MOST:,} newer calls of this voice in it.",
                "Look for the call at elevenlabs.io, under History.",
            )
    return best


async def _items(client: ElevenLabsClient, voice: str) -> AsyncIterator[Any]:
    """All of one voice, newest first."""
    after: str | None = None
    while True:
        page = await _patiently(client, voice, after)
        items = getattr(page, "history", None)
        if not isinstance(items, list):
            raise unreadable()
        for item in items:
            yield item
        last = getattr(page, "last_history_item_id", None)
        if not getattr(page, "has_more", False) or not items or not isinstance(last, str) or last == after:
            return
        after = last


async def _patiently(client: ElevenLabsClient, voice: str, after: str | None) -> Any:
    """One page, with a few tries: a search through many pages is not begun anew for one that was not to be had."""
    for pause_s in (*_AGAIN_S, None):
        try:
            return await client.read(partial(_page, voice, after))
        except CallError as error:
            if pause_s is None or error.trouble not in PASSING:
                raise
            await asyncio.sleep(pause_s)
    raise AssertionError("the last try returns or raises")


async def _page(voice: str, after: str | None, sdk: "AsyncElevenLabs", options: "RequestOptions") -> Any:
    return await sdk.history.list(
        page_size=_PAGE,
        start_after_history_item_id=after,
        voice_id=voice,
        sort_direction="desc",
        request_options=options,
    )


def _fits(item: Any, wanted: Wanted) -> bool:
    """Whether it is this very call, by all that the history shows of it; what it leaves out does not count."""
    names = {getattr(item, "history_item_id", None), getattr(item, "request_id", None)}
    if names & wanted.claimed or not identifier(getattr(item, "history_item_id", None)):
        return False
    model, form = getattr(item, "model_id", None), getattr(item, "output_format", None)
    return (
        getattr(item, "text", None) == wanted.chunk.text
        and getattr(item, "voice_id", None) == wanted.settings.voice.name
        and model in {None, wanted.settings.model}
        and form in {None, wanted.terms.audio_format}
        and getattr(item, "state", None) in {None, "created"}
        and _same_settings(getattr(item, "settings", None), wanted.settings)
    )


def _same_settings(shown: object, settings: SpeechSettings) -> bool:
    if not isinstance(shown, dict):
        return True
    for name, given in voice_settings(settings).items():
        value = shown.get(name)
        if isinstance(value, int | float) and not isclose(value, given, abs_tol=0.005):
            return False
    return True


def _found(item: Any, made: int) -> Found:
    before, behind = _whole(item, "character_count_change_from"), _whole(item, "character_count_change_to")
    return Found(
        Receipt(
            request_id=identifier(getattr(item, "request_id", None)),
            history_id=identifier(getattr(item, "history_item_id", None)),
            credits=behind - before if before is not None and behind is not None and behind > before else None,
        ),
        made,
    )


def _whole(item: object, name: str) -> int | None:
    value = getattr(item, name, None)
    return value if isinstance(value, int) else None


def _unix(text: str) -> float:
    """Seconds of a UTC time in ISO 8601; the beginning of time where it is none, so that everything is looked at."""
    with suppress(ValueError):
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    return 0.0
