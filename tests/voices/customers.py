"""What the tests of a vendor's voice share: a price book, a text in utterances, and a voice at a local server."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from studio.compute.local_pool import LocalPool
from studio.domain.prices import PriceBook
from studio.domain.purchase import Delivery, Found
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms, plan_speech
from studio.domain.spoken import SpokenForm, Utterance
from studio.domain.voice import SpeechSettings
from studio.engine.trade import Voice
from studio.voices.elevenlabs_client import Patience
from studio.voices.keys import KeyStore
from studio.voices.registry import Registry
from tests.fakes.customer import VOICE
from tests.fakes.elevenlabs_server import KEY, Server
from tests.fakes.wire import Host, Message, Receive, Send

ROOT = Path(__file__).parent.parent.parent
BOOK = PriceBook.parse((ROOT / "resources" / "prices.toml").read_text("utf-8"))
SENTENCES = (
    "The tide comes in twice a day.",
    "Nobody asked it to, and nobody can stop it.",
    "It is simply on time.",
)
MULTILINGUAL = "eleven_multilingual_v2"


def utterances(*texts: str, pause_s: float = 0.3) -> tuple[Utterance, ...]:
    made, place = [], 0
    for text in texts:
        made.append(Utterance(text, place, place + len(text), (), pause_s))
        place += len(text) + 10
    return tuple(made)


@dataclass
class Customer:
    """One voice with its settings, as the engine would use it."""

    registry: Registry
    settings: Settings
    folder: Path
    told: list[float] = field(default_factory=list)

    @property
    def voice(self) -> Voice:
        return self.registry.voice(self.settings)

    @property
    def out(self) -> Path:
        return self.folder / "body"

    @property
    def speech(self) -> SpeechSettings:
        return self.settings.speech(self.voice.model)

    async def terms(self) -> Terms:
        return await self.voice.terms(self.settings)

    async def chunk(self, *texts: str, pause_s: float = 0.3, **changes: Any) -> Chunk:
        spoken = SpokenForm("t", utterances(*(texts or SENTENCES), pause_s=pause_s), ())
        (chunk,) = plan_speech(spoken, self.speech, await self.terms())
        return replace(chunk, **changes)

    async def say(self, *texts: str, after: Sequence[str] = (), take: int = 1) -> Delivery:
        """Have it spoken into `out`."""
        terms = await self.terms()
        how = self.settings.speech(self.voice.model, take)
        return await self.voice.speak(await self.chunk(*texts), how, terms, self.out, self.told.append, after=after)

    async def look(
        self, *texts: str, since: str = "2020-01-01T00:00:00Z", claimed: frozenset[str] = frozenset()
    ) -> Found | None:
        """Look it up in the history."""
        return await self.voice.find(await self.chunk(*texts), self.speech, await self.terms(), since, claimed)


@asynccontextmanager
async def customer_at(
    base_url: str, folder: Path, key: str = KEY, patience: Patience | None = None, **settings: Any
) -> AsyncIterator[Customer]:
    """A customer of any server."""
    compute = LocalPool(1)  # not used: nothing is started
    registry = Registry(compute, BOOK, KeyStore({"ELEVENLABS_API_KEY": key}), base_url, patience)
    chosen = Settings().with_values({"voice": f"elevenlabs:{VOICE}", **settings})
    try:
        yield Customer(registry, chosen, folder)
    finally:
        await registry.close()


@dataclass(frozen=True)
class Request:
    """One request as it came in. Header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What a scripted server says."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Scripted:
    """An ASGI app that answers by a function, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.asked: list[Request] = []
        self.base_url = ""
        self._answer = answer

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode()))
        request = Request(scope["method"], scope["path"], query, headers, bytes(body))
        self.asked.append(request)
        answer = self._answer(request)
        sent = {"content-length": str(len(answer.body)), **answer.headers}
        pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
        await send({"type": "http.response.body", "body": answer.body})


@asynccontextmanager
async def scripted(answer: Callable[[Request], Answer]) -> AsyncIterator[Scripted]:
    """A server that says what a test wants it to say."""
    app = Scripted(answer)
    host = Host(app)
    await host.start()
    app.base_url = f"http://{host.host}:{host.port}"
    try:
        yield app
    finally:
        await host.stop()
    assert not host.problems, host.problems[0]


@asynccontextmanager
async def customer_of(server: Server, folder: Path, **more: Any) -> AsyncIterator[Customer]:
    """A customer of the faithful server, with its key unless another is given."""
    async with customer_at(server.base_url, folder, **{"key": server.key, **more}) as customer:
        yield customer
