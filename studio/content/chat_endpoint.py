"""The server behind a writer's address: its connections, its key, its models, and what it does not understand."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from studio.content.chat_errors import AnswerError, parsed, transport_error, unreadable
from studio.domain.errors import SettingError
from studio.domain.purchase import Account, CallError, Trouble
from studio.domain.writing import Prompt

if TYPE_CHECKING:
    import httpx

Key = Callable[[], Awaitable[str]]
"""Gives the API key of now; empty where there is none. Raises `CallError` for one that cannot be used."""

_CONNECTIONS: Final = 200  # more than the slots that can be set
_LARGEST_ERROR: Final = 65_536
_LARGEST_LIST: Final = 4_000_000
_NAMES_NEAR: Final = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".intranet")
_NOT_CHAT: Final = ("embed", "whisper", "rerank", "tts")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `silence_s` is between two parts of an answer, and before the first: a model of this machine reads a long question
    for minutes. `total_s` is for a whole answer, `read_s` for what only reads.
    """

    connect_s: float = 15.0
    silence_s: float = 300.0
    total_s: float = 1800.0
    read_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a model is: `url` up to the version, without a slash at the end; `near` is this machine or its network."""

    url: str
    host: str  # with the port, where one is given
    near: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what stands in the settings. Raises `SettingError`."""
        try:
            parts = urlsplit(text.strip())
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        name = (parts.hostname or "").rstrip(".")
        if parts.scheme not in {"http", "https"} or not name or parts.username is not None or parts.query:
            raise SettingError(
                f"“{text[:120]}” is not the address of a writer's model.",
                "Give it up to the version, such as http://localhost:11434/v1; a key is set in BATCHCAST_WRITER_KEY.",
            )
        path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
        host = f"[{name}]" if ":" in name else name
        host = host if port is None else f"{host}:{port}"
        return cls(f"{parts.scheme}://{host}{path or '/v1'}", host, _is_near(name))

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.url.startswith("https://")


def _is_near(name: str) -> bool:
    """Whether a host is this machine or in its own network, by its name or number alone: nobody is asked."""
    try:
        number = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return "." not in name or name.lower().endswith(_NAMES_NEAR)
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return not number.is_global  # also what lies between: a network of one's own over other people's lines


class Endpoint:
    """One server. Keeps the engine's `Seller` Protocol: asking for its models is free.

    Args:
        address: Where it is.
        key: Gives its API key.
        patience: When to give up.
    """

    def __init__(self, address: Address, key: Key, patience: Patience | None = None) -> None:
        self.address = address
        self.name = f"writer@{address.host}"
        self.patience = patience or Patience()
        self._key = key
        self._pool: httpx.AsyncClient | None = None
        self._keyless = False
        self._building = asyncio.Lock()
        self._first = ""
        self._asking = asyncio.Lock()
        self._unknown: dict[str, frozenset[str]] = {}  # by model: what it was found not to understand

    async def probe(self) -> None:
        """Ask for its models. Raises `CallError` while it cannot be reached, or fails."""
        try:
            await self.models()
        except AnswerError as error:
            if error.status >= 500:
                raise

    async def account(self) -> Account:
        """Nothing is known of it."""
        return Account()

    def slots(self, plan: str) -> Mapping[str, int]:
        """How many requests it takes at once is not known before it says so."""
        return {}

    async def models(self) -> list[str]:
        """The models that it names, all kinds of them. Asking is free. Raises `CallError`."""
        key = await self._own_key()
        self._check_way(key)
        pool = await self._client()
        import httpx

        try:
            async with asyncio.timeout(self.patience.read_s):
                async with pool.stream("GET", f"{self.address.url}/models", headers=_headers(key)) as response:
                    if response.status_code != 200:
                        raise await self._refusal(response, key)
                    return _listed(parsed(await _start(response, _LARGEST_LIST)))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failure = transport_error(error, self.address.host, key)
        except ValueError:
            failure = unreadable(self.address.host)
        raise failure

    async def first_model(self) -> str:
        """The first chat model that it names, asked for once. Raises `CallError` where it names none."""
        async with self._asking:
            if not self._first:
                listed = await self.models()
                fit = [name for name in listed if not any(part in name.lower() for part in _NOT_CHAT)]
                if not fit:
                    raise CallError(
                        Trouble.REFUSED,
                        f"The server at {self.address.host} names no chat model.",
                        "Load one there, or name it under “Model of the writer” in the settings.",
                    )
                self._first = fit[0]
        return self._first

    def body(self, model: str, prompt: Prompt) -> dict[str, Any]:
        """What is sent for a question, without what the server was found not to understand."""
        unknown = self._unknown.get(model, frozenset())
        limit = "max_completion_tokens" if "max_tokens" in unknown else "max_tokens"
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": str(role), "content": text} for role, text in prompt.messages],
            "stream": True,
            limit: prompt.most_tokens,
            "temperature": prompt.temperature,
            "seed": prompt.seed,
            "stream_options": {"include_usage": True},
        }
        if prompt.as_json:
            body["response_format"] = {"type": "json_object"}
        return {name: value for name, value in body.items() if name not in unknown or name == limit}

    def learn(self, model: str, error: AnswerError, sent: Mapping[str, Any]) -> None:
        """Leave out next time what a refusal blames; where it blames nothing, what fewest servers know."""
        if error.status not in {400, 422}:
            return
        if error.wants_completion_tokens and "max_tokens" in sent:
            blamed = "max_tokens"
        elif error.blamed in {"max_tokens", "max_completion_tokens"}:
            return  # an answer without a bound is never asked for
        else:
            blamed = error.blamed or ("stream_options" if error.vague else "")
        if blamed in sent:
            self._unknown[model] = self._unknown.get(model, frozenset()) | {blamed}

    @asynccontextmanager
    async def posted(self, path: str, body: Mapping[str, Any]) -> "AsyncIterator[tuple[httpx.Response, str]]":
        """A request, and the answer as it begins; with the key, in case that somebody repeats it to us.

        Raises `CallError`: before anything leaves where there is no way, and for an answer that is an error. What
        happens inside the `with` block is for whoever reads on.
        """
        key = await self._own_key()
        self._check_way(key)
        pool = await self._client()
        async with pool.stream("POST", f"{self.address.url}{path}", json=dict(body), headers=_headers(key)) as response:
            if response.status_code != 200:
                raise await self._refusal(response, key)
            yield response, key

    async def close(self) -> None:
        """End every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def _own_key(self) -> str:
        """The key, empty where there is none. A model of one's own needs none: a locked keyring is not in its way."""
        if self._keyless:
            return ""
        try:
            return await self._key()
        except CallError:
            if not self.address.near:
                raise
            self._keyless = True
            return ""

    async def _refusal(self, response: "httpx.Response", key: str) -> AnswerError:
        body = parsed(await _start(response, _LARGEST_ERROR))
        return AnswerError(self.address.host, response.status_code, body, response.headers, key)

    def _check_way(self, key: str) -> None:
        if key and not self.address.encrypted and not self.address.near:
            raise CallError(
                Trouble.REFUSED,
                f"The API key is not sent to {self.address.host} without encryption.",
                "Give the writer's address with https://.",
            )

    async def _client(self) -> "httpx.AsyncClient":
        if self._pool is None:
            async with self._building:
                if self._pool is None:
                    self._pool = await asyncio.to_thread(self._build)
        return self._pool

    def _build(self) -> "httpx.AsyncClient":
        import httpx

        encrypted, patience = self.address.encrypted, self.patience
        return httpx.AsyncClient(
            # To read the machine's certificates takes longer than a connection on this machine.
            verify=httpx.create_ssl_context() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(patience.silence_s, connect=patience.connect_s),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            follow_redirects=False,  # the key goes to one host only
            trust_env=encrypted and not self.address.near,  # a proxy carries what is encrypted, and nothing of here
        )


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


async def _start(response: "httpx.Response", most: int) -> bytes:
    """The beginning of a body, as much of it as we care for."""
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) >= most:
            break
    return bytes(data[:most])


def _listed(document: object) -> list[str]:
    """The names in a list of models, in any of the shapes that occur. Raises `ValueError` where it is none."""
    if isinstance(document, dict):
        document = document.get("data", document.get("models"))
    if not isinstance(document, list):
        raise ValueError("no list of models")  # noqa: TRY004  (an answer that cannot be read)
    found = [each if isinstance(each, str) else _name(each) for each in document]
    return [name for name in found if name]


def _name(each: object) -> str:
    if not isinstance(each, dict):
        return ""
    return next((name for key in ("id", "name", "model") if isinstance(name := each.get(key), str) and name), "")
