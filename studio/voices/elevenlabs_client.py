"""The connection to ElevenLabs: the official SDK on a pool of our own, built when it is first used."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from studio.domain.purchase import CallError, Receipt
from studio.domain.voice import ELEVENLABS
from studio.voices.elevenlabs_errors import call_error, clean, vendor_errors, wrong_address
from studio.voices.keys import KeyStore

if TYPE_CHECKING:
    import httpx
    from elevenlabs.client import AsyncElevenLabs
    from elevenlabs.core.request_options import RequestOptions

T = TypeVar("T")

BLOCK: Final = 65_536  # bytes that are read at a time
_CONNECTIONS: Final = 200  # more than the slots that can be set, so that reading never waits for a body to end


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `silence_s` is between two blocks of a body, the others are totals: `read_s` for what only reads, `speech_s` and
    `speech_s_per_character` for sound. These are generous, since a call that is given up may have been charged: 45
    minutes for 40,000 characters, which the slowest model speaks in under 15.
    """

    connect_s: float = 15.0
    silence_s: float = 180.0
    read_s: float = 60.0
    speech_s: float = 300.0
    speech_s_per_character: float = 0.06

    def speech(self, characters: int) -> float:
        """The total for one call for sound."""
        return self.speech_s + characters * self.speech_s_per_character


class ElevenLabsClient:
    """The SDK, and what every call of it needs. One for all voices of a run.

    Args:
        keys: Where the key is; a new one is used from the next call on.
        base_url: Another server than ElevenLabs' own, or None.
        patience: When to give up.
    """

    def __init__(self, keys: KeyStore, base_url: str | None = None, patience: Patience | None = None) -> None:
        self.keys = keys
        self.patience = patience or Patience()
        self._base_url = base_url
        self._building = asyncio.Lock()
        self._pool: httpx.AsyncClient | None = None
        self._sdk: AsyncElevenLabs | None = None
        self._key = ""

    async def sdk(self) -> "AsyncElevenLabs":
        """The SDK with the key of now. Raises `CallError` where there is no key."""
        key = await self.keys.key(ELEVENLABS)
        if self._sdk is None or key != self._key:
            async with self._building:  # one build for all that come meanwhile
                if self._sdk is None or key != self._key:
                    # The first time it takes over a second: imports, and the certificates of this machine.
                    # No argument: a loop that is told to log everything would log it.
                    self._sdk, self._key = await asyncio.to_thread(lambda: self._build(key)), key
        return self._sdk

    def options(self, silence_s: float | None = None) -> "RequestOptions":
        """For every call: no retries behind our back, and our own timeouts."""
        import httpx

        timeout = httpx.Timeout(silence_s or self.patience.silence_s, connect=self.patience.connect_s)
        # The SDK hands the timeout to httpx as it is; as a plain number it would be the one for connecting as well.
        options = {"max_retries": 0, "chunk_size": BLOCK, "timeout_in_seconds": timeout}
        return cast("RequestOptions", options)

    async def read(self, ask: "Callable[[AsyncElevenLabs, RequestOptions], Awaitable[T]]") -> T:
        """The answer to a question that costs nothing. Raises `CallError`."""
        sdk = await self.sdk()
        try:
            async with asyncio.timeout(self.patience.read_s):
                return await ask(sdk, self.options(self.patience.read_s))
        except vendor_errors(TypeError) as error:  # the SDK's own, for JSON of another shape than it expects
            failure = self.failure(error)
        raise failure

    def failure(self, error: Exception, receipt: Receipt | None = None) -> CallError:
        """One of `vendor_errors` as ours; to be raised outside of the `except` block."""
        return call_error(error, self._key, receipt)

    def clean(self, text: str) -> str:
        """A vendor's words as they may be shown."""
        return clean(text, self._key)

    async def stranger(self) -> "httpx.AsyncClient":
        """A client for other hosts: it has no key, and follows redirects. Whoever asks closes it."""
        import httpx

        tls = await asyncio.to_thread(httpx.create_ssl_context)
        timeout = httpx.Timeout(self.patience.read_s, connect=self.patience.connect_s)
        return httpx.AsyncClient(verify=tls, timeout=timeout, follow_redirects=True, max_redirects=5)

    async def close(self) -> None:
        """End every connection."""
        pool, self._pool, self._sdk = self._pool, None, None
        if pool is not None:
            await pool.aclose()

    def _build(self, key: str) -> "AsyncElevenLabs":
        scheme = _scheme(self._base_url) if self._base_url else "https"
        import httpx
        from elevenlabs.client import AsyncElevenLabs

        if self._pool is None:
            encrypted = scheme == "https"
            self._pool = httpx.AsyncClient(
                # To read the machine's certificates takes longer than a connection on this machine.
                verify=httpx.create_ssl_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
                follow_redirects=False,  # the key goes to one host only
                trust_env=encrypted,  # a proxy carries what is encrypted; it is not shown a key in plain text
            )
        # Without `api_key` the SDK takes what was in the environment when it was imported.
        more: dict[str, Any] = {"base_url": self._base_url} if self._base_url else {}
        return AsyncElevenLabs(api_key=key, timeout=None, httpx_client=self._pool, **more)


def _scheme(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong_address()
    return parts.scheme
