"""A customer of the local server: the official SDK, and plain HTTP where the SDK would hide what happened."""

import asyncio
import io
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

import av
import httpx
import numpy as np
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.core import ApiError, RequestOptions

from tests.fakes.elevenlabs_server import Server

VOICE = "21m00Tcm4TlvDq8ikWAM"
FLASH = "eleven_flash_v2_5"
TEXT = "The tide comes in twice a day. Nobody asked it to, and nobody can stop it; it is simply on time."
ONCE: RequestOptions = {"max_retries": 0, "chunk_size": 65_536}


def _plain() -> ssl.SSLContext:
    """Nothing here is encrypted: not to load the machine's certificates makes a client cheap."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@asynccontextmanager
async def sdk(server: Server, key: str | None = None, timeout_s: float = 20.0) -> AsyncIterator[AsyncElevenLabs]:
    """The SDK on a pool of its own."""
    async with httpx.AsyncClient(timeout=timeout_s, verify=_plain(), limits=httpx.Limits(max_connections=100)) as http:
        yield AsyncElevenLabs(base_url=server.base_url, api_key=key or server.key, httpx_client=http)


async def converted(client: AsyncElevenLabs, text: str = TEXT, model: str = FLASH, **more: Any) -> bytes:
    """All bytes of `text_to_speech.convert`."""
    stream = client.text_to_speech.convert(VOICE, text=text, model_id=model, request_options=ONCE, **more)
    return await gathered(stream)


async def gathered(stream: AsyncIterator[bytes]) -> bytes:
    """All of an SDK's stream, closed at the end."""
    async with aclosing(cast(AsyncGenerator[bytes], stream)) as parts:
        return b"".join([part async for part in parts])


async def post(server: Server, path: str = "", text: str = TEXT, model: str = FLASH) -> httpx.Response:
    """One request for speech over a connection of its own; the whole answer. Raises what httpx raises."""
    async with httpx.AsyncClient(timeout=20.0, verify=_plain()) as http:
        return await http.post(
            f"{server.base_url}/v1/text-to-speech/{VOICE}{path}",
            headers={"xi-api-key": server.key},
            json={"text": text, "model_id": model},
        )


async def idle(server: Server, in_flight: int = 0) -> None:
    """Wait until so many requests are in work."""
    while server.in_flight != in_flight:  # noqa: ASYNC110 - another thread's number
        await asyncio.sleep(0.005)


async def abandoned(server: Server, outcome: str = "in work", text: str = TEXT) -> None:
    """Ask, and leave as soon as the server has come so far with it; then wait until it is done."""
    task = asyncio.create_task(post(server, text=text))
    before = len(server.ledger.asked)
    while server.outcomes()[before:] != [outcome] or not server.in_flight:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await idle(server)


def code_of(error: ApiError) -> str:
    """What an error body calls itself."""
    detail = error.body["detail"]
    return str(detail.get("code") or detail["status"])


def decoded(data: bytes) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], int]:
    """Samples between -1 and 1 of the first channel, and their rate."""
    with av.open(io.BytesIO(data), "r") as container:
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        rate_hz = container.streams.audio[0].rate
    samples = np.concatenate(parts)
    return samples / (32_768 if samples.dtype == np.int16 else 1), rate_hz


def seconds_of(data: bytes) -> float:
    """How long a file sounds, every frame decoded."""
    samples, rate_hz = decoded(data)
    return len(samples) / rate_hz
